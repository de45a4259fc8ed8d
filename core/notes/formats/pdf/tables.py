"""Ruled tables: a grid of level and upright lines, and the words in its cells.

Lines that cross belong together; a grid's cells that no line parts are one cell, whose text stands in its first place.
"""

import re
from dataclasses import dataclass

from .drawings import Rule
from .lines import cell_text, lines_of
from .page import Box, Word

_SNAP = 3.0
"""Points by which lines that mean the same place differ."""
LONGEST_CELL = 1500
"""Characters: longer ones stand in the frames and rules of a newspaper page."""
_FRAME = 7
"""Rules that may make a box around text, with a line or two in it."""
_OPEN = 8.0
"""Points by which rules stand out at least where a table has no outer edge."""
_FILLED = 0.75
"""Share of the cells that have words, where a table has no outer edge."""
_MAX_CELLS = 20_000
_MAX_PAIRS = 400_000
"""Of lines that may cross; a page with more is a map."""
_NUMBER = re.compile(r"[-−+(]?[\d.,%\s]*\d[\d.,%)\s]*|[-–—]")


@dataclass
class Table:
    """A table as rows of cells, and where it stands."""

    box: Box
    rows: list[list[str]]


def ruled_tables(rules: list[Rule], words: list[Word], strokes: list[Box]) -> tuple[list[Table], list[Box]]:
    """The tables that the rules draw and that have words in two rows and two columns at least; and where else rules cross.

    Args:
        strokes: where curves and slanted lines stand; with such between them, rules without outer edges are a plot's axes.
    """
    found: list[Table] = []
    others: list[Box] = []
    for group in _crossing(rules):
        table = _table(group, words, strokes)
        if table:
            found.append(table)
        elif len(group) > _FRAME:
            level, upright = [rule for rule in group if rule.level], [rule for rule in group if not rule.level]
            others.append(
                Box(
                    min(rule.start for rule in level),
                    min(rule.start for rule in upright),
                    max(rule.end for rule in level),
                    max(rule.end for rule in upright),
                )
            )
    return found, others


def _crossing(rules: list[Rule]) -> list[list[Rule]]:
    """Groups of rules that are connected by crossings, touching ends included."""
    level = _merged([rule for rule in rules if rule.level])
    upright = _merged([rule for rule in rules if not rule.level])
    if len(level) * len(upright) > _MAX_PAIRS:
        return []
    owner = list(range(len(level) + len(upright)))

    def root(index: int) -> int:
        while owner[index] != index:
            owner[index] = owner[owner[index]]
            index = owner[index]
        return index

    for i, one in enumerate(level):
        for j, other in enumerate(upright, len(level)):
            if one.start - _SNAP <= other.at <= one.end + _SNAP and other.start - _SNAP <= one.at <= other.end + _SNAP:
                owner[root(i)] = root(j)
    groups: dict[int, list[Rule]] = {}
    for index, rule in enumerate([*level, *upright]):
        groups.setdefault(root(index), []).append(rule)
    return [group for group in groups.values() if len(group) >= 4]


def _merged(rules: list[Rule]) -> list[Rule]:
    """Rules on one line that touch, as one."""
    merged: list[Rule] = []
    for rule in sorted(rules, key=lambda rule: (round(rule.at / _SNAP), rule.start)):
        last = merged[-1] if merged else None
        if last and abs(last.at - rule.at) <= _SNAP and rule.start <= last.end + _SNAP:
            merged[-1] = Rule(rule.level, last.at, last.start, max(last.end, rule.end))
        else:
            merged.append(rule)
    return merged


