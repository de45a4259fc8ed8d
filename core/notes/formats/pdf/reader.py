"""PDF to Markdown, page by page: text in reading order with headings, lists, tables, code and figures, without furniture.

A PDF (ISO 32000-2) has letters at places and no text: the file is read twice, once to learn what its pages have in common and
once to write them, and only a page at a time is held.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from ....errors import InputError
from ..converted import Image, Part, Place
from .blocks import Block
from .drawings import drawings_of
from .formulas import FIRST_MARK, MAX_ON_PAGE
from .joining import join_pages
from .layout import Layout, layout_of
from .markdown import markdown
from .opening import opened
from .outline import Outline, mark_headings, outline_of
from .page import Page
from .pages import Pages
from .survey import Survey, survey

if TYPE_CHECKING:
    from pypdfium2 import PdfPage

MAX_FIGURES = 300
"""Of a document; what comes after them is left out."""
MAX_FORMULAS = 3_000
"""Drawn ones of a document; a page may have dozens."""
_APART = 25
"""Pages after which characters for formulas come again; a sentence runs over one page's end at most."""
_MARK = re.compile(f"[{chr(FIRST_MARK)}-{chr(0xFFFFD)}]")
_UNREADABLE = 0.3
"""Share of letters without a character from which on a page's text is no text."""
_SOME_UNREADABLE = 0.03
"""The share from which on it is said that letters are missing."""
_FEW = 8
"""Letters of a page that count as none where the page is one picture: a stamp or a number on a scan."""
_SCAN = 0.4
"""Share of the page that a picture takes up on a scan."""
_OUTLINES = 150
"""Curves that tell letters drawn as shapes."""


@dataclass
class _Written:
    """A page that waits for the rest of its last sentence."""

    number: int
    blocks: list[Block] = field(default_factory=list)
    images: tuple[Image, ...] = ()
    warning: str = ""
    formulas: dict[str, Image] = field(default_factory=dict)

    def part(self) -> Part:
        """The page as a part, with the pictures of the formulas in its text, which may have come from the next page."""
        text = markdown(self.blocks)
        images = list(self.images)
        for mark in _MARK.findall(text):
            image = self.formulas.get(mark)
            text = text.replace(mark, f"![formula]({image.name})" if image else "")
            images += [image] if image else []
        return Part(text, Place("page", str(self.number)), tuple(images), self.warning)


def read(file: Path, shown_as: str) -> Iterator[Part]:
    """The pages of a PDF that have something on them, as Markdown.

    A sentence that runs over a page's end is whole in the part where it begins. A page that is only a scan, or whose letters
    the file does not name, is a part without text that says so.

    Args:
        shown_as: what errors call the file.

    Raises:
        InputError: pypdfium2 is not installed, or the file is no PDF, broken, locked with a password, or without any text.
    """
    with opened(file, shown_as) as document:
        pages = Pages(document)
        common = survey(pages.texts())
        textless: list[Part] = []
        text = False
        for part in _parts(pages, common, outline_of(document)):
            if text or part.text:
                yield from textless
                textless, text = [], True
                yield part
            else:
                textless.append(part)
        if not text:
            raise InputError(f"{shown_as} {_nothing(textless)}")


def _nothing(parts: list[Part]) -> str:
    """Why a document without text has none, and what to do."""
    if any("OCR" in part.warning for part in parts):
        return (
            "has no text that can be read, only pictures of pages or letters without meaning; run OCR over it "
            "(for instance: ocrmypdf --force-ocr in.pdf out.pdf) and add what comes out."
        )
    if parts:
        return "is a broken PDF, none of its pages can be read; get it again, or print it from a viewer to a new PDF."
    return "has nothing on its pages but what headers and footers say; leave it out."


def _parts(pages: Pages, common: Survey, outline: Outline) -> Iterator[Part]:
    """The pages written, each once the next one has given back what it begins with of the page's last sentence."""
    waiting: _Written | None = None
    figures = formulas = 0
    for number in pages.numbers:
        with pages.loaded(number) as page:
            if page is None:
                written = _Written(number, warning=f"page {number} is broken and was left out; look for a whole copy")
            else:
                room = MAX_FIGURES - figures, MAX_FORMULAS - formulas
                written = _written(page, pages.text(page, number), common, *room)
        mark_headings(written.blocks, outline.get(number, {}), common)
        figures += len(written.images)
        formulas += len(written.formulas)
        if waiting is not None:
            waiting.formulas = written.formulas | waiting.formulas
            join_pages(waiting.blocks, written.blocks, common)
        if not written.blocks and not written.warning:
            continue
        if waiting is not None:
            yield waiting.part()
        waiting = written
    if waiting is not None:
        yield waiting.part()


def _written(page: "PdfPage", text: Page, common: Survey, figures: int, formulas: int) -> _Written:
    """A page's blocks and pictures, at most so many, or why it has none."""
    number = text.number
    drawings = drawings_of(page, text.frame)
    if text.unreadable >= _UNREADABLE and text.letters >= _FEW:
        return _Written(
            number,
            warning=f"page {number} has letters that the file names no characters for; run OCR over it "
            "(for instance with OCRmyPDF and --force-ocr)",
        )
    drawings.shapes += [box for box in map(text.frame.cut, text.unnamed) if box.width > 0 and box.height > 0]
    words = common.furniture.without(text)
    area = text.frame.width * text.frame.height
    scanned = sum(box.area for box in drawings.pictures) >= _SCAN * area or len(drawings.strokes) >= _OUTLINES
    if sum(len(word.text) for word in words) < _FEW and scanned:
        return _Written(
            number, warning=f"page {number} has no text layer; run OCR over it (for instance with OCRmyPDF)"
        )
    layout: Layout = layout_of(page, words, drawings, text.frame, common, FIRST_MARK + number % _APART * MAX_ON_PAGE)
    images, warning = layout.crop(page, number, figures)
    pictures = layout.crop_formulas(page, number, formulas)
    if len(layout.formulas) > formulas:
        warning = f"page {number} has drawn formulas that are left out; write them in by hand"
    if text.unreadable >= _SOME_UNREADABLE:
        warning = f"page {number} lacks letters that the file names no characters for; compare it with the original"
    return _Written(number, layout.blocks, images, warning, pictures)
