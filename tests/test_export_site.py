"""The site: every link leads somewhere, nothing comes from outside, and what notes say stays inert."""

import re
import shutil
import subprocess
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit
from xml.etree import ElementTree

import pytest
from sample_course import chinese_course, english_course, write_files

from kcreate.core.course.folder import load_course
from kcreate.core.export.export import export_course
from kcreate.core.export.static_site import html_language

VOID = {"meta", "link", "img", "input", "br", "hr"}


@dataclass
class Seen(HTMLParser):
    """What a test wants to know of a page."""

    ids: list[str] = field(default_factory=list)
    links: list[dict[str, str]] = field(default_factory=list)
    resources: list[str] = field(default_factory=list)
    scripts: list[str | None] = field(default_factory=list)
    tags: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    open: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        self.tags.append((tag, values))
        if tag not in VOID:
            self.open.append(tag)
        self.ids += [values["id"]] if "id" in values else []
        if tag == "a":
            self.links.append(values)
        if tag == "script":
            self.scripts.append(values.get("src"))
        self.resources += [values[name] for name in ("src",) if name in values]
        self.resources += [values["href"]] if tag == "link" else []
        assert not any(name.startswith("on") for name in values), values

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in VOID or tag == "mspace":  # XML's short form is for empty elements of MathML
            self.tags.append((tag, dict(attrs)))
        else:
            raise AssertionError(f"<{tag}/> is not closed in HTML")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def see(path: Path) -> Seen:
    seen = Seen()
    seen.feed(path.read_text(encoding="utf-8"))
    assert seen.open == [], path
    return seen


