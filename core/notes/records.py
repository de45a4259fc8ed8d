"""What was added to a course from where: one record a file in `.kcreate/notes.json`, private to the machine."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from ..journal import PRIVATE
from ..storage import write_text


@dataclass(frozen=True)
class Stamp:
    """What tells that a file has not changed and would be read in the same way.

    Attributes:
        size: bytes.
        modified: nanoseconds since the epoch.
        sha256: of its bytes.
        options: how it was read, `redact` and `names`.
    """

    size: int
    modified: int
    sha256: str
    options: str


@dataclass
class Record:
    """One file that was added, or could not be.

    Attributes:
        file: where it lies, or what messages call a member of an archive.
        name: its path below what was given.
        kind: its format.
        stamp: when it counts as unchanged; None where it could not be read.
        documents: what it became under `notes/`.
        copies: documents that were left out, each with the one that says the same.
        findings: how many private things of each kind were found in it.
        warnings: what of it could not be taken along.
        problem: why it was not read; empty where it was.
        settled: whether copies and repeated lines were looked for since.
    """

    file: str
    name: str
    kind: str
    stamp: Stamp | None = None
    documents: list[str] = field(default_factory=list)
    copies: dict[str, str] = field(default_factory=dict)
    findings: dict[str, int] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)
    problem: str = ""
    settled: bool = False


class Records:
    """The records of a course, by file; a damaged file of records counts as none.

    Attributes:
        redact, names: how private data was treated last; empty and false before anything was added.
    """

    def __init__(self, course: Path) -> None:
        self._path = course / PRIVATE / "notes.json"
        self._records: dict[str, Record] = {}
        self.redact = ""
        self.names = False
        try:
            kept = json.loads(self._path.read_text(encoding="utf-8"))
            self._records = {one["file"]: _record(one) for one in kept["files"]}
            self.redact, self.names = str(kept["redact"]), bool(kept["names"])
        except (OSError, ValueError, TypeError, KeyError, AttributeError):
            pass

    def __iter__(self) -> Iterator[Record]:
        return iter(list(self._records.values()))

    def get(self, file: str) -> Record | None:
        """The record of a file, by what messages call it."""
        return self._records.get(file)

    def put(self, record: Record) -> None:
        """Take a record in; `save` writes it."""
        self._records[record.file] = record

    def save(self) -> None:
        """Write all records.

        Raises:
            KcreateError: the folder cannot be written.
        """
        files = [asdict(one) for one in self._records.values()]
        write_text(
            self._path,
            json.dumps(
                {"redact": self.redact, "names": self.names, "files": files}, ensure_ascii=False, indent=1, default=str
            )
            + "\n",
        )


def stamp_of(file: Path, options: str) -> Stamp:
    """The stamp of a file, which is read as a stream for it."""
    about = file.stat()
    with file.open("rb") as opened:
        sha256 = hashlib.file_digest(opened, "sha256").hexdigest()
    return Stamp(about.st_size, about.st_mtime_ns, sha256, options)


def _record(kept: dict[str, Any]) -> Record:
    stamp = kept.pop("stamp")
    return Record(**kept, stamp=Stamp(**stamp) if stamp else None)
