"""Figures of a PDF page: photographs and drawings, cut out of the rendered page as PNG pictures.

Only what has the size of a figure counts; backgrounds, scans under their own text, logos and rules do not.
"""

import io
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .drawings import Drawings
from .lines import lines_of, pieces_of
from .marks import CAPTION
from .page import Box, Frame, Word
from .tables import Table

if TYPE_CHECKING:
    from pypdfium2 import PdfPage

MAX_ON_PAGE = 8
_SIDE = 45.0
"""Points that a figure measures each way at least."""
_SHARE = 0.012
"""Of the page's area that a figure takes up at least."""
_BACKGROUND = 0.8
_FEW_WORDS = 15
_STROKES = 10
"""Curves and slanted lines that make a drawing."""
_CELL = 6.0
"""Points: strokes that are not farther apart belong to one drawing."""
_MAX_MARKS = 400_000
_TICK = re.compile(r"[-−]?\d[\d.,]*%?")


@dataclass
class Figure:
    """Where a figure stands, and the words in it: labels of a drawing."""

    box: Box
    labels: list[Word]


def figures_of(
    drawings: Drawings, grids: list[Box], words: list[Word], tables: list[Table], frame: Frame
) -> list[Figure]:
    """The figures of a page from top to bottom.

    Args:
        grids: where rules cross that make no table: the axes of a plot, if there are few words between them.
    """
    area = frame.width * frame.height
    photos = [box for box in drawings.pictures if box.area < _BACKGROUND * area and min(box.width, box.height) > 2]
    photos = [box for box in united(photos, 2.0) if _is_large(box, area)]
    plots = [box for box in grids if sum(box.holds(word) for word in words) <= _FEW_WORDS]
    drawn = united([*_drawn(drawings, frame), *plots], 4.0)
    drawn = [box for box in drawn if _is_large(box, area) and box.area < _BACKGROUND * area]
    found: list[Figure] = [Figure(box, []) for box in photos]
    for box in drawn:
        if any(box.touches(table.box) for table in tables) or any(photo.holds(box) for photo in photos):
            continue
        box = _off_text(box, words)
        if not _is_large(box, area):
            continue
        labels = [word for word in words if box.holds(word, 2.0)]
        labels += _numbers([word for word in words if not box.holds(word, 2.0) and box.holds(word, word.size)], words)
        if _is_text(labels, box):
            continue
        around = box
        for word in labels:
            around = around.with_(Box(word.x0, word.top, word.x1, word.bottom))
        found.append(Figure(around, labels))
    return sorted(found, key=lambda figure: figure.box.top)[:MAX_ON_PAGE]


def pictures(
    page: "PdfPage", boxes: list[Box], frame: Frame, dots: float = 2.0, pixels: int = 1_200_000
) -> list[bytes]:
    """The parts of the page as PNG; one is empty where it is all of one colour or not on the page.

    The page is drawn once, as far as they reach.

    Args:
        dots: pixels a point; 2 makes 144 to the inch.
        pixels: what is drawn at most; larger parts come out coarser.
    """
    boxes = [frame.cut(box) for box in boxes]
    shown = [box for box in boxes if box.width > 1 and box.height > 1]
    if not shown:
        return [b""] * len(boxes)
    whole = shown[0]
    for box in shown[1:]:
        whole = whole.with_(box)
    scale = min(dots, (pixels / max(1.0, whole.area)) ** 0.5)
    crop = (whole.x0, frame.height - whole.bottom, frame.width - whole.x1, whole.top)
    bitmap = page.render(
        scale=scale,
        rotation=(frame.turn - page.get_rotation()) % 360,
        crop=tuple(max(0.0, side) for side in crop),
        may_draw_forms=False,
    )
    try:
        image = bitmap.to_pil().convert("RGB")
    finally:
        bitmap.close()
    if len(boxes) == 1:
        return [_png(image)]
    left, top = max(0.0, whole.x0), max(0.0, whole.top)
    return [
        _png(
            image.crop(
                tuple(round(scale * side) for side in (box.x0 - left, box.top - top, box.x1 - left, box.bottom - top))
            )
        )
        if box in shown
        else b""
        for box in boxes
    ]


