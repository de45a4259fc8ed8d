"""Which headings a deck's slides get: the deck's title, sections, slides, and none where a slide goes on with the last one."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from .shapes import Piece

if TYPE_CHECKING:
    from pptx.slide import Slide

_CONTINUED = re.compile(
    r"\s*[-–—:：]?\s*[(（\[【]\s*(?:cont(?:inued|['’]?d)?\.?|续\s*[\d一二三四五六]?|\d{1,2}\s*(?:(?:/|／|of)\s*\d{1,2})?|[一二三四五六七八九十])\s*"
    r"[)）\]】]$|\s*[-–—:：,]?\s+(?:continued|cont\.|cont['’]d)$",
    re.IGNORECASE,
)
_LONGEST_TITLE = 60
_NO_TITLE = re.compile(r"[.,;:。，；：、…]$|\n|^(?:[-*|>`$]|\d+\.)")
_UPPER_PART = 0.3


class Headings:
    """Gives the headings of one deck's slides, in order."""

    def __init__(self, slides: Sequence["Slide"]) -> None:
        """Look which slides open sections: two at least, beyond the first slide, made with a layout for that."""
        self._kinds = [layout_kind(slide) for slide in slides]
        self._has_sections = sum(kind in ("secHead", "title") for kind in self._kinds[1:]) >= 2
        self._in_section = False
        self._last = ""

    def of(self, number: int, title: str) -> str:
        """The heading of slide `number` (from 0) with this title; empty where it has none or goes on with the last one."""
        if not title:
            return ""
        base = _CONTINUED.sub("", title) or title
        if base.casefold() == self._last.casefold():
            return ""
        self._last = base
        kind = self._kinds[number]
        if number == 0 and kind == "title":
            return f"# {title}"
        if self._has_sections and kind in ("secHead", "title"):
            self._in_section = True
            return f"## {title}"
        return f"{'###' if self._in_section else '##'} {base}"


def layout_kind(slide: "Slide") -> str:
    """What a slide's layout is for: `title`, `secHead`, `obj`, …; empty where that cannot be told."""
    try:
        return str(slide.slide_layout._element.get("type", ""))
    except (KeyError, AttributeError):  # python-pptx, where the file relates the slide to no layout
        return ""


def with_title(pieces: list[Piece]) -> list[Piece]:
    """The pieces of a slide whose title placeholder is missing or empty, with the text box that serves as one marked so."""
    texts = [piece for piece in pieces if piece.markdown]
    if len(texts) < 2 or any(piece.is_title for piece in pieces):
        return pieces
    top = min(texts, key=lambda piece: piece.top)
    largest = max(piece.size for piece in texts if piece is not top)
    looks = len(top.markdown) <= _LONGEST_TITLE and not _NO_TITLE.search(top.markdown) and top.top < _UPPER_PART
    if not looks or not top.size > largest:
        return pieces
    return [replace(top, is_title=True), *(piece for piece in pieces if piece is not top)]