@pytest.fixture(scope="module")
def sites(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    base = tmp_path_factory.mktemp("sites")
    for language, build in (("en", english_course), ("zh", chinese_course)):
        export_course(build(base / language), ["html"], base / f"out-{language}")
    return {language: base / f"out-{language}" / "html" for language in ("en", "zh")}


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_link_and_resource_leads_somewhere(sites: dict[str, Path], language: str) -> None:
    pages = {path.resolve(): see(path) for path in sites[language].rglob("*.html")}
    followed = 0
    for path, seen in pages.items():
        assert len(seen.ids) == len(set(seen.ids)), path
        for address in [link["href"] for link in seen.links] + seen.resources:
            parts = urlsplit(address)
            if parts.scheme in ("https", "http"):
                continue
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            assert target.is_file(), f"{path}: {address}"
            if parts.fragment:
                assert unquote(parts.fragment) in pages[target].ids, f"{path}: {address}"
            followed += 1
    assert followed > 40


@pytest.mark.parametrize("language", ["en", "zh"])
def test_nothing_is_loaded_from_outside_and_no_script_but_ours_runs(sites: dict[str, Path], language: str) -> None:
    for path in sites[language].rglob("*.html"):
        seen = see(path)
        assert not [one for one in seen.resources if re.match(r"[a-z]+:|//", one)], path
        assert [script.rpartition("/")[2] for script in seen.scripts if script is not None] == ["site.js"]
        assert len(seen.scripts) == 1
        policy = next(values["content"] for tag, values in seen.tags if values.get("http-equiv"))
        assert policy.startswith("default-src 'none'") and "unsafe-inline" not in policy.partition("script-src")[2]
        for link in seen.links:
            if link["href"].startswith("http"):
                assert link["rel"] == "noopener noreferrer"
    for shipped in ("site.css", "site.js"):
        assert not re.search(r"https?:|url\(|@import", (sites[language] / shipped).read_text(encoding="utf-8"))


def test_a_script_in_a_note_is_text(sites: dict[str, Path]) -> None:
    for page in ("notes/01-air.html", "lessons/01-pressure.html"):
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in (sites["en"] / page).read_text(encoding="utf-8")


def test_only_cited_notes_leave_home(sites: dict[str, Path]) -> None:
    assert sorted(path.name for path in (sites["en"] / "notes").iterdir()) == [
        "01-air.html", "02-wind.html", "03-data.html", "img",
    ]  # fmt: skip
    everything = b"".join(path.read_bytes() for path in sites["en"].rglob("*") if path.is_file())
    assert b"Nobody cites this diary" not in everything and b"secret" not in everything


def test_citations_share_numbers_and_show_their_passage(sites: dict[str, Path]) -> None:
    text = (sites["en"] / "lessons/01-pressure.html").read_text(encoding="utf-8")
    references = re.findall(r'<a id="(k-ref-[\d-]+)" href="([^"]+)" data-source="([^"]+)"', text)
    assert references == [
        ("k-ref-1-1", "../notes/01-air.html#L5-L6", "k-source-1"),
        ("k-ref-2-1", "../notes/01-air.html#L8", "k-source-2"),
        ("k-ref-1-2", "../notes/01-air.html#L5-L6", "k-source-1"),
        ("k-ref-3-1", "#k-source-3", "k-source-3"),
        ("k-ref-1-3", "../notes/01-air.html#L5-L6", "k-source-1"),
        ("k-ref-2-2", "../notes/01-air.html#L8", "k-source-2"),
    ]
    first = text.partition('<li id="k-source-1">')[2].partition("</li>")[0]
    assert "and a barometer weighs it." in first and "sea level" not in first
    assert 'a tube of <em class="latin">mercury</em>' in text.partition('<li id="k-source-3">')[2]


def test_a_note_marks_the_cited_lines_and_leads_back(sites: dict[str, Path]) -> None:
    text = (sites["en"] / "notes/02-wind.html").read_text(encoding="utf-8")
    assert re.search(r'data-first="5" data-last="5"><span class="at" id="L5-L9"><a class="back" href="([^"]+)"', text)
    assert 'href="../lessons/02-moving-air.html#k-ref-1-1"' in text
    data = (sites["en"] / "notes/03-data.html").read_text(encoding="utf-8")
    row = data.partition('<span class="at" id="L7-L8">')
    assert row[0].endswith("<td>") and row[2].partition("</td>")[0].endswith("SKC")
    assert '<span class="at" id="L12-L13">' in data
    lesson = (sites["en"] / "lessons/03-reading-data.html").read_text(encoding="utf-8")
    table = lesson.partition('<li id="k-source-2">')[2].partition("</li>")[0]
    assert "SKC" in table and "OVC" in table and "meaning" in table
    code = lesson.partition('<li id="k-source-3">')[2].partition("</li>")[0]
    assert "wind" in code and "print" in code and "import" not in code


def test_the_quiz_of_a_page_is_the_quiz_of_the_lesson(sites: dict[str, Path], tmp_path: Path) -> None:
    for language, build in (("en", english_course), ("zh", chinese_course)):
        for lesson in load_course(build(tmp_path / language)).lessons:
            text = (sites[language] / "lessons" / lesson.file).with_suffix(".html").read_text(encoding="utf-8")
            keys = re.findall(r'data-key="([^"]*)"', text)
            wanted = [
                ", ".join("ABCDEFG"[place] for place, option in enumerate(item.options) if option.correct)
                for item in lesson.items
            ]
            assert keys == wanted
            kinds = re.findall(r'<input type="(radio|checkbox)" name="(k-q\d+)"', text)
            for number, item in enumerate(lesson.items, 1):
                mine = [kind for kind, name in kinds if name == f"k-q{number}"]
                assert mine == ["checkbox" if item.multiple else "radio"] * len(item.options)


def test_what_is_no_question_in_a_quiz_is_still_there(sites: dict[str, Path]) -> None:
    text = (sites["en"] / "lessons/04-verifying.html").read_text(encoding="utf-8")
    assert "not an option, just a list" in text and "Tick every season." in text
    assert text.index('class="quiz"') < text.index("Further reading") < text.index('class="turn"')
    assert "Brier\nscore" in text and text.count('class="item"') == 2


def test_formulas_are_mathml_and_unknown_ones_legible(sites: dict[str, Path]) -> None:
    text = (sites["en"] / "lessons/01-pressure.html").read_text(encoding="utf-8")
    formulas = re.findall(r"<math.*?</math>", text, re.DOTALL)
    assert len(formulas) >= 8
    for one in formulas:
        ElementTree.fromstring(one)
    assert r'<span class="keep"><code class="tex">\foo{x}</code>.</span> It costs' in text and "$5 to $10" in text


def test_odd_but_legal_markdown_survives(sites: dict[str, Path]) -> None:
    moving = (sites["en"] / "lessons/02-moving-air.html").read_text(encoding="utf-8")
    assert '<figure class="diagram"><pre class="code scrolls" data-language="mermaid">' in moving
    assert 'src="https' not in moving and '<a class="outside-image" href="https://example.org/cloud.png"' in moving
    assert "in a file that was lost" in re.sub(r"\s+", " ", moving) and "lost.pdf" not in moving
    assert '<input type="checkbox" disabled checked aria-label="done">' in moving
    assert 'Written <em class="latin">inline</em>.' in moving and "&lt;b onclick=" in moving
    pressure = (sites["en"] / "lessons/01-pressure.html").read_text(encoding="utf-8")
    assert '<div class="table scrolls"><table>' in pressure and '<mark class="needs-source">' in pressure
    assert pressure.count("<h1>") == 1 and "Pressure and wind</h2>" not in pressure
    assert '<blockquote class="alert tip">' in pressure and "<figcaption>A low over" in pressure
    data = (sites["en"] / "lessons/03-reading-data.html").read_text(encoding="utf-8")
    assert "&lt;!-- comment --&gt;" in data and "© &amp; done" in data and 'id="setext-heading"' in data


def test_chinese_pages_speak_chinese(sites: dict[str, Path]) -> None:
    text = (sites["zh"] / "lessons/01-六大茶类.html").read_text(encoding="utf-8")
    assert '<html lang="zh-Hans">' in text and "检查答案" in text and "检查你的理解" in text
    assert "<strong>完全氧化</strong>；乌龙茶" in text  # a line's end between Chinese characters is no space
    assert "<em>做法</em>" in text
    assert "需要出处</mark>" in text and "01-茶.md，第 3–5 行" in text
    assert "正确答案是 A、B。" in text


def test_the_language_tag_says_which_characters() -> None:
    tags = [html_language(one) for one in ("zh", "zh-CN", "zh-TW", "zh-Hant", "en", "en-GB")]
    assert tags == ["zh-Hans", "zh-Hans", "zh-Hant", "zh-Hant", "en", "en-GB"]


def test_a_link_out_of_the_course_folder_takes_nothing_along(tmp_path: Path) -> None:
    write_files(tmp_path, {"secret.png": "secret"})
    course = write_files(
        tmp_path / "course",
        {
            "course.yaml": "title: T\nlanguage: en\nmodules: [{lessons: [a]}]\n",
            "lessons/a.md": "---\nid: a\n---\n![s](../../secret.png) ![j](../.kcreate/j.png) ![l](../assets/l.png) "
            "[y](../course.yaml) [x](javascript:alert(1))\n",
            ".kcreate/j.png": "secret",
        },
    )
    (course / "assets").mkdir()
    (course / "assets/l.png").symlink_to(tmp_path / "secret.png")
    events: list[str] = []
    export_course(course, ["html", "markdown"], tmp_path / "out", lambda event: events.append(event.message))
    assert sum("leads to no file" in message for message in events) == 4
    files = [path for path in (tmp_path / "out").rglob("*") if path.is_file()]
    assert not [path for path in files if path.read_bytes() == b"secret" or path.name == "course.yaml"]
    assert 'href="javascript' not in (tmp_path / "out/html/lessons/a.html").read_text(encoding="utf-8")


@pytest.mark.skipif(shutil.which("chromium") is None, reason="needs Chromium")
def test_a_browser_shows_the_page_with_styles_and_script(sites: dict[str, Path], tmp_path: Path) -> None:
    page = sites["en"] / "lessons/01-pressure.html"
    options = "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
    command = ["chromium", *options.split(), "--disable-component-update", "--disable-sync"]
    command += [f"--user-data-dir={tmp_path}", "--dump-dom", page.as_uri()]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    assert 'class="with-script"' in done.stdout and 'aria-label="Check question 1"' in done.stdout
    assert "Content Security Policy" not in done.stderr


def test_an_address_no_file_could_have_is_a_broken_link(tmp_path: Path) -> None:
    course = chinese_course(tmp_path / "tea")
    lesson = next((course / "lessons").glob("*.md"))
    lesson.write_text(f"{lesson.read_text(encoding='utf-8')}\n[x]({'long' * 200}.md)\n", encoding="utf-8")
    events: list[str] = []
    export_course(course, ["html"], tmp_path / "dist", lambda event: events.append(event.message))
    assert any("longlong" in message and "leads to no file" in message for message in events)
