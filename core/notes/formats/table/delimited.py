"""Delimited text (CSV, TSV; RFC 4180 and what programs write instead) as rows, read as they are asked for."""

import csv
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from pathlib import Path

from ...stretches import lines_of
from .rows import Row

_DELIMITERS = ("\t", ";", "|", ",")
_SAMPLE = 200
"""Lines looked at to tell the delimiter."""
_MOST_LINES, _MOST_CHARACTERS = 300, 100_000
"""What a quoted cell may hold; a quote that has no partner for longer is a character of the text."""


def rows_of(file: Path, shown_as: str) -> Iterator[Row]:
    """The rows of a delimited file, counted from 1 as a spreadsheet counts them.

    Raises:
        InputError: the file is no text or broken.
    """
    lines, _ = lines_of(file, shown_as)
    first = next(lines, "").removeprefix("\ufeff")
    if (said := first.strip().lower()).startswith("sep=") and len(said) == 5:
        delimiter, offset = said[4], 1
    else:
        beginning = list(islice(lines, _SAMPLE))
        delimiter, offset = delimiter_of([first, *beginning], file.suffix.lower()), 0
        lines = chain([first], beginning, lines)
    for number, cells in enumerate(_records(lines, delimiter), 1 + offset):
        yield Row(number, [cell.strip() for cell in cells])


def delimiter_of(lines: list[str], suffix: str = "") -> str:
    """The delimiter with which most rows have the same number of cells, two at least; a comma where there is none."""
    best, most = ("\t" if suffix == ".tsv" else ","), 0.0
    for delimiter in _DELIMITERS:
        widths = [len(cells) for cells in _records(iter(lines), delimiter) if any(cells)]
        width, rows = Counter(widths).most_common(1)[0] if widths else (0, 0)
        share = rows / len(widths) if widths else 0.0
        if width > 1 and share > most + 1e-9:
            best, most = delimiter, share
    return best


def _records(lines: Iterator[str], delimiter: str) -> Iterator[list[str]]:
    """The cells of each row; a quoted cell may go over several lines."""
    opening = re.compile(rf'(?:^|{re.escape(delimiter)})\s*"')
    held: list[str] = []
    again: list[str] = []  # lines to be looked at once more, the next one last
    size, is_open = 0, False
    while True:
        line = again.pop() if again else next(lines, None)
        if line is not None:
            held.append(line)
            size += len(line)
            if is_open or opening.search(line):
                is_open ^= line.count('"') % 2 == 1
        elif not held:
            return
        if not is_open:
            yield from _parsed(held, delimiter)
        elif line is not None and len(held) < _MOST_LINES and size < _MOST_CHARACTERS:
            continue
        else:  # the quote has no partner
            yield held[0].rstrip("\r\n").split(delimiter)
            again += reversed(held[1:])
        held, size, is_open = [], 0, False


def _parsed(lines: Iterable[str], delimiter: str) -> Iterator[list[str]]:
    try:
        yield from list(csv.reader(lines, delimiter=delimiter))
    except csv.Error:  # a cell over the library's limit of 131,072 characters
        yield from (line.rstrip("\r\n").split(delimiter) for line in lines)
