"""Where a draft starts: the notes and the folder checked, the notes stored, the outline made or kept."""

from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

from ..course.course import CourseFile, Size
from ..course.folder import COURSE_FILE, read_course_file, write_course_file
from ..decoding.remote_address import check_server_decides
from ..errors import InputError, UsageError
from ..journal import Journal, fingerprint, is_course, make_course_folder
from ..notes.document import Notes
from ..notes.language import Language
from ..notes.reading import read_notes
from ..notes.storing import store
from ..progress import Event, Progress, silent
from .brief import Brief
from .outline import outline
from .sources import check_teachable

DEFAULT_MODEL = "smollm2-135m"
EDITION = 3
"""Raised when drafting changes so that what an earlier version drafted counts as out of date."""


class Asked(TypedDict, total=False):
    """What the author asks for; what is not there, or None, is left to `course.yaml`, and then to the default."""

    title: str | None
    language: str | None
    audience: str | None
    level: str | None
    author: str | None
    licence: str | None
    adapter: str | Path | None
    lessons: int | None
    hours: float | None


class Wishes(Asked, total=False):
    """The same with the name of a model."""

    model: str | None


@dataclass(frozen=True)
class Place:
    """Where the model runs, as `open_model` takes it. It belongs to this machine and is not kept in `course.yaml`."""

    base_url: str | None = None
    device: str = "auto"
    quantize: str = "auto"
    processes: int = 1


def check_model(wishes: Wishes, place: Place, progress: Progress) -> None:
    """Refuse a model or adapter that is not to be had before its name gets into `course.yaml`.

    Raises:
        ModelUnavailableError: no such model is here, can be fetched, or is on the server.
        InputError: the adapter's folder holds none.
        UsageError: a model on a server lacks an address, or is given what its server decides.
    """
    if (model := wishes.get("model")) and model.startswith("openai:"):
        check_server_decides(model, place.device, place.quantize, place.processes)
        from ..decoding.remote import open_remote

        open_remote(model, place.base_url)
    elif model:
        from ..model.locate import locate

        locate(model, progress)
    adapter = wishes.get("adapter")
    if adapter is not None and not (Path(adapter) / "adapter_model.safetensors").is_file():
        raise InputError(f"--adapter {adapter} has no adapter_model.safetensors; make one with 'kcreate finetune'.")


def source_and_folder(
    source: str | Path | Notes, out: str | Path | None, progress: Progress
) -> tuple[Notes | None, Path]:
    """The notes to store (None where the course has them already) and the course folder, both checked."""
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


def course_file(
    notes: Notes, folder: Path, journal: Journal, wishes: Wishes, place: Place, progress: Progress = silent
) -> CourseFile:
    """The course file: the one on disk if a person changed it or nothing else did, else one made from the notes.

    One that a person changed keeps its modules, lessons and objectives whatever the notes say now.

    Raises:
        UsageError: `place` or the adapter does not go with the model.
    """
    path = folder / COURSE_FILE
    there = read_course_file(path) if path.is_file() else None
    size, brief = _wanted(wishes, there)
    texts = [[document.name, document.text] for document in notes.documents]
    inputs = fingerprint(EDITION, texts, brief.audience, brief.level, size.model_dump() if size else None)
    if there is None or (not journal.is_current("outline", inputs) and journal.is_ours("outline", COURSE_FILE)):
        language: Language = _language(wishes.get("language") or (there.language if there else None), notes)
        title = wishes.get("title") or (there.title if there else None)
        about = outline(notes, language, title, size, brief, progress)
        if there is not None:
            _drop_lessons_no_longer_listed(folder, about, journal)
            about = there.model_copy(update={"modules": about.modules})
        about.model = about.model or DEFAULT_MODEL
    else:
        about = there.model_copy(deep=True)
    ours = there is None or journal.is_ours("outline", COURSE_FILE)
    if not ours and size != about.size:
        message = f"{COURSE_FILE} was changed by hand and keeps its lessons; --lessons and --hours are for an outline of ours."
        progress(Event("making the outline", message=message, warning=True))
    about.size = size if ours else about.size
    for key in ("title", "language", "audience", "level", "author", "licence", "model"):
        if (value := wishes.get(key)) is not None:
            setattr(about, key, value)
    if about.model and wishes.get("model") and Path(about.model).exists():
        about.model = _relative_to(folder, Path(about.model))
    if (adapter := wishes.get("adapter")) is not None:
        about.adapter = _relative_to(folder, Path(adapter))
    _check_server(about, place)
    if there is None or about != there:
        write_course_file(folder, about)
    if ours:
        journal.record("outline", COURSE_FILE, path.read_text(encoding="utf-8"), inputs)
    return about


def _wanted(wishes: Wishes, there: CourseFile | None) -> tuple[Size | None, Brief]:
    """The size and the readers that the author wants, by option, else by `course.yaml`."""
    lessons, hours = wishes.get("lessons"), wishes.get("hours")
    size = Size(lessons=lessons, hours=hours) if lessons or hours else (there.size if there else None)
    audience = wishes.get("audience") or (there.audience if there else None)
    level = wishes.get("level") or (there.level if there else None)
    return size, Brief(audience or "", level or "")


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


def name_of(source: str, folder: Path) -> str:
    """What the course's title is made from where the notes give none: their folder's name, else the course's."""
    for path in (Path(source).resolve(), Path(source).resolve().parent, folder.resolve()):
        name = path.stem if path.is_file() else path.name
        if name and name.lower() not in {"notes", "note", "src", "docs", "doc", "content", "笔记"}:
            break
    # A name from a file system in another encoding can hold what no UTF-8 file can.
    name = name.encode("utf-8", "replace").decode()
    return name.removesuffix("-course").removesuffix("-notes") or name


def _drop_lessons_no_longer_listed(folder: Path, about: CourseFile, journal: Journal) -> None:
    """Remove lessons of an earlier outline that are still as kcreate wrote them; edited ones stay on disk."""
    listed = {f"lesson:{entry.id}" for entry in about.entries()}
    for entry in journal:
        if entry.unit.startswith("lesson:") and entry.unit not in listed and journal.is_ours(entry.unit, entry.file):
            (folder / entry.file).unlink(missing_ok=True)
            journal.forget(entry.unit)


def _relative_to(folder: Path, path: Path) -> str:
    """`path` as seen from the course folder where that is possible, so that the course can move with its adapter."""
    import os

    try:
        return Path(os.path.relpath(path.resolve(), folder.resolve())).as_posix()
    except ValueError:  # another drive
        return str(path.resolve())
