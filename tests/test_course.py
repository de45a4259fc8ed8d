"""The course folder: what is written is read back the same, and what a person writes is understood."""

from pathlib import Path

import pytest

from kcreate.core import load_course
from kcreate.core.course.citation import Citation, read_citations
from kcreate.core.course.folder import read_course_file, write_course_file
from kcreate.core.course.lesson import Lesson, Objective
from kcreate.core.errors import InputError

BODY = """A system keeps every change.[^1]

## Check your understanding

1. What does it keep? (o1)
   - [ ] nothing
   - [x] every change

   > It keeps every change.[^1]

2. Which two are right? (o1, o2)
   - [x] one
   - [x] two
   - [ ] three

[^1]: [a b.md, lines 2–3](../notes/a%20b.md#L2-L3)
"""


def test_a_lesson_survives_writing_and_reading() -> None:
    objectives = [Objective("o1", "explain", "Explain: what it keeps"), Objective("o2", "describe", "Describe “two”")]
    lesson = Lesson("first", "Why: a title", objectives, ["zero"], "paid", "approved", BODY)
    again = Lesson.from_markdown(lesson.to_markdown(), "x.md")
    assert again == lesson


def test_items_and_citations_are_read_from_the_body() -> None:
    lesson = Lesson("first", "Title", body=BODY)
    one, two = lesson.items
    assert one.stem == "What does it keep?" and one.objectives == ("o1",) and not one.multiple
    assert [option.correct for option in one.options] == [False, True]
    assert one.explanation == "It keeps every change.[^1]"
    assert two.multiple and two.objectives == ("o1", "o2")
    assert lesson.citations == {"1": Citation("a b.md", 2, 3)}


def test_a_citation_definition_reads_back() -> None:
    for citation in (Citation("笔记/一.md", 3, 3), Citation("a(b) [c].md", 1, 20)):
        for language in ("en", "zh"):
            assert list(read_citations(citation.definition(7, language))) == [("7", citation)]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("No front matter", "no front matter"),
        ("---\ntitle: x\n---\n", "no id"),
        ("---\nid: [\n---\n", "line 2"),
        ("---\nid: x\nstatus: perfect\n---\n", "draft, edited or approved"),
        ("---\nid: ../x\n---\n", "cannot name a file"),
        ("---\nid: x\nwhen: 2024-13-45\n---\n", "a value that cannot be"),
        (f"---\nid: x\ndeep: {'[' * 5000}\n---\n", "nested too deeply"),
        ("---\nid: x\nobjectives: 5\n---\n", "objectives is no list"),
        ("---\nid: x\nobjectives:\n  - {text: ' '}\n---\n", "objective 1 has no text"),
        ("---\nid: x\nrequires: {a: b}\n---\n", "requires is no list"),
    ],
)
def test_a_broken_lesson_names_its_file(text: str, says: str) -> None:
    with pytest.raises(InputError, match=says) as caught:
        Lesson.from_markdown(text, "lessons/01-x.md")
    assert "lessons/01-x.md" in str(caught.value)


def test_a_single_objective_or_requirement_needs_no_list() -> None:
    lesson = Lesson.from_markdown("---\nid: x\nobjectives: Name the stars\nrequires: sky\n---", "x.md")
    assert lesson.objectives == [Objective("o1", "name", "Name the stars")] and lesson.requires == ["sky"]


def test_course_yaml_keeps_the_authors_comments_keys_and_bare_lesson_ids(tmp_path: Path) -> None:
    path = tmp_path / "course.yaml"
    path.write_text(
        "# mine\ntitle: T\nprice: 30  # euros\nmodules:\n  - title: M\n    lessons: [a, b]\n", encoding="utf-8"
    )
    about = read_course_file(path)
    assert [entry.id for entry in about.entries()] == ["a", "b"]
    about.title = "New"
    write_course_file(tmp_path, about)
    text = path.read_text(encoding="utf-8")
    assert "# mine" in text and "# euros" in text and "title: New" in text and "lessons: [a, b]" in text
    assert read_course_file(path).title == "New"


@pytest.mark.parametrize("lesson_id", ["../../evil", "a/b", ".hidden", ""])
def test_no_lesson_id_leads_out_of_the_folder(tmp_path: Path, lesson_id: str) -> None:
    (tmp_path / "course.yaml").write_text(f"title: 1984\nmodules: [{{lessons: ['{lesson_id}']}}]\n", encoding="utf-8")
    with pytest.raises(InputError, match="cannot name a file"):
        load_course(tmp_path)


def test_a_folder_that_is_no_course_or_is_broken_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no course folder"):
        load_course(tmp_path)
    (tmp_path / "course.yaml").write_text("title: [", encoding="utf-8")
    with pytest.raises(InputError, match="line 1"):
        load_course(tmp_path)
    (tmp_path / "course.yaml").write_text("language: en\n", encoding="utf-8")
    with pytest.raises(InputError, match="title"):
        load_course(tmp_path)


def test_lessons_come_in_the_outlines_order_whatever_their_files_are_called(tmp_path: Path) -> None:
    (tmp_path / "lessons").mkdir()
    (tmp_path / "course.yaml").write_text("title: T\nmodules:\n  - lessons: [b, a, c]\n", encoding="utf-8")
    for name, lesson_id in (("01-a.md", "a"), ("zzz.md", "b")):
        (tmp_path / "lessons" / name).write_text(Lesson(lesson_id, lesson_id).to_markdown(), encoding="utf-8")
    course = load_course(tmp_path)
    assert [lesson.id for lesson in course.lessons] == ["b", "a"] and course.missing == ["c"]
