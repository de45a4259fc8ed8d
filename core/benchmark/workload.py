"""What the engines are given to do: the prompts as ids, the same for all, and the tasks of a round."""

import random
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Any, Literal

from ..errors import UsageError
from .settings import Settings

LESSON = "Write a short lesson about the phases of the Moon for beginners who have never used a telescope."
RESTATE = "Write a lesson that restates these notes for beginners and keeps to their wording."


@dataclass(frozen=True)
class Prompts:
    """Ids of a lesson's short prompt, of a prompt that holds notes (none for random weights), and of plain text."""

    lesson: list[int]
    grounded: list[int]
    text: list[int]


Kind = Literal["rate", "wait"]
"""How a sample is shown: tokens per second, the more the better, or milliseconds, the fewer the better."""


@dataclass(frozen=True)
class Task:
    """One thing that every engine does once a round.

    Attributes:
        key: names it in the JSON object.
        lines: names it in the table, once for each way it is shown.
        method: the engine's method.
        ids: the prompt.
        arguments: the method's other keywords.
        fresh: the prompt begins elsewhere in each round, so that no engine can remember its beginning.
        compared: for what only kcreate does, the task of the other engines that it is compared with; else empty.
    """

    key: str
    lines: tuple[tuple[str, Kind], ...]
    method: str
    ids: list[int]
    arguments: dict[str, Any] = field(default_factory=dict)
    fresh: bool = False
    compared: str = ""

    def request(self, turn: int) -> dict[str, Any]:
        """The keywords of round `turn`."""
        start = 7 * turn % len(self.ids) if self.fresh else 0
        return {"ids": self.ids[start:] + self.ids[:start], **self.arguments}


def chats() -> tuple[str, str, str]:
    """The user's messages behind `Prompts`: a lesson's question, one over notes, and the notes alone."""
    notes = files(__package__ or "").joinpath("notes.md").read_text(encoding="utf-8")
    return LESSON, f"{notes}\n{RESTATE}", notes


def random_prompts(vocab_size: int, length: int = 64) -> Prompts:
    """Prompts for a model that has no words; the same ids each time."""
    generator = random.Random(0)
    text = [generator.randrange(vocab_size) for _ in range(1024)]
    return Prompts(text[:length], [], text)


def tasks(settings: Settings, prompts: Prompts, max_length: int, speculates: bool) -> list[Task]:
    """The tasks of a round, in their order.

    Raises:
        UsageError: the model's `max_length` is too small for what the settings ask for.
    """
    new, lesson = settings.new_tokens, prompts.lesson
    if settings.context:
        lesson = _of_length(prompts.text, settings.context)
    for option, length in (("--prompt-tokens", settings.prompt_tokens + 1), ("--context", len(lesson) + new)):
        if length > max_length:
            raise UsageError(f"{option} asks for {length} tokens with the answer and the model takes {max_length}.")
    short = _of_length(prompts.text, len(prompts.lesson))
    long = _of_length(prompts.text, settings.prompt_tokens)
    return [
        *(_decode(rows, lesson, new) for rows in settings.rows),
        *_grounded(prompts.grounded[-(max_length - 2 * new) :], 2 * new, speculates),
        _prefill("prefill", long, (f"prefill of {len(long):,} tokens, tokens/s", "rate")),
        _prefill("first-token", short),
    ]


def _decode(rows: int, ids: list[int], new_tokens: int) -> Task:
    label = "1 row, tokens/s" if rows == 1 else f"{rows} rows together, tokens/s"
    return Task(f"decode-{rows}", ((label, "rate"),), "decode", ids, {"rows": rows, "new_tokens": new_tokens})


def _grounded(ids: list[int], new_tokens: int, speculates: bool) -> list[Task]:
    """Drafting from notes, plainly and, where kcreate can, with speculation; nothing where there are no notes."""
    if not ids:
        return []
    asked = {"rows": 1, "new_tokens": new_tokens}
    label = f"1 row grounded in {len(ids)} tokens"
    plain = Task("grounded", ((f"{label}, tokens/s", "rate"),), "decode", ids, asked)
    lines: tuple[tuple[str, Kind], ...] = ((f"{label}, speculating", "rate"),)
    told = {**asked, "speculate": True}
    speculating = Task("grounded-speculating", lines, "decode", ids, told, compared=plain.key)
    return [plain, speculating] if speculates else [plain]


def _prefill(key: str, ids: list[int], *lines: tuple[str, Kind]) -> Task:
    return Task(key, (*lines, (f"first token after {len(ids):,}, ms", "wait")), "prefill", ids, fresh=True)


def _of_length(ids: list[int], length: int) -> list[int]:
    """`ids` over and over, `length` of them."""
    return (ids * (length // len(ids) + 1))[:length]
