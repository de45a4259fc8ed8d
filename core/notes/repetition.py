"""What creators' folders hold more than once: copies of a document, and lines that open or close most files."""

import re
import zlib
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from heapq import nsmallest
from pathlib import PurePosixPath

from .document import Document
from .files import natural
from .places import origin, without_markers
from .sentences import sentence_spans

NEARLY = 0.8
"""Documents that share this much of their shingles (Jaccard) count as copies of one."""
_SHINGLE = 3
_SKETCH = 2000
"""Shingles that are kept of a document: those with the smallest hashes, which stand for all of them."""
_PERMUTATIONS = 128
_FEWEST_SHINGLES = 20
"""Shorter documents are copies only where they are equal."""
_EDGE_LINES = 3
_FEWEST_FILES = 4
_MOST_FILES = 0.6
_TOKEN = re.compile(r"[㐀-䶿一-鿿豈-﫿]|[^\W_㐀-䶿一-鿿豈-﫿]+")
_TARGET = re.compile(r"\]\([^()\n]*\)")
_STRUCTURE = re.compile(r"\s*(?:#{1,6}\s|[-*+]\s|\d+[.)]\s|>|\||```|~~~|\$\$|<!--|!\[)")
_COPY = re.compile(r"\bcop(?:y|ies)\b|\(\d+\)|\bold\b|\bbackup\b|副本|备份|复制|旧", re.IGNORECASE)
_PREFERRED = ("", ".md", ".txt", ".docx", ".odt", ".html", ".htm", ".epub", ".pptx", ".ipynb", ".pdf")
"""Endings of originals, those first from which a document keeps most."""


@dataclass(frozen=True)
class Sketch:
    """What is kept of a document to find its copies by, small however long it is.

    Attributes:
        name: the document's.
        shingles: its smallest hashes of three words or Chinese characters in a row (Broder 1997, bottom-k).
        rank: better documents first: from a format that keeps more, no copy by its name, longer, earlier in the folder.
    """

    name: str
    shingles: frozenset[int]
    rank: tuple[object, ...]

    @classmethod
    def of(cls, document: Document) -> "Sketch":
        """The sketch of a document."""
        tokens = [token.casefold() for token in _TOKEN.findall(_TARGET.sub("]", without_markers(document.text)))]
        rows = range(max(1, len(tokens) - _SHINGLE + 1))
        hashes = {zlib.crc32("\x1f".join(tokens[at : at + _SHINGLE]).encode()) for at in rows}
        return cls(document.name, frozenset(nsmallest(_SKETCH, hashes)), _rank(document))

    def likeness(self, other: "Sketch") -> float:
        """Jaccard similarity of the two documents' shingles, estimated where they have more than are kept."""
        together = nsmallest(_SKETCH, self.shingles | other.shingles)
        return sum(one in self.shingles and one in other.shingles for one in together) / len(together)


def copies(sketches: Iterable[Sketch], kept: Collection[str] = ()) -> dict[str, str]:
    """For each document that is nearly the same as a better one, the better one's name.

    Args:
        kept: names of documents that are preferred to all others; of two such neither is a copy.
    """
    by_name = {one.name: one for one in sketches}
    similar = _similar(by_name)
    doubles: dict[str, str] = {}
    for original in sorted(by_name.values(), key=lambda one: (one.name not in kept, one.rank)):
        if original.name not in doubles:
            for other in similar[original.name] - doubles.keys() - set(kept):
                doubles[other] = original.name
    originals = set(doubles.values())
    return {double: original for double, original in doubles.items() if double not in originals}


def left_out_copy(double: Document | None, original: Document | None) -> str:
    """The sentence about a copy that is left out, with what it alone says; empty where one of the two is not there."""
    if double is None or original is None:
        return ""
    there = set(_told(original))
    alone = next((line for line in _told(double) if line not in there), "")
    if not alone:
        return f"Left out: {double.name} says the same as {original.name}."
    shown = alone if len(alone) <= 60 else f"{alone[:59]}…"
    return f"Left out: {double.name} says nearly the same as {original.name}; it alone has: {shown}"


