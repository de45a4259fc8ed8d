"""Flashcards: a question on the front, the author's sentence with its citation on the back, lesson after lesson."""

import random
import re
from collections.abc import Iterable, Iterator

from ..course.item_words import likeness
from ..notes.words import STOPWORDS, content_words
from .aims import CourseMaterial, LessonMaterial, section_of
from .composition import cite
from .explaining import explains, explanation, named_after, orders
from .facts import Fact
from .footnotes import Footnotes, Origins
from .items.judging import true_sentences
from .items.source import SaidBy, Source, sentence_case
from .items.typing_in import figure
from .selection import centrality
from .statements import Statement
from .titles import subject_of

MOST_OF_A_LESSON = 10
_NEARLY_THE_SAME = 0.8
_LONGEST_BACK = 220
"""Characters of an item of a list, which says enough without a full stop."""

_CAUSE = re.compile(
    r"\b(?:because|since|so that|therefore|reason|due to|as a result|in order to|otherwise)\b|因为|由于|因此|所以|以便|从而|否则"
)
_ERAS = frozenset(["AD", "BC", "CE", "BCE", "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"])  # fmt: skip

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
    titles = dict.fromkeys(section_of(aim.facts[0].statement, material) for aim in material.aims)
    for aim in material.aims:
        facts += [fact for fact in aim.facts[:2] if fact.kind in ("definition", "term", "code", "reason")]
    facts += [fact for fact in material.facts if fact.kind == "definition" or (fact.kind == "code" and fact.meaning)]
    facts += [fact for fact in material.facts if fact.kind == "number"]
    whole = [*_answers(titles, source), *_main_point(titles, source)]
    for front, back, statement in [*whole[:1], *(card for fact in facts if (card := _card(fact, source))), *whole[1:]]:
        if statement not in said:
            said.add(statement)
            yield front, back, statement
    for each in named_after(material, source):
        term = source.words.card_term.format(term=f"“{each.term}”")
        yield term, sentence_case(source.said(each.told)), each.told


def _answers(titles: Iterable[str], source: Source) -> Iterator[Card]:
    """Sections whose heading asks, with the sentence of theirs that answers it, where one does."""
    for title in titles:
        front = subject_of(title)
        if not title.endswith(("?", "？")) or re.search(r"\b(?:it|they|my|our|this)\b|[这它]", front, re.IGNORECASE):
            continue
        asked = set(content_words(front))
        why = re.match(r"why\b|.{0,6}为(?:什么|何)", front, re.IGNORECASE)
        fits = [
            (bool(why and _CAUSE.search(one.plain)), len(asked & set(content_words(one.plain))), one)
            for one in true_sentences(title, source)
        ]
        able = [each for each in fits if each[1]]
        if able:
            best = max(able, key=lambda each: each[:2])[2]
            yield front, sentence_case(source.said(best)), best


def _main_point(titles: Iterable[str], source: Source) -> list[Card]:
    """The one card of a lesson that asks for a section as a whole: with the sentence that shares most of the lesson's words."""
    central = centrality(source.material.statements)
    defining = {fact.statement for fact in source.material.facts if fact.kind == "definition"}
    able = [
        (central[one] + source.worth(one), title, one)
        for title in titles
        for one in true_sentences(title, source)
        if one not in defining
    ]
    able = [
        each for each in able if each[2].item != "step" and subject_of(each[1]) and not each[1].endswith(("?", "？"))
    ]
    if not able:
        return []
    _, title, best = max(able, key=lambda each: each[0])
    return [(source.words.card_section.format(title=subject_of(title)), sentence_case(source.said(best)), best)]


def _card(fact: Fact, source: Source) -> Card | None:
    """The card of a fact whose sentence says enough by itself."""
    words, statement = source.words, fact.statement
    if fact.kind == "number":
        made = next(figure(fact, source), None)
        if not made or statement.item == "step" or orders(statement, source) or _in_a_name(fact, source):
            return None
        return made.item.stem, sentence_case(source.said(statement, fact.term)), statement
    if fact.kind == "reason":
        if not source.stands_alone(statement):
            return None
        return _why(fact.term, source), sentence_case(source.said(statement)), statement
    if not explains(fact, source):
        return None
    back = explanation(fact, source)
    in_list = bool(statement.item) and len(back) <= _LONGEST_BACK
    if source.points(back) or not (in_list or source.stands_alone(statement, fact.term) or not fact.meaning):
        return None
    if fact.kind == "code":
        front = (
            words.card_term.format(term=f"`{fact.term}`") if fact.labelled else words.what_does.format(term=fact.term)
        )
        return front, sentence_case(back), statement
    term = source.course.lexicon.in_sentence(fact.term)
    if fact.labelled or not fact.meaning:
        return words.card_term.format(term=f"“{term}”"), sentence_case(back), statement
    article = f"{fact.article} " if fact.article else ""
    return words.what_is.format(term=term, article=article, be="are" if fact.plural else "is"), back, statement


def _in_a_name(fact: Fact, source: Source) -> bool:
    """Whether a figure belongs to what something is called: "Apollo 11", "7×50"."""
    sentence = source.said(fact.statement, fact.term)
    before = sentence[: sentence.find(fact.term)]
    after = sentence[len(before) + len(fact.term) :]
    name = re.search(r"(?<=\S )(?P<word>[A-Z][A-Za-z]+) $", before)
    named = bool(name) and name["word"].lower() not in STOPWORDS and name["word"] not in _ERAS if name else False
    return named or bool(re.search(r"[×x/]\s?$|[A-Za-z]-$", before) or re.match(r"\s?[×/]|-[A-Z]", after))


def _why(effect: str, source: Source) -> str:
    """The question a reason answers: "Why was silk useful?", 「为什么……？」."""
    if source.chinese:
        return f"为什么{effect}？"
    first, _, rest = effect.partition(" ")
    effect = f"{source.course.lexicon.in_sentence(first)} {rest}"
    turned = re.match(r"(?P<who>\S+(?: \S+){0,2}) (?P<be>is|are|was|were|can|could|must|should) (?P<rest>.+)$", effect)
    if turned and not re.search(r"\b(?:that|which|who|when|if)\b", turned["who"]):
        return f"Why {turned['be']} {turned['who']} {turned['rest']}?"
    return f"Why is it that {effect}?"
