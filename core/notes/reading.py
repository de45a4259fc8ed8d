"""Reading a creator's files: a folder or a file of notes becomes clean Markdown documents."""

import os
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ..errors import InputError, KcreateError
from ..progress import Event, Progress, silent
from .dialects import one_dialect
from .encoding import decode
from .language import Language, language_of
from .plain_text import markdown_of_plain_text

MARKDOWN = frozenset({".md", ".markdown", ".mkd"})
TEXT = frozenset({".txt", ".text"})
MAX_BYTES = 10_000_000
"""The largest file read as notes: about a million and a half words, more than a course can be made of."""

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b\u2060\ufeff]")
_HAN_NUMBER = re.compile(r"[〇零一二三四五六七八九十百]+$")
_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(?P<yaml>(?:[^\n]*\n)*?)(?:---|\.\.\.)[ \t]*\n")


@dataclass(frozen=True)
class Document:
    """One file of notes as clean Markdown.

    Attributes:
        name: its path under the course's `notes/`, forward slashes, ending in `.md`.
        text: UTF-8 Markdown with line feeds only; citations count its lines from 1.
    """

    name: str
    text: str


@dataclass(frozen=True)
class Notes:
    """All that was read, in the order of the files' names, numbers compared as numbers."""

    documents: tuple[Document, ...]
    source: str

    @property
    def language(self) -> Language:
        """The language most of the notes are in."""
        return language_of("\n".join(document.text[:20_000] for document in self.documents))


def read_notes(path: str | Path, progress: Progress = silent, strict: bool = False) -> Notes:
    """Read a Markdown or text file, or every one in a folder and the folders below it; of a course, its notes.

    A file that cannot be read is named in a warning event and skipped, so that one bad file does not cost the rest.

    Args:
        strict: refuse such a file instead, where all of them are needed.

    Raises:
        InputError: the path does not exist, or nothing readable with text in it was found there.
    """
    root = Path(path)
    if not root.exists():
        raise InputError(f"{root} does not exist; give the folder or file that holds your notes.")
    if (root / "course.yaml").is_file() and (root / "notes").is_dir():
        root = root / "notes"
    documents: list[Document] = []
    refusals: list[str] = []
    other: set[str] = set()
    for file in _files(root):
        if file.suffix.lower() not in MARKDOWN | TEXT:
            other.add(file.suffix.lower() or file.name)
            continue
        try:
            document = read_file(file, root if root.is_dir() else root.parent)
        except KcreateError as error:
            refusals.append(str(error))
            continue
        documents.append(_with_free_name(document, documents))
    if refusals and (strict or not documents):
        raise InputError(refusals[0])
    if not documents:
        found = f"only {', '.join(sorted(other))} files" if other else "no files"
        raise InputError(f"{root} has {found}; put notes in Markdown (.md) or plain text (.txt) there.")
    for refusal in refusals:
        progress(Event("reading notes", message=f"Skipped: {refusal}", warning=True))
    if other:
        kinds = ", ".join(sorted(other))
        progress(Event("reading notes", message=f"Left out: {kinds} files (Markdown and text are read).", warning=True))
    return Notes(tuple(documents), str(root))


def read_file(file: Path, root: Path) -> Document:
    """Read one file as a document named by its path below `root`.

    Raises:
        InputError: it cannot be opened, is too large, is no text, or is empty.
    """
    try:
        length = file.stat().st_size
        if length > MAX_BYTES:
            raise InputError(
                f"{file} is {length / 1e6:.0f} MB and a file of notes may have {MAX_BYTES / 1e6:.0f} MB; "
                "split it, or leave out what should not be taught."
            )
        data = file.read_bytes()
    except OSError as error:
        raise InputError(f"{file} cannot be read ({error.strerror}); mend its permissions or move it away.") from error
    name = file.relative_to(root).with_suffix(".md").as_posix().encode("utf-8", "replace").decode()
    return document_from_bytes(data, name, str(file), plain=file.suffix.lower() in TEXT)


def document_from_bytes(data: bytes, name: str, shown_as: str, plain: bool = False) -> Document:
    """Decode and clean `data`; `shown_as` is what errors call it, `plain` says that it is no Markdown.

    Raises:
        InputError: it is no text, or there is nothing in it.
    """
    text, _ = decode(data, shown_as)
    text = clean(text)
    text = one_dialect(markdown_of_plain_text(text) if plain else text)
    if not text.strip():
        raise InputError(f"{shown_as} is empty; write something in it or leave it out.")
    return Document(unicodedata.normalize("NFC", name), text)


def clean(text: str) -> str:
    """One kind of line end, NFC, no control or zero-width characters, no front matter but its title."""
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    text = _CONTROL.sub("", text)
    if match := _FRONT_MATTER.match(text):
        title = re.search(r"^title:[ \t]*['\"]?(.+?)['\"]?[ \t]*$", match["yaml"], re.MULTILINE)
        text = text[match.end() :]
        if title and not re.search(r"^# ", text, re.MULTILINE):
            text = f"# {title[1]}\n\n{text.lstrip()}"
    return "\n".join(line.rstrip() for line in text.strip("\n").split("\n")) + "\n"


def _files(root: Path) -> Iterator[Path]:
    """The files below `root` in natural order; hidden ones, links to folders and drafted courses are passed over."""
    if root.is_file():
        yield root
        return
    found: list[Path] = []

    def refuse(error: OSError) -> None:
        raise InputError(f"{error.filename} cannot be read ({error.strerror}); mend its permissions or move it away.")

    for folder, below, names in os.walk(root, onerror=refuse, followlinks=False):
        below[:] = [
            one for one in below if not one.startswith(".") and not (Path(folder) / one / "course.yaml").is_file()
        ]
        found += [Path(folder) / name for name in names if not name.startswith(".")]
    yield from sorted(found, key=lambda file: _natural(file.relative_to(root).as_posix()))


def _natural(name: str) -> list[tuple[int, int, str]]:
    """A sort key in which `2-b` comes before `10-a`, and 第二讲 before 第十一讲 before `附录`."""
    parts = re.findall(r"\d+|(?<=第)[〇零一二三四五六七八九十百]+|[^\d第]+|第", name.lower())
    return [
        (0, int(part), "")
        if part.isdecimal()
        else (0, _han_number(part), "")
        if _HAN_NUMBER.match(part)
        else (1, 0, part)
        for part in parts
    ]


def _han_number(written: str) -> int:
    """一百二十三 → 123."""
    total = digit = 0
    for character in written:
        if character in "十百":
            total += max(digit, 1) * (10 if character == "十" else 100)
            digit = 0
        else:
            digit = "零一二三四五六七八九".index(character.replace("〇", "零"))
    return total + digit


def _with_free_name(document: Document, others: list[Document]) -> Document:
    """The document, renamed where `a.txt` and `a.md` would meet under one name."""
    taken = {other.name.lower() for other in others}
    stem, number, name = document.name.removesuffix(".md"), 2, document.name
    while name.lower() in taken:
        name = f"{stem}-{number}.md"
        number += 1
    return Document(name, document.text)
