"""Definitions asked for by choice: what a term is, and which term a description is of."""

import re
from collections.abc import Iterator
from itertools import islice

from ...course.quiz import Item, Option
from ...notes.language import language_of
from ...notes.words import content_words
from ..facts import Fact
from .source import Draft, Source, sentence_case

_LONGEST = 160
_NO_GENUS = re.compile(
    r"^(?:the |an? )?(?:most|best|worst|only|one|same|farthest|furthest)\b|^(?:the |an? )?(?:\w+ )?(?:things?|points?)\b|\b(?:that|which|where|what) (?:it|they|he|she)\b|"
    r"^上述|^最|特例$|^一[种个](?:方法|东西|问题|例子)$",
    re.IGNORECASE,
)
"""What praises a thing or points at it and does not say what it is."""


def definition(fact: Fact, source: Source) -> Iterator[Draft]:
    """“What is X?” with what the notes say of near terms as wrong answers."""
    if fact.kind not in {"definition", "code"} or not (key := shown_meaning(fact, source)):
        return
    wrong = []
    for other in source.nearest(fact, lambda other: bool(other.meaning) and other.kind == fact.kind, of_a_kind):
        text = shown_meaning(other, source)
        fits = (
            bool(text)
            and 0.45 * len(key) <= len(text) <= 2.0 * len(key)
            and (other.plural == fact.plural or source.chinese)
        )
        alike = other.labelled == fact.labelled or fact.kind == "code"
        if fits and alike and fact.term.lower() not in text.lower() and other.statement is not fact.statement:
            wrong.append(text)
    words, term = source.words, fact.term
    if fact.kind == "code":
        stem = (words.describes_code if fact.labelled else words.what_does).format(term=term)
    else:
        term = source.course.lexicon.in_sentence(term)
        article = f"{fact.article} " if fact.article else ""
        form = words.describes if fact.labelled else words.what_is
        stem = form.format(term=term, article=article, be="are" if fact.plural else "is")
    yield Draft(Item(stem, (Option(key, True),)), fact.statement, tuple(dict.fromkeys(wrong)))


def described(fact: Fact, source: Source) -> Iterator[Draft]:
    """“Which term is described here?” with near terms as wrong answers."""
    meaning = shown_meaning(fact, source)
    if not meaning or mentions(meaning, fact.term):
        return
    code = fact.kind == "code"
    names = term_names(fact, source, meaning)
    ask = source.words.described_code if code else source.words.described
    stem = ask.format(source.words.quote.format(meaning))
    key = f"`{fact.term}`" if code else sentence_case(source.course.lexicon.in_sentence(fact.term))
    yield Draft(Item(stem, (Option(key, True),)), fact.statement, tuple(names))


def term_names(fact: Fact, source: Source, beside: str) -> list[str]:
    """Names of near things that could stand where the fact's term does and are not `beside` it, written as options."""
    code = fact.kind == "code"

    def fits(other: Fact) -> bool:
        if code or other.kind == "code":
            return other.kind == fact.kind and code_shape(other.term) == code_shape(fact.term)
        return other.kind in {"definition", "term"}

    near = [one for one in source.nearest(fact, fits) if one.term.lower() not in beside.lower()]
    near.sort(key=lambda one: one.term.endswith("s") != fact.term.endswith("s") if not source.chinese else 0)
    lexicon = source.course.lexicon
    names = [f"`{one.term}`" if code else sentence_case(lexicon.in_sentence(one.term)) for one in near]
    if not code and not source.chinese:
        names = [
            name for name, one in zip(names, near, strict=True) if _is_proper(one, source) == _is_proper(fact, source)
        ]
    apart = (name for name in dict.fromkeys(names) if not source.together(fact.term, name.strip("`")))
    return list(islice(apart, 10))


def _is_proper(fact: Fact, source: Source) -> bool:
    """Whether a term is a proper name, which keeps its capital inside a sentence."""
    inside = source.course.lexicon.in_sentence(fact.term)
    return inside[:1].isupper() and not inside.isupper()


def shown_meaning(fact: Fact, source: Source) -> str:
    """A meaning as an option: its first clause, in the course's language, nothing in it that points elsewhere; else empty."""
    text = re.split(r"[;；。]|——| [–—] |(?<=\w)\. ", fact.meaning)[0].strip(" ,，")
    # What goes on about something else is no part of the meaning.
    text = re.split(r", (?:and|but|so) (?:it|they|the|there|that|you|we|its|[A-Z]\w+ (?:\w+ )?(?:is|are))\b", text)[0]
    if len(text) > _LONGEST:
        text = re.split(r", (?:which|and|but|so|because)\b|，(?!即)", text)[0].strip(" ,，")
    if not 6 <= len(text) <= _LONGEST or language_of(text) != source.course.language:
        return ""
    if re.search(
        r"\b(?:this|these|that one|it|them|above|below|here)$|[(（][^)）]*$|[:：]$|[该此]|^(?:it|this)\b", text
    ):
        return ""
    if source.points(text) or _NO_GENUS.search(text):
        return ""
    text = source.words.it_does.format(text) if fact.kind == "code" and not fact.labelled else text
    return sentence_case(text)


def of_a_kind(one: Fact, other: Fact) -> bool:
    """Whether two definitions speak of the same sort of thing, so that one name could stand at the other's."""
    return bool(set(_genus(one)) & set(_genus(other)))


def _genus(fact: Fact) -> list[str]:
    """The first words of content of a meaning, among which is what sort of thing it is."""
    return list(content_words(fact.meaning))[:3]


def mentions(text: str, term: str) -> bool:
    """Whether a text holds a word of the term, which would give it away; of a command (`git add`) all but the program."""
    if (
        re.fullmatch(r"[a-z][\w-]* .+", term)
        and re.search(r" -| [a-z-]+$", term)
        and f"`{term.split()[0]}`" not in text
    ):
        return term.lower() in text.lower()
    words: list[str] = re.findall(r"[A-Za-z]{3,}|[㐀-鿿]{2,}", term) or [term]
    return any(word.lower().rstrip("s") in text.lower() for word in words)


def introduces(fact: Fact, source: Source) -> bool:
    """Whether a sentence without a definition is still about its term: it opens or closes it, or says what is called so."""
    said = source.said(fact.statement, fact.term)
    term = re.escape(f"`{fact.term}`" if fact.kind == "code" else fact.term)
    if source.chinese:
        return bool(
            re.match(rf".{{0,2}}{term}", said) or re.search(rf"(?:称为|称作|叫做?|名为|称之为|即)[“「]?{term}", said)
        )
    opens = re.match(rf"(?:An? |The )?{term}(?![\w-])", said, re.IGNORECASE)
    called = re.search(rf"(?:called|known as|termed|named) (?:an? |the )?[\"“]?{term}", said, re.IGNORECASE)
    return bool(opens or called or re.search(rf"\b(?:an? ){term}[.!]?$", said, re.IGNORECASE))


def code_shape(code: str) -> str:
    """What sort of thing a piece of code is: only the same sort can stand in its place."""
    if code.startswith("-"):
        return "option"
    if " " in code:
        return "command"
    if "(" in code:
        return "call"
    return "file" if re.search(r"\.\w+$|/|^\.", code) else "name"
