"""The shapes of a slide in the order in which they are read, each as Markdown or as a picture."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from .graphics import chart_of, diagram_of, table_of
from .order import Box, in_reading_order
from .text import A, R, blocks_of, font_size, text_of

if TYPE_CHECKING:
    from lxml.etree import _Element
    from pptx.slide import Slide

_P = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_TITLES = frozenset({"title", "ctrTitle"})
_LEFT_OUT = frozenset({"sldNum", "dt", "ftr", "hdr", "sldImg"})
_MACHINE_ALT = re.compile(
    r"automatically generated|自动生成|自動生成|^(?:picture|image|graphic|content placeholder|图片|图像|图形|圖片)\s*\d*$"
    r"|\.(?:png|jpe?g|gif|emf|wmf|svg|tiff?|bmp|webp)$|^google shape;",
    re.IGNORECASE,
)
_NO_CONTENT = re.compile(r"This (?:chart|shape|image) isn['’]t available in your version", re.IGNORECASE)
_ICON = 0.004
"""Of the slide's area: a smaller picture is an icon."""
_BRAND_LENGTH = 80


@dataclass(frozen=True)
class Piece:
    """One shape, or one of a group.

    Attributes:
        markdown: its blocks; empty for a picture.
        is_title: it stands in the slide's title placeholder.
        picture: the bytes of one, as the file holds it, and `alt`, what its author says it shows.
        mark: by which it is known again on other slides: a short text that is in no placeholder, a picture's digest.
        size: the largest font size that it states, in hundredths of a point; 0 for none.
        top: where it begins, of the slide's height.
    """

    markdown: str = ""
    is_title: bool = False
    picture: bytes | None = field(default=None, repr=False)
    alt: str = ""
    mark: str = ""
    size: int = 0
    top: float = 0.0


@dataclass
class SlideShapes:
    """Reads the shapes of one slide.

    Attributes:
        width, height: the slide's, in EMU.
        problems: what could not be read, as the end of a sentence that begins with the slide's number.
    """

    slide: "Slide"
    width: int
    height: int
    problems: list[str] = field(default_factory=list)

    def pieces(self) -> list[Piece]:
        """What stands on the slide, its title first; nothing of one that cannot be read."""
        try:
            _choose_alternatives(self.slide._element)
            placed = list(self._placed(self.slide.shapes))
        except Exception:  # python-pptx raises what it meets in a broken part, and the other slides can still be read
            self.problems.append("cannot be read; look there for what is missing")
            return []
        found = [piece for group in in_reading_order(placed) for piece in group]
        return sorted(found, key=lambda piece: not piece.is_title)

    def notes(self) -> list[str]:
        """The speaker's notes as Markdown blocks."""
        try:
            notes = self.slide.notes_slide if self.slide.has_notes_slide else None
            frame = notes.notes_text_frame if notes else None
            if notes is None or frame is None:
                return []
            _choose_alternatives(notes._element)
            return blocks_of(frame._txBody, notes.part, [])
        except Exception:  # as above
            self.problems.append("has speaker notes that cannot be read; look there for what is missing")
            return []

    def _placed(self, shapes: Any) -> Iterator[tuple[Box, list[Piece]]]:
        for shape in shapes:
            try:
                box = _box(shape)
                if shape._element.tag == f"{_P}grpSp":
                    inner = in_reading_order(list(self._placed(shape.shapes)))
                    pieces = [replace(piece, top=box[1] / self.height) for group in inner for piece in group]
                else:
                    piece = self._piece(shape, box)
                    pieces = [piece] if piece else []
            except (
                Exception
            ):  # python-pptx raises what it meets in a broken part, and the other shapes can still be read
                self.problems.append("has something on it that cannot be read; look there for what is missing")
                continue
            if pieces:
                yield box, pieces

    def _piece(self, shape: Any, box: Box) -> Piece | None:
        element = shape._element
        placeholder = element.find(f"./*/{_P}nvPr/{_P}ph")
        kind = None if placeholder is None else placeholder.get("type", "obj")
        if kind in _LEFT_OUT:
            return None
        if element.tag == f"{_P}graphicFrame":
            return self._graphic(element, box)
        frame = element.find(f"{_P}txBody")
        if frame is not None and kind in _TITLES:
            title = text_of(frame, self.slide.part)
            return Piece(title, is_title=True) if title else None
        if frame is not None and (blocks := blocks_of(frame, self.slide.part, self._styles(shape, kind))):
            text = "\n\n".join(blocks)
            mark = text if kind is None and len(text) <= _BRAND_LENGTH else ""
            return Piece(text, mark=mark, size=font_size(frame), top=box[1] / self.height)
        return self._picture(element, box)

    def _graphic(self, element: "_Element", box: Box) -> Piece | None:
        data = element.find(f".//{A}graphicData")
        uri = "" if data is None else data.get("uri", "")
        write = {"table": table_of, "chart": chart_of, "diagram": diagram_of}.get(uri.rpartition("/")[2])
        if write is None:
            return self._picture(element, box)
        text = write(element, self.slide.part)
        return Piece(text, top=box[1] / self.height) if text else None

    def _picture(self, element: "_Element", box: Box) -> Piece | None:
        relation = next((blip.get(f"{R}embed") for blip in element.iter(f"{A}blip") if blip.get(f"{R}embed")), None)
        small = 0 < (box[2] - box[0]) * (box[3] - box[1]) < _ICON * self.width * self.height
        if relation is None or small:
            return None
        data = self.slide.part.related_part(relation).blob
        described = next(element.iter(f"{_P}cNvPr"), None)
        alt = "" if described is None else described.get("descr", "").strip()
        mark = hashlib.sha256(data).hexdigest()
        return Piece(picture=data, alt="" if _MACHINE_ALT.search(alt) else alt, mark=mark)

    def _styles(self, shape: Any, kind: str | None) -> list["_Element"]:
        """What decides over bullets beyond the shape itself: the layout's placeholder, the master's, the master's styles."""
        if kind is None:
            return []
        styles: list[_Element] = []
        above = getattr(shape, "_base_placeholder", None)
        while above is not None:
            styles += above._element.iter(f"{A}lstStyle")
            above = getattr(above, "_base_placeholder", None)
        if kind != "subTitle":
            styles += self.slide.slide_layout.slide_master._element.iter(f"{_P}bodyStyle")
        return styles


def _box(shape: Any) -> Box:
    left, top = shape.left or 0, shape.top or 0
    return left, top, left + (shape.width or 0), top + (shape.height or 0)


def _choose_alternatives(root: "_Element") -> None:
    """Replace each `mc:AlternateContent` by what can be read of it: text and formulas, else the picture for old programs."""
    for alternate in list(root.iter(f"{_MC}AlternateContent")):
        choice, fallback = alternate.find(f"{_MC}Choice"), alternate.find(f"{_MC}Fallback")
        readable = choice is not None and (fallback is None or next(choice.iter(f"{A}t", f"{A}tbl"), None) is not None)
        chosen = choice if readable else fallback
        parent = alternate.getparent()
        if parent is None:
            continue
        for child in list(chosen) if chosen is not None else []:
            if not any(_NO_CONTENT.search(text) for text in child.itertext()):
                alternate.addprevious(child)
        parent.remove(alternate)
