"""Aims: what each lesson is for, chosen before a word of it is written (backward design, Wiggins & McTighe).

An aim is an objective with the facts that can test it, so that no objective goes without a passage and a question.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ..course.lesson import Objective
from ..notes.language import Language, size
from ..notes.passages import Passage
from .facts import Fact, facts
from .lexicon import Lexicon
from .statements import Statement, statements
from .titles import bare_title
from .wording import WORDING

MOST_AIMS = 5
FEWEST_AIMS = 2
_EXAMPLE_FILE = re.compile(r"[\w-]+\.\w+$")
_NO_SUBJECT = re.compile(
    r"\b(?:exams?|exercises?|homework|references|further reading|summary|resources|links|appendix|acknowledgements?|glossary|open questions|to-?dos?|agenda)\b|"
    r"作业|习题|练习|参考|小结|总结|考试|思考题|附录|术语",
    re.IGNORECASE,
)
_PURPOSE = re.compile(
    r"\b(?:us(?:e|es|ing)|with|run(?:ning)?|call(?:ing)?|command|to \w+|by \w+ing|allows?|lets?|shows?|tells?)\b|用|使用|通过|调用|运行|来|可以"
)


@dataclass(frozen=True)
class Aim:
    """An objective and the facts of the lesson that answer it, best first."""

    objective: Objective
    facts: tuple[Fact, ...]


@dataclass
class LessonMaterial:
    """All that a lesson can be written from: its passages, their statements and facts, and its aims once chosen."""

    id: str
    title: str
    passages: list[Passage]
    statements: list[Statement]
    facts: list[Fact]
    aims: list[Aim]


@dataclass(frozen=True)
class CourseMaterial:
    """Every lesson's material, in course order, and the words of all of it."""

    lessons: Sequence[LessonMaterial]
    lexicon: Lexicon
    language: Language


def gather(lessons: Sequence[tuple[str, str, list[Passage]]], language: Language) -> CourseMaterial:
    """The material of every lesson, (id, title, passages) each, with aims that do not repeat from lesson to lesson."""
    lexicon = Lexicon(passage.text for _, _, passages in lessons for passage in passages)
    lessons = _without_repeats(lessons)
    materials = []
    for lesson_id, title, passages in lessons:
        said = statements(passages, language)
        materials.append(LessonMaterial(lesson_id, title, passages, said, facts(said, language, lexicon), []))
    taken: set[str] = set()
    for material in materials:
        material.aims = _aims(material, taken, language, lexicon)
    return CourseMaterial(materials, lexicon, language)


def _without_repeats(lessons: Sequence[tuple[str, str, list[Passage]]]) -> list[tuple[str, str, list[Passage]]]:
    """The lessons without paragraphs and lists that an earlier passage has word for word, as notes that grew by copying do."""
    seen: set[str] = set()
    kept = []
    for lesson_id, title, passages in lessons:
        fresh = []
        for one in passages:
            words = "".join(one.text.split()) if one.kind in {"paragraph", "list"} and size(one.text) >= 15 else ""
            if not words or words not in seen:
                fresh.append(one)
            seen.add(words)
        kept.append((lesson_id, title, fresh))
    return kept


def _aims(material: LessonMaterial, taken: set[str], language: Language, lexicon: Lexicon) -> list[Aim]:
    """Definitions first, then code that the notes explain, terms, and sections where nothing is defined."""
    ranked = sorted(
        (fact for fact in material.facts if _rank(fact) < 4 and askable(fact) and fact.key not in taken),
        key=lambda fact: (_rank(fact), material.statements.index(fact.statement)),
    )
    grouped: dict[str, list[Fact]] = {}
    for fact in ranked:
        grouped.setdefault(fact.key, []).append(fact)
    chosen: list[tuple[str, str, list[Fact]]] = []
    used: set[Statement] = set()
    for key, group in grouped.items():
        fresh = [fact for fact in group if fact.statement not in used]
        if not fresh or len(chosen) >= MOST_AIMS or _overlaps(key, [one for one, _, _ in chosen]):
            continue
        if _rank(fresh[0]) == 3 and len(chosen) >= MOST_AIMS - 1:
            continue
        used.add(fresh[0].statement)
        chosen.append((key, _phrase(fresh[0], language, lexicon), fresh))
    chosen += _section_aims(material, used, len(chosen), language)
    taken.update(key for key, _, _ in chosen)
    order = {id(one): index for index, one in enumerate(material.statements)}
    chosen.sort(key=lambda aim: order[id(aim[2][0].statement)])
    return [
        Aim(Objective(f"o{number}", _verb(text, language), text), tuple(group))
        for number, (_, text, group) in enumerate(chosen, 1)
    ]


