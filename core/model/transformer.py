"""The attention model: token ids to hidden states and logits, for whatever a `TransformerSpec` describes.

Modules carry the names that Hugging Face gives them in Llama, without the leading `model.`, so that adapters and
checkpoints map one to one.
"""

from collections.abc import Callable
from typing import cast

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .attention import Sight, attend, look
from .kv import KeyValues
from .rotary import Rotary, rotate
from .spec import Activation, TransformerSpec


class Transformer(nn.Module):
    """A decoder-only transformer.

    ```
    ids → embed_tokens → [ input_layernorm → self_attn → + → post_attention_layernorm → mlp → + ] × layers → norm
    ```
    """

    def __init__(self, spec: TransformerSpec) -> None:
        super().__init__()
        self.spec = spec
        self.embed_tokens = nn.Embedding(spec.vocab_size, spec.width)
        self.layers = nn.ModuleList(Block(spec, index) for index in range(spec.layers))
        self.norm = nn.RMSNorm(spec.width, eps=spec.norm_eps)
        self.rotary = Rotary(spec.rope, spec.head_dim)
        self.lm_head: nn.Module | None = None
        """None where the head is the embedding matrix; quantisation gives a tied model a head of its own."""
        if not spec.tied:
            self.lm_head = nn.Linear(spec.width, spec.vocab_size, bias=False)

    def forward(self, ids: Tensor, cache: KeyValues | None = None, counts: Tensor | None = None) -> Tensor:
        """Hidden states after the final norm.

        Args:
            ids: (batch, length) int64. Shorter rows are padded at the right with any valid id.
            cache: the keys and values of earlier positions; row b's ids continue at position `cache.lengths[b]`, and
                the cache is advanced. None: every row begins at position 0 and nothing is kept (training).
            counts: (batch,) int64, how many ids of each row are real; None when all are. States at the padding are
                meaningless and no real token sees them.

        Returns:
            (batch, length, width).
        """
        window = self.spec.window
        sight = look([0], ids.shape[1], window, ids.device) if cache is None else cache.sight(ids.shape[1], window)
        hidden = self.embed_tokens(ids)
        angles = self.rotary(sight.positions, hidden.dtype)
        for block in self.layers:
            hidden = block(hidden, angles, sight, cache)
        if cache is not None:
            cache.advance(counts, ids.shape[1])
        return cast(Tensor, self.norm(hidden))

    def logits(self, hidden: Tensor) -> Tensor:
        """Scores of the next token, (..., vocab_size), for hidden states (..., width)."""
        if self.lm_head is None:
            return F.linear(hidden, self.embed_tokens.weight)
        return cast(Tensor, self.lm_head(hidden))

    def fuse(self) -> None:
        """Join the projections that read the same states, in place: fewer and larger products, for inference.

        The names of checkpoints and adapters are gone afterwards; load and merge those first.
        """
        for block in self.layers:
            attention, mlp = cast(Block, block).self_attn, cast(Block, block).mlp
            attention.qkv_proj = _joined(attention.q_proj, attention.k_proj, attention.v_proj)
            mlp.gate_up_proj = _joined(mlp.gate_proj, mlp.up_proj)
            del attention.q_proj, attention.k_proj, attention.v_proj, mlp.gate_proj, mlp.up_proj


class Block(nn.Module):
    """One layer: attention and MLP, each on the normed stream and added back to it."""

    def __init__(self, spec: TransformerSpec, index: int) -> None:
        super().__init__()
        self.input_layernorm = nn.RMSNorm(spec.width, eps=spec.norm_eps)
        self.self_attn = SelfAttention(spec, index)
        self.post_attention_layernorm = nn.RMSNorm(spec.width, eps=spec.norm_eps)
        self.mlp = GatedMLP(spec)

    def forward(self, hidden: Tensor, angles: tuple[Tensor, Tensor], sight: Sight, cache: KeyValues | None) -> Tensor:
        """(batch, length, width) to the same; `angles` and `sight` belong to the new tokens' positions."""
        hidden = hidden + self.self_attn(self.input_layernorm(hidden), angles, sight, cache)
        return cast(Tensor, hidden + self.mlp(self.post_attention_layernorm(hidden)))


