"""Tables that only level rules draw: one above, one below the head, one at the end, or one below each row.

So LaTeX's booktabs and most style sheets set them. The rules say where the table stands; its columns are the strips between
them that no word reaches into, or the pieces in which the file draws the rules, one a cell.
"""

from itertools import pairwise
from statistics import median

from .drawings import Drawings, Rule
from .lines import Line, cell_text, lines_of, pieces_of
from .page import Box, Word
from .tables import LONGEST_CELL, Table

_NEAR = 3.0
"""Points by which the rules of one table differ at their ends."""
_SHORTEST = 60.0
_MOST_RULES = 400
_ABOVE = 1.2
"""Of the font's size: how far above a rule a head's baseline is at most."""
_GAP = 0.5
"""Of the font's size: what parts two columns where three rows or more agree on it."""
_WIDE_GAP = 0.9
"""The same for two rows."""
_FILLED = 0.5
"""Share of the cells that have words."""
_FULL = 0.8
"""The same where no rule stands above the head."""

_MANY = 3
"""Lines between two rules whose columns show by themselves."""
_HEAD = 0.7
"""Share of the head's columns that the whole table has at least: titles may stand over several."""
_ALIKE = 1.25
"""Lines of a table differ in size no more; headings between rules do."""


def level_tables(drawings: Drawings, words: list[Word], taken: list[Box]) -> list[Table]:
    """The tables between level rules of the same length.

    Args:
        taken: where tables are that upright rules draw too.
    """
    level = [rule for rule in drawings.rules if rule.level and not any(_inside(rule, box) for box in taken)]
    if not 2 <= len(level) <= _MOST_RULES:
        return []
    found: list[Table] = []
    for stack in _stacks(level):
        above = _over_head(stack[0], words, taken)
        stack = [*above, *stack]
        start = 0
        while start + 2 < len(stack):
            table, end = _longest(stack, start, words, level, taken)
            if table and _is_drawing(table, drawings, bool(above) and start == 0):
                table = None
            if table:
                found.append(table)
            start = end if table else start + 1
    return found


def _inside(rule: Rule, box: Box) -> bool:
    return box.top - _NEAR <= rule.at <= box.bottom + _NEAR and rule.start < box.x1 and rule.end > box.x0


def _stacks(rules: list[Rule]) -> list[list[Rule]]:
    """Whole rules, made of the pieces that touch, that begin and end at the same x, from top to bottom."""
    whole: list[Rule] = []
    for rule in sorted(rules, key=lambda rule: (round(rule.at), rule.start)):
        last = whole[-1] if whole else None
        if last and abs(last.at - rule.at) <= 1.5 and rule.start <= last.end + _NEAR:
            whole[-1] = Rule(True, last.at, last.start, max(last.end, rule.end))
        else:
            whole.append(rule)
    stacks: list[list[Rule]] = []
    for rule in sorted((one for one in whole if one.end - one.start >= _SHORTEST), key=lambda one: one.at):
        for stack in stacks:
            if abs(stack[-1].start - rule.start) <= _NEAR and abs(stack[-1].end - rule.end) <= _NEAR:
                if rule.at - stack[-1].at > _NEAR:
                    stack.append(rule)
                break
        else:
            stacks.append([rule])
    return stacks


def _is_drawing(table: Table, drawings: Drawings, headless: bool) -> bool:
    """Whether the rules are a plot's lines: curves stand between them, or upright lines where no rule stands above the head."""
    if any(table.box.holds(stroke) for stroke in drawings.strokes):
        return True
    upright = any(
        not rule.level and table.box.holds(Box(rule.at, rule.start, rule.at, rule.end)) for rule in drawings.rules
    )
    filled = sum(bool(cell) for row in table.rows for cell in row)
    return headless and (upright or filled < _FULL * len(table.rows) * len(table.rows[0]))


def _over_head(first: Rule, words: list[Word], taken: list[Box]) -> list[Rule]:
    """A rule above the line of cells that stands right on the first rule, where the table has none; else nothing."""
    near = [word for word in words if first.start - 1 <= word.x0 and word.x1 <= first.end + 1]
    near = [word for word in near if 0 < first.at - word.baseline < _ABOVE * word.size]
    if not near:
        return []
    head = lines_of(near)[-1]
    top = head.box.top - 1
    if len(pieces_of(head, _GAP)) < 2 or any(_inside(Rule(True, top, first.start, first.end), box) for box in taken):
        return []
    return [Rule(True, top, first.start, first.end)]


def _longest(
    stack: list[Rule], start: int, words: list[Word], pieces: list[Rule], taken: list[Box]
) -> tuple[Table | None, int]:
    """The table that begins at a rule and takes in as many of the following ones as it can, and the rule behind it."""
    bands: list[list[Line]] = []
    best: Table | None = None
    end = start + 1
    cells = _edges(pieces, stack[start])
    for index in range(start + 1, len(stack)):
        box = Box(stack[start].start, stack[index - 1].at, stack[start].end, stack[index].at)
        here = [word for word in words if box.holds(word, 0.0)]
        if not here or any(box.touches(other) for other in taken):
            break
        bands.append(lines_of(here))
        if len(bands) < 2:
            if _reaches_out(bands[0], words, box):
                break
            continue
        table = _table(bands, cells, Box(box.x0, stack[start].at, box.x1, box.bottom))
        if table is None or _reaches_out(bands[-1], words, box):
            break
        best, end = table, index + 1
    return best, end


