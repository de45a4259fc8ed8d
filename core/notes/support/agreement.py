"""Agreement: whether a claim denies, widens, narrows, compares and explains as its evidence does."""

import re
from collections.abc import Sequence

from .alignment import Window
from .lexicon import (
    CAUSE_AFTER,
    COMPARED,
    EFFECT_AFTER,
    JUXTAPOSED,
    NEGATION,
    SCOPE,
    SOFT_NEGATION,
    STRONG_CAUSE,
    WEAK_CAUSE_AFTER,
    WEAK_EFFECT_AFTER,
    opposed,
)
from .reading import Token, content, tokens

_REACH = 4
"""Content words that a negation denies at most."""
_CLAUSE_END = re.compile(
    r"[,;:，；：。]|\b(?:but|while|whereas|because|so that|which|unless|if)\b|而(?!且)|但|因为|所以", re.IGNORECASE
)


def denied_otherwise(clause: str, window: Window) -> float:
    """0 to 1: of the words that both have and one of them denies, the share that the other does not deny."""
    ours, theirs = _denied(clause), _denied(window.text)
    claim = {token.key for token in content(tokens(clause))}
    said = claim & window.keys
    same = len(said) >= 0.8 * max(len(claim), len(window.keys))
    if same and len(NEGATION.findall(clause)) != len(NEGATION.findall(window.text)):
        return 1.0
    either = (ours | theirs) & said
    if either:
        return len((ours ^ theirs) & said) / len(either)
    return 0.5 * float(bool(ours) != bool(theirs) and not SOFT_NEGATION.search(window.text if ours else clause))


def _denied(text: str) -> set[str]:
    """The content words that stand in the scope of a negation: up to the end of its clause, or before it where it ends one."""
    found: set[str] = set()
    for match in NEGATION.finditer(text):
        end = _CLAUSE_END.search(text, match.end())
        after = _reached(text[match.end() : end.start() if end else len(text)])
        if not after:
            start = max((one.end() for one in _CLAUSE_END.finditer(text, 0, match.start())), default=0)
            after = _keys(text[start : match.start()])
        found |= after
    return found


def _reached(text: str) -> set[str]:
    return {token.key for token in content(tokens(text))[:_REACH]}


def opposites(clause: str, window: Window) -> float:
    """Whether a clause has the opposite of a word of the window that it does not have itself."""
    said = {token.key for token in tokens(clause)}
    other = {token.key for token in window.tokens}
    return float(any(opposed(one, two) for one in said - other for two in other - said))


def compared_otherwise(clause: str, window: Window, turns: int) -> float:
    """Whether a comparison comes out the other way round: its sides exchanged, or turned, but not both."""
    swapped = _sides_swapped(clause, window.text)
    return float(swapped is not None and (int(swapped) + turns) % 2 == 1)


def _sides_swapped(clause: str, text: str) -> bool | None:
    """Whether both compare the same two things in opposite order; None where one of them compares nothing."""
    sides = []
    for one in (clause, text):
        match = COMPARED.search(one)
        if not match:
            return None
        left, right = _keys(one[: match.start()]), _keys(one[match.end() :])
        sides.append((left - right, right - left))
    (left, right), (left_too, right_too) = sides
    return len(left & right_too) + len(right & left_too) > len(left & left_too) + len(right & right_too)


def _keys(text: str) -> set[str]:
    return {token.key for token in content(tokens(text))}


def stretched(claim: str, window: str) -> float:
    """0 to 1: how far the claim goes beyond the window: all for some, always for often, only, must for may."""
    has = {name: (bool(pattern.search(claim)), bool(pattern.search(window))) for name, pattern in SCOPE.items()}
    worst = 0.0
    for name, rivals in {"all": ("some", "only", "may"), "only": ("all", "some"), "must": ("may", "some")}.items():
        claimed, given = has[name]
        if claimed and not given:
            worst = max(worst, 1.0 if any(has[rival][1] and not has[rival][0] for rival in rivals) else 0.6)
    return worst


def misexplained(claim: str, windows: Sequence[str]) -> tuple[float, float]:
    """Whether the claim takes the effect for the cause, and whether it explains what the windows only state."""
    claimed = cause_and_effect(claim)
    if claimed is None:
        return 0.0, 0.0
    crossed, straight, explained = 0.0, 0.0, 0.0
    for window in windows:
        if JUXTAPOSED.search(window) and _share(claimed[0] | claimed[1], _keys(window)) > 0.5:
            explained = max(explained, 0.5)
        for given, sure in ((cause_and_effect(window), 1.0), (_loose_cause_and_effect(window), 0.7)):
            if given is None:
                continue
            keys = _keys(window)
            explained = max(explained, sure * (1.0 if claimed[0] & keys and claimed[1] & keys else 0.6))
            straight = max(straight, _share(claimed[0], given[0]) + _share(claimed[1], given[1]))
            crossed = max(crossed, sure * (_share(claimed[0], given[1]) + _share(claimed[1], given[0])))
    invented = 1.0 - explained if STRONG_CAUSE.search(claim) else 0.0
    return max(0.0, min(1.0, crossed - straight)), invented


def cause_and_effect(text: str) -> tuple[set[str], set[str]] | None:
    """The content words of a sentence's cause and of its effect, None where it explains nothing."""
    return _parted(text, CAUSE_AFTER, EFFECT_AFTER)


def _loose_cause_and_effect(text: str) -> tuple[set[str], set[str]] | None:
    return _parted(text, WEAK_CAUSE_AFTER, WEAK_EFFECT_AFTER)


def _parted(
    text: str, cause_after: "re.Pattern[str]", effect_after: "re.Pattern[str]"
) -> tuple[set[str], set[str]] | None:
    if match := cause_after.search(text):
        before, after = text[: match.start()], text[match.end() :]
        if len(content(tokens(before))) < 2:  # Because it rained, the match was called off.
            cause, effect = _first_part(after)
            return _keys(cause), _keys(effect) | _keys(before)
        return _keys(after), _keys(before)
    if match := effect_after.search(text):
        return _keys(text[: match.start()]), _keys(text[match.end() :])
    return None


def _first_part(text: str) -> tuple[str, str]:
    match = re.search(r"[,，]", text)
    return (text[: match.start()], text[match.end() :]) if match else (text, "")


def _share(one: set[str], other: set[str]) -> float:
    return len(one & other) / max(1, min(len(one), len(other)))


def numbers_agree(claim: Sequence[Token], whole: Sequence[Token], near: Sequence[Token]) -> tuple[float, float, float]:
    """The share of the claim's quantities that (no passage has, are there elsewhere, are there in another unit)."""
    stated = _quantities(claim)
    if not stated:
        return 0.0, 0.0, 0.0
    everywhere, close = _quantities(whole), _quantities(near)
    missing = elsewhere = unit = 0
    for number, measure in stated:
        units = {other for value, other in everywhere if value == number}
        if not units:
            missing += 1
        elif measure and units - {""} and measure not in units:
            unit += 1
        elif number not in {value for value, _ in close}:
            elsewhere += 1
    return float(missing > 0), elsewhere / len(stated), float(unit > 0)


def _quantities(found: Sequence[Token]) -> list[tuple[str, str]]:
    quantities = []
    for index, token in enumerate(found):
        if token.kind == "number":
            following = found[index + 1] if index + 1 < len(found) else None
            before = found[index - 1] if index and found[index - 1].kind == "unit" else None
            measure = following if following and following.kind == "unit" else before
            sign = measure.key if measure and (measure is following or measure.key in "$€£¥") else ""
            quantities.append((token.key, sign))
    return quantities
