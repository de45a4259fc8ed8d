"""Questions of every kind and flashcards in both exports: hidden answers, without and with a script."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from kcreate.core import load_course
from kcreate.core.export.export import export_course

LESSON = """\
---
id: q
title: 各种题型
---

正文。[^1]

## 检查你的理解

1. 判断正误：绿茶几乎不氧化。
   - [x] 正确
   - [ ] 错误

2. 填入缺少的术语：“＿＿＿是摊开失水的工序，＿＿＿制止氧化。”

   **答案：** 萎凋；杀青 | 炒青

   > 见工序一节。[^1]

3. Which command puts a change into the staging area?

   **Answer:** `git add` | `git stage`

4. 填入缺少的数字：“绿茶宜用 ＿＿＿ ℃ 的水。”

   **答案：** 1,080 (± 5)

5. 把绿茶的加工按先后顺序排列。
   - A. 干燥
   - B. 采摘
   - C. 杀青

   **答案：** B, C, A

[^1]: [a.md，第 2 行](../notes/a.md#L2)
"""
CARDS = """\
# 记忆卡片

- **什么是萎凋？**

  把鲜叶摊开的工序。[^1]

[^1]: [a.md，第 2 行](notes/a.md#L2)
"""


@pytest.fixture
def out(tmp_path: Path) -> Path:
    course = tmp_path / "course"
    for name, text in {
        "course.yaml": "title: 茶\nlanguage: zh\nmodules:\n  - lessons: [q]\n",
        "lessons/01-q.md": LESSON,
        "flashcards.md": CARDS,
        "notes/a.md": "# A\n茶。\n",
    }.items():
        (course / name).parent.mkdir(parents=True, exist_ok=True)
        (course / name).write_text(text, encoding="utf-8")
    export_course(course, ["html", "markdown"], tmp_path / "out")
    return tmp_path / "out"


def page(out: Path) -> str:
    return (out / "html" / "lessons" / "01-q.html").read_text(encoding="utf-8")


def test_answers_are_out_of_sight_until_they_are_opened(out: Path) -> None:
    text = page(out)
    closed = re.findall(r'<details class="answer">.*?</details>', text, re.DOTALL)
    assert len(closed) == 5
    for answer, said in zip(
        ("正确", "萎凋；杀青 或 炒青", "git add 或 git stage", "1,080（± 5）", "B、C、A"), closed, strict=True
    ):
        assert answer in said
    seen = re.sub(r"<[^>]*>", "", re.sub(r"<details.*?</details>", "", text, flags=re.DOTALL))
    assert "杀青 或" not in seen and "git add" not in seen and "1,080" not in seen and "B、C、A" not in seen


def test_what_is_typed_has_a_labelled_field_for_every_gap(out: Path) -> None:
    text = page(out)
    fields = re.findall(r'<input type="text" id="(k-q\d-\d)"', text)
    assert fields == ["k-q2-1", "k-q2-2", "k-q3-1", "k-q4-1"]
    assert all(f'<label for="{name}">' in text for name in fields)
    assert text.count('inputmode="decimal"') == 1 and text.count('<li data-letter="') == 3


def test_flashcards_are_pages_of_both_exports(out: Path) -> None:
    cards = (out / "html" / "flashcards.html").read_text(encoding="utf-8")
    assert re.search(
        r'<details class="card"><summary><strong>什么是萎凋？</strong></summary>\s*<div><p>把鲜叶摊开的工序。', cards
    )
    assert 'href="flashcards.html"' in (out / "html" / "index.html").read_text(encoding="utf-8")
    bundle = load_course_text(out)
    assert bundle == CARDS and "[记忆卡片](flashcards.md)" in (out / "markdown" / "README.md").read_text(
        encoding="utf-8"
    )


def load_course_text(out: Path) -> str:
    return (out / "markdown" / "flashcards.md").read_text(encoding="utf-8")


def test_a_course_folder_has_its_flashcards(out: Path) -> None:
    assert load_course(out.parent / "course").flashcards == CARDS


ACTIONS = """<script>addEventListener("load", () => {
  const items = [...document.querySelectorAll(".item")];
  const type = (place, ...texts) => items[place].querySelectorAll(".gap input").forEach((field, at) => { field.value = texts[at]; });
  const check = () => items.map((item) => { item.querySelector("button.check").click(); return item.querySelector(".verdict").textContent; });
  const before = check();
  items.forEach((item) => { if (item.querySelector(".right, .wrong")) item.querySelector("button.check").click(); });
  items[0].querySelector("input").click();
  type(1, " 萎 凋。", "炒"); type(2, "git  stage"); type(3, "１０８４ ℃");
  const down = () => items[4].querySelector(".steps li").querySelector(".down");
  const first = items[4].querySelector('[data-letter="A"] .down');
  first.click(); first.click();
  document.title = [...before, "after", ...check()].join("|");
});</script>"""


@pytest.mark.skipif(shutil.which("chromium") is None, reason="needs Chromium")
def test_a_browser_checks_every_kind(out: Path, tmp_path: Path) -> None:
    text = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", page(out)).replace(
        "</body>", f"{ACTIONS}</body>"
    )
    acted = out / "html" / "lessons" / "acted.html"
    acted.write_text(text, encoding="utf-8")
    options = "--headless --no-sandbox --disable-gpu --no-first-run --disable-background-networking --disable-component-update --disable-sync"
    done = subprocess.run(
        ["chromium", *options.split(), f"--user-data-dir={tmp_path / 'profile'}", "--virtual-time-budget=2000", "--dump-dom", acted.as_uri()],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    title = re.search(r"<title>(.*?)</title>", done.stdout)
    assert title is not None
    before, after = title[1].split("|after|")
    assert before.split("|")[:4] == ["请先选择答案。", *["请先输入答案。"] * 3]
    assert after.split("|") == [
        "回答正确。",
        "2 个空中填对了 1 个。可接受的答案：萎凋；杀青 或 炒青。",
        "回答正确。",
        "回答正确。",
        "回答正确。",
    ]
