"""ZIP archives: their members unpacked one after another, safely, and the check for formats that are archives inside."""

import re
import stat
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path, PurePosixPath

from ....errors import InputError
from .names import is_leftover, is_outside, member_names
from .zip_file import BROKEN, Budget, TooLarge, opened, pieces

MAX_DEPTH = 2
"""An archive, and archives inside it."""

_ENTITIES = re.compile(rb"<!(?:DOCTYPE|ENTITY)")


@dataclass(frozen=True)
class Member:
    """One file of an archive.

    Attributes:
        name: its path inside, forward slashes, safe to join to a folder; a member of an inner archive is
            `inner.zip/notes.md`.
        path: where its bytes lie until the next member is asked for; None where it was passed over.
        warning: why it was passed over and what to do, one sentence without the archive's name; else empty.
    """

    name: str
    path: Path | None
    warning: str = ""


def members(
    file: Path, shown_as: str, into: Path, wanted: Callable[[str], bool] = lambda name: True
) -> Iterator[Member]:
    """Unpack a ZIP archive into the folder `into`, one member after another, each removed before the next.

    Folders, hidden files and what systems leave behind are passed over in silence; links, names that lead outside,
    encrypted, broken and absurdly large members with a warning. Of members with the same name the last one counts.

    Args:
        file: the archive on disk.
        shown_as: what errors call it.
        into: an existing folder of the caller's, to which nothing else is written meanwhile.
        wanted: says by its name whether a file is to be unpacked; what is not costs nothing. Inner archives always are.

    Raises:
        InputError: it is no ZIP archive, is broken or encrypted, or its members are too many or too large in sum; the last
            may come after some members were given.
    """
    numbers = count(1)
    places = (into / f"{number:05}" for number in numbers)
    yield from _Unpacking(places, wanted, Budget(shown_as)).members(file, shown_as, 1)


def check_container(file: Path, shown_as: str) -> None:
    """Make sure that a document which is a ZIP inside (DOCX, PPTX, XLSX, EPUB) can be handed to a library.

    Raises:
        InputError: it is empty, encrypted, an old binary Office file, no ZIP, broken, unpacks to absurd sizes, or (Office
            only, where ISO/IEC 29500-2 forbids it) its XML declares entities.
    """
    budget = Budget(shown_as)
    with opened(file, shown_as) as archive:
        size = file.stat().st_size
        office = "[Content_Types].xml" in archive.namelist()
        budget.take_members(len(archive.infolist()))
        for info in archive.infolist():
            if info.flag_bits & 1:
                raise InputError(f"{shown_as} is encrypted; save it without a password.")
            is_xml = office and info.filename.lower().endswith((".xml", ".rels"))
            before = b""
            try:
                for piece in pieces(archive, info, size):
                    budget.take_bytes(len(piece))
                    if is_xml and _ENTITIES.search((before + piece).replace(b"\x00", b"")):
                        raise InputError(
                            f"{shown_as} declares XML entities, which no Office program writes; save it again."
                        )
                    before = piece[-32:]
            except TooLarge as error:
                raise InputError(f"{shown_as} has a part that unpacks to {error}; save it again without it.") from error
            except BROKEN as error:
                raise InputError(
                    f"{shown_as} is broken ({info.filename} cannot be unpacked); save or download it again."
                ) from error


@dataclass
class _Unpacking:
    """What one call shares with the archives inside: free places on disk, the choice, the budget."""

    places: Iterator[Path]
    wanted: Callable[[str], bool]
    budget: Budget

    def members(self, file: Path, shown_as: str, depth: int) -> Iterator[Member]:
        with opened(file, shown_as) as archive:
            infos = archive.infolist()
            self.budget.take_members(len(infos))
            named = {name: info for name, info in zip(member_names(infos), infos, strict=True) if _is_file(name, info)}
            chosen = {name: info for name, info in named.items() if _is_archive(name) or self.wanted(name)}
            if chosen and all(info.flag_bits & 1 for info in chosen.values()):
                raise InputError(f"{shown_as} is encrypted; unpack it with its password and give the folder.")
            for name, info in chosen.items():
                if problem := _problem(name, info, depth):
                    yield Member(_harmless(name), None, f"{_harmless(name)} {problem}")
                    continue
                path = next(self.places).with_suffix(_suffix(name))
                try:
                    if problem := self._unpack(archive, info, path, file.stat().st_size):
                        yield Member(name, None, f"{name} {problem}")
                    elif _is_archive(name):
                        yield from self._inner(path, name, depth)
                    else:
                        yield Member(name, path)
                finally:
                    path.unlink(missing_ok=True)

    def _inner(self, path: Path, name: str, depth: int) -> Iterator[Member]:
        """The members of an archive inside; one that cannot be read costs only itself, one over the budget everything."""
        try:
            for member in self.members(path, name, depth + 1):
                warning = f"{name}/{member.warning}" if member.warning else ""
                yield Member(f"{name}/{member.name}", member.path, warning)
        except InputError as error:
            if self.budget.spent:
                raise
            yield Member(name, None, str(error).rstrip("."))

    def _unpack(self, archive: zipfile.ZipFile, info: zipfile.ZipInfo, path: Path, size: int) -> str:
        """Write a member to `path`; returns why it could not be, or nothing."""
        try:
            with path.open("wb") as out:
                for piece in pieces(archive, info, size):
                    self.budget.take_bytes(len(piece))
                    out.write(piece)
        except TooLarge as error:
            return f"unpacks to {error}; unpack it yourself if you need it"
        except NotImplementedError:
            return "is packed in a way that is not known here; pack it again as an ordinary ZIP"
        except BROKEN as error:
            if isinstance(error, OSError) and error.errno is not None:
                raise InputError(
                    f"{path.parent} cannot be written ({error.strerror}); free some space there."
                ) from error
            return "is broken; pack or download the archive again"
        return ""


def _is_file(name: str, info: zipfile.ZipInfo) -> bool:
    return not (name.endswith("/") or info.is_dir() or is_leftover(name))


def _is_archive(name: str) -> bool:
    return name.lower().endswith(".zip")


def _problem(name: str, info: zipfile.ZipInfo, depth: int) -> str:
    """Why a member is not even opened; empty where it is."""
    if is_outside(name):
        return "has a name that leads out of the archive; rename it there if you need it"
    if stat.S_IFMT(info.external_attr >> 16) not in (0, stat.S_IFREG):
        return "is a link or a device and no file; put the file itself into the archive"
    if info.flag_bits & 1:
        return "is encrypted; unpack it with its password"
    if _is_archive(name) and depth >= MAX_DEPTH:
        return "is an archive in an archive in an archive; unpack it and give the folder"
    return ""


def _harmless(name: str) -> str:
    """A name to show that joins to no place outside."""
    parts = [part for part in name.replace(":", "_").split("/") if part not in ("", ".", "..")]
    return "/".join(parts) or "a file without a name"


def _suffix(name: str) -> str:
    """The ending by which readers know the format, where a file system can carry it."""
    suffix = PurePosixPath(name).suffix.lower()
    return suffix if suffix[1:].isascii() and suffix[1:].isalnum() and len(suffix) <= 12 else ""
