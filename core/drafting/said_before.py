"""What earlier lessons say already: how much of a sentence stands word for word in the notes of lessons before it.

Sections written without a look at each other repeat themselves; a lesson chooses what is new in it. It is told from the
notes and not from what was written, so that a lesson redone alone comes out the same.
"""

from collections.abc import Mapping, Sequence

from ..notes.words import words
from .material import LessonMaterial
from .statements import Statement

LENGTH = 5
"""Words in a row, pairs of characters in Chinese, that count as said again."""


def said_before(lessons: Sequence[LessonMaterial]) -> Mapping[Statement, float]:
    """For each statement the share of its 5-grams that an earlier lesson's statements have; those with none are left out."""
    earlier: set[tuple[str, ...]] = set()
    shares: dict[Statement, float] = {}
    for material in lessons:
        here: set[tuple[str, ...]] = set()
        for one in material.statements:
            grams = _grams(one.plain)
            if repeated := sum(gram in earlier for gram in grams):
                shares[one] = repeated / len(grams)
            here.update(grams)
        earlier |= here
    return shares


def _grams(text: str) -> list[tuple[str, ...]]:
    units = words(text)
    return [tuple(units[place : place + LENGTH]) for place in range(len(units) - LENGTH + 1)]
