"""The author's desk: what turns a lesson's material and a brief into its text, the one place that knows the order of work."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from ..course.lesson import Lesson
from ..course.quiz import Item
from .aims import CourseMaterial, LessonMaterial
from .brief import Brief
from .footnotes import Origins
from .items import ItemWriter
from .lessons import write_lesson
from .plan import Plan, Prose
from .planning import plan_lesson
from .statements import Statement
from .writer import Writer


@dataclass
class Author:
    """Writes lessons of a course, and single questions.

    Attributes:
        together: lessons asked for in one call of the model.
        requires: by lesson, the lessons to be done before.
    """

    course: CourseMaterial
    writer: Writer
    questions: ItemWriter
    origins: Origins
    requires: dict[str, list[str]] = field(default_factory=dict)
    together: int = 1

    def write(self, wanted: Sequence[tuple[LessonMaterial, Brief]]) -> Iterator[Lesson]:
        """The lessons, in order; the model is asked for several at once only where they share a brief."""
        for brief, group in groupby(wanted, key=lambda one: one[1]):
            materials = [material for material, _ in group]
            for start in range(0, len(materials), self.together):
                batch = materials[start : start + self.together]
                plans = [self._plan(one, brief, self.writer.relevance(one)) for one in batch]
                for plan, prose in zip(plans, self.writer.write(plans, brief), strict=True):
                    yield self._lesson(plan, prose, brief)

    def ask(self, material: LessonMaterial, brief: Brief) -> Lesson:
        """The lesson with its questions and nothing of the model's in its prose, for who wants its quiz alone."""
        return self._lesson(self._plan(material, brief, {}), Prose(), brief)

    def another(
        self, material: LessonMaterial, item: Item, existing: Sequence[Item], brief: Brief
    ) -> tuple[Item, Statement] | None:
        """Another question for the objective of `item`, whose ids are those of the material's aims."""
        return self.questions.another(material, item, existing, brief)

    def _plan(self, material: LessonMaterial, brief: Brief, relevance: Mapping[Statement, float]) -> Plan:
        """The plan of a lesson that teaches what its questions ask (backward design: objectives, questions, then the lesson)."""
        asked = [statement for _, statement in self.questions.write(material, brief)]
        return plan_lesson(material, relevance, brief, self.course, asked)

    def _lesson(self, plan: Plan, prose: Prose, brief: Brief) -> Lesson:
        builds_on = self.requires.get(plan.material.id, [])
        items = self.questions.write(plan.material, brief)
        return write_lesson(plan, prose, items, builds_on, self.origins, self.course.language)
