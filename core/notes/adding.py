"""Notes added to a course: files of any format become clean Markdown in its `notes/`, private data redacted on the way."""

import os
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal, cast

from ..errors import InputError, KcreateError, UsageError
from ..journal import PRIVATE, Journal, locked, make_course_folder
from ..progress import Event, Progress, silent
from .checking import instructions
from .document import Document
from .files import NoteFile, note_files
from .formats.recognition import ENDINGS
from .left_out import LeftOut
from .privacy.ledger import Ledger
from .privacy.recognition import find
from .privacy.redaction import redact as redacted
from .reading import document_from_bytes, read_file
from .records import Record, Records, Stamp, stamp_of
from .repetition import Sketch, copies, left_out_copy, repeated_edges, without_edges
from .storing import note_file, remove, store

Redact = Literal["report", "mask", "replace", "off"]
LEDGER = f"{PRIVATE}/private/redactions.json"
"""Where a course keeps which stand-in means what: on this machine, in no export and no repository."""


@dataclass
class Added:
    """What a run did.

    Attributes:
        records: of every file that was looked at, in order.
        unchanged: files that were not read again, by what messages call them.
        protected: documents that stay as a person changed them.
        copies: documents left out, each with the one that says the same.
        redact: how private data was treated.
    """

    redact: Redact
    records: list[Record] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    protected: list[str] = field(default_factory=list)
    copies: dict[str, str] = field(default_factory=dict)


def add_notes(
    paths: Sequence[str | Path],
    course: str | Path,
    *,
    redact: Redact | None = None,
    names: bool | None = None,
    progress: Progress = silent,
) -> Added:
    """Read files and folders of notes into the folder of a course, which need not be drafted yet.

    Every file that is done is on disk, so the same call goes on after a stop. Files that have not changed are not read
    again, documents that a person changed stay, copies are left out.

    Args:
        redact: what to do with private data: `report` how much there is, `mask` it, `replace` it by stand-ins that stay the
            same over the whole course, or do not look for it (`off`). None does what was done in this course last, so that
            what was masked once stays masked; `report` in a new one.
        names: whether names of people are masked or replaced too; they are counted in any case. None as for `redact`.

    Raises:
        InputError: a path does not exist, or nothing in any of them could be read.
        UsageError: `course` is a file, one of the paths, or a folder of other things.
        KcreateError: the folder cannot be written or another run is at work on it.
    """
    folder = Path(course)
    _check(folder, [Path(one) for one in paths])
    make_course_folder(folder)
    with locked(folder):
        run = _Run(folder, redact, names, progress)
        for file in note_files([Path(one) for one in paths]):
            run.add(file)
        run.settle()
        run.tell_gone([Path(one) for one in paths])
    run.report()
    return run.added


