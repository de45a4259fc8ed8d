"""Triton kernels for the attention of one new token per row over a cache with room set aside.

Flash-decoding (Dao et al. 2023): the keys of a row are cut into splits that are read side by side, each with its own
running softmax (Milakov and Gimelshein 2018, arXiv 1805.02867), and joined afterwards. The query heads that share a
key-value head go together, so that keys and values are read once. The new token's rotation, and the writing of its
key and value into the cache, happen on the way.
"""

# mypy: disable-error-code="no-untyped-def,no-untyped-call,misc,untyped-decorator,no-any-return"

import math

import torch
import triton
import triton.language as tl
from torch import Tensor

BLOCK = 64
"""Keys that a program looks at at once."""
HEAD_DIMS = (32, 64, 128, 256)
"""Sizes of a head that the kernels take."""


def attend_one(
    projected: Tensor,
    cosines: Tensor,
    sines: Tensor,
    keys: Tensor,
    values: Tensor,
    positions: Tensor,
    window: int | None,
    processors: int,
) -> Tensor:
    """Rotate the new token's queries and key, write its key and value into the cache, and attend.

    Args:
        projected: (rows, (heads + 2 * kv_heads) * head_dim), the queries, keys and values one behind the other.
        cosines, sines: (rows, head_dim), the angles of `positions`.
        keys, values: (rows, kv_heads, room, head_dim), written at `positions`.
        positions: (rows,) int64, of the new tokens: what stands before them in the cache is seen.
        window: a token sees this many of the latest positions, itself included.
        processors: of the GPU; as many splits are made as keep them busy.

    Returns:
        (rows, heads * head_dim).
    """
    rows, kv_heads, room, head_dim = keys.shape
    heads = projected.shape[1] // head_dim - 2 * kv_heads
    group = heads // kv_heads
    reach = room if window is None else min(room, window)
    splits = max(1, min(triton.cdiv(2 * processors, rows * kv_heads), triton.cdiv(reach, BLOCK)))
    mixed = torch.empty(rows, heads, splits, head_dim, dtype=torch.float32, device=keys.device)
    weight = torch.empty(rows, heads, splits, 2, dtype=torch.float32, device=keys.device)
    result = torch.empty(rows, heads * head_dim, dtype=projected.dtype, device=keys.device)
    with torch.cuda.device_of(keys):
        split_kernel[(rows * kv_heads, splits)](
            projected,
            cosines,
            sines,
            keys,
            values,
            positions,
            mixed,
            weight,
            head_dim**-0.5 * math.log2(math.e),
            room,
            splits,
            0 if window is None else window,
            KV_HEADS=kv_heads,
            GROUP=group,
            PADDED=max(16, triton.next_power_of_2(group)),
            HALF=head_dim // 2,
            BLOCK=BLOCK,
            num_warps=4,
            num_stages=3 if head_dim <= 128 else 2,
        )
        join_kernel[(rows * heads,)](
            mixed,
            weight,
            result,
            splits,
            HEAD_DIM=head_dim,
            SPLITS=triton.next_power_of_2(splits),
            num_warps=4,
        )
    return result


