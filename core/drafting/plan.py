"""The plan of a lesson: what will be said in which order, each paragraph with the statements it stands on.

Attribution comes first, words second (Slobodkin et al. 2024, arXiv 2403.17104): whoever writes a paragraph, the author's
own sentences or a model, its citations exist before it does.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ..notes.passages import Passage
from .aims import LessonMaterial
from .statements import Statement


@dataclass(frozen=True)
class Section:
    """A part of a lesson under one heading of the notes; the part before any heading has the lesson's title.

    Attributes:
        statements: all that its passages say, chosen or not, asides left out; at most about 300 words.
    """

    title: str
    statements: tuple[Statement, ...]


@dataclass(frozen=True)
class Heading:
    """A heading in the lesson; `rank` is 2 for the highest."""

    rank: int
    title: str


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
class Block:
    """Passages of the notes carried over as they are: a list, a quotation, a picture, or code, tables and formulas in a row.

    Attributes:
        led: the paragraph before leads into it and cites its lines as well.
        brief: items of a list are cut to what they say first.
        left_out: lines of the notes on which items of a list begin that do not come along.
    """

    passages: tuple[Passage, ...]
    led: bool = False
    brief: bool = False
    left_out: frozenset[int] = frozenset()


Part = Heading | Paragraph | Block


@dataclass(frozen=True)
class Plan:
    """One lesson, planned: its sections as the notes have them, and its parts in the order they will be read.

    Attributes:
        disputes: statements among those of the paragraphs that others of the notes contradict, with these.
    """

    material: LessonMaterial
    sections: tuple[Section, ...]
    parts: tuple[Part, ...]
    disputes: Mapping[Statement, Sequence[Statement]] = field(default_factory=dict)

    @property
    def paragraphs(self) -> tuple[Paragraph, ...]:
        """Those parts that somebody writes."""
        return tuple(part for part in self.parts if isinstance(part, Paragraph))


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
        bridges: one sentence that leads into a section, by index of the plan's sections.
    """

    opening: tuple[Written, ...] = ()
    paragraphs: dict[int, tuple[Written, ...]] = field(default_factory=dict)
    summaries: dict[int, Written] = field(default_factory=dict)
    bridges: dict[int, Written] = field(default_factory=dict)
