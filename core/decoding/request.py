"""What the token loop is asked for and what it answers: prompts as ids, and one step per token."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from ..errors import InputError, UsageError
from .sampling import Sampling

if TYPE_CHECKING:
    from .grammar import Constraint


@dataclass(frozen=True)
class Request:
    """A prompt as ids and how to go on from it.

    Attributes:
        ids: the prompt.
        written: tokens of the answer that exist already; the request goes on behind them as if it had made them itself.
        max_new_tokens: of the whole answer, `written` included.
        sampling: how tokens are chosen.
        without: the prompt without its context, for context-aware decoding (Shi et al. 2023, arXiv 2305.14739): the
            token is chosen from (1 + contrast) times the logits behind `ids`, less contrast times those behind this.
        contrast: at least 0; 0 leaves the logits as they are.
        constraint: says which tokens may come next, or None for all; used up by one run.
        speculate: propose what followed the latest words where they stood before, in the prompt, the answer or
            `sources`, and check several tokens in one forward. The answer stays the same.
        sources: texts, as ids, from which an answer may copy.
        log_probs: give each step its log-probability.
    """

    ids: Sequence[int]
    max_new_tokens: int = 200
    sampling: Sampling = field(default_factory=Sampling)
    written: Sequence[int] = ()
    without: Sequence[int] | None = None
    contrast: float = 0.0
    constraint: "Constraint | None" = None
    speculate: bool = False
    sources: Sequence[Sequence[int]] = ()
    log_probs: bool = False


@dataclass(frozen=True)
class Step:
    """A token of request `row`; `finish` says why it is the last one: a stop token itself, or no room for more.

    `log_prob` is the natural logarithm of the token's probability under the model as it is (temperature 1, nothing cut
    off, with the contrast where there is one); 0 where the request does not ask for it.
    """

    row: int
    token: int
    finish: Literal["stop", "length"] | None
    log_prob: float = 0.0


def room(request: Request, max_length: int) -> int:
    """How many tokens the answer may have: what is asked for, as far as the model's positions reach.

    Raises:
        InputError: the prompt leaves no room for an answer.
        UsageError: a prompt is empty, `max_new_tokens` leaves nothing to write, or `contrast` is negative.
    """
    if not request.ids or (request.without is not None and not request.without):
        raise UsageError("The prompt is empty; give at least one character.")
    if request.max_new_tokens < 1:
        raise UsageError(f"max_new_tokens is {request.max_new_tokens}; give 1 or more.")
    if request.max_new_tokens <= len(request.written):
        raise UsageError(
            f"max_new_tokens is {request.max_new_tokens} and the answer has {len(request.written)} tokens already; give more."
        )
    if request.contrast < 0:
        raise UsageError(f"contrast is {request.contrast}; give a number that is 0 or more.")
    longest = max(len(request.ids), len(request.without or ()))
    if longest + len(request.written) >= max_length:
        raise InputError(
            f"The prompt has {longest + len(request.written)} tokens and the model takes {max_length} with its answer; "
            "shorten the prompt or take a model with a longer context."
        )
    return min(request.max_new_tokens, max_length - longest)
