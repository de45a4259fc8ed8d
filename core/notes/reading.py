"""Reading a creator's files: whatever format they are in, they become documents of clean Markdown."""

import os
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path, PurePosixPath

from ..errors import InputError, KcreateError
from ..journal import is_course
from ..progress import Event, Progress, silent
from .assembly import Warn, documents_of, numbered
from .cleaning import clean
from .dialects import one_dialect
from .document import Document, Notes
from .encoding import decode
from .files import NoteFile, natural, note_files
from .formats.recognition import ENDINGS, NAMES, SUFFIXES, reader_of
from .left_out import LeftOut
from .pictures import beside
from .places import marker
from .plain_text import markdown_of_plain_text
from .repetition import Sketch, copies, left_out_copy, repeated_edges, without_edges
from .stretches import LARGE, lines_of, stretches


def read_notes(path: str | Path, progress: Progress = silent) -> Notes:
    """Read a file of notes, or every one in a folder and the folders below it; of a course, its notes as they are.

    A file that cannot be read is named in a warning event and skipped, so that one bad file does not cost the rest; of
    files that say nearly the same the best is kept, and lines that open or close most files are left out.

    Raises:
        InputError: the path does not exist, or nothing readable with text in it was found there.
    """
    root = Path(path)
    if holds_notes(root):
        return stored_notes(root)
    refusals: list[KcreateError] = []
    warnings: list[str] = []
    left_out = LeftOut()
    documents: list[Document] = []
    for file in note_files([root]):
        if (kind := left_out.kind_of(file)) is None:
            continue
        try:
            documents += [with_free_name(one, documents) for one in read_file(file, kind, warnings.append)]
        except KcreateError as error:
            refusals.append(error)
    if not documents:
        if refusals:
            raise refusals[0]
        found = f"only {left_out.endings} files" if left_out.endings else "no files"
        raise InputError(f"{root} has {found}; put notes there: {ENDINGS}.")
    shown = {PurePosixPath(asset.path).name for one in documents for asset in one.assets}
    told = [f"Skipped: {refusal}" for refusal in refusals] + warnings + left_out.sentences(shown.__contains__)
    for sentence in told:
        progress(Event("reading notes", message=sentence, warning=True))
    repeated = repeated_edges(documents)
    documents = [without_edges(one, repeated) for one in documents]
    doubles = copies(map(Sketch.of, documents))
    by_name = {one.name: one for one in documents}
    for double, original in doubles.items():
        message = left_out_copy(by_name[double], by_name[original])
        progress(Event("reading notes", message=message, warning=True))
    kept = (one for one in documents if one.name not in doubles)
    return Notes(tuple(sorted(kept, key=lambda one: natural(one.name))), str(root))


def holds_notes(folder: Path) -> bool:
    """Whether a folder is a course with notes, drafted or not."""
    return is_course(folder) and (folder / "notes").is_dir()


def stored_notes(course: Path) -> Notes:
    """The notes of a course, line for line as they lie in its `notes/`.

    Raises:
        InputError: there are none, or one cannot be read; all of them are needed, since citations point into them.
    """
    folder = course / "notes"
    documents = []
    for file in note_files([folder]) if folder.is_dir() else ():
        if file.path.suffix.lower() == ".md":
            documents.append(document_from_bytes(_bytes(file), file.name, file.shown_as))
    if not documents:
        raise InputError(f"{folder} holds no notes; add some with 'kcreate notes add FILES --out {course}'.")
    return Notes(tuple(documents), str(folder))


def read_file(file: NoteFile, kind: str, warn: Warn) -> Iterator[Document]:
    """The documents of one file, one after another, so that a large one need not be held as a whole.

    Args:
        kind: its format, as `format_of` tells it.

    Raises:
        InputError: it cannot be opened, is encrypted or broken, is no text, or holds none.
    """
    if file.problem:
        raise InputError(file.problem)
    named = SUFFIXES.get(file.path.suffix.lower())
    if named != kind:
        warn(f"{file.shown_as} is {NAMES[kind]} by its content and was read as one.")
    try:
        if kind in {"markdown", "text"}:
            yield from _text_documents(file, kind == "text", warn)
        else:
            parts = reader_of(kind)(file.path, file.shown_as)
            yield from documents_of(parts, file.document_name, file.name, file.shown_as, warn)
    except KcreateError:
        raise
    except OSError as error:
        raise InputError(
            f"{file.shown_as} cannot be read ({error.strerror or error}); mend its permissions or move it away."
        ) from error
    except Exception as error:  # whatever a parser stumbles over in one file must not cost the others
        if os.environ.get("KCREATE_DEBUG"):
            raise
        raise InputError(
            f"{file.shown_as} cannot be read ({type(error).__name__}: {error}); save it anew or in another format."
        ) from error


def document_from_bytes(data: bytes, name: str, shown_as: str, plain: bool = False) -> Document:
    """Decode and clean `data`; `shown_as` is what errors call it, `plain` says that it is no Markdown.

    Raises:
        InputError: it is no text, or there is nothing in it.
    """
    text, _ = decode(data, shown_as)
    return Document(unicodedata.normalize("NFC", name), _said(_clean(text, plain), shown_as))


def with_free_name(document: Document, others: Iterable[Document]) -> Document:
    """The document, renamed where `a.txt` and `a.md` would meet under one name."""
    taken = {other.name.lower() for other in others}
    stem, number, name = document.name.removesuffix(".md"), 2, document.name
    while name.lower() in taken:
        name = f"{stem}-{number}.md"
        number += 1
    return replace(document, name=name)


def _text_documents(file: NoteFile, plain: bool, warn: Warn) -> Iterator[Document]:
    """Markdown or plain text: as one document, or as several where it is large."""
    from .formats import chat

    name = file.document_name
    if file.path.stat().st_size > LARGE:
        lines, _ = lines_of(file.path, file.shown_as)
        for own, (first, last, text) in numbered(stretches(lines), name):
            place = f"{marker('source', file.name)}\n\n{marker('lines', f'{first}–{last}')}\n\n"
            yield Document(own, _said(place + _clean(text, plain), file.shown_as))
        return
    text, _ = decode(_bytes(file), file.shown_as)
    if plain and chat.recognise(text):
        yield from documents_of(chat.read(text), name, file.name, file.shown_as, warn)
        return
    text, pictures, warnings = beside(_said(_clean(text, plain), file.shown_as), file.path, file.root, name)
    for warning in warnings:
        warn(f"{file.shown_as}: {warning}.")
    yield Document(name, text, pictures)


def _clean(text: str, plain: bool) -> str:
    text = clean(text)
    return one_dialect(markdown_of_plain_text(text) if plain else text)


def _said(text: str, shown_as: str) -> str:
    if not text.strip():
        raise InputError(f"{shown_as} is empty; write something in it or leave it out.")
    return text


def _bytes(file: NoteFile) -> bytes:
    try:
        return file.path.read_bytes()
    except OSError as error:
        raise InputError(
            f"{file.shown_as} cannot be read ({error.strerror}); mend its permissions or move it away."
        ) from error
