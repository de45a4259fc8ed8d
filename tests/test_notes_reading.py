"""Reading notes: encodings, plain text, what is refused, what is passed over."""

from pathlib import Path

import pytest

from kcreate.core.errors import InputError
from kcreate.core.notes.language import language_of
from kcreate.core.notes.reading import MAX_BYTES, read_notes
from kcreate.core.progress import Event

CHINESE = "茶是一种用茶树的叶子做成的饮料。我们先说说绿茶和红茶的区别，然后再看怎么泡。这里的水温很重要。\n"


def test_a_folder_is_read_in_natural_order_with_folders_below(tmp_path: Path) -> None:
    for name in ("10-end.md", "2-middle.md", "1-start.md", "extra/a.txt", ".hidden.md"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(f"# {name}\n\nText.\n", encoding="utf-8")
    notes = read_notes(tmp_path)
    assert [document.name for document in notes.documents] == ["1-start.md", "2-middle.md", "10-end.md", "extra/a.md"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030", "big5"])
def test_encodings_of_chinese_notes_are_told(tmp_path: Path, encoding: str) -> None:
    text = (
        CHINESE
        if encoding != "big5"
        else "這是我們的筆記，說明茶葉的種類與沖泡的方法。水溫對於茶湯的味道很重要，大家要記得。\n"
    )
    (tmp_path / "a.md").write_bytes(text.encode(encoding))
    assert read_notes(tmp_path).documents[0].text == text


def test_windows_text_is_told_from_chinese(tmp_path: Path) -> None:
    text = "The café serves a crème brûlée – “the best”, they say – for 5 £ a piece.\n"
    (tmp_path / "a.md").write_bytes(text.encode("cp1252"))
    assert "café" in read_notes(tmp_path).documents[0].text


def test_one_bad_file_is_reported_and_skipped(tmp_path: Path) -> None:
    (tmp_path / "good.md").write_text("Water boils at 100 degrees.\n", encoding="utf-8")
    (tmp_path / "bad.md").write_bytes(bytes(range(256)) * 8)
    (tmp_path / "photo.jpg").write_bytes(b"\xff\xd8")
    events: list[Event] = []
    notes = read_notes(tmp_path, events.append)
    assert [document.name for document in notes.documents] == ["good.md"]
    assert all(event.warning for event in events)
    assert "bad.md" in events[0].message and ".jpg" in events[1].message


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [("empty.md", b"", "empty"), ("blank.md", b" \n\n", "empty"), ("binary.txt", b"PK\x00\x01" * 50, "not text")],
)
def test_a_folder_with_nothing_readable_is_refused(tmp_path: Path, name: str, data: bytes, says: str) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(InputError, match=says):
        read_notes(tmp_path)


def test_missing_empty_and_huge_inputs_are_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="does not exist"):
        read_notes(tmp_path / "nowhere")
    with pytest.raises(InputError, match="no files"):
        read_notes(tmp_path)
    (tmp_path / "log.txt").write_bytes(b"words " * (MAX_BYTES // 6 + 1))
    with pytest.raises(InputError, match="10 MB; split it"):
        read_notes(tmp_path)


def test_plain_text_titles_become_headings_and_lines_stay(tmp_path: Path) -> None:
    (tmp_path / "tea.txt").write_text("Tea\n\nTea is a drink.\n\nGreen tea\n\nIt is not oxidised.\n", encoding="utf-8")
    text = read_notes(tmp_path).documents[0].text
    assert text.split("\n")[:5] == ["# Tea", "", "Tea is a drink.", "", "## Green tea"]


def test_front_matter_goes_and_its_title_stays(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("---\ntitle: 'On tea'\ntags: [x]\n---\nTea is a drink.\n", encoding="utf-8")
    assert read_notes(tmp_path).documents[0].text == "# On tea\n\nTea is a drink.\n"


def test_two_files_never_meet_under_one_name(tmp_path: Path) -> None:
    for name in ("a.md", "a.txt"):
        (tmp_path / name).write_text("Some text.\n", encoding="utf-8")
    assert [document.name for document in read_notes(tmp_path).documents] == ["a.md", "a-2.md"]


def test_language_is_told_by_what_is_said_not_by_code() -> None:
    assert language_of("这个函数返回 `len(x)`。\n```python\nfor i in range(100): print(i)\n```") == "zh"
    assert language_of("The word 茶 means tea.") == "en"


@pytest.mark.parametrize("example", ["night-sky", "gongfu-tea"])
def test_what_was_cleaned_once_is_read_back_unchanged(tmp_path: Path, example: str) -> None:
    """Citations count lines of the stored notes, which every later run reads again."""
    notes = read_notes(Path(__file__).parent.parent / "examples" / example / "notes")
    for document in notes.documents:
        (tmp_path / document.name).write_text(document.text, encoding="utf-8")
    assert {one.name: one.text for one in read_notes(tmp_path).documents} == {
        one.name: one.text for one in notes.documents
    }
