"""The package that an office document is: a ZIP from which the text goes to the converter and the pictures are read here."""

import io
import zipfile
from dataclasses import dataclass
from pathlib import Path

from ....errors import InputError
from ..archive.zip_file import BROKEN
from ..html.images import MAX_BYTES as MAX_PICTURE
from ..html.images import Source
from .odt import with_title
from .text import prepared

MAX_TEXT = 80_000_000
"""Bytes of XML that are given to the converter."""
_PICTURE_FOLDERS = (
    "word/media/",
    "Pictures/",
    "media/",
    "word/embeddings/",
    "word/fonts/",
    "ObjectReplacements/",
    "Thumbnails/",
)
_MAIN, _STYLES = "word/document.xml", "word/styles.xml"
_STUB = b"\x89PNG\r\n\x1a\n"


@dataclass(frozen=True)
class Package:
    """A document ready to be converted.

    Attributes:
        pieces: its bytes, pictures emptied; a long document as several that follow each other.
        beside: reads a picture by the address that the converted text gives it.
    """

    pieces: list[bytes]
    beside: Source


def package_of(file: Path, kind: str, shown_as: str) -> Package:
    """Open a checked package.

    Raises:
        InputError: it lacks the part that holds the text, or that is absurdly large.
    """
    kept: dict[str, bytes] = {}
    try:
        with zipfile.ZipFile(file) as archive:
            names = set(archive.namelist())
            _require_text(names, kind, shown_as)
            total = 0
            for name in sorted(names):
                if name.endswith("/"):
                    continue
                kept[name] = _STUB if name.startswith(_PICTURE_FOLDERS) else archive.read(name)
                total += len(kept[name])
                if total > MAX_TEXT:
                    raise InputError(
                        f"{shown_as} has more than {MAX_TEXT // 1_000_000} MB of text and styles; split it."
                    )
    except BROKEN as error:
        raise InputError(f"{shown_as} is broken; open it and save it again.") from error
    if kind == "odt":
        kept["content.xml"] = with_title(kept["content.xml"])
    if kind != "docx" or _MAIN not in kept:
        return Package([_packed(kept)], _pictures_of(file, names))
    texts, styles = prepared(kept[_MAIN], kept.get(_STYLES, b""))
    kept |= {_STYLES: styles} if styles else {}
    return Package([_packed(kept | {_MAIN: text}) for text in texts], _pictures_of(file, names))


def _packed(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return out.getvalue()


def _require_text(names: set[str], kind: str, shown_as: str) -> None:
    if kind == "odt" and "content.xml" not in names:
        raise InputError(f"{shown_as} has no text part (content.xml); open it and save it again.")
    if kind == "docx" and not any(name.startswith("word/") and name.endswith(".xml") for name in names):
        found = (
            "an Excel workbook"
            if any(name.startswith("xl/") for name in names)
            else "a slide deck"
            if any(name.startswith("ppt/") for name in names)
            else "no Word document"
        )
        raise InputError(f"{shown_as} is {found} inside; give it its right ending or save it as .docx.")


def _pictures_of(file: Path, names: set[str]) -> Source:
    """Reads members of the package; an address is relative to the part that holds the text."""

    def read(address: str) -> bytes | None:
        for name in (f"word/{address}", address):
            if name in names:
                try:
                    with zipfile.ZipFile(file) as archive:
                        if archive.getinfo(name).file_size > MAX_PICTURE:
                            return None
                        return archive.read(name)
                except BROKEN:
                    return None
        return None

    return read
