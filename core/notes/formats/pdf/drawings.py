"""What is drawn on a PDF page besides text: ruled lines, pictures, and drawings made of many strokes."""

import ctypes
import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Any

from .page import Box, Frame

if TYPE_CHECKING:
    from pypdfium2 import PdfPage

MAX_OBJECTS = 20_000
"""Of a page that are looked at; a dense map has more, and no tables."""
_MAX_SEGMENTS = 2_000
_DEPTH = 5
_THIN = 2.5
"""Points: a rectangle no thicker is a line."""
_DOT = (1.5, 12.0)
"""Points that a drawn bullet measures."""
_OUTLINE = 6
"""Points that a letter's outline has at least."""
_LETTER = (60.0, 40.0)
"""Points that a drawn letter, or a bracket or root, is wide and high at most."""
_SHORT = 5.0
"""Points: shorter lines rule no table."""

Matrix = tuple[float, float, float, float, float, float]


@dataclass(frozen=True, slots=True)
class Rule:
    """A ruled line: at y `at` from x `start` to `end`, or upright at x `at`."""

    level: bool
    at: float
    start: float
    end: float


@dataclass
class Drawings:
    """What a page shows besides text.

    Attributes:
        rules: level and upright lines, edges of boxes too.
        pictures: where photographs and other pixels stand.
        strokes: where curves and slanted lines stand, of which drawings are made.
        fills: boxes of colour.
        dots: small filled or drawn marks, as bullets that are no letters.
        shapes: small filled outlines of many points, as letters that are drawn.
    """

    rules: list[Rule] = field(default_factory=list)
    pictures: list[Box] = field(default_factory=list)
    strokes: list[Box] = field(default_factory=list)
    fills: list[Box] = field(default_factory=list)
    dots: list[Box] = field(default_factory=list)
    shapes: list[Box] = field(default_factory=list)


def drawings_of(page: "PdfPage", frame: Frame) -> Drawings:
    """The page's drawings in the frame that its text is read in."""
    import pypdfium2.raw as pdfium

    found = Drawings()
    everything = _objects(pdfium, page.raw, (1.0, 0.0, 0.0, 1.0, 0.0, 0.0), 0)
    for raw, matrix in islice(everything, MAX_OBJECTS):
        kind = pdfium.FPDFPageObj_GetType(raw)
        if kind in (pdfium.FPDF_PAGEOBJ_IMAGE, pdfium.FPDF_PAGEOBJ_SHADING):
            box = _bounds(pdfium, raw, matrix, frame)
            if box and kind == pdfium.FPDF_PAGEOBJ_IMAGE:
                found.pictures.append(box)
            elif box:
                found.fills.append(box)
        elif kind == pdfium.FPDF_PAGEOBJ_PATH:
            _path(pdfium, raw, matrix, frame, found)
    return found


def _objects(pdfium: Any, parent: Any, matrix: Matrix, depth: int) -> Iterator[tuple[Any, Matrix]]:
    """The drawn objects, those inside forms too, each with the matrix of the forms around it."""
    form = depth > 0
    count = pdfium.FPDFFormObj_CountObjects(parent) if form else pdfium.FPDFPage_CountObjects(parent)
    for index in range(min(max(0, count), 2 * MAX_OBJECTS)):
        raw = pdfium.FPDFFormObj_GetObject(parent, index) if form else pdfium.FPDFPage_GetObject(parent, index)
        if not raw:
            continue
        if pdfium.FPDFPageObj_GetType(raw) == pdfium.FPDF_PAGEOBJ_FORM:
            if depth < _DEPTH:
                yield from _objects(pdfium, raw, _times(_matrix(pdfium, raw), matrix), depth + 1)
        else:
            yield raw, matrix


