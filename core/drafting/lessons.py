"""One lesson from its material: select, put in order, sum up, ask."""

from collections.abc import Sequence
from dataclasses import replace

from ..course.citation import Citation
from ..course.lesson import Lesson
from ..notes.language import size
from .aims import Aim, LessonMaterial
from .composition import Composer, cite
from .footnotes import Origins
from .items import ItemWriter
from .selection import select
from .statements import CLAUSE_NUMBER
from .writer import Summaries, Writer

MOST_POINTS = 4


def write_lesson(
    material: LessonMaterial,
    writer: Writer,
    questions: ItemWriter,
    written: Summaries,
    requires: list[str],
    origins: Origins,
) -> tuple[Lesson, int]:
    """The lesson and how many questions it has; an objective that no question can test is dropped.

    `written` is what the writer made of the lesson's sections, `origins` tells what cited lines were made from.
    """
    items = questions.write(material)
    tested = {objective for item, _ in items for objective in item.objectives}
    aims = [aim for aim in material.aims if aim.objective.id in tested or not items]
    number = {aim.objective.id: f"o{place}" for place, aim in enumerate(aims, 1)}
    items = [(replace(item, objectives=tuple(number[one] for one in item.objectives)), said) for item, said in items]
    composer = Composer(material, writer.language, origins)
    composer.teach(select(material, writer.relevance(material)))
    composer.sum_up(_points(aims, written))
    composer.ask(items)
    objectives = [replace(aim.objective, id=number[aim.objective.id]) for aim in aims]
    lesson = Lesson(material.id, material.title, objectives, requires, body=composer.body())
    return lesson, len(items)


def _points(aims: Sequence[Aim], written: Summaries) -> list[tuple[str, Citation]]:
    """What to take away: a checked sentence of the model for a section where there is one, else the author's own."""
    points: list[tuple[int, str, Citation]] = []
    for place, (text, said) in written.items():
        same_file = [one for one in said if one.file == said[0].file]
        points.append((place, text, Citation(said[0].file, said[0].first, max(one.last for one in same_file))))
    for aim in aims:
        one = aim.facts[0].statement
        if len(points) < MOST_POINTS and not one.leans and size(one.text) <= 45:
            points.append((one.passage, CLAUSE_NUMBER.sub("", one.text), cite(one)))
    return [(text, citation) for _, text, citation in sorted(points, key=lambda point: point[0])[:MOST_POINTS]]
