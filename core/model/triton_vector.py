"""A Triton kernel for one row of inputs: plain sums, every thread with loads of its own on their way.

A thread takes one piece of each of its rows of weights, eight inputs or four words of int4, and the inputs that belong
to it: nothing is asked of a neighbour before the end.
"""

# mypy: disable-error-code="no-untyped-def,no-untyped-call,misc,untyped-decorator,no-any-return"

import triton
import triton.language as tl

from .triton_activation import activated


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
    total, squares = _dots(
        inputs, values, scales, offsets, gains, rows, exponent, NORMED, WIDTH, BITS, GROUP, OUTPUTS, SPAN
    )
    inverse = 1.0
    if NORMED:
        inverse = tl.rsqrt(squares / WIDTH + eps)
        total *= inverse
    if BIASED:
        total += tl.load(bias + rows).to(tl.float32)
    if ACTIVATION != "":
        behind = rows + outputs
        up, _ = _dots(
            inputs, values, scales, offsets, gains, behind, exponent, NORMED, WIDTH, BITS, GROUP, OUTPUTS, SPAN
        )
        if NORMED:
            up *= inverse
        if BIASED:
            up += tl.load(bias + behind).to(tl.float32)
        total = activated(total, ACTIVATION) * up
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
    """Products of the weight rows `rows` with the inputs, and the sum of the inputs' squares."""
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
