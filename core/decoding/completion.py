"""What the model wrote for one prompt, and how it comes together from the steps of the token loop."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from math import inf
from typing import Literal

from ..errors import UsageError
from .request import Step
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
        log_prob: the natural logarithm of the probability of `tokens` and of the stop token behind them, where it was
            asked for.
    """

    text: str
    tokens: list[int]
    finish_reason: FinishReason
    prompt_tokens: int
    log_prob: float | None = None

    @property
    def mean_log_prob(self) -> float:
        """The log-probability per token, which compares answers of different lengths; minus infinity for none."""
        return -inf if self.log_prob is None else self.log_prob / (len(self.tokens) + (self.finish_reason == "stop"))


@dataclass
class Answer:
    """A completion in the making: steps in, new text out."""

    prompt_tokens: int
    stream: TextStream
    tokens: list[int] = field(default_factory=list)
    finish_reason: FinishReason | None = None
    log_prob: float | None = None
    _pieces: list[str] = field(default_factory=list)

    @classmethod
    def begin(
        cls,
        prompt_tokens: int,
        decode: Callable[[list[int]], str],
        stops: Sequence[str],
        written: Sequence[int] = (),
        log_prob: float | None = None,
    ) -> "Answer":
        """An answer that begins with the tokens `written`, whose log-probability is `log_prob`; None to count none."""
        answer = cls(prompt_tokens, TextStream(decode, stops), list(written), log_prob=log_prob)
        answer._pieces = [answer.stream.push(token) for token in written]
        return answer

    def push(self, step: Step) -> str:
        """The text that `step` adds; sets `finish_reason` when it was the last."""
        piece = ""
        if self.log_prob is not None:
            self.log_prob += step.log_prob
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
        return Completion("".join(self._pieces), self.tokens, self.finish_reason, self.prompt_tokens, self.log_prob)


class AnswerStream(Iterator[str]):
    """The text of an answer piece by piece; afterwards `completion` is the whole. Who makes the pieces sets it."""

    def __init__(self) -> None:
        self._completion: Completion | None = None

    @property
    def completion(self) -> Completion:
        """The finished answer.

        Raises:
            UsageError: the stream has not been read to its end.
        """
        if self._completion is None:
            raise UsageError("The answer is not finished; read the stream to its end first.")
        return self._completion
