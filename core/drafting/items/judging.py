"""Sentences to be judged: one of the notes as it is, or made false by a near term, another figure or a turned relation.

What is made false must not be true anywhere in the notes, so each is compared with every sentence of them.
"""

import re
from collections.abc import Iterator, Sequence

from ...course.quiz import Item, Option
from ..aims import section_of
from ..facts import Fact
from ..statements import Statement
from .defining import code_shape, introduces, of_a_kind
from .figures import has_name, near_misses
from .soundness import is_claim
from .source import GLOSS, Draft, Source, same_thing, sentence_case, whole

_PAIRS = {
    "en": (
        ("increases", "decreases"), ("increase", "decrease"), ("higher", "lower"), ("larger", "smaller"),
        ("greater", "smaller"), ("faster", "slower"), ("warmer", "colder"), ("hotter", "cooler"), ("longer", "shorter"),
        ("rises", "falls"), ("brighter", "fainter"), ("heavier", "lighter"), ("stronger", "weaker"),
        ("maximum", "minimum"), ("inside", "outside"), ("more", "less"), ("private", "public"), ("most recent", "oldest"), ("reverse chronological", "alphabetical"),
        ("simple", "complicated"), ("strong", "weak"), ("light", "heavy"), ("modern", "ancient"), ("oldest", "youngest"), ("an old", "a new"), ("maximise", "minimise"), ("maximize", "minimize"), ("cheaper", "dearer"),
        ("north", "south"), ("positive", "negative"), ("thicker", "thinner"),
    ),
    "zh": (
        ("增加", "减少"), ("增大", "减小"), ("高于", "低于"), ("大于", "小于"), ("多于", "少于"), ("升高", "降低"),
        ("上升", "下降"), ("提高", "降低"), ("越高", "越低"), ("越大", "越小"), ("越快", "越慢"), ("最大", "最小"), ("最高", "最低"),
        ("早于", "晚于"), ("放热", "吸热"), ("加快", "减慢"), ("变大", "变小"), ("正比", "反比"), ("输入", "输出"), ("有利于", "不利于"),
    ),
}  # fmt: skip
_DENIALS = {
    "en": re.compile(r"(?<=\bis) not(?= (?:a|an|the)\b)|(?<=\bare) not(?= (?:a|an|the)\b)"),
    "zh": re.compile(r"不(?=是(?!因|为了|指|说|所有|每))"),
}
"""Denials of what a thing is, which somebody who half knows believes; to deny what is possible or advised is absurd."""
_CONDITION = re.compile(
    r"\b(?:if|when|unless|because|although|whether|but|whatever|rather|so that|even)\b|如果|因为|虽然|但|而|只|即使|除非|并不|是不是",
    re.IGNORECASE,
)
_NEGATED = re.compile(r"\b(?:not|no|never|without|cannot)\b|n['’]t\b|不|没|未|非|无", re.IGNORECASE)


def judged(fact: Fact, source: Source, false: bool) -> Iterator[Draft]:
    """The fact's sentence, true or made false, to be judged."""
    one = fact.statement
    if not source.stands_alone(one, _named(fact)) or source.tells_mistakes(one):
        return
    if source.strict and not is_claim(source.said(one, _named(fact)), one, source):
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
        and one not in source.course.disputes
        and source.stands_alone(one)
        and is_claim(source.said(one), one, source)
    ]
    width = 2.5 if source.chinese else 1
    return sorted(found, key=lambda one: abs(len(source.said(one)) * width - 95) / 95 - source.worth(one))


def _other_terms(here: Sequence[Fact], sentence: str, source: Source) -> Iterator[str]:
    """The term that a sentence defines or explains swapped for a near one of the same sort."""
    for fact in here:
        target = f"`{fact.term}`" if fact.kind == "code" else fact.term
        opens = introduces(fact, source)
        if (
            fact.kind not in {"definition", "code", "term"}
            or not (fact.meaning or (opens and sentence.lower().find(target.lower()) > 4))
            or not source.nameable(fact)
        ):
            continue
        if len(re.findall(whole(target, source.chinese), sentence)) != 1:
            continue
        sentence = re.sub(rf"({whole(target, source.chinese)}){GLOSS.pattern[1:]}", r"\1", sentence)
        near = source.siblings(
            fact,
            lambda other, fact=fact: (  # type: ignore[misc]
                other.kind == fact.kind
                and bool(other.meaning) == bool(fact.meaning)
                and other.plural == fact.plural
                and other in source.material.facts
                and (not fact.meaning or fact.kind == "code" or of_a_kind(fact, other))
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
    if _NEGATED.search(sentence) or _CONDITION.search(sentence):
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
    """What a thing is not, said of it, where that is all the sentence denies."""
    found = list(_DENIALS[source.course.language].finditer(sentence))
    if (
        len(found) == 1
        and len(_NEGATED.findall(sentence)) == 1
        and not re.search("[,;:，；：]", sentence)
        and not _CONDITION.search(sentence)
    ):
        yield f"{sentence[: found[0].start()]}{sentence[found[0].end() :]}"


def _other_figures(here: Sequence[Fact], sentence: str) -> Iterator[str]:
    """Another figure, written as the right one is, but for those that belong to a name."""
    for fact in here:
        found = list(re.finditer(rf"(?<![\d.,]){re.escape(fact.term)}(?![\d]|[.,]\d)", sentence))
        if fact.kind != "number" or len(found) != 1 or has_name(sentence, found[0].span()):
            continue
        start, end = found[0].span()
        for near in near_misses(sentence, (start, end)):
            if not re.search(rf"(?<![\d.,]){re.escape(near)}(?![\d.,])", sentence):
                yield f"{sentence[:start]}{near}{sentence[end:]}"
