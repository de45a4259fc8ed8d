"""Rows of cells, however many, as Markdown: which are titles, which head a table, where one table ends and another begins."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from ..markdown_writing import not_a_block, plain, table

MAX_ROWS = 100
"""Rows of a table that go into one stretch …"""
MAX_CHARACTERS = 15_000
"""… as long as they have no more text than this."""

_NUMBER = re.compile(
    r"[-+]?[$¥€£￥]?[-+]?\d[\d,. ]*(?:[eE][-+]?\d+)?\s*%?|\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}(?:[ T][\d:.]+)?|\d{1,2}:\d{2}(?::\d{2})?"
)
_SENTENCE = re.compile(r"[.!?。！？；：:]$")
_LONG = 60


@dataclass(frozen=True)
class Row:
    """One row as a person sees it.

    Attributes:
        number: in the original, from 1.
        cells: their text; empty ones are empty strings.
        spans: a cell reaches over several columns, and its text stands in each of them.
    """

    number: int
    cells: Sequence[str]
    spans: bool = False


@dataclass(frozen=True)
class Stretch:
    """Markdown made of the rows `first` to `last`, both counted."""

    text: str
    first: int
    last: int


@dataclass
class _Table:
    """The table that is being read: its header, once there is one, and the rows not yet written."""

    lone: list[Row] = field(default_factory=list)
    header: Row | None = None
    rows: list[Row] = field(default_factory=list)
    size: int = 0
    has_numbers: bool = False
    written: bool = False
    columns: frozenset[int] = frozenset()


def stretches(rows: Iterator[Row]) -> Iterator[Stretch]:
    """The rows written as tables, with rows of a single cell as paragraphs before them; empty rows and columns are dropped.

    After an empty row a new table begins where the next row looks like a header; the rest of a long table comes with its
    header again. No more than a stretch is held in memory.
    """
    state, gap = _Table(), False
    for row in rows:
        filled = frozenset(index for index, cell in enumerate(row.cells) if cell)
        if not filled:
            gap = True
            continue
        if gap and _begins_anew(row, filled, state):
            yield from _written(state)
            state = _Table()
        gap = False
        if state.header is None and (
            len(filled) == 1 or (row.spans and len({row.cells[index] for index in filled}) == 1)
        ):
            state.lone.append(row)
        elif state.header is None:
            _head(state, row, filled)
        elif not state.rows and state.header.spans and not state.written and not _has_numbers(row):
            state.header = _joined(state.header, row)
        else:
            state.rows.append(row)
            state.has_numbers = state.has_numbers or _has_numbers(row)
        state.size += sum(map(len, row.cells))
        if len(state.rows) + len(state.lone) >= MAX_ROWS or state.size > MAX_CHARACTERS:
            yield from _written(state)
            state.lone, state.rows, state.size, state.written = [], [], 0, True
    yield from _written(state)


def _head(state: _Table, row: Row, filled: frozenset[int]) -> None:
    """Begin a table with its first row; where that is data already, its header stays empty."""
    state.columns = filled
    if 2 * sum(bool(_NUMBER.fullmatch(row.cells[index])) for index in filled) > len(filled):
        state.header = Row(row.number, [""] * len(row.cells))
        state.rows.append(row)
        state.has_numbers = True
    else:
        state.header = row


def _begins_anew(row: Row, filled: frozenset[int], state: _Table) -> bool:
    """Whether a row after an empty one heads a table of its own, rather than going on with the last."""
    if state.header is None:
        return False
    if list(row.cells) == list(state.header.cells) or len(filled) == 1:
        return True
    return not _has_numbers(row) and (state.has_numbers or filled != state.columns)


def _joined(upper: Row, lower: Row) -> Row:
    """Two rows of headings as one: a heading over several columns goes before each of theirs."""
    width = max(len(upper.cells), len(lower.cells))
    above, below = ([*row.cells, *[""] * (width - len(row.cells))] for row in (upper, lower))
    cells = [
        one if one == other or not other else f"{one} {other}".strip() for one, other in zip(above, below, strict=True)
    ]
    return Row(upper.number, cells)


def _has_numbers(row: Row) -> bool:
    return any(_NUMBER.fullmatch(cell) for cell in row.cells if cell)


def _written(state: _Table) -> Iterator[Stretch]:
    """What is held, as Markdown; of a table whose header alone was read, the header."""
    blocks = _paragraphs(state.lone)
    rows = list(state.lone)
    if state.header is not None and (state.rows or not state.written):
        shown = [state.header, *state.rows]
        rows += state.rows if state.written else [state.header, *state.rows]
        columns = sorted({index for row in shown for index, cell in enumerate(row.cells) if cell})
        blocks.append(table([[_cell(row, index) for index in columns] for row in shown]))
    if blocks:
        yield Stretch("\n\n".join(blocks), rows[0].number, rows[-1].number)


def _cell(row: Row, index: int) -> str:
    """A cell as inline Markdown; a formula that was never computed stands in back ticks and stays so."""
    text = row.cells[index] if index < len(row.cells) else ""
    return text if re.fullmatch(r"`=[^`\n]+`", text) else plain(text)


def _paragraphs(rows: list[Row]) -> list[str]:
    """Rows of a single cell: short ones, three at least and one below the other, are a list, else each is a paragraph."""
    texts = [next(cell for cell in row.cells if cell) for row in rows]
    together = len(rows) > 2 and rows[-1].number - rows[0].number == len(rows) - 1
    if together and not any(len(text) > _LONG or _SENTENCE.search(text) for text in texts):
        return ["\n".join(f"- {not_a_block(plain(text))}" for text in texts)]
    return [not_a_block(plain(text)) for text in texts]
