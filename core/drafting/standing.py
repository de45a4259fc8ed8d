"""How a lesson stands on disk: whose its parts are, what was asked of them, and why it may not be written over."""

from dataclasses import dataclass, field
from pathlib import Path

from ..course.course import CourseFile, LessonEntry
from ..course.folder import COURSE_FILE, lesson_path
from ..course.lesson import Lesson
from ..course.splicing import parts_of
from ..course.unit import QUIZ, Unit
from ..errors import InputError
from ..journal import Entry, Journal, digest
from .order import Ask


@dataclass(frozen=True)
class Standing:
    """A lesson as it stands.

    Attributes:
        file: its path in the course folder.
        text: of its file, empty where there is none.
        ours: the file is as kcreate wrote it, or is not there.
        as_written: the file is as the journal's entry says, a person's parts included.
        entry: what the journal knows of it.
        approved, locked: its front matter or `course.yaml` says so.
        parts: its parts that are as kcreate wrote them.
        edited: its parts that a person changed.
    """

    id: str
    file: str
    text: str
    ours: bool
    as_written: bool
    entry: Entry | None
    approved: bool
    locked: bool
    parts: frozenset[str] = frozenset()
    edited: frozenset[str] = frozenset()
    asked: dict[str, Ask] = field(default_factory=dict)

    @property
    def unit(self) -> str:
        """The journal's name for it."""
        return f"lesson:{self.id}"

    @property
    def free(self) -> bool:
        """Whether a run may write the whole lesson anew."""
        return self.ours and not self.locked

    def refusal(self, unit: Unit) -> str:
        """Why the unit may not be written anew, and the way out; empty where it may."""
        if self.locked:
            return f"the lesson is locked; take 'locked: true' out of {COURSE_FILE} to have it written again."
        if self.approved:
            return f"{self.file} is approved; set 'status: draft' in its front matter to have it written again."
        if not unit.part and not self.ours:
            theirs = [part for part in self.edited if part and part != QUIZ]
            parts = ", ".join(f"--only {self.id}/{part}" for part in sorted(self.parts) if part and part[:1] != "q")
            also = f", or have a part written again that was not: {parts}" if parts and theirs else ""
            return f"{self.file} was edited by hand; move it away to have it drafted again{also}."
        if unit.part in self.edited:
            return (
                f"that part of {self.file} was edited by hand; take the change back, or empty the part below its heading, "
                "to have it written again."
            )
        return ""


def standing(folder: Path, about: CourseFile, entry: LessonEntry, journal: Journal) -> Standing:
    """How the lesson of an outline's entry stands."""
    path = lesson_path(folder, about, entry.id)
    unit, file = f"lesson:{entry.id}", path.relative_to(folder).as_posix()
    text = _read(path)
    last = journal.entry(unit)
    try:
        status = Lesson.from_markdown(text, path.name).status if text else "draft"
    except InputError:
        status = "edited"
    pieces = parts_of(text) if text else {}
    written = {(name, sha) for one in journal.history(unit) for name, sha in one.parts.items()}
    mine = {name for name, piece in pieces.items() if (name, digest(piece)) in written or _is_empty(piece)}
    return Standing(
        id=entry.id,
        file=file,
        text=text,
        ours=journal.is_ours(unit, file) and status == "draft",
        as_written=last is not None and bool(text) and last.sha256 == digest(text),
        entry=last,
        approved=status == "approved",
        locked=is_locked(entry),
        parts=frozenset(mine),
        edited=frozenset(set(pieces) - mine),
        asked={part: Ask(**ask) for part, ask in last.asked.items()} if last else {},
    )


def is_locked(entry: LessonEntry) -> bool:
    """Whether the author locked a lesson: `locked: true` in its entry of `course.yaml`, or another word for yes."""
    return str((entry.model_extra or {}).get("locked", "")).lower() in {"true", "yes", "on", "1", "是"}


def _is_empty(piece: str) -> bool:
    """Whether a part holds nothing but its heading."""
    return "\n" not in piece.strip() and piece.lstrip().startswith("#")


def _read(path: Path) -> str:
    """The file byte for byte, line ends too; empty where it is not there or no UTF-8, which is a person's in any case."""
    try:
        return path.read_bytes().decode("utf-8") if path.is_file() else ""
    except UnicodeDecodeError:
        return ""
