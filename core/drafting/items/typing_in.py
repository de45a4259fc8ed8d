"""Answers that are typed: the term for a description, the gap in a sentence, a figure."""

import re
from collections.abc import Iterator

from ...course.answers import read_number
from ...course.quiz import Item, Option
from ...notes.words import content_words
from ..facts import Fact
from .defining import mentions, shown_meaning, term_names
from .figures import has_name
from .source import GLOSS, Draft, Source, sentence_case, whole

_NEAR = re.compile(r"±\s?(?P<by>\d+(?:\.\d+)?)")
_ABOUT = re.compile(
    r"(?:\b(?:about|around|roughly|approximately|some|nearly|almost|ca\.)|约|大约|近|将近)(?:是|为|有|等于)? ?$",
    re.IGNORECASE,
)


def short_answer(fact: Fact, source: Source) -> Iterator[Draft]:
    """“What is the term for this?”"""
    meaning = shown_meaning(fact, source)
    if not meaning or mentions(meaning, fact.term) or len(fact.term) > 30 or not _is_definite(fact):
        return
    ask = source.words.code_for if fact.kind == "code" else source.words.term_for
    item = Item(
        ask.format(source.words.quote.format(meaning)),
        kind="short",
        answers=(_not_shown(accepted(fact, source), meaning),),
    )
    yield Draft(item, fact.statement)


def cloze(fact: Fact, source: Source) -> Iterator[Draft]:
    """The fact's sentence with the term taken out."""
    if gapped := _gapped(fact, source):
        words = source.words
        ask = words.fill_code if fact.kind == "code" else words.fill_term
        item = Item(
            ask.format(words.quote.format(gapped)), kind="cloze", answers=(_not_shown(accepted(fact, source), gapped),)
        )
        yield Draft(item, fact.statement)


def gap_choice(fact: Fact, source: Source) -> Iterator[Draft]:
    """The same, to be chosen among near terms."""
    if gapped := _gapped(fact, source):
        words, code = source.words, fact.kind == "code"
        names = term_names(fact, source, fact.statement.plain)
        key = f"`{fact.term}`" if code else sentence_case(source.course.lexicon.in_sentence(fact.term))
        ask = words.which_code if code else words.which_term
        yield Draft(Item(ask.format(words.quote.format(gapped)), (Option(key, True),)), fact.statement, tuple(names))


def _gapped(fact: Fact, source: Source) -> str:
    """The sentence with a gap for the term; empty where it would tell the term, or tell nothing."""
    code = fact.kind == "code"
    if fact.kind not in {"definition", "term", "code"} or len(fact.term) > 30:
        return ""
    if not source.stands_alone(fact.statement, fact.term):
        return ""
    sentence = source.said(fact.statement, fact.term)
    target = f"`{fact.term}`" if code else fact.term
    blank = source.words.blank
    gapped, count = re.subn(whole(target, source.chinese), blank, sentence, flags=0 if code else re.IGNORECASE)
    gapped = re.sub(rf"{blank}{GLOSS.pattern[1:]}", blank, gapped)
    gapped = re.sub(rf"\b([Aa])n? (?={blank})", r"\1(n) ", gapped)  # the article must not tell the answer
    return "" if count != 1 or _told(gapped, fact) or (source.strict and _is_nameless(gapped, blank)) else gapped


def figure(fact: Fact, source: Source) -> Iterator[Draft]:
    """A number of a sentence, typed; what the notes call approximate is right within five per cent."""
    if fact.kind != "number" or not source.stands_alone(fact.statement, fact.term):
        return
    sentence = source.said(fact.statement, fact.term)
    found = list(re.finditer(rf"(?<![\d.,]){re.escape(fact.term)}(?![\d]|[.,]\d|(?:s|st|nd|rd|th)\b)", sentence))
    if (
        len(found) != 1
        or has_name(sentence, found[0].span())
        or re.search(rf"[$¥€£]\s?{re.escape(fact.term)}", sentence)
    ):
        return
    at = found[0]
    number = read_number(fact.term)
    if number is None or (number.value <= 2 and number.value == int(number.value)):
        return  # "the 2 kinds" asks for no knowledge
    near = _NEAR.match(sentence[at.end() :].lstrip(" %°"))
    around = bool(_ABOUT.search(sentence[: at.start()])) or sentence[at.end() :].startswith(("左右", "多"))
    by = float(near["by"]) if near else abs(number.value) * 0.05 if around and number.value >= 20 else 0.0
    gapped = f"{sentence[: at.start()]}{source.words.blank}{sentence[at.end() :]}"
    stem = source.words.fill_number.format(source.words.quote.format(gapped))
    yield Draft(Item(stem, kind="numeric", answers=((fact.term,),), tolerance=float(f"{by:.2g}")), fact.statement)


def accepted(fact: Fact, source: Source) -> tuple[str, ...]:
    """What counts as the term: as written, inside a sentence, in the other number, and the name in brackets behind it."""
    if fact.kind == "code":
        return (f"`{fact.term}`",)
    term = source.course.lexicon.in_sentence(fact.term)
    found = [term]
    place = fact.statement.plain.find(fact.term)
    gloss = GLOSS.match(fact.statement.plain[place + len(fact.term) :]) if place >= 0 else None
    if gloss and not re.search("[,，、]", gloss[0]):
        found += [one.strip() for one in re.split(r"或| or ", gloss["wide"] or gloss["half"])]
    if re.fullmatch(r"[A-Za-z][A-Za-z -]+", term) and not term.isupper():
        other = term[:-1] if re.search(r"[^suio]s$", term) else re.sub(r"(?<![aeiou])y$", "ie", term) + "s"
        if len(other) < len(term) or source.course.lexicon.count(other):
            found.append(other)
    return tuple(dict.fromkeys(one for one in (*found, *source.also_called(fact.term)) if one))


def _not_shown(names: tuple[str, ...], sentence: str) -> tuple[str, ...]:
    """The first name and those others that the question does not show itself."""
    return (*names[:1], *(name for name in names[1:] if name.lower() not in sentence.lower()))


def _told(gapped: str, fact: Fact) -> bool:
    return fact.term in gapped if fact.kind == "code" else mentions(gapped, fact.term)


def _is_definite(fact: Fact) -> bool:
    """Whether the meaning leads to one term: it is long enough, or of code."""
    return fact.kind == "code" or len(set(content_words(fact.meaning))) >= 4


def _is_nameless(gapped: str, blank: str) -> bool:
    """Whether a sentence with a gap names nothing else to go by: it begins with the gap and is soon over."""
    rest = gapped.replace(blank, "")
    return len(re.findall(r"[A-Za-z]{4,}|[㐀-鿿]", rest)) < (12 if re.search(r"[㐀-鿿]", rest) else 5)
