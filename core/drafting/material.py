"""The material of a course: what each lesson can be written from, and what it is for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ..course.lesson import Objective
from ..notes.language import Language
from ..notes.passages import Passage
from .facts import Fact
from .lexicon import Lexicon
from .statements import Statement


@dataclass(frozen=True)
class Aim:
    """An objective and the facts of the lesson that answer it, best first; there is at least one."""

    objective: Objective
    facts: tuple[Fact, ...]


@dataclass
class LessonMaterial:
    """All that a lesson can be written from: its passages, their statements and facts, and its aims once chosen.

    Attributes:
        unanswered: objectives the author gave that nothing in the lesson's notes answers; they stay the lesson's.
    """

    id: str
    title: str
    passages: list[Passage]
    statements: list[Statement]
    facts: list[Fact]
    aims: list[Aim]
    unanswered: list[Objective] = field(default_factory=list)

    @property
    def objectives(self) -> list[Objective]:
        """Every objective, in order: those with aims, and those the notes do not answer."""
        return sorted([*(aim.objective for aim in self.aims), *self.unanswered], key=lambda one: int(one.id[1:]))


@dataclass(frozen=True)
class CourseMaterial:
    """Every lesson's material, in course order, and what can only be seen of all of it together.

    Attributes:
        lexicon: the words of all the notes.
        disputes: statements that others contradict, with these.
        repeats: statements that earlier lessons say in part, with the share.
    """

    lessons: Sequence[LessonMaterial]
    lexicon: Lexicon
    language: Language
    disputes: Mapping[Statement, Sequence[Statement]] = field(default_factory=dict)
    repeats: Mapping[Statement, float] = field(default_factory=dict)


def section_of(one: Statement, material: LessonMaterial) -> str:
    """The heading a statement stands under, the lesson's title where there is none."""
    headings = material.passages[one.passage].headings
    return headings[-1] if headings else material.title