def askable(fact: Fact) -> bool:
    """Whether a question can stand on the fact alone: its sentence needs no other and has a readable length."""
    one = fact.statement
    plain = one.plain
    return (
        not one.leans
        and not one.aside
        and 20 <= len(plain) * _width(plain) <= 420
        and plain.count(fact.term) >= 1
        and plain.count("http") == 0
    )


def _rank(fact: Fact) -> int:
    """How good an aim a fact makes: 0 a definition with its meaning, 1 one without, 2 a term, 3 code in use; 4 none."""
    if fact.kind == "definition":
        return 2 if fact.labelled else 0 if fact.meaning else 1
    if fact.kind == "code":
        if fact.meaning:
            return 1
        text = fact.statement.text
        introduced = re.search(
            rf"(?:called|named|名为|叫做|称为) `{re.escape(fact.term)}`", text
        ) and not _EXAMPLE_FILE.match(fact.term)
        return 3 if introduced or (_PURPOSE.search(text) and runs(fact.term)) else 4
    return 2 if fact.kind == "term" else 4


def runs(code: str) -> bool:
    """Whether the code is a command, an option or a call, something one does, and not the name of a file or a value."""
    return bool(re.match(r"-{1,2}\w|[a-z][\w-]* [\w-]|[\w.]+\(", code))


def _overlaps(key: str, others: list[str]) -> bool:
    """Whether an aim on nearly the same thing is there already (`git commit` beside `git commit -m`)."""
    return any(key.lower() in other.lower() or other.lower() in key.lower() for other in others)


def _phrase(fact: Fact, language: Language, lexicon: Lexicon) -> str:
    wording = WORDING[language]
    if fact.kind == "code":
        return (wording.explain_command if runs(fact.term) else wording.explain_code).format(term=fact.term)
    term = lexicon.in_sentence(fact.term)
    if fact.labelled:
        return wording.explain_label.format(term=fact.term)
    if fact.meaning and fact.kind == "definition":
        article = f"{fact.article} " if fact.article else ""
        return wording.explain_definition.format(article=article, term=term, be="are" if fact.plural else "is")
    return wording.explain_term.format(term=term)


def _section_aims(
    material: LessonMaterial, used: set[Statement], have: int, language: Language
) -> list[tuple[str, str, list[Fact]]]:
    """Aims for sections where the notes define nothing: on their figures, or on what they say at all."""
    sections: dict[str, list[Statement]] = {}
    for one in material.statements:
        if one not in used and not one.leans and not one.aside and not one.leads:
            sections.setdefault(section_of(one, material), []).append(one)
    covered = {section_of(one, material) for one in used}
    words = sum(size(one.text) for one in material.statements)
    wanted = max(FEWEST_AIMS, min(MOST_AIMS, len(sections), words // 120)) - have
    found: list[tuple[str, str, list[Fact]]] = []
    # Sections without an aim first; the one above the first heading, which has no name of its own, last.
    taught = {title: group for title, group in sections.items() if not _NO_SUBJECT.search(title)}
    for title, group in sorted(taught.items(), key=lambda each: (each[0] in covered, each[0] == material.title)):
        if len(found) < wanted:
            found.append(_section_aim(title, group, material, language))
    return found


def _section_aim(
    title: str, group: list[Statement], material: LessonMaterial, language: Language
) -> tuple[str, str, list[Fact]]:
    """An aim on a section: its key, its phrase, and the facts that can test it, sentences or figures first."""
    wording = WORDING[language]
    numbers = [fact for fact in material.facts if fact.kind == "number" and fact.statement in group and askable(fact)]
    numbers = list({id(fact.statement): fact for fact in reversed(numbers)}.values())[::-1][:3]
    best = sorted(group, key=lambda one: abs(len(one.plain) * _width(one.plain) - 110))[:3]
    on_section = [Fact("section", title, one) for one in best]
    shown = bare_title(title)
    if re.search(r"[?？]$", title):
        return f"section:{title}", wording.answer_question.format(title=shown), [*on_section, *numbers]
    if len(numbers) >= 2:
        return f"numbers:{title}", wording.state_number.format(title=shown), [*numbers, *on_section]
    return f"section:{title}", wording.describe_section.format(title=shown), [*on_section, *numbers]


def section_of(one: Statement, material: LessonMaterial) -> str:
    """The heading a statement stands under, the lesson's title where there is none."""
    headings = material.passages[one.passage].headings
    return headings[-1] if headings else material.title


def _width(plain: str) -> float:
    """How many letters a character counts: a Chinese one says as much as 2.5."""
    return 2.5 if re.search(r"[一-鿿]", plain) else 1.0


def _verb(text: str, language: Language) -> str:
    """The Bloom verb a phrase of ours begins with."""
    return next(verb for verb in WORDING[language].verbs if text.lower().startswith(verb))
