"""Chunks: a document cut into passages of a size, for search and for a model's context; lines and headings stay true.

Neighbouring blocks under one heading go together while they fit. A block that does not fit is cut where its kind allows:
a list between items, a table between rows, code between lines, prose between sentences, and only then inside of them.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from .document import Document
from .passages import Passage, passages
from .sentences import sentence_spans

Count = Callable[[str], int]
"""How many tokens a text has, in the vocabulary of the model that will read it."""

MARKER = re.compile(r"^[ \t]*<!--.*-->[ \t]*$")
"""A comment on a line of its own: a place in the original or a remark, never content."""

_TOKEN = re.compile(
    r"[A-Za-zÀ-ɏ]+|\d{1,3}|[㐀-䶿一-鿿豈-﫿぀-ヿ가-힯]|[^\s\w]|[^\W\dA-Za-zÀ-ɏ㐀-䶿一-鿿豈-﫿぀-ヿ가-힯]+|_+"
)
_ITEM = re.compile(r"^(?P<indent>[ \t]*)(?:[-*+]|\d{1,9}[.)])(?:[ \t]|$)")
_WORD = re.compile(r"\S+\s*")

Span = tuple[int, int]
"""Where in a text something begins and ends, in characters."""


@dataclass(frozen=True)
class Chunk:
    """A passage of a size.

    Attributes:
        text: a piece of the lines `first` to `last` of the document, unchanged; it begins on the one and ends on the other.
        file: the document's name under `notes/`.
        first, last: lines of the document, from 1, both counted.
        headings: the headings above it, outermost first.
        head: the head rows of the table whose later rows `text` begins with, else empty.
    """

    text: str
    file: str
    first: int
    last: int
    headings: tuple[str, ...] = ()
    head: str = ""


@dataclass(frozen=True)
class _Piece:
    """A span of the document that is not cut any more, with what `Chunk` says of it."""

    start: int
    end: int
    headings: tuple[str, ...]
    head: str = ""


def approximate_tokens(text: str) -> int:
    """Tokens of `text` in a usual vocabulary, estimated: for sizes where no model is at hand.

    A Chinese character counts one, a Latin word one for every six letters, a mark one, digits one for every three.
    """
    return sum((len(match.group()) + 5) // 6 for match in _TOKEN.finditer(text))


def chunks(document: Document, count: Count = approximate_tokens, most: int = 256) -> list[Chunk]:
    """Cut `document` into chunks of at most `most` tokens, in its order; what `passages` leaves out is left out.

    A heading goes into `headings` of what stands below it, and is a chunk's text only where nothing does.

    Args:
        count: counts tokens; a text may only grow in tokens as it grows in characters.
        most: tokens a chunk may have; only a single character that has more makes a larger one.
    """
    text = document.text
    starts = _line_starts(text)
    found = []
    for piece in _together(text, _pieces(document, starts, count, most), count, most):
        first = bisect_right(starts, piece.start)
        last = bisect_right(starts, piece.end - 1)
        found.append(Chunk(text[piece.start : piece.end], document.name, first, last, piece.headings, piece.head))
    return found


def _pieces(document: Document, starts: list[int], count: Count, most: int) -> Iterator[_Piece]:
    """The document's blocks, those that do not fit cut into pieces that do."""
    text = document.text
    blocks = passages(document)
    for number, block in enumerate(blocks):
        if block.kind == "heading" and number + 1 < len(blocks) and _is_below(blocks[number + 1], block):
            continue
        for start, end in _without_markers(text, block, starts):
            yield from _cut(text, start, end, block, count, most)


def _is_below(block: Passage, heading: Passage) -> bool:
    return block.level > heading.level if block.kind == "heading" else True


def _without_markers(text: str, block: Passage, starts: list[int]) -> Iterator[Span]:
    """The block's span, or its parts before and after marker lines; code is what its author wrote, comments and all."""
    opened: int | None = None
    end = 0
    for number in range(block.first, block.last + 1):
        line_start = starts[number - 1]
        line_end = starts[number] - 1 if number < len(starts) else len(text)
        line = text[line_start:line_end]
        if block.kind != "code" and MARKER.match(line):
            if opened is not None:
                yield opened, end
            opened = None
        elif line.strip():
            opened = line_start if opened is None else opened
            end = line_start + len(line.rstrip())
    if opened is not None:
        yield opened, end


