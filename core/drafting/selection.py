"""Selection: which of the author's sentences a lesson keeps, so that it is shorter than the notes and still holds together."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence

from ..notes.language import size
from .aims import LessonMaterial
from .statements import CLAUSE_NUMBER, Statement

SHARE = 0.64
"""How much of the notes' prose, by words, a lesson keeps at most; what must stay may exceed it."""
SHARE_OF_SHORT = 0.85
"""The same for notes of up to 200 words, which say little twice; between 200 and 800 words it falls to `SHARE`."""

_BLOCKS = frozenset({"code", "list", "table", "math", "quote"})
_ANSWER = re.compile(r"^(?:no|yes)\b[.,:!]|^(?:不|不是|不行|不能|是的|对|可以)[，。！]", re.IGNORECASE)
_EXAMPLE = re.compile(
    r"^(?:worked example|example|take|suppose|say you)\b|^(?:举例|例如|例：|假设|取 ?[$0-9])", re.IGNORECASE
)


def select(
    material: LessonMaterial, relevance: Mapping[Statement, float], share: float | None = None
) -> list[Statement]:
    """The statements to keep, in the notes' order.

    What the aims stand on and what leads into a kept block stays; every paragraph keeps its best sentence; then the
    best of the rest, until `share` of the words is used. A sentence that leans on the one before brings it along.

    Args:
        relevance: how much each statement is about the lesson's subject, in standard deviations; may be empty.
    """
    said = [one for one in material.statements if not one.item]
    holds = Counter(fact.statement for fact in material.facts)
    worth = {one: _worth(one, index, said, holds[one], relevance) for index, one in enumerate(said)}
    words = sum(size(one.text) for one in said)
    budget = words * (_share(words) if share is None else share)
    place = {one: index for index, one in enumerate(said)}
    paragraphs: dict[int, list[Statement]] = {}
    for one in said:
        paragraphs.setdefault(one.passage, []).append(one)
    kept: set[Statement] = set()

    def keep(one: Statement) -> None:
        kept.update(_with_what_it_leans_on(place[one], said))

    for one in _that_must_stay(said, paragraphs, material):
        keep(one)
    for group in paragraphs.values():
        if not any(one in kept for one in group) and (able := [one for one in group if not one.aside]):
            keep(max(able, key=lambda one: worth[one]))
    spent = sum(size(one.text) for one in kept)
    for one in sorted(said, key=lambda one: -worth[one]):
        fresh = [each for each in _with_what_it_leans_on(place[one], said) if each not in kept]
        cost = sum(size(each.text) for each in fresh)
        if not one.aside and spent + cost <= budget:
            kept.update(fresh)
            spent += cost
    return [one for one in said if one in kept]


def _share(words: int) -> float:
    """How much to keep of so many words of prose."""
    return SHARE + (SHARE_OF_SHORT - SHARE) * max(0.0, min(1.0, (800 - words) / 600))


def _worth(
    one: Statement, index: int, said: Sequence[Statement], holds: int, relevance: Mapping[Statement, float]
) -> float:
    """How much a sentence gives: it opens its paragraph, holds facts, is on the subject, is neither scrap nor sprawl."""
    opens = index == 0 or said[index - 1].passage != one.passage
    words = size(one.text)
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


def _that_must_stay(
    said: Sequence[Statement], paragraphs: Mapping[int, list[Statement]], material: LessonMaterial
) -> list[Statement]:
    """What opens the lesson or a numbered clause, what carries an aim, and what comes right before a block (all blocks are kept)."""
    must = [aim.facts[0].statement for aim in material.aims if not aim.facts[0].statement.item]
    must += [one for one in said if CLAUSE_NUMBER.match(one.text)]
    for index, one in enumerate(said):
        if not one.aside and not one.leans:
            must += [one, *(each for each in said[index + 1 : index + 2] if each.leans)]
            break
    for passage, group in paragraphs.items():
        following = passage + 1
        if following < len(material.passages) and material.passages[following].kind in _BLOCKS:
            must.append(group[-1])
    return must


def _with_what_it_leans_on(place: int, said: Sequence[Statement]) -> list[Statement]:
    """The sentence at `place` and, while it begins with a word that points back, those before it in its paragraph.

    One that opens a worked example brings the rest of its paragraph, where the result stands.
    """
    one, start, end = said[place], place, place + 1
    while said[start].leans and start > 0 and said[start - 1].passage == one.passage:
        start -= 1
    while end < len(said) and said[end].passage == one.passage and _ANSWER.match(said[end].plain):
        end += 1
    while _EXAMPLE.match(one.plain) and end < len(said) and said[end].passage == one.passage:
        end += 1
    return list(said[start:end])
