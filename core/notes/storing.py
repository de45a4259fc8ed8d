"""Documents put into a course: text under `notes/`, pictures under `assets/`, what a person changed there left alone."""

from pathlib import Path
from urllib.parse import quote

from ..journal import Journal, digest
from .document import Document
from .pictures import assets_of


def store(document: Document, journal: Journal) -> bool:
    """Write a document and its pictures; False where the file was changed by hand and stays as it is."""
    unit, file = note_unit(document.name), note_file(document.name)
    if not journal.is_ours(unit, file, document.text):
        return False
    if not journal.is_current(unit, digest(document.text)):
        journal.record(unit, file, document.text, digest(document.text))
    for asset in document.assets:
        unit = f"asset:{asset.path}"
        if journal.is_ours(unit, asset.path) and not journal.is_current(unit, ""):
            journal.record(unit, asset.path, asset.data, "")
    return True


def remove(name: str, folder: Path, journal: Journal) -> bool:
    """Take a document out of the course, with the pictures that came out of its file; False where it was changed by hand."""
    if not journal.is_ours(note_unit(name), note_file(name)):
        return False
    (folder / note_file(name)).unlink(missing_ok=True)
    journal.forget(note_unit(name))
    for entry in journal:
        own = entry.unit.startswith(f"asset:{assets_of(name)}/")
        if own and journal.is_ours(entry.unit, entry.file) and not _is_shown(entry.file, folder):
            (folder / entry.file).unlink(missing_ok=True)
            journal.forget(entry.unit)
    return True


def _is_shown(picture: str, folder: Path) -> bool:
    """Whether a note of the course still links to a picture."""
    return any(
        quote(picture) in note.read_text(encoding="utf-8", errors="replace") for note in folder.glob("notes/**/*.md")
    )


def note_unit(name: str) -> str:
    """The journal's name for a document."""
    return f"notes:{name}"


def note_file(name: str) -> str:
    """Where a document lies in the course folder."""
    return f"notes/{name}"
