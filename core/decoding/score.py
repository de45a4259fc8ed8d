"""How likely a text is as a continuation of a prompt: the prompt is computed once, many texts share its cache."""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from ..errors import InputError, UsageError
from ..model.transformer import Transformer
from .cache import KVCache, batch_positions
from .device import free_memory, ran_out
from .prefill import prefill
from .prefix_store import PrefixStore

LEAST_FILLED = 0.7
"""The shortest text of a batch, as a share of its longest: what is padded is computed in vain."""
HEAD_POSITIONS = 256
"""Positions whose logits over the whole vocabulary are held at a time."""


@dataclass(frozen=True)
class Score:
    """`log_prob`: the sum of the natural logarithms of the probabilities of the text's `tokens` tokens."""

    log_prob: float
    tokens: int


def score_ids(
    model: Transformer, prompt: Sequence[int], texts: Sequence[Sequence[int]], prefixes: PrefixStore | None = None
) -> list[Score]:
    """The score of each text (ids) behind `prompt` (ids), in the order of `texts`; an empty text scores 0.

    What `prefixes` knows of the prompt is not computed again.

    Raises:
        InputError: the prompt and a text together are longer than the model's positions.
        UsageError: the prompt is empty.
    """
    if not prompt:
        raise UsageError("The prompt is empty; give at least one character to score texts behind it.")
    longest = max(map(len, texts), default=0)
    if len(prompt) + longest > model.spec.max_length:
        raise InputError(
            f"The prompt and a text have {len(prompt) + longest} tokens and the model takes {model.spec.max_length}; "
            "shorten one of them."
        )
    if longest == 0:
        return [Score(0.0, 0) for _ in texts]
    with torch.inference_mode():
        prefix, hidden = prefill(model, prompt, prefixes)
        behind = hidden[0, -1]
        scores = [Score(0.0, 0)] * len(texts)
        by_length = sorted((row for row, ids in enumerate(texts) if ids), key=lambda row: len(texts[row]))
        positions = batch_positions(model.spec, model.cache_dtype or behind.dtype, behind.device)
        while by_length:
            longest = len(texts[by_length[-1]])
            alike = sum(len(texts[row]) >= LEAST_FILLED * longest for row in by_length)
            rows = max(1, min(alike, positions // (len(prompt) + longest)))
            batch = by_length[-rows:]
            try:
                found = _score_batch(model, prefix, behind, [texts[row] for row in batch])
            except (MemoryError, RuntimeError) as error:
                if rows == 1 or not ran_out(error):
                    raise
                positions = rows // 2 * (len(prompt) + longest)
                free_memory()
                continue
            by_length = by_length[:-rows]
            for row, log_prob in zip(batch, found, strict=True):
                scores[row] = Score(log_prob, len(texts[row]))
    return scores


def _score_batch(model: Transformer, prefix: KVCache, behind: Tensor, texts: Sequence[Sequence[int]]) -> list[float]:
    """The log-probability of each text behind the prefix, whose last hidden state is `behind` (width,)."""
    width = max(map(len, texts))
    targets = torch.tensor([[*ids, *[0] * (width - len(ids))] for ids in texts], device=behind.device)
    real = torch.tensor([[1] * len(ids) + [0] * (width - len(ids)) for ids in texts], device=behind.device).bool()
    hidden = behind.expand(len(texts), 1, -1)
    if width > 1:
        following = model(targets[:, :-1], prefix.expanded(len(texts), width - 1))
        hidden = torch.cat((hidden, following), dim=1)
    flat, wanted = hidden[real], targets[real]
    parts = []
    for start in range(0, len(wanted), HEAD_POSITIONS):
        logits = model.logits(flat[start : start + HEAD_POSITIONS]).float()
        chosen = logits.gather(1, wanted[start : start + HEAD_POSITIONS, None]).squeeze(1)
        parts.append(chosen - logits.logsumexp(-1))
    log_probs = torch.zeros(real.shape, dtype=torch.float64)
    log_probs[real.cpu()] = torch.cat(parts).cpu().double()
    sums: list[float] = log_probs.sum(1).tolist()
    return sums
