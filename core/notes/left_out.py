"""Files that lay among the notes and are none: told once, by kind, when all is read."""

from collections.abc import Callable
from pathlib import PurePosixPath

from .files import NoteFile
from .formats.recognition import format_of
from .pictures import is_picture


class LeftOut:
    """What was passed over."""

    def __init__(self) -> None:
        self._endings: set[str] = set()
        self._pictures: list[str] = []

    def kind_of(self, file: NoteFile) -> str | None:
        """The file's format; None, and the file noted, where it is none of notes."""
        if file.problem:
            return "archive"
        kind = format_of(file.path)
        if kind is None and is_picture(file.name):
            self._pictures.append(file.name)
        elif kind is None:
            self._endings.add(PurePosixPath(file.name).suffix.lower() or file.name)
        return kind

    @property
    def endings(self) -> str:
        """The endings of the files, pictures too, as a list for a sentence."""
        return ", ".join(sorted(self._endings | {PurePosixPath(name).suffix.lower() for name in self._pictures}))

    def sentences(self, is_shown: Callable[[str], bool]) -> list[str]:
        """What to tell the author.

        Args:
            is_shown: whether a picture of this file name came along with a note that shows it.
        """
        alone = [name for name in self._pictures if not is_shown(PurePosixPath(name).name)]
        told = [f"Left out: {', '.join(sorted(self._endings))} files, which are no notes."] if self._endings else []
        if alone:
            names = ", ".join(alone[:3]) + (" …" if len(alone) > 3 else "")
            told.append(f"Left out: pictures that no note shows ({names}); run OCR over those that hold text.")
        return told
