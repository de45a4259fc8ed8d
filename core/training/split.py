"""Which part of the notes is learned and which is kept unseen: decided on documents, before any text is cut up.

Splitting chunks instead of documents lets neighbouring lines of one page fall on both sides, and the held-out figure
then praises memory for understanding.
"""

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass

from ..errors import InputError

Named = tuple[str, str]
"""A document's name and its text."""

_LEAST, _WANTED, _MOST = 0.08, 0.12, 0.15
_HEADING = re.compile(r"^#{1,6}[ \t]", re.MULTILINE)
_PARAGRAPH = re.compile(r"\n[ \t]*\n+(?=\S)")
_LINE = re.compile(r"\n(?=\S)")
_SPACE = re.compile(r"[\s。！？；，](?=\S)")


@dataclass(frozen=True)
class Split:
    """Documents to learn from and documents to measure on; no text is in both."""

    train: list[Named]
    held_out: list[Named]


def split_documents(documents: Sequence[Named], seed: int = 0) -> Split:
    """Hold out about a tenth of the notes' bytes, the same part for the same notes and seed.

    From three documents on, whole documents are held out (at least one); of one or two, the last part of each, cut
    before a heading, else before a paragraph, else before a line. Empty documents and exact copies of earlier ones are
    left out first, for a copy on the other side would be a leak.

    Raises:
        InputError: nothing can be held out because there is too little text.
    """
    seen: set[str] = set()
    kept: list[Named] = []
    for name, text in documents:
        plain = " ".join(text.split())
        if plain and plain not in seen:
            seen.add(plain)
            kept.append((name, text))
    if len(kept) >= 3:
        return _whole_documents(kept, seed)
    train, held_out = [], []
    for name, text in kept:
        cut = _tail(text)
        train.append((name, text[:cut]))
        if text[cut:].strip():
            held_out.append((name, text[cut:]))
    if not held_out:
        raise InputError("The notes are too short to hold any of them out; add more notes, about five pages at least.")
    return Split(train, held_out)


def _whole_documents(documents: list[Named], seed: int) -> Split:
    """Documents in a shuffled order, taken while they fit; the smallest where none does."""
    sizes = [_size(text) for _, text in documents]
    total = sum(sizes)
    order = list(range(len(documents)))
    random.Random(seed).shuffle(order)
    chosen: set[int] = set()
    taken = 0
    for index in order:
        if taken + sizes[index] <= _MOST * total:
            chosen.add(index)
            taken += sizes[index]
        if taken >= _WANTED * total:
            break
    if not chosen:
        chosen = {min(order, key=lambda index: sizes[index])}
    return Split(
        [document for index, document in enumerate(documents) if index not in chosen],
        [document for index, document in enumerate(documents) if index in chosen],
    )


def _tail(text: str) -> int:
    """Where the held-out last part of a text begins; the length of the text where it cannot be cut."""
    wanted = len(text) * (1 - _WANTED)
    lowest, highest = len(text) * (1 - 2 * _WANTED), len(text) * (1 - _LEAST / 2)
    for boundary in (_HEADING, _PARAGRAPH, _LINE, _SPACE):
        places = [match.start() if boundary is _HEADING else match.end() for match in boundary.finditer(text)]
        fitting = [place for place in places if lowest <= place <= highest]
        if fitting:
            return min(fitting, key=lambda place: abs(place - wanted))
    return len(text)


def _size(text: str) -> int:
    return len(text.encode("utf-8"))
