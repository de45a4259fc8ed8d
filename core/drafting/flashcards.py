"""Flashcards: a question on the front, the author's sentence with its citation on the back, lesson after lesson."""

import random
from collections.abc import Iterator

from ..course.item_words import likeness
from .aims import CourseMaterial, LessonMaterial, section_of
from .composition import cite
from .facts import Fact
from .footnotes import Footnotes, Origins
from .items.defining import introduces
from .items.judging import true_sentences
from .items.source import SaidBy, Source, sentence_case
from .items.typing_in import figure
from .statements import Statement
from .titles import bare_title

MOST_OF_A_LESSON = 10
_NEARLY_THE_SAME = 0.8

Card = tuple[str, str, Statement]
"""Front, back, and what the back cites."""


def flashcards(course: CourseMaterial, origins: Origins) -> str:
    """`flashcards.md`: for each lesson its terms, its code, its figures and what its sections come down to.

    No front comes twice. An item of the list is a card: the question in bold, the answer as a paragraph below it.
    """
    notes = Footnotes(course.language, origins, up="")
    said_by = SaidBy(course)
    fronts: list[str] = []
    cards = []
    for material in course.lessons:
        source = Source(course, material, said_by, random.Random(0))
        kept = 0
        for front, back, statement in _cards(material, source):
            if kept == MOST_OF_A_LESSON or any(likeness(front, other) >= _NEARLY_THE_SAME for other in fronts):
                continue
            fronts.append(front)
            cards.append(f"- **{front}**\n\n  {back}{notes.mark(cite(statement))}")
            kept += 1
    title = _title(course)
    return "\n\n".join(part for part in (f"# {title}", *cards, notes.definitions()) if part) + "\n"


def _title(course: CourseMaterial) -> str:
    return "记忆卡片" if course.language == "zh" else "Flashcards"


def _cards(material: LessonMaterial, source: Source) -> Iterator[Card]:
    """The cards of a lesson: what its aims stand on first, then whatever else it defines, then figures."""
    said: set[Statement] = set()
    facts: list[Fact] = []
    for aim in material.aims:
        first = aim.facts[0]
        if first.kind in ("section", "number"):
            title = section_of(first.statement, material)
            facts += [Fact("section", title, one) for one in true_sentences(title, source)[:1]]
        facts += [fact for fact in aim.facts[:2] if fact.kind != "section"]
    facts += [fact for fact in material.facts if fact.kind == "definition" or (fact.kind == "code" and fact.meaning)]
    facts += [fact for fact in material.facts if fact.kind == "number"]
    for fact in facts:
        if fact.statement in said or not source.nameable(fact):
            continue
        if card := _card(fact, source):
            said.add(fact.statement)
            yield card


def _card(fact: Fact, source: Source) -> Card | None:
    """The card of a fact whose sentence says enough by itself."""
    words, statement = source.words, fact.statement
    if fact.kind == "number":
        made = next(figure(fact, source), None)
        return (made.item.stem, sentence_case(source.said(statement, fact.term)), statement) if made else None
    if fact.labelled and fact.meaning and not source.points(fact.meaning):
        name = f"`{fact.term}`" if fact.kind == "code" else f"“{source.course.lexicon.in_sentence(fact.term)}”"
        return words.card_term.format(term=name), sentence_case(fact.meaning), statement
    named = "" if fact.kind == "section" else fact.term
    if not source.stands_alone(statement, named):
        return None
    back = sentence_case(source.said(statement, named))
    if fact.kind == "section":
        title = bare_title(fact.term)
        if title.endswith(("?", "？")):
            return title, back, statement
        return words.card_section.format(title=title), back, statement
    if fact.kind == "code":
        return (words.what_does.format(term=fact.term), back, statement) if fact.meaning else None
    if fact.kind == "definition" and fact.meaning:
        term = source.course.lexicon.in_sentence(fact.term)
        article = f"{fact.article} " if fact.article else ""
        front = words.what_is.format(term=term, article=article, be="are" if fact.plural else "is")
        return front, back, statement
    if not introduces(fact, source):
        return None
    return words.card_term.format(term=f"“{source.course.lexicon.in_sentence(fact.term)}”"), back, statement
