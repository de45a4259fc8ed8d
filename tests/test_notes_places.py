"""Where in the original lines of the notes stand: from a reader's parts to a citation that names the page."""

from pathlib import Path

import pytest
from sample_course import png
from test_drafting import draft

from kcreate.core import export_course, load_course
from kcreate.core.errors import InputError
from kcreate.core.markdown import parser
from kcreate.core.notes.assembly import documents_of
from kcreate.core.notes.formats.converted import Image, Part, Place
from kcreate.core.notes.passages import passages
from kcreate.core.notes.places import marker, origin, without_markers

PARTS = [
    Part("# Tea\n\n**Oxidation** is the browning of a leaf in air.", Place("page", "1")),
    Part(
        "Green tea is heated before it browns.\n\n![A leaf](leaf.png)", Place("page", "2"), (Image("leaf.png", png()),)
    ),
    Part("Black tea is left to brown until it is dark.", Place("page", "3")),
]


def test_parts_become_a_document_that_knows_its_places() -> None:
    [document] = documents_of(PARTS, "week 1/tea.md", "week 1/tea.pdf", "tea.pdf", print)
    line = {text: number for number, text in enumerate(document.text.split("\n"), 1)}
    browns, black = line["Green tea is heated before it browns."], line["Black tea is left to brown until it is dark."]
    place = origin(document.text, browns, browns)
    assert place and place.label("en") == "week 1/tea.pdf, page 2" and place.label("zh") == "week 1/tea.pdf，第 2 页"
    both = origin(document.text, browns, black)
    assert both and both.label("en") == "week 1/tea.pdf, pages 2–3"
    assert document.assets[0].path == "assets/week 1/tea/leaf.png"
    assert "![A leaf](../../assets/week%201/tea/leaf.png)" in document.text
    assert [one.kind for one in passages(document)] == ["heading", "paragraph", "paragraph", "figure", "paragraph"]
    assert without_markers(document.text).startswith("# Tea\n\n**Oxidation**") and "page" not in without_markers(
        document.text
    )


def test_an_authors_own_notes_have_no_other_origin() -> None:
    assert origin("# Tea\n\nTea is a drink.\n", 3, 3) is None
    inside = "<!-- source: a.pdf -->\n\n<!-- page: 2 -->\n\n```html\n<!-- page: 9 -->\n```\n\nTea.\n"
    place = origin(inside, 9, 9)
    assert place and place.label("en") == "a.pdf, page 2" and "page: 9" in without_markers(inside)
    assert origin("<!-- page: 3 -->\n\nTea is a drink.\n", 3, 3) is None


@pytest.mark.parametrize("name", ["a--b-->c.pdf", "two\nlines.pdf", "<!-- x -->.pdf", "讲义（一）.pdf"])
def test_a_marker_stays_one_comment_whatever_the_name(name: str) -> None:
    text = f"{marker('source', name)}\n\nTea is a drink.\n"
    assert [token.type for token in parser().parse(text)][:2] == ["comment", "paragraph_open"]
    found = origin(text, 3, 3)
    assert found and "-->" not in found.source


def test_a_file_without_text_is_refused_and_its_warnings_are_told() -> None:
    said: list[str] = []
    with pytest.raises(InputError, match=r"scan\.pdf holds no text"):
        list(documents_of([Part("", warning="page 1 is a picture")], "scan.md", "scan.pdf", "scan.pdf", said.append))
    assert said == ["scan.pdf: page 1 is a picture."]


@pytest.mark.parametrize(("language", "label"), [("en", "(tea.pdf, page 1)"), ("zh", "（tea.pdf，第 1 页）")])
def test_lessons_and_pages_cite_the_page_of_the_original(tmp_path: Path, language: str, label: str) -> None:
    notes = tmp_path / "notes"
    notes.mkdir()
    [document] = documents_of(PARTS, "tea.md", "tea.pdf", "tea.pdf", print)
    (notes / "tea.md").write_text(document.text, encoding="utf-8")
    draft(notes, tmp_path / "course", language=language)
    course = load_course(tmp_path / "course")
    assert any(label in lesson.body for lesson in course.lessons)
    export_course(course, ["html"], tmp_path / "dist")
    lesson = next((tmp_path / "dist" / "html" / "lessons").glob("*.html")).read_text(encoding="utf-8")
    assert label in lesson
    note = (tmp_path / "dist" / "html" / "notes" / "tea.html").read_text(encoding="utf-8")
    page = "第 2 页" if language == "zh" else "page 2"
    assert f'<p class="place">{page}</p>' in note and "&lt;!--" not in note
