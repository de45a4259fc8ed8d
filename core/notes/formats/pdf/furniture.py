"""Running headers, footers and page numbers: what stands at the same height in the margins of several pages.

A line of the margins is furniture where it comes back (its numbers may change), or where it carries the page's number at
the place where other pages carry theirs. Text that comes back only inside the pages is the author's.
"""

import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from itertools import pairwise

from .lines import Line, lines_of, pieces_of
from .page import Page, Word

_ZONE = 0.2
"""Of the page's height: how far its margins reach in at most."""
_OUTERMOST = 3
"""Lines looked at above and below."""
_TOLERANCE = 4.0
"""Points by which the same furniture may stand higher or lower."""
_NUMBER = re.compile(r"\d+")
_HAN_NUMBERED = re.compile(r"(?<=第)[〇零一二三四五六七八九十百]+(?=页)|(?<=共)[〇零一二三四五六七八九十百]+(?=页)")
_ROMAN = re.compile(r"[ivxlc]{1,7}", re.IGNORECASE)
_SAYS_PAGE = re.compile(
    r"[-–—·|]?(?:page|seite|p\.?|页码?[:：]?)#(?:(?:of|/|von)#)?[-–—·|]?|第#页(?:[,，/]?共#页)?|[-–—]#[-–—]|#/#|#of#|共#页第#页",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class _Margin:
    """A line, or a piece of one, near the upper or lower edge of a page."""

    page: int
    upper: bool
    y: float
    key: str
    numbers: tuple[int, ...]
    alone: bool
    size: float


class Furniture:
    """Gathers the margins of all pages, then says which words of a page are furniture."""

    def __init__(self) -> None:
        self._margins: list[_Margin] = []
        self._pages = 0
        self._repeated: dict[tuple[bool, str], list[float]] = {}
        self._shifts: set[int] = set()
        self._number_rows: list[tuple[bool, float]] = []

    def see(self, page: Page) -> None:
        """Take in a page; every page is shown once, before `decide`."""
        self._pages += 1
        for margins, _ in _margins(page):
            self._margins += margins

    def decide(self, body: float) -> None:
        """Compare the pages.

        Args:
            body: the size of the running text; what is much larger and not the same everywhere is a title.
        """
        groups: dict[tuple[bool, str], list[_Margin]] = defaultdict(list)
        for margin in self._margins:
            groups[margin.upper, margin.key].append(margin)
        for key, group in groups.items():
            constant = "#" not in key[1]
            group = [one for one in group if constant or one.size <= 1.2 * body]
            ys = [y for y in {round(one.y) for one in group} if self._comes_back(group, y)]
            if ys:
                self._repeated[key] = [float(y) for y in ys]
        self._find_page_numbers(body)

    def without(self, page: Page) -> list[Word]:
        """The page's words, furniture left out."""
        dropped: set[int] = set()
        ended: set[bool] = set()
        for margins, line in _margins(page):
            upper = margins[0].upper
            if upper not in ended and any(map(self._is_furniture, margins)):
                dropped |= {id(word) for word in line.words}
            else:
                ended.add(upper)
        return [word for word in page.words if id(word) not in dropped]

    def _comes_back(self, group: list[_Margin], y: float) -> bool:
        """Whether the same line stands at this height on enough pages."""
        near = [one for one in group if abs(one.y - y) <= _TOLERANCE]
        pages = {one.page for one in near}
        alone = sum(one.alone for one in near) >= 0.7 * len(near)
        if len(pages) >= 3:
            return alone or 4 * len(pages) >= self._pages
        return len(pages) == 2 and self._pages <= 6 and alone

    def _find_page_numbers(self, body: float) -> None:
        """What the printed numbers differ from the count of the pages by, and where they stand."""
        votes: dict[int, set[int]] = defaultdict(set)
        for one in self._margins:
            if one.size <= 1.2 * body and (one.alone or one.key == "#"):
                for number in one.numbers:
                    votes[number - one.page].add(one.page)
        if not votes:
            return
        most = max(len(pages) for pages in votes.values())
        if most < 3 and not (self._pages <= 4 and most == 2):
            return
        self._shifts = {shift for shift, pages in votes.items() if len(pages) >= max(2, most // 4)}
        rows = Counter(
            (one.upper, round(one.y / _TOLERANCE))
            for one in self._margins
            if any(number - one.page in self._shifts for number in one.numbers)
        )
        self._number_rows = [(upper, y * _TOLERANCE) for (upper, y), count in rows.items() if count >= 2]

    def _is_furniture(self, margin: _Margin) -> bool:
        known = self._repeated.get((margin.upper, margin.key), ())
        if any(abs(margin.y - y) <= _TOLERANCE + 1 for y in known):
            return True
        if margin.alone and _SAYS_PAGE.fullmatch(margin.key):
            return True
        numbered = any(number - margin.page in self._shifts for number in margin.numbers)
        row = any(upper == margin.upper and abs(y - margin.y) <= 1.5 * _TOLERANCE for upper, y in self._number_rows)
        if numbered and ((row and margin.alone) or (margin.key == "#" and (row or margin.alone))):
            return True
        if self._pages == 1 and margin.alone and margin.key == "#" and margin.numbers == (1,):
            return True
        return row and margin.alone and bool(_ROMAN.fullmatch(margin.key))


def _margins(page: Page) -> list[tuple[list[_Margin], Line]]:
    """The outermost lines of a page, as far as a gap parts them from its text, with what each is compared by.

    Where no gap comes within the first lines, only the outermost one may be furniture. A line comes whole and, where it is
    apart from the text, in its pieces too: a title that changes beside a name that stays.
    """
    lines = [line for line in lines_of(page.words) if line.text.strip()]
    height = page.frame.height
    found: list[tuple[list[_Margin], Line]] = []
    for upper in (True, False):
        order = lines if upper else lines[::-1]
        reach = _block(order)
        for line in order[: max(1, reach)]:
            if (line.bottom > _ZONE * height) if upper else (line.top < (1 - _ZONE) * height):
                break
            pieces = pieces_of(line, 1.5) if reach else []
            shown = [line, *pieces] if len(pieces) > 1 else [line]
            found.append(([_margin(page.number, upper, one, reach > 0) for one in shown], line))
        if 0 < reach < len(order):
            beyond = _margin(page.number, upper, order[reach], True)
            if _SAYS_PAGE.fullmatch(beyond.key) or beyond.key == "#":
                found.append(([beyond], order[reach]))
    return found


def _block(order: list[Line]) -> int:
    """How many lines stand before the first gap wider than between lines; 0 where none comes soon."""
    for place, (line, beyond) in enumerate(pairwise(order), 1):
        if place > _OUTERMOST:
            return 0
        if abs(beyond.baseline - line.baseline) > 1.7 * max(line.size, beyond.size):
            return place
    return len(order) if len(order) <= _OUTERMOST else 0


def _margin(page: int, upper: bool, line: Line, alone: bool) -> _Margin:
    text = re.sub(r"\s+", "", line.text)
    key = _NUMBER.sub("#", _HAN_NUMBERED.sub("#", text))
    edges = re.match(r"\d{1,6}(?!\d)", text), re.search(r"(?<!\d)\d{1,6}$", text)
    numbers = tuple(int(edge[0]) for edge in edges if edge)
    return _Margin(page, upper, line.baseline, key, numbers, alone, line.size)
