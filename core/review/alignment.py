"""Objective alignment: what a lesson promises, it teaches and asks (backward design, Wiggins & McTighe 2005)."""

import re

from ..course.lesson import Objective
from ..notes.words import content_words
from .finding import Finding, Measured, share
from .material import Material, Page, Said

_NAMED = re.compile(r"[“「『《\"](?P<quoted>[^”」』》\"]+)[”」』》\"]|`(?P<code>[^`]+)`")


def alignment(material: Material) -> Measured:
    """`objective_alignment`: the share of objectives that have at least one passage in their lesson and one question.

    A passage is a cited sentence outside the quiz that has half of the words of the objective's subject (what it names in quotation marks
    or code, else its words without the verb), or that cites lines which the explanation of one of its questions cites too.
    A lesson without objectives counts as one objective that is not met.
    """
    measured = Measured()
    kept = total = 0
    for page in material.lessons:
        lesson = page.content
        if lesson is None:
            continue
        aligned = 0
        for objective in lesson.objectives:
            asked = any(objective.id in item.objectives for item in page.items)
            taught = _is_taught(objective, page)
            aligned += asked and taught
            if not (taught and asked):
                lacks = "neither a cited passage nor a question" if not (taught or asked) else ""
                lacks = lacks or ("no question" if taught else "no cited passage")
                unit = f"{page.lesson}/quiz" if taught and page.items else page.lesson
                message = f"The objective {objective.id}, “{objective.text}”, has {lacks}."
                measured.findings.append(Finding(page.file, 1, "objective_alignment", message, unit))
        if not lesson.objectives:
            message = "The lesson has no objective."
            measured.findings.append(Finding(page.file, 1, "objective_alignment", message, page.lesson))
        expected = max(1, len(lesson.objectives))
        kept, total = kept + aligned, total + expected
        measured.of_lesson(page.lesson, "objective_alignment", aligned / expected)
    if (value := share(kept, total)) is not None:
        measured.course["objective_alignment"] = value
    return measured


def _is_taught(objective: Objective, page: Page) -> bool:
    cited = [one for one in page.prose if any(reference.text for reference in one.references)]
    subject = _subject(objective)
    for one in cited:
        words = set(content_words(f"{one.sentence.section}\n{one.sentence.text}"))
        if subject and len(subject & words) * 2 >= len(subject):
            return True
    asked = {number for number, item in enumerate(page.items, 1) if objective.id in item.objectives}
    explained = [
        one for one in page.said if one.sentence.quiz and one.unit in {f"{page.lesson}/q{number}" for number in asked}
    ]
    return any(_share_lines(one, other) for one in explained for other in cited)


def _subject(objective: Objective) -> set[str]:
    named = " ".join(match["quoted"] or match["code"] for match in _NAMED.finditer(objective.text))
    text = named or re.sub(rf"^\s*{re.escape(objective.verb)}", "", objective.text, flags=re.IGNORECASE)
    return set(content_words(text))


def _share_lines(one: Said, other: Said) -> bool:
    return any(
        left.file == right.file and left.first <= right.last and right.first <= left.last
        for reference in one.references
        for against in other.references
        if (left := reference.citation) and (right := against.citation)
    )
