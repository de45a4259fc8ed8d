"""Reading order: columns of text are found by the white gutters between them, headings and figures that span them cut them off.

A gutter is a strip without ink that is as high as some lines and has running text on both sides. The highest one parts a
region into what is above it, left of it, right of it and below it; each part is looked at again (recursive cuts after
Nagy and Seth, "Hierarchical representation of optically scanned documents", 1984).
"""

from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from .lines import CJK, Line
from .page import Box

T = TypeVar("T")
_FEWEST = 3
"""Lines that a column has at least."""
_GUTTERS = ((0.8, 3, 0.0), (0.45, 9, 0.0), (0.8, 12, 0.12))
"""A gutter's least width, in sizes of the running text, how many lines high it is then at least, and what share of its width
a line may stand out into it, as unbreakable addresses do."""
CUT = 0.4
"""Of the font's size: lines come cut at wider gaps, so that no piece of one bridges a gutter."""
_COLUMN = 8.0
"""A column's width at least, in sizes of the running text."""
_DEPTH = 24
_MOST = 5_000
"""Pieces of lines on a page that are looked through for columns; a page of text has some hundreds."""


@dataclass(frozen=True)
class Item(Generic[T]):
    """Something that takes up room on a page: a piece of a line, a table, a figure.

    Attributes:
        letters: of a piece of a line, a Chinese one counting twice; None of anything else.
        size: of a piece's font.
        drawn: its place in the order in which the file draws the page's words; -1 of anything else.
    """

    box: Box
    what: T
    letters: int | None = None
    size: float = 0.0
    drawn: int = -1


def in_reading_order(items: list[Item[T]], body: float, depth: int = 0) -> list[list[Item[T]]]:
    """The items in columns, in the order they are read; within a column from top to bottom.

    Args:
        body: the running text's size in points.
    """
    gutter = _gutter(items, body) if depth < _DEPTH and len(items) <= _MOST else None
    if gutter is None:
        return [sorted(items, key=lambda item: (item.box.top, item.box.x0))] if items else []
    above: list[Item[T]] = []
    left: list[Item[T]] = []
    right: list[Item[T]] = []
    below: list[Item[T]] = []
    for item in items:
        middle = (item.box.top + item.box.bottom) / 2
        if middle < gutter.top:
            above.append(item)
        elif middle > gutter.bottom:
            below.append(item)
        else:
            (left if item.box.x0 + item.box.x1 < gutter.x0 + gutter.x1 else right).append(item)
    parts = [part for part in (above, left, right, below) if part]
    if len(parts) < 2:
        return [sorted(items, key=lambda item: (item.box.top, item.box.x0))]
    return [column for part in parts for column in in_reading_order(part, body, depth + 1)]


def _gutter(items: list[Item[T]], body: float) -> Box | None:
    """The highest gutter between two columns of running text, or None."""
    best: tuple[float, Box] | None = None
    edges: set[int] = set()
    for item in items:
        x = item.box.x1 + 0.1
        if int(x / 2) in edges:
            continue
        edges.add(int(x / 2))
        for width, fewest, out in _GUTTERS:
            for strip in _free(items, x, x + width * body, out):
                strip = _above_heading(strip, items, body)
                if strip.height < 1.1 * fewest * body or (best and strip.height <= best[0]):
                    continue
                middle = (strip.x0 + strip.x1) / 2
                inside = [i for i in items if _within(i.box, strip)]
                left = [i for i in inside if i.box.x0 + i.box.x1 < 2 * middle]
                right = [i for i in inside if i.box.x0 + i.box.x1 >= 2 * middle]
                shared = _shared_height(left, right)
                if shared < 1.1 * fewest * body or (best and shared <= best[0]):
                    continue
                if (_is_column(left, body) or _are_headings(left, right, body)) and _is_column(right, body):
                    best = shared, strip
    return best[1] if best else None


