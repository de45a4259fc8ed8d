"""The operations a block is made of: a device's own take the place of torch's in every block and in the head."""

import torch
from torch import Tensor, nn

from kcreate.core.model.operators import Operators
from kcreate.core.model.spec import TransformerSpec
from kcreate.core.model.transformer import Transformer

SPEC = TransformerSpec(
    family="llama",
    vocab_size=97,
    width=32,
    layers=3,
    heads=4,
    kv_heads=2,
    head_dim=8,
    mlp_width=48,
    max_length=64,
    qkv_bias=True,
    tied=True,
)


class Counting(Operators):
    """torch's operations, written down by name."""

    def __init__(self) -> None:
        self.seen: list[str] = []

    def __getattribute__(self, name: str) -> object:
        if not name.startswith("_") and name != "seen":
            object.__getattribute__(self, "seen").append(name)
        return object.__getattribute__(self, name)


@torch.inference_mode()
def test_every_block_and_the_head_go_through_the_operators() -> None:
    torch.manual_seed(0)
    model, ids = Transformer(SPEC).eval(), torch.randint(0, 97, (2, 9))
    expected = model.logits(model(ids))
    own = Counting()
    model.use(own)
    assert torch.equal(model.logits(model(ids)), expected)
    counts = {name: own.seen.count(name) for name in own.seen}
    assert counts == {"project_normed": 6, "attend": 3, "add_projected": 6, "gated": 3, "project": 1}


@torch.inference_mode()
def test_joined_projections_compute_the_same() -> None:
    torch.manual_seed(0)
    model, ids = Transformer(SPEC).eval(), torch.randint(0, 97, (2, 9))
    expected = model(ids)
    model.fuse()
    assert torch.allclose(model(ids), expected, atol=1e-5)


@torch.inference_mode()
def test_a_layer_that_takes_the_place_of_a_projection_is_called() -> None:
    class Doubled(nn.Module):
        def __init__(self, inner: nn.Module) -> None:
            super().__init__()
            self.inner = inner

        def forward(self, inputs: Tensor) -> Tensor:
            doubled: Tensor = 2 * self.inner(inputs)
            return doubled

    torch.manual_seed(0)
    model, other, ids = Transformer(SPEC).eval(), Transformer(SPEC).eval(), torch.randint(0, 97, (1, 5))
    other.load_state_dict(model.state_dict())
    for block in model.layers:
        block.mlp.down_proj = Doubled(block.mlp.down_proj)
    for block in other.layers:
        block.mlp.down_proj.weight.mul_(2)
    assert torch.allclose(model(ids), other(ids), atol=1e-5)
