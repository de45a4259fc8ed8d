"""Prerequisites: the earlier lessons whose terms a lesson builds on."""

from collections.abc import Sequence

from .aims import LessonMaterial


def requires(material: LessonMaterial, course: Sequence[LessonMaterial]) -> list[str]:
    """The lessons whose terms this one builds on, as the course has them before it: the two it uses most."""
    text = " ".join(one.plain for one in material.statements).lower()
    uses: list[tuple[int, str]] = []
    for other in course[: course.index(material)]:
        terms = [aim.facts[0].term.lower() for aim in other.aims if aim.facts[0].term != other.title]
        count = sum(text.count(term) for term in terms if len(term) > 2)
        if count >= 3:
            uses.append((-count, other.id))
    return sorted((lesson_id for _, lesson_id in sorted(uses)[:2]), key=[one.id for one in course].index)
