"""Proposals: everything a lesson could be for, each with the facts that can test it and what it is worth.

An objective names what the notes themselves teach: a term they define, what a command is used for, steps in order, a
reason, two things told apart. The main points of a section are the last resort.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..notes.language import Language, size
from . import relations_en, relations_zh
from .bloom import AimType, Wanted
from .facts import Fact, askable, runs, width
from .lexicon import Lexicon
from .material import LessonMaterial, section_of
from .statements import Statement
from .titles import bare_title

_EXAMPLE_FILE = re.compile(r"[\w-]+\.\w+$")
_NO_SUBJECT = re.compile(
    r"\b(?:exams?|exercises?|homework|references|further reading|summary|resources|links|appendix|acknowledgements?|glossary|open questions|to-?dos?|agenda|results?|conclusions?|introduction|overview|background)\b|"
    r"作业|习题|练习|阅读|参考|小结|总结|考试|思考题|附录|术语",
    re.IGNORECASE,
)
_COMMAND = re.compile(r"(?:[`~]{3,}\w*\s*\n)?\s*[$%>] (?P<command>[a-z][\w-]*(?: [a-z][\w-]{2,})?)(?=\s)")
_TELLS = re.compile(
    r"^(?:the|an?|this|these|it|you|we|they|there|its|most|some|many)\b|^(?:\S+ ){1,5}(?:is|are|was|were|has|have|means)\b|^[^,.:]{1,24} [–—-] |^[^:]{1,16}: |\?$",
    re.IGNORECASE,
)
"""An item of a numbered list that tells something and is no step to take."""
_ORDERS_ZH = re.compile(
    r"^(?:用|把|将|先|再|取|放|加|倒|注|洗|对|使用|调|打开|关闭|选|点击|输入|计算|读|写|测|按|等|搅|切|煮|烧|温|投|冲|滤|称|量取|记|检查|确认|安装|创建|运行|定义|初始化|求|设|当|轻|慢|盖|"
    r"出汤|闻|看|尝|观察|拿|准备|清|擦|晾|移|滴|左手|右手|分成|制|画|连|拔|插|拧|启动|停止|提交|保存|下载|重复|返回|撒|浇|剪|折|贴|点燃|加热|冷却|静置|过滤|称取)"
)
_NO_STEPS = re.compile(
    f"{_NO_SUBJECT.pattern}|mistakes?|errors?|myths?|facts|错误|误会|误区|注意|因素|特点|原因", re.IGNORECASE
)
_QUESTION = re.compile(r"^(?:what|why|how|when|where|which|who)\b|[什怎如哪谁多几为吗]", re.IGNORECASE)
_USES = re.compile(r"\b(?:use|uses|using|run|running|type|with|command)\b|用|使用|通过|调用|运行")
_FEWEST_STEPS = 3
_NEAR = 14
"""Statements between two definitions that are told apart; of Chinese terms of two characters, which share one, fewer."""
_VERY_NEAR = 3


@dataclass(frozen=True)
class Proposal:
    """An objective a lesson could have.

    Attributes:
        key: what it is about; a course has one objective on it.
        facts: what can test it, best first.
        worth: how much it would say of the lesson.
        section: the heading its first fact stands under.
    """

    wanted: Wanted
    key: str
    facts: tuple[Fact, ...]
    worth: float
    section: str

    @property
    def statement(self) -> Statement:
        """What it stands on first of all."""
        return self.facts[0].statement


def proposals(material: LessonMaterial, language: Language, lexicon: Lexicon) -> list[Proposal]:
    """Every objective that the lesson's statements can answer, in no order."""
    able = [one for one in material.facts if askable(one)]
    text = " ".join(one.plain for one in material.statements).lower()
    return [
        *_terms(able, material, text, language, lexicon),
        *_code(able, material, text, language),
        *_led_commands(material, text, language),
        *_contrasts(able, material, language, lexicon),
        *_reasons(material, language, lexicon),
        *_members(material, language),
        *_procedures(material, language, lexicon),
        *_sections(material, language, lexicon),
    ]


def last_resort(material: LessonMaterial) -> Proposal | None:
    """The lesson's main points, on whatever its sentences are; None where it has none."""
    said = sorted(material.statements, key=lambda one: (one.aside, one.leans, one.leads))[:3]
    facts = tuple(Fact("section", material.title, one) for one in said)
    wanted = Wanted("section", bare_title(material.title))
    return Proposal(wanted, f"section:{material.title}", facts, 0.0, material.title) if facts else None


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
            yield Proposal(Wanted(kind, fact.term), key, tuple(group), 0.75 + often, section)
        elif fact.kind == "definition" and fact.meaning:
            wanted = Wanted("define", term, article=fact.article, be=be)
            yield Proposal(wanted, key, tuple(group), 1.0 + often, section)
        else:
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
        often = min(0.35, 0.07 * text.count(f"`{code.lower()}"))
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
            if named or len(group) > 1:
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
        said = [each for each in material.statements if _stands(each) and section_of(each, material) == section]
        near = sorted(said, key=lambda each: abs(each.passage - one.passage))[:3]
        code = command["command"].strip()
        named = [fact for fact in material.facts if fact.kind == "code" and fact.term == code and askable(fact)]
        facts = (*named, *(Fact("section", section, each) for each in near))
        if facts:
            often = min(0.35, 0.07 * text.count(code.lower()))
            yield Proposal(Wanted("use", code, what), code, facts, 0.85 + often, section)


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


