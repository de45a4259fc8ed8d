"""What is drawn on a slide but says something in words and numbers: tables, charts, SmartArt."""

import datetime
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from ..markdown_writing import plain, table
from ..table.cell_values import shown
from .text import A, R, text_of

if TYPE_CHECKING:
    from lxml.etree import _Element

_CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
_DIAGRAM = "{http://schemas.openxmlformats.org/drawingml/2006/diagram}"
_DATE, _NOT_CODE = re.compile("[dy]", re.IGNORECASE), re.compile(r'"[^"]*"|\[[^\]]*\]|\\.|General', re.IGNORECASE)
_MAX_POINTS = 60
"""Rows of a chart's table; more is data and not what the slide says."""


def table_of(frame: "_Element", part: Any) -> str:
    """A table of a slide as a pipe table; where cells are merged, the text stands in the first."""
    rows = []
    for row in frame.iter(f"{A}tr"):
        cells = []
        for cell in row.findall(f"{A}tc"):
            body = cell.find(f"{A}txBody")
            merged = "1" in (cell.get("hMerge"), cell.get("vMerge"))
            cells.append("" if body is None or merged else text_of(body, part))
        rows.append(cells)
    rows = [row for row in rows if any(row)]
    return table(rows)


def chart_of(frame: "_Element", part: Any) -> str:
    """A chart's title and data: a row for each category or point, a column for each series."""
    reference = frame.find(f".//{_CHART}chart")
    if reference is None:
        return ""
    space = _related(part, reference.get(f"{R}id"))
    chart = space.find(f"{_CHART}chart")
    title = chart.find(f"{_CHART}title/{_CHART}tx/{_CHART}rich")
    blocks = [text_of(title, part)] if title is not None else []
    series = list(space.iter(f"{_CHART}ser"))
    names = [_first_text(one.find(f"{_CHART}tx")) for one in series]
    labels: dict[str, str] = {}
    columns = []
    for one in series:
        axis = one.find(f"{_CHART}cat") if one.find(f"{_CHART}cat") is not None else one.find(f"{_CHART}xVal")
        values = one.find(f"{_CHART}val") if one.find(f"{_CHART}val") is not None else one.find(f"{_CHART}yVal")
        labels |= {index: label for index, label in _points(axis) if index not in labels}
        columns.append(dict(_points(values)))
    order = sorted({*labels, *(index for column in columns for index in column)}, key=int)
    if order:
        rows = [["", *map(plain, names)]]
        rows += [[plain(labels.get(index, index)), *(column.get(index, "") for column in columns)] for index in order]
        blocks.append(table(rows[: _MAX_POINTS + 1] + ([["…"]] if len(rows) > _MAX_POINTS + 1 else [])))
    return "\n\n".join(block for block in blocks if block)


def diagram_of(frame: "_Element", part: Any) -> str:
    """The text of a SmartArt graphic as a nested list."""
    relations = frame.find(f".//{_DIAGRAM}relIds")
    if relations is None:
        return ""
    model = _related(part, relations.get(f"{R}dm"))
    points = {point.get("modelId"): point for point in model.iter(f"{_DIAGRAM}pt")}
    below: dict[str | None, list[tuple[int, str | None]]] = {}
    for line in model.iter(f"{_DIAGRAM}cxn"):
        if line.get("type", "parOf") == "parOf":
            below.setdefault(line.get("srcId"), []).append((int(line.get("srcOrd", "0")), line.get("destId")))
    root = next((name for name, point in points.items() if point.get("type") == "doc"), None)
    seen: set[str | None] = set()

    def walk(name: str | None, depth: int) -> Iterator[str]:
        for _, child in sorted(below.get(name, []), key=lambda entry: entry[0]):
            if child in seen or child not in points or depth > 20:
                continue
            seen.add(child)
            body = points[child].find(f"{_DIAGRAM}t")
            text = text_of(body, part) if body is not None else ""
            if text:
                yield f"{'  ' * depth}- {text}"
            yield from walk(child, depth + 1 if text else depth)

    return "\n".join(walk(root, 0))


def _related(part: Any, relation: str) -> Any:
    """The root of an XML part that the slide relates to; KeyError where it does not, as from python-pptx."""
    from lxml import etree

    return etree.fromstring(part.related_part(relation).blob, etree.XMLParser(resolve_entities=False, no_network=True))


def _first_text(element: "_Element | None") -> str:
    if element is None:
        return ""
    found = next(element.iter(f"{_CHART}v"), None)
    return (found.text or "") if found is not None else ""


def _points(element: "_Element | None") -> Iterator[tuple[str, str]]:
    """The points of a series as they were last computed: index and what is shown."""
    if element is None:
        return
    code = element.find(f".//{_CHART}formatCode")
    number_format = "General" if code is None else code.text or "General"
    groups: dict[str, list[str]] = {}
    for point in element.iter(f"{_CHART}pt"):
        value = point.find(f"{_CHART}v")
        if value is not None and (index := point.get("idx", "")).isdecimal():
            groups.setdefault(index, []).append(_number(value.text or "", number_format))
    for index, values in groups.items():
        yield index, " / ".join(reversed(values))  # of categories in levels, the outer one comes last


def _number(written: str, number_format: str) -> str:
    """A value in its number format, days since 1900 as a date; what is no number as it is."""
    try:
        value = float(written)
    except ValueError:
        return written
    if _DATE.search(_NOT_CODE.sub("", number_format)) and 0 < value < 2_958_466:
        return (datetime.datetime(1899, 12, 30) + datetime.timedelta(days=value)).date().isoformat()
    return shown(value, number_format)
