"""Weights in eight or four bits, activations left in float: for machines whose memory is slower than their arithmetic.

int8 has a scale per output. int4 has a scale and an offset per output and group of inputs, `weight = scale * code +
offset` with codes 0 to 15, as Q4_1 files do; eight codes share a word.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .int8 import Int8Linear

if TYPE_CHECKING:
    from .transformer import Transformer

GROUPS = (128, 64, 32)
"""Inputs that share a scale in int4: the first of these that divides their number."""
CPU_GROUPS = (32,)
"""On a CPU, where models are small and come from files with such groups, which are then kept as they are."""
PIECE = 32
"""Inputs whose int4 codes share four words."""
CLIPS = (1.0, 0.95, 0.9, 0.85, 0.8)
"""Shares of a group's range that int4 tries; the one with the smallest squared error is taken."""
AT_ONCE = 2**25
"""Weights that are packed or unpacked at a time, which bounds the memory that takes."""


class WeightOnlyLinear(nn.Module):
    """A linear layer whose weights are int8 or int4, for inference.

    Attributes:
        values: (outputs, inputs) int8, or (outputs, inputs / 8) int32 as `pack` orders them.
        scales: (outputs,) float32 for int8, (outputs, inputs / group) bfloat16 for int4.
        offsets: as `scales`, for int4 only.
    """

    values: Tensor
    scales: Tensor
    offsets: Tensor | None
    bias: Tensor | None

    def __init__(self, weight: Tensor, bias: Tensor | None, bits: int, groups: Sequence[int] = GROUPS) -> None:
        """Quantise a float `weight` (outputs, inputs) where it lies.

        Raises:
            ValueError: `bits` is neither 8 nor 4, or int4 finds a number of inputs that no group divides.
        """
        super().__init__()
        self.bits, self.group = bits, group_size(weight.shape[1], groups) if bits == 4 else 0
        self.out_features, self.in_features = weight.shape
        if bits not in (8, 4):
            raise ValueError(f"weights of {bits} bits, expected 8 or 4")
        step = max(1, AT_ONCE // weight.shape[1])
        parts = [_quantised(rows.detach(), bits, self.group) for rows in torch.split(weight, step)]
        values, scales, offsets = (
            None if first is None else torch.cat([part[place] for part in parts])  # type: ignore[misc]
            for place, first in enumerate(parts[0])
        )
        self.register_buffer("values", values)
        self.register_buffer("scales", scales)
        self.register_buffer("offsets", offsets)
        self.register_buffer("bias", None if bias is None else bias.detach().clone())

    def weight(self, dtype: torch.dtype) -> Tensor:
        """The weights as floats, (outputs, inputs)."""
        if self.offsets is None:
            return (self.values * self.scales[:, None]).to(dtype)
        codes = torch.unflatten(unpack(self.values).to(dtype), 1, (-1, self.group))
        return torch.addcmul(self.offsets.to(dtype)[..., None], codes, self.scales.to(dtype)[..., None]).flatten(1)

    def forward(self, inputs: Tensor) -> Tensor:
        """(..., inputs) to (..., outputs), of the inputs' dtype: the weights made floats, then a plain product.

        That pays for many rows; `triton_operators` multiplies a few rows by the weights as they lie.
        """
        bias = None if self.bias is None else self.bias.to(inputs.dtype)
        if self.offsets is not None:
            return F.linear(inputs, self.weight(inputs.dtype), bias)
        products = (F.linear(inputs, self.values.to(inputs.dtype)) * self.scales).to(inputs.dtype)
        return products if bias is None else products + bias

    def extra_repr(self) -> str:
        """What printing the model says of the layer."""
        return f"in_features={self.in_features}, out_features={self.out_features}, bits={self.bits}"


def quantise_weights(transformer: "Transformer", bits: int) -> None:
    """Replace the projections of a fused transformer by int8 or int4 ones, in place, and give it an int8 head.

    The head stays in int8 beside int4 projections: it is where four bits cost a small model most. The embedding stays
    as it is, since a token reads one row of it. Layers are replaced one by one, so that no second copy of the model is
    ever there.

    Raises:
        ValueError: see `WeightOnlyLinear`.
    """
    for block in transformer.layers:
        for parent in block.children():
            for name, layer in list(parent.named_children()):
                if isinstance(layer, nn.Linear):
                    setattr(parent, name, _narrow(layer.weight, layer.bias, bits))
    head = transformer.lm_head or transformer.embed_tokens
    transformer.lm_head = _narrow(head.weight, None, 8)  # type: ignore[arg-type]


def _narrow(weight: Tensor, bias: Tensor | None, bits: int) -> nn.Module:
    """The layer for `bits` that is fastest where `weight` lies."""
    if weight.device.type != "cpu" or weight.dtype != torch.float32:
        return WeightOnlyLinear(weight, bias, bits)
    if bits == 8:
        return Int8Linear(weight, bias)
    from .int4_cpu import OUTPUTS, Int4CpuLinear

    layer = WeightOnlyLinear(weight, bias, 4, CPU_GROUPS)
    return Int4CpuLinear(layer) if len(weight) % OUTPUTS == 0 else layer


def group_size(inputs: int, sizes: Sequence[int]) -> int:
    """Inputs of a layer that share a scale in int4: the first of `sizes` that divides their number.

    Raises:
        ValueError: none does.
    """
    for size in sizes:
        if inputs % size == 0:
            return size
    raise ValueError(f"{inputs} inputs cannot be cut into groups of {sizes[-1]}")


def pack(codes: Tensor) -> Tensor:
    """Codes 0 to 15, (rows, inputs), eight to a word: (rows, inputs / 8) int32.

    Of 32 inputs in a row, bits 4p to 4p + 3 of word w hold input 4p + w: a thread that reads four words in one load
    finds the inputs of each of their eight places side by side.
    """
    words = torch.unflatten(codes.to(torch.int64), 1, (-1, 8, 4))
    shifts = 4 * torch.arange(8, device=codes.device)[:, None]
    return (words << shifts).sum(2).to(torch.int32).flatten(1)


def unpack(values: Tensor) -> Tensor:
    """What `pack` was given, as uint8."""
    shifts = 4 * torch.arange(8, dtype=torch.int32, device=values.device)[:, None]
    codes = (torch.unflatten(values, 1, (-1, 1, 4)) >> shifts) & 15
    return codes.to(torch.uint8).flatten(1)


def _quantised(weight: Tensor, bits: int, group: int) -> tuple[Tensor, Tensor, Tensor | None]:
    """Values, scales and offsets of some rows of weights."""
    weight = weight.float()
    if bits == 8:
        scales = weight.abs().amax(1).clamp_(min=torch.finfo(torch.float32).tiny) / 127
        return (weight / scales[:, None]).round_().to(torch.int8), scales, None
    grouped = torch.unflatten(weight, 1, (-1, group))
    low, high = grouped.amin(2), grouped.amax(2)
    best, scales, offsets = torch.full_like(low, torch.inf), torch.empty_like(low), torch.empty_like(low)
    for clip in CLIPS:
        offset = (low * clip).bfloat16().float()
        scale = ((high * clip - offset) / 15).clamp_(min=1e-30).bfloat16().float()
        codes = _codes(grouped, scale, offset)
        error = (codes * scale[..., None] + offset[..., None] - grouped).square_().sum(2)
        better = error < best
        best = torch.where(better, error, best)
        scales, offsets = torch.where(better, scale, scales), torch.where(better, offset, offsets)
    codes = _codes(grouped, scales, offsets).flatten(1)
    return pack(codes), scales.bfloat16(), offsets.bfloat16()


def _codes(grouped: Tensor, scale: Tensor, offset: Tensor) -> Tensor:
    """The nearest codes, (rows, groups, group) as floats, of weights under a scale and an offset per group."""
    return ((grouped - offset[..., None]) / scale[..., None]).round_().clamp_(0, 15)
