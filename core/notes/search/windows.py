"""What of a passage gets a vector of its own: its sentences, short ones together, without the marks of Markdown."""

import re

from ..chunks import approximate_tokens
from ..sentences import sentence_spans

_LINK = re.compile(r"!?\[([^\[\]]*)\]\([^()]*\)")
_MARKS = re.compile(r"[*`#>|]+|~~|:?-{3,}:?")
_HAN_WRAP = re.compile(r"(?<=[㐀-鿿，。！？；：、])\s*\n\s*(?=[㐀-鿿])")
_BLOCK = re.compile(r"\n\s*\n|\n(?=\s*(?:[-*+]|\d+[.)])\s)|(?<=\|)[ \t]*\n")
_SHORT = 24
"""Tokens: sentences are put together while they are no more than this."""


def windows(text: str) -> list[str]:
    """The sentences of a passage in order; at least one, which may be empty."""
    found: list[str] = []
    for block in _BLOCK.split(text):
        flat = plain(block)
        for start, end in sentence_spans(flat):
            piece = flat[start:end]
            if found and approximate_tokens(found[-1]) + approximate_tokens(piece) <= _SHORT:
                found[-1] += " " + piece
            else:
                found.append(piece)
    return found or [""]


def plain(text: str) -> str:
    """A text on one line, without the marks of Markdown and the targets of its links."""
    text = _HAN_WRAP.sub("", _MARKS.sub(" ", _LINK.sub(r"\1", text)))
    return " ".join(text.split())
