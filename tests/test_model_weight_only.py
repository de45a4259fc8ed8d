"""Weights in eight and four bits: what they stand for, and what a model of them computes."""

import pytest
import torch
import torch.nn.functional as F

from kcreate.core.model.int4_cpu import Int4CpuLinear
from kcreate.core.model.int8 import Int8Linear
from kcreate.core.model.spec import TransformerSpec
from kcreate.core.model.transformer import Transformer
from kcreate.core.model.weight_only import GROUPS, WeightOnlyLinear, group_size, pack, quantise_weights, unpack

SPEC = TransformerSpec(
    family="llama", vocab_size=97, width=64, layers=2, heads=4, kv_heads=2, head_dim=16, mlp_width=96, max_length=64
)


def relative(found: torch.Tensor, expected: torch.Tensor) -> float:
    return float((found - expected).norm() / expected.norm())


def test_packed_codes_come_back() -> None:
    codes = torch.randint(0, 16, (5, 96), dtype=torch.uint8)
    packed = pack(codes)
    assert packed.shape == (5, 12)
    assert packed.dtype == torch.int32
    assert torch.equal(unpack(packed), codes)


@pytest.mark.parametrize(("bits", "step"), [(8, 1 / 127), (4, 2 / 15)])
def test_a_weight_is_off_by_half_a_step_at_most(bits: int, step: float) -> None:
    weight = torch.rand(16, 256) * 2 - 1
    weight[3] *= 40
    layer = WeightOnlyLinear(weight, None, bits)
    off = (layer.weight(torch.float32) - weight).abs().amax(1) / weight.abs().amax(1)
    clipped = 0.0 if bits == 8 else 0.2  # int4 may give up the ends of a range for the rest of it
    assert float(off.max()) < step * 0.52 + clipped
    assert relative(layer.weight(torch.float32), weight) < {8: 0.006, 4: 0.08}[bits]


def test_int4_takes_weights_that_are_not_around_zero() -> None:
    weight = torch.rand(8, 64) + 3
    layer = WeightOnlyLinear(weight, None, 4)
    assert float((layer.weight(torch.float32) - weight).abs().max()) < 0.06


@pytest.mark.parametrize("bits", [8, 4])
def test_a_layer_of_zeros_stays_one(bits: int) -> None:
    layer = WeightOnlyLinear(torch.zeros(4, 32), torch.ones(4), bits)
    assert torch.equal(layer(torch.randn(2, 32)), torch.ones(2, 4))


@pytest.mark.parametrize("bits", [8, 4])
def test_the_layer_computes_with_the_weights_it_stands_for(bits: int) -> None:
    weight, bias, inputs = torch.randn(24, 128), torch.randn(24), torch.randn(2, 3, 128)
    layer = WeightOnlyLinear(weight, bias, bits)
    assert torch.allclose(layer(inputs), F.linear(inputs, layer.weight(torch.float32), bias), atol=1e-4)
    narrow = layer(inputs.bfloat16())
    assert narrow.dtype == torch.bfloat16
    assert relative(narrow.float(), layer(inputs)) < 0.02


def test_groups_are_as_large_as_the_inputs_allow() -> None:
    assert [group_size(inputs, GROUPS) for inputs in (4096, 576, 96)] == [128, 64, 32]
    with pytest.raises(ValueError, match="groups"):
        group_size(80, GROUPS)
    with pytest.raises(ValueError, match="3 bits"):
        WeightOnlyLinear(torch.randn(4, 32), None, 3)


def test_int4_through_torchs_cpu_kernel_is_the_same_layer() -> None:
    layer = WeightOnlyLinear(torch.randn(48, 64), torch.randn(48), 4)
    inputs = torch.randn(2, 3, 64)
    found = Int4CpuLinear(layer)(inputs)
    assert found.dtype == torch.float32
    assert relative(found, layer(inputs)) < 0.02


@pytest.mark.parametrize(("bits", "close"), [(8, 0.05), (4, 0.3)])
@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
@pytest.mark.parametrize("tied", [True, False])
@torch.inference_mode()
def test_a_quantised_model_stays_near_its_floats(bits: int, close: float, dtype: torch.dtype, tied: bool) -> None:
    torch.manual_seed(0)
    model = Transformer(TransformerSpec(**{**SPEC.__dict__, "tied": tied})).eval().to(dtype)
    ids = torch.randint(0, 97, (2, 20))
    expected = model.logits(model(ids)).float()
    model.fuse()
    embedding = model.embed_tokens.weight.clone()
    quantise_weights(model, bits)
    found = model.logits(model(ids)).float()
    assert 0 < relative(found, expected) < close
    assert torch.equal(model.embed_tokens.weight, embedding)
    inner = {8: Int8Linear, 4: Int4CpuLinear} if dtype == torch.float32 else {8: WeightOnlyLinear, 4: WeightOnlyLinear}
    assert {type(layer) for block in model.layers for layer in (block.self_attn.o_proj, block.mlp.gate_up_proj)} == {
        inner[bits]
    }
    assert type(model.lm_head) is inner[8]
