"""The units that copying and repetition are counted in: words, in Chinese characters, without marks and case."""

import re
from collections.abc import Sequence

from ..notes.language import Language

_LATIN = r"[A-Za-zÀ-ɏ0-9]+(?:['’_.-][A-Za-zÀ-ɏ0-9]+)*"
_TOKEN = re.compile(rf"{_LATIN}|[㐀-䶿一-鿿豈-﫿]|[Ͱ-Ͽ]+")
_NO_PROSE = re.compile(r"`[^`\n]*`|\$\$.*?\$\$|\$[^$\n]*\$|(?<=\])\([^()\s]*\)", re.DOTALL)


def tokens(text: str) -> list[str]:
    """Words in lower case, each Chinese character by itself; marks, code, formulas, link targets and punctuation go."""
    return [found.lower().replace("’", "'") for found in _TOKEN.findall(_NO_PROSE.sub(" ", text))]


def grams(units: Sequence[str], length: int) -> list[tuple[str, ...]]:
    """Every run of `length` neighbours, in order."""
    return list(zip(*(units[start:] for start in range(length)), strict=False))


def copied_run(language: Language) -> int:
    """Units in a row that count as copied: 8 words, 12 characters in Chinese."""
    return 12 if language == "zh" else 8
