"""Fractions: what stands above and below a short level line beside other letters is written on one line, `(a + b)/c`.

Without that the halves would be torn into lines of their own, and the numbers among them taken for raised or lowered ones.
"""

import re

from .drawings import Rule
from .lines import LOWERED, RAISED, spaced
from .page import Word

_LONGEST = 250.0
"""Points; longer lines rule something off."""
_MOST = 500
_NEAR = 2.5
"""Points by which the halves may be wider than the line."""
_REACH = 1.4
"""Of the font's size: how far from the line the halves' baselines are at most."""
_AXIS = (0.1, 0.5)
"""Of the font's size: how high above the baseline of the letters beside it the line stands."""
_BACK = {code: chr(plain) for table in (RAISED, LOWERED) for plain, code in table.items() if chr(plain) != "-"}


def with_fractions(words: list[Word], rules: list[Rule]) -> list[Word]:
    """The words with those of each fraction as one."""
    bars = sorted({rule for rule in rules if rule.level and rule.end - rule.start <= _LONGEST}, key=_length)
    if len(bars) > _MOST:
        return words
    for bar in bars:
        fraction = _fraction(bar, [word for word in words if abs(word.baseline - bar.at) < 3 * word.size])
        if fraction:
            gone = {id(word) for word in fraction[1]}
            words = [word for word in words if id(word) not in gone] + [fraction[0]]
    return words


def _length(rule: Rule) -> float:
    return rule.end - rule.start


def _fraction(bar: Rule, near: list[Word]) -> tuple[Word, list[Word]] | None:
    """The fraction that a line is the bar of, and the words it is made of; None where the line is another's."""
    inside = [word for word in near if bar.start - _NEAR <= word.x0 and word.x1 <= bar.end + _NEAR]
    above = [word for word in inside if 0 <= bar.at - word.baseline <= _REACH * word.size]
    below = [word for word in inside if 0.4 * word.size < word.baseline - bar.at <= _REACH * word.size]
    if not above or not below:
        return None
    beside = [
        word
        for word in near
        if _AXIS[0] * word.size <= word.baseline - bar.at <= _AXIS[1] * word.size
        and min(abs(word.x1 - bar.start), abs(bar.end - word.x0)) < word.size
    ]
    widest = max(max(word.x1 for word in half) - min(word.x0 for word in half) for half in (above, below))
    if not beside or _length(bar) - widest > beside[0].size:
        return None
    text = f"{_half(above)}/{_half(below)}"
    main = max(beside, key=lambda word: word.size)
    return Word(text, bar.start, bar.end, main.baseline, main.size, main.bold), [*above, *below]


def _half(words: list[Word]) -> str:
    """One half as text, in brackets where it is more than a name or a number."""
    size = max(word.size for word in words)
    main = max((word.baseline for word in words if word.size > 0.9 * size), default=words[0].baseline)
    words = sorted(words, key=lambda word: word.x0)
    for word in words:
        if abs(word.baseline - main) < 0.12 * size:
            word.text = _unshifted(word.text)
    text = spaced(words)
    return text if re.fullmatch(r"[\w.,]+", text) else f"({text})"


def _unshifted(text: str) -> str:
    """A word all of whose characters are raised or lowered numbers as plain ones."""
    return text.translate(_BACK) if all(ord(character) in _BACK for character in text) else text
