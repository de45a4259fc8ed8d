"""Explaining: which facts tell what their term is to somebody who reads no more than their sentence.

The glossary and the flashcards ask the same of a fact. A definition has a genus, the kind of thing the term names; a
sentence that merely opens with the term has none (ISO 704, "Terminology work: principles and methods").
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ..notes.language import language_of
from ..notes.words import STOPWORDS
from .aims import LessonMaterial
from .facts import Fact
from .items.source import Source
from .statements import Statement

_CALLED_EN = r"(?:called|known as|termed|named|nicknamed) (?:an? |the )?[\"“]?{term}"
_CALLED_ZH = r"(?:称为|称作|叫做?|叫作|名为|称之为|又称|简称)[“「]?{term}"
_PRONOUN_CALLED = re.compile(
    r"\b(?:that|this|it|they|these|those|which) (?:is|are|was|were) (?:\w+ )?(?:called|known as)\b", re.IGNORECASE
)
_WHOLE_SUBJECT = re.compile(
    r"^(?:this|that|these|those) (?:[\w-]+ ){3,}(?:is|are|was|were) (?:\w+ )?(?:called|known as)\b", re.IGNORECASE
)
"""A subject that says enough in spite of how it begins: "That first rise in the oven is called …"."""
_KIND = re.compile(r"(?:an?|the|any)\b|[\u4e00-\u9fff]", re.IGNORECASE)
_OWN_CLAUSE = re.compile(r",? and (?=(?:an? |the )?(?:[A-Z][\w-]*|[a-z]+)(?: [A-Z]?[\w-]+){0,3} (?:is|are|was|were) )")
"""Where a sentence goes on to tell of something else: "…, and the Summer Triangle is an asterism …"."""
_NAMED_EN = re.compile(
    r"^(?:(?:The )?(?P<first>[A-Z][\w-]+(?: [\w-]+){0,2}) is the (?:word|name|term) for (?:this|that|it)|"
    r"(?:The (?:word|name|term) for (?:this|that|it) is|[A-Z][\w-]+(?: \w+)? call (?:this|it)) (?:an? |the )?(?P<last>[\w-]+(?: [\w-]+){0,2}))\.$"
)
_NAMED_ZH = re.compile(
    r"^(?:这(?:种|一)?[\u4e00-\u9fff]{0,5}?(?:就|便|被)?(?:叫做?|叫作|称为|称作)|史称|(?:人们|我们|后人)?(?:把|将)这[\u4e00-\u9fff]{0,5}?(?:叫做?|叫作|称为|称作))"
    r"[“「]?(?P<last>[\u4e00-\u9fff]{2,8})[”」]?。$"
)


@dataclass(frozen=True)
class NamedAfter:
    """A term whose name comes in the sentence behind the one that tells what it is: "Relay trade is the word for this."."""

    term: str
    told: Statement
    naming: Statement


def explains(fact: Fact, source: Source) -> bool:
    """Whether a fact's sentence gives its term a genus, names it as what something is called, or labels it."""
    if fact.statement.leads or not source.nameable(fact) or fact.kind not in ("definition", "term", "code"):
        return False
    if fact.labelled:
        return bool(fact.meaning) and (fact.kind == "code" or _is_term_label(fact, source))
    statement = fact.statement
    if statement.leans and not _WHOLE_SUBJECT.match(statement.plain):
        return False
    if fact.meaning:
        return not (source.chinese and re.match(r"[^，。；]{0,4}[这它]", fact.meaning))
    return fact.kind != "code" and _is_called(fact, source) and not orders(statement, source)


def explanation(fact: Fact, source: Source) -> str:
    """What stands behind the term: the meaning a label has, else its sentence up to where it tells of something else."""
    if fact.labelled:
        return re.split(r"(?<=[\w)])\. (?=[A-Z])", fact.meaning)[0]
    sentence = source.said(fact.statement, fact.term)
    if _WHOLE_SUBJECT.match(sentence):
        return sentence
    if not source.chinese and (other := _OWN_CLAUSE.search(sentence)) and fact.term in sentence[: other.start()]:
        return f"{sentence[: other.start()]}."
    return sentence


def orders(statement: Statement, source: Source) -> bool:
    """Whether a sentence tells what to do, and what it says of a term is by the way."""
    first = re.match(r"[A-Za-z]+", source.said(statement))
    return source.instructs(statement) and bool(first) and first[0].lower() not in STOPWORDS if first else False


def named_after(material: LessonMaterial, source: Source) -> Iterator[NamedAfter]:
    """The terms of a lesson that are told first and named in the next sentence of the paragraph."""
    pattern = _NAMED_ZH if source.chinese else _NAMED_EN
    for told, naming in zip(material.statements, material.statements[1:], strict=False):
        match = pattern.match(naming.plain)
        if not match or told.passage != naming.passage or told.leans or told.aside or told.leads or told.item:
            continue
        term = match.groupdict().get("first") or match["last"]
        if len(term) >= 2 and told.plain.endswith((".", "。")) and language_of(told.plain) == source.course.language:
            yield NamedAfter(source.course.lexicon.in_sentence(term), told, naming)


def _is_term_label(fact: Fact, source: Source) -> bool:
    """Whether a label names a term of the subject: the notes use it again, or it is told by a genus or is one plain word."""
    if re.search("[→⇒]|->", fact.meaning):
        return False  # the steps of a process say how it goes and not what it is
    if not fact.statement.item or source.course.lexicon.count(fact.term) >= 2:
        return True
    return bool(re.match(r"(?:an?|the|any) ", fact.meaning)) or bool(
        re.fullmatch(r"[a-z-]{5,}|[一-鿿]{2,4}", fact.term)
    )


def _is_called(fact: Fact, source: Source) -> bool:
    """Whether a sentence says what the term is called, with a subject that names something."""
    said = source.said(fact.statement, fact.term)
    term = re.escape(fact.term)
    if source.chinese:
        return bool(re.search(_CALLED_ZH.format(term=term), said)) and not re.match(r"[这它其该]", said)
    if _PRONOUN_CALLED.search(said):
        return False
    called = re.search(_CALLED_EN.format(term=term), said, re.IGNORECASE)
    return bool(called or re.search(rf"\bmakes? up an? {term}[.!]?$", said, re.IGNORECASE))