def _cut(text: str, start: int, end: int, block: Passage, count: Count, most: int) -> Iterator[_Piece]:
    """One block as pieces that fit."""
    if count(text[start:end]) <= most:
        yield _Piece(start, end, block.headings)
        return
    head = ""
    if block.kind == "table":
        rows = text[start:end].split("\n")
        head = "\n".join(rows[:2]) if len(rows) > 2 else ""
    for index, (left, right) in enumerate(_fitting(text, start, end, _levels(block.kind), count, most)):
        yield _Piece(left, right, block.headings, head if index else "")


Splitter = Callable[[str], list[Span]]


def _levels(kind: str) -> list[Splitter]:
    """Where a block of a kind may be cut, the best places first."""
    prose: list[Splitter] = [sentence_spans, _words, _characters]
    if kind == "list":
        return [_items, _lines, *prose]
    if kind in {"table", "quote", "figure"}:
        return [_lines, *prose] if kind != "quote" else prose
    if kind in {"code", "math"}:
        return [_paragraphs, _lines, _words, _characters]
    return prose


def _fitting(text: str, start: int, end: int, levels: list[Splitter], count: Count, most: int) -> Iterator[Span]:
    """`text[start:end]` cut at the first level, as much to a span as fits; what is too long still, at the next level."""
    atoms = [(start + left, start + right) for left, right in levels[0](text[start:end])]
    index = 0
    while index < len(atoms):
        taken = _how_many(text, atoms, index, count, most)
        if taken:
            yield atoms[index][0], atoms[index + taken - 1][1]
            index += taken
            continue
        left, right = atoms[index]
        if len(levels) == 1:
            yield left, right
        else:
            yield from _fitting(text, left, right, levels[1:], count, most)
        index += 1


def _how_many(text: str, atoms: list[Span], index: int, count: Count, most: int) -> int:
    """How many atoms from `index` on fit together; 0 where not even one does."""

    def fits(number: int) -> bool:
        return count(text[atoms[index][0] : atoms[index + number - 1][1]]) <= most

    left = len(atoms) - index
    low, high = 0, 1
    while high <= left and fits(high):
        low, high = high, 2 * high
    high = min(high, left + 1)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if fits(middle) else (low, middle)
    return low


def _together(text: str, pieces: Iterator[_Piece], count: Count, most: int) -> Iterator[_Piece]:
    """Neighbours under the same headings joined while they fit and nothing but blank lines stands between them."""
    held: _Piece | None = None
    for piece in pieces:
        if held is not None:
            apart = held.headings != piece.headings or text[held.end : piece.start].strip() or piece.head
            if not apart and count(text[held.start : piece.end]) <= most:
                held = replace(held, end=piece.end)
                continue
            yield held
        held = piece
    if held is not None:
        yield held


def _line_starts(text: str) -> list[int]:
    return [0, *(match.end() for match in re.finditer("\n", text))]


def _lines(text: str) -> list[Span]:
    return [match.span() for match in re.finditer(r"[^\n]*\S", text)]


def _paragraphs(text: str) -> list[Span]:
    """Runs of lines without a blank one."""
    return [match.span() for match in re.finditer(r"[^\n]*\S(?:\n[^\n]*\S)*", text)]


def _items(text: str) -> list[Span]:
    """The outermost items of a list, each with what is indented below it."""
    spans = _lines(text)
    opening = _ITEM.match(text)
    outermost = len(opening["indent"]) if opening else 0
    found: list[Span] = []
    for start, end in spans:
        item = _ITEM.match(text[start:end])
        if found and not (item and len(item["indent"]) <= outermost):
            found[-1] = (found[-1][0], end)
        else:
            found.append((start, end))
    return found


def _words(text: str) -> list[Span]:
    return [(match.start(), match.start() + len(match.group().rstrip())) for match in _WORD.finditer(text)]


def _characters(text: str) -> list[Span]:
    return [(index, index + 1) for index in range(len(text)) if not text[index].isspace()]
