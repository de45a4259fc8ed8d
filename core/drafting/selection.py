"""Selection: which of the author's sentences a lesson keeps, so that it is shorter than the notes and still holds together."""

import re
from collections.abc import Mapping, Sequence

from ..notes.language import size
from .aims import LessonMaterial
from .statements import Statement

SHARE = 0.69
"""How much of the notes' prose, by words, a lesson keeps at most; what must stay may exceed it."""

_EXAMPLE = re.compile(
    r"^(?:worked example|example|take|suppose|say you)\b|^(?:举例|例如|例：|假设|取 ?[$0-9])", re.IGNORECASE
)


def select(material: LessonMaterial, relevance: Mapping[Statement, float], share: float = SHARE) -> list[Statement]:
    """The statements to keep, in the notes' order.

    What the aims stand on and what leads into a kept block stays; every paragraph keeps its best sentence; then the
    best of the rest, until `share` of the words is used. A sentence that leans on the one before brings it along.

    Args:
        relevance: how much each statement is about the lesson's subject, in standard deviations; may be empty.
    """
    said = material.statements
    worth = {one: _worth(one, index, material, relevance) for index, one in enumerate(said)}
    budget = share * sum(size(one.text) for one in said)
    kept: set[Statement] = set()

    def keep(one: Statement) -> None:
        for each in _with_what_it_leans_on(one, said):
            kept.add(each)

    for one in said:
        if _must_stay(one, material):
            keep(one)
    for passage in dict.fromkeys(one.passage for one in said):
        group = [one for one in said if one.passage == passage and not one.aside]
        if group and not any(one in kept for one in group):
            keep(max(group, key=lambda one: worth[one]))
    for one in sorted(said, key=lambda one: -worth[one]):
        group = [each for each in _with_what_it_leans_on(one, said) if each not in kept]
        cost = sum(size(each.text) for each in group)
        if not one.aside and sum(size(each.text) for each in kept) + cost <= budget:
            kept.update(group)
    return [one for one in said if one in kept]


def _worth(one: Statement, index: int, material: LessonMaterial, relevance: Mapping[Statement, float]) -> float:
    """How much a sentence gives: it opens its paragraph, holds facts, is on the subject, is neither scrap nor sprawl."""
    opens = index == 0 or material.statements[index - 1].passage != one.passage
    words = size(one.text)
    holds = sum(fact.statement is one for fact in material.facts)
    return (
        0.9 * opens
        + 0.4 * min(holds, 3)
        + 0.4 * relevance.get(one, 0.0)
        - 1.5 * one.aside
        - 0.3 * one.leans
        - 0.5 * (words < 6)
        - 0.5 * (words > 45)
        - 0.4 * ("!" in one.text or "！" in one.text)
    )


def _must_stay(one: Statement, material: LessonMaterial) -> bool:
    """Whether the sentence opens the lesson, carries an aim, or comes right before a block (all blocks are kept)."""
    opening = next((each for each in material.statements if not each.aside and not each.leans), None)
    if one is opening or any(aim.facts[0].statement is one for aim in material.aims):
        return True
    following = one.passage + 1
    last_of_paragraph = [each for each in material.statements if each.passage == one.passage][-1] is one
    return (
        last_of_paragraph
        and following < len(material.passages)
        and material.passages[following].kind in {"code", "list", "table", "math", "quote"}
    )


def _with_what_it_leans_on(one: Statement, said: Sequence[Statement]) -> list[Statement]:
    """The sentence and, while it begins with a word that points back, those before it in its paragraph.

    One that opens a worked example brings the rest of its paragraph, where the result stands.
    """
    index = start = said.index(one)
    end = index + 1
    while said[start].leans and start > 0 and said[start - 1].passage == one.passage:
        start -= 1
    while _EXAMPLE.match(one.plain) and end < len(said) and said[end].passage == one.passage:
        end += 1
    return list(said[start:end])
