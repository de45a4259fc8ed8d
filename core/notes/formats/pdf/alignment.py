"""Tables without upright lines: rows whose pieces stand below one another in the same columns."""

from .lines import Line, cell_text, pieces_of
from .page import Box, Word
from .tables import Table

_GAP = 1.0
"""Of the font's size: what parts two cells at least."""
_NARROW_GAP = 0.5
"""The same where the cells begin like those of two rows above."""
_ROWS = 3
"""Rows that a table of two columns has at least; of more columns, one less."""
_LONGEST = 300
"""Rows that are looked at together."""
_STEP = 2.6
"""Of the font's size: rows farther apart belong to two tables."""


def aligned_tables(lines: list[Line], is_item: list[bool]) -> list[Line | Table]:
    """The lines of a column, with those that make a table replaced by it.

    Args:
        is_item: for each line, whether it begins an item of a list, or is code or an entry of contents: then it is no row.
    """
    found: list[Line | Table] = []
    index = 0
    while index < len(lines):
        rows, columns, end = _run(lines, is_item, index)
        if _is_table(rows, columns):
            words = [word for line in lines[index:end] for word in line.words]
            found.append(Table(_around(words), [_cells(row, columns) for row in rows]))
            index = end
        else:
            found.append(lines[index])
            index += 1
    return found


def _run(lines: list[Line], is_item: list[bool], start: int) -> tuple[list[list[Line]], list[Box], int]:
    """The rows that begin at a line and keep to common columns: their lines, the columns, and the line after them."""
    rows: list[list[Line]] = []
    columns: list[Box] = []
    index = start
    while index < min(len(lines), start + _LONGEST):
        line = lines[index]
        if is_item[index] or (rows and not 0 < line.baseline - lines[index - 1].baseline <= _STEP * line.size):
            break
        pieces = _pieces(line, columns, len(rows))
        if max(piece.size for piece in pieces) > 1.12 * min(piece.size for piece in pieces):
            break
        if len(pieces) < 2:
            if not rows or not _is_rest(line, columns, lines[index + 1 : index + 2]):
                break
            if line.x0 >= columns[1].x0 - 0.5 * line.size:
                rows[-1].append(line)
            else:
                rows.append([line])
            index += 1
            continue
        wider = _columns(columns, pieces, line.size)
        if len(wider) < 2 or (rows and len(wider) < len(columns)):
            break
        columns = wider
        rows.append([line])
        index += 1
    while rows and len(rows[-1]) == 1 and len(pieces_of(rows[-1][0], _GAP)) < 2:
        rows.pop()
        index -= 1
    return rows, columns, index


def _pieces(line: Line, columns: list[Box], rows: int) -> list[Line]:
    """The line's cells; narrow gaps part them where that puts each into a column of the rows above, at its left edge."""
    pieces = pieces_of(line, _GAP)
    if rows < 2 or len(columns) < 3 or len(pieces) >= len(columns):
        return pieces
    narrow = pieces_of(line, _NARROW_GAP)
    near = 0.15 * line.size
    begun = {min(range(len(columns)), key=lambda at: abs(columns[at].x0 - one.x0)) for one in narrow}
    fits = all(min(abs(column.x0 - one.x0) for column in columns) <= near for one in narrow)
    return narrow if fits and len(begun) == len(narrow) else pieces


def _is_rest(line: Line, columns: list[Box], following: list[Line]) -> bool:
    """Whether a line of one piece stays inside a column of the table that it follows."""
    slack = 0.5 * line.size
    inside = any(box.x0 - slack <= line.x0 and line.x1 <= box.x1 + slack for box in columns)
    if not inside or line.x0 >= columns[1].x0 - slack:
        return inside
    return bool(following) and len(pieces_of(following[0], _GAP)) >= 2


def _columns(columns: list[Box], pieces: list[Line], size: float) -> list[Box]:
    """The columns with the extents of a further row's pieces; those that come too close become one."""
    boxes = sorted([*columns, *(Box(one.x0, 0.0, one.x1, 1.0) for one in pieces)], key=lambda box: box.x0)
    merged: list[Box] = []
    for box in boxes:
        if merged and box.x0 - merged[-1].x1 < 0.6 * size:
            merged[-1] = merged[-1].with_(box)
        else:
            merged.append(box)
    return merged


def _is_table(rows: list[list[Line]], columns: list[Box]) -> bool:
    if len(columns) < 2 or len(rows) < (_ROWS if len(columns) == 2 else _ROWS - 1):
        return False
    full = sum(bool(cell) for row in rows for cell in _cells(row, columns))
    return full >= 0.55 * len(rows) * len(columns)


def _cells(row: list[Line], columns: list[Box]) -> list[str]:
    """A row's text by columns."""
    words: list[list[Word]] = [[] for _ in columns]
    for line in row:
        for word in line.words:
            middle = (word.x0 + word.x1) / 2
            place = min(range(len(columns)), key=lambda at: max(columns[at].x0 - middle, middle - columns[at].x1, 0.0))
            words[place].append(word)
    return [cell_text(one) for one in words]


def _around(words: list[Word]) -> Box:
    return Box(
        min(word.x0 for word in words),
        min(word.top for word in words),
        max(word.x1 for word in words),
        max(word.bottom for word in words),
    )
