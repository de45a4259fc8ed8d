"""Tables of web pages as pipe tables: merged cells written out, and tables that only lay a page out told apart.

The grid follows the HTML standard, 4.9.12 "Processing model" of tables.
"""

import re
from collections.abc import Callable, Iterator

from .source import Element

MAX_SPAN = 1000
MAX_CELLS = 200_000
"""Cells of one table after merged ones are written out; what goes beyond is not repeated."""

_BLOCKS = ("h1", "h2", "h3", "h4", "ul", "ol", "pre", "blockquote", "table", "figure")


def rows_of(table: Element) -> Iterator[Element]:
    """The rows of a table in the order they are shown, those of tables within it left out."""
    for part in ("thead", None, "tfoot"):
        for child in table:
            if part is None:
                if child.tag == "tr":
                    yield child
                elif child.tag == "tbody":
                    yield from child.findall("tr")
            elif child.tag == part:
                yield from child.findall("tr")


def is_layout(table: Element) -> bool:
    """Whether a table only places parts of a page: it says so, has one cell or column, or holds whole passages."""
    if table.get("role") in {"presentation", "none"}:
        return True
    rows = [[cell for cell in row if cell.tag in {"td", "th"}] for row in rows_of(table)]
    rows = [row for row in rows if row]
    cells = [cell for row in rows for cell in row]
    if not cells or max(map(len, rows)) == 1:
        return True
    if any(cell.tag == "th" for cell in cells) or table.find("caption") is not None or table.find("thead") is not None:
        return False
    if len(rows) == 1:
        return True
    passages = sum(
        any(cell.find(f".//{tag}") is not None for tag in ("h1", "h2", "h3", "table")) or len(cell.findall("p")) > 3
        for cell in cells
    )
    return passages > 0 and (passages >= len(cells) / 4 or len(cells) <= 6)


def pipe_table(table: Element, line: Callable[[Element], str]) -> str:
    """A table as Markdown; `line` gives a cell's content in one line. Empty where no cell has any.

    A cell merged over rows is repeated in each, so that every row can be read alone; one merged over columns is repeated in
    the head and stands once in the body. Several head rows become one.
    """
    rows = [row for row in rows_of(table) if any(cell.tag in {"td", "th"} for cell in row)]
    head = _head_rows(table, rows)
    grid = _grid(rows, head, line)
    width = max((len(row) for row in grid), default=0)
    filled = [number for number in range(width) if any(number < len(row) and row[number] for row in grid)]
    grid = [[row[number] if number < len(row) else "" for number in filled] for row in grid]
    titles = [_merged([row[number] for row in grid[:head]]) for number in range(len(filled))]
    body = [row for row in grid[head:] if any(row)]
    if not filled or not (any(titles) or body):
        return ""
    lines = [_row(titles), "|" + " --- |" * len(filled), *map(_row, body)]
    return "\n".join(lines)


def _head_rows(table: Element, rows: list[Element]) -> int:
    """How many of the first rows are the head; without one the first row is, unless it begins with its own title."""
    marked = 0
    for row in rows:
        cells = [cell for cell in row if cell.tag in {"td", "th"}]
        if row.getparent().tag == "thead" or all(cell.tag == "th" for cell in cells):
            marked += 1
        else:
            break
    if marked:
        return min(marked, 3) if marked < len(rows) else 1
    first = [cell for cell in rows[0] if cell.tag in {"td", "th"}] if rows else []
    return 0 if first and first[0].tag == "th" and len(first) > 1 and len(rows) > 1 else min(1, len(rows))


def _grid(rows: list[Element], head: int, line: Callable[[Element], str]) -> list[list[str]]:
    """The texts of all cells, merged ones written into every place they cover."""
    grid: list[list[str]] = []
    hanging: dict[int, tuple[int, str]] = {}
    cells = 0
    for number, row in enumerate(rows):
        written: list[str] = []

        def fill(written: list[str] = written) -> None:
            while len(written) in hanging:
                left, text = hanging.pop(column := len(written))
                written.append(text)
                if left > 1:
                    hanging[column] = (left - 1, text)

        for cell in row:
            if cell.tag not in {"td", "th"}:
                continue
            fill()
            text = line(cell)
            wide, deep = _span(cell, "colspan"), _span(cell, "rowspan")
            cells += wide
            for extra in range(wide if cells < MAX_CELLS else 1):
                shown = text if extra == 0 or number < head else ""
                if deep > 1 and cells < MAX_CELLS:
                    hanging[len(written)] = (deep - 1, shown)
                written.append(shown)
        fill()
        for column in sorted(column for column in hanging if column >= len(written)):
            if column > len(written) + MAX_SPAN:
                break
            written += [""] * (column - len(written))
            fill()
        grid.append(written)
    return grid


def _span(cell: Element, name: str) -> int:
    stated = re.match(r"\s*(\d{1,6})", cell.get(name) or "")
    return min(max(int(stated[1]), 1), 100 if name == "colspan" else MAX_SPAN) if stated else 1


def _merged(texts: list[str]) -> str:
    return " / ".join(dict.fromkeys(text for text in texts if text))


def _row(cells: list[str]) -> str:
    return "| " + " | ".join(_without_bars(cell) for cell in cells) + " |"


def _without_bars(cell: str) -> str:
    """`|` within a cell would open the next one; in a formula it is written as TeX's name for it."""
    if "|" not in cell:
        return cell
    parts = re.split(r"(\$\$?[^$]+\$\$?)", cell)
    parts[1::2] = [part.replace(r"\|", r"\Vert ").replace("|", r"\vert ") for part in parts[1::2]]
    parts[::2] = [re.sub(r"(?<!\\)\|", r"\\|", part) for part in parts[::2]]
    return "".join(parts)