class _Run:
    """One call of `add_notes`."""

    def __init__(self, folder: Path, redact: Redact | None, names: bool | None, progress: Progress) -> None:
        self.folder = folder
        self._progress = progress
        self._journal = Journal(folder)
        self._records = Records(folder)
        self._redact: Redact = redact or cast(Redact, self._records.redact or "report")
        self._names = self._records.names if names is None else names
        self._records.redact, self._records.names = self._redact, self._names
        self.added = Added(self._redact)
        self._ledger = Ledger.load(folder / LEDGER)
        self._left_out = LeftOut()
        self._taken = {name.lower(): name for name in _names_in(folder)}

    def add(self, file: NoteFile) -> None:
        """Read one file into the course, and note how that went."""
        kind = self._left_out.kind_of(file)
        if kind is None:
            return
        self._progress(Event("reading notes", len(self.added.records)))
        before = self._records.get(_key(file))
        record = Record(_key(file), file.name, kind)
        try:
            stamp = self._stamp(file, before)
            if before is not None and stamp == before.stamp and self._is_there(before):
                self.added.unchanged.append(before.file)
                self.added.records.append(before)
                return
            self._read(file, kind, record, set(before.documents) | set(before.copies) if before else set())
            record.stamp = stamp
        except KcreateError as error:
            record.problem = str(error)
            self._progress(Event("reading notes", message=f"Skipped: {error}", warning=True))
        for gone in set(before.documents if before else ()) - set(record.documents):
            if record.problem or not remove(gone, self.folder, self._journal):
                record.documents.append(gone)
        self.added.records.append(record)
        self._records.put(record)
        self._records.save()

    def settle(self) -> None:
        """Leave out copies and repeated first and last lines of what came new."""
        new = {name: one for one in self._records if not one.settled for name in one.documents}
        repeated = repeated_edges(_stored(self.folder)) if new else set()
        for name in new:
            if (document := _load(self.folder, name)) and repeated:
                store(without_edges(document, repeated), self._journal)
        sketches = [Sketch.of(one) for one in _stored(self.folder)] if new else []
        for double, original in copies(sketches, {one.name for one in sketches} - new.keys()).items():
            message = left_out_copy(_load(self.folder, double), _load(self.folder, original))
            if message and remove(double, self.folder, self._journal):
                self._progress(Event("reading notes", message=message, warning=True))
                record = new[double]
                record.documents.remove(double)
                record.copies[double] = original
                self.added.copies[double] = original
        for record in self._records:
            record.settled = True
        self._records.save()

    def tell_gone(self, paths: Sequence[Path]) -> None:
        """Name files that lay in the folders last time and do not any more; their notes stay."""
        seen = {one.file for one in self.added.records}
        folders = [path.resolve() for path in paths if path.is_dir()]
        for record in self._records:
            if (
                record.file not in seen
                and record.documents
                and any(Path(record.file).is_relative_to(one) for one in folders)
            ):
                notes = ", ".join(f"notes/{name}" for name in record.documents)
                message = f"{record.file} is not there any more; delete {notes} if the course shall not have it."
                self._progress(Event("reading notes", message=message, warning=True))

    def report(self) -> None:
        """Say what was left out.

        Raises:
            InputError: nothing was read at all.
        """
        if not any(one.documents or one.copies for one in self.added.records):
            problem = next((one.problem for one in self.added.records if one.problem), "")
            there = f"only {self._left_out.endings} files" if self._left_out.endings else "no files"
            raise InputError(problem or f"There are {there} to add; give notes: {ENDINGS}.")
        shown = {path.name for path in (self.folder / "assets").rglob("*")}
        for sentence in self._left_out.sentences(shown.__contains__):
            self._progress(Event("reading notes", message=sentence, warning=True))

    def _read(self, file: NoteFile, kind: str, record: Record, own: set[str]) -> None:
        """Store the documents of a file under names that are its own or free."""
        findings: Counter[str] = Counter()
        file = self._without_private_name(file)
        for document in read_file(file, kind, lambda sentence: self._warn(record, sentence)):
            document, found = self._private(document)
            document = replace(document, name=self._free_name(document.name, own | set(record.documents)))
            self._taken[document.name.lower()] = document.name
            record.documents.append(document.name)
            if not store(document, self._journal):
                self._protect(document.name, record)
                continue
            findings.update(found)
            if orders := instructions(document.text):
                self._warn(record, _told_orders(document.name, orders))
        record.findings = dict(sorted(findings.items()))

    def _protect(self, name: str, record: Record) -> None:
        """Note that a document stays as a person changed it, and what private data it holds."""
        self.added.protected.append(name)
        kept = _load(self.folder, name)
        found = Counter(one.kind for one in find(kept.text, names=self._names)) if kept else Counter()
        if found and self._redact in {"mask", "replace"}:
            held = ", ".join(f"{count} {kind}" for kind, count in sorted(found.items()))
            self._warn(
                record, f"notes/{name} stays as you made it and holds private data ({held}); take it out by hand."
            )

    def _private(self, document: Document) -> tuple[Document, list[str]]:
        """The document with private data treated as was asked, and the kinds that were found in it."""
        if self._redact == "off":
            return document, []
        if self._redact == "report":
            return document, [one.kind for one in find(document.text)]
        text, found = redacted(document.text, self._redact, self._ledger, names=self._names)
        if found:
            self._ledger.save(self.folder / LEDGER)
        return replace(document, text=text), [one.kind for one in found]

    def _without_private_name(self, file: NoteFile) -> NoteFile:
        """The file under a name to show: documents, pictures and citations are called by it."""
        if self._redact not in {"mask", "replace"}:
            return file
        stem, ending = os.path.splitext(file.name)  # noqa: PTH122 - of a name with folders, not of a path
        shown, found = redacted(stem, self._redact, self._ledger, names=self._names)
        if found:
            self._ledger.save(self.folder / LEDGER)
        return replace(file, name=shown + ending)

    def _free_name(self, name: str, own: set[str]) -> str:
        """The name, numbered where a document of another file has it."""
        stem, number, free = name.removesuffix(".md"), 2, name
        while free.lower() in self._taken and self._taken[free.lower()] not in own:
            free = f"{stem}-{number}.md"
            number += 1
        return free

    def _stamp(self, file: NoteFile, before: Record | None) -> Stamp | None:
        """The file's stamp; its bytes are read for it only where its size or time has changed."""
        if file.problem:
            return None
        options = f"{self._redact} {self._names}"
        try:
            about = file.path.stat()
            if before and before.stamp and before.stamp.options == options:
                if (about.st_size, about.st_mtime_ns) == (before.stamp.size, before.stamp.modified):
                    return before.stamp
                fresh = stamp_of(file.path, options)
                return before.stamp if fresh.sha256 == before.stamp.sha256 else fresh
            return stamp_of(file.path, options)
        except OSError as error:
            raise InputError(
                f"{file.shown_as} cannot be read ({error.strerror}); mend its permissions or move it away."
            ) from error

    def _is_there(self, record: Record) -> bool:
        return not record.problem and all((self.folder / note_file(name)).is_file() for name in record.documents)

    def _warn(self, record: Record, sentence: str) -> None:
        record.warnings.append(sentence)
        self._progress(Event("reading notes", message=sentence, warning=True))


