"""The summary of a lesson: a short answer to each of its objectives, in the model's checked words or the author's own."""

from collections.abc import Sequence

from ..course.citation import Citation
from ..notes.language import Language, size
from .aims import Aim, LessonMaterial
from .chains import is_instruction
from .composition import cite, cited, ended
from .condensing import condensed
from .facts import Fact
from .plan import Plan, Prose
from .selection import centrality
from .statements import CLAUSE_NUMBER

LONGEST = 45
"""Words of a sentence that still sums up."""
WORDS_A_POINT = 40
"""Words of notes for each point of a summary: that of a short lesson is shorter than the lesson."""


def words_of_points(aims: Sequence[Aim], material: LessonMaterial) -> int:
    """About how many words the summary will take."""
    facts = [aim.facts[0] for aim in aims[: _most(material)]]
    return sum(size(one.meaning or one.statement.text) + 1 for one in facts)


def points(aims: Sequence[Aim], plan: Plan, prose: Prose, language: Language) -> list[tuple[str, list[Citation]]]:
    """What to take away, one point an objective, in the objectives' order; no section is summed up twice."""
    found: list[tuple[str, list[Citation]]] = []
    taken: set[int] = set()
    central = centrality(plan.material.statements)
    for aim in aims[: _most(plan.material)]:
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
        elif answer := max(filter(_stands, aim.facts), key=lambda one: central[one.statement], default=None):
            text = CLAUSE_NUMBER.sub("", condensed(answer.statement.text, language))
            if all(text != ended(said) for said, _ in found):
                found.append((ended(text), [cite(answer.statement)]))
    return found


def _most(material: LessonMaterial) -> int:
    return max(2, sum(size(one.text) for one in material.statements) // WORDS_A_POINT)


def _defined(fact: Fact, language: Language) -> str:
    """A term and what it is, shorter than the sentence that said so."""
    term = f"`{fact.term}`" if fact.kind == "code" else f"**{fact.term[:1].upper()}{fact.term[1:]}**"
    joint, stop = ("：", "。") if language == "zh" else (": ", ".")
    if fact.kind == "code" and not fact.labelled:
        joint = "" if language == "zh" else " "
    return f"{term}{joint}{fact.meaning}{'' if fact.meaning.endswith(('.', '。', '!', '！')) else stop}"


def _stands(fact: Fact) -> bool:
    one = fact.statement
    return not (one.leans or one.aside or one.leads or is_instruction(one)) and size(one.text) <= LONGEST
