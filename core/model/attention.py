"""The one attention, and which positions see which: worked out once per forward, used by every layer."""

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor


@dataclass(frozen=True)
class Sight:
    """Where the new tokens stand and which keys they see.

    Attributes:
        positions: (batch or 1, length) int64.
        causal: token i sees keys 0..i and nothing else is cached: no mask is built.
        mask: (batch or 1, 1, length, keys) bool, True where seen; None where `causal` says it, or every key is seen.
    """

    positions: Tensor
    causal: bool
    mask: Tensor | None


def look(starts: list[int], length: int, window: int | None, device: torch.device) -> Sight:
    """The sight of `length` new tokens in each row, row b's at positions starts[b] and on.

    Rows padded at the right need nothing more: a token never sees what stands after it.
    """
    equal = min(starts) == max(starts)
    offsets = torch.arange(length, device=device)
    begins = torch.tensor(starts[:1] if equal else starts, device=device)
    positions = begins[:, None] + offsets
    keys = max(starts) + length
    narrow = window is not None and keys > window
    if equal and not narrow and (length == 1 or starts[0] == 0):
        return Sight(positions, causal=length > 1, mask=None)
    key_positions = torch.arange(keys, device=device)
    queries = positions[:, None, :, None]
    mask = key_positions <= queries
    if window is not None and narrow:
        mask = mask & (key_positions > queries - window)
    return Sight(positions, causal=False, mask=mask)


def attend(queries: Tensor, keys: Tensor, values: Tensor, sight: Sight) -> Tensor:
    """Scaled dot-product attention with grouped heads.

    Args:
        queries: (batch, heads, length, head_dim).
        keys, values: (batch, kv_heads, keys, head_dim); heads is a multiple of kv_heads.

    Returns:
        (batch, heads, length, head_dim).
    """
    return F.scaled_dot_product_attention(
        queries,
        keys,
        values,
        attn_mask=sight.mask,
        is_causal=sight.causal,
        enable_gqa=queries.shape[1] != keys.shape[1],
    )
