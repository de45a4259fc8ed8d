"""Tables (CSV, TSV, XLSX) as pipe tables, in parts of some rows, each with the table's header."""

from collections.abc import Iterator
from pathlib import Path

from ....errors import InputError
from ...language import language_of
from ..converted import Part, Place
from ..markdown_writing import plain
from .delimited import rows_of
from .rows import Row, stretches
from .workbook import sheets

_CONTAINERS = (b"PK\x03\x04", b"PK\x05\x06", b"\xd0\xcf\x11\xe0")


def read(file: Path, shown_as: str) -> Iterator[Part]:
    """The rows of a delimited file, or of a workbook's sheets, as they come; which of the two, the content tells.

    Raises:
        InputError: openpyxl is missing for a workbook; the file is an old `.xls`, encrypted, broken, no text, or has no cell
            with anything in it.
    """
    try:
        with file.open("rb") as opened:
            start = opened.read(4)
    except OSError as error:
        raise InputError(
            f"{shown_as} cannot be read ({error.strerror}); mend its permissions or move it away."
        ) from error
    written = False
    for part in _workbook(file, shown_as) if start in _CONTAINERS else _parts(rows_of(file, shown_as), ""):
        written = written or bool(part.text)
        yield part
    if not written:
        raise InputError(f"{shown_as} has no cell with anything in it; fill it or leave it out.")


def _workbook(file: Path, shown_as: str) -> Iterator[Part]:
    for sheet in sheets(file, shown_as):
        parts = _parts(sheet.rows, sheet.name if sheet.is_named else "")
        heading = f"## {plain(sheet.name)}\n\n" if sheet.is_named else ""
        for part in parts:
            yield Part(heading + part.text, part.place)
            heading = ""
        if sheet.problems:
            yield Part("", warning="; ".join(sheet.problems))


def _parts(rows: Iterator[Row], sheet: str) -> Iterator[Part]:
    chinese = False
    for number, stretch in enumerate(stretches(rows)):
        chinese = language_of(f"{sheet}\n{stretch.text}") == "zh" if not number else chinese
        span = f"{stretch.first}–{stretch.last}" if stretch.last > stretch.first else f"{stretch.first}"
        where = f"第 {span} 行" if chinese else f"row{'s' if stretch.last > stretch.first else ''} {span}"
        yield Part(stretch.text, Place("sheet", f"{sheet}{'，' if chinese else ', '}{where}" if sheet else where))