def _png(image: Any) -> bytes:
    if min(image.size) < 1 or all(high - low < 8 for low, high in image.getextrema()):
        return b""
    stream = io.BytesIO()
    image.save(stream, "PNG", optimize=True)
    return stream.getvalue()


def _numbers(near: list[Word], words: list[Word]) -> list[Word]:
    """Of the words beside a plot, the numbers along its axes: those that stand in no line of text."""
    if not near:
        return []
    close = {id(word) for word in near}
    top, bottom = min(word.top for word in near), max(word.bottom for word in near)
    found: list[Word] = []
    for line in lines_of(word for word in words if word.bottom >= top and word.top <= bottom):
        for piece in pieces_of(line):
            if all(_TICK.fullmatch(word.text) for word in piece.words):
                found += [word for word in piece.words if id(word) in close]
    return found


def _off_text(box: Box, words: list[Word]) -> Box:
    """The box without the lines of text at its upper and lower end, into which curves that are cut off seem to reach."""
    for line in lines_of(word for word in words if box.holds(word, 2.0)):
        if len(line.words) < 5 and line.x1 - line.x0 < 0.8 * box.width and not CAPTION.match(line.text):
            continue
        if line.baseline > (box.top + box.bottom) / 2:
            return _off_text(Box(box.x0, box.top, box.x1, line.top - 1), words)
        return _off_text(Box(box.x0, line.bottom + 1, box.x1, box.bottom), words)
    return box


def _is_large(box: Box, area: float) -> bool:
    return min(box.width, box.height) >= _SIDE and box.area >= _SHARE * area


def _is_text(labels: list[Word], box: Box) -> bool:
    """Whether the words in a drawing are too many for labels: then it is a decorated stretch of text."""
    return sum((word.x1 - word.x0) * word.size for word in labels) > 0.35 * box.area


def united(boxes: list[Box], slack: float) -> list[Box]:
    """Boxes that touch, as one: pictures are often stored in strips."""
    united: list[Box] = []
    for box in boxes[:2000]:
        while True:
            near = next((one for one in united if one.touches(box, slack)), None)
            if near is None:
                break
            united.remove(near)
            box = box.with_(near)
        united.append(box)
    return united


def _drawn(drawings: Drawings, frame: Frame) -> list[Box]:
    """Where strokes stand close together, with the axes and bars among them: connected cells of a coarse raster."""
    boxes: dict[tuple[int, int], list[int]] = {}
    small = [box for box in drawings.strokes if box.area < 0.5 * frame.width * frame.height]
    marks = 0
    for index, box in enumerate(small):
        marks += int(box.area / _CELL**2) + 1
        if marks > _MAX_MARKS:
            break
        for x in range(int(box.x0 / _CELL), int(box.x1 / _CELL) + 1):
            for y in range(int(box.top / _CELL), int(box.bottom / _CELL) + 1):
                boxes.setdefault((x, y), []).append(index)
    found: list[Box] = []
    while boxes:
        waiting = [next(iter(boxes))]
        members: set[int] = set()
        while waiting:
            x, y = waiting.pop()
            here = boxes.pop((x, y), None)
            if here is None:
                continue
            members.update(here)
            waiting += [(x + dx, y + dy) for dx in (-1, 0, 1) for dy in (-1, 0, 1)]
        if len(members) >= _STROKES:
            around = [small[index] for index in members]
            box = Box(
                min(b.x0 for b in around),
                min(b.top for b in around),
                max(b.x1 for b in around),
                max(b.bottom for b in around),
            )
            found.append(_grown(box, drawings, frame))
    return found


def _grown(box: Box, drawings: Drawings, frame: Frame) -> Box:
    """The drawing with the axes and filled boxes that touch it."""
    for rule in drawings.rules:
        line = (
            Box(rule.start, rule.at, rule.end, rule.at) if rule.level else Box(rule.at, rule.start, rule.at, rule.end)
        )
        if line.touches(box, 4) and rule.end - rule.start < 0.7 * (frame.width if rule.level else frame.height):
            box = box.with_(line)
    for fill in drawings.fills:
        if fill.touches(box, 4) and fill.area < 0.3 * frame.width * frame.height:
            box = box.with_(fill)
    return box
