"""Workbooks (XLSX) as sheets of rows, read as they are asked for: values as a person sees them, merged cells filled."""

import re
import warnings
import zipfile
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import repeat
from pathlib import Path
from typing import Any

from ....errors import InputError
from ..archive.members import check_container
from ..converted import missing
from .cell_values import shown
from .rows import Row

_DEFAULT_NAME = re.compile(r"(?:sheet|工作表|tabelle|feuil)\s*\d*", re.IGNORECASE)
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*?ref="([A-Z]+)(\d+):([A-Z]+)(\d+)"')
_UNCOMPUTED = re.compile(
    rb"<(?:\w+:)?f(?:\s[^>]*)?(?:/>|>[^<]*</(?:\w+:)?f>)\s*(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v></(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
_READ, _OVERLAP = 1 << 20, 4096
_WIDEST = 200
_LONGEST_REPEATED = 80


@dataclass(frozen=True)
class Sheet:
    """One sheet.

    Attributes:
        is_named: its name says something: there are several sheets, or its author chose it.
        rows: may be gone through once.
        problems: what could not be read, as warnings of a `Part`; complete once the rows were gone through.
    """

    name: str
    is_named: bool
    rows: Iterator[Row]
    problems: list[str]


@dataclass(frozen=True)
class _Merge:
    left: int
    top: int
    right: int
    bottom: int


def sheets(file: Path, shown_as: str) -> Iterator[Sheet]:
    """The visible sheets of a workbook; rows of one are to be read before the next is asked for.

    Raises:
        InputError: openpyxl is missing; the file is an old `.xls`, encrypted or broken.
    """
    check_container(file, shown_as)
    with _opened(file, shown_as, data_only=True) as workbook:
        hidden = [sheet.title for sheet in workbook.worksheets if sheet.sheet_state != "visible"]
        visible = [sheet for sheet in workbook.worksheets if sheet.sheet_state == "visible"]
        problems = [f"hidden sheets were left out ({', '.join(hidden)}); show them if they are notes"] if hidden else []
        for sheet in visible:
            is_named = len(visible) > 1 or not _DEFAULT_NAME.fullmatch(sheet.title)
            yield Sheet(sheet.title, is_named, _rows(sheet, file, shown_as, problems), problems)
            problems = []


@contextmanager
def _opened(file: Path, shown_as: str, data_only: bool) -> Iterator[Any]:
    """The workbook; opened as a stream, because openpyxl goes by a path's ending and not by what is in the file."""
    try:
        import openpyxl
    except ImportError as error:
        raise missing("openpyxl", shown_as) from error
    with file.open("rb") as stream:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what openpyxl cannot keep (validation, styles) is nothing that we read
            try:
                workbook = openpyxl.load_workbook(stream, read_only=True, data_only=data_only, keep_links=False)
            except Exception as error:  # whatever openpyxl and the XML parser raise for a file that only looks like one
                raise InputError(f"{shown_as} is not a readable .xlsx; open it and save it again as .xlsx.") from error
        try:
            yield workbook
        finally:
            workbook.close()


def _rows(sheet: Any, file: Path, shown_as: str, problems: list[str]) -> Iterator[Row]:
    try:
        merges, has_uncomputed = _looked_through(file, sheet)
        formulas = _formulas(file, shown_as, sheet.title) if has_uncomputed else repeat(())
        sheet.reset_dimensions()
        open_merges: list[tuple[_Merge, str]] = []
        for number, (cells, written) in enumerate(zip(sheet.iter_rows(), formulas, strict=False), 1):
            texts = [shown(cell.value, getattr(cell, "number_format", None)) for cell in cells]
            for index, formula in enumerate(written):
                if isinstance(formula, str) and formula.startswith("=") and index < len(texts) and not texts[index]:
                    texts[index] = f"`{formula}`"
            open_merges = [(merge, text) for merge, text in open_merges if merge.bottom >= number]
            open_merges += [
                (merge, texts[merge.left - 1]) for merge in merges.pop(number, []) if merge.left <= len(texts)
            ]
            yield _filled(number, texts, open_merges)
    except Exception:  # as above: one sheet's part may be broken where the others are not
        problems.append(f"the sheet {sheet.title} cannot be read to its end; open the file and save it again")


def _filled(number: int, texts: list[str], merges: list[tuple[_Merge, str]]) -> Row:
    """A row with the text of merged cells in each of the cells that they cover; a long one only where it begins."""
    spans = False
    for merge, text in merges:
        if not text or (number > merge.top and len(text) > _LONGEST_REPEATED):
            continue
        texts += [""] * (merge.right - len(texts))
        spans = spans or merge.right > merge.left
        for index in range(merge.left - 1, merge.right):
            texts[index] = texts[index] or text
    return Row(number, texts, spans)


def _looked_through(file: Path, sheet: Any) -> tuple[dict[int, list[_Merge]], bool]:
    """The merged cells of a sheet by their first row, and whether there are formulas without a computed value.

    openpyxl tells neither while it reads row by row.
    """
    merges: dict[int, list[_Merge]] = defaultdict(list)
    uncomputed = False
    with zipfile.ZipFile(file) as archive, archive.open(sheet._worksheet_path) as part:
        text = b""
        while piece := part.read(_READ):
            text = text[-_OVERLAP:] + piece
            uncomputed = uncomputed or _UNCOMPUTED.search(text) is not None
            for match in _MERGED.finditer(text):
                merge = _Merge(_column(match[1]), int(match[2]), _column(match[3]), int(match[4]))
                if merge.right - merge.left < _WIDEST and merge not in merges[merge.top]:
                    merges[merge.top].append(merge)
    return merges, uncomputed


def _formulas(file: Path, shown_as: str, title: str) -> Iterator[tuple[Any, ...]]:
    """The cells of a sheet with formulas as they are written, row by row."""
    with _opened(file, shown_as, data_only=False) as workbook:
        sheet = workbook[title]
        sheet.reset_dimensions()
        yield from sheet.iter_rows(values_only=True)


def _column(letters: bytes) -> int:
    """A → 1, Z → 26, AA → 27."""
    number = 0
    for letter in letters:
        number = 26 * number + letter - ord("A") + 1
    return number
