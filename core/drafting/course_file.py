"""The course file of a draft: the author's where a person changed it, else one made from the notes, wishes written into it."""

import os
from pathlib import Path

from ..course.course import CourseFile, Size
from ..course.folder import COURSE_FILE, course_file_text, read_course_file
from ..decoding.remote_address import check_server_decides
from ..errors import UsageError
from ..journal import Journal, fingerprint
from ..notes.document import Notes
from ..notes.language import Language
from ..progress import Event, Progress
from ..storage import write_text
from .brief import Brief
from .outline import outline
from .versions import keep_version
from .wishes import DEFAULT_MODEL, EDITION, Place, Wishes


def course_file(
    notes: Notes, folder: Path, journal: Journal, wishes: Wishes, place: Place, progress: Progress, anew: bool = False
) -> CourseFile:
    """The course file as a run has it; nothing is written (see `save_course_file`).

    It is the one on disk if a person changed it, or if it was made from the same notes and wishes.

    Args:
        anew: make the outline from the notes in any case.

    Raises:
        UsageError: `place` or the adapter does not go with the model; the outline is wanted `anew`, and a person changed
            `course.yaml`.
    """
    path = folder / COURSE_FILE
    there = read_course_file(path) if path.is_file() else None
    ours = journal.is_ours("outline", COURSE_FILE)
    about = there.model_copy(deep=True) if there else CourseFile(title="")
    for key in ("title", "language", "audience", "level", "author", "licence", "model"):
        if (value := wishes.get(key)) is not None:
            setattr(about, key, value)
    if (size := _size(wishes)) is not None and size != about.size:
        if ours:
            about.size = size
        else:
            message = f"{COURSE_FILE} was changed by hand and keeps its lessons; --lessons and --hours are for an outline of ours."
            progress(Event("making the outline", message=message, warning=True))
    if anew and not ours:
        raise UsageError(f"--only outline: {path} was edited by hand; move it away to have the outline made anew.")
    if there is None or anew or (ours and not journal.is_current("outline", outline_inputs(notes, about))):
        language = _language(wishes.get("language") or (there.language if there else None), notes)
        brief = Brief(about.audience or "", about.level or "")
        made = outline(notes, language, about.title or None, about.size, brief, progress)
        about.title, about.modules = about.title or made.title, made.modules
        if there is None and wishes.get("language") is None:
            about.language = language
        about.model = about.model or DEFAULT_MODEL
    if about.model and wishes.get("model") and Path(about.model).exists():
        about.model = _relative_to(folder, Path(about.model))
    if (adapter := wishes.get("adapter")) is not None:
        about.adapter = _relative_to(folder, Path(adapter))
    _check_server(about, place)
    return about


def save_course_file(about: CourseFile, notes: Notes, folder: Path, journal: Journal) -> bool:
    """Write `course.yaml` where it says something else, and tell whether it does; lessons that are no longer listed go,
    if no person changed them.
    """
    path = folder / COURSE_FILE
    text = course_file_text(folder, about)
    same = path.is_file() and path.read_bytes() == text.encode("utf-8")
    inputs = outline_inputs(notes, about)
    if not journal.is_ours("outline", COURSE_FILE):
        if not same:
            write_text(path, text)
    elif not journal.is_current("outline", inputs) or not same:
        if not same:
            keep_version(folder, "outline", COURSE_FILE)
        journal.record("outline", COURSE_FILE, text, inputs)
        _drop_lessons_no_longer_listed(folder, about, journal)
    return not same


def outline_inputs(notes: Notes, about: CourseFile) -> str:
    """The fingerprint of what an outline is made from."""
    size = about.size.model_dump() if about.size else None
    documents = [[document.name, document.text] for document in notes.documents]
    return fingerprint(EDITION, documents, size, about.audience, about.level)


def _size(wishes: Wishes) -> Size | None:
    """The size that is asked for in this run; None for as before."""
    lessons, hours = wishes.get("lessons"), wishes.get("hours")
    if lessons is not None and hours is not None:
        raise UsageError("--lessons and --hours are two ways to say one thing; give one of them.")
    for option, value in (("--lessons", lessons), ("--hours", hours)):
        if value is not None and value <= 0:
            raise UsageError(f"{option} {value:g}: give a number above 0.")
    return None if lessons is None and hours is None else Size(lessons=lessons, hours=hours)


def _check_server(about: CourseFile, place: Place) -> None:
    """Refuse an adapter for a model on a server and what the server decides, and an address for one that is on none."""
    on_server = (about.model or "").startswith("openai:")
    if on_server and about.adapter:
        raise UsageError(
            f"--adapter {about.adapter} cannot be put into {about.model}, which runs on a server; have the server load "
            "the adapter and name it with --model, and leave it out here and in course.yaml."
        )
    if on_server:
        check_server_decides(about.model or "", place.device, place.quantize, place.processes)
    if place.base_url and not on_server:
        raise UsageError(
            f"--base-url goes with --model openai:NAME, and the model is {about.model}; give one of the two."
        )


def _language(wish: str | None, notes: Notes) -> Language:
    if wish is None:
        return notes.language
    if wish.lower()[:2] not in {"en", "zh"}:
        raise UsageError(f"--language {wish}: courses are drafted in en or zh.")
    return "zh" if wish.lower().startswith("zh") else "en"


def _drop_lessons_no_longer_listed(folder: Path, about: CourseFile, journal: Journal) -> None:
    """Remove lessons of an earlier outline that are still as kcreate wrote them; edited ones stay on disk."""
    listed = {f"lesson:{entry.id}" for entry in about.entries()}
    for entry in journal:
        if entry.unit.startswith("lesson:") and entry.unit not in listed and journal.is_ours(entry.unit, entry.file):
            keep_version(folder, entry.unit, entry.file)
            (folder / entry.file).unlink(missing_ok=True)
            journal.forget(entry.unit)


def _relative_to(folder: Path, path: Path) -> str:
    """`path` as seen from the course folder where that is possible, so that the course can move with its adapter."""
    try:
        return Path(os.path.relpath(path.resolve(), folder.resolve())).as_posix()
    except ValueError:  # another drive
        return str(path.resolve())
