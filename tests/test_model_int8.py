"""Int8 on the CPU: mixing changes no product, layers stay near float, and so do whole models."""

from dataclasses import replace
from pathlib import Path

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from kcreate.core.model import quantisation
from kcreate.core.model.checkpoint import load_checkpoint
from kcreate.core.model.int8 import Int8Linear, mixed
from kcreate.core.model.quantisation import CALIBRATION, _input_sizes, _level_inputs, _own_head, quantise, quantise_int8
from kcreate.core.model.spec import TransformerSpec
from kcreate.core.model.transformer import Transformer

SPEC = TransformerSpec(
    family="llama", vocab_size=96, width=64, layers=2, heads=4, kv_heads=2, head_dim=16, mlp_width=96, max_length=128
)
VARIANTS = {
    "tied": replace(SPEC, tied=True),
    "untied": SPEC,
    "biased": replace(SPEC, qkv_bias=True, output_bias=True, mlp_bias=True),
    "odd width": replace(SPEC, width=45, mlp_width=77),
}
IDS = torch.arange(40).view(1, 40) % 96


def tiny(spec: TransformerSpec, seed: int = 1) -> Transformer:
    """A fused random model whose norms make a few inputs much larger than the rest, as trained models do."""
    torch.manual_seed(seed)
    transformer = Transformer(spec).eval().requires_grad_(False)
    for name, parameter in transformer.named_parameters():
        if name.endswith("bias"):
            parameter.normal_(0, 0.1)
        elif name.endswith("norm.weight"):
            parameter[:3] = 20.0
    transformer.fuse()
    return transformer


def relative(found: Tensor, wanted: Tensor) -> float:
    return float((found - wanted).norm() / wanted.norm())


@pytest.mark.parametrize("inputs", [1536, 72, 12, 45])
def test_mixing_both_sides_changes_no_product(inputs: int, monkeypatch: pytest.MonkeyPatch) -> None:
    tokens, weights = torch.randn(5, inputs), torch.randn(7, inputs)
    together = min(16, inputs & -inputs)
    torch.testing.assert_close(mixed(tokens) @ mixed(weights).t() / together, tokens @ weights.t(), atol=1e-4, rtol=0)
    as_run = mixed(tokens)
    monkeypatch.setattr(torch.compiler, "is_exporting", lambda: True)
    torch.testing.assert_close(mixed(tokens), as_run, atol=1e-5, rtol=0)


def test_a_layer_is_near_float_also_where_single_inputs_are_large() -> None:
    torch.manual_seed(2)
    layer, tokens = nn.Linear(576, 960).requires_grad_(False), torch.randn(64, 576)
    quantised = Int8Linear(layer.weight, layer.bias)
    assert relative(quantised(tokens), layer(tokens)) < 0.012
    tokens[:, 100] *= 20
    assert relative(quantised(tokens), layer(tokens)) < 0.02
    assert relative(Int8Linear(layer.weight, layer.bias, both_layouts=False)(tokens), quantised(tokens)) == 0.0


def test_a_token_of_zeros_gives_the_bias_and_empty_rows_of_weights_give_zero() -> None:
    weight, bias = torch.randn(8, 32), torch.randn(8)
    weight[3] = 0.0
    layer = Int8Linear(weight, bias)
    assert torch.equal(layer(torch.zeros(2, 32)), bias.expand(2, 8))
    assert bool((layer(torch.randn(5, 32))[:, 3] == bias[3]).all())


def test_a_token_gets_the_same_beside_others_as_alone() -> None:
    torch.manual_seed(3)
    layer = Int8Linear(torch.randn(160, 576))
    whole = torch.randint(-50, 50, (33, 576)).float()  # sums of whole numbers are exact in any order
    together = layer(whole)
    assert all(torch.equal(layer(whole[row : row + 1]), together[row : row + 1]) for row in range(33))
    tokens = torch.randn(33, 576)
    together = layer(tokens)
    assert max(relative(layer(tokens[row : row + 1]), together[row : row + 1]) for row in range(33)) < 2e-3


