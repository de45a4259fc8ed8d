"""What a command shows: results on stdout, messages and progress on stderr, drawn only where someone watches."""

import json
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Literal

from ..core.progress import Event, Progress


def say(message: str, kind: Literal["plain", "warning", "error"] = "plain") -> None:
    """A message for a person, on stderr; never wrapped, so that scripts can search it."""
    prefix = {"plain": "", "warning": "warning: ", "error": "error: "}[kind]
    if sys.stderr.isatty() and kind != "plain":
        from rich.console import Console
        from rich.text import Text

        style = {"warning": "yellow", "error": "bold red"}[kind]
        Console(stderr=True, soft_wrap=True).print(Text(prefix, style=style) + Text(message))
    else:
        print(f"{prefix}{message}", file=sys.stderr, flush=True)


def result(text: str) -> None:
    """The command's result, on stdout."""
    print(text, flush=True)


def result_json(value: dict[str, Any]) -> None:
    """The command's result as one JSON object on stdout, in ASCII where stdout is not UTF-8."""
    unicode = (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"
    print(json.dumps(value, ensure_ascii=not unicode), flush=True)


def table(columns: Sequence[str], rows: Sequence[Sequence[str]], stderr: bool = False) -> None:
    """The command's result as a table: drawn on a terminal, tab-separated with a line of names elsewhere.

    `stderr` for a table that is a message and no result.
    """
    if not rows:
        return
    if not (sys.stderr if stderr else sys.stdout).isatty():
        for row in (columns, *rows):
            (say if stderr else result)("\t".join(row))
        return
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    drawn = Table(box=None, pad_edge=False)
    for column in columns:
        drawn.add_column(column, overflow="fold")
    for row in rows:
        drawn.add_row(*(Text(cell) for cell in row))
    Console(stderr=stderr).print(drawn)


def duration(seconds: float) -> str:
    """A time as a person says it: `40 seconds`, `3 minutes`, `1.5 hours`."""
    if seconds < 90:
        return f"{max(1, round(seconds))} second{'' if round(seconds) <= 1 else 's'}"
    return f"{seconds / 60:.0f} minutes" if seconds < 90 * 60 else f"{seconds / 3600:.1f} hours"


@contextmanager
def progress(quiet: bool = False) -> Iterator[Progress]:
    """A progress callback: bars with an estimate on a terminal, plain lines elsewhere, warnings only when quiet."""
    if quiet:
        yield _warnings_only
    elif sys.stderr.isatty():
        with _bars() as callback:
            yield callback
    else:
        yield _plain_lines()


def _warnings_only(event: Event) -> None:
    if event.warning:
        say(event.message, "warning")


def _plain_lines() -> Progress:
    """A line per message, and at most one per stage and ten seconds for the numbers."""
    shown: dict[str, float] = {}

    def show(event: Event) -> None:
        if event.message:
            left = f", about {duration(event.left)} left" if event.left else ""
            say(f"{event.message}{left}", "warning" if event.warning else "plain")
            return
        now = time.monotonic()
        finished = event.total is not None and event.done >= event.total
        if event.stage not in shown or finished or now - shown[event.stage] >= 10:
            shown[event.stage] = now
            numbers = f" {event.done:g}/{event.total:g}" if event.total else ""
            say(f"{event.stage}{numbers}")

    return show


@contextmanager
def _bars() -> Iterator[Progress]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn
    from rich.progress import Progress as Bars
    from rich.text import Text

    class Left(TimeRemainingColumn):
        """What the work itself says is left, as its steps differ in length; else what the steps so far tell."""

        def render(self, task: Any) -> Text:
            left = task.fields.get("left")
            return Text(f"about {duration(left)} left") if left else Text("left ") + super().render(task)

    console = Console(stderr=True)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        Left(),
    )
    with Bars(*columns, console=console) as bars:
        tasks: dict[str, Any] = {}

        def show(event: Event) -> None:
            nonlocal tasks
            if event.message:
                bars.console.print(
                    event.message, style="yellow" if event.warning else None, markup=False, highlight=False
                )
            if not event.stage or (event.message and event.total is None):
                return
            if event.stage not in tasks:
                # A stage of unknown length is over when the next one begins.
                for task in bars.tasks:
                    if task.total is None:
                        bars.remove_task(task.id)
                tasks = {stage: task for stage, task in tasks.items() if task in bars.task_ids}
                tasks[event.stage] = bars.add_task(event.stage, total=event.total)
            bars.update(tasks[event.stage], completed=event.done, total=event.total, left=event.left)

        yield show
