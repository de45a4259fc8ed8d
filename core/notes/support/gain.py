"""What a language model adds: how much likelier the passages make the sentence."""

import math
from collections.abc import Sequence
from typing import Protocol


class Scorer(Protocol):
    """What `support` needs of a language model."""

    def score(self, prompt: str, texts: Sequence[str]) -> Sequence["Scored"]:
        """The log-probability of each text as a continuation of the prompt."""


class Scored(Protocol):
    """Natural-log probability of a text and its number of tokens."""

    @property
    def log_prob(self) -> float: ...
    @property
    def tokens(self) -> int: ...


def gain(sentence: str, passages: Sequence[str], model: Scorer) -> float:
    """0 to 1: how much likelier each token of the sentence is after the passages than without them."""
    evidence = "\n".join(passages)
    with_it = model.score(f"{evidence}\n\n", [sentence])[0]
    without = model.score("\n\n", [sentence])[0]
    per_token = (with_it.log_prob - without.log_prob) / max(1, with_it.tokens)
    return 1 / (1 + math.exp(-2 * (per_token - 1.0)))
