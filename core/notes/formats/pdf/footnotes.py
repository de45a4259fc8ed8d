"""Footnotes: small lines at the end of a column, numbered or marked, which must not cut the text that goes on elsewhere."""

import re
import unicodedata

from .blocks import Block
from .hyphens import rejoined
from .lines import Line, pitch
from .marks import CAPTION
from .survey import Survey

_NOTE = re.compile(
    r"^(?:[⁰¹²³⁴⁵⁶⁷⁸⁹]+|[*†‡§¶]+|\[\d{1,2}\]|[①-⑳])\s*(?=\S)|^\d{1,2}(?:\s+(?=[^\W\d]|[\"“‘])|(?=[^\W\d]))"
)


def without_footnotes(lines: list[Line], survey: Survey) -> tuple[list[Line], list[Block]]:
    """The lines of a column without the footnotes that end it, and those as blocks.

    The first of them may be the rest of a note that the column before could not hold.
    """
    start = len(lines)
    while start and lines[start - 1].size <= 0.93 * survey.body and not lines[start - 1].mono:
        start -= 1
    if not any(_NOTE.match(line.text) for line in lines[start:]) and start > 0:
        first_gap = lines[start].baseline - lines[start - 1].baseline if start < len(lines) else 0.0
        if first_gap < 1.6 * survey.pitch * survey.body:
            return lines, []
    if start in (0, len(lines)) or lines[start].baseline - lines[start - 1].baseline < 1.1 * lines[start - 1].size:
        return lines, []
    if CAPTION.match(lines[start].text) or pitch(lines[start:], 1.2) > 2:
        return lines, []
    notes: list[Block] = []
    number = 0
    for line in lines[start:]:
        begins, number = _begins(line.text, number)
        if notes and not begins:
            notes[-1].text = rejoined(notes[-1].text, line.text, survey)
        else:
            notes.append(Block("footnote", line.text, marker="note" if begins else ""))
    return lines[:start], notes


def _begins(text: str, before: int) -> tuple[bool, int]:
    """Whether a line begins a note, and the number of the last one: a number that does not follow on belongs to the text."""
    match = _NOTE.match(text)
    if not match:
        return False, before
    digits = re.match(r"\d+", unicodedata.normalize("NFKC", match[0]))
    if not digits:
        return True, before
    number = int(digits[0])
    return (
        not before or before < number <= before + 3
    ), number if not before or before < number <= before + 3 else before
