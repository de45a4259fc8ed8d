"""Sentences to be judged: one of the notes as it is, or made false by a near term, another figure or a turned relation.

What is made false must not be true anywhere in the notes, so each is compared with every sentence of them.
"""

import re
from collections.abc import Iterator, Sequence

from ...course.quiz import Item, Option
from ..aims import section_of
from ..facts import Fact
from ..statements import Statement
from .defining import code_shape, introduces
from .source import Draft, Source, same_thing, sentence_case, whole

_PAIRS = {
    "en": (
        ("before", "after"), ("increases", "decreases"), ("increase", "decrease"), ("higher", "lower"), ("larger", "smaller"),
        ("greater", "smaller"), ("faster", "slower"), ("warmer", "colder"), ("hotter", "cooler"), ("longer", "shorter"),
        ("rises", "falls"), ("brighter", "fainter"), ("heavier", "lighter"), ("stronger", "weaker"), ("inside", "outside"),
        ("maximum", "minimum"), ("maximise", "minimise"), ("maximize", "minimize"), ("above", "below"), ("cheaper", "dearer"),
        ("earlier", "later"), ("north", "south"), ("positive", "negative"), ("local", "remote"), ("thicker", "thinner"),
    ),
    "zh": (
        ("之前", "之后"), ("增加", "减少"), ("增大", "减小"), ("高于", "低于"), ("大于", "小于"), ("多于", "少于"), ("升高", "降低"),
        ("上升", "下降"), ("提高", "降低"), ("越高", "越低"), ("越大", "越小"), ("越快", "越慢"), ("最大", "最小"), ("最高", "最低"),
        ("早于", "晚于"), ("放热", "吸热"), ("加快", "减慢"), ("变大", "变小"), ("正比", "反比"), ("输入", "输出"), ("有利于", "不利于"),
    ),
}  # fmt: skip
_DENIALS = {
    "en": (
        (r"\bcannot\b", "can", True), (r"(?<=\bis) not\b", "", True), (r"(?<=\bare) not\b", "", True), (r"\bcan\b(?! also| be (?:found|seen))", "cannot", False),
        (r"\bmust\b", "need not", False), (r"\bneeds to\b", "does not need to", False), (r"\bneed to\b", "do not need to", False),
        (r"\ballows\b", "does not allow", False), (r"\bdoes not need\b", "needs", True), (r"\bdo not need\b", "need", True),
        (r"\bhas to\b", "does not have to", False), (r"\bwill\b", "will not", False),
    ),
    "zh": (
        ("不能", "能", True), ("不会", "会", True), ("不需要", "需要", True), ("不必", "必须", True), ("无法", "可以", True), ("没有", "有", True),
        ("不可以", "可以", True), ("(?<!不)可以", "不能", False), ("(?<!不)需要", "不需要", False), ("必须", "不必", False),
        ("(?<![不可才功技性智机效只])能够", "不能", False), ("(?<=[将就都也才总])会", "不会", False),
    ),
}  # fmt: skip
_NEGATED = re.compile(r"\b(?:not|no|never|without|cannot)\b|n['’]t\b|不|没|未|非|无", re.IGNORECASE)


def judged(fact: Fact, source: Source, false: bool) -> Iterator[Draft]:
    """The fact's sentence, true or made false, to be judged."""
    one = fact.statement
    if not source.stands_alone(one, _named(fact)) or source.tells_mistakes(one) or source.instructs(one):
        return
    sentences = falsified(one, source) if false else [source.said(one, _named(fact))]
    words = source.words
    options = (Option(words.true, not false), Option(words.false, false))
    for sentence in sentences:
        stem = words.judge.format(sentence_case(sentence))
        yield Draft(Item(stem, options, kind="true_false"), one)


def _named(fact: Fact) -> str:
    return "" if fact.kind == "section" else fact.term


def falsified(one: Statement, source: Source) -> list[str]:
    """Sentences that are false because one thing in the statement was changed, most telling first."""
    made = source.said_by.falsified
    if one not in made:
        here = [fact for fact in source.material.facts if fact.statement == one]
        sentence = source.said(one, _named(here[0]) if here else "")
        changed = (
            *_other_terms(here, sentence, source),
            *_exchanged(here, sentence),
            *_other_figures(here, sentence),
            *_turned(sentence, source),
            *_denied(sentence, source),
        )
        made[one] = [each for each in dict.fromkeys(changed) if each != sentence and not source.is_said(each, one)]
    return made[one]


def true_sentences(title: str, source: Source, besides: Sequence[Statement] = ()) -> list[Statement]:
    """Sentences of a section that stand alone, best length first."""
    found = [
        one
        for one in source.material.statements
        if section_of(one, source.material) == title
        and one not in besides
        and source.stands_alone(one)
        and not (source.tells_mistakes(one) or source.instructs(one))
    ]
    width = 2.5 if source.chinese else 1
    return sorted(found, key=lambda one: abs(len(source.said(one)) * width - 95) / 95 - source.worth(one))


