"""Footnotes of one file: each cited place gets a number when it is first used, and one definition at the end."""

from ..course.citation import Citation
from ..notes.language import Language


class Footnotes:
    """Numbers citations in order of first use."""

    def __init__(self, language: Language, up: str = "../") -> None:
        self._language = language
        self._up = up
        self._numbers: dict[Citation, int] = {}

    def mark(self, citation: Citation) -> str:
        """The mark to put behind what the citation carries: `[^3]`."""
        return f"[^{self._numbers.setdefault(citation, len(self._numbers) + 1)}]"

    def definitions(self) -> str:
        """The definitions, one a line, for the end of the file."""
        return "\n".join(one.definition(number, self._language, self._up) for one, number in self._numbers.items())
