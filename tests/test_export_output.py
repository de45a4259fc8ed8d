"""Where an export goes: replaced as a whole, and nobody's own files touched."""

from pathlib import Path

import pytest
from sample_course import chinese_course, english_course, write_files

from kcreate.core.course.folder import load_course
from kcreate.core.errors import InputError, KcreateError, UsageError
from kcreate.core.export import export as registry
from kcreate.core.export.export import export_course
from kcreate.core.progress import Event


@pytest.fixture
def course(tmp_path: Path) -> Path:
    return chinese_course(tmp_path / "course")


def tree(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_each_format_lands_in_its_folder(course: Path, tmp_path: Path) -> None:
    written = export_course(course, ["markdown", "html", "html"], tmp_path / "dist")
    assert written == {"markdown": tmp_path / "dist/markdown", "html": tmp_path / "dist/html/index.html"}
    assert written["html"].is_file() and (written["markdown"] / "README.md").is_file()
    assert sorted(path.name for path in (tmp_path / "dist").iterdir()) == ["html", "markdown"]


def test_a_second_export_is_the_same_and_replaces_what_is_gone(course: Path, tmp_path: Path) -> None:
    export_course(course, ["html"], tmp_path)
    first = tree(tmp_path / "html")
    export_course(load_course(course), ["html"], tmp_path)
    assert tree(tmp_path / "html") == first
    text = (course / "course.yaml").read_text(encoding="utf-8")
    (course / "course.yaml").write_text("".join(line for line in text.splitlines(True) if "chong-pao" not in line))
    export_course(course, ["html"], tmp_path)
    assert not (tmp_path / "html/lessons/02-冲泡.html").exists()


def test_an_unknown_format_names_those_there_are(course: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"'pdfx'.*markdown, html"):
        export_course(course, ["html", "pdfx"], tmp_path / "dist")
    with pytest.raises(UsageError, match="No format"):
        export_course(course, [" "], tmp_path / "dist")
    assert not (tmp_path / "dist").exists()


def test_a_foreign_folder_is_refused_and_left_alone(course: Path, tmp_path: Path) -> None:
    write_files(tmp_path / "dist/html", {"index.html": "mine"})
    with pytest.raises(UsageError, match="did not write"):
        export_course(course, ["html"], tmp_path / "dist")
    assert tree(tmp_path / "dist") == {"html/index.html": b"mine"}


def test_a_file_changed_by_hand_is_not_overwritten(course: Path, tmp_path: Path) -> None:
    export_course(course, ["markdown"], tmp_path)
    edited = tmp_path / "markdown/README.md"
    edited.write_text("my own words", encoding="utf-8")
    with pytest.raises(UsageError, match=r"README\.md was changed by hand"):
        export_course(course, ["markdown"], tmp_path)
    assert edited.read_text(encoding="utf-8") == "my own words"


def test_files_put_into_an_export_stay_there(course: Path, tmp_path: Path) -> None:
    export_course(course, ["html"], tmp_path)
    write_files(tmp_path / "html", {"CNAME": "tea.example", ".git/config": "[core]"})
    export_course(course, ["html"], tmp_path)
    assert (tmp_path / "html/CNAME").read_text() == "tea.example"
    assert (tmp_path / "html/.git/config").read_text() == "[core]"


def test_a_failed_export_leaves_the_last_one(course: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    export_course(course, ["html"], tmp_path)
    before = tree(tmp_path / "html")

    def fails(course: object, folder: Path, progress: object) -> Path:
        (folder / "half.html").write_text("half")
        raise OSError(28, "No space left on device")

    monkeypatch.setitem(registry.FORMATS, "html", fails)
    with pytest.raises(KcreateError, match="No space left"):
        export_course(course, ["html"], tmp_path)
    assert tree(tmp_path / "html") == before
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_out_that_is_a_file_is_refused(course: Path, tmp_path: Path) -> None:
    (tmp_path / "dist").write_text("a file")
    with pytest.raises(UsageError, match="is a file"):
        export_course(course, ["html"], tmp_path / "dist")


def test_missing_lessons_are_named_and_the_rest_exported(tmp_path: Path) -> None:
    course = english_course(tmp_path / "course")
    (course / "lessons/03-reading-data.md").unlink()
    events: list[Event] = []
    export_course(course, ["html", "markdown"], tmp_path / "dist", events.append)
    warnings = [event.message for event in events if event.warning]
    assert sum("reading-data" in text and "not written yet" in text for text in warnings) == 1
    assert len(warnings) == len(set(warnings))
    index = (tmp_path / "dist/html/index.html").read_text(encoding="utf-8")
    assert "04-verifying.html" in index and "reading-data" not in index


def test_a_course_without_lessons_is_no_input(tmp_path: Path) -> None:
    write_files(tmp_path / "course", {"course.yaml": "title: Empty\nmodules: [{lessons: [one]}]\n"})
    with pytest.raises(InputError, match="no lesson yet"):
        export_course(tmp_path / "course", ["html"], tmp_path / "dist")
    with pytest.raises(InputError, match="no course folder"):
        export_course(tmp_path / "nothing", ["html"], tmp_path / "dist")
