"""Contradictions: sentences of the notes that say the same thing with another number, or one with a "not" the other lacks.

Neither is chosen for the author: a lesson shows both and says that they disagree. Only what is nearly word for word the
same counts, so that parallel facts ("Day 1 … 50 g", "Day 2 … 60 g") are left in peace.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations

from ..notes.words import content_words, numbers
from .statements import Statement

ALIKE = 0.8
"""Share of content words, numbers apart, that both have of those either has."""
_NEGATION = re.compile(r"\b(?:no|not|never|cannot|without|neither|nor)\b|n['’]t\b|不|没有|无法|从未|未", re.IGNORECASE)
_HARMLESS = re.compile(r"\bnot only\b|\bno longer\b|不仅|不但|不同|不断|不过|无论|不管", re.IGNORECASE)
_ENDING = re.compile(r"(?<=[a-z]{2})e$")
"""What the stem of `make` has and that of `makes` has not."""
_TOLD = re.compile(r"\b(?:I|my|we)\b|我", re.IGNORECASE)
"""What an author did on one day and another is no contradiction."""
MOST_OPPONENTS = 2
"""Statements with more that disagree are rows of a series and no dispute."""
_COMMON = 30
"""Statements that a word may stand in and still be worth comparing by."""


def contradictions(statements: Iterable[Statement]) -> dict[Statement, list[Statement]]:
    """For each statement that another contradicts, those that do, in order."""
    said = [
        one
        for one in statements
        if not (one.aside or one.leads or one.item == "step" or one.asks or _TOLD.search(one.plain))
    ]
    words = [
        frozenset(
            _ENDING.sub("", word) for word in content_words(_NEGATION.sub("", one.plain)) if not re.search(r"\d", word)
        )
        for one in said
    ]
    found: dict[Statement, list[Statement]] = {}
    for left, right in _near(words):
        one, other = said[left], said[right]
        if (one.file, one.passage) == (other.file, other.passage) and one.item == other.item:
            continue  # members of a list, sentences of a paragraph: the author had both before the eyes
        both, either = words[left] & words[right], words[left] | words[right]
        if len(both) >= 3 and len(both) >= ALIKE * len(either) and _disagree(one.plain, other.plain):
            found.setdefault(one, []).append(other)
            found.setdefault(other, []).append(one)
    return {one: others for one, others in found.items() if len(others) <= MOST_OPPONENTS}


def told(disputes: Mapping[Statement, Sequence[Statement]]) -> list[str]:
    """One sentence for each pair that disagrees, for the author."""
    return [
        f"The notes disagree: {one.file} line {one.first} says “{one.plain}”, {other.file} line {other.first} says “{other.plain}”; the lessons show both."
        for one, others in disputes.items()
        for other in others
        if (one.file, one.first) < (other.file, other.first)
    ]


def _near(words: Sequence[frozenset[str]]) -> list[tuple[int, int]]:
    """Pairs of statements that share at least two words which are not common in the notes."""
    places: dict[str, list[int]] = {}
    for index, bag in enumerate(words):
        for word in bag:
            places.setdefault(word, []).append(index)
    shared = Counter(pair for at in places.values() if 1 < len(at) <= _COMMON for pair in combinations(at, 2))
    return sorted(pair for pair, count in shared.items() if count >= 2)


def _disagree(one: str, other: str) -> bool:
    """Whether two sentences of nearly the same words differ in just one number, or in a negation alone."""
    left, right = Counter(numbers(one)), Counter(numbers(other))
    only_left, only_right = left - right, right - left
    negated = [bool(_NEGATION.search(_HARMLESS.sub("", text))) for text in (one, other)]
    if negated[0] != negated[1]:
        return not only_left and not only_right
    return sum(only_left.values()) == 1 == sum(only_right.values())
