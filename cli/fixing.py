"""`kcreate review --fix`: the units that findings name are drafted again, what a person edited is left, the rest told."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ..core.errors import UsageError
from .console import say

if TYPE_CHECKING:
    from ..core.progress import Progress
    from ..core.review.review import Review


@dataclass
class Fixed:
    """What was done.

    Attributes:
        units: those that were drafted again.
        left: those left alone, and why.
        before, after: the reviews.
    """

    before: "Review"
    after: "Review"
    units: list[str] = field(default_factory=list)
    left: dict[str, str] = field(default_factory=dict)

    @property
    def changes(self) -> dict[str, tuple[float, float]]:
        """The measures that are other than before: name → (before, after)."""
        return {
            name: (value, self.after.measures[name])
            for name, value in self.before.measures.items()
            if name in self.after.measures and abs(self.after.measures[name] - value) > 1e-9
        }


def fix_course(found: "Review", review: "Callable[[], Review]", show: "Progress") -> Fixed:
    """Draft every unit with a finding once more and review the course again.

    A unit that cannot be drafted again, because its author edited it, is left as it is.
    """
    from ..core.drafting.draft import draft_course

    done = Fixed(found, found)
    for unit in due_units(found):
        try:
            result = draft_course(found.folder, only=unit, progress=show)
        except UsageError as error:
            done.left[unit] = str(error)
            continue
        if result.protected:
            done.left[unit] = f"{unit} was edited by hand."
        else:
            done.units.append(unit)
    if done.units:
        done.after = review()
    return done


def due_units(found: "Review") -> list[str]:
    """The units of the findings in order, each once; a part of a lesson that is due as a whole is not among them."""
    units = list(dict.fromkeys(one.unit for one in found.findings if one.unit))
    return [unit for unit in units if "/" not in unit or unit.partition("/")[0] not in units]


def tell(done: Fixed) -> None:
    """What was done and what came of it, as messages."""
    from ..core.review.aims import BY_NAME

    for unit, why in done.left.items():
        say(f"Left as it is: {unit} ({why})")
    if not done.units:
        say("Nothing was drafted again.")
        return
    say(f"Drafted again: {', '.join(done.units)}")
    for name, (before, after) in done.changes.items():
        aim = BY_NAME[name]
        better = "" if aim.limit is None else " (better)" if aim.worse(before, after) else " (worse)"
        say(f"{name}: {aim.shown(before)} → {aim.shown(after)}{better}")
    say(f"{len(done.before.findings)} findings before, {len(done.after.findings)} after.")
