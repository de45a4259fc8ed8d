"""Prefill: the keys and values of prompts, computed in chunks, each position once for all prompts that begin alike."""

from collections.abc import Sequence

import torch
from torch import Tensor

from ..model.transformer import Transformer
from .cache import KVCache
from .prefix_store import PrefixStore

CHUNK_CPU, CHUNK_GPU = 192, 2048
"""Tokens per row that one forward takes; fewer where many rows go together."""
SHARED = 32
"""Prompts that begin with at least this many equal tokens have them computed once."""


def prefill(model: Transformer, ids: Sequence[int], prefixes: PrefixStore | None = None) -> tuple[KVCache, Tensor]:
    """A one-row cache of `ids`, and the hidden states (1, length, width) of its last chunk."""
    cache = prefixes.longest(ids) if prefixes is not None else None
    if cache is None:
        cache = empty(model, 1, len(ids))
    cache.trim(min(cache.longest, len(ids) - 1))
    cache.reserve(len(ids))
    hidden, chunk = torch.empty(0), _chunk(cache.device)
    with torch.inference_mode():
        for start in range(cache.longest, len(ids), chunk):
            hidden = model(torch.tensor([list(ids[start : start + chunk])], device=cache.device), cache)
    if prefixes is not None:
        prefixes.put(ids, cache)
    return cache, hidden


def prefill_rows(
    model: Transformer, prompts: Sequence[Sequence[int]], room: int, prefixes: PrefixStore | None = None
) -> tuple[KVCache, Tensor]:
    """A cache with a row for each prompt and room for `room` positions, and the logits (rows, vocab_size) behind each."""
    cache = _begun(model, prompts, room, prefixes)
    cache.reserve(room)
    known = [min(int(have), len(ids) - 1) for have, ids in zip(cache.lengths, prompts, strict=True)]
    cache.trim(known)
    chunk = max(32, _chunk(cache.device) * 2 // max(2, len(prompts)))
    logits: list[Tensor | None] = [None] * len(prompts)
    with torch.inference_mode():
        while any(scores is None for scores in logits):
            parts = [list(ids[start : start + chunk]) for ids, start in zip(prompts, known, strict=True)]
            longest = max(map(len, parts))
            padded = torch.tensor([[*part, *[0] * (longest - len(part))] for part in parts], device=cache.device)
            counts = torch.tensor([len(part) for part in parts])
            hidden = model(padded, cache, None if bool((counts == longest).all()) else counts)
            known = [start + len(part) for start, part in zip(known, parts, strict=True)]
            ending = [row for row, part in enumerate(parts) if part and known[row] == len(prompts[row])]
            if ending:
                found = model.logits(hidden[ending, [len(parts[row]) - 1 for row in ending]]).float()
                for row, scores in zip(ending, found, strict=True):
                    logits[row] = scores
    if prefixes is not None and len(prompts) == 1:
        prefixes.put(prompts[0], cache)
    return cache, torch.stack([scores for scores in logits if scores is not None])


def shared_length(rows: Sequence[Sequence[int]]) -> int:
    """How many ids all rows begin with: the first and the last in order differ earliest."""
    ordered = sorted(list(row) for row in rows)
    first, last = ordered[0], ordered[-1]
    return next((place for place, (a, b) in enumerate(zip(first, last, strict=False)) if a != b), len(first))


def empty(model: Transformer, rows: int, room: int) -> KVCache:
    """An empty cache in the numbers, and on the device, of the model."""
    weight = model.embed_tokens.weight
    return KVCache.empty(model.spec, rows, model.cache_dtype or weight.dtype, weight.device, room)


def _begun(model: Transformer, prompts: Sequence[Sequence[int]], room: int, prefixes: PrefixStore | None) -> KVCache:
    """A cache with a row for each prompt that holds what of it is known, or is computed once for all."""
    shared = shared_length(prompts)
    if len(prompts) > 1 and shared >= SHARED:
        cache = prefill(model, prompts[0][:shared], prefixes)[0].expanded(len(prompts), room - shared)
    else:
        cache, shared = empty(model, len(prompts), room), 0
    for row, ids in enumerate(prompts):
        if prefixes is not None and (known := prefixes.longest(ids)) is not None and known.longest > shared:
            cache.place(row, known)
    return cache


def _chunk(device: torch.device) -> int:
    return CHUNK_CPU if device.type == "cpu" else CHUNK_GPU
