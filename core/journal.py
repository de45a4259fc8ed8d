"""The journal of a course folder: what kcreate wrote and from what, so that it knows a person's work from its own.

One JSON object a line in `.kcreate/journal.jsonl`. Without the journal every file counts as a person's.
"""

import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from .errors import KcreateError, UsageError
from .storage import write_bytes, write_text

PRIVATE = ".kcreate"
"""The folder of a course that belongs to this machine: the journal, indexes, what stand-ins stand for."""


@dataclass(frozen=True)
class Entry:
    """One finished unit.

    Attributes:
        unit: `notes:…`, `asset:…`, `outline`, `lesson:ID` or `glossary`.
        file: its path in the course folder.
        sha256: of the file as it was written.
        inputs: fingerprint of all it was made from; another one means that it is out of date.
    """

    unit: str
    file: str
    sha256: str
    inputs: str


class Journal:
    """What was written, by unit; later entries replace earlier ones."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._path = folder / PRIVATE / "journal.jsonl"
        self._entries: dict[str, Entry] = {}
        if self._path.is_file():
            for line in self._path.read_text(encoding="utf-8", errors="replace").splitlines():
                try:
                    entry = Entry(**json.loads(line))
                except (ValueError, TypeError):
                    continue  # the line a killed run was writing
                self._entries[entry.unit] = entry

    def __iter__(self) -> Iterator[Entry]:
        return iter(list(self._entries.values()))

    def record(self, unit: str, file: str, content: str | bytes, inputs: str) -> None:
        """Write `content` to `file` of the course and note it, in this order: a crash between leaves an unnoted file."""
        data = content.encode("utf-8") if isinstance(content, str) else content
        write_bytes(self._folder / file, data)
        entry = Entry(unit, file, hashlib.sha256(data).hexdigest(), inputs)
        self._entries[unit] = entry
        self._path.parent.mkdir(parents=True, exist_ok=True)
        torn = self._path.is_file() and not self._path.read_bytes().endswith(b"\n") and self._path.stat().st_size > 0
        with self._path.open("a", encoding="utf-8") as file_:
            file_.write(("\n" if torn else "") + json.dumps(asdict(entry), ensure_ascii=False) + "\n")
            file_.flush()
            os.fsync(file_.fileno())

    def forget(self, unit: str) -> None:
        """Drop a unit whose file has gone."""
        if self._entries.pop(unit, None):
            lines = [json.dumps(asdict(entry), ensure_ascii=False) for entry in self._entries.values()]
            write_text(self._path, "".join(f"{line}\n" for line in lines))

    def is_current(self, unit: str, inputs: str) -> bool:
        """Whether the unit stands on disk as it was written, from these very inputs."""
        entry = self._entries.get(unit)
        return entry is not None and entry.inputs == inputs and self._sha(entry.file) == entry.sha256

    def is_ours(self, unit: str, file: str, text: str | None = None) -> bool:
        """Whether the file may be replaced: it is not there, or is as kcreate wrote it.

        A file that already reads as `text`, what would be written now, is ours too: a run was killed before its note.
        """
        found = self._sha(file)
        if found is None:
            return True
        entry = self._entries.get(unit)
        if entry is not None and entry.file == file and entry.sha256 == found:
            return True
        return text is not None and digest(text) == found

    def _sha(self, file: str) -> str | None:
        path = self._folder / file
        return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else None


def is_course(folder: Path) -> bool:
    """Whether kcreate made the folder: a course, or one that is not drafted yet."""
    return (folder / "course.yaml").is_file() or (folder / PRIVATE).is_dir()


def make_course_folder(folder: Path) -> None:
    """Make the folder that `--out` names; one that is a course already stays.

    Raises:
        UsageError: it is a file, or holds something else.
        KcreateError: it cannot be made.
    """
    if folder.is_file():
        raise UsageError(f"--out {folder} is a file; name a folder for the course.")
    if folder.is_dir() and not is_course(folder) and any(folder.iterdir()):
        raise UsageError(f"--out {folder} holds files that are no course of kcreate; name a new or empty folder.")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise KcreateError(
            f"--out {folder} cannot be made ({error.strerror}); choose a folder you may write to."
        ) from error


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold the course folder for one run, its private folder made, which git passes over.

    Raises:
        KcreateError: another run holds it, or its private folder cannot be made.
    """
    from filelock import FileLock, Timeout

    private = folder / PRIVATE
    try:
        private.mkdir(parents=True, exist_ok=True)
        if not (private / ".gitignore").exists():  # what is private to this machine stays out of the course's history
            write_text(private / ".gitignore", "*\n")
        lock = FileLock(private / "lock")
        lock.acquire(timeout=0)
    except Timeout:
        raise KcreateError(f"Another run of kcreate is at work on {folder}; wait until it is done.") from None
    except OSError as error:
        raise KcreateError(
            f"{folder} cannot be written ({error.strerror}); choose a folder you may write to."
        ) from error
    try:
        yield
    finally:
        lock.release()


def digest(text: str) -> str:
    """SHA-256 of a text in UTF-8, in hexadecimal."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def fingerprint(*parts: object) -> str:
    """A digest of anything that JSON can hold."""
    return digest(json.dumps(parts, ensure_ascii=False, sort_keys=True))
