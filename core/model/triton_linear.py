"""Triton kernels for products of a few rows with a large weight matrix, bound by the reading of the weights.

Each weight is read once, in loads of 16 bytes per thread, whatever it is stored in: bfloat16, int8 with a scale per
output, or int4 with a scale and an offset per group of inputs (`weight_only`). What surrounds the product in a
transformer (norm before it, bias, gate and residual after it) rides along, since the rows are in registers anyway.
"""

# mypy: disable-error-code="no-untyped-def,no-untyped-call,misc,untyped-decorator,no-any-return"

from dataclasses import dataclass

import torch
import triton
import triton.language as tl
from torch import Tensor

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
    if rows == 1:
        gains = result if norm is None else norm
        vector_kernel[grid](inputs, *own, gains, result, outputs, eps, EXPONENT, NORMED=norm is not None, **shared)
    else:
        padded = max(16, triton.next_power_of_2(rows))
        tile_kernel[grid](inputs, *own, result, outputs, rows, ROWS=padded, **shared)
    return result


@triton.jit
def vector_kernel(
    inputs,
    values,
    scales,
    offsets,
    bias,
    residual,
    gains,
    result,
    outputs,
    eps,
    exponent,
    NORMED: tl.constexpr,
    WIDTH: tl.constexpr,
    BITS: tl.constexpr,
    GROUP: tl.constexpr,
    ACTIVATION: tl.constexpr,
    BIASED: tl.constexpr,
    ADDED: tl.constexpr,
    OUTPUTS: tl.constexpr,
    SPAN: tl.constexpr,
):
    """One row of inputs times `OUTPUTS` rows of weights."""
    at = tl.program_id(0) * OUTPUTS + tl.arange(0, OUTPUTS)
    live = at < outputs
    rows = tl.minimum(at, outputs - 1)
    total, squares = _dots(inputs, values, scales, offsets, gains, rows, exponent, NORMED, WIDTH, BITS, GROUP, OUTPUTS, SPAN)
    inverse = 1.0
    if NORMED:
        inverse = tl.rsqrt(squares / WIDTH + eps)
        total *= inverse
    if BIASED:
        total += tl.load(bias + rows).to(tl.float32)
    if ACTIVATION != "":
        behind = rows + outputs
        up, _ = _dots(inputs, values, scales, offsets, gains, behind, exponent, NORMED, WIDTH, BITS, GROUP, OUTPUTS, SPAN)
        if NORMED:
            up *= inverse
        if BIASED:
            up += tl.load(bias + behind).to(tl.float32)
        total = _activated(total, ACTIVATION) * up
    if ADDED:
        total += tl.load(residual + rows).to(tl.float32)
    tl.store(result + at, total.to(result.dtype.element_ty), mask=live)


