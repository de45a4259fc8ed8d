"""The files that notes are read from: every one below the given paths, archives opened, in the order a person expects."""

import os
import re
import tempfile
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from ..errors import InputError, KcreateError
from ..journal import is_course
from .formats.recognition import format_of
from .pictures import is_picture

_HAN_NUMBER = re.compile(r"[〇零一二三四五六七八九十百]+$")
_NOT_IN_NAMES = re.compile(r'[\x00-\x1f\x7f<>:"|?*\\]')
_LONGEST_NAME = 180
"""Bytes of a file's name without its ending; file systems allow 255, and a part's number has to fit."""


@dataclass(frozen=True)
class NoteFile:
    """A file to read notes from.

    Attributes:
        path: where its bytes are now; a member of an archive lies in a temporary folder while it is read.
        name: its path below the folder that was given, forward slashes, its own ending.
        shown_as: what messages call it.
        root: the folder that its relative links may lead into.
        problem: why it cannot be read at all, one sentence; empty where it can.
    """

    path: Path
    name: str
    shown_as: str
    root: Path
    problem: str = ""

    @property
    def document_name(self) -> str:
        """Its name as Markdown below `notes/`: NFC, without what a file system or a link would stumble over."""
        name = self.name.encode("utf-8", "replace").decode()
        parts = [_NOT_IN_NAMES.sub("-", part) for part in unicodedata.normalize("NFC", name).split("/")]
        stem = PurePosixPath(parts[-1]).stem or parts[-1]
        return "/".join([*(_short(part) for part in parts[:-1]), f"{_short(stem)}.md"])


def note_files(paths: Iterable[Path]) -> Iterator[NoteFile]:
    """The files at and below `paths`: hidden ones, links to folders and drafted courses are passed over.

    Files whose format is not one of notes come too; who reads them knows which those are.

    Raises:
        InputError: a path does not exist or a folder cannot be listed.
    """
    for root in paths:
        if not root.exists():
            raise InputError(f"{root} does not exist; give the folder or file that holds your notes.")
        folder = root if root.is_dir() else root.parent
        for file in _files(root):
            name = file.relative_to(folder).as_posix()
            if format_of(file) == "archive":
                yield from _members(file, name)
            else:
                yield NoteFile(file, name, str(file), folder)


def _members(archive: Path, name: str) -> Iterator[NoteFile]:
    """The files of an archive, one at a time on disk, as a folder that is called like it; its pictures lie beside them."""
    from .formats.archive.members import members

    inside = PurePosixPath(name).with_suffix("").as_posix()
    with tempfile.TemporaryDirectory(prefix="kcreate-") as temporary:
        unpacked, laid_out = Path(temporary) / "member", Path(temporary) / "archive"
        unpacked.mkdir()
        try:
            for picture in members(archive, str(archive), unpacked, is_picture):
                if picture.path is not None:
                    _lay(picture.path, laid_out / picture.name)
            for member in members(archive, str(archive), unpacked, lambda one: not is_picture(one)):
                shown_as = f"{archive}/{member.name}"
                if member.path is None:
                    problem = f"{shown_as}: {member.warning}"
                    yield NoteFile(archive, f"{inside}/{member.name}", shown_as, laid_out, problem)
                    continue
                file = _lay(member.path, laid_out / member.name)
                yield NoteFile(file, f"{inside}/{member.name}", shown_as, laid_out)
                file.unlink(missing_ok=True)
        except KcreateError as error:
            yield NoteFile(archive, name, str(archive), laid_out, str(error))


def _lay(file: Path, where: Path) -> Path:
    """The file, moved to where it lay in its archive."""
    where.parent.mkdir(parents=True, exist_ok=True)
    return file.replace(where)


def _files(root: Path) -> Iterator[Path]:
    """The files below `root` in natural order."""
    if not root.is_dir():
        yield root
        return
    found: list[Path] = []

    def refuse(error: OSError) -> None:
        raise InputError(f"{error.filename} cannot be read ({error.strerror}); mend its permissions or move it away.")

    for folder, below, names in os.walk(root, onerror=refuse, followlinks=False):
        below[:] = [one for one in below if not one.startswith(".") and not is_course(Path(folder) / one)]
        found += [Path(folder) / name for name in names if not name.startswith((".", "~$"))]
    yield from sorted(found, key=lambda file: natural(file.relative_to(root).as_posix()))


def natural(name: str) -> list[tuple[int, int, str]]:
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


def _short(part: str) -> str:
    """A name within what file systems allow, cut between characters."""
    return part.encode("utf-8")[:_LONGEST_NAME].decode("utf-8", "ignore").strip() or "notes"
