"""The attention model: token ids to hidden states and logits, for whatever a `TransformerSpec` describes.

Modules carry the names that Hugging Face gives them in Llama, without the leading `model.`, so that adapters and
checkpoints map one to one.
"""

from collections.abc import Callable
from typing import cast

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .attention import Sight, look
from .kv import KeyValues
from .operators import Operators
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
        self.operators = Operators()
        self.cache_dtype: torch.dtype | None = None
        """Numbers in which keys and values are kept, where not those of the embedding."""
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
        return self.operators.project(hidden, self.embed_tokens if self.lm_head is None else self.lm_head)

    def use(self, operators: Operators) -> None:
        """Compute through `operators` from now on, for inference."""
        self.operators = operators
        for block in self.layers:
            cast(Block, block).operators = operators

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
        self.operators = Operators()

    def forward(self, hidden: Tensor, angles: tuple[Tensor, Tensor], sight: Sight, cache: KeyValues | None) -> Tensor:
        """(batch, length, width) to the same; `angles` and `sight` belong to the new tokens' positions."""
        operators, attention, mlp = self.operators, self.self_attn, self.mlp
        projected = operators.project_normed(hidden, self.input_layernorm, attention.inputs())
        mixed = operators.attend(projected, attention, angles, sight, cache)
        hidden = operators.add_projected(hidden, mixed, attention.o_proj)
        inner = operators.gated(hidden, self.post_attention_layernorm, mlp)
        return operators.add_projected(hidden, inner, mlp.down_proj)


class SelfAttention(nn.Module):
    """The layers around attention: projections to query, key and value heads, and back."""

    def __init__(self, spec: TransformerSpec, index: int) -> None:
        super().__init__()
        self.index, self.head_dim, self.window = index, spec.head_dim, spec.window
        self.q_proj = nn.Linear(spec.width, spec.heads * spec.head_dim, bias=spec.qkv_bias)
        self.k_proj = nn.Linear(spec.width, spec.kv_heads * spec.head_dim, bias=spec.qkv_bias)
        self.v_proj = nn.Linear(spec.width, spec.kv_heads * spec.head_dim, bias=spec.qkv_bias)
        self.o_proj = nn.Linear(spec.heads * spec.head_dim, spec.width, bias=spec.output_bias)
        self.qkv_proj: nn.Module | None = None
        """The three projections in one, once the model is fused."""
        self.heads, self.kv_heads = spec.heads, spec.kv_heads

    def inputs(self) -> tuple[nn.Module, ...]:
        """The layers that take the normed stream: one, or those of queries, keys and values."""
        return (self.q_proj, self.k_proj, self.v_proj) if self.qkv_proj is None else (self.qkv_proj,)

    def rotated(self, projected: tuple[Tensor, ...], angles: tuple[Tensor, Tensor]) -> tuple[Tensor, Tensor, Tensor]:
        """What `inputs` made of (batch, length, width) as queries, keys and values (batch, heads, length, head_dim)."""
        parts = [self._heads(part) for part in projected]
        if len(parts) == 3:
            return rotate(parts[0], *angles), rotate(parts[1], *angles), parts[2]
        turned, values = rotate(parts[0][:, : -self.kv_heads], *angles), parts[0][:, -self.kv_heads :]
        return turned[:, : self.heads], turned[:, self.heads :], values

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
        self.activation_name, self.activation = spec.activation, ACTIVATIONS[spec.activation]

    def inputs(self) -> tuple[nn.Module, ...]:
        """The layers that take the normed stream: one, or those of gate and up."""
        return (self.gate_proj, self.up_proj) if self.gate_up_proj is None else (self.gate_up_proj,)


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


ACTIVATIONS: dict[Activation, Callable[[Tensor], Tensor]] = {
    "silu": F.silu,
    "gelu": F.gelu,
    "gelu_tanh": _gelu_tanh,
    "relu": F.relu,
}
