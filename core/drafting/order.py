"""The order: what the author asks of one run, and what was asked of each part of a lesson so far."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from ..course.unit import Unit, parse_unit
from ..errors import UsageError
from ..journal import PRIVATE
from ..storage import write_text

_PENDING = f"{PRIVATE}/redo.json"


@dataclass(frozen=True)
class Ask:
    """What was asked of a lesson or a part of it.

    Attributes:
        version: how often it was written anew.
        instruction: in the author's words, empty for none.
        like: the unit it is to be more like, empty for none.
    """

    version: int = 0
    instruction: str = ""
    like: str = ""

    def as_kept(self) -> dict[str, Any]:
        """For the journal: what is not the default."""
        return {key: value for key, value in asdict(self).items() if value}


@dataclass(frozen=True)
class Order:
    """What one run is asked to do.

    Attributes:
        only: the unit to write again; None goes on with all that is due.
        like: the unit that one is to be more like; alone, a question more of whose kind are wanted.
        instruction: in the author's words, empty for none.
    """

    only: Unit | None = None
    like: Unit | None = None
    instruction: str = ""

    @classmethod
    def read(cls, only: str | None, like: str | None, instruction: str | None, lessons: list[str]) -> "Order":
        """The options as an order; `lessons` are the ids there are.

        Raises:
            UsageError: a unit is not there, or the options do not go together.
        """
        unit = parse_unit(only, lessons) if only is not None else None
        example = parse_unit(like, lessons, "--more-like-this") if like is not None else None
        words = " ".join((instruction or "").split())
        if instruction is not None and not words:
            raise UsageError("--instruction is empty; say what is wanted, as in --instruction 'shorter sentences'.")
        if example and not example.lesson:
            raise UsageError(f"--more-like-this {example}: name a lesson, a section, a quiz or a question.")
        if example and unit is None and not example.is_item:
            raise UsageError(
                f"--more-like-this {example} is no question; say with --only UNIT what is to be written more like it."
            )
        if unit and not unit.lesson and (example or words):
            raise UsageError(f"--only {unit} is made of the notes alone; leave out --more-like-this and --instruction.")
        return cls(unit, example, words)

    def pending(self, folder: Path) -> int:
        """The version that a killed run with this very order was writing; 0 where none was."""
        try:
            kept = json.loads((folder / _PENDING).read_text(encoding="utf-8"))
            return int(kept["version"]) if kept["order"] == self._as_kept() else 0
        except (OSError, ValueError, KeyError, TypeError):
            return 0

    def begin(self, folder: Path, version: int) -> None:
        """Note that `version` is being written, so that the same command goes on with it."""
        write_text(folder / _PENDING, json.dumps({"order": self._as_kept(), "version": version}, ensure_ascii=False))

    @staticmethod
    def end(folder: Path) -> None:
        """The order is done, or another one came; asked again it is a new one."""
        (folder / _PENDING).unlink(missing_ok=True)

    def _as_kept(self) -> list[str]:
        return [str(self.only or ""), str(self.like or ""), self.instruction]
