"""The pages of an open PDF, loaded one at a time; their words are kept as long as they are few, because they are needed twice."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from .page import Page
from .words import read_page

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument, PdfPage

_KEPT = 150_000
"""Words that are kept, some 30 MB; of longer documents the pages behind are read again."""


class Pages:
    """Loads the pages of a document and reads their words."""

    def __init__(self, document: "PdfDocument") -> None:
        self._document = document
        self._kept: dict[int, Page] = {}
        self._words = 0

    @property
    def numbers(self) -> range:
        """From 1."""
        return range(1, len(self._document) + 1)

    @contextmanager
    def loaded(self, number: int) -> Iterator["PdfPage | None"]:
        """The page, let go of afterwards; None where it is broken."""
        import pypdfium2

        try:
            page = self._document[number - 1]
        except pypdfium2.PdfiumError:
            page = None
        try:
            yield page
        finally:
            if page is not None:
                page.close()

    def texts(self) -> Iterator[Page]:
        """The words of all pages that can be loaded."""
        for number in self.numbers:
            with self.loaded(number) as page:
                text = read_page(page, number) if page is not None else None
            if text is None:
                continue
            self._words += len(text.words)
            if self._words <= _KEPT:
                self._kept[number] = text
            yield text

    def text(self, page: "PdfPage", number: int) -> Page:
        """The words of a loaded page, given out once more."""
        return self._kept.pop(number, None) or read_page(page, number)
