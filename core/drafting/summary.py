"""The summary of a lesson: a short answer to each of its objectives, in the model's checked words or the author's own."""

import re
from collections.abc import Collection, Mapping, Sequence

from ..course.citation import Citation
from ..notes.language import Language, size
from .aims import Aim
from .chains import is_instruction
from .composition import cite, cited, ended
from .condensing import condensed
from .facts import Fact
from .plan import Plan, Prose
from .selection import centrality
from .statements import CLAUSE_NUMBER, Statement

LONGEST = 45
"""Words of a sentence that still sums up."""
_NO_ANSWER = re.compile(r"^(?:because|for example|example)\b|^(?:因为|由于|例如|比如|\W*例 ?\d)", re.IGNORECASE)


def words_of_points(aims: Sequence[Aim]) -> int:
    """About how many words the summary will take."""
    facts = [aim.facts[0] for aim in aims]
    return sum(size(one.meaning or one.statement.text) + 1 for one in facts)


def points(aims: Sequence[Aim], plan: Plan, prose: Prose, language: Language) -> list[tuple[str, list[Citation]]]:
    """What to take away, one point an objective, in the objectives' order; no section is summed up twice."""
    found: list[tuple[str, list[Citation]]] = []
    taken: set[int] = set()
    central = centrality(plan.material.statements)
    shown = {one for part in plan.paragraphs for one in part.statements}
    shown |= {one for one in plan.material.statements if one.item}
    shown -= set(plan.disputes)
    for aim in aims:
        fact = aim.facts[0]
        section = next(
            (
                index
                for index, one in enumerate(plan.sections)
                if fact.statement in one.statements and index not in taken
            ),
            None,
        )
        if fact.kind in {"definition", "code"} and fact.meaning:
            found.append((_defined(fact, language), [cite(fact.statement)]))
        elif section is not None and section in prose.summaries:
            taken.add(section)
            found.append((prose.summaries[section].text, cited(prose.summaries[section].carried_by)))
        elif answer := _answer(aim, shown, central):
            text = CLAUSE_NUMBER.sub("", condensed(answer.statement.text, language))
            if all(text != ended(said) for said, _ in found):
                found.append((ended(text), [cite(answer.statement)]))
    return found


def _answer(aim: Aim, shown: Collection[Statement], central: Mapping[Statement, float]) -> Fact | None:
    """The fact that answers an objective: its best where that can stand alone, else what its section comes down to.

    Only what the lesson says is summed up.
    """
    able = [one for one in aim.facts if one.statement in shown and _stands(one)]
    if not able or aim.facts[0].kind != "section":
        return able[0] if able else None
    return max(able, key=lambda one: central[one.statement])


def _defined(fact: Fact, language: Language) -> str:
    """A term and what it is, shorter than the sentence that said so."""
    term = f"`{fact.term}`" if fact.kind == "code" else f"**{fact.term[:1].upper()}{fact.term[1:]}**"
    joint, stop = ("：", "。") if language == "zh" else (": ", ".")
    if fact.kind == "code" and not fact.labelled:
        joint = "" if language == "zh" else " "
    return f"{term}{joint}{fact.meaning}{'' if fact.meaning.endswith(('.', '。', '!', '！')) else stop}"


def _stands(fact: Fact) -> bool:
    one = fact.statement
    return (
        not (one.leans or one.aside or one.leads or is_instruction(one) or _NO_ANSWER.match(one.plain))
        and size(one.text) <= LONGEST
    )
