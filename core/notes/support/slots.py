"""Slots: a claim laid on the author's clause that it follows, and what stands in it between the words that both have."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from .alignment import Evidence, Nearness, Window, weight
from .differences import common, enumerated
from .lexicon import CONDITION, NEGATION, SCOPE
from .reading import Token

_MOST_WINDOWS = 6
_SKIPPED = 0.07
"""What each content word of the window that the claim passes over takes from the window's fit: two resistors in series make
12 ohms; in parallel 3 ohms: "in series make 3 ohms" is better laid on the first clause than across both."""
_RIVALS = (("all", "some"), ("all", "only"), ("only", "some"), ("must", "may"))


@dataclass(frozen=True)
class Slots:
    """What stands between the words that a claim and a window have in the same order.

    Attributes:
        swapped: 0 to 1, how far a word of the claim is from those of the window in whose place it stands.
        borrowed: 0 to 1, the same where the evidence has the word elsewhere: of two things, one was taken for the other.
        added: 0 to 1, how strange to all the evidence is what was put in where the window has nothing.
        rescoped: whether all stands in the place of some, or must of may.
        dropped: 0 to 1, how much of a condition of the window is missing.
        inverted: whether what stands before a word and what stands after it have changed places.
        window: the clause or sentence.
    """

    swapped: float = 0.0
    borrowed: float = 0.0
    added: float = 0.0
    rescoped: float = 0.0
    dropped: float = 0.0
    inverted: float = 0.0
    window: Window = field(default_factory=lambda: Window(""))


def slots(claim: Sequence[Token], evidence: Evidence, near: Nearness) -> Slots:
    """The slots of a claim in the clause or sentence of the evidence whose wording it follows most closely."""
    keys = {token.key for token in claim}
    worth = [1.0 if token.content else 0.4 for token in claim]
    if not claim:
        return Slots()

    def shared(window: Window) -> float:
        spare = sum(token.key not in keys for token in window.content)
        return sum(value for token, value in zip(claim, worth, strict=True) if token.key in window.every) - 0.04 * min(
            spare, 20
        )

    laid: list[tuple[float, int, float, Window, list[tuple[int, int]]]] = []
    for window in sorted(evidence.single, key=shared, reverse=True)[:_MOST_WINDOWS]:
        pairs = common([token.key for token in claim], [token.key for token in window.tokens], worth)
        if pairs:
            inside = window.tokens[pairs[0][1] : pairs[-1][1] + 1]
            met = {there for _, there in pairs}
            skipped = sum(token.content and index not in met for index, token in enumerate(inside, pairs[0][1]))
            fit = sum(worth[here] for here, _ in pairs) / sum(worth)
            laid.append((fit - _SKIPPED * skipped, len(laid), fit, window, pairs))
    if not laid:
        return Slots()
    _, _, fit, window, pairs = max(laid, key=lambda one: (one[0], -one[1]))
    return _judged(claim, window, pairs, evidence, near, worth)


def _judged(
    claim: Sequence[Token],
    window: Window,
    pairs: Sequence[tuple[int, int]],
    evidence: Evidence,
    near: Nearness,
    worth: Sequence[float],
) -> Slots:
    total = sum(worth)
    kept = sum(worth[here] for here, _ in pairs)
    swapped = borrowed = added = rescoped = 0.0
    for ours, theirs, open_end in _gaps(claim, window.tokens, pairs):
        size = sum(1.0 if token.content else 0.4 for token in ours)
        rest = min(1.0, kept / max(0.1, total - size)) * min(1.0, kept / 2.5)
        said = [token for token in theirs if token.content]
        for token in ours:
            if not token.content or any(token.key == one.key for one in theirs):
                continue
            if said:
                far = 1.0 - max(near.in_place_of(token.key, one.key) for one in said)
                if token.key in evidence.keys:
                    # A word that the window has too may only have moved, unless it came from the other side of a parallel.
                    sure = 1.0 if token.key not in window.every or token.kind == "number" else 0.5
                    borrowed = max(borrowed, sure * far * rest**2 * (kept / total) ** (2 if open_end else 1))
                else:
                    swapped = max(swapped, far * rest**2 * (kept / total))
            elif token.key not in evidence.keys:
                best = max((near.of(token.key, key) for key in evidence.keys), default=0.0)
                added = max(added, (1.0 - best) * rest**2)
        text, other = " ".join(token.text for token in ours), " ".join(token.text for token in theirs)
        for wide, narrow in _RIVALS:
            if SCOPE[wide].search(text) and SCOPE[narrow].search(other) and not SCOPE[wide].search(other):
                rescoped = max(rescoped, rest**2)
    dropped = _dropped(claim, window, evidence) * (kept / total) ** 3
    return Slots(swapped, borrowed, added, rescoped, dropped, _inverted(claim, window), window)


def _inverted(claim: Sequence[Token], window: Window) -> float:
    """How surely the two sides of a word both have are exchanged: the air stops the hills, the hills stop the air."""
    ours, theirs = [one for one in claim if one.content], window.content
    places = {token.key: index for index, token in enumerate(theirs)}
    for index, pivot in enumerate(ours):
        place = places.get(pivot.key)
        if place is None or pivot.kind in ("number", "unit"):
            continue
        left, right = {one.key for one in ours[:index]}, {one.key for one in ours[index + 1 :]}
        before, after = {one.key for one in theirs[:place]}, {one.key for one in theirs[place + 1 :]}
        crossed = left and right and left <= after - before and right <= before - after
        if crossed and not any(enumerated(pivot.key, other, window) for other in (*left, *right)):
            return 1.0
    return 0.0


def _gaps(
    claim: Sequence[Token], given: Sequence[Token], pairs: Sequence[tuple[int, int]]
) -> Iterator[tuple[Sequence[Token], Sequence[Token], bool]]:
    """The tokens of both between two that they share; before the first and after the last only as many as stand there."""
    first, last = pairs[0], pairs[-1]
    if first[0]:
        yield claim[: first[0]], given[max(0, first[1] - first[0] - 1) : first[1]], True
    for (here, there), (here_too, there_too) in pairwise(pairs):
        if here_too - here > 1:
            yield claim[here + 1 : here_too], given[there + 1 : there_too], False
    if last[0] + 1 < len(claim):
        rest = len(claim) - last[0] - 1
        yield claim[last[0] + 1 :], given[last[1] + 1 : last[1] + 2 + rest], True


def _dropped(claim: Sequence[Token], window: Window, evidence: Evidence) -> float:
    """The share of a condition's content words that the claim does not have, if it makes no condition itself."""
    text = "".join(token.text if token.kind == "han" else f" {token.text} " for token in claim)
    if CONDITION.search(text) or SCOPE["only"].search(text) or NEGATION.search(text):
        return 0.0
    keys = {token.key for token in claim}
    worst = 0.0
    for clause in evidence.conditions(window.text):
        words = [token for token in clause if token.content]
        if words:
            missing = sum(weight(token) for token in words if token.key not in keys)
            worst = max(worst, missing / sum(map(weight, words)))
    return worst


def transposed(clause: Sequence[Token], evidence: Evidence, near: Nearness) -> float:
    """0 to 1: how closely a clause stands word for word in the evidence but for words that the evidence has elsewhere.

    "Green tea is left to oxidise" of "Black tea is left to oxidise", 自西向东 of 自东向西: the small words hold the places.
    """
    size = len(clause)
    ours = [token.key for token in clause]
    most = int(0.4 * size)
    worst = 0.0
    for window in evidence.single:
        given = window.tokens
        if len(given) < size or sum(key in window.every for key in ours) < size - most:
            continue
        for start in range(len(given) - size + 1):
            other = [
                (here, there)
                for here, there in zip(clause, given[start : start + size], strict=True)
                if here.key != there.key
            ]
            if not other:
                return 0.0
            if len(other) <= most and all(_exchanged(here, there, evidence, near) for here, there in other):
                worst = max(worst, 1.0 - len(other) / size)
    return worst


def _exchanged(here: Token, there: Token, evidence: Evidence, near: Nearness) -> bool:
    both = here.content and there.content and here.key in evidence.keys
    return both and near.in_place_of(here.key, there.key) < 0.5
