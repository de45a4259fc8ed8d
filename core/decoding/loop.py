"""The token loop: prompts in as ids, tokens out step by step. It knows no tokenizer and no text."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

import torch
from torch import Tensor

from ..errors import InputError, UsageError
from ..model.transformer import Transformer
from .cache import KVCache
from .sampling import Sampler, Sampling

PREFILL_CHUNK = 512
"""Tokens per row that one forward of the prefill takes; fewer where many rows go together."""


@dataclass(frozen=True)
class Request:
    """A prompt as ids and how to go on from it."""

    ids: Sequence[int]
    max_new_tokens: int = 200
    sampling: Sampling = field(default_factory=Sampling)


@dataclass(frozen=True)
class Step:
    """A token of request `row`; `finish` says why it is the last one: a stop token itself, or no room for more."""

    row: int
    token: int
    finish: Literal["stop", "length"] | None


class TokenLoop:
    """Decodes a batch of requests; iterate over it once to get each `Step` as it is made.

    Rows of a batch do not see each other: each gets the tokens it would get alone. Rows that are finished leave the
    batch, so that the others no longer pay for them.
    """

    def __init__(
        self,
        model: Transformer,
        requests: Sequence[Request],
        stop_ids: Sequence[int],
        cache: KVCache | None = None,
        prefill_chunk: int | None = None,
    ) -> None:
        """Check the requests; no work is done before the first step.

        Args:
            stop_ids: tokens that end a row.
            cache: one row per request; it may hold a beginning of each prompt already, which is then not computed
                again. It belongs to the loop from now on: afterwards, its rows are those that finished last.
            prefill_chunk: tokens per row and forward in the prefill; None bounds the tokens of a forward instead.

        Raises:
            InputError: a prompt leaves no room for an answer.
            UsageError: a prompt is empty, or `max_new_tokens` is below 1.
        """
        self._model, self._requests, self._stops = model, requests, frozenset(stop_ids)
        self._chunk = prefill_chunk or max(32, PREFILL_CHUNK // max(1, len(requests) // 4))
        self._limits = [room(request, model.spec.max_length) for request in requests]
        weight = model.embed_tokens.weight
        self._cache = cache or KVCache.empty(model.spec, len(requests), weight.dtype, weight.device, room=1)
        if self._cache.rows != len(requests):
            raise ValueError(f"a cache of {self._cache.rows} rows for {len(requests)} requests")
        self._ended: set[int] = set()

    def end(self, row: int) -> None:
        """Take request `row` out of the batch before its next token: its text is complete."""
        self._ended.add(row)

    def __iter__(self) -> Iterator[Step]:
        samplers = [Sampler(request.sampling, list(request.ids)) for request in self._requests]
        active = list(range(len(self._requests)))
        made = [0] * len(active)
        logits = self._prefill() if active else torch.empty(0)
        while active:
            tokens = _choose(logits, [samplers[row] for row in active])
            for row, token in zip(active, tokens, strict=True):
                made[row] += 1
                finish: Literal["stop", "length"] | None = None
                if token in self._stops:
                    finish = "stop"
                elif made[row] >= self._limits[row]:
                    finish = "length"
                if finish is not None:
                    self._ended.add(row)
                yield Step(row, token, finish)
            places = _survivors(active, self._ended)
            if len(places) < len(active):
                self._cache.select(places)
                active, tokens = [active[place] for place in places], [tokens[place] for place in places]
            if active:
                logits = self._forward(torch.tensor(tokens)[:, None], None, [0] * len(active))

    def _prefill(self) -> Tensor:
        """Logits (rows, vocab_size) behind each prompt, computed a chunk at a time."""
        prompts = [list(request.ids) for request in self._requests]
        known = [min(int(have), len(ids) - 1) for have, ids in zip(self._cache.lengths, prompts, strict=True)]
        self._cache.trim(known)
        self._cache.reserve(max(len(ids) + min(limit, 256) for ids, limit in zip(prompts, self._limits, strict=True)))
        left = [ids[have:] for ids, have in zip(prompts, known, strict=True)]
        longest = max(map(len, left))
        logits: list[Tensor | None] = [None] * len(prompts)
        for start in range(0, longest, self._chunk):
            pieces = [ids[start : start + self._chunk] for ids in left]
            counts = torch.tensor([len(piece) for piece in pieces])
            width = int(counts.max())
            ids = torch.tensor([piece + [0] * (width - len(piece)) for piece in pieces])
            ending = [row for row, all_ids in enumerate(left) if start < len(all_ids) <= start + self._chunk]
            found = self._forward(ids, counts, [int(counts[row]) - 1 for row in ending], ending)
            for row, scores in zip(ending, found, strict=True):
                logits[row] = scores
        return torch.stack([scores for scores in logits if scores is not None])

    def _forward(self, ids: Tensor, counts: Tensor | None, last: list[int], rows: list[int] | None = None) -> Tensor:
        """Run (rows, length) ids; logits of position `last[i]` of row `rows[i]` (of every row where None)."""
        with torch.inference_mode():
            device = self._cache.device
            full = counts is None or bool((counts == ids.shape[1]).all())
            hidden = self._model(ids.to(device), self._cache, None if full else counts)
            chosen = hidden[list(range(len(last))) if rows is None else rows, last]
            return self._model.logits(chosen).float()


def prefill(model: Transformer, ids: Sequence[int]) -> tuple[KVCache, Tensor]:
    """A one-row cache of `ids`, and the hidden states (1, length, width) of its last chunk."""
    weight = model.embed_tokens.weight
    cache = KVCache.empty(model.spec, 1, weight.dtype, weight.device, room=len(ids))
    hidden = torch.empty(0)
    with torch.inference_mode():
        for start in range(0, len(ids), PREFILL_CHUNK):
            hidden = model(torch.tensor([list(ids[start : start + PREFILL_CHUNK])], device=weight.device), cache)
    return cache, hidden


def room(request: Request, max_length: int) -> int:
    """How many tokens the request may get: what it asks for, as far as the model's positions reach.

    Raises:
        InputError: the prompt leaves no room for an answer.
        UsageError: the prompt is empty, or `max_new_tokens` is below 1.
    """
    if not request.ids:
        raise UsageError("The prompt is empty; give at least one character.")
    if request.max_new_tokens < 1:
        raise UsageError(f"max_new_tokens is {request.max_new_tokens}; give 1 or more.")
    if len(request.ids) >= max_length:
        raise InputError(
            f"The prompt has {len(request.ids)} tokens and the model takes {max_length} with its answer; shorten the "
            "prompt or take a model with a longer context."
        )
    return min(request.max_new_tokens, max_length - len(request.ids))


def _choose(logits: Tensor, samplers: list[Sampler]) -> list[int]:
    """A token per row of `logits` (rows, vocab_size)."""
    if all(sampler.plain for sampler in samplers):
        likeliest: list[int] = logits.argmax(-1).tolist()
        return likeliest
    logits = logits.cpu()
    return [sampler.choose(row) for sampler, row in zip(samplers, logits, strict=True)]


def _survivors(active: list[int], ended: set[int]) -> list[int]:
    """Places of the rows that go on; gaps are filled from the end, which moves the fewest rows of the cache."""
    count = sum(row not in ended for row in active)
    movers = iter(place for place in range(count, len(active)) if active[place] not in ended)
    return [place if active[place] not in ended else next(movers) for place in range(count)]
