"""A Triton kernel for a few rows of inputs: tiles of weights, made wide in registers, on the matrix units."""

# mypy: disable-error-code="no-untyped-def,no-untyped-call,misc,untyped-decorator,no-any-return"

import triton
import triton.language as tl

from .triton_activation import activated


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
        total = activated(total, ACTIVATION) * up
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
