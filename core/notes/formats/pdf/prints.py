"""What a browser prints around a page: date and time, the title, the address, the number of pages; one page is enough to tell.

Chromium writes `11/22/26, 8:45 AM   Title` above and `https://… 1/3` below, Firefox title and address above, `1 of 3` and the
date below; both may be in the language of the machine.
"""

import re

from .lines import Line, lines_of, pieces_of
from .page import Frame, Word

_ZONE = 0.07
"""Of the page's height, at its upper and lower edge, in which browsers print."""
_WIDE = 1.5
"""Of the font's size: the gap that parts date, title and number."""
_DATE = r"\d{1,4}(?:[/.\-]|年)\d{1,2}(?:[/.\-]|月)\d{1,4}日?"
_HALF = r"(?:[ap]\.?m\.?|上午|下午|午前|午後)"
_CLOCK = rf"{_HALF}?\d{{1,2}}[:.]\d{{2}}(?:[:.]\d{{2}})?{_HALF}?"
_TIME = re.compile(rf"{_DATE}[,，]?{_CLOCK}", re.IGNORECASE)
_ADDRESS = re.compile(r"(?:(?:https?|file|chrome(?:-extension)?|moz-extension|blob)://|about:|data:)\S+", re.IGNORECASE)
_COUNT = re.compile(r"\d{1,4}(?:/|of|von|sur|de|／)\d{1,4}|第\d{1,4}页[,，]?共\d{1,4}页", re.IGNORECASE)


def without_print_margins(words: list[Word], frame: Frame) -> list[Word]:
    """The words without the line that a browser printed above them, and the one below."""
    zone = _ZONE * frame.height
    edge = [word for word in words if word.baseline < zone or word.baseline > frame.height - zone]
    if not edge:
        return words
    lines = lines_of(edge)
    above = [line for line in lines if line.baseline < zone][:1]
    below = [line for line in lines if line.baseline > frame.height - zone][-1:]
    printed = [line for line in [*above, *below] if _is_printed(line)]
    dropped = {id(word) for line in printed for word in line.words}
    return [word for word in words if id(word) not in dropped] if dropped else words


def _is_printed(line: Line) -> bool:
    """Whether a line is only what browsers print; a title counts beside a time or an address."""
    pieces = [re.sub(r"\s+", "", piece.text) for piece in pieces_of(line, _WIDE)]
    times = sum(bool(_TIME.fullmatch(piece)) for piece in pieces)
    addresses = sum(bool(_ADDRESS.fullmatch(piece)) for piece in pieces)
    counts = sum(bool(_COUNT.fullmatch(piece)) for piece in pieces)
    titles = len(pieces) - times - addresses - counts
    return times <= 1 and addresses <= 1 and counts <= 1 and titles <= (1 if times + addresses else 0)
