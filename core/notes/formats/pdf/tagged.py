"""Tables that the file itself names: tagged PDFs, as browsers and word processors write them, say which letters make a cell.

What the tags say (ISO 32000-2, 14.8.4) is believed where the page bears it out: rows below rows, cells beside cells, nothing
else between them. So tables without any rules are found.
"""

import ctypes
from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from .lines import cell_text
from .page import Box, Word
from .tables import LONGEST_CELL, Table

if TYPE_CHECKING:
    from pypdfium2 import PdfPage

_DEPTH = 40
_MOST = 20_000
"""Elements of a page's structure that are looked at."""
_FILLED = 0.5
"""Share of the cells that have words."""

_Rows = list[list[set[int]]]
"""For each row's cells the numbers of their marked content."""


def tagged_tables(page: "PdfPage", words: list[Word], taken: list[Box]) -> list[Table]:
    """The tables that the page's tags name and that do not lie where others were found."""
    if not any(word.mark >= 0 for word in words):
        return []
    marked: dict[int, list[Word]] = {}
    for word in words:
        marked.setdefault(word.mark, []).append(word)
    found: list[Table] = []
    for rows in _tables(page):
        table = _table(rows, marked, words)
        if table and not any(table.box.touches(box) for box in [*taken, *(one.box for one in found)]):
            found.append(table)
    return found


def _table(rows: _Rows, marked: dict[int, list[Word]], words: list[Word]) -> Table | None:
    """The words of the rows as a table; None where they do not stand on the page as the tags say."""
    cells = [[[word for mark in cell for word in marked.get(mark, [])] for cell in row] for row in rows]
    cells = [row for row in cells if any(row)]
    if len(cells) < 2 or len({len(row) for row in cells}) > 1 or len(cells[0]) < 2:
        return None
    if sum(bool(cell) for row in cells for cell in row) < _FILLED * len(cells) * len(cells[0]):
        return None
    bottom = 0.0
    for row in cells:
        boxes = [_around(cell) for cell in row if cell]
        if any(left.x1 > right.x0 + 1 for left, right in pairwise(boxes)):
            return None
        if min(box.top for box in boxes) < bottom - 0.3 * _size(row):
            return None
        bottom = max(box.bottom for box in boxes)
    own = [word for row in cells for cell in row for word in cell]
    box = _around(own)
    if sum(box.holds(word, 0.0) for word in words) > len(own):
        return None
    texts = [[cell_text(cell) for cell in row] for row in cells]
    return Table(box, texts) if max(len(text) for row in texts for text in row) <= LONGEST_CELL else None


def _size(row: list[list[Word]]) -> float:
    """The largest font's size in a row."""
    return max(word.size for cell in row for word in cell)


def _around(words: list[Word]) -> Box:
    return Box(
        min(word.x0 for word in words),
        min(word.top for word in words),
        max(word.x1 for word in words),
        max(word.bottom for word in words),
    )


def _tables(page: "PdfPage") -> list[_Rows]:
    """The tables in the page's structure; none where it has no structure or the file's is broken."""
    import pypdfium2.raw as pdfium

    tree = pdfium.FPDF_StructTree_GetForPage(page.raw)
    if not tree:
        return []
    try:
        walk = _Walk(pdfium)
        for index in range(max(0, pdfium.FPDF_StructTree_CountChildren(tree))):
            walk.into(pdfium.FPDF_StructTree_GetChildAtIndex(tree, index), None, None, 0)
        return walk.tables
    finally:
        pdfium.FPDF_StructTree_Close(tree)


class _Walk:
    """Goes through the elements of a page's structure and gathers tables."""

    def __init__(self, pdfium: Any) -> None:
        self._pdfium = pdfium
        self._seen = 0
        self.tables: list[_Rows] = []

    def into(self, element: Any, rows: _Rows | None, cell: set[int] | None, depth: int) -> None:
        """Take in an element of a table's rows, or of a cell, or of neither."""
        self._seen += 1
        if not element or depth > _DEPTH or self._seen > _MOST:
            return
        kind = self._kind(element)
        if cell is not None:
            cell.update(self._marks(element))
        elif kind == "Table":
            rows = []
            self.tables.append(rows)
        elif kind == "TR" and rows is not None:
            rows.append([])
        elif kind in ("TH", "TD") and rows:
            cell = set(self._marks(element))
            rows[-1].append(cell)
        for index in range(max(0, self._pdfium.FPDF_StructElement_CountChildren(element))):
            child = self._pdfium.FPDF_StructElement_GetChildAtIndex(element, index)
            if child:
                self.into(child, rows, cell, depth + 1)

    def _kind(self, element: Any) -> str:
        buffer = ctypes.create_string_buffer(64)
        length = self._pdfium.FPDF_StructElement_GetType(element, buffer, 64)
        return buffer.raw[: max(0, min(length, 64) - 2)].decode("utf-16-le", "replace")

    def _marks(self, element: Any) -> Iterator[int]:
        for index in range(max(0, self._pdfium.FPDF_StructElement_GetMarkedContentIdCount(element))):
            mark = self._pdfium.FPDF_StructElement_GetMarkedContentIdAtIndex(element, index)
            if mark >= 0:
                yield mark
