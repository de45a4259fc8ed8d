"""The glossary: every term the notes define, once, with the author's sentence and its citation."""

import random

from .aims import CourseMaterial
from .composition import cite
from .explaining import explains, explanation, named_after
from .facts import Fact
from .footnotes import Footnotes, Origins
from .items.source import SaidBy, Source
from .statements import Statement
from .wording import WORDING


def glossary(course: CourseMaterial, origins: Origins) -> str:
    """`glossary.md`: terms in order, each once, by the sentence that defines it best and needs no other.

    Files, and labels that are people in a conversation, are no terms.
    """
    language = course.language
    wording = WORDING[language]
    best: dict[str, tuple[float, str, str, tuple[Statement, ...]]] = {}
    said_by = SaidBy(course)
    for material in course.lessons:
        source = Source(course, material, said_by, random.Random(0))
        for fact in material.facts:
            if explains(fact, source):
                name = f"`{fact.term}`" if fact.kind == "code" else course.lexicon.in_sentence(fact.term)
                entry = (_rank(fact, source), name, explanation(fact, source), (fact.statement,))
                if fact.key not in best or entry[0] > best[fact.key][0]:
                    best[fact.key] = entry
        for each in named_after(material, source):
            both = wording.joiner.join((each.told.plain, each.naming.plain))
            best.setdefault(each.term.lower(), (0.0, each.term, both, (each.told, each.naming)))
    notes = Footnotes(language, origins, up="")
    dash = "——" if language == "zh" else " — "
    lines = []
    for _, name, explained, cited in sorted(best.values(), key=lambda each: each[1].strip("`").lower()):
        marks = "".join(notes.mark(cite(one)) for one in cited)
        lines.append(f"- **{name}**{dash}{explained}{marks}")
    body = "\n".join(lines)
    return "\n\n".join(part for part in (f"# {wording.glossary}", body, notes.definitions()) if part) + "\n"


def _rank(fact: Fact, source: Source) -> float:
    """How well a fact's sentence explains: by a meaning, alone, in a sentence of its own rather than a label."""
    alone = fact.labelled or source.stands_alone(fact.statement, fact.term)
    return 2.0 * bool(fact.meaning) + 1.0 * alone + 0.5 * (not fact.labelled)