class SelfAttention(nn.Module):
    """Projections to query, key and value heads, rotation, attention, projection back."""

    def __init__(self, spec: TransformerSpec, index: int) -> None:
        super().__init__()
        self.index, self.head_dim = index, spec.head_dim
        self.q_proj = nn.Linear(spec.width, spec.heads * spec.head_dim, bias=spec.qkv_bias)
        self.k_proj = nn.Linear(spec.width, spec.kv_heads * spec.head_dim, bias=spec.qkv_bias)
        self.v_proj = nn.Linear(spec.width, spec.kv_heads * spec.head_dim, bias=spec.qkv_bias)
        self.o_proj = nn.Linear(spec.heads * spec.head_dim, spec.width, bias=spec.output_bias)
        self.qkv_proj: nn.Module | None = None
        """The three projections in one, once the model is fused."""
        self.heads, self.kv_heads = spec.heads, spec.kv_heads

    def forward(self, hidden: Tensor, angles: tuple[Tensor, Tensor], sight: Sight, cache: KeyValues | None) -> Tensor:
        """(batch, length, width) to the same; new keys and values go into `cache` where there is one."""
        if self.qkv_proj is None:
            queries = rotate(self._heads(self.q_proj(hidden)), *angles)
            keys = rotate(self._heads(self.k_proj(hidden)), *angles)
            values = self._heads(self.v_proj(hidden))
        else:
            every = self._heads(self.qkv_proj(hidden))
            turned, values = rotate(every[:, : -self.kv_heads], *angles), every[:, -self.kv_heads :]
            queries, keys = turned[:, : self.heads], turned[:, self.heads :]
        if cache is not None:
            keys, values = cache.update(self.index, keys, values)
        mixed = attend(queries, keys, values, sight)
        return cast(Tensor, self.o_proj(mixed.transpose(1, 2).flatten(2)))

    def _heads(self, projected: Tensor) -> Tensor:
        """(batch, length, heads * head_dim) to (batch, heads, length, head_dim)."""
        return projected.view(*projected.shape[:2], -1, self.head_dim).transpose(1, 2)


class GatedMLP(nn.Module):
    """`down(activation(gate(x)) * up(x))` (Shazeer 2020, arXiv 2002.05202)."""

    def __init__(self, spec: TransformerSpec) -> None:
        super().__init__()
        self.gate_proj = nn.Linear(spec.width, spec.mlp_width, bias=spec.mlp_bias)
        self.up_proj = nn.Linear(spec.width, spec.mlp_width, bias=spec.mlp_bias)
        self.down_proj = nn.Linear(spec.mlp_width, spec.width, bias=spec.mlp_bias)
        self.gate_up_proj: nn.Module | None = None
        """Both projections in one, once the model is fused."""
        self.activation = _ACTIVATIONS[spec.activation]

    def forward(self, hidden: Tensor) -> Tensor:
        """(batch, length, width) to the same."""
        if self.gate_up_proj is None:
            gate, up = self.gate_proj(hidden), self.up_proj(hidden)
        else:
            gate, up = self.gate_up_proj(hidden).chunk(2, dim=-1)
        return cast(Tensor, self.down_proj(self.activation(gate) * up))


def _joined(*projections: nn.Linear) -> nn.Linear:
    """One projection whose outputs are those of all, one behind the other."""
    first = projections[0]
    with torch.device("meta"):
        whole = nn.Linear(first.in_features, sum(one.out_features for one in projections), first.bias is not None)
    whole.weight = nn.Parameter(torch.cat([one.weight.data for one in projections]), requires_grad=False)
    if first.bias is not None:
        whole.bias = nn.Parameter(torch.cat([one.bias.data for one in projections]), requires_grad=False)
    return whole.eval()


def _gelu_tanh(values: Tensor) -> Tensor:
    return F.gelu(values, approximate="tanh")


_ACTIVATIONS: dict[Activation, Callable[[Tensor], Tensor]] = {
    "silu": F.silu,
    "gelu": F.gelu,
    "gelu_tanh": _gelu_tanh,
    "relu": F.relu,
}
