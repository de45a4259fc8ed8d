"""Aims: what each lesson is for, chosen before a word of it is written (backward design, Wiggins & McTighe).

An aim is an objective with the facts that can test it, so that no objective goes without a passage and a question.
"""

from collections.abc import Mapping, Sequence

from ..course.lesson import Objective
from ..notes.language import Language, size
from ..notes.passages import Passage
from ..notes.teaching import speakers, teaches
from .authored import answered
from .bloom import LEVELS, AimType, verb_of
from .brief import Brief
from .contradictions import contradictions
from .facts import askable, facts, runs
from .lexicon import Lexicon
from .material import Aim, CourseMaterial, LessonMaterial, section_of
from .proposals import Proposal, last_resort, proposals
from .said_before import said_before
from .statements import statements
from .titles import bare_title

__all__ = ["Aim", "CourseMaterial", "LessonMaterial", "askable", "gather", "runs", "section_of"]

MOST_AIMS = 5
FEWEST_AIMS = 2
WORDS_AN_AIM = 130
"""Words of notes for each objective beyond the first."""
STATEMENTS_AN_AIM = 7
"""The same for notes in short lines; and every term that is defined may have one."""
_SAME_TYPE = 0.12
"""What an objective loses for each that is chosen already and asks the same kind of thing."""
_SAME_SECTION = 0.2
"""And for each on its section, so that every main section of a lesson tends to have one before another has two."""
_BY_LEVEL = 0.2
"""What a level of the taxonomy above or below understanding counts for those who know much or nothing."""


def gather(
    lessons: Sequence[tuple[str, str, list[Passage]]],
    language: Language,
    brief: Brief | None = None,
    objectives: Mapping[str, Sequence[str]] | None = None,
) -> CourseMaterial:
    """The material of every lesson, (id, title, passages) each, with aims that do not repeat from lesson to lesson.

    Args:
        brief: whom the course is for; beginners remember and understand first, the advanced apply, analyse and judge.
        objectives: by lesson, the objectives `course.yaml` gives, which are kept word for word; others are chosen.
    """
    lexicon = Lexicon(passage.text for _, _, passages in lessons for passage in passages)
    materials = []
    for lesson_id, title, passages in _without_repeats(lessons):
        taught = [one for one in passages if teaches(one)]
        kept = taught if any(one.kind != "heading" for one in taught) else passages
        said = statements(kept, language, speakers(passages))
        materials.append(LessonMaterial(lesson_id, title, kept, said, facts(said, language, lexicon), []))
    disputes = contradictions(one for material in materials for one in material.statements)
    taken: set[str] = set()
    for material in materials:
        # Nobody is examined on what the notes themselves do not agree on.
        material.facts = [fact for fact in material.facts if fact.statement not in disputes]
        offered = proposals(material, language, lexicon)
        if given := (objectives or {}).get(material.id):
            material.aims, material.unanswered = answered(given, material, offered, language)
        else:
            material.aims = _aims(material, offered, taken, brief or Brief(), language)
    return CourseMaterial(materials, lexicon, language, disputes, said_before(materials))


def _without_repeats(lessons: Sequence[tuple[str, str, list[Passage]]]) -> list[tuple[str, str, list[Passage]]]:
    """The lessons without paragraphs and lists that an earlier passage has word for word, as notes that grew by copying do.

    A passage that stands in two lessons is there because the author wants it, or because nothing else answers a title.
    """
    seen: dict[str, tuple[str, int]] = {}
    kept = []
    for lesson_id, title, passages in lessons:
        fresh = []
        for one in passages:
            words = "".join(one.text.split()) if one.kind in {"paragraph", "list"} and size(one.text) >= 15 else ""
            place = (one.file, one.first)
            if not words or (seen.setdefault(words, place) == place and one not in fresh):
                fresh.append(one)
        kept.append((lesson_id, title, fresh))
    return kept


def _aims(
    material: LessonMaterial, offered: Sequence[Proposal], taken: set[str], brief: Brief, language: Language
) -> list[Aim]:
    """The best proposals, one after another, each time less for what is like those chosen; in the notes' order.

    For beginners what is to be remembered comes first, then what is to be understood.
    """
    words = sum(size(one.text) for one in material.statements)
    defined = len(
        {fact.key for fact in material.facts if fact.kind == "definition" and (fact.meaning or fact.labelled)}
    )
    enough = max(1 + words // WORDS_AN_AIM, 1 + len(material.statements) // STATEMENTS_AN_AIM, defined)
    wanted = max(FEWEST_AIMS, min(MOST_AIMS, enough))
    chosen: list[Proposal] = []
    left = [one for one in offered if one.key not in taken]
    while left and len(chosen) < wanted:
        best = max(left, key=lambda one: (_worth(one, chosen, brief), -material.statements.index(one.statement)))
        chosen.append(best)
        left = [one for one in left if not _repeats(one, chosen)]
    if not chosen and (last := last_resort(material)):
        chosen = [last]
    taken.update(one.key for one in chosen)
    place = {statement: index for index, statement in enumerate(material.statements)}
    levels = brief.grade == "beginner"
    chosen.sort(key=lambda one: (min(LEVELS[one.wanted.type], 3) if levels else 0, place[one.statement]))
    found = []
    for number, one in enumerate(chosen, 1):
        text = one.wanted.phrase(language)
        found.append(Aim(Objective(f"o{number}", verb_of(text, language), text), one.facts))
    return found


def _worth(one: Proposal, chosen: Sequence[Proposal], brief: Brief) -> float:
    kind: AimType = one.wanted.type
    worth = one.worth
    worth -= _SAME_TYPE * sum(other.wanted.type == kind for other in chosen)
    worth -= _SAME_SECTION * sum(other.section == one.section for other in chosen)
    if brief.grade == "beginner":
        worth -= _BY_LEVEL * (LEVELS[kind] - 2)
    elif brief.grade == "advanced":
        worth += _BY_LEVEL * (LEVELS[kind] - 2)
    return worth


def _alike(one: str, other: str) -> bool:
    """Whether two keys are of one thing: the same, or a term within a term."""
    return one == other or (":" not in f"{one}{other}" and (one in other or other in one))


def _repeats(one: Proposal, chosen: Sequence[Proposal]) -> bool:
    """Whether a proposal is about what a chosen one is about (`git commit` beside `git commit -m`), or its sentence."""
    for other in chosen:
        if one.statement == other.statement:
            return True
        mine, theirs = one.key.lower().split("|"), other.key.lower().split("|")
        if any(_alike(left, right) for left in mine for right in theirs):
            return True
        whole = {"section", "howto", "question", "figures"}
        if one.wanted.type in whole and other.wanted.type in whole and one.section == other.section:
            return True
        if one.wanted.type == "section" and (other.key in one.key or bare_title(one.section).lower() in other.key):
            return True
    return False
