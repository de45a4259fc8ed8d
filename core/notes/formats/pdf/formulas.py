"""Formulas that are drawn instead of written: small shapes in a line of text, or a row of them by itself.

So MathJax draws them in pages that browsers print. No letter can be had from them: each is cut out as a picture, and a
character of a private area keeps its place in the sentence until the page is written.
"""

from dataclasses import dataclass

from .drawings import Drawings
from .figures import united
from .page import Box, Word

FIRST_MARK = 0xF0000
"""The characters from here on stand for pictures; readers of letters never let them in."""
_TALLEST = 40.0
"""Points that a straight shape of a formula measures at most."""
MAX_ON_PAGE = 2_000
_APART = 4.0
"""Points between the shapes of one formula at most."""
_BESIDE = 1.5
"""Of the font's size: how far from the next word a formula in a sentence stands at most."""
_SPACE = 0.45
"""Of the font's size: what is farther before the first word of a line is a bullet."""
_ROW = (3, 15.0, 5.0, 60.0)
"""A formula by itself: shapes and points of width at least, points of height at least and at most."""


@dataclass
class Formula:
    """Where a drawn formula stands, and the word that keeps its place."""

    box: Box
    word: Word


def formulas_of(drawings: Drawings, words: list[Word], taken: list[Box], body: float) -> list[Formula]:
    """The drawn formulas of a page; their words have no text yet.

    Args:
        taken: where tables, figures and drawn bullets are.
        body: the running text's size, for formulas that stand by themselves.
    """
    drawn = [box for box in drawings.shapes if not any(other.touches(box) for other in taken)]
    if not drawn or len(drawn) > MAX_ON_PAGE:
        return []
    found: list[Formula] = []
    for box in united(drawn, _APART):
        box = _grown(box, drawings)
        near = [w for w in words if w.top <= box.bottom + _APART and w.bottom >= box.top - _APART]
        if any(box.holds(word, 0.0) for word in near):
            continue
        shapes = [one for one in drawn if box.holds(one)]
        word = _in_line(box, near, len(shapes)) or _by_itself(box, near, len(shapes), body)
        if word:
            found.append(Formula(box, word))
    return found


def _grown(box: Box, drawings: Drawings) -> Box:
    """The box with the lines of fractions and roots and the straight letters that touch it."""
    lines = [Box(r.start, r.at, r.end, r.at) for r in drawings.rules if r.level and r.end - r.start < 3 * _TALLEST]
    straight = [fill for fill in drawings.fills if fill.width < 3 * _TALLEST and fill.height < _TALLEST]
    for _ in range(3):
        for other in [*lines, *straight]:
            if other.touches(box, _APART / 2):
                box = box.with_(other)
    return box


def _in_line(box: Box, near: list[Word], shapes: int) -> Word | None:
    """The place in the sentence whose words stand beside the shapes."""
    row = [
        word
        for word in near
        if box.top - 0.2 * word.size <= word.baseline <= box.bottom + 0.35 * word.size
        and 0.3 * word.size <= box.height <= 4 * word.size
    ]
    before = [word for word in row if word.x1 <= box.x0 + 1 and box.x0 - word.x1 < _BESIDE * word.size]
    behind = [word for word in row if word.x0 >= box.x1 - 1 and word.x0 - box.x1 < _BESIDE * word.size]
    if before:
        beside = max(before, key=lambda word: word.x1)
    elif behind:
        beside = min(behind, key=lambda word: word.x0)
        if shapes < 3 and beside.x0 - box.x1 > _SPACE * beside.size:
            return None
    else:
        return None
    return Word("", box.x0, box.x1, beside.baseline, beside.size)


def _by_itself(box: Box, near: list[Word], shapes: int, body: float) -> Word | None:
    """The place of shapes in a row beside which nothing is written."""
    least, width, low, high = _ROW
    if near or shapes < least or box.width < max(width, 1.5 * box.height) or not low <= box.height <= high:
        return None
    return Word("", box.x0, box.x1, (box.top + box.bottom) / 2 + 0.3 * body, body)
