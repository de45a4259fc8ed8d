"""Whether the lines that a lesson cites still read as they did when it was written, and where they have moved to."""

import re
from collections.abc import Iterable, Mapping

from ..course.citation import DEFINITION, Citation, read_citations
from ..journal import digest
from ..notes.language import Language
from .footnotes import Origins

Texts = Mapping[str, str]
"""The documents of the course by name."""


def place(citation: Citation) -> str:
    """Cited lines in short: `a.md#L3-L5`."""
    return f"{citation.file}#L{citation.first}-L{citation.last}"


def prints(markdown: str, texts: Texts) -> dict[str, str]:
    """Digests of all lines that a text cites, by `place`."""
    return {place(one): digest(_lines(one, texts)) for _, one in read_citations(markdown)}


def changed(markdown: str, before: Mapping[str, str], texts: Texts) -> list[Citation]:
    """The citations whose lines read differently than `before` says, or are not there any more, in order."""
    found = []
    for _, one in read_citations(markdown):
        now = _lines(one, texts)
        if (not now) if place(one) not in before else before[place(one)] != digest(now):
            found.append(one)
    return sorted(set(found))


def moves(citations: Iterable[Citation], before: Mapping[str, str], texts: Texts) -> dict[Citation, Citation] | None:
    """Where each citation's lines stand now, the nearest place where they read as before; None where one is lost."""
    found: dict[Citation, Citation] = {}
    for one in citations:
        lines = texts.get(one.file, "").split("\n")
        height = one.last - one.first
        starts = sorted(range(1, len(lines) - height + 1), key=lambda first: abs(first - one.first))
        wanted = before.get(place(one))
        moved = (Citation(one.file, first, first + height) for first in starts)
        there = next((each for each in moved if digest(_lines(each, texts)) == wanted), None)
        if there is None:
            return None
        found[one] = there
    return found


def follow(markdown: str, moved: Mapping[Citation, Citation], language: Language, origins: Origins) -> str:
    """The text with the definitions of the citations that moved written anew; the labels stay."""

    citations = dict(read_citations(markdown))

    def renewed(match: re.Match[str]) -> str:
        to = moved.get(citations[match["label"]])
        space = match[0][len(match[0].rstrip()) :]
        return match[0] if to is None else to.definition(match["label"], language, origin=origins(to)) + space

    return DEFINITION.sub(renewed, markdown)


def _lines(citation: Citation, texts: Texts) -> str:
    return "\n".join(texts.get(citation.file, "").split("\n")[citation.first - 1 : citation.last])
