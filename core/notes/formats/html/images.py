"""The pictures of a page: those written into it and those that lie beside it, each kept once under a name of its own.

What lies on another machine is never fetched.
"""

import base64
import binascii
import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, unquote_to_bytes

from ..converted import Image

MAX_BYTES = 20_000_000
"""The largest picture that is kept."""
_TINY = 70
"""Bytes of a picture of one transparent point."""

Source = Callable[[str], bytes | None]
"""From a relative address to the bytes that lie there; None where nothing does or may be read."""


@dataclass
class Pictures:
    """The pictures that one document's Markdown shows.

    Attributes:
        beside: reads what a relative address leads to.
        embedded: the `data:` addresses of the page, by number.
        unshown: how many were met that browsers cannot show.
        too_large: how many were over `MAX_BYTES`.
    """

    beside: Source
    embedded: Sequence[str] = ()
    unshown: int = 0
    too_large: int = 0
    _names: dict[str, str | None] = field(default_factory=dict)
    _by_content: dict[bytes, str] = field(default_factory=dict)
    _used: set[str] = field(default_factory=set)
    _new: list[Image] = field(default_factory=list)

    def name_of(self, address: str) -> str | None:
        """The name under which the picture at an address is kept; None where there is none to keep."""
        address = address.strip()
        if address not in self._names:
            self._names[address] = self._kept(address)
        return self._names[address]

    def taken(self) -> tuple[Image, ...]:
        """The pictures kept since this was asked last."""
        new, self._new = tuple(self._new), []
        return new

    def _kept(self, address: str) -> str | None:
        data, stem = self._read(address)
        if data is None or len(data) < _TINY:
            return None
        if len(data) > MAX_BYTES:
            self.too_large += 1
            return None
        ending = picture_type(data)
        if ending is None:
            self.unshown += 1
            return None
        digest = hashlib.sha256(data).digest()
        if digest not in self._by_content:
            name = self._free_name(stem, ending)
            self._by_content[digest] = name
            self._new.append(Image(name, data))
        return self._by_content[digest]

    def _read(self, address: str) -> tuple[bytes | None, str]:
        if address.startswith("data:"):
            number = address.removeprefix("data:")
            whole = self.embedded[int(number)] if number.isdecimal() and int(number) < len(self.embedded) else address
            return _of_data_uri(whole), "image"
        if not address or re.match(r"[a-z][a-z0-9+.-]+:|//|#", address, re.I):
            return None, ""
        path = re.split(r"[?#]", address)[0]
        data = self.beside(unquote(path))
        if data is None and path != address:
            data = self.beside(unquote(address))
        return data, Path(unquote(path).replace("\\", "/")).stem

    def _free_name(self, stem: str, ending: str) -> str:
        stem = re.sub(r"[^\w.-]+", "-", stem).strip("-. ")[:60] or "image"
        number, name = 1, f"{stem}{ending}"
        if stem == "image":
            name = f"image1{ending}"
        while name.lower() in self._used:
            number += 1
            name = f"{stem}{number}{ending}" if stem == "image" else f"{stem}-{number}{ending}"
        self._used.add(name.lower())
        return name

    def warning(self) -> str:
        """What of the pictures could not be kept, one sentence; empty where all could."""
        parts = []
        if self.unshown:
            parts.append(
                f"{_pictures(self.unshown)} in a format that browsers do not show (EMF, WMF, TIFF) left out; save as PNG"
            )
        if self.too_large:
            parts.append(f"{_pictures(self.too_large)} over {MAX_BYTES // 1_000_000} MB left out; make them smaller")
        return "; ".join(parts)


def _pictures(count: int) -> str:
    return "1 picture" if count == 1 else f"{count} pictures"


def picture_type(data: bytes) -> str | None:
    """The ending of a picture that browsers show, by its first bytes."""
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return ".png"
    if data.startswith(b"\xff\xd8\xff"):
        return ".jpg"
    if data.startswith((b"GIF87a", b"GIF89a")):
        return ".gif"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return ".webp"
    if data[4:12] in {b"ftypavif", b"ftypavis"}:
        return ".avif"
    if re.match(
        rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*\?>\s*|<!--.*?-->\s*|<!DOCTYPE svg[^>]*>\s*)*<svg[\s>]", data[:3000], re.S
    ):
        return ".svg"
    return None


def _of_data_uri(address: str) -> bytes | None:
    """The bytes that a `data:` address holds (RFC 2397)."""
    head, comma, body = address.partition(",")
    if not comma or len(body) > 2 * MAX_BYTES:
        return None
    if not head.lower().rstrip().endswith(";base64"):
        return unquote_to_bytes(body)
    packed = re.sub(rb"[^A-Za-z0-9+/]", b"", unquote_to_bytes(body))
    try:
        return base64.b64decode(packed + b"=" * (-len(packed) % 4))
    except binascii.Error:
        return None


def in_folder(folder: Path) -> Source:
    """Reads files below `folder` and no others, wherever links lead."""
    inside = folder.resolve()

    def read(address: str) -> bytes | None:
        try:
            path = (folder / address.replace("\\", "/")).resolve()
            if not path.is_relative_to(inside) or not path.is_file() or path.stat().st_size > MAX_BYTES:
                return None
            return path.read_bytes()
        except (OSError, ValueError, RuntimeError):
            return None

    return read
