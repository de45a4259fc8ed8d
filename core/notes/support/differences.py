"""Differences: where a claim follows the wording of a passage, what in it is new there and what was moved."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from .alignment import Nearness, Window, weight
from .reading import Token, content, tokens

_PREPOSITIONS = frozenset(
    [
        "in",
        "on",
        "at",
        "by",
        "from",
        "with",
        "during",
        "after",
        "before",
        "for",
        "under",
        "through",
        "of",
        *"在于从自对用以当由向按",
    ]
)
_JOINTS = re.compile(r"[,，、;；]|\b(?:and|or|nor)\b|和|与|及|或")


@dataclass(frozen=True)
class Difference:
    """A claim laid beside a window.

    Attributes:
        frame: 0 to 1, the share of the claim's words, small ones too, that the window has in the same order.
        new: 0 to 1, how far the strangest content word out of that order is from every spare word of the window.
        moved: 0 to 1, the share of content words that the window has in another place.
        adjunct: these words are one phrase after a preposition (`in 2005`, 在月球上), which may stand anywhere.
    """

    frame: float
    new: float
    moved: float
    adjunct: bool


def difference(claim: Sequence[Token], window: Window, near: Nearness) -> Difference:
    """What separates the claim from the window's wording."""
    worth = [1.0 if token.content else 0.5 for token in claim]
    met = common([token.key for token in claim], [token.key for token in window.tokens], worth)
    places_met = {index for index, _ in met}
    kept = {claim[index].key for index in places_met}
    size = sum(weight(token) for token in claim if token.content)
    spare = [token for token in window.content if token.key not in kept]
    new = moved = 0.0
    places = []
    for index, token in enumerate(claim):
        if not token.content or index in places_met:
            continue
        if token.key in window.keys:
            moved += weight(token) / size
            places.append(index)
        else:
            new = max(new, 1.0 - max((near.in_place_of(token.key, one.key) for one in spare), default=0.0))
    return Difference(sum(worth[index] for index in places_met) / sum(worth), new, moved, _is_adjunct(claim, places))


def _is_adjunct(claim: Sequence[Token], places: Sequence[int]) -> bool:
    if not places or any(token.content and index not in places for index, token in _between(claim, places)):
        return False
    before = [token.key for token in claim[max(0, places[0] - 2) : places[0]]]
    return any(key in _PREPOSITIONS for key in before)


def _between(claim: Sequence[Token], places: Sequence[int]) -> list[tuple[int, Token]]:
    return list(enumerate(claim))[places[0] : places[-1] + 1]


def common(claim: Sequence[str], window: Sequence[str], worth: Sequence[float]) -> list[tuple[int, int]]:
    """The places in both of the words that make the weightiest common subsequence."""
    best = [[0.0] * (len(window) + 1) for _ in range(len(claim) + 1)]
    shared = set(window)
    for i in range(len(claim) - 1, -1, -1):
        row, below, key, value, right = best[i], best[i + 1], claim[i], worth[i], 0.0
        if key not in shared:
            best[i] = below
            continue
        for j in range(len(window) - 1, -1, -1):
            down = below[j]
            if down > right:
                right = down
            if window[j] == key and below[j + 1] + value > right:
                right = below[j + 1] + value
            row[j] = right
    found: list[tuple[int, int]] = []
    i = j = 0
    while i < len(claim) and j < len(window):
        if claim[i] == window[j] and best[i][j] == best[i + 1][j + 1] + worth[i]:
            found.append((i, j))
            i, j = i + 1, j + 1
        elif best[i + 1][j] >= best[i][j + 1]:
            i += 1
        else:
            j += 1
    return found


def enumerated(one: str, other: str, window: Window) -> bool:
    """Whether two words stand in one enumeration of the window (`flour, water and salt`), where order says nothing."""
    places = {token.key: window.text.lower().find(token.text) for token in window.content if token.key in (one, other)}
    if len(places) < 2 or min(places.values()) < 0:
        return False
    start, end = sorted(places.values())
    between = window.text[start:end]
    return len(_JOINTS.findall(between)) >= len(content(tokens(between)))