def _other_terms(here: Sequence[Fact], sentence: str, source: Source) -> Iterator[str]:
    """The term that a sentence defines or explains swapped for a near one of the same sort."""
    for fact in here:
        target = f"`{fact.term}`" if fact.kind == "code" else fact.term
        opens = introduces(fact, source)
        if fact.kind not in {"definition", "code", "term"} or not (fact.meaning or opens) or not source.nameable(fact):
            continue
        if len(re.findall(whole(target, source.chinese), sentence)) != 1:
            continue
        near = source.siblings(
            fact,
            lambda other, fact=fact: (  # type: ignore[misc]
                other.kind == fact.kind
                and bool(other.meaning) == bool(fact.meaning)
                and other.plural == fact.plural
                and (fact.kind != "code" or code_shape(other.term) == code_shape(fact.term))
            ),
        )
        for other in near[:4]:
            if (
                same_thing(fact, other)
                or other.term.lower() in sentence.lower()
                or source.together(fact.term, other.term)
            ):
                continue
            name = f"`{other.term}`" if fact.kind == "code" else source.course.lexicon.in_sentence(other.term)
            if not source.chinese and fact.kind != "code":
                name = sentence_case(name) if sentence.startswith(fact.term) or fact.term[:1].isupper() else name
                made = re.sub(whole(target, False), lambda _: name, sentence)  # noqa: B023
                yield re.sub(r"^(An?) (?=(\w))", lambda at: f"{'An' if at[2] in 'aeiouAEIOU' else 'A'} ", made)
            else:
                yield re.sub(whole(target, source.chinese), lambda _: name, sentence)  # noqa: B023


def _turned(sentence: str, source: Source) -> Iterator[str]:
    """A relation turned round, where the sentence has exactly one and denies nothing."""
    if _NEGATED.search(sentence):
        return
    turns = []
    for pair in _PAIRS[source.course.language]:
        for old, new in (pair, pair[::-1]):
            pattern = old if source.chinese else rf"\b{old}\b"
            turns += [
                (at.span(), new)
                for at in re.finditer(pattern, re.sub(r"`[^`]*`", lambda code: "x" * len(code[0]), sentence))
            ]
    if len({span for span, _ in turns}) == 1:
        (start, end), new = turns[0]
        yield f"{sentence[:start]}{new}{sentence[end:]}"


def _exchanged(here: Sequence[Fact], sentence: str) -> Iterator[str]:
    """Two figures, or two pieces of code, in each other's place, unless the sentence merely lists them."""
    for kind in ("number", "code"):
        mark = "`{}`" if kind == "code" else "{}"
        terms = list(dict.fromkeys(mark.format(fact.term) for fact in here if fact.kind == kind))
        if len(terms) != 2 or any(sentence.count(term) != 1 for term in terms):
            continue
        first, second = sorted(terms, key=sentence.index)
        between = sentence[sentence.index(first) + len(first) : sentence.index(second)]
        if len(between) > 6 and not re.fullmatch(
            r"[^,，]{0,14}(?:\band\b|\bor\b|and|与|和|或|、|–|～|-|to)[^,，]{0,14}", between
        ):
            yield sentence.replace(first, "\0").replace(second, first).replace("\0", second)


def _denied(sentence: str, source: Source) -> Iterator[str]:
    """A denial taken back, or a permission or need denied, where the sentence has one of them only."""
    turns = _DENIALS[source.course.language]
    clear = re.sub(r"`[^`]*`", lambda code: "x" * len(code[0]), sentence)
    negated = _NEGATED.findall(clear)
    found = [
        (at.span(), new) for old, new, denies in turns for at in re.finditer(old, clear) if denies == bool(negated)
    ]
    if len(found) == 1 and len(negated) <= 1:
        (start, end), new = found[0]
        yield f"{sentence[:start]}{new}{sentence[end:]}"


def _other_figures(here: Sequence[Fact], sentence: str) -> Iterator[str]:
    """Another figure, written as the right one is."""
    for fact in here:
        pattern = rf"(?<![\d.,]){re.escape(fact.term)}(?![\d]|[.,]\d)"
        if fact.kind == "number" and len(re.findall(pattern, sentence)) == 1:
            for near in near_misses(fact.term, is_year(fact.term, sentence)):
                if not re.search(rf"(?<![\d.,]){re.escape(near)}(?![\d.,])", sentence):
                    yield re.sub(pattern, near, sentence)


def is_year(number: str, sentence: str) -> bool:
    """Whether a number is a year there."""
    return bool(
        re.search(
            rf"{re.escape(number)} ?年|(?:in|since|by|until|from|around|AD|before|after) {re.escape(number)}(?! ?(?:[°%]|[a-z]{{1,2}}\b|[a-z]+s\b))",
            sentence,
        )
    )


def near_misses(number: str, year: bool) -> list[str]:
    """Figures that someone who half remembers might give, written as the right one is."""
    value = float(number.replace(",", ""))
    decimals = len(number.partition(".")[2])
    if year and decimals == 0 and 100 <= value <= 2100:
        nearby = [value - 20, value + 12, value - 35, value + 25]
    elif decimals == 0 and value <= 12:
        nearby = [value + 2, value - 1, value + 3, value + 1]
    else:
        nearby = [value * 1.5, value * 0.5, value * 2, value * 0.8]
    written = [f"{one:,.{decimals}f}" if "," in number else f"{one:.{decimals}f}" for one in nearby if one > 0]
    return [one for one in dict.fromkeys(written) if one != number]
