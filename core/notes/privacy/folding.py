"""One spelling for the same character: full-width forms as ASCII, invisible characters out, offsets kept true."""

import re
from dataclasses import dataclass

_FOLD = {0xFF01 + offset: 0x21 + offset for offset in range(94)}
_FOLD |= dict.fromkeys((0x2010, 0x2011, 0x2012, 0x2013, 0x2212, 0xFE63, 0xFE58), ord("-"))
_FOLD |= dict.fromkeys((0x00A0, 0x2002, 0x2003, 0x2007, 0x2009, 0x202F, 0x3000), ord(" "))
_FOLD |= {0xFE6B: ord("@"), 0xFE55: ord(":"), 0x2018: ord("'"), 0x2019: ord("'"), 0x201C: ord('"'), 0x201D: ord('"')}
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")


@dataclass(frozen=True)
class Folded:
    """A text folded for the recognisers.

    Attributes:
        text: the folded text.
        places: the original offset of each of its characters and of its end; None where nothing was taken out.
    """

    text: str
    places: list[int] | None

    def original(self, start: int, end: int) -> tuple[int, int]:
        """The stretch of the original that `start` to `end` of the folded text came from."""
        if self.places is None:
            return start, end
        return self.places[start], self.places[end - 1] + 1


def fold(text: str) -> Folded:
    """`text` with full-width letters, digits and signs, curly quotes, dashes and spaces as ASCII, one for one; characters
    that do not show (soft hyphen, zero-width space, byte order mark) are left out."""
    if not _INVISIBLE.search(text):
        return Folded(text.translate(_FOLD), None)
    places = [place for place, character in enumerate(text) if not _INVISIBLE.match(character)]
    return Folded("".join(text[place] for place in places).translate(_FOLD), [*places, len(text)])