def _table(group: list[Rule], words: list[Word], strokes: list[Box]) -> Table | None:
    """The grid's cells with their words; None where it is a frame around text, or a drawing."""
    edges = _edges(group)
    group = [*group, *edges]
    ys = _places([rule.at for rule in group if rule.level])
    xs = _places([rule.at for rule in group if not rule.level])
    if len(ys) < 3 or len(xs) < 3 or len(ys) * len(xs) > _MAX_CELLS:
        return None
    box = Box(xs[0], ys[0], xs[-1], ys[-1])
    inside = [word for word in words if box.holds(word)]
    if not inside:
        return None
    home = _homes(group, xs, ys)
    cells: dict[tuple[int, int], list[Word]] = {}
    for word in inside:
        place = _between(ys, word.baseline - 0.3 * word.size), _between(xs, (word.x0 + word.x1) / 2)
        cells.setdefault(home[place], []).append(word)
    rows = []
    for row in range(len(ys) - 1):
        rows += _split([cells.get((row, column), []) for column in range(len(xs) - 1)])
    rows = [row for row in rows if any(row)]
    used = [column for column in range(len(xs) - 1) if any(row[column] for row in rows)]
    rows = [[row[column] for column in used] for row in rows]
    if len(rows) < 2 or len(used) < 2 or max(len(text) for row in rows for text in row) > LONGEST_CELL:
        return None
    filled = sum(bool(text) for row in rows for text in row)
    if edges and (filled < _FILLED * len(rows) * len(used) or any(box.holds(stroke) for stroke in strokes)):
        return None
    return Table(box, rows)


def _edges(group: list[Rule]) -> list[Rule]:
    """The outer edges that a table lacks, whose inner rules end where those would be."""
    level, upright = [rule for rule in group if rule.level], [rule for rule in group if not rule.level]
    left, right = min(rule.start for rule in level), max(rule.end for rule in level)
    top, bottom = min(rule.start for rule in upright), max(rule.end for rule in upright)
    edges = [Rule(True, at, left, right) for at in (top, bottom) if min(abs(at - rule.at) for rule in level) > _OPEN]
    edges += [
        Rule(False, at, top, bottom) for at in (left, right) if min(abs(at - rule.at) for rule in upright) > _OPEN
    ]
    return edges


def _split(row: list[list[Word]]) -> list[list[str]]:
    """The row's texts; as several rows where numbers stand below one another that no line parts."""
    lines = [lines_of(words) if words else [] for words in row]
    counts = {len(one) for one in lines if one}
    numbers = [line.text for one in lines[1:] for line in one]
    stacked = len(counts) == 1 and max(counts) > 1 and sum(bool(one) for one in lines) > 1
    if stacked and 2 * sum(bool(_NUMBER.fullmatch(text)) for text in numbers) > len(numbers):
        return [[one[place].text if one else "" for one in lines] for place in range(max(counts))]
    return [[cell_text(words) for words in row]]


def _places(positions: list[float]) -> list[float]:
    """Different positions, those nearly alike taken for one."""
    found: list[float] = []
    for position in sorted(positions):
        if not found or position - found[-1] > _SNAP:
            found.append(position)
    return found


def _between(edges: list[float], at: float) -> int:
    """The interval of the edges that `at` is in; the first or the last one outside of them."""
    return max(0, min(len(edges) - 2, sum(edge <= at for edge in edges) - 1))


def _homes(group: list[Rule], xs: list[float], ys: list[float]) -> dict[tuple[int, int], tuple[int, int]]:
    """For each place of the grid, the first place of the cell it belongs to."""
    home = {(row, column): (row, column) for row in range(len(ys) - 1) for column in range(len(xs) - 1)}

    def find(place: tuple[int, int]) -> tuple[int, int]:
        while home[place] != place:
            place = home[place]
        return place

    def join(one: tuple[int, int], other: tuple[int, int]) -> None:
        first, second = sorted((find(one), find(other)))
        home[second] = first

    for row in range(len(ys) - 1):
        for column in range(len(xs) - 1):
            middle_x, middle_y = (xs[column] + xs[column + 1]) / 2, (ys[row] + ys[row + 1]) / 2
            if column + 2 < len(xs) and not _ruled(group, False, xs[column + 1], middle_y):
                join((row, column), (row, column + 1))
            if row + 2 < len(ys) and not _ruled(group, True, ys[row + 1], middle_x):
                join((row, column), (row + 1, column))
    return {place: find(place) for place in home}


def _ruled(group: list[Rule], level: bool, at: float, along: float) -> bool:
    """Whether a rule stands at `at` where it passes `along`."""
    return any(
        rule.level == level and abs(rule.at - at) <= _SNAP and rule.start - 1 <= along <= rule.end + 1 for rule in group
    )
