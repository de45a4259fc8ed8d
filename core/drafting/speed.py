"""Speed: what a run asked of its model and how long that took, kept so that the next one can be told beforehand."""

import json
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import KcreateError
from ..journal import PRIVATE
from ..notes.language import size
from ..storage import cache_folder, write_text

if TYPE_CHECKING:
    from ..notes.support import Scored
    from .calling import Generated, LanguageModel

TOKENS_A_WORD = 1.5
"""Tokens of a word, for want of a tokenizer; `size` counts the words."""
_FILE = "speed.json"


@dataclass(frozen=True)
class Speed:
    """One run in figures.

    Attributes:
        words: in the notes that it wrote from.
        read: tokens of prompts and of texts that were scored.
        written: tokens of answers.
        seconds: wall time of drafting, opening the model not counted.
    """

    words: int
    read: int
    written: int
    seconds: float


@dataclass
class Meter:
    """A language model that counts what it is asked; everything else is the model's own."""

    model: "LanguageModel"
    name: str = field(init=False)
    read: int = 0
    written: int = 0
    started: float = field(default_factory=time.monotonic)

    def __post_init__(self) -> None:
        self.name = self.model.name

    def __getattr__(self, name: str) -> Any:
        if name == "model":
            raise AttributeError(name)
        return getattr(self.model, name)

    def generate(self, prompts: Any, *arguments: Any, **options: Any) -> "Sequence[Generated]":
        """As the model's own."""
        answers = self.model.generate(prompts, *arguments, **options)
        for prompt, answer in zip(prompts, answers, strict=True):
            said = prompt if isinstance(prompt, str) else " ".join(str(turn["content"]) for turn in prompt)
            self.read += int(getattr(answer, "prompt_tokens", 0) or TOKENS_A_WORD * size(said))
            self.written += len(getattr(answer, "tokens", ())) or int(TOKENS_A_WORD * size(answer.text))
        return answers

    def score(self, prompt: str, texts: Sequence[str]) -> "Sequence[Scored]":
        """As the model's own."""
        scores = self.model.score(prompt, texts)
        self.read += int(TOKENS_A_WORD * size(prompt)) + sum(one.tokens for one in scores)
        return scores

    def speed(self, words: int) -> Speed:
        """The figures so far, for a run that wrote from so many words."""
        return Speed(words, self.read, self.written, time.monotonic() - self.started)


def keep_speed(folder: Path, setting: str, speed: Speed) -> None:
    """Keep a run's figures for the course and for this machine; `setting` names the model and where it ran.

    They are worth nothing but an estimate, so a place that cannot be written is passed over.
    """
    for path in (folder / PRIVATE / _FILE, cache_folder() / _FILE):
        try:
            write_text(path, json.dumps({**_kept(path), setting: asdict(speed)}, ensure_ascii=False))
        except KcreateError:
            continue


def known_speed(folder: Path, setting: str) -> Speed | None:
    """The figures of the last run of this course in this setting, else of the last one on this machine."""
    for path in (folder / PRIVATE / _FILE, cache_folder() / _FILE):
        try:
            found = Speed(**_kept(path)[setting])
            if min(found.words, found.seconds) > 0:
                return found
        except (KeyError, TypeError):
            continue
    return None


def _kept(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
