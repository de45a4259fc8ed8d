"""Objectives on what the notes name: terms, code, and pairs of terms told apart."""

import re
from collections.abc import Iterator, Sequence

from ..notes.language import Language
from . import relations_en, relations_zh
from .bloom import AimType, Wanted
from .facts import Fact, askable, runs
from .lexicon import Lexicon
from .material import LessonMaterial, section_of
from .proposal import Proposal, stands

_EXAMPLE_FILE = re.compile(r"[\w-]+\.\w+$")
_COMMAND = re.compile(r"(?:[`~]{3,}\w*\s*\n)?\s*[$%>] (?P<command>[a-z][\w-]*(?: [a-z][\w-]{2,})?)(?=\s)")
_USES = re.compile(r"\b(?:use|uses|using|run|running|type|with|command)\b|用|使用|通过|调用|运行")
_NEAR = 14
"""Statements between two definitions that are told apart; of Chinese terms of two characters, which share one, fewer."""
_VERY_NEAR = 3


def term_proposals(material: LessonMaterial, language: Language, lexicon: Lexicon) -> Iterator[Proposal]:
    """Objectives on the lesson's terms and code, in no order."""
    able = [one for one in material.facts if askable(one)]
    text = " ".join(one.plain for one in material.statements).lower()
    yield from _terms(able, material, text, language, lexicon)
    yield from _code(able, material, text, language)
    yield from _led_commands(material, text, language)
    yield from _contrasts(able, material, language, lexicon)


def _terms(
    able: Sequence[Fact], material: LessonMaterial, text: str, language: Language, lexicon: Lexicon
) -> Iterator[Proposal]:
    relations = relations_zh if language == "zh" else relations_en
    grouped: dict[str, list[Fact]] = {}
    for fact in able:
        if fact.kind in {"definition", "term"}:
            grouped.setdefault(fact.key, []).append(fact)
    title = material.title.lower()
    for key, group in grouped.items():
        group.sort(key=lambda one: (one.kind != "definition", one.labelled, not one.meaning))
        fact = group[0]
        often = min(0.3, 0.05 * text.count(key)) + (0.3 if key in title else 0.0)
        section = section_of(fact.statement, material)
        term = lexicon.in_sentence(fact.term)
        be = "are" if fact.plural else "is"
        if fact.labelled:
            kind: AimType = "term" if text.count(key) > 1 and len(fact.term.split()) < 3 else "label"
            # "Pale crust: oven too cool" is said once and names no term of the subject.
            once = " " in fact.term and lexicon.count(fact.term) < 2
            yield Proposal(Wanted(kind, fact.term), key, tuple(group), (0.35 if once else 0.75) + often, section)
        elif fact.kind == "definition" and fact.meaning:
            wanted = Wanted("define", term, article=fact.article, be=be)
            yield Proposal(wanted, key, tuple(group), 1.0 + often, section)
        elif fact.kind == "definition" or _is_told_of(fact, lexicon):
            base = 0.8 if fact.kind == "definition" else 0.65
            yield Proposal(Wanted("term", term), key, tuple(group), base + often, section)
        if (
            fact.kind == "definition"
            and (fact.meaning or fact.labelled)
            and relations.has_formula(fact.statement.plain)
        ):
            wanted = Wanted("calculate", term, article=fact.article)
            yield Proposal(wanted, key, tuple(group), 1.05 + often, section)
        if choice := next((one for one in group if relations.is_choice(one.statement.plain)), None):
            ordered = (choice, *(one for one in group if one is not choice))
            yield Proposal(Wanted("decide", term), key, ordered, 0.7 + often, section)


def _code(able: Sequence[Fact], material: LessonMaterial, text: str, language: Language) -> Iterator[Proposal]:
    grouped: dict[str, list[Fact]] = {}
    for fact in able:
        if fact.kind == "code":
            grouped.setdefault(fact.term, []).append(fact)
    for code, group in grouped.items():
        purposes = [(fact, _purpose(fact, language)) for fact in group]
        told = next(((fact, what) for fact, what in purposes if what), None)
        shown = sum(one.text.count(code) for one in material.passages if one.kind == "code")
        often = min(0.4, 0.07 * (text.count(f"`{code.lower()}") + shown))
        meant = next((fact for fact in group if fact.meaning), None)
        if told and runs(code):
            fact, what = told
            rest = tuple(one for one in group if one is not fact)
            wanted = Wanted("use", code, what)
            yield Proposal(wanted, code, (fact, *rest), 1.0 + often, section_of(fact.statement, material))
        elif meant:
            rest = tuple(one for one in group if one is not meant)
            section = section_of(meant.statement, material)
            yield Proposal(Wanted("does" if runs(code) else "code", code), code, (meant, *rest), 0.85 + often, section)
        elif runs(code) and (used := [one for one in group if _USES.search(one.statement.text)]):
            section = section_of(used[0].statement, material)
            yield Proposal(Wanted("does", code), code, tuple(used), 0.5 + often, section)
        elif not _EXAMPLE_FILE.match(code):
            named = [one for one in group if _is_introduced(one)]
            if named or (len(group) > 1 and not re.fullmatch("[A-Z][a-z]+", code)):
                ordered = (*named, *(one for one in group if one not in named))
                section = section_of(ordered[0].statement, material)
                worth = (0.5 if named else 0.3) + often
                yield Proposal(Wanted("code", code), code, ordered, worth, section)


