"""One lesson: what was planned and written for it put together with its summary and its questions."""

from dataclasses import dataclass

from ..course.lesson import Lesson
from .brief import Brief
from .composition import Composer
from .footnotes import Origins
from .items import ItemWriter
from .plan import Plan, Prose
from .summary import points


@dataclass(frozen=True)
class WrittenLesson:
    """A lesson with the number of its questions."""

    lesson: Lesson
    items: int


def write_lesson(
    plan: Plan, prose: Prose, questions: ItemWriter, brief: Brief, requires: list[str], origins: Origins
) -> WrittenLesson:
    """The lesson of a plan.

    Args:
        prose: what a model wrote for it; where there is nothing the author's own sentences stand.
        origins: tells what cited lines were made from.
    """
    material, language = plan.material, questions.course.language
    items = questions.write(material, brief)
    composer = Composer(language, origins)
    composer.teach(plan, prose)
    composer.sum_up(points(material.aims, plan, prose, language))
    composer.ask(items)
    lesson = Lesson(material.id, material.title, material.objectives, requires, body=composer.body())
    return WrittenLesson(lesson, len(items))
