"""Questions on a whole section: which statements about it are true, which things belong in its list, what belongs to it."""

import re
from collections.abc import Iterator
from itertools import islice

from ...course.quiz import Item, Option
from ...notes.language import language_of
from ..aims import LessonMaterial, section_of
from ..facts import Fact
from ..statements import Statement
from ..titles import bare_title
from .judging import falsified, true_sentences
from .source import Draft, Source, sentence_case


def several_true(fact: Fact, source: Source) -> Iterator[Draft]:
    """“Which of these statements about the section are true?”, two that are, and two that were made false."""
    title = section_of(fact.statement, source.material)
    true = true_sentences(title, source)
    for first in true[:3]:
        for second in true[:4]:
            if second is first or _far_apart(source.said(first), source.said(second)):
                continue
            wrong = _made_false([one for one in true if one not in (first, second)], source, 3)
            if len(wrong) >= 2:
                keys = tuple(Option(sentence_case(source.said(one)), True) for one in (first, second))
                stem = source.words.true_of.format(title=bare_title(title))
                yield Draft(Item(stem, keys, kind="multiple"), first, tuple(wrong))
                break


def one_true(fact: Fact, source: Source) -> Iterator[Draft]:
    """“Which statement about the section is true?”, one that is and three that were made false."""
    title = section_of(fact.statement, source.material)
    true = true_sentences(title, source)
    for key in [one for one in true if one == fact.statement] + true[:2]:
        wrong = _made_false([one for one in true if one != key], source, 5)
        if len(wrong) >= 3:
            stem = source.words.one_true_of.format(title=bare_title(title))
            yield Draft(Item(stem, (Option(sentence_case(source.said(key)), True),)), key, tuple(wrong))


def members(fact: Fact, source: Source) -> Iterator[Draft]:
    """“Which of these belong in the list?”, members of a list of the section against those of lists near by."""
    title = section_of(fact.statement, source.material)
    lists = _lists(source.material)
    for passage, inside in lists.items():
        lead = next(
            (one for one in source.material.statements if one.passage == passage - 1 and one.leads and not one.item),
            None,
        )
        own = [text for one in inside if (text := _short(one, source))]
        if lead is None or lead.leans or lead.aside or len(own) < 3 or section_of(inside[0], source.material) != title:
            continue
        others = [
            text
            for place, group in _lists(source.material).items()
            if place != passage
            for one in group
            if (text := _short(one, source)) and text not in own
        ]
        fitting = [
            text
            for text in others
            if 0.5 * len(own[0]) <= len(text) <= 2 * len(own[0]) and not source.is_said(f"{lead.plain} {text}")
        ]
        if len(fitting) >= 2:
            ask = source.words.members.format(source.words.quote.format(f"{re.sub('[:：]$', '', lead.plain)} …"))
            keys = tuple(Option(text, True) for text in own[:2])
            yield Draft(Item(ask, keys, kind="multiple"), inside[0], tuple(fitting[:6]))


def belongs(fact: Fact, source: Source) -> Iterator[Draft]:
    """“Which of these belongs to the section?” with sentences of other lessons; for want of anything better."""
    title = section_of(fact.statement, source.material)
    key = fact.statement
    if not source.stands_alone(key) or source.said_by.times(key) > 1:
        return
    wrong = (
        sentence_case(source.said(one))
        for lesson in _near(source)
        for one in lesson.statements
        if section_of(one, lesson) != title
        and (lesson is not source.material or title != source.material.title)
        and source.stands_alone(one)
        and not _far_apart(source.said(one), source.said(key))
    )
    nearest = tuple(islice(wrong, 8))
    if len(nearest) >= 3:
        stem = source.words.belongs.format(title=bare_title(title))
        yield Draft(Item(stem, (Option(sentence_case(source.said(key)), True),)), key, nearest)


def _made_false(true: list[Statement], source: Source, most: int) -> list[str]:
    """One false sentence for each statement, at most so many; two variants of one would rule each other out."""
    made = [[sentence_case(text) for text in falsified(one, source)] for one in true[:8]]
    return list(dict.fromkeys(texts[0] for texts in made if texts))[:most]


def _lists(material: LessonMaterial) -> dict[int, list[Statement]]:
    found: dict[int, list[Statement]] = {}
    for one in material.statements:
        if one.item == "bullet" and not one.aside:
            found.setdefault(one.passage, []).append(one)
    return found


def _short(one: Statement, source: Source) -> str:
    """A list's item as an option; empty where it is too long or in another language."""
    text = source.said(one).rstrip(".。;；")
    return sentence_case(text) if 3 <= len(text) <= 110 and language_of(text) == source.course.language else ""


def _near(source: Source) -> list[LessonMaterial]:
    lessons = list(source.course.lessons)
    here = next((place for place, one in enumerate(lessons) if one is source.material), 0)
    return [lessons[place] for place in sorted(range(len(lessons)), key=lambda place: (abs(place - here), place))][:5]


def _far_apart(one: str, other: str) -> bool:
    return not 0.5 <= len(one) / len(other) <= 2
