"""What a benchmark is asked to measure."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..errors import UsageError


@dataclass(frozen=True)
class Settings:
    """What is measured, and how often.

    Attributes:
        model: as for `open_model`.
        device, quantize: as for `open_model`; peers run on the same device in their own numbers.
        random: a name of `shapes.SHAPES` whose shape is filled with random weights instead of opening `model`.
        rows: how many sequences are decoded together, one task each.
        against: other engines, names of `peers.PEERS`.
        threads: CPU threads each engine gets; 0 takes every core this process may use.
        rounds: how often the engines take their turns; a round that does not count comes before.
        new_tokens: tokens each sequence gets.
        prompt_tokens: length of the prompt whose prefill is measured.
        context: length of the prompts that are decoded; 0 takes a short question for a lesson.
        llama_python: the interpreter that has `llama_cpp`; empty for the one kcreate runs in.
        compiled: on a CPU, compile kcreate's programs first where that was not done yet; they are kept.

    Raises:
        UsageError: a number is too small.
    """

    model: str = "smollm2-135m"
    device: str = "auto"
    quantize: str = "auto"
    random: str | None = None
    rows: tuple[int, ...] = (1, 4, 16)
    against: tuple[str, ...] = ()
    threads: int = 0
    rounds: int = 5
    new_tokens: int = 48
    prompt_tokens: int = 1500
    context: int = 0
    llama_python: str = ""
    compiled: bool = True

    def __post_init__(self) -> None:
        least: dict[str, tuple[int, Any]] = {
            "--threads": (0, self.threads),
            "--rounds": (1, self.rounds),
            "--new-tokens": (2, self.new_tokens),
            "--prompt-tokens": (1, self.prompt_tokens),
            "--context": (0, self.context),
            "--rows": (1, min(self.rows, default=0)),
        }
        for option, (low, value) in least.items():
            if value < low:
                raise UsageError(f"{option} is {value}; give {low} or more.")

    @property
    def model_name(self) -> str:
        """What the model is called in a report: no folder of this machine."""
        return f"random weights, {self.random}" if self.random is not None else Path(self.model).name

    @property
    def used_threads(self) -> int:
        """The threads each engine gets."""
        return self.threads or usable_cores()


def usable_cores() -> int:
    """The cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
