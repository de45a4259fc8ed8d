"""What a reader of a file format returns: Markdown in parts, each with its place in the original."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from ...errors import InputError

Kind = Literal["page", "slide", "time", "cell", "sheet", "chapter", "lines"]


@dataclass(frozen=True)
class Place:
    """Where in the original a part stands.

    Attributes:
        kind: what the original counts its places by.
        value: a page's, slide's or cell's number from 1, a time as `00:12:05`, a sheet as `Prices, rows 2–40`, a chapter
            by its title, lines as `1–5000`; one line, without `--`.
    """

    kind: Kind
    value: str


@dataclass(frozen=True)
class Image:
    """A picture of the original.

    Attributes:
        name: a file name without folders (`image3.png`), unique in its document; the Markdown says `![alt](image3.png)`.
        data: the file's bytes, in a format that browsers show.
    """

    name: str
    data: bytes


@dataclass(frozen=True)
class Part:
    """A stretch of the original as Markdown blocks.

    Attributes:
        text: CommonMark with pipe tables, `$…$` and `$$…$$`, fenced code; its first heading is a heading of the original.
        place: where it stands; None where the original has no places.
        images: what its Markdown shows.
        warning: what of it could not be read and what to do about it, one sentence without the file's name, such as
            `page 4 has no text layer; run OCR over it (for instance with OCRmyPDF)`; else empty.
    """

    text: str
    place: Place | None = None
    images: tuple[Image, ...] = ()
    warning: str = ""


Reader = Callable[[Path, str], Iterable[Part]]
"""A format's reader: the file on disk and what errors call it; parts come one by one, so that memory stays bounded.

It raises InputError where nothing of the file can be read: encrypted, broken, without text, another format than its name says.
"""


def missing(package: str, shown_as: str) -> InputError:
    """The error where the package that reads a file is not installed."""
    return InputError(f"{shown_as} needs {package} to be read; install it with: pip install 'kcreate[docs]'")
