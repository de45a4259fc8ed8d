"""Footnotes of one file: each cited place gets a number when it is first used, and one definition at the end."""

from collections.abc import Callable

from ..course.citation import Citation
from ..notes.language import Language

Origins = Callable[[Citation], str]
"""What the cited lines were made from, as a reader sees it (`lecture.pdf, page 3`); empty where they are the original."""


class Footnotes:
    """Numbers citations in order of first use."""

    def __init__(self, language: Language, origins: Origins, up: str = "../") -> None:
        self._language = language
        self._origins = origins
        self._up = up
        self._numbers: dict[Citation, int] = {}

    def mark(self, citation: Citation) -> str:
        """The mark to put behind what the citation carries: `[^3]`."""
        return f"[^{self._numbers.setdefault(citation, len(self._numbers) + 1)}]"

    def definitions(self) -> str:
        """The definitions, one a line, for the end of the file."""
        return "\n".join(
            one.definition(number, self._language, self._up, self._origins(one))
            for one, number in self._numbers.items()
        )
