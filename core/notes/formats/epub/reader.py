"""E-books: the chapters of an EPUB in the order they are read, each through the way of every web page.

EPUB 3.3 (https://www.w3.org/TR/epub-33/) and EPUB 2: container, package document, spine, navigation.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from ....errors import InputError
from ..archive.members import check_container
from ..converted import Part, Place
from ..html.blocks import blocks_of
from ..html.content import link_density, without_frame
from ..html.footnotes import take_out_footnotes
from ..html.images import Pictures
from ..html.math import mark_formulas
from ..html.mathml import fill_in_tex
from ..html.reader import draws_formulas, footnote_blocks, require_lxml
from ..html.sections import settled
from ..html.source import Element, text_of_page, tree_of
from ..html.targets import Targets
from .notes import NotePages
from .package import Book, book_of

_FRONT = re.compile(
    r"(?:^|[\W\d_])(?:cover(?:page)?|title-?page|toc|(?:table of )?contents|nav|copyright|imprint|half-?title(?:page)?|colophon|"
    r"landmarks)(?:$|[\W\d_])|封面|目录|目錄|版权|版權|扉页",
    re.I,
)
_RIGHTS = re.compile(r"©|\(c\)\s*\d{4}|copyright|\bISBN|all rights reserved|版权所有|图书在版编目|\bCIP\b", re.I)
_FEW = 60
"""Words, or Chinese characters, of a page that may be dropped for its name alone."""


def read(file: Path, shown_as: str) -> Iterator[Part]:
    """Read an e-book chapter by chapter; the place is the chapter's title.

    The book's title is the first heading, chapters stand below it. Covers, tables of contents and copyright pages are left
    out.

    Raises:
        InputError: it cannot be opened, is empty, encrypted or protected, broken, or has no text; lxml is not installed.
    """
    require_lxml(shown_as)
    check_container(file, shown_as)
    with book_of(file, shown_as) as book:
        reading = _Reading(book, shown_as)
        found = False
        for path in book.spine:
            for part in reading.chapter(path):
                if not found and part.text and book.title:
                    part = Part(f"# {book.title}\n\n{part.text}", part.place, part.images, part.warning)
                found = found or bool(part.text)
                yield part
    if not found:
        raise InputError(f"{shown_as} has no text; if its pages are pictures, run OCR over them.")


@dataclass
class _Reading:
    """What chapters share: the pictures, pages of notes, the last title and how far headings are shifted."""

    book: Book
    shown_as: str
    pictures: Pictures = field(default_factory=lambda: Pictures(lambda address: None))
    place: str = ""
    shift: int = 1
    number: int = 0

    def __post_init__(self) -> None:
        self.notes = NotePages(self.book)

    def chapter(self, path: str) -> Iterator[Part]:
        """The parts of one file of the book: none, one, or one for each of the chapters it holds."""
        self.number += 1
        data = self.book.read(path)
        if data is None or not data.strip():
            if data is None:
                yield Part("", warning=f"the chapter {path} is missing or too large; export the book again")
            return
        try:
            root, self.pictures.embedded = tree_of(text_of_page(data, path), path)
        except InputError:
            yield Part("", warning=f"the chapter {path} cannot be read; export the book again")
            return
        self.pictures.beside = self.book.beside(path)
        self.notes.bring_in(root, path)
        fill_in_tex(mark_formulas(root), self.shown_as)
        found = take_out_footnotes(root, f"{self.number}-")
        body = without_frame(root)
        if self._is_front(body, path):
            return
        targets = Targets("", self.pictures.name_of, found.labels, draws_formulas=draws_formulas(root))
        blocks = settled(blocks_of(body, targets))
        blocks = self._with_levels(blocks, path)
        for one in _chapters_in(blocks):
            self.place = _title_of(one[0]) or self.place
            one += footnote_blocks(one, targets, found)
            yield Part("\n\n".join(one), Place("chapter", self.place) if self.place else None, self.pictures.taken())

    def _is_front(self, body: Element, path: str) -> bool:
        """Whether a page is a cover, a list of contents or the printer's page, or has nothing on it."""
        text = " ".join("".join(body.itertext()).split())
        words = len(re.findall(r"[^\W\d_]{2,}|[㐀-鿿]", re.sub(r"[㐀-鿿]", " 一 ", text)))
        shows = body.find(".//img") is not None or body.find(".//tex") is not None
        if not words:
            return not shows or bool(_FRONT.search(Path(path).stem)) or path in self.book.guide
        links = body.findall(".//a[@href]")
        if (
            len(links) >= 5
            and link_density(body) > 0.8
            and not any(re.match(r"\w+:", one.get("href")) for one in links)
        ):
            return True
        named = (
            bool(_FRONT.search(Path(path).stem) or _FRONT.search(self.book.titles.get(path, ("", 1))[0]))
            or path in self.book.guide
        )
        rights = len({match.lower() for match in _RIGHTS.findall(text)})
        return (named and (words < _FEW or (rights > 0 and words < 1500))) or (rights > 1 and words < 400)

    def _with_levels(self, blocks: list[str], path: str) -> list[str]:
        """The blocks with headings below the book's title, at the depth that the navigation gives the chapter."""
        named, depth = self.book.titles.get(path, ("", 0))
        headings = [number for number, block in enumerate(blocks) if re.match(r"#{1,6} ", block)]
        if named and not headings:
            if blocks and _plain(blocks[0]) == _plain(named):
                blocks = blocks[1:]
            return [f"{'#' * min(depth + 1, 6)} {named}", *blocks]
        if headings and depth:
            top = min(len(blocks[number]) - len(blocks[number].lstrip("#")) for number in headings)
            self.shift = depth + 1 - top
        for number in headings:
            marks, _, title = blocks[number].partition(" ")
            blocks[number] = f"{'#' * min(6, max(2, len(marks) + self.shift))} {title}"
        return blocks


def _chapters_in(blocks: list[str]) -> Iterator[list[str]]:
    """Blocks cut at the headings of the highest level, where there are several of them."""
    levels = [len(block) - len(block.lstrip("#")) for block in blocks if re.match(r"#{1,6} ", block)]
    top = f"{'#' * min(levels, default=0)} "
    starts = [number for number, block in enumerate(blocks) if levels and block.startswith(top)]
    if len(starts) < 2:
        starts = []
    for start, end in zip([0, *starts], [*starts, len(blocks)], strict=True):
        if start < end:
            yield blocks[start:end]


def _title_of(block: str) -> str:
    """A heading's words for a place: without marks, on one line, without `--`."""
    if not re.match(r"#{1,6} ", block):
        return ""
    text = re.sub(r"\[\^[^\]]*\]|!?\[([^\]]*)\]\([^)]*\)", r"\1", block.lstrip("# "))
    return " ".join(re.sub(r"[*`\\]", "", text).split()).replace("--", "–")


def _plain(text: str) -> str:
    return re.sub(r"\W", "", text).lower()
