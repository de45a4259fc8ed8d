"""What of an int8 model is compiled: pure functions of tensors, in which all weights are arguments.

So the blocks of a model share one program, and models of one shape share theirs. `Before` and `After` are a block
without its attention, for the many tokens of a prompt; `Step` is a whole block for one new token in each row; `Head` is
the product with the vocabulary.
"""

from typing import Any, cast

import torch
from torch import Tensor, nn

from .int8 import Int8Linear, int8_product
from .rotary import rotate
from .spec import TransformerSpec
from .transformer import ACTIVATIONS, Block

NAMES = ("step-one", "step-many", "before", "after", "head")
"""The programs: `step-one` is `Step` for a single row, `step-many` for several."""
FORMAT = 3
"""Counts up whenever a program computes something else, so that what was compiled before is not used."""
MOST = 2**24
"""Tokens, rows or positions that a program takes at most."""

Arguments = tuple[Any, ...]


class Before(nn.Module):
    """From the stream to rotated queries and keys, and values."""

    def __init__(self, spec: TransformerSpec) -> None:
        super().__init__()
        self.spec = spec

    def forward(self, stream: Tensor, cosines: Tensor, sines: Tensor, norm: Tensor, *qkv: Any) -> tuple[Tensor, ...]:
        """Stream (tokens, width), angles (tokens, head_dim) to (tokens, heads, head_dim) of queries, keys, values."""
        spec = self.spec
        every = int8_product(_normed(stream, norm, spec), *qkv).view(-1, spec.heads + 2 * spec.kv_heads, spec.head_dim)
        turned = rotate(every[:, : -spec.kv_heads], cosines[:, None], sines[:, None])
        return turned[:, : spec.heads], turned[:, spec.heads :], every[:, -spec.kv_heads :]


class After(nn.Module):
    """From what attention mixed to the stream behind the block."""

    def __init__(self, spec: TransformerSpec) -> None:
        super().__init__()
        self.spec = spec

    def forward(self, stream: Tensor, mixed: Tensor, norm: Tensor, *layers: Any) -> Tensor:
        """Stream (tokens, width), mixed (tokens, heads * head_dim) and three layers' arguments to the new stream."""
        each = len(layers) // 3
        output, gate_up, down = layers[:each], layers[each : 2 * each], layers[2 * each :]
        stream = stream + int8_product(mixed, *output)
        gate, up = int8_product(_normed(stream, norm, self.spec), *gate_up).chunk(2, dim=-1)
        return stream + int8_product(ACTIVATIONS[self.spec.activation](gate) * up, *down)


class Step(nn.Module):
    """A whole block for one new token in each row: its keys and values are written, and attention is plain sums."""

    def __init__(self, spec: TransformerSpec, before: int) -> None:
        """`before` is how many of the arguments behind the mask belong to `Before`."""
        super().__init__()
        self.spec, self.split = spec, before
        self.before, self.after = Before(spec), After(spec)

    def forward(
        self,
        hidden: Tensor,
        cosines: Tensor,
        sines: Tensor,
        keys: Tensor,
        values: Tensor,
        slots: Tensor,
        bias: Tensor,
        *arguments: Any,
    ) -> Tensor:
        """Hidden states (rows, 1, width) to the same.

        Args:
            cosines, sines: (rows, 1, 1, head_dim).
            keys, values: buffers (rows, kv_heads, room, head_dim), written at slot `slots[b, 0]` of row b.
            bias: (rows, keys seen) float32, minus infinity where a row does not see a slot.
        """
        spec, stream = self.spec, hidden[:, 0]
        angles = cosines[:, 0, 0], sines[:, 0, 0]
        queries, new_keys, new_values = self.before(stream, *angles, *arguments[: self.split])
        rows = torch.arange(stream.shape[0])
        keys[rows, :, slots[:, 0]] = new_keys.to(keys.dtype)
        values[rows, :, slots[:, 0]] = new_values.to(values.dtype)
        seen_keys, seen_values = keys[:, :, None, : bias.shape[1]].float(), values[:, :, None, : bias.shape[1]].float()
        grouped = (queries * spec.head_dim**-0.5).view(-1, spec.kv_heads, spec.heads // spec.kv_heads, 1, spec.head_dim)
        shares = ((grouped * seen_keys).sum(-1) + bias[:, None, None]).softmax(-1)
        mixed = (shares[..., None] * seen_values).sum(-2).view(-1, spec.heads * spec.head_dim)
        return cast(Tensor, self.after(stream, mixed, *arguments[self.split :]))[:, None]


class Head(nn.Module):
    """The logits of several tokens."""

    def forward(self, hidden: Tensor, *layer: Any) -> Tensor:
        """(tokens, width) to (tokens, vocab_size)."""
        return int8_product(hidden, *layer)


def block_arguments(block: Block, tokens: int) -> tuple[Arguments, Arguments]:
    """What `Before` and `After` take of a block's weights, for that many tokens at a time."""
    attention, mlp = block.self_attn, block.mlp
    before = block.input_layernorm.weight, *layer_arguments(attention.qkv_proj, tokens)
    layers = attention.o_proj, mlp.gate_up_proj, mlp.down_proj
    after = block.post_attention_layernorm.weight, *(each for one in layers for each in layer_arguments(one, tokens))
    return before, after


def layer_arguments(layer: nn.Module | None, tokens: int) -> Arguments:
    """What `int8_product` takes of a layer."""
    quantised = cast(Int8Linear, layer)
    return quantised.columns(tokens), quantised.scale, quantised.bias


def _normed(stream: Tensor, weight: Tensor, spec: TransformerSpec) -> Tensor:
    return stream * torch.rsqrt(stream.square().mean(-1, keepdim=True) + spec.norm_eps) * weight