@triton.jit
def _dots(
    inputs,
    values,
    scales,
    offsets,
    gains,
    rows,
    exponent,
    NORMED: tl.constexpr,
    WIDTH: tl.constexpr,
    BITS: tl.constexpr,
    GROUP: tl.constexpr,
    OUTPUTS: tl.constexpr,
    SPAN: tl.constexpr,
):
    """Products of the weight rows `rows` with the inputs, and the sum of the inputs' squares.

    A thread holds one piece of each row, eight inputs or four words of int4, and the inputs that belong to it: nothing
    is asked of a neighbour before the end.
    """
    PIECE: tl.constexpr = 4 if BITS == 4 else 8
    STEP: tl.constexpr = WIDTH // 8 if BITS == 4 else WIDTH
    EVEN: tl.constexpr = STEP % (SPAN * PIECE) == 0
    sums = tl.zeros([SPAN, OUTPUTS], tl.float32)
    squares = tl.zeros([SPAN], tl.float32)
    starts = values + rows.to(tl.int64)[None, :, None] * STEP
    for first in tl.range(0, STEP // PIECE, SPAN, loop_unroll_factor=2):
        pieces = first + tl.arange(0, SPAN)
        inside = pieces < STEP // PIECE
        within = pieces[:, None] * PIECE + tl.arange(0, PIECE)[None, :]
        if EVEN:
            raw = tl.load(starts + within[:, None, :])
        else:
            raw = tl.load(starts + within[:, None, :], mask=inside[:, None, None], other=0)
        if BITS == 4:
            codes = tl.zeros([SPAN, OUTPUTS, PIECE], tl.float32)
            plain = tl.zeros([SPAN], tl.float32)
            for nibble in tl.static_range(8):
                at = pieces[:, None] * 32 + nibble * 4 + tl.arange(0, PIECE)[None, :]
                each, more = _inputs(inputs, gains, at, inside, NORMED, EVEN)
                squares += more
                plain += tl.sum(each, 1)
                place = nibble if nibble < 5 else nibble - 3
                words = raw if nibble < 5 else raw >> 12
                # In the mantissa of 2**23 a code is a float without a conversion, 16**place times too large.
                code = ((words & (15 << 4 * place)) | exponent).to(tl.float32, bitcast=True) - 8388608.0
                codes += code * (each * (1.0 / (1 << 4 * place)))[:, None, :]
            table = rows.to(tl.int64)[None, :] * (WIDTH // GROUP) + (pieces * 32 // GROUP)[:, None]
            scale = tl.load(scales + table, mask=inside[:, None], other=0).to(tl.float32)
            offset = tl.load(offsets + table, mask=inside[:, None], other=0).to(tl.float32)
            sums += tl.sum(codes, 2) * scale + offset * plain[:, None]
        else:
            each, more = _inputs(inputs, gains, within, inside, NORMED, EVEN)
            squares += more
            sums += tl.sum(raw.to(tl.float32) * each[:, None, :], 2)
    total = tl.sum(sums, 0)
    if BITS == 8:
        total *= tl.load(scales + rows)
    return total, tl.sum(squares, 0)


@triton.jit
def _inputs(inputs, gains, places, inside, NORMED: tl.constexpr, EVEN: tl.constexpr):
    """The inputs at `places` as float32, under a norm times its gains, and the sums of their squares per piece."""
    if EVEN:
        each = tl.load(inputs + places).to(tl.float32)
    else:
        each = tl.load(inputs + places, mask=inside[:, None], other=0).to(tl.float32)
    squares = tl.sum(each * each, 1)
    if NORMED:
        if EVEN:
            each *= tl.load(gains + places).to(tl.float32)
        else:
            each *= tl.load(gains + places, mask=inside[:, None], other=0).to(tl.float32)
    return each, squares


@triton.jit
def tile_kernel(
    inputs,
    values,
    scales,
    offsets,
    bias,
    residual,
    result,
    outputs,
    count,
    ROWS: tl.constexpr,
    WIDTH: tl.constexpr,
    BITS: tl.constexpr,
    GROUP: tl.constexpr,
    ACTIVATION: tl.constexpr,
    BIASED: tl.constexpr,
    ADDED: tl.constexpr,
    OUTPUTS: tl.constexpr,
    SPAN: tl.constexpr,
):
    """`count` rows of inputs times `OUTPUTS` rows of weights, on the matrix units."""
    at = tl.program_id(0) * OUTPUTS + tl.arange(0, OUTPUTS)
    rows = tl.minimum(at, outputs - 1)
    takers = tl.arange(0, ROWS)
    present = takers < count
    starts = inputs + takers[:, None] * WIDTH
    GATED: tl.constexpr = ACTIVATION != ""
    total = tl.zeros([ROWS, OUTPUTS], tl.float32)
    up = tl.zeros([ROWS, OUTPUTS], tl.float32)
    if BITS == 4:
        WORDS: tl.constexpr = GROUP // 8
        for group in range(WIDTH // GROUP):
            word = group * WORDS + tl.arange(0, WORDS)
            raw, scale, offset = _words(values, scales, offsets, rows, word, group, WIDTH, GROUP)
            if GATED:
                more, scales_up, offsets_up = _words(values, scales, offsets, rows + outputs, word, group, WIDTH, GROUP)
            for nibble in tl.static_range(8):
                places = word // 4 * 32 + nibble * 4 + word % 4
                each = tl.load(starts + places[None, :], mask=present[:, None], other=0)
                tile = (((raw >> 4 * nibble) & 15).to(tl.float32) * scale + offset).to(each.dtype)
                total = tl.dot(each, tl.trans(tile), total)
                if GATED:
                    tile = (((more >> 4 * nibble) & 15).to(tl.float32) * scales_up + offsets_up).to(each.dtype)
                    up = tl.dot(each, tl.trans(tile), up)
    else:
        for first in range(0, WIDTH, SPAN):
            within = first + tl.arange(0, SPAN)
            inside = within < WIDTH
            each = tl.load(starts + within[None, :], mask=present[:, None] & inside[None, :], other=0)
            places = rows.to(tl.int64)[:, None] * WIDTH + within[None, :]
            tile = tl.load(values + places, mask=inside[None, :], other=0).to(each.dtype)
            total = tl.dot(each, tl.trans(tile), total)
            if GATED:
                behind = values + outputs.to(tl.int64) * WIDTH
                tile = tl.load(behind + places, mask=inside[None, :], other=0).to(each.dtype)
                up = tl.dot(each, tl.trans(tile), up)
    if BITS == 8:
        total *= tl.load(scales + rows)[None, :]
        if GATED:
            up *= tl.load(scales + rows + outputs)[None, :]
    if BIASED:
        total += tl.load(bias + rows).to(tl.float32)[None, :]
        if GATED:
            up += tl.load(bias + rows + outputs).to(tl.float32)[None, :]
    if GATED:
        total = _activated(total, ACTIVATION) * up
    places = takers[:, None] * outputs + at[None, :]
    mask = present[:, None] & (at < outputs)[None, :]
    if ADDED:
        total += tl.load(residual + places, mask=mask, other=0).to(tl.float32)
    tl.store(result + places, total.to(result.dtype.element_ty), mask=mask)


@triton.jit
def _words(values, scales, offsets, rows, word, group, WIDTH: tl.constexpr, GROUP: tl.constexpr):
    """The words (outputs, words) of one group of int4 codes, and its scale and offset, (outputs, 1)."""
    raw = tl.load(values + rows.to(tl.int64)[:, None] * (WIDTH // 8) + word[None, :])
    table = rows.to(tl.int64) * (WIDTH // GROUP) + group
    scale = tl.load(scales + table).to(tl.float32)[:, None]
    offset = tl.load(offsets + table).to(tl.float32)[:, None]
    return raw, scale, offset


@triton.jit
def _activated(values, ACTIVATION: tl.constexpr):
    """The MLP's activation, on float32."""
    if ACTIVATION == "silu":
        return values * tl.sigmoid(values)
    elif ACTIVATION == "gelu":
        return 0.5 * values * (1.0 + tl.erf(values * 0.7071067811865476))
    elif ACTIVATION == "gelu_tanh":
        inner = 0.7978845608028654 * (values + 0.044715 * values * values * values)
        return values * tl.sigmoid(2.0 * inner)
    else:
        tl.static_assert(ACTIVATION == "relu")
        return tl.maximum(values, 0.0)