def _matrix(pdfium: Any, raw: Any) -> Matrix:
    read = pdfium.FS_MATRIX()
    if not pdfium.FPDFPageObj_GetMatrix(raw, read):
        return (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
    return (read.a, read.b, read.c, read.d, read.e, read.f)


def _times(first: Matrix, then: Matrix) -> Matrix:
    """The matrix that does `first` and `then` (ISO 32000-2, 8.3.4)."""
    a, b, c, d, e, f = first
    g, h, i, j, k, m = then
    return (a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m)


def _moved(x: float, y: float, matrix: Matrix) -> tuple[float, float]:
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f


def _bounds(pdfium: Any, raw: Any, matrix: Matrix, frame: Frame) -> Box | None:
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    if not pdfium.FPDFPageObj_GetBounds(raw, left, bottom, right, top):
        return None
    corners = [_moved(x, y, matrix) for x in (left.value, right.value) for y in (bottom.value, top.value)]
    xs, ys = [x for x, _ in corners], [y for _, y in corners]
    if not all(map(math.isfinite, [*xs, *ys])):
        return None
    return frame.cut(frame.box(min(xs), min(ys), max(xs), max(ys)))


def _path(pdfium: Any, raw: Any, outer: Matrix, frame: Frame, found: Drawings) -> None:
    """Sort a path's segments into rules and strokes."""
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDFPath_GetDrawMode(raw, fill, stroke)
    if not stroke.value and (not fill.value or _is_white(pdfium, raw)):
        return
    box = _bounds(pdfium, raw, outer, frame)
    if box is None:
        return
    if (
        _DOT[0] <= min(box.width, box.height)
        and max(box.width, box.height) <= _DOT[1]
        and abs(box.width - box.height) < 1
    ):
        found.dots.append(box)
    if box.height <= _THIN or box.width <= _THIN:
        level = box.width >= box.height
        if max(box.width, box.height) >= _SHORT:
            at = (box.top + box.bottom) / 2 if level else (box.x0 + box.x1) / 2
            found.rules.append(Rule(level, at, *((box.x0, box.x1) if level else (box.top, box.bottom))))
        return
    count = pdfium.FPDFPath_CountSegments(raw)
    if not stroke.value and count >= _OUTLINE and box.width <= _LETTER[0] and box.height <= _LETTER[1]:
        found.shapes.append(box)
    rules, slanted = _segments(pdfium, raw, _times(_matrix(pdfium, raw), outer), frame)
    if slanted:
        found.strokes.append(box)
    else:
        found.rules += rules
        if fill.value:
            found.fills.append(box)


def _segments(pdfium: Any, raw: Any, matrix: Matrix, frame: Frame) -> tuple[list[Rule], bool]:
    """The level and upright lines of a path, and whether it has others."""
    x, y = ctypes.c_float(), ctypes.c_float()
    rules: list[Rule] = []
    start = last = (0.0, 0.0)
    slanted = 0.0
    for index in range(min(pdfium.FPDFPath_CountSegments(raw), _MAX_SEGMENTS)):
        segment = pdfium.FPDFPath_GetPathSegment(raw, index)
        kind = pdfium.FPDFPathSegment_GetType(segment)
        pdfium.FPDFPathSegment_GetPoint(segment, x, y)
        point = frame.point(*_moved(x.value, y.value, matrix))
        if kind == pdfium.FPDF_SEGMENT_MOVETO:
            start = point
        elif kind == pdfium.FPDF_SEGMENT_LINETO:
            slanted += _add(rules, last, point)
        else:
            slanted += max(abs(point[0] - last[0]), abs(point[1] - last[1]))
        last = point
        if pdfium.FPDFPathSegment_GetClose(segment):
            slanted += _add(rules, last, start)
            last = start
    straight = sum(rule.end - rule.start for rule in rules)
    return rules, slanted > 0.25 * (slanted + straight)  # rounded corners are no curve


def _add(rules: list[Rule], a: tuple[float, float], b: tuple[float, float]) -> float:
    """Add the line from a to b if it is level or upright; the length of one that is neither."""
    width, height = abs(a[0] - b[0]), abs(a[1] - b[1])
    if height <= 1.0 and width >= _SHORT:
        rules.append(Rule(True, (a[1] + b[1]) / 2, min(a[0], b[0]), max(a[0], b[0])))
    elif width <= 1.0 and height >= _SHORT:
        rules.append(Rule(False, (a[0] + b[0]) / 2, min(a[1], b[1]), max(a[1], b[1])))
    elif width > 1.0 and height > 1.0:
        return max(width, height)
    return 0.0


def _is_white(pdfium: Any, raw: Any) -> bool:
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    if not pdfium.FPDFPageObj_GetFillColor(raw, red, green, blue, alpha):
        return False
    return alpha.value < 8 or min(red.value, green.value, blue.value) >= 252