def _told(document: Document) -> list[str]:
    """The sentences of a document, line by line, without where its links lead."""
    lines = _TARGET.sub("]", without_markers(document.text)).split("\n")
    return [line[start:end] for line in lines for start, end in sentence_spans(line)]


def repeated_edges(documents: Iterable[Document]) -> set[str]:
    """The first and last lines that most documents share: navigation, notices, footers; none among fewer than four."""
    total = 0
    seen: Counter[str] = Counter()
    for document in documents:
        total += 1
        seen.update({_form(line) for _, line in _edges(document.text)})
    enough = max(_FEWEST_FILES, _MOST_FILES * total)
    return {line for line, count in seen.items() if count >= enough}


def without_edges(document: Document, repeated: Collection[str]) -> Document:
    """The document with its first and last lines among `repeated` left blank; one that says nothing else stays as it is."""
    lines = document.text.split("\n")
    for number, line in _edges(document.text):
        if _form(line) in repeated:
            lines[number] = ""
    text = "\n".join(lines).rstrip("\n") + "\n"
    return replace(document, text=text) if without_markers(text).strip() else document


def _edges(text: str) -> list[tuple[int, str]]:
    """The first and the last lines that are running text, with their index; headings, lists, code and tables end the search."""
    lines = text.split("\n")
    found: dict[int, str] = {}
    for numbers in (range(len(lines)), range(len(lines) - 1, -1, -1)):
        taken = 0
        for number in numbers:
            line = lines[number].strip()
            if not line or line.startswith("<!--"):
                continue
            if taken == _EDGE_LINES or (_STRUCTURE.match(line) and not line.startswith("#")):
                break
            taken += 1
            if not line.startswith("#"):
                found[number] = line
    return list(found.items())


def _form(line: str) -> str:
    """A line for comparison: no numbers, no link targets, no case."""
    return re.sub(r"\d+", "0", _TARGET.sub("]", line)).casefold()


def _similar(sketches: dict[str, Sketch]) -> dict[str, set[str]]:
    """For each document the others that it is nearly the same as."""
    similar: dict[str, set[str]] = {name: set() for name in sketches}
    equal: dict[frozenset[int], list[str]] = {}
    for name, sketch in sketches.items():
        equal.setdefault(sketch.shingles, []).append(name)
    for same in equal.values():
        for name in same:
            similar[name].update(other for other in same if other != name)
    for name, other in _candidates([sketches[same[0]] for same in equal.values()]):
        if sketches[name].likeness(sketches[other]) >= NEARLY:
            for one in equal[sketches[name].shingles]:
                similar[one].update(equal[sketches[other].shingles])
    return similar


def _candidates(sketches: list[Sketch]) -> list[tuple[str, str]]:
    """Ordered pairs of documents worth a look, by MinHash and locality-sensitive hashing."""
    long_enough = [one for one in sketches if len(one.shingles) >= _FEWEST_SHINGLES]
    if len(long_enough) < 2:
        return []
    import numpy
    from datasketch import MinHash, MinHashLSH

    index = MinHashLSH(threshold=NEARLY - 0.1, num_perm=_PERMUTATIONS)
    hashes = []
    for sketch in long_enough:
        hashed = MinHash(num_perm=_PERMUTATIONS, hashfunc=int)
        hashed.update_batch(numpy.fromiter(sketch.shingles, dtype=numpy.uint32, count=len(sketch.shingles)))
        index.insert(sketch.name, hashed)
        hashes.append((sketch.name, hashed))
    return [(name, other) for name, hashed in hashes for other in index.query(hashed) if other != name]


def _rank(document: Document) -> tuple[object, ...]:
    made_from = origin(document.text, 1, 1)
    ending = PurePosixPath(made_from.source).suffix.lower() if made_from else ""
    place = _PREFERRED.index(ending) if ending in _PREFERRED else len(_PREFERRED)
    return place, bool(_COPY.search(document.name)), -len(document.text), natural(document.name)
