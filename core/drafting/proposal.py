"""A proposal: an objective a lesson could have, with the facts that can test it and what it is worth."""

from dataclasses import dataclass

from .bloom import Wanted
from .facts import Fact, width
from .statements import Statement


@dataclass(frozen=True)
class Proposal:
    """An objective a lesson could have.

    Attributes:
        key: what it is about; a course has one objective on it.
        facts: what can test it, best first.
        worth: how much it would say of the lesson.
        section: the heading its first fact stands under.
    """

    wanted: Wanted
    key: str
    facts: tuple[Fact, ...]
    worth: float
    section: str

    @property
    def statement(self) -> Statement:
        """What it stands on first of all."""
        return self.facts[0].statement


def stands(one: Statement) -> bool:
    """Whether a statement can carry a question by itself."""
    return not (one.leans or one.aside or one.leads) and 20 <= len(one.plain) * width(one.plain) <= 420
