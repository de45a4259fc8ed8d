"""The one attention, and which positions see which: worked out once per forward, used by every layer."""

from dataclasses import dataclass
from functools import cached_property
from typing import cast

import torch
import torch.nn.functional as F
from torch import Tensor

FEW = 16
"""New tokens, over all rows, up to which narrow keys and values are widened."""


@dataclass(frozen=True)
class Sight:
    """Where the new tokens stand and which keys they see.

    Attributes:
        positions: (batch, length) int64, one row for all where no cache told the batch.
        keys: slots that the longest row has, the new tokens' own included.
        causal: token i sees keys 0..i and nothing else is cached: no mask is built.
        mask: (batch or 1, 1, length, keys) bool, True where seen; None where `causal` says it, or every key is seen.
        fresh: only keys of the new tokens themselves are hidden from any, so the mask of the rest need not be looked at.
    """

    positions: Tensor
    keys: int
    causal: bool
    mask: Tensor | None
    fresh: bool = False

    @cached_property
    def bias(self) -> Tensor:
        """The same for a step of one token a row, to be added to scores: (batch, keys) float32, 0 or minus infinity."""
        rows = len(self.positions)
        if self.mask is None:
            return torch.zeros(rows, self.keys, device=self.positions.device)
        seen = self.mask[:, 0, 0].expand(rows, -1)
        return torch.zeros(seen.shape, device=seen.device).masked_fill_(~seen, -torch.inf)


def look(starts: list[int], length: int, window: int | None, device: torch.device) -> Sight:
    """The sight of `length` new tokens in each row, row b's at positions starts[b] and on.

    Rows padded at the right need nothing more: a token never sees what stands after it.
    """
    equal = min(starts) == max(starts)
    offsets = torch.arange(length, device=device)
    positions = torch.tensor(starts, device=device)[:, None] + offsets
    keys = max(starts) + length
    narrow = window is not None and keys > window
    if equal and not narrow and (length == 1 or starts[0] == 0):
        return Sight(positions, keys, causal=length > 1, mask=None)
    key_positions = torch.arange(keys, device=device)
    queries = (positions[:1] if equal else positions)[:, None, :, None]
    mask = key_positions <= queries
    if window is not None and narrow:
        mask = mask & (key_positions > queries - window)
    return Sight(positions, keys, causal=False, mask=mask, fresh=equal and not narrow)


def attend(queries: Tensor, keys: Tensor, values: Tensor, sight: Sight) -> Tensor:
    """Scaled dot-product attention with grouped heads.

    Args:
        queries: (batch, heads, length, head_dim).
        keys, values: (batch, kv_heads, keys, head_dim); heads is a multiple of kv_heads. May be narrower numbers than
            the queries; the products are then computed in those.

    Returns:
        (batch, heads, length, head_dim), of the queries' dtype.
    """
    if keys.dtype != queries.dtype:
        return _attend_narrow(queries, keys, values, sight)
    return F.scaled_dot_product_attention(
        queries,
        keys,
        values,
        attn_mask=sight.mask,
        is_causal=sight.causal,
        enable_gqa=queries.shape[1] != keys.shape[1],
    )


def _attend_narrow(queries: Tensor, keys: Tensor, values: Tensor, sight: Sight) -> Tensor:
    """The same as three plain steps in the keys' dtype: a CPU with bfloat16 products does them in half the time.

    A few tokens are computed in the queries' own numbers, so that checking several at once gives what one by one gives.
    """
    batch, heads, length, head_dim = queries.shape
    if batch * length <= FEW:
        return attend(queries, keys.to(queries.dtype), values.to(queries.dtype), sight)
    groups = keys.shape[1]
    scaled = (queries * head_dim**-0.5).to(keys.dtype).reshape(batch, groups, -1, head_dim)
    scores = (scaled @ keys.transpose(-1, -2)).view(batch, groups, heads // groups, length, -1)
    if sight.causal or sight.fresh:
        # adding costs a quarter of filling through a mask
        hidden = torch.full((length, length), -torch.inf, dtype=scores.dtype, device=queries.device).triu_(1)
        scores[..., -length:].add_(hidden)
    elif sight.mask is not None:
        scores.masked_fill_(~sight.mask[:, :, None], -torch.inf)
    shares = scores.softmax(-1).view(batch, groups, -1, scores.shape[-1])
    return cast(Tensor, (shares @ values).view(batch, heads, length, head_dim).to(queries.dtype))
