"""Bad input while drafting: one clear sentence each, nothing lost, and the same call goes on."""

import errno
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from killing import files, write_notes
from loopback import Reply, loopback, says
from test_drafting import ScriptedModel, draft

from kcreate.core import draft_course, load_course
from kcreate.core.errors import InputError, KcreateError


def test_a_full_disk_in_the_middle_costs_nothing_and_the_run_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    notes, out = write_notes(tmp_path / "notes"), tmp_path / "course"
    draft(notes, tmp_path / "whole")
    sync = os.fsync
    for room in (1, 4, 3, 2):
        left = [room]

        def full(handle: int, left: list[int] = left) -> None:
            left[0] -= 1
            if left[0] < 0:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            sync(handle)

        monkeypatch.setattr(os, "fsync", full)
        with pytest.raises(KcreateError, match=r"cannot be written \(No space left on device\); free some space"):
            draft(notes, out)
        monkeypatch.setattr(os, "fsync", sync)
    draft(notes, out)
    assert files(out) == files(tmp_path / "whole")


@pytest.mark.parametrize("answer", ["", "%%%%", "这是一个完全不同的句子，与笔记没有关系。", "Buy now! " * 50, "[[[{]}"])
def test_what_a_model_says_beside_the_point_never_reaches_a_lesson(tmp_path: Path, answer: str) -> None:
    events: list[Any] = []
    draft(write_notes(tmp_path / "notes"), tmp_path / "course", lambda prompt: answer, progress=events.append)
    assert ["in the notes' own words" in one.message for one in events if one.stage == "testing the model"].count(
        True
    ) == 1
    bodies = "".join(lesson.body for lesson in load_course(tmp_path / "course").lessons)
    assert "water" in bodies and (not answer or answer.strip() not in bodies)


def test_a_model_that_fails_half_way_leaves_what_was_finished(tmp_path: Path) -> None:
    class Failing(ScriptedModel):
        calls = 0

        def score(self, prompt: str, texts: Any) -> Any:
            self.calls += 1
            if self.calls > 4:
                raise KcreateError("The model failed; start it again.")
            return super().score(prompt, texts)

    notes, out = write_notes(tmp_path / "notes"), tmp_path / "course"
    with pytest.raises(KcreateError, match="The model failed"):
        draft_course(notes, out, model=Failing())
    draft(notes, out)
    draft(notes, tmp_path / "whole")
    assert files(out) == files(tmp_path / "whole")


def test_an_endpoint_that_fails_half_way_is_one_sentence_and_the_run_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    notes, out = write_notes(tmp_path / "notes"), tmp_path / "course"
    failing = [True]

    def reply(request: Any) -> Reply:
        return Reply({"error": {"message": "out of order"}}, 400) if failing[0] else says("Nothing.")

    with loopback(reply) as server:
        with pytest.raises(KcreateError) as caught:
            draft_course(notes, out, model="openai:m", base_url=server.url)
        assert "\n" not in str(caught.value) and "Traceback" not in str(caught.value)
        failing[0] = False
        done = draft_course(notes, out, model="openai:m", base_url=server.url)
    assert len(done.drafted) + len(done.kept) == len(load_course(out).lessons) > 0


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("title: [unclosed\n", "line"),
        ("title: Tea\nmodules: 7\n", "modules"),
        ("just words\n", "key: value"),
        ("", "key: value"),
    ],
)
def test_a_course_file_broken_by_hand_is_named_and_left(tmp_path: Path, text: str, told: str) -> None:
    out = tmp_path / "course"
    draft(write_notes(tmp_path / "notes"), out)
    (out / "course.yaml").write_text(text, encoding="utf-8")
    before = files(out)
    with pytest.raises(InputError, match=f"course.yaml.*{told}"):
        draft(out)
    assert files(out) == before


def test_a_folder_that_cannot_be_written_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    notes, out = write_notes(tmp_path / "notes"), tmp_path / "course"
    draft(notes, out)
    before = files(out)

    def refused(*arguments: Any, **options: Any) -> Any:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    monkeypatch.setattr("tempfile.mkstemp", refused)
    with pytest.raises(KcreateError, match=r"cannot be written \(Read-only file system\); choose a folder"):
        draft(out, only="the-pot")
    assert files(out) == before


def test_notes_about_nothing_in_particular_and_in_three_languages_make_an_honest_course(tmp_path: Path) -> None:
    notes = tmp_path / "notes"
    notes.mkdir()
    (notes / "a.md").write_text("Maybe. It depends on many things, and people say so. " * 8, encoding="utf-8")
    (notes / "b.md").write_text("# 茶\n\n茶是用茶叶泡成的饮料。水要烧开，时间不要太长。" * 6, encoding="utf-8")
    (notes / "c.md").write_text(
        "# Thé\n\nLe thé est une boisson. L'eau doit être chaude et claire. " * 6, encoding="utf-8"
    )
    events: list[Any] = []
    done = draft(notes, tmp_path / "course", progress=events.append)
    told = " ".join(event.message for event in events if event.warning)
    for lesson in load_course(done.folder).lessons:
        assert lesson.citations or f"{lesson.title}: the notes say nothing here that can be taught" in told


def test_a_lesson_without_a_question_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("hello hello. 12 34. ok. meh. tomorrow maybe.\n\n- buy milk\n- call Anna\n", "utf-8")
    events: list[Any] = []
    done = draft(tmp_path / "a.md", tmp_path / "course", progress=events.append)
    [lesson] = load_course(done.folder).lessons
    told = [event.message for event in events if event.warning]
    assert not lesson.items and any(one.startswith(f"{lesson.title}: its notes give nothing to ask") for one in told)


def test_the_command_line_tells_before_and_after(tmp_path: Path, tiny_llama: Path) -> None:
    notes = write_notes(tmp_path / "notes")

    def run(*arguments: str) -> Any:
        return subprocess.run(
            [sys.executable, "-m", "kcreate.cli", "draft", *arguments], capture_output=True, text=True, cwd=tmp_path
        )

    before = run(str(notes), "--out", "course", "--model", str(tiny_llama), "--dry-run", "--json")
    told = json.loads(before.stdout)
    assert before.returncode == 0 and len(told["units"]) >= 2 and told["counted"] and told["prompt_tokens"] > 0
    assert not (tmp_path / "course").exists()
    draft(notes, tmp_path / "course")
    draft(tmp_path / "course", only="the-pot/quiz")
    shown = run("course", "--diff")
    assert shown.returncode == 0 and re.search(r"^\+\+\+ lessons/.*the-pot\.md$", shown.stdout, re.MULTILINE)
    assert list(json.loads(run("course", "--diff", "--json").stdout)["diff"]) == [shown.stdout.split("\n")[1][4:]]
    wrong = run("course", "--only", "the-pot/nothing")
    assert wrong.returncode == 2 and wrong.stderr.count("\n") == 1 and "it has " in wrong.stderr
