"""Where a draft starts: the notes and the folder checked, the notes stored."""

from pathlib import Path

from ..errors import UsageError
from ..journal import Journal, is_course, make_course_folder
from ..notes.document import Notes
from ..notes.reading import read_notes, stored_notes
from ..notes.storing import note_file, note_unit, store
from ..progress import Progress
from .sources import check_teachable


def source_and_folder(
    source: str | Path | Notes, out: str | Path | None, progress: Progress, make: bool = True
) -> tuple[Notes | None, Path]:
    """The notes to store (None where the course has them already) and the course folder, both checked.

    Args:
        make: make the folder where it is not there.
    """
    if not isinstance(source, Notes):
        path = Path(source)
        if is_course(path):
            if out is not None and Path(out).resolve() != path.resolve():
                raise UsageError(f"{path} is a course already and is drafted in place; leave out --out {out}.")
            return None, path
        if out is None:
            raise UsageError(f"{path} holds notes, no course; say where the course goes with --out FOLDER.")
        source = read_notes(path, progress)
    if out is None:
        raise UsageError("Say where the course goes with --out FOLDER.")
    check_teachable(source)
    folder = Path(out)
    if make:
        make_course_folder(folder)
    if (folder / "notes").is_dir():
        there = {path.relative_to(folder / "notes").as_posix() for path in (folder / "notes").rglob("*.md")}
        if there and not there & {document.name for document in source.documents}:
            raise UsageError(f"--out {folder} holds a course from other notes; name another folder.")
    return source, folder


def store_notes(notes: Notes, journal: Journal) -> None:
    """Put the documents under `notes/`; a note that was changed there by hand stays as it is."""
    for document in notes.documents:
        store(document, journal)


def notes_as_stored(notes: Notes, folder: Path, journal: Journal) -> Notes:
    """The notes that the course would have once `notes` were stored; nothing is written."""
    there = {one.name: one for one in stored_notes(folder).documents} if any(folder.glob("notes/**/*.md")) else {}
    ours = [one for one in notes.documents if journal.is_ours(note_unit(one.name), note_file(one.name), one.text)]
    return Notes(tuple((there | {one.name: one for one in ours}).values()), notes.source)


def name_of(source: str, folder: Path) -> str:
    """What the course's title is made from where the notes give none: their folder's name, else the course's."""
    for path in (Path(source).resolve(), Path(source).resolve().parent, folder.resolve()):
        name = path.stem if path.is_file() else path.name
        if name and name.lower() not in {"notes", "note", "src", "docs", "doc", "content", "笔记"}:
            break
    # A name from a file system in another encoding can hold what no UTF-8 file can.
    name = name.encode("utf-8", "replace").decode()
    return name.removesuffix("-course").removesuffix("-notes") or name
