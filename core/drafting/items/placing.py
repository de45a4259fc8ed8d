"""Options put together: which wrong answers are taken, and in which place the right one stands."""

import random
from dataclasses import dataclass, field, replace
from itertools import combinations, islice

from ...course.item_rules import flaws
from ...course.item_words import shape
from ...course.quiz import Item, Option
from .source import Draft, Source

OPTIONS = 4
_POOL = 7
_TRIES = 24


@dataclass
class Places:
    """Deals out the places of right answers: every place once before any comes again, the first by the lesson's number.

    Lessons one after another begin in different places, so that the whole course is balanced as well.
    """

    order: random.Random
    first: int = 0
    truths: int = 0
    """True statements to be judged so far, less the false ones."""
    _left: list[int] = field(default_factory=list)

    def next(self, size: int) -> int:
        """The place for the next right answer, without taking it."""
        if not self._left:
            self._left = list(range(OPTIONS))
            self.order.shuffle(self._left)
            first = self.first % OPTIONS
            self._left.remove(first)
            self._left.insert(0, first)
        return self._left[0] % size

    def use(self, item: Item) -> None:
        """Take the place that was told, for a question that is kept."""
        if item.kind == "true_false":
            self.truths += 1 if item.options[0].correct else -1
        elif item.kind == "single" and self._left:
            self._left.pop(0)
            self.first += 2 * (not self._left)


def placed(draft: Draft, source: Source, places: Places, objective: str) -> Item | None:
    """The question with its options in place; None where there are too few wrong answers.

    Of the nearest wrong answers those are taken that break the fewest rules of item writing together.
    """
    item = replace(draft.item, objectives=(objective,))
    if item.kind not in ("single", "multiple"):
        return item
    right = [option.text for option in item.options]
    wanted = OPTIONS - len(right)
    pool = [text for text in dict.fromkeys(draft.wrong) if text.lower() not in {one.lower() for one in right}][:_POOL]
    if len(pool) < 2:  # three options do as well as four (Rodriguez 2005)
        return None
    best: tuple[int, Item] | None = None
    for wrong in islice(combinations(pool, min(wanted, len(pool))), _TRIES):
        made = replace(item, options=_in_place(right, list(wrong), item.kind, places))
        count = len(flaws(made, source.course.language))
        if best is None or count < best[0]:
            best = (count, made)
        if count == 0:
            break
    return best[1] if best else None


def _in_place(right: list[str], wrong: list[str], kind: str, places: Places) -> tuple[Option, ...]:
    options = [Option(text, False) for text in wrong]
    if all(shape(text) == "number" for text in (*right, *wrong)):
        options += [Option(text, True) for text in right]
        return tuple(
            sorted(options, key=lambda option: float("".join(c for c in option.text if c.isdigit() or c == ".")))
        )
    if kind == "single":
        options.insert(places.next(len(options) + 1), Option(right[0], True))
        return tuple(options)
    # Sorted by their text, right and wrong come in an order that tells nothing.
    options += [Option(text, True) for text in right]
    return tuple(sorted(options, key=lambda option: random.Random(option.text).random()))
