"""Opening a ZIP file that nobody vouches for: its directory, and its members' real bytes within limits.

Sizes are counted on the bytes that come out, not on those the archive declares (Fifield, "A better zip bomb", 2019).
"""

import copy
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from ....errors import InputError

MAX_TOTAL = 2_000_000_000
"""Bytes that may come out of one archive, archives inside it included."""
MAX_MEMBER = 500_000_000
MAX_MEMBERS = 20_000
MAX_RATIO = 200
"""How many times its packed size a member may have …"""
MAX_SMALL = 20_000_000
"""… once it has more bytes than this; text and tables seldom pass 20 times."""

BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    struct.error,
    ValueError,
    NotImplementedError,
    RuntimeError,
    IndexError,
)
"""What `zipfile` raises for archives that are damaged, cut off or of an unknown kind."""

_CHUNK = 1 << 20
_MAX_DIRECTORY = 16_000_000
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_NEW = {".doc": ".docx", ".ppt": ".pptx", ".xls": ".xlsx"}
_OTHERS = {
    b"Rar!": "a RAR archive",
    b"7z\xbc\xaf": "a 7-Zip archive",
    b"\x1f\x8b": "a gzip file",
    b"%PDF": "a PDF",
    b"{\\rtf": "an RTF file",
}


class TooLarge(Exception):
    """A member unpacks to more than it may; the text says to what."""


@dataclass
class Budget:
    """What may still be unpacked under one name, inner archives included."""

    shown_as: str
    bytes: int = MAX_TOTAL
    members: int = MAX_MEMBERS

    @property
    def spent(self) -> bool:
        """Something was asked for that is no longer there."""
        return self.bytes < 0 or self.members < 0

    def take_members(self, count: int) -> None:
        """Raises InputError where there are too many."""
        self.members -= count
        if self.members < 0:
            raise _too_many(self.shown_as)

    def take_bytes(self, count: int) -> None:
        """Raises InputError where there are too many."""
        self.bytes -= count
        if self.bytes < 0:
            raise InputError(
                f"{self.shown_as} unpacks to more than {MAX_TOTAL / 1e9:g} GB; unpack it and give the files that matter."
            )


def opened(file: Path, shown_as: str) -> zipfile.ZipFile:
    """The archive, its directory read.

    Raises:
        InputError: it cannot be opened, is empty, is another format or an encrypted one, is broken, or lists too many files.
    """
    try:
        with file.open("rb") as stream:
            _refuse_what_is_no_zip(stream, file.suffix.lower() or "ZIP", shown_as)
        return zipfile.ZipFile(file)
    except BROKEN as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise InputError(
                f"{shown_as} cannot be read ({error.strerror}); mend its permissions or move it away."
            ) from error
        raise InputError(f"{shown_as} is broken or cut off; save or download it again.") from error


def pieces(archive: zipfile.ZipFile, info: zipfile.ZipInfo, archive_size: int) -> Iterator[bytes]:
    """A member's real bytes, whatever length the archive declares.

    Raises:
        TooLarge: it unpacks to more than `MAX_MEMBER` or to more than `MAX_RATIO` times its packed size.
        NotImplementedError: it is packed with another method than Deflate; of those, memory could not be bounded.
    """
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise NotImplementedError
    whole = copy.copy(info)
    whole.file_size = 1 << 62  # ZipFile would stop, without a word, at a declared length that is too short
    packed = max(1, min(info.compress_size, archive_size))
    length = 0
    with archive.open(whole) as stream:
        while piece := stream.read(_CHUNK):
            length += len(piece)
            if length > MAX_MEMBER:
                raise TooLarge(f"more than {MAX_MEMBER / 1e6:.0f} MB")
            if length > MAX_SMALL and length > MAX_RATIO * packed:
                raise TooLarge(f"more than {MAX_RATIO} times its packed size")
            yield piece


def _refuse_what_is_no_zip(stream: IO[bytes], ending: str, shown_as: str) -> None:
    start = stream.read(8)
    if not start:
        raise InputError(f"{shown_as} is empty; leave it out or save it again.")
    if start == _OLE:
        if any("EncryptedPackage".encode("utf-16-le") in piece for piece in iter(lambda: stream.read(_CHUNK), b"")):
            raise InputError(f"{shown_as} is encrypted; save it without a password.")
        new = _NEW.get(ending, ending)
        raise InputError(f"{shown_as} is a binary Office file of the old kind; open it and save it as {new}.")
    for mark, kind in _OTHERS.items():
        if start.startswith(mark):
            raise InputError(
                f"{shown_as} is {kind} and no {ending}; unpack or convert it, or give it its right ending."
            )
    stream.seek(max(0, stream.seek(0, 2) - 66_000))  # the end record and the longest comment after it
    end = stream.read()
    at = end.rfind(b"PK\x05\x06")
    if at < 0 or at + 22 > len(end):
        if start.startswith(b"PK\x03\x04"):
            raise InputError(f"{shown_as} is broken or cut off; save or download it again.")
        raise InputError(
            f"{shown_as} is no ZIP archive, which a {ending} file is inside; save it again or give it its right ending."
        )
    if int.from_bytes(end[at + 12 : at + 16], "little") > _MAX_DIRECTORY:
        # Where this says 0xffffffff, the true size stands in a ZIP64 record, and is more than we would take anyway
        # unless the archive passes 4 GB.
        raise _too_many(shown_as)


def _too_many(shown_as: str) -> InputError:
    return InputError(f"{shown_as} has more than {MAX_MEMBERS:,} files; unpack it and give the folders that matter.")
