"""One lesson: what was planned and written for it put together with its summary and its questions."""

from collections.abc import Sequence

from ..course.lesson import Lesson
from ..course.quiz import Item
from ..notes.language import Language
from .composition import Composer
from .footnotes import Origins
from .plan import Plan, Prose
from .statements import Statement
from .summary import points


def write_lesson(
    plan: Plan,
    prose: Prose,
    items: Sequence[tuple[Item, Statement]],
    requires: list[str],
    origins: Origins,
    language: Language,
) -> Lesson:
    """The lesson of a plan.

    Args:
        prose: what a model wrote for it; where there is nothing the author's own sentences stand.
        items: its questions, each with the sentence that answers it.
        origins: tells what cited lines were made from.
    """
    material = plan.material
    composer = Composer(language, origins)
    composer.teach(plan, prose)
    composer.sum_up(points(material.aims, plan, prose, language))
    composer.ask(items)
    return Lesson(material.id, material.title, material.objectives, requires, body=composer.body())
