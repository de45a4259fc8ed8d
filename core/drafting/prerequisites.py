"""Prerequisites: which lessons introduce the terms that others use, and an order in which nothing comes too early."""

import re
from collections.abc import Mapping, Sequence

from .aims import LessonMaterial

_OFTEN = 3
"""Uses of another lesson's terms from which a lesson builds on it."""
_CLEARLY = 2.0
"""How many times more a lesson has to use another's terms than the other uses its, before the two change places."""
MOST_REQUIRED = 2


def requirements(lessons: Sequence[LessonMaterial]) -> dict[str, list[str]]:
    """For each lesson, by id, the earlier lessons whose terms it uses most, two at the most, in course order.

    Only earlier lessons are required, so there are no circles.
    """
    uses = _uses(lessons)
    found = {}
    for here, material in enumerate(lessons):
        counted = sorted((-count, there) for (user, there), count in uses.items() if user == here and there < here)
        best = [there for count, there in counted if -count >= _OFTEN][:MOST_REQUIRED]
        found[material.id] = [lessons[there].id for there in sorted(best)]
    return found


def teaching_order(lessons: Sequence[LessonMaterial]) -> list[int]:
    """The lessons' places in an order in which terms are introduced before they are used (Kahn 1962), ties as they came.

    Two lessons change places only where one clearly builds on the other; a circle is opened at its first lesson.
    """
    uses = _uses(lessons)
    before: dict[int, set[int]] = {place: set() for place in range(len(lessons))}
    for (user, definer), count in uses.items():
        if count >= _OFTEN and count >= _CLEARLY * uses.get((definer, user), 0):
            before[user].add(definer)
    order: list[int] = []
    while len(order) < len(lessons):
        left = [place for place in range(len(lessons)) if place not in order]
        ready = [place for place in left if not before[place] - set(order)]
        order.append((ready or left)[0])
    return order


def _uses(lessons: Sequence[LessonMaterial]) -> Mapping[tuple[int, int], int]:
    """How often lesson `a` uses the terms that lesson `b` introduces, by `(a, b)`."""
    texts = [" ".join(one.plain for one in material.statements).lower() for material in lessons]
    introduced: dict[str, int] = {}
    for place, material in enumerate(lessons):
        for fact in material.facts:
            telling = fact.kind == "definition" or (fact.kind == "code" and bool(fact.meaning))
            if telling and len(fact.term) > 2 and not fact.statement.aside:
                introduced.setdefault(fact.key.lower(), place)
    counted: dict[tuple[int, int], int] = {}
    for term, definer in introduced.items():
        edge = r"(?<![\w-])" if re.match(r"[a-z]", term) else ""
        pattern = re.compile(edge + re.escape(term))
        for user, text in enumerate(texts):
            if user != definer and (count := len(pattern.findall(text))):
                counted[user, definer] = counted.get((user, definer), 0) + min(count, 5)
    return counted