def _check(folder: Path, paths: Sequence[Path]) -> None:
    """Refuse what is not there, and a course folder that would be read into itself, before anything is made."""
    for path in paths:
        if not path.exists():
            raise InputError(f"{path} does not exist; give the folder or file that holds your notes.")
        if path.resolve().is_relative_to(folder.resolve()):
            raise UsageError(f"{path} lies in --out {folder} itself; name another folder for the course.")


def _told_orders(name: str, orders: Sequence[tuple[int, str]]) -> str:
    """The sentence about lines that a model might take for orders."""
    line, said = orders[0]
    more = f", and {len(orders) - 1} more like it" if len(orders) > 1 else ""
    return f"notes/{name}, line {line}: “{said}” reads like an order to a model{more}; notes are text and never obeyed."


def _key(file: NoteFile) -> str:
    """A file's absolute path, archives' members with the archive's."""
    inside = file.shown_as.removeprefix(str(file.path))
    return str(file.path.resolve()) if not inside else str(Path(file.shown_as).absolute())


def _stored(folder: Path) -> Iterator[Document]:
    """The documents of a course, one after another."""
    return (document for name in _names_in(folder) if (document := _load(folder, name)))


def _names_in(folder: Path) -> list[str]:
    """The names of a course's documents."""
    return [path.relative_to(folder / "notes").as_posix() for path in sorted((folder / "notes").rglob("*.md"))]


def _load(folder: Path, name: str) -> Document | None:
    """A document of the course; None where it cannot be read as one."""
    path = folder / note_file(name)
    try:
        return document_from_bytes(path.read_bytes(), name, str(path))
    except (KcreateError, OSError):
        return None
