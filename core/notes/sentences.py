"""Sentences of a passage, English and Chinese, with the lines they stand on."""

import re
from dataclasses import dataclass

from .passages import Passage

_HAN_END = "。！？…"
_CLOSERS = "\"'”’」』）)]】*_"
_ABBREVIATION = re.compile(
    r"(?:\b(?:e\.g|i\.e|etc|cf|p|vs|al|ca|approx|resp|Dr|Mr|Mrs|Ms|Prof|St|Fig|Figs|Eq|No|Nos|Vol|pp|Ch|Sec|Jr|Sr|Inc|Ltd|Co|ext|tel|para|incl|"
    r"Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sep|Sept|Oct|Nov|Dec)|(?<![0-9°][ °])(?<![°0-9])\b[A-Z]|\b(?:[A-Za-z]\.)+[A-Za-z])\.$"
)
_PROTECTED = re.compile(
    r"`+[^`]*`+|\$\$.+?\$\$|(?<!\\)\$[^$\n]+?\$|!?\[[^\[\]]*\](?:\([^()]*(?:\([^()]*\)[^()]*)*\)|\[[^\]]*\])|https?://[^\s)）]+"
)
_HAN_MARK = r"[，。！？；：、（「『《…—]"
_HAN = r"[㐀-鿿豈-﫿，。！？；：、（）「」『』“”‘’《》…—]"


@dataclass(frozen=True)
class Sentence:
    """A sentence as the author wrote it (inline Markdown, line breaks joined) and its lines, from 1, both counted."""

    text: str
    file: str
    first: int
    last: int


def sentences(passage: Passage) -> list[Sentence]:
    """The sentences of a paragraph (or of any block read as running text), in order."""
    joined, line_of = join_lines(passage.text.split("\n"), passage.first)
    found = []
    for start, end in sentence_spans(joined):
        found.append(Sentence(joined[start:end], passage.file, line_of[start], line_of[end - 1]))
    return found


def join_lines(lines: list[str], first: int) -> tuple[str, list[int]]:
    """Hard-wrapped lines as one, with each character's line number; no space enters between Chinese characters."""
    text, line_of = "", []
    for number, line in enumerate(lines, first):
        line = line.strip()
        if not line:
            continue
        line = re.sub(r"\\$", "", line)
        if text and not (re.match(_HAN_MARK, text[-1:]) or (re.match(_HAN, line[:1]) and re.match(_HAN, text[-1:]))):
            text += " "
            line_of.append(number)
        text += line
        line_of += [number] * len(line)
    return text, line_of


def sentence_spans(text: str) -> list[tuple[int, int]]:
    """Where the sentences of `text` begin and end; code, formulas, links and abbreviations are never cut."""
    held = [match.span() for match in _PROTECTED.finditer(text)]
    spans: list[tuple[int, int]] = []
    start = index = 0
    while index < len(text):
        if held and index >= held[0][0]:
            index = max(index, held.pop(0)[1])
            continue
        end = _sentence_end(text, index, start)
        if end is None:
            index += 1
            continue
        spans.append((start, end))
        start = index = end
    spans.append((start, len(text)))
    trimmed = []
    for begin, stop in spans:
        piece = text[begin:stop]
        left = begin + len(piece) - len(piece.lstrip())
        right = stop - (len(piece) - len(piece.rstrip()))
        if right > left:
            trimmed.append((left, right))
    return trimmed


def _sentence_end(text: str, index: int, start: int) -> int | None:
    """The end of a sentence whose final mark stands at `index`, closing quotes included, or None."""
    mark = text[index]
    if mark in _HAN_END:
        end = index + 1
        while end < len(text) and text[end] in _HAN_END + _CLOSERS:
            if text[end] in "*_" and not _is_open(text[end], text[start:index]):
                break  # it opens the next sentence: 「……。**斗茶**是……」
            end += 1
        return end
    if mark not in ".!?":
        return None
    end = index + 1
    while end < len(text) and text[end] in ".!?" + _CLOSERS:
        end += 1
    if end < len(text) and not text[end].isspace():
        return end if re.match(_HAN, text[end]) and mark != "." else None
    if mark == "." and _ABBREVIATION.search(text[start : index + 1]):
        return None
    following = text[end:].lstrip()[:1]
    # `"How big is it?" is the wrong question.` goes on behind the quotation.
    if mark != "." and end > index + 1 and following.islower():
        return None
    if mark == "." and (following.islower() or text[start:index].strip().isdecimal()):
        return None
    return end


def _is_open(mark: str, before: str) -> bool:
    """Whether an emphasis of `*` or `_` was begun in `before` and waits for its end."""
    return len(re.findall(rf"{re.escape(mark)}+", before)) % 2 == 1
