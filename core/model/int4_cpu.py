"""Int4 weights on the CPU, through torch's own kernel: a quarter of the memory's traffic at the speed of bfloat16."""

from typing import cast

import torch
from torch import Tensor, nn

from .weight_only import WeightOnlyLinear, unpack

OUTPUTS = 16
"""torch's kernel takes outputs in multiples of this."""


class Int4CpuLinear(nn.Module):
    """What a `WeightOnlyLinear` of four bits computes, for the CPU; the products are in bfloat16.

    Attributes:
        packed: the codes in the order that torch finds best for this processor.
        scales_and_offsets: (inputs / group, outputs, 2) bfloat16; torch counts codes from -8.
    """

    packed: Tensor
    scales_and_offsets: Tensor
    bias: Tensor | None

    def __init__(self, layer: WeightOnlyLinear) -> None:
        """Lay the weights of `layer`, whose outputs are a multiple of `OUTPUTS`, out anew."""
        super().__init__()
        self.in_features, self.out_features, self.group = layer.in_features, layer.out_features, layer.group
        codes = unpack(layer.values).to(torch.int32)
        self.register_buffer("packed", torch.ops.aten._convert_weight_to_int4pack_for_cpu(codes, 1))
        scales, offsets = layer.scales.float().t(), cast(Tensor, layer.offsets).float().t()
        self.register_buffer("scales_and_offsets", torch.stack((scales, offsets + 8 * scales), 2).bfloat16())
        self.register_buffer("bias", layer.bias)

    def forward(self, inputs: Tensor) -> Tensor:
        """(..., inputs) to (..., outputs), of the inputs' dtype."""
        rows = inputs.reshape(-1, self.in_features).bfloat16()
        products = torch.ops.aten._weight_int4pack_mm_for_cpu(rows, self.packed, self.group, self.scales_and_offsets)
        products = products.to(inputs.dtype).view(*inputs.shape[:-1], self.out_features)
        return cast(Tensor, products if self.bias is None else products + self.bias)
