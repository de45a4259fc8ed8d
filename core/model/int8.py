"""Int8 products on the CPU: weights and activations in eight bits, inputs mixed first so that none stands out.

Weights have a scale per row, activations one per token, found as it comes; products are summed exactly in 32 bits, so
that a token's result does not depend on its neighbours in the batch. What rounding costs a language model comes from
single inputs that are tens of times the rest and set the scale for all. So every sixteen inputs are mixed by a Hadamard
transform, and the weights with them, which changes no product (Ashkboos et al. 2024, arXiv 2404.00456).
"""

import functools

import torch
from torch import Tensor, nn

LARGEST = 127
MIXED = 16
"""Inputs that are mixed with each other; a smaller power of two where it does not divide their number."""

ROWS = 256
"""Rows of a weight that are quantised at a time."""


class Int8Linear(nn.Module):
    """A linear layer computed in int8, for inference.

    Attributes:
        weight: (outputs, inputs) int8; row r times `scale[r]` is the float weight, mixed.
        across: the same as (inputs, outputs), which products of several tokens read faster; None spares its memory.
        scale: (outputs,) float32.
        bias: (outputs,) float32 or None.
    """

    weight: Tensor
    across: Tensor | None
    scale: Tensor
    bias: Tensor | None

    def __init__(self, weight: Tensor, bias: Tensor | None = None, both_layouts: bool = True) -> None:
        """Quantise a float `weight` (outputs, inputs)."""
        super().__init__()
        rounded = torch.empty(weight.shape, dtype=torch.int8)
        step = torch.empty(len(weight))
        for start in range(0, len(weight), ROWS):  # a part at a time stays in the processor's cache
            part = slice(start, start + ROWS)
            inner = mixed(weight[part].detach().float())
            step[part] = inner.abs().amax(1).clamp_(min=torch.finfo(torch.float32).tiny) / LARGEST
            rounded[part] = (inner / step[part, None]).round_()
        self.register_buffer("weight", rounded)
        self.register_buffer("across", rounded.t().contiguous() if both_layouts else None)
        self.register_buffer("scale", step / _together(weight.shape[1]))
        self.register_buffer("bias", None if bias is None else bias.detach().float())

    def forward(self, inputs: Tensor) -> Tensor:
        """(..., inputs) float32 to (..., outputs) float32."""
        tokens = inputs.reshape(-1, inputs.shape[-1])
        outputs = int8_product(tokens, self.columns(len(tokens)), self.scale, self.bias)
        return outputs.view(*inputs.shape[:-1], -1)

    def columns(self, tokens: int) -> Tensor:
        """The weights as (inputs, outputs), in the layout that is read fastest for that many tokens."""
        return self.weight.t() if tokens == 1 or self.across is None else self.across


def int8_product(inputs: Tensor, columns: Tensor, scale: Tensor, bias: Tensor | None = None) -> Tensor:
    """(tokens, inputs) float32 times weights (inputs, outputs) int8 as `Int8Linear` holds them; a pure function.

    Returns:
        (tokens, outputs) float32.
    """
    inner = mixed(inputs)
    step = inner.abs().amax(-1, keepdim=True).clamp(min=1e-8) / LARGEST
    rounded = (inner / step).round().to(torch.int8)
    outputs = torch._int_mm(rounded, columns) * (step * scale)
    return outputs if bias is None else outputs + bias


def mixed(inputs: Tensor) -> Tensor:
    """(tokens, inputs) to the same: n inputs, equally far apart, become their n sums under the signs of Hadamard.

    Two vectors' product grows by n.
    """
    together = _together(inputs.shape[-1])
    if together == 1:
        return inputs
    if not torch.compiler.is_exporting():
        return torch.matmul(_signs(together), inputs.reshape(len(inputs), together, -1)).flatten(1)
    parts, half = list(inputs.chunk(together, dim=-1)), together // 2
    while half:  # the same by sums of two, which the compiler joins to one pass
        for first in (place for place in range(together) if not place & half):
            one, other = parts[first], parts[first + half]
            parts[first], parts[first + half] = one + other, one - other
        half //= 2
    return torch.cat(parts, dim=-1)


def products_are_exact() -> bool:
    """Whether this processor sums int8 products exactly; some without instructions for it saturate at 16 bits."""
    largest = torch.full((32, 64), LARGEST, dtype=torch.int8)
    return all(bool((torch._int_mm(rows, largest.t()) == 64 * LARGEST**2).all()) for rows in (largest[:1], largest))


def _together(inputs: int) -> int:
    """How many of so many inputs are mixed with each other."""
    return min(MIXED, inputs & -inputs)


@functools.cache
def _signs(size: int) -> Tensor:
    """The Hadamard matrix of a power of two: (size, size) of 1 and -1, a row times another is 0."""
    signs = torch.ones(1, 1)
    while len(signs) < size:
        signs = torch.cat([torch.cat([signs, signs], 1), torch.cat([signs, -signs], 1)])
    return signs