def _led_commands(material: LessonMaterial, text: str, language: Language) -> Iterator[Proposal]:
    """Commands in a block of code, by the sentence that leads into it; what tests them is what the section says."""
    for one in material.statements:
        if not one.leads or language == "zh" or one.passage + 1 >= len(material.passages):
            continue
        block = material.passages[one.passage + 1]
        command = _COMMAND.match(block.text) if block.kind == "code" else None
        what = relations_en.led_purpose(one.plain) if command else ""
        if not command or not what or command["command"] in what:
            continue
        section = section_of(one, material)
        said = [each for each in material.statements if stands(each) and section_of(each, material) == section]
        near = sorted(said, key=lambda each: abs(each.passage - one.passage))[:3]
        code = command["command"].strip()
        named = [fact for fact in material.facts if fact.kind == "code" and fact.term == code and askable(fact)]
        # The sentence says what the block does; that this command of it does so is sure where it has the command's name.
        own = " " in code and code.split()[-1] in what.split()
        if own or (named and (" " in code or len(named) > 1)):
            facts = (*named, *(Fact("section", section, each) for each in near))
            if not facts:
                continue
            often = min(0.35, 0.07 * text.count(code.lower()))
            use = own or (" " in code and "`" not in what)
            yield Proposal(Wanted("use" if use else "does", code, what), code, facts, 0.85 + often, section)


def _purpose(fact: Fact, language: Language) -> str:
    purpose = relations_zh.purpose if language == "zh" else relations_en.purpose
    return purpose(fact.statement.text, fact.term, "" if fact.labelled else fact.meaning)


def _is_introduced(fact: Fact) -> bool:
    return bool(re.search(rf"(?:called|named|名为|叫做|称为) `{re.escape(fact.term)}`", fact.statement.text))


def _contrasts(
    able: Sequence[Fact], material: LessonMaterial, language: Language, lexicon: Lexicon
) -> Iterator[Proposal]:
    """Pairs of terms with one head (open cluster, globular cluster; 训练误差、泛化误差) that are defined close together."""
    place = {one: index for index, one in enumerate(material.statements)}
    defined: dict[str, Fact] = {}
    for fact in able:
        if fact.kind == "definition" and fact.meaning:
            defined.setdefault(fact.key, fact)
    facts = list(defined.values())
    for index, first in enumerate(facts):
        for second in facts[index + 1 :]:
            apart = abs(place[first.statement] - place[second.statement])
            near = _VERY_NEAR if len(first.term) == 2 else _NEAR
            if first.statement != second.statement and apart <= near and _same_head(first, second, language):
                one, other = lexicon.in_sentence(first.term), lexicon.in_sentence(second.term)
                pair = Fact("contrast", f"{one} / {other}", first.statement, parts=(first.term, second.term))
                wanted = Wanted("contrast", _with_article(first, one), _with_article(second, other))
                section = section_of(first.statement, material)
                yield Proposal(wanted, f"{first.key}|{second.key}", (first, second, pair), 1.1, section)


def _same_head(first: Fact, second: Fact, language: Language) -> bool:
    if language == "zh":
        length = min(len(first.term), len(second.term))
        shared = 1 if length <= 2 else 2
        return first.term[-shared:] == second.term[-shared:] and len(first.term) == len(second.term)
    one, other = first.term.lower().split(), second.term.lower().split()
    return len(one) > 1 and len(other) > 1 and one[-1] == other[-1] and one != other


def _with_article(fact: Fact, term: str) -> str:
    return f"{fact.article} {term}" if fact.article else term


def _is_told_of(fact: Fact, lexicon: Lexicon) -> bool:
    """Whether a stressed term that no sentence defines is one of the subject: the notes come back to it, and not as "differences"."""
    return lexicon.count(fact.term) >= 5 and not re.fullmatch(r"[a-z]+[^s]s", fact.term)
