"""What a measure returns: numbers for the course and for each lesson, and findings an author can act on."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Finding:
    """Something an author should look at.

    Attributes:
        file: its path in the course folder, `lessons/01-basics.md` or `notes/a.md`.
        line: from 1.
        measure: the measure it counts against.
        message: one sentence.
        unit: what `kcreate draft --only` would write again: `LESSON`, `LESSON/SECTION`, `LESSON/q3`, `glossary`; empty
            where writing again does not help.
        sentence: what stands there, where it is a sentence.
        cited: the cited lines of the notes, `(file, first, last, text)` each.
    """

    file: str
    line: int
    measure: str
    message: str
    unit: str = ""
    sentence: str = ""
    cited: tuple[tuple[str, int, int, str], ...] = ()


@dataclass
class Measured:
    """What one measure found out; a figure that cannot be taken (no question, no formula) is left out.

    Attributes:
        course: by the measure's name.
        lessons: the same by lesson id.
    """

    course: dict[str, float] = field(default_factory=dict)
    lessons: dict[str, dict[str, float]] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    def of_lesson(self, lesson: str, name: str, value: float | None) -> None:
        """Note a lesson's figure, where there is one."""
        if value is not None:
            self.lessons.setdefault(lesson, {})[name] = value


def share(part: float, whole: float) -> float | None:
    """`part / whole`, None of nothing."""
    return part / whole if whole else None
