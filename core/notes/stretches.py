"""Large text read as a stream: stretches that begin where a reader would begin one, none held longer than it takes."""

import codecs
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from ..errors import InputError
from .encoding import encoding_of

LARGE = 2_000_000
"""Bytes from which on a text file is read in stretches, and becomes several documents."""
STRETCH = 1_000_000
"""Characters of a stretch."""
_READ = 1 << 20
_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})")


def lines_of(file: Path, shown_as: str) -> tuple[Iterator[str], str]:
    """The lines of a text file, read as they are asked for, and its encoding.

    Raises:
        InputError: it is no text, or is broken somewhere; all of it is looked at before the first line comes.
    """
    with file.open("rb") as opened:
        encoding = encoding_of(opened.read(200_000), shown_as)
    decoder = codecs.getincrementaldecoder(encoding)()
    place = 0
    try:
        for data in _blocks(file):
            if "\x00" in decoder.decode(data):
                raise InputError(f"{shown_as} is not text; convert it to Markdown or plain text first.")
            place += len(data)
        decoder.decode(b"", True)
    except UnicodeDecodeError as error:
        raise InputError(
            f"{shown_as} looks like {encoding} but is broken near byte {place + error.start}; save it as UTF-8."
        ) from error
    return _lines(file, encoding), encoding


def stretches(lines: Iterable[str], most: int = STRETCH) -> Iterator[tuple[int, int, str]]:
    """(first line, last line, text) of each stretch: cut before a heading where one comes in time, else at a blank line,
    else after any line, and never inside fenced code of a readable length."""
    held: list[str] = []
    size, first, fence = 0, 1, ""
    for number, line in enumerate(lines, 1):
        opening = _FENCE.match(line)
        enough, too_much = size > most, size > 2 * most
        good = not fence and (re.match(r"#{1,3} ", line) or (size > 1.5 * most and not line.strip()))
        if held and ((enough and good) or too_much):
            yield first, number - 1, "".join(held)
            held, size, first = [], 0, number
        if opening:
            fence = "" if fence and line.strip().startswith(fence) else fence or opening[1]
        held.append(line)
        size += len(line)
    if held:
        yield first, first + len(held) - 1, "".join(held)


def _lines(file: Path, encoding: str) -> Iterator[str]:
    """Lines with their ends; one that does not end for very long is cut after a sentence."""
    rest = ""
    with file.open(encoding=encoding) as opened:
        while read := opened.readline(_READ):
            line, rest = rest + read, ""
            if not line.endswith("\n") and len(line) >= _READ:
                cut = max(line.rfind(mark) for mark in "。！？.!?") + 1 or len(line)
                line, rest = f"{line[:cut]}\n", line[cut:].lstrip(" ")
            yield line
    if rest:
        yield rest


def _blocks(file: Path) -> Iterator[bytes]:
    with file.open("rb") as opened:
        while data := opened.read(_READ):
            yield data
