"""The journal of a course folder: what kcreate wrote and from what, so that it knows a person's work from its own.

One JSON object a line in `.kcreate/journal.jsonl`. Without the journal every file counts as a person's.
"""

import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from .errors import KcreateError, UsageError
from .storage import sweep, write_bytes, write_text

PRIVATE = ".kcreate"
"""The folder of a course that belongs to this machine: the journal, old versions, indexes, what stand-ins stand for."""
_ALWAYS = frozenset({"unit", "file", "sha256", "inputs"})


@dataclass(frozen=True)
class Entry:
    """One finished unit.

    Attributes:
        unit: `notes:…`, `asset:…`, `outline`, `lesson:ID`, `glossary` or `flashcards`.
        file: its path in the course folder.
        sha256: of the file as it was written.
        inputs: fingerprint of all it was made from; another one means that it is out of date.
        parts: of a lesson, digests of the parts that kcreate wrote, by name.
        cited: of a lesson, digests of the lines it cites, by `file.md#L1-L3`.
        asked: of a lesson, what the author asked of its parts, by name, `""` for the whole.
        shared: parts of the file as it was written are a person's, so that it is never written over as a whole.
    """

    unit: str
    file: str
    sha256: str
    inputs: str
    parts: dict[str, str] = field(default_factory=dict)
    cited: dict[str, str] = field(default_factory=dict)
    asked: dict[str, dict[str, Any]] = field(default_factory=dict)
    shared: bool = False


class Journal:
    """What was written, by unit.

    The line is on disk before the file it speaks of, so a crash between the two leaves a file that an earlier line knows:
    of a unit's entries the newest that says what stands on disk counts, and the newest of all where none does.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._path = folder / PRIVATE / "journal.jsonl"
        self._entries: dict[str, list[Entry]] = {}
        self._torn = False
        if self._path.is_file():
            text = self._path.read_text(encoding="utf-8", errors="replace")
            self._torn = bool(text) and not text.endswith("\n")
            for line in text.splitlines():
                try:
                    entry = Entry(**json.loads(line))
                except (ValueError, TypeError):
                    continue  # the line a killed run was writing
                self._entries.setdefault(entry.unit, []).append(entry)

    def __iter__(self) -> Iterator[Entry]:
        return iter([entry for unit in list(self._entries) if (entry := self.entry(unit))])

    def entry(self, unit: str) -> Entry | None:
        """What is known of a unit."""
        entries = self._entries.get(unit, [])
        if len(entries) < 2:
            return entries[0] if entries else None
        found = {file: self._sha(file) for file in {one.file for one in entries}}
        return next((one for one in reversed(entries) if one.sha256 == found[one.file]), entries[-1])

    def history(self, unit: str) -> list[Entry]:
        """Every entry of a unit, oldest first."""
        return list(self._entries.get(unit, []))

    def record(self, unit: str, file: str, content: str | bytes, inputs: str, **more: Any) -> None:
        """Note `content` as what stands in `file` of the course and write it; `more` are further fields of the entry.

        Raises:
            KcreateError: one of the two cannot be written; what stood in the file stands there still.
        """
        data = content.encode("utf-8") if isinstance(content, str) else content
        entry = Entry(unit, file, hashlib.sha256(data).hexdigest(), inputs, **more)
        self._append(entry)
        self._entries.setdefault(unit, []).append(entry)
        write_bytes(self._folder / file, data)

    def _append(self, entry: Entry) -> None:
        line = json.dumps(
            {key: value for key, value in asdict(entry).items() if value or key in _ALWAYS}, ensure_ascii=False
        )
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with self._path.open("a", encoding="utf-8") as file:
                torn, self._torn = self._torn, True
                file.write(("\n" if torn else "") + line + "\n")
                file.flush()
                os.fsync(file.fileno())
                self._torn = False
        except OSError as error:
            raise KcreateError(
                f"{self._path} cannot be written ({error.strerror}); free some space or choose another folder."
            ) from error

    def forget(self, unit: str) -> None:
        """Drop a unit whose file has gone."""
        if self._entries.pop(unit, None):
            lines = [json.dumps(asdict(one), ensure_ascii=False) for each in self._entries.values() for one in each]
            write_text(self._path, "".join(f"{line}\n" for line in lines))
            self._torn = False

    def is_current(self, unit: str, inputs: str) -> bool:
        """Whether the unit stands on disk as it was written, from these very inputs."""
        entry = self.entry(unit)
        return (
            entry is not None and not entry.shared and entry.inputs == inputs and self._sha(entry.file) == entry.sha256
        )

    def is_ours(self, unit: str, file: str, text: str | None = None) -> bool:
        """Whether the file may be replaced: it is not there, or is as kcreate wrote it.

        A file that already reads as `text`, what would be written now, is ours too.
        """
        found = self._sha(file)
        if found is None:
            return True
        entry = self.entry(unit)
        if entry is not None and entry.file == file and entry.sha256 == found:
            return not entry.shared
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
    """Hold the course folder for one run, its private folder made, which git passes over, and what a killed run was
    writing swept away.

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
        sweep(folder)
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
