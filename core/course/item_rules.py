"""Item-writing rules (a stand-in until the real ones come)."""

from collections.abc import Sequence
from dataclasses import dataclass

from .quiz import Item


@dataclass(frozen=True)
class Flaw:
    """A rule that an item breaks."""

    rule: str
    message: str


def flaws(item: Item, language: str) -> list[Flaw]:
    """The rules an item breaks."""
    found = []
    keys = [option for option in item.options if option.correct]
    if item.options and not keys:
        found.append(Flaw("no-key", "No answer is marked as right."))
    if len(keys) == 1 and len(item.options) > 2:
        others = [len(option.text) for option in item.options if not option.correct]
        if len(keys[0].text) > 1.5 * max(others):
            found.append(Flaw("longest", "The right answer is the longest by far."))
    return found


def repeated_stems(items: Sequence[Item]) -> set[int]:
    """Indexes of items whose stem an earlier one has."""
    seen: set[tuple[str, tuple[str, ...]]] = set()
    again = set()
    for place, item in enumerate(items):
        key = (item.stem, tuple(sorted(option.text for option in item.options)))
        if key in seen:
            again.add(place)
        seen.add(key)
    return again


def key_balance(items: Sequence[Item]) -> float:
    """p."""
    return 1.0