@pytest.mark.parametrize("name", VARIANTS)
def test_levelled_inputs_give_the_same_logits(name: str) -> None:
    transformer = tiny(VARIANTS[name])
    before = transformer.logits(transformer(IDS))
    if transformer.lm_head is None:
        transformer.lm_head = _own_head(transformer.embed_tokens.weight)
    _level_inputs(transformer, _input_sizes(transformer, IDS[0].tolist()))
    torch.testing.assert_close(transformer.logits(transformer(IDS)), before, atol=2e-4, rtol=1e-4)
    assert float(transformer.norm.weight[:3].max()) < 15.0


@pytest.mark.parametrize("name", VARIANTS)
def test_a_quantised_model_is_near_float(name: str) -> None:
    transformer = tiny(VARIANTS[name])
    table = transformer.embed_tokens.weight.clone()
    before = transformer.logits(transformer(IDS))
    quantise_int8(transformer, IDS[0].tolist())
    assert not any(isinstance(module, nn.Linear) for module in transformer.modules())
    assert torch.equal(transformer.embed_tokens.weight, table)
    error = relative(transformer.logits(transformer(IDS)), before)
    assert 0.0 < error < 0.05


def test_a_checkpoint_is_quantised_by_scheme(tiny_llama: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KCREATE_CACHE", str(tmp_path))
    plain, narrow = load_checkpoint(tiny_llama), load_checkpoint(tiny_llama)
    quantise(plain, "none")
    quantise(narrow, "int8")
    assert isinstance(plain.transformer.layers[0].mlp.down_proj, nn.Linear)
    assert isinstance(narrow.transformer.layers[0].mlp.down_proj, Int8Linear)
    with torch.inference_mode():
        logits = [one.transformer.logits(one.transformer(IDS)) for one in (plain, narrow)]
    assert 0.0 < relative(logits[1], logits[0]) < 0.1


def test_the_real_model_loses_next_to_nothing(smollm2: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KCREATE_CACHE", str(tmp_path))
    text = (
        "A branch is a movable name for a commit. When you commit on a branch, its name moves on to the new commit, "
        "and the old one becomes its parent. Merging joins two lines of work: if nothing has changed on one side, Git "
        "moves the name forward; otherwise it makes a commit with two parents. Conflicts appear where both sides have "
        "changed the same lines, and Git asks you to choose. 线性回归假设输出是输入的加权和，再加上一个偏置。"
    )
    assert not set(text.split("。")) & set(CALIBRATION.split("。")) - {""}
    checkpoint = load_checkpoint(smollm2)
    ids = torch.tensor([checkpoint.tokenizer.encode(text, special=False)])
    transformer = checkpoint.transformer

    def scores() -> Tensor:
        with torch.inference_mode():
            return transformer.logits(transformer(ids))[0, :-1].log_softmax(-1)

    float32 = scores()
    quantise(checkpoint, "int8")
    int8 = scores()
    divergence = (float32.exp() * (float32 - int8)).sum(-1).mean()
    assert 0.0 < float(divergence) < 0.012
    losses = [float(F.nll_loss(found, ids[0, 1:])) for found in (float32, int8)]
    assert abs(losses[1] - losses[0]) < 0.03
    assert float((float32.argmax(-1) == int8.argmax(-1)).float().mean()) > 0.9


def test_a_processor_whose_int8_products_saturate_stays_in_float(
    tiny_llama: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(torch, "_int_mm", lambda rows, columns: (rows.float() @ columns.float()).clamp(max=2**15).int())
    checkpoint = load_checkpoint(tiny_llama)
    quantise(checkpoint, "int8")
    assert not any(isinstance(module, Int8Linear) for module in checkpoint.transformer.modules())


def test_what_calibration_measured_is_read_the_next_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quantisation, "WORTH_KEEPING", 0)
    kept, forwards = tmp_path / "cache" / "measured.safetensors", []
    logits = []
    for damage in (False, False, True, False):
        if damage:
            kept.write_bytes(kept.read_bytes()[:40])
        transformer = tiny(SPEC)
        hook = transformer.register_forward_pre_hook(lambda *_, damage=damage: forwards.append(damage))
        quantise_int8(transformer, IDS[0].tolist(), kept)
        hook.remove()
        with torch.inference_mode():
            logits.append(transformer.logits(transformer(IDS)))
    assert forwards == [False, True]  # measured the first time, and when the file was damaged
    assert all(torch.equal(each, logits[0]) for each in logits)
    unwritable = tmp_path / "file"
    unwritable.touch()
    quantise_int8(tiny(SPEC), IDS[0].tolist(), unwritable / "measured.safetensors")
