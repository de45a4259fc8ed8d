"""Working with an author: one unit redone, the rest and a person's edits kept, old versions shown, stale lessons told."""

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from test_drafting import EXAMPLES, ScriptedModel, draft

from kcreate.core import draft_course, load_course
from kcreate.core.course.unit import spans
from kcreate.core.drafting.differences import differences
from kcreate.core.drafting.estimate import estimate_draft
from kcreate.core.errors import UsageError
from kcreate.core.progress import Event

TEA = EXAMPLES / "gongfu-tea" / "notes"


@pytest.fixture(scope="session")
def drafted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A drafted course; tests work on copies."""
    out = tmp_path_factory.mktemp("tea") / "course"
    draft(TEA, out)
    return out


@pytest.fixture
def course(drafted: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(drafted, tmp_path / "course"))


def lesson(course: Path, place: int = 0) -> Path:
    return sorted((course / "lessons").iterdir())[place]


def piece(path: Path, part: str) -> str:
    text = path.read_text(encoding="utf-8")
    start, end = spans(text)[part]
    return text[start:end]


def ids(course: Path) -> list[str]:
    return [one.id for one in load_course(course).lessons]


def a_section(path: Path) -> str:
    return next(part for part in list(spans(path.read_text(encoding="utf-8")))[1:] if part != "quiz")


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_a_quiz_is_redone_and_an_edited_section_beside_it_stays(course: Path) -> None:
    path, name = lesson(course), ids(course)[0]
    section = a_section(path)
    edit(path, piece(path, section), piece(path, section) + "\n\n我加的一句。")
    path.write_text(path.read_text(encoding="utf-8") + "\n结尾也有一句。\n", encoding="utf-8")
    before = {part: piece(path, part) for part in spans(path.read_text(encoding="utf-8"))}
    done = draft(course, only=f"{name}/quiz")
    assert done.drafted == [name] and done.lessons[0].items == len(load_course(course).lessons[0].items)
    after = {part: piece(path, part) for part in spans(path.read_text(encoding="utf-8"))}
    assert after["quiz"] != before["quiz"]
    assert {part: text for part, text in after.items() if not re.fullmatch(r"quiz|q\d+", part)} == {
        part: text for part, text in before.items() if not re.fullmatch(r"quiz|q\d+", part)
    }
    assert path.read_text(encoding="utf-8").endswith("\n结尾也有一句。\n")
    with pytest.raises(UsageError, match="edited by hand; take the change back, or empty the part"):
        draft(course, only=f"{name}/{section}")
    again = draft(course)
    assert again.protected == [name] and not again.drafted
    once_more = draft(course, only=f"{name}/quiz")
    assert once_more.drafted == [name] and piece(path, "quiz") != after["quiz"]


def test_a_section_emptied_by_hand_is_written_again(course: Path) -> None:
    path, name = lesson(course), ids(course)[0]
    section = a_section(path)
    before = piece(path, section)
    edit(path, before, before.split("\n")[0])
    draft(course, only=f"{name}/{section}")
    assert re.sub(r"\[\^\d+\]", "", piece(path, section)) == re.sub(r"\[\^\d+\]", "", before)


def test_one_question_is_replaced_and_the_others_stay(course: Path) -> None:
    path, name = lesson(course), ids(course)[0]
    before = {part: piece(path, part) for part in spans(path.read_text(encoding="utf-8"))}
    draft(course, only=f"{name}/q2")
    after = {part: piece(path, part) for part in spans(path.read_text(encoding="utf-8"))}
    assert list(after) == list(before) and after["q2"] != before["q2"] and after["q2"].startswith("2. ")
    others = [part for part in before if part not in ("q2", "quiz")]
    assert all(after[part] == before[part] for part in others)
    asked = load_course(course).lessons[0].items[1].objectives
    assert asked and f"({', '.join(asked)})" in before["q2"]
    assert not draft(course).drafted


def test_more_questions_like_one_are_added_at_the_end(course: Path) -> None:
    path, name = lesson(course), ids(course)[0]
    count = len(load_course(course).lessons[0].items)
    before = piece(path, "quiz")
    draft(course, more_like_this=f"{name}/q1")
    assert len(load_course(course).lessons[0].items) > count and piece(path, "quiz").startswith(before)
    assert f"\n{count + 1}. " in piece(path, "quiz")


def test_approved_and_locked_lessons_are_never_redone(course: Path) -> None:
    first, second = ids(course)[:2]
    edit(lesson(course), "status: draft", "status: approved")
    edit(course / "course.yaml", f"- id: {second}\n", f"- id: {second}\n        locked: true\n")
    before = {path: path.read_bytes() for path in (course / "lessons").iterdir()}
    for unit, why in (
        (first, "is approved"),
        (f"{first}/quiz", "is approved"),
        (second, "locked"),
        (f"{second}/q1", "locked"),
    ):
        with pytest.raises(UsageError, match=why):
            draft(course, only=unit)
    with pytest.raises(UsageError, match="is approved"):
        draft(course, more_like_this=f"{first}/q1")
    draft(course, seed=5)
    assert all(before[path] == path.read_bytes() for path in (lesson(course, 0), lesson(course, 1)))
    assert before[lesson(course, 2)] != lesson(course, 2).read_bytes()


def test_units_that_are_not_there_are_named_in_one_sentence(course: Path) -> None:
    name = ids(course)[0]
    with pytest.raises(UsageError, match=f"there is no such lesson or unit; the course has {name}, "):
        draft(course, only="nothing/quiz")
    with pytest.raises(UsageError, match=f"the lesson '{name}' has no such part; it has .*quiz, q1"):
        draft(course, only=f"{name}/q99")
    with pytest.raises(UsageError, match=r"--more-like-this .* is no question; say with --only"):
        draft(course, more_like_this=name)
    with pytest.raises(UsageError, match="--instruction is empty"):
        draft(course, only=name, instruction="  ")
    with pytest.raises(UsageError, match="--only glossary is made of the notes alone"):
        draft(course, only="glossary", instruction="longer")


def test_an_instruction_is_kept_so_that_going_on_does_not_undo_it(course: Path) -> None:
    name = ids(course)[0]
    draft(course, only=name, instruction="短一点")
    before = {path: path.read_bytes() for path in (course / "lessons").iterdir()}
    again = draft(course)
    assert again.drafted == [] and len(again.kept) == 6
    assert {path: path.read_bytes() for path in before} == before
    lines = (course / ".kcreate" / "journal.jsonl").read_text(encoding="utf-8").splitlines()
    last = [entry for entry in map(json.loads, lines) if entry["unit"] == f"lesson:{name}"][-1]
    assert last["asked"] == {"": {"version": 1, "instruction": "短一点"}}


def test_old_versions_are_kept_in_order_and_shown_as_a_diff(course: Path) -> None:
    path, name = lesson(course), ids(course)[0]
    first = path.read_bytes()
    assert differences(course) == {}
    draft(course, only=f"{name}/quiz")
    second = path.read_bytes()
    draft(course, only=f"{name}/quiz")
    kept = sorted((course / ".kcreate" / "versions" / "lessons" / name).iterdir())
    assert [one.name for one in kept] == ["0001.md", "0002.md"]
    assert [one.read_bytes() for one in kept] == [first, second]
    shown = differences(course)
    file = f"lessons/{path.name}"
    assert list(shown) == [file] and shown[file].startswith(
        f"--- .kcreate/versions/lessons/{name}/0002.md\n+++ {file}\n@@"
    )
    assert differences(course, f"{name}/quiz")[file] and differences(course, f"{name}/{a_section(path)}") == {}
    with pytest.raises(UsageError, match="no such lesson"):
        differences(course, "nothing")


def test_stale_lessons_of_a_person_are_told_and_only_lessons_on_changed_passages_are_redone(tmp_path: Path) -> None:
    notes, out = tmp_path / "notes", tmp_path / "course"
    shutil.copytree(TEA, notes)
    draft(notes, out)
    first = ids(out)[0]
    edited = lesson(out, 0)
    edit(edited, "access: free", "access: paid")
    before = {path: path.read_bytes() for path in (out / "lessons").iterdir()}
    cited = next(iter(load_course(out).lessons[0].citations.values()))
    note = notes / cited.file
    lines = note.read_text(encoding="utf-8").split("\n")
    lines[cited.first - 1] = lines[cited.first - 1].replace("。", "，这一点后来有了变化。", 1)
    note.write_text("\n".join(lines), encoding="utf-8")
    events: list[Any] = []
    done = draft(notes, out, progress=events.append)
    assert done.protected == [first] and done.drafted == [] and len(done.kept) == 5
    assert f"{cited.file}#L{cited.first}-L{cited.last}" in done.stale[first]
    told = [event.message for event in events if event.warning and edited.name in event.message]
    assert len(told) == 1 and f"第 {cited.first}" in told[0]
    assert {path: path.read_bytes() for path in before} == before


def test_footnotes_follow_lines_that_moved_and_nothing_is_written_anew(tmp_path: Path) -> None:
    notes, out = tmp_path / "notes", tmp_path / "course"
    shutil.copytree(EXAMPLES / "night-sky" / "notes", notes)
    draft(notes, out)
    moon = load_course(out).lessons[2]
    file = next(iter(moon.citations.values())).file
    note = notes / file
    heading, rest = note.read_text(encoding="utf-8").split("\n", 1)
    note.write_text(f"{heading}\n\n<!-- checked -->\n{rest}", encoding="utf-8")

    class Silent(ScriptedModel):
        def generate(self, *arguments: Any, **options: Any) -> Any:
            raise AssertionError("the model was asked")

    done = draft_course(notes, out, model=Silent())
    assert done.drafted == [] and moon.id in done.renewed and moon.id in done.kept
    now = load_course(out).lessons[2]
    strip = re.compile(r"^\[\^.*$", re.MULTILINE)
    assert strip.sub("", now.body) == strip.sub("", moon.body) and now.body != moon.body
    stored = (out / "notes" / file).read_text(encoding="utf-8").split("\n")
    old = note.read_text(encoding="utf-8").replace("\n<!-- checked -->\n", "", 1).split("\n")
    for label, one in now.citations.items():
        was = moon.citations[label]
        assert stored[one.first - 1 : one.last] == old[was.first - 1 : was.last]


def test_deleting_the_private_folder_loses_no_work(course: Path) -> None:
    name = ids(course)[0]
    draft(course, only=f"{name}/quiz", instruction="更难")
    before = {path: path.read_bytes() for path in course.rglob("*.md") if ".kcreate" not in path.parts}
    shutil.rmtree(course / ".kcreate")
    assert draft(course).protected == ids(course) and differences(course) == {}
    with pytest.raises(UsageError, match="edited by hand"):
        draft(course, only=f"{name}/quiz")
    assert {path: path.read_bytes() for path in before} == before


def test_what_would_be_refused_is_refused_before_the_run_and_by_the_diff(course: Path) -> None:
    path, name = lesson(course), ids(course)[0]
    with pytest.raises(UsageError, match="has no such part; it has "):
        estimate_draft(course, only=f"{name}/nothing")
    with pytest.raises(UsageError, match="has no such part; it has "):
        differences(course, f"{name}/nothing")
    section = a_section(path)
    edit(path, piece(path, section), piece(path, section) + "\n\n我加的一句。")
    with pytest.raises(UsageError, match="edited by hand; take the change back"):
        estimate_draft(course, only=f"{name}/{section}")


@pytest.mark.parametrize("unit", ["glossary", "flashcards", "outline"])
def test_what_the_notes_alone_decide_says_so_where_it_comes_out_the_same(course: Path, unit: str) -> None:
    events: list[Event] = []
    draft(course, only=unit, progress=events.append)
    assert f"{unit}: the notes give no other version; it reads as before." in [one.message for one in events]


def test_a_lesson_of_a_title_alone_may_stand_on_passages_that_another_has(course: Path) -> None:
    title = load_course(course).lessons[0].title
    with (course / "course.yaml").open("a", encoding="utf-8") as file:
        file.write(f"  - title: 另一单元\n    lessons:\n      - id: again\n        title: {title}\n")
    done = draft(course)
    assert done.drafted == ["again"] and load_course(course).lessons[-1].citations
