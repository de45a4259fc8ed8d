"""Products of a few rows with a large weight matrix, bound by the reading of the weights.

Each weight is read once, in wide loads with many on their way, whatever it is stored in: bfloat16, int8 with a scale per
output, or int4 with a scale and an offset per group of inputs (`weight_only`). What surrounds the product in a
transformer (norm before it, bias, gate and residual after it) rides along, since the rows are in registers anyway.
"""

# mypy: disable-error-code="no-untyped-def,no-untyped-call,misc,untyped-decorator,no-any-return"

from dataclasses import dataclass

import torch
import triton
from torch import Tensor

from .triton_tile import tile_kernel
from .triton_vector import vector_kernel

MOST_ROWS = 64
"""Rows that one launch takes; above it a product is bound by arithmetic and belongs to cuBLAS."""

EXPONENT = 0x4B000000
"""The float 2**23. Passed to the kernel: known to the compiler, it would cost an instruction per weight."""


@dataclass(frozen=True)
class Weights:
    """The weight of a linear layer, as it lies in memory.

    Attributes:
        values: (outputs, inputs) bfloat16 or int8, or (outputs, inputs / 8) int32 in the order of `weight_only.pack`.
        outputs, inputs: the size of the matrix.
        bits: 16, 8 or 4.
        scales: (outputs, inputs / group) bfloat16 for int4, (outputs,) float32 for int8.
        offsets: (outputs, inputs / group) bfloat16 for int4.
        bias: (outputs,).
    """

    values: Tensor
    outputs: int
    inputs: int
    bits: int
    group: int = 0
    scales: Tensor | None = None
    offsets: Tensor | None = None
    bias: Tensor | None = None


@dataclass(frozen=True)
class Shape:
    """How a launch cuts its work.

    Attributes:
        outputs: of a program.
        span: what it takes at a time: pieces, one per thread, for one row; inputs for more rows.
        warps, stages: threads of a program over 32, and how many loads deep it runs ahead.
    """

    outputs: int
    span: int
    warps: int
    stages: int = 1


def vector_shape(weights: Weights, gated: bool) -> Shape:
    """For one row: all multiprocessors together must have some 2 MB of loads on their way to keep the memory busy.

    So the fewer outputs there are, the longer the stretch of a row that a program reads at once.
    """
    size = weights.outputs // (2 if gated else 1)
    warps = 2 if size > 4096 else 4
    return Shape(outputs=8 if size > 8192 and weights.bits != 4 else 4, span=32 * warps, warps=warps)


def tile_shape(weights: Weights, rows: int, gated: bool) -> Shape:
    """For more rows: tiles that the matrix units take, with loads several deep; narrow ones where few would be made."""
    size = weights.outputs // (2 if gated else 1)
    return Shape(outputs=16 if size < 8192 else 32, span=128, warps=4, stages=4 if rows <= 32 else 3)


def fits(weights: Weights, rows: int) -> bool:
    """Whether `product` can take these weights with that many rows."""
    if rows == 1:
        return weights.inputs % (32 if weights.bits == 4 else 8) == 0
    return rows <= MOST_ROWS and (weights.group >= 128 if weights.bits == 4 else weights.inputs % 16 == 0)


def product(
    inputs: Tensor,
    weights: Weights,
    norm: Tensor | None = None,
    eps: float = 0.0,
    activation: str | None = None,
    residual: Tensor | None = None,
) -> Tensor:
    """`inputs` (rows, width) bfloat16, rows at most `MOST_ROWS`, times the weights; where they fit.

    Args:
        norm: weight of an RMS norm applied to the inputs first; one row only.
        activation: the weights are those of gate and up, one behind the other, and the result is
            `activation(gate) * up`; `silu`, `gelu`, `gelu_tanh` or `relu`.
        residual: (rows, outputs), added to the result.

    Returns:
        (rows, outputs) bfloat16, half the outputs where there is an activation.
    """
    inputs = inputs.contiguous()
    residual = None if residual is None else residual.contiguous()
    rows, gated = len(inputs), activation is not None
    outputs = weights.outputs // (2 if gated else 1)
    result = torch.empty(rows, outputs, dtype=inputs.dtype, device=inputs.device)
    shape = vector_shape(weights, gated) if rows == 1 else tile_shape(weights, rows, gated)
    tensors = (weights.values, weights.scales, weights.offsets, weights.bias, residual)
    own = tuple(result if tensor is None else tensor for tensor in tensors)  # never read where it stands for nothing
    shared = {
        "WIDTH": weights.inputs,
        "BITS": weights.bits,
        "GROUP": max(1, weights.group),
        "ACTIVATION": activation or "",
        "BIASED": weights.bias is not None,
        "ADDED": residual is not None,
        "OUTPUTS": shape.outputs,
        "SPAN": shape.span,
        "num_warps": shape.warps,
        "num_stages": shape.stages,
    }
    grid = (triton.cdiv(outputs, shape.outputs),)
    with torch.cuda.device_of(inputs):
        if rows == 1:
            gains = result if norm is None else norm
            vector_kernel[grid](inputs, *own, gains, result, outputs, eps, EXPONENT, NORMED=norm is not None, **shared)
        else:
            padded = max(16, triton.next_power_of_2(rows))
            tile_kernel[grid](inputs, *own, result, outputs, rows, ROWS=padded, **shared)
    return result
