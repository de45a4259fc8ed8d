"""The glossary: every term the notes define, with the author's sentence and its citation."""

from .aims import CourseMaterial, askable
from .composition import cite
from .facts import Fact
from .footnotes import Footnotes, Origins
from .statements import CLAUSE_NUMBER
from .wording import WORDING


def glossary(course: CourseMaterial, origins: Origins) -> str:
    """`glossary.md`: terms in order, each once, by the first sentence that defines it best."""
    language = course.language
    wording = WORDING[language]
    best: dict[str, Fact] = {}
    for material in course.lessons:
        for fact in material.facts:
            defines = fact.kind == "definition" or (fact.kind == "code" and fact.meaning)
            if not defines or not (askable(fact) or (fact.kind == "definition" and not fact.statement.leans)):
                continue
            if fact.labelled and fact.kind != "code" and not _is_term(fact, course):
                continue
            if fact.key not in best or (fact.meaning and not best[fact.key].meaning):
                best[fact.key] = fact
    notes = Footnotes(language, origins, up="")
    lines = []
    for fact in sorted(best.values(), key=lambda fact: fact.term.lower()):
        name = f"`{fact.term}`" if fact.kind == "code" else course.lexicon.in_sentence(fact.term)
        dash = "——" if language == "zh" else " — "
        lines.append(
            f"- **{name}**{dash}{fact.meaning if fact.labelled else CLAUSE_NUMBER.sub('', fact.statement.plain)}{notes.mark(cite(fact.statement))}"
        )
    body = "\n".join(lines)
    return "\n\n".join(part for part in (f"# {wording.glossary}", body, notes.definitions()) if part) + "\n"


def _is_term(fact: Fact, course: CourseMaterial) -> bool:
    """Whether a label is a term of the subject: the notes use it again, or it stands above a paragraph of its own."""
    return not fact.statement.item or course.lexicon.count(fact.term) >= 2
