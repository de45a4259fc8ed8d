"""The rules of item writing as code: what is wrong with a question, for authors and for the drafting that writes them.

The nineteen flaws of SAQUET (Moore et al. 2024, "An Automatic Question Usability Evaluation Toolkit", arXiv 2405.20529),
which follow Tarrant et al. 2006, each by rule and without a model. An item with at most one is acceptable.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from .item_words import Language, likeness
from .option_rules import OPTION_RULES
from .quiz import Item
from .stem_rules import STEM_RULES, said

Rule = Callable[[Item, Language], str]
RULES: dict[str, Rule] = {**STEM_RULES, **OPTION_RULES}
"""Rule name → what says in a sentence how an item breaks it, empty where it does not."""

NEARLY_THE_SAME = 0.8
"""From this likeness on two stems ask the same."""


@dataclass(frozen=True)
class Flaw:
    """A rule that is broken, and how."""

    rule: str
    text: str


def flaws(item: Item, language: Language) -> list[Flaw]:
    """Every rule that the item breaks."""
    return [Flaw(name, said) for name, rule in RULES.items() if (said := rule(item, language))]


def repeated_stems(items: Sequence[Item]) -> list[tuple[int, int]]:
    """Pairs of places of items that ask nearly the same: stem and right answer alike."""
    found = []
    for second, item in enumerate(items):
        for first in range(second):
            if same_question(items[first], item):
                found.append((first, second))
    return found


def same_question(one: Item, other: Item) -> bool:
    """Whether two items ask nearly the same: the whole stem, or the sentence it quotes to be completed or described."""
    if likeness(one.stem, other.stem) >= NEARLY_THE_SAME:
        return True
    return "“" in one.stem and "“" in other.stem and likeness(said(one), said(other)) >= NEARLY_THE_SAME


def key_balance(items: Sequence[Item]) -> float:
    """The chance of positions of the right answers at least as uneven, were they drawn at random (χ², 0 to 1).

    Single choices with equally many options are compared with each other, and true/false items by what is true. 1 where
    there are too few to tell.
    """
    statistic, freedom = 0.0, 0
    by_size: dict[tuple[str, int], list[int]] = {}
    for item in items:
        places = [place for place, option in enumerate(item.options) if option.correct]
        if item.kind in ("single", "true_false") and len(places) == 1:
            by_size.setdefault((item.kind, len(item.options)), []).append(places[0])
    for (_, size), places in by_size.items():
        if size < 2 or len(places) < size:
            continue
        expected = len(places) / size
        statistic += sum((places.count(place) - expected) ** 2 / expected for place in range(size))
        freedom += size - 1
    return _upper_tail(statistic / 2, freedom / 2) if freedom else 1.0


def _upper_tail(x: float, a: float) -> float:
    """The regularised upper incomplete gamma function Q(a, x), by series or continued fraction (DLMF 8.11, 8.9)."""
    if x <= 0:
        return 1.0
    scale = math.exp(a * math.log(x) - x - math.lgamma(a))
    if x < a + 1:
        term = total = 1 / a
        step = a
        while term > total * 1e-12:
            step += 1
            term *= x / step
            total += term
        return max(0.0, 1 - total * scale)
    tail = 0.0
    for step in range(200, 0, -1):
        tail = step * (a - step) / (x + 2 * step + 1 - a + tail)
    return min(1.0, scale / (x + 1 - a + tail))