def _reaches_out(lines: list[Line], words: list[Word], box: Box) -> bool:
    """Whether a line between the rules goes on right beside them: then they underline something in it."""
    for line in lines:
        for word in words:
            beside = min(abs(word.x1 - line.x0), abs(line.x1 - word.x0))
            if abs(word.baseline - line.baseline) < 1 and not box.holds(word, 0.0) and beside < 0.5 * line.size:
                return True
    return False


def _edges(pieces: list[Rule], whole: Rule) -> list[float]:
    """Where one cell's piece of the rule ends and the next one begins; fewer than two pieces say nothing."""
    own = [one for one in pieces if abs(one.at - whole.at) <= 1.5 and whole.start - 1 <= one.start <= whole.end]
    starts = sorted({round(one.start, 1) for one in own})
    return starts[1:] if len(starts) == len(own) > 1 else []


def _table(bands: list[list[Line]], cells: list[float], box: Box) -> Table | None:
    """The bands' words as rows and columns; None where they are no table."""
    lines = [line for band in bands for line in band]
    columns = _by_edges(lines, cells, box) or _columns(lines)
    most = max([len(_columns(band)) for band in bands if len(band) >= _MANY], default=2)
    most = max(2, most, round(_HEAD * len(_columns(bands[0]))))
    sizes = [line.size for line in lines]
    if len(columns) < (2 if cells else most) or max(sizes) > _ALIKE * min(sizes):
        return None
    head = _row(bands[0], columns)
    ruled = len(bands) > 3
    rows = [head]
    for band in bands[1:]:
        rows += [_row(band, columns)] if ruled and not _are_rows(band, columns) else _rows(band, columns)
    filled = sum(bool(cell) for row in rows for cell in row)
    if filled < _FILLED * len(rows) * len(columns) or sum(map(bool, head)) < 2:
        return None
    if max(len(cell) for row in rows for cell in row) > LONGEST_CELL:
        return None
    return Table(box, rows)


def _are_rows(lines: list[Line], columns: list[Box]) -> bool:
    """Whether most of the lines between two rules fill several cells, so that each is a row."""
    several = sum(sum(map(bool, _row([line], columns))) > 1 for line in lines)
    return len(lines) >= _MANY and 3 * several >= 2 * len(lines)


def _by_edges(lines: list[Line], cells: list[float], box: Box) -> list[Box]:
    """The columns that the pieces of the rules are for; none where a word reaches over one's edge."""
    edges = [box.x0, *cells, box.x1]
    crossed = any(word.x0 < edge - 1 and word.x1 > edge + 1 for line in lines for word in line.words for edge in cells)
    return [] if crossed or not cells else [Box(a, 0.0, b, 1.0) for a, b in pairwise(edges)]


def _columns(lines: list[Line]) -> list[Box]:
    """The strips that words stand in, parted by what no line reaches into."""
    size = median(line.size for line in lines)
    gap = (_GAP if len(lines) > 2 else _WIDE_GAP) * size
    merged: list[Box] = []
    for word in sorted((word for line in lines for word in line.words), key=lambda word: word.x0):
        box = Box(word.x0, 0.0, word.x1, 1.0)
        if merged and box.x0 - merged[-1].x1 < gap:
            merged[-1] = merged[-1].with_(box)
        else:
            merged.append(box)
    return merged


def _rows(lines: list[Line], columns: list[Box]) -> list[list[str]]:
    """The lines as rows; one that only goes on with cells of the row above belongs to it."""
    steps = [below.baseline - above.baseline for above, below in pairwise(lines)]
    tight = min(steps) * 1.25 if steps and min(steps) * 1.25 < max(steps) else 0.0
    groups: list[list[Line]] = []
    for place, line in enumerate(lines):
        filled = [bool(cell) for cell in _row([line], columns)]
        above = [bool(cell) for cell in _row(groups[-1], columns)] if groups else []
        within = groups and not any(now and not before for now, before in zip(filled, above, strict=True))
        rest = not filled[0] and 2 * sum(filled) <= len(columns)
        if within and sum(filled) < sum(above) and (rest or steps[place - 1] <= tight):
            groups[-1].append(line)
        else:
            groups.append([line])
    return [_row(group, columns) for group in groups]


def _row(lines: list[Line], columns: list[Box]) -> list[str]:
    """Lines as one row of cells."""
    cells: list[list[Word]] = [[] for _ in columns]
    for line in lines:
        for word in line.words:
            middle = (word.x0 + word.x1) / 2
            place = min(range(len(columns)), key=lambda at: max(columns[at].x0 - middle, middle - columns[at].x1, 0.0))
            cells[place].append(word)
    return [cell_text(words) for words in cells]
