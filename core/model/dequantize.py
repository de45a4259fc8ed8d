"""Quantised blocks of a GGUF file to floating-point weights.

The block layouts are those of ggml (`ggml-common.h`): 32 weights share a float16 scale, in Q4_1 also a float16 offset,
and in the 4-bit kinds a byte holds weights i (low bits) and i + 16 (high bits). The kinds that most files use are
unpacked by torch here, several times faster than through numpy; all others go through the `gguf` package.
"""

import math
from collections.abc import Callable

import torch
from torch import Tensor

_BLOCKS = 1 << 10
"""Blocks unpacked at a time: half-done values stay in the processor's cache, and one core does each piece, so that a
caller can unpack several tensors at once and a busy machine costs no waits between threads."""


def dequantize(raw: Tensor, kind: str, shape: tuple[int, ...], dtype: torch.dtype) -> Tensor:
    """Weights of a stored tensor, in memory of their own.

    Args:
        raw: the tensor's bytes, (size,) uint8.
        kind: ggml's name of the layout: `F32`, `Q4_1`, `Q6_K`, ...
        shape: of the result, rows first.
        dtype: of the result; the arithmetic is float32.

    Raises:
        ValueError: the kind is none that can be unpacked.
    """
    if kind in _PLAIN:
        return raw.clone().view(_PLAIN[kind]).view(shape).to(dtype)
    if kind not in _UNPACKERS:
        return _by_gguf(raw, kind, shape).to(dtype)
    block_bytes, unpack = _UNPACKERS[kind]
    blocks = raw.view(-1, block_bytes)
    weights = torch.empty(blocks.shape[0], 32)
    for start in range(0, blocks.shape[0], _BLOCKS):
        unpack(blocks[start : start + _BLOCKS], weights[start : start + _BLOCKS])
    return weights.view(shape).to(dtype)


def _halves(blocks: Tensor, count: int) -> Tensor:
    """The `count` float16 numbers that open each block, (blocks, count) float32."""
    return blocks[:, : 2 * count].contiguous().view(torch.float16).float()


def _q4_0(blocks: Tensor, weights: Tensor) -> None:
    scale, packed = _halves(blocks, 1), blocks[:, 2:]
    torch.mul((packed & 0x0F).float().sub_(8.0), scale, out=weights[:, :16])
    torch.mul((packed >> 4).float().sub_(8.0), scale, out=weights[:, 16:])


def _q4_1(blocks: Tensor, weights: Tensor) -> None:
    halves, packed = _halves(blocks, 2), blocks[:, 4:]
    scale, offset = halves[:, :1], halves[:, 1:]
    torch.mul(packed & 0x0F, scale, out=weights[:, :16])
    torch.mul(packed >> 4, scale, out=weights[:, 16:])
    weights.add_(offset)


def _q8_0(blocks: Tensor, weights: Tensor) -> None:
    torch.mul(blocks[:, 2:].view(torch.int8), _halves(blocks, 1), out=weights)


def _by_gguf(raw: Tensor, kind: str, shape: tuple[int, ...]) -> Tensor:
    import gguf

    try:
        layout = gguf.GGMLQuantizationType[kind]
        rows = raw.numpy().reshape(-1, raw.numel() * shape[-1] // math.prod(shape))
        return torch.from_numpy(gguf.quants.dequantize(rows, layout)).view(shape)
    except (KeyError, NotImplementedError) as error:
        raise ValueError(f"weights stored as {kind} cannot be unpacked") from error


_PLAIN = {"F32": torch.float32, "F16": torch.float16, "BF16": torch.bfloat16, "F64": torch.float64}

_UNPACKERS: dict[str, tuple[int, Callable[[Tensor, Tensor], None]]] = {
    "Q4_0": (18, _q4_0),
    "Q4_1": (20, _q4_1),
    "Q8_0": (34, _q8_0),
}
