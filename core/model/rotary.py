"""Rotary positions: the angle of every pair of dimensions at every position, and the rotation itself."""

import math
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn

from .spec import Rope, RopeScaling


def inverse_frequencies(rope: Rope, head_dim: int) -> Tensor:
    """Radians per position of each rotated pair, (head_dim / 2,) float32 on the CPU."""
    exponents = torch.arange(0, head_dim, 2, dtype=torch.int64, device="cpu").float() / head_dim
    frequencies = 1.0 / (rope.theta**exponents)
    if rope.divisors is not None:
        frequencies = frequencies / torch.tensor(rope.divisors, dtype=torch.float32, device="cpu")
    if rope.scaling is not None:
        frequencies = _scaled(frequencies, rope.scaling)
    return frequencies


def _scaled(frequencies: Tensor, scaling: RopeScaling) -> Tensor:
    if scaling.kind == "linear":
        return frequencies / scaling.factor
    turns = scaling.original_max_length * frequencies / (2 * math.pi)
    low, high = scaling.low_frequency_factor, scaling.high_frequency_factor
    kept = ((turns - low) / (high - low)).clamp(0.0, 1.0)
    return kept * frequencies + (1 - kept) * frequencies / scaling.factor


class Rotary(nn.Module):
    """Positions to angles. The frequencies stay float32 whatever dtype the model is cast to."""

    frequencies: Tensor

    def __init__(self, rope: Rope, head_dim: int) -> None:
        super().__init__()
        self.rope, self.head_dim = rope, head_dim
        self.register_buffer("frequencies", inverse_frequencies(rope, head_dim), persistent=False)

    def forward(self, positions: Tensor, dtype: torch.dtype) -> tuple[Tensor, Tensor]:
        """Cosines and sines (batch or 1, 1, length, head_dim) in `dtype` for positions (batch or 1, length)."""
        angles = positions[:, None, :, None].float() * self.frequencies
        angles = torch.cat((angles, angles), dim=-1)
        return angles.cos().to(dtype), angles.sin().to(dtype)

    def _apply(self, fn: Callable[[Tensor], Tensor], recurse: bool = True) -> Any:
        super()._apply(fn, recurse)  # type: ignore[no-untyped-call]
        self.frequencies = inverse_frequencies(self.rope, self.head_dim).to(self.frequencies.device)
        return self


def rotate(heads: Tensor, cosines: Tensor, sines: Tensor) -> Tensor:
    """`heads` (batch, heads, length, head_dim) turned by the angles of its positions."""
    first, second = heads.chunk(2, dim=-1)
    return heads * cosines + torch.cat((-second, first), dim=-1) * sines
