"""The glossary: every term the notes define, once, with the author's sentence and its citation."""

import random

from .aims import CourseMaterial, LessonMaterial, askable
from .composition import cite
from .facts import Fact
from .footnotes import Footnotes, Origins
from .items.defining import introduces
from .items.source import SaidBy, Source
from .wording import WORDING


def glossary(course: CourseMaterial, origins: Origins) -> str:
    """`glossary.md`: terms in order, each once, by the sentence that defines it best and needs no other.

    Files, and labels that are people in a conversation, are no terms.
    """
    language = course.language
    wording = WORDING[language]
    best: dict[str, tuple[float, str, Fact]] = {}
    said_by = SaidBy(course)
    for material in course.lessons:
        source = Source(course, material, said_by, random.Random(0))
        for fact in material.facts:
            if not _defines(fact, material, source):
                continue
            rank = _rank(fact, source)
            if fact.key not in best or rank > best[fact.key][0]:
                best[fact.key] = (rank, _explained(fact, source), fact)
    notes = Footnotes(language, origins, up="")
    dash = "——" if language == "zh" else " — "
    lines = []
    for _, explained, fact in sorted(best.values(), key=lambda each: each[2].term.lower()):
        name = f"`{fact.term}`" if fact.kind == "code" else course.lexicon.in_sentence(fact.term)
        lines.append(f"- **{name}**{dash}{explained}{notes.mark(cite(fact.statement))}")
    body = "\n".join(lines)
    return "\n\n".join(part for part in (f"# {wording.glossary}", body, notes.definitions()) if part) + "\n"


def _defines(fact: Fact, material: LessonMaterial, source: Source) -> bool:
    """Whether a fact explains a term of the subject to somebody who reads no more than its sentence."""
    told = bool(fact.meaning) or (fact.kind in ("definition", "term") and introduces(fact, source))
    if not told or fact.kind not in ("definition", "term", "code") or not source.nameable(fact):
        return False
    if not askable(fact) and (fact.statement.leans or fact.kind == "code"):
        return False
    if fact.labelled and fact.kind != "code" and fact.statement.item and source.course.lexicon.count(fact.term) < 2:
        return False  # a label that the notes never use again is a heading and no term
    return not fact.statement.leads


def _rank(fact: Fact, source: Source) -> float:
    """How well a fact's sentence explains: by a meaning, alone, in a sentence of its own rather than a label."""
    alone = fact.labelled or source.stands_alone(fact.statement, fact.term)
    return 2.0 * bool(fact.meaning) + 1.0 * alone + 0.5 * (not fact.labelled)


def _explained(fact: Fact, source: Source) -> str:
    """What stands behind the term: the meaning a label has, else the whole sentence."""
    return fact.meaning if fact.labelled else source.said(fact.statement, fact.term)