def _above_heading(strip: Box, items: list[Item[T]], body: float) -> Box:
    """The strip as far as a heading that stands below all columns, though it is too short to reach over the gutter."""
    for item in sorted((i for i in items if i.size >= 1.12 * body and i.box.x1 <= strip.x0), key=lambda i: i.box.top):
        band = Box(0, item.box.top - 0.7 * body, 1, item.box.bottom)
        if not strip.top + 3 * body < band.top or band.top > strip.bottom:
            continue
        beside = [i for i in items if i is not item and i.box.top < band.bottom and i.box.bottom > band.top]
        same = all(abs(i.box.bottom - item.box.bottom) < 0.3 * body and i.box.x1 <= strip.x0 for i in beside)
        if same and any(i.box.x0 >= strip.x1 and strip.top <= i.box.top < band.top for i in items):
            return Box(strip.x0, strip.top, strip.x1, band.top)
    return strip


def _free(items: list[Item[T]], x0: float, x1: float, out: float) -> list[Box]:
    """The stretches of the strip between x0 and x1 that nothing stands in, from the top of the items to their end."""
    blocked = sorted(
        (i.box.top, i.box.bottom)
        for i in items
        if i.box.x0 < x1 and i.box.x1 > x0 and min(x1 - i.box.x0, i.box.x1 - x0) > out * i.box.width
    )
    top, end = min(i.box.top for i in items), max(i.box.bottom for i in items)
    found = []
    for start, stop in [*blocked, (end, end)]:
        if start > top:
            found.append(Box(x0, top, x1, start))
        top = max(top, stop)
    return found


def _within(box: Box, strip: Box) -> bool:
    return strip.top <= (box.top + box.bottom) / 2 <= strip.bottom


def _shared_height(left: list[Item[T]], right: list[Item[T]]) -> float:
    """The height over which there is something on both sides."""
    if not left or not right:
        return 0.0
    top = max(min(i.box.top for i in left), min(i.box.top for i in right))
    return min(max(i.box.bottom for i in left), max(i.box.bottom for i in right)) - top


def _is_column(items: list[Item[T]], body: float) -> bool:
    """Whether the items are lines of running text, not cells, marks or numbers; figures count for their height."""
    others = sum(item.box.height / (1.2 * body) for item in items if item.letters is None)
    pieces = [item for item in items if item.letters is not None]
    rows: list[tuple[Box, int]] = []
    for item in sorted(pieces, key=lambda item: item.box.top):
        middle = (item.box.top + item.box.bottom) / 2
        if rows and rows[-1][0].top <= middle <= rows[-1][0].bottom:
            rows[-1] = rows[-1][0].with_(item.box), rows[-1][1] + (item.letters or 0)
        else:
            rows.append((item.box, item.letters or 0))
    if len(rows) + others < _FEWEST:
        return False
    if not rows:
        return True
    width = max(row.x1 for row, _ in rows) - min(row.x0 for row, _ in rows)
    if width < _COLUMN * body:
        return False
    letters = sum(count for _, count in rows)
    wide = sum(count for row, count in rows if row.width >= 0.55 * width)
    return wide >= 0.6 * letters and letters / (len(rows) * _parts(pieces, body)) >= 13


def _are_headings(left: list[Item[T]], right: list[Item[T]], body: float) -> bool:
    """Whether on the left there are only headings, all of them drawn before what stands on the right: a column's rest."""
    drawn = [item.drawn for item in right if item.drawn >= 0]
    return bool(drawn) and all(item.size >= 1.12 * body and 0 <= item.drawn < min(drawn) for item in left)


def _parts(pieces: list[Item[T]], body: float) -> int:
    """How many columns, or cells, the pieces stand in that nothing reaches over."""
    count, end = 0, 0.0
    for item in sorted(pieces, key=lambda item: item.box.x0):
        if not count or item.box.x0 - end >= 0.6 * body:
            count += 1
        end = max(end, item.box.x1)
    return max(1, count)


def piece(line: Line, drawn: int) -> Item[Any]:
    """A piece of a line as an item."""
    letters = sum(len(word.text) + len(CJK.findall(word.text)) for word in line.words)
    return Item(line.box, line, letters, line.size, drawn)
