"""Opening a PDF, or saying in one sentence why it cannot be opened.

pdfium (https://pdfium.googlesource.com/pdfium/) reads the file from disk as it needs it, and never runs what is in it.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from ....errors import InputError
from ..converted import missing
from .bombs import unpacks_too_far

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument

MAX_PAGES = 10_000
_HEADER = 1024
"""The bytes within which a PDF says what it is; readers accept other bytes before it."""
_PASSWORD = 4
"""FPDF_ERR_PASSWORD of pdfium's fpdfview.h."""
_SECURITY = 5


@contextmanager
def opened(file: Path, shown_as: str) -> Iterator["PdfDocument"]:
    """The document, closed afterwards; one with an empty user password is read like one without.

    Raises:
        InputError: pypdfium2 is not installed, or the file cannot be read, is empty, no PDF, broken, locked or too long.
    """
    try:
        import pypdfium2
    except ImportError as error:
        raise missing("pypdfium2", shown_as) from error
    _expect_pdf(file, shown_as)
    if unpacks_too_far(file):
        raise InputError(
            f"{shown_as} unpacks to far more than it holds, as files made to fill a memory do; print it to a new PDF if you trust it."
        )
    try:
        document = pypdfium2.PdfDocument(file)
    except pypdfium2.PdfiumError as error:
        code = getattr(error, "err_code", None)
        if code == _PASSWORD:
            raise InputError(
                f"{shown_as} is locked with a password; save a copy without one (print it to PDF, or qpdf --decrypt) and add that."
            ) from error
        if code == _SECURITY:
            raise InputError(
                f"{shown_as} is encrypted in a way that cannot be opened; save a copy without protection and add that."
            ) from error
        raise InputError(
            f"{shown_as} is a broken or cut-off PDF; get it again, or open it in a viewer and print it to a new PDF."
        ) from error
    log = logging.getLogger("pypdfium2")
    level = log.level
    log.setLevel(logging.CRITICAL)  # what it finds wrong with a file is told in our words or not at all
    try:
        pages = len(document)
        if pages < 1:
            raise InputError(f"{shown_as} is a broken or cut-off PDF without pages; get it again or leave it out.")
        if pages > MAX_PAGES:
            raise InputError(
                f"{shown_as} has {pages:,} pages and {MAX_PAGES:,} are read at most; split it, or leave out what should not be taught."
            )
        yield document
    finally:
        document.close()
        log.setLevel(level)


def _expect_pdf(file: Path, shown_as: str) -> None:
    """Refuse what is no PDF by its first bytes."""
    try:
        with file.open("rb") as stream:
            start = stream.read(_HEADER)
    except OSError as error:
        raise InputError(
            f"{shown_as} cannot be read ({error.strerror}); mend its permissions or move it away."
        ) from error
    if not start.strip(b"\x00\t\n\r "):
        raise InputError(f"{shown_as} is empty; get it again or leave it out.")
    if b"%PDF-" in start:
        return
    kinds = {
        b"<!doctype": "a web page (.html)", b"<html": "a web page (.html)", b"<?xml": "an XML file (.xml)",
        b"pk\x03\x04": "a ZIP or Office file (.docx, .pptx, .zip)", b"{\\rtf": "a rich text file (.rtf)",
        b"\xd0\xcf\x11\xe0": "an old Office file (.doc)", b"\x89png": "a picture (.png)", b"\xff\xd8\xff": "a picture (.jpg)",
    }  # fmt: skip
    found = start.lstrip(b"\xef\xbb\xbf\t\n\r ").lower()
    kind = next((name for mark, name in kinds.items() if found.startswith(mark)), "")
    looks = f" but looks like {kind}; rename it" if kind else "; give it the ending that fits what it is"
    raise InputError(f"{shown_as} is no PDF{looks} or leave it out.")
