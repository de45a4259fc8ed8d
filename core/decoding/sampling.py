"""From logits to the next token: small functions on one row of logits, and the order in which they are composed."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from ..errors import UsageError


@dataclass(frozen=True)
class Sampling:
    """How a token is chosen.

    Attributes:
        temperature: 0 takes the likeliest token (greedy); above 0 the logits are divided by it and one is drawn.
        top_k: draw among this many likeliest tokens.
        top_p: draw among the fewest tokens whose probabilities reach this sum (Holtzman et al. 2019, arXiv 1904.09751).
        min_p: draw among tokens at least this times as probable as the likeliest
            (Nguyen et al. 2024, arXiv 2407.01082).
        repetition_penalty: above 1 makes tokens of the prompt and of the text so far less likely
            (Keskar et al. 2019, arXiv 1909.05858); applies to greedy choice too.
        seed: of the request's own random numbers.

    Raises:
        UsageError: a value is outside its range.
    """

    temperature: float = 0.0
    top_k: int | None = None
    top_p: float | None = None
    min_p: float | None = None
    repetition_penalty: float | None = None
    seed: int = 0

    def __post_init__(self) -> None:
        _require("temperature", self.temperature, self.temperature >= 0, "0 or more")
        _require("top_k", self.top_k, self.top_k is None or self.top_k >= 1, "1 or more")
        _require("top_p", self.top_p, self.top_p is None or 0 < self.top_p <= 1, "above 0 and at most 1")
        _require("min_p", self.min_p, self.min_p is None or 0 <= self.min_p <= 1, "between 0 and 1")
        penalty = self.repetition_penalty
        _require("repetition_penalty", penalty, penalty is None or penalty > 0, "above 0")


def _require(name: str, value: float | None, good: bool, wanted: str) -> None:
    if not good:
        raise UsageError(f"{name} is {value}; give a number that is {wanted}.")


def request_seed(seed: int, index: int) -> int:
    """The seed of request `index` under the seed of a whole call: the first 63 bits of SHA-256("seed:index").

    So a prompt's tokens depend on the seed and its place in the list, never on the prompts beside it.
    """
    return int.from_bytes(hashlib.sha256(f"{seed}:{index}".encode()).digest()[:8], "big") >> 1


class Sampler:
    """One request's choices: its settings, its own random numbers and the tokens it has seen.

    Random numbers come from the CPU's generator on every device, so the same seed draws the same numbers everywhere.
    """

    def __init__(self, sampling: Sampling, text: Sequence[int], skipped: int = 0) -> None:
        """`text` is what has been seen: the prompt and, behind it, `skipped` tokens that were chosen before."""
        self.sampling = sampling
        self._random = torch.Generator().manual_seed(sampling.seed)
        if skipped and sampling.temperature > 0:
            torch.rand(skipped, generator=self._random, dtype=torch.float64)
        self._seen = set(text) if sampling.repetition_penalty not in (None, 1.0) else None

    @property
    def plain(self) -> bool:
        """The choice is the likeliest token and nothing else."""
        return self.sampling.temperature == 0 and self._seen is None

    def choose(self, logits: Tensor) -> int:
        """The next token for `logits` (vocab_size,) float32: penalty, temperature, top-k, top-p, min-p, draw."""
        settings = self.sampling
        if self.plain:
            return int(logits.argmax())
        logits = logits.cpu()
        if self._seen is not None and settings.repetition_penalty is not None:
            logits = penalise(logits, self._seen, settings.repetition_penalty)
        if settings.temperature == 0:
            token = int(logits.argmax())
        else:
            logits = logits / settings.temperature
            if settings.top_k is not None:
                logits = keep_top_k(logits, settings.top_k)
            if settings.top_p is not None:
                logits = keep_top_p(logits, settings.top_p)
            if settings.min_p is not None:
                logits = keep_min_p(logits, settings.min_p)
            token = draw(logits, float(torch.rand((), generator=self._random, dtype=torch.float64)))
        if self._seen is not None:
            self._seen.add(token)
        return token


def penalise(logits: Tensor, seen: set[int], penalty: float) -> Tensor:
    """Logits (vocab_size,) with those of `seen` divided by `penalty` where positive and multiplied where negative."""
    index = torch.tensor(sorted(seen), dtype=torch.int64)
    chosen = logits[index]
    return logits.index_copy(0, index, torch.where(chosen > 0, chosen / penalty, chosen * penalty))


def keep_top_k(logits: Tensor, k: int) -> Tensor:
    """Logits (vocab_size,) with all but the k largest at minus infinity; ties with the k-th stay."""
    if k >= len(logits):
        return logits
    return logits.masked_fill(logits < logits.topk(k).values[-1], -torch.inf)


def keep_top_p(logits: Tensor, p: float) -> Tensor:
    """Logits (vocab_size,) with all but the fewest tokens whose probabilities sum to p or more at minus infinity."""
    ordered, index = logits.sort(descending=True, stable=True)
    probabilities = ordered.double().softmax(-1)
    before = probabilities.cumsum(-1) - probabilities
    dropped = before >= p
    dropped[0] = False
    return logits.index_fill(0, index[dropped], -torch.inf)


def keep_min_p(logits: Tensor, p: float) -> Tensor:
    """Logits (vocab_size,) with tokens less than p times as probable as the likeliest at minus infinity."""
    if p == 0:
        return logits
    threshold = logits.max() + torch.tensor(p, dtype=logits.dtype).log().item()
    return logits.masked_fill(logits < threshold, -torch.inf)


def draw(logits: Tensor, uniform: float) -> int:
    """The token whose slice of the cumulative distribution of softmax(logits) holds `uniform`, from [0, 1)."""
    cumulative = logits.double().softmax(-1).cumsum(-1)
    token = int(torch.searchsorted(cumulative, cumulative[-1] * uniform, right=True))
    return min(token, len(logits) - 1)