@triton.jit
def split_kernel(
    projected,
    cosines,
    sines,
    keys,
    values,
    positions,
    mixed,
    weight,
    scale,
    room,
    splits,
    window,
    KV_HEADS: tl.constexpr,
    GROUP: tl.constexpr,
    PADDED: tl.constexpr,
    HALF: tl.constexpr,
    BLOCK: tl.constexpr,
):
    """One split of one row's key-value head; the first one also takes in the new token and writes it down."""
    row = tl.program_id(0) // KV_HEADS
    kv_head = tl.program_id(0) % KV_HEADS
    split = tl.program_id(1)
    HEAD_DIM: tl.constexpr = 2 * HALF
    STRIDE: tl.constexpr = KV_HEADS * (GROUP + 2) * HEAD_DIM
    dtype = projected.dtype.element_ty
    half = tl.arange(0, HALF)
    whole = tl.arange(0, HEAD_DIM)
    members = tl.arange(0, PADDED)
    present = members < GROUP

    cosine = tl.load(cosines + row * HEAD_DIM + half).to(tl.float32)
    sine = tl.load(sines + row * HEAD_DIM + half).to(tl.float32)
    own = projected + row * STRIDE + (kv_head * GROUP + members)[:, None] * HEAD_DIM + half[None, :]
    first = tl.load(own, mask=present[:, None], other=0).to(tl.float32)
    second = tl.load(own + HALF, mask=present[:, None], other=0).to(tl.float32)
    query_first = (first * cosine - second * sine).to(dtype)
    query_second = (second * cosine + first * sine).to(dtype)

    position = tl.load(positions + row).to(tl.int32)
    begin = 0
    if window > 0:
        begin = tl.maximum(0, position - window + 1)
    each = tl.cdiv(tl.cdiv(position - begin, splits), BLOCK) * BLOCK
    start = begin + split * each
    end = tl.minimum(start + each, position)
    base = tl.program_id(0).to(tl.int64) * room * HEAD_DIM

    largest = tl.full([PADDED], float("-inf"), tl.float32)
    total = tl.zeros([PADDED], tl.float32)
    sums = tl.zeros([PADDED, HEAD_DIM], tl.float32)
    for block in range(start, end, BLOCK):
        slots = block + tl.arange(0, BLOCK)
        live = slots < end
        there = keys + base + slots[:, None] * HEAD_DIM + half[None, :]
        key_first = tl.load(there, mask=live[:, None], other=0)
        key_second = tl.load(there + HALF, mask=live[:, None], other=0)
        scores = tl.dot(query_first, tl.trans(key_first))
        scores = tl.dot(query_second, tl.trans(key_second), scores) * scale
        scores = tl.where(live[None, :], scores, float("-inf"))
        higher = tl.maximum(largest, tl.max(scores, 1))
        share = tl.exp2(scores - higher[:, None])
        fade = tl.exp2(largest - higher)
        total = total * fade + tl.sum(share, 1)
        value = tl.load(values + base + slots[:, None] * HEAD_DIM + whole[None, :], mask=live[:, None], other=0)
        sums = tl.dot(share.to(dtype), value, sums * fade[:, None])
        largest = higher

    if split == 0:
        new = projected + row * STRIDE + (KV_HEADS * GROUP + kv_head) * HEAD_DIM
        new_first = tl.load(new + half).to(tl.float32)
        new_second = tl.load(new + HALF + half).to(tl.float32)
        new_key_first = (new_first * cosine - new_second * sine).to(dtype)
        new_key_second = (new_second * cosine + new_first * sine).to(dtype)
        new_value = tl.load(new + KV_HEADS * HEAD_DIM + whole)
        slot = base + position * HEAD_DIM
        tl.store(keys + slot + half, new_key_first)
        tl.store(keys + slot + HALF + half, new_key_second)
        tl.store(values + slot + whole, new_value)
        score = tl.sum(query_first.to(tl.float32) * new_key_first.to(tl.float32)[None, :], 1)
        score = (score + tl.sum(query_second.to(tl.float32) * new_key_second.to(tl.float32)[None, :], 1)) * scale
        higher = tl.maximum(largest, score)
        new_share = tl.exp2(score - higher)
        fade = tl.exp2(largest - higher)
        total = total * fade + new_share
        sums = sums * fade[:, None] + new_share[:, None] * new_value.to(tl.float32)[None, :]
        largest = higher

    place = (row * KV_HEADS * GROUP + kv_head * GROUP + members) * splits + split
    tl.store(mixed + place[:, None] * HEAD_DIM + whole[None, :], sums, mask=present[:, None])
    tl.store(weight + place * 2, largest, mask=present)
    tl.store(weight + place * 2 + 1, total, mask=present)


@triton.jit
def join_kernel(mixed, weight, result, splits, HEAD_DIM: tl.constexpr, SPLITS: tl.constexpr):
    """The splits of one query head, weighted by what their softmaxes summed to."""
    head = tl.program_id(0)
    number = tl.arange(0, SPLITS)
    live = number < splits
    whole = tl.arange(0, HEAD_DIM)
    at = head * splits + number
    largest = tl.load(weight + at * 2, mask=live, other=float("-inf"))
    total = tl.load(weight + at * 2 + 1, mask=live, other=0)
    share = tl.exp2(largest - tl.max(largest, 0))
    sums = tl.load(mixed + at[:, None] * HEAD_DIM + whole[None, :], mask=live[:, None], other=0)
    combined = tl.sum(sums * share[:, None], 0) / tl.sum(total * share, 0)
    tl.store(result + head * HEAD_DIM + whole, combined.to(result.dtype.element_ty))
