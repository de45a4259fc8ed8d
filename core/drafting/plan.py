"""The plan of a lesson: what will be said in which order, each paragraph with the statements it stands on.

Attribution comes first, words second (Slobodkin et al. 2024, arXiv 2403.17104): whoever writes a paragraph, the author's
own sentences or a model, its citations exist before it does.
"""

from dataclasses import dataclass, field

from .aims import LessonMaterial
from .statements import Statement


@dataclass(frozen=True)
class Paragraph:
    """Statements to be said together, in the notes' order.

    Attributes:
        section: index of its section in the plan.
        statements: what it stands on; never empty.
        leads: the last statement leads into a block (code, table, formula) that follows, so it has to stay last.
    """

    section: int
    statements: tuple[Statement, ...]
    leads: bool = False


@dataclass(frozen=True)
class Section:
    """A part of a lesson under one heading of the notes; the part before any heading has the lesson's title.

    Attributes:
        statements: all that its passages say, chosen or not, asides left out; at most about 300 words.
    """

    title: str
    statements: tuple[Statement, ...]


@dataclass(frozen=True)
class Plan:
    """One lesson, planned."""

    material: LessonMaterial
    sections: tuple[Section, ...]
    paragraphs: tuple[Paragraph, ...]


@dataclass(frozen=True)
class Written:
    """A sentence a model wrote, checked, with the statements that carry it; one that nothing carries is `[needs source]`."""

    text: str
    carried_by: tuple[Statement, ...]


@dataclass
class Prose:
    """What a model wrote for one lesson and the check let through; what is not there stays the author's own.

    Attributes:
        opening: sentences that say why the lesson matters.
        paragraphs: by index of the plan's paragraphs.
        summaries: one sentence for a section, by index of the plan's sections.
    """

    opening: tuple[Written, ...] = ()
    paragraphs: dict[int, tuple[Written, ...]] = field(default_factory=dict)
    summaries: dict[int, Written] = field(default_factory=dict)
