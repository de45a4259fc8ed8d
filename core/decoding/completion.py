"""What the model wrote for one prompt, and how it comes together from the steps of the token loop."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from .loop import Step
from .text import TextStream

FinishReason = Literal["stop", "length", "stop_string"]


@dataclass(frozen=True)
class Completion:
    """A finished answer.

    Attributes:
        text: what was written, without special tokens, ending before the stop string; an unfinished character at the
            end of a cut-off text is left out.
        tokens: the ids generated, in order. The stop token that ended the text is not among them; the tokens of a stop
            string are.
        finish_reason: `stop`, the model ended its answer; `length`, the text was cut off and could go on;
            `stop_string`, one of the caller's stop strings came up.
        prompt_tokens: ids of the prompt, a chat template's included.
    """

    text: str
    tokens: list[int]
    finish_reason: FinishReason
    prompt_tokens: int


@dataclass
class Answer:
    """A completion in the making: steps in, new text out."""

    prompt_tokens: int
    stream: TextStream
    tokens: list[int] = field(default_factory=list)
    finish_reason: FinishReason | None = None
    _pieces: list[str] = field(default_factory=list)

    @classmethod
    def begin(cls, prompt_tokens: int, decode: Callable[[list[int]], str], stops: Sequence[str]) -> "Answer":
        """An answer without any token yet."""
        return cls(prompt_tokens, TextStream(decode, stops))

    def push(self, step: Step) -> str:
        """The text that `step` adds; sets `finish_reason` when it was the last."""
        piece = ""
        if step.finish != "stop":
            self.tokens.append(step.token)
            piece = self.stream.push(step.token)
        if step.finish is not None and not self.stream.stopped:
            piece += self.stream.finish()
        self.finish_reason = "stop_string" if self.stream.stopped else step.finish
        self._pieces.append(piece)
        return piece

    def completion(self) -> Completion:
        """The finished answer; `finish_reason` must be set."""
        assert self.finish_reason is not None
        return Completion("".join(self._pieces), self.tokens, self.finish_reason, self.prompt_tokens)
