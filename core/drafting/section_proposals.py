"""Objectives on what the notes tell in whole sentences and sections: reasons, lists, steps, ways to do things, main points."""

import re
from collections.abc import Iterator

from ..notes.language import Language, size
from . import relations_en, relations_zh
from .bloom import Wanted
from .definitions_en import SUBJECT_STOP
from .facts import Fact, askable, width
from .lexicon import Lexicon
from .material import LessonMaterial, section_of
from .proposal import Proposal, stands
from .statements import Statement
from .titles import bare_title, subject_of

_NO_SUBJECT = re.compile(
    r"\b(?:exams?|exercises?|homework|references|further reading|summary|resources|links|appendix|acknowledgements?|glossary|open questions|to-?dos?|agenda|results?|conclusions?|introduction|overview|background)\b|"
    r"作业|习题|练习|阅读|参考|小结|总结|考试|思考题|附录|术语",
    re.IGNORECASE,
)
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
_EMPTY = frozenset(
    [
        "decision",
        "command",
        "message",
        "text",
        "process",
        "work",
        "change",
        "changes",
        "approach",
        "value",
        "values",
        "situation",
    ]
)
_EMPTY_ZH = re.compile(r"结果|输出|决定|问题|情况|方法|过程|原因|做法|本[节章]|上述|以上")
_VERB = re.compile(
    r"(?:is|are|was|were|has|have|had|can|could|may|must|should|will|would|do|does|did|[a-z]+(?:[^su]s|ed))$"
)
_FEWEST_STEPS = 3


def section_proposals(material: LessonMaterial, language: Language, lexicon: Lexicon) -> Iterator[Proposal]:
    """Objectives on the lesson's sections and what single sentences of them relate, in no order."""
    yield from _reasons(material, language, lexicon)
    yield from _members(material, language)
    yield from _procedures(material, language)
    yield from _sections(material, language, lexicon)


def _reasons(material: LessonMaterial, language: Language, lexicon: Lexicon) -> Iterator[Proposal]:
    relations = relations_zh if language == "zh" else relations_en
    for one in material.statements:
        if not stands(one):
            continue
        effect, cause = relations.reason(one.plain)
        if effect and _is_of_the_subject(effect, language, lexicon):
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
            named += f" named under “{subject_of(section) or bare_title(section)}”"
        facts = (
            Fact("section", section, one),
            *(Fact("section", section, each) for each in listed[:2] if stands(each)),
            Fact("members", what, one, parts=tuple(each.plain for each in listed)),
        )
        yield Proposal(Wanted("members", what=named), f"members:{named}", facts, 0.8 + 0.1 * bool(listed), section)


def _procedures(material: LessonMaterial, language: Language) -> Iterator[Proposal]:
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
        yield Proposal(
            Wanted("steps", subject_of(section) or bare_title(section)), f"steps:{section}", facts, 1.15, section
        )


def _sections(material: LessonMaterial, language: Language, lexicon: Lexicon) -> Iterator[Proposal]:
    """What whole sections are about: a question, a way to do something, figures, and else their main points."""
    told = {fact.statement for fact in material.facts if fact.kind in {"definition", "code"}}
    sections: dict[str, list[Statement]] = {}
    for one in material.statements:
        if stands(one):
            sections.setdefault(section_of(one, material), []).append(one)
    for title, group in sections.items():
        shown = subject_of(title)
        asks = bool(re.search(r"[?？]$", title))
        if not shown or _NO_SUBJECT.search(title) or (asks and not _asks_whole(shown, language)):
            continue
        best = sorted(group, key=lambda one: (one in told, abs(len(one.plain) * width(one.plain) - 110)))[:3]
        said = tuple(Fact("section", title, one) for one in best)
        numbers = [
            fact for fact in material.facts if fact.kind == "number" and fact.statement in group and askable(fact)
        ]
        figures = tuple({id(fact.statement): fact for fact in reversed(numbers)}.values())[::-1][:3]
        words = min(0.2, sum(size(one.text) for one in group) / 1500)
        way = relations_zh.way_to(shown) if language == "zh" else relations_en.way_to(shown, lexicon)
        if asks:
            yield Proposal(Wanted("question", shown), f"section:{title}", said + figures, 0.75 + words, title)
        elif way:
            yield Proposal(Wanted("howto", what=way), f"section:{title}", said + figures, 0.8 + words, title)
        elif title != material.title and (term := _named_by(shown, language, lexicon)):
            naming = tuple(one for one in said if term.lower() in one.statement.plain.lower())
            others = tuple(one for one in said if one not in naming)
            yield Proposal(Wanted("term", term), term.lower(), naming + others + figures, 0.6 + words, title)
        elif len(figures) >= 2:
            yield Proposal(Wanted("figures", shown), f"figures:{title}", figures + said, 0.5 + words, title)
        else:
            last = 0.1 if title == material.title else 0.2
            yield Proposal(Wanted("section", shown), f"section:{title}", said + figures, last + words, title)


def _asks_whole(title: str, language: Language) -> bool:
    """Whether a heading asks a question that can be understood without what stands above it: "Why steam?" cannot."""
    if language == "zh" or re.search(r"[一-鿿]", title):
        return bool(_QUESTION.search(title)) and not re.search(r"[这它]", title)
    verb = re.search(
        r"\b(?:is|are|was|were|do|does|did|can|could|should|will|would|has|have|to|make|makes|happens?)\b", title
    )
    points = re.search(r"\b(?:it|its|they|them|this|that|these|those|my|our|he|she)\b", title, re.IGNORECASE)
    return bool(_QUESTION.search(title) and verb and not points)


def _named_by(title: str, language: Language, lexicon: Lexicon) -> str:
    """The term a heading consists of, where the notes speak of it again and again: "Staging Area" → staging area."""
    if language == "zh":
        return title if 2 <= len(title) <= 6 and re.fullmatch("[一-鿿]+", title) and lexicon.count(title) >= 5 else ""
    words = title.lower().split()
    plain = re.fullmatch(r"[A-Za-z-]+(?: [A-Za-z-]+){1,2}", title) and words[-1] not in SUBJECT_STOP
    return (
        title.lower()
        if plain and (lexicon.has(f"the {title}") or lexicon.has(f"a {title}")) and lexicon.count(title) >= 4
        else ""
    )


def _is_of_the_subject(effect: str, language: Language, lexicon: Lexicon) -> bool:
    """Whether what has a reason is told of something the notes come back to, and not of "the output" or "the decision"."""
    if language == "zh":
        return not _EMPTY_ZH.match(effect)
    words = effect.split()
    definite = words[0].lower() in {"the", "its", "their", "his", "her"}
    words = [word for word in words if word.lower() not in {"a", "an", "the", "most", "many", "some", "all"}]
    subject = words[: next((at for at, word in enumerate(words) if _VERB.match(word)), 2)] or words[:1]
    head = re.sub(r"[^\w-]", "", subject[-1])
    if not 1 <= len(subject) <= 6 or subject[0].lower().endswith("ing") or head.lower() in SUBJECT_STOP | _EMPTY:
        return False
    return not definite or lexicon.count_word(head) >= 3