def _reasons(material: LessonMaterial, language: Language, lexicon: Lexicon) -> Iterator[Proposal]:
    relations = relations_zh if language == "zh" else relations_en
    for one in material.statements:
        if not _stands(one):
            continue
        effect, cause = relations.reason(one.plain)
        if effect:
            first, _, rest = effect.partition(" ")
            what = effect if language == "zh" else f"{lexicon.in_sentence(first)} {rest}".strip()
            section = section_of(one, material)
            facts = (Fact("section", section, one), Fact("reason", effect, one, meaning=cause))
            yield Proposal(Wanted("reason", what=what), f"reason:{effect}", facts, 0.85, section)


def _members(material: LessonMaterial, language: Language) -> Iterator[Proposal]:
    relations = relations_zh if language == "zh" else relations_en
    for index, one in enumerate(material.statements):
        if one.aside or one.item or (one.leans and not one.leads) or not 8 <= len(one.plain) * width(one.plain) <= 420:
            continue
        what, of = relations.members(one.plain)
        if not what:
            continue
        section = section_of(one, material)
        listed = [
            each
            for each in material.statements[index + 1 : index + 12]
            if each.item and each.passage == one.passage + 1
        ]
        named = what if language == "zh" else f"the {what}" + (f" of {of.lower()}" if of else "")
        if language == "en" and not of and not re.search(r" (?:of|to|for|in) ", what):
            named += f" named under “{bare_title(section)}”"
        facts = (
            Fact("section", section, one),
            *(Fact("section", section, each) for each in listed[:2] if _stands(each)),
            Fact("members", what, one, parts=tuple(each.plain for each in listed)),
        )
        yield Proposal(Wanted("members", what=named), f"members:{named}", facts, 0.8 + 0.1 * bool(listed), section)


def _procedures(material: LessonMaterial, language: Language, lexicon: Lexicon) -> Iterator[Proposal]:
    """Numbered lists of steps, by the heading they stand under."""
    by_passage: dict[int, list[Statement]] = {}
    for one in material.statements:
        if one.item == "step":
            by_passage.setdefault(one.passage, []).append(one)
    for steps in by_passage.values():
        section = section_of(steps[0], material)
        able = sorted((one for one in steps if not one.aside), key=lambda one: (one.leans, -min(size(one.text), 25)))
        orders = sum(
            bool(_ORDERS_ZH.match(one.plain)) if language == "zh" else not _TELLS.search(one.plain) for one in steps
        )
        if len(steps) < _FEWEST_STEPS or not able or orders < 0.6 * len(steps) or _NO_STEPS.search(section):
            continue
        facts = (
            *(Fact("section", section, one) for one in able[:3]),
            Fact("step", section, steps[0], parts=tuple(one.plain for one in steps)),
        )
        yield Proposal(Wanted("steps", bare_title(section)), f"steps:{section}", facts, 1.15, section)


def _sections(material: LessonMaterial, language: Language, lexicon: Lexicon) -> Iterator[Proposal]:
    """What whole sections are about: a question, a way to do something, figures, and else their main points."""
    told = {fact.statement for fact in material.facts if fact.kind in {"definition", "code"}}
    sections: dict[str, list[Statement]] = {}
    for one in material.statements:
        if _stands(one):
            sections.setdefault(section_of(one, material), []).append(one)
    for title, group in sections.items():
        if _NO_SUBJECT.search(title):
            continue
        shown = bare_title(title)
        if re.search(r"[?？]$", title) and not _QUESTION.search(shown):
            continue
        best = sorted(group, key=lambda one: (one in told, abs(len(one.plain) * width(one.plain) - 110)))[:3]
        said = tuple(Fact("section", title, one) for one in best)
        numbers = [
            fact for fact in material.facts if fact.kind == "number" and fact.statement in group and askable(fact)
        ]
        figures = tuple({id(fact.statement): fact for fact in reversed(numbers)}.values())[::-1][:3]
        words = min(0.2, sum(size(one.text) for one in group) / 1500)
        way = relations_zh.way_to(shown) if language == "zh" else relations_en.way_to(shown, lexicon)
        if re.search(r"[?？]$", title):
            yield Proposal(Wanted("question", shown), f"section:{title}", said + figures, 0.75 + words, title)
        elif way:
            yield Proposal(Wanted("howto", what=way), f"section:{title}", said + figures, 0.8 + words, title)
        elif len(figures) >= 2:
            yield Proposal(Wanted("figures", shown), f"figures:{title}", figures + said, 0.5 + words, title)
        else:
            last = 0.1 if title == material.title else 0.2
            yield Proposal(Wanted("section", shown), f"section:{title}", said + figures, last + words, title)


def _stands(one: Statement) -> bool:
    """Whether a statement can carry a question by itself."""
    return not (one.leans or one.aside or one.leads) and 20 <= len(one.plain) * width(one.plain) <= 420
