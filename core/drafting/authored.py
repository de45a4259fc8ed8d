"""An author's own objectives: kept word for word, each with the facts of the lesson that answer it."""

from collections.abc import Sequence

from ..course.lesson import Objective
from ..notes.language import Language
from ..notes.words import content_words
from .bloom import verb_of
from .facts import Fact, askable
from .material import Aim, LessonMaterial, section_of
from .proposals import Proposal, last_resort
from .statements import Statement

_ANSWERS = 0.3
"""Share of an objective's words that what answers it has to have."""


def answered(
    given: Sequence[str], material: LessonMaterial, offered: Sequence[Proposal], language: Language
) -> tuple[list[Aim], list[Objective]]:
    """Aims for the objectives `given`, in their order, and those that nothing in the lesson answers.

    An objective that was proposed has its facts already; for another those are taken whose terms it names, and the
    statements that share most words with it.
    """
    last = last_resort(material)
    proposed = {one.wanted.phrase(language): one for one in ([last] if last else []) + list(offered)}
    aims: list[Aim] = []
    unanswered: list[Objective] = []
    for number, text in enumerate((one.strip() for one in given if one.strip()), 1):
        objective = Objective(f"o{number}", verb_of(text, language), text)
        found = proposed[text].facts if text in proposed else _facts_for(text, material, language)
        if found:
            aims.append(Aim(objective, found))
        else:
            unanswered.append(objective)
    return aims, unanswered


def _facts_for(text: str, material: LessonMaterial, language: Language) -> tuple[Fact, ...]:
    """Facts on what an objective names, those with a meaning first, then the sentences closest to its words."""
    lower = text.lower()
    named = [one for one in material.facts if len(one.term) > 1 and one.key.lower() in lower and askable(one)]
    named.sort(key=lambda one: (-len(one.term), not one.meaning, one.kind not in {"definition", "code"}))
    wanted = set(content_words(text)) - set(content_words(verb_of(text, language)))
    if not wanted:
        return tuple(named[:3])
    weighed = [
        (len(wanted & set(content_words(_with_heading(one, material)))) / len(wanted), one)
        for one in material.statements
    ]
    close = sorted(
        ((share, one) for share, one in weighed if share >= _ANSWERS and not (one.aside or one.leans)),
        key=lambda each: -each[0],
    )
    said = [Fact("section", section_of(one, material), one) for _, one in close[:3]]
    return (*named[:2], *said)


def _with_heading(one: Statement, material: LessonMaterial) -> str:
    return f"{section_of(one, material)} {one.plain}"
