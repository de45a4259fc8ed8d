"""How long work reports: events handed to a callback, drawn (or not) by whoever called."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Event:
    """One step of long work.

    Attributes:
        stage: what is being done, in the few words a progress bar has room for ("drafting lessons").
        done: units finished so far; 0 opens the stage.
        total: units in the stage, or None where it is not known.
        message: what has just happened, worth a line of its own; empty when the numbers say it all.
        left: seconds that the stage is likely to go on for, or None where nothing tells.
        warning: the message is about something the user may want to mend.
    """

    stage: str
    done: float = 0
    total: float | None = None
    message: str = ""
    warning: bool = False
    left: float | None = None


Progress = Callable[[Event], None]


def silent(event: Event) -> None:
    """The progress callback that drops every event."""
