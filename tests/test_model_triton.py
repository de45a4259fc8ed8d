"""The GPU kernels against torch's operations: on a GPU where there is one, else through Triton's interpreter."""

import os
from collections.abc import Iterator

import pytest
import torch
import torch.nn.functional as F

CUDA = torch.cuda.is_available()
if not CUDA:
    os.environ.setdefault("TRITON_INTERPRET", "1")  # read when triton is imported and when a kernel is defined
pytest.importorskip("triton")
# ruff: noqa: E402

from kcreate.core.decoding.graph import DecodeStep
from kcreate.core.decoding.static_cache import StaticKVCache
from kcreate.core.model.operators import Operators
from kcreate.core.model.rotary import rotate
from kcreate.core.model.spec import TransformerSpec
from kcreate.core.model.transformer import Transformer
from kcreate.core.model.triton_attention import attend_one
from kcreate.core.model.triton_linear import Weights, fits, product
from kcreate.core.model.triton_operators import TritonOperators
from kcreate.core.model.weight_only import WeightOnlyLinear, quantise_weights

DEVICE = torch.device("cuda" if CUDA else "cpu")
DTYPE = torch.bfloat16 if CUDA else torch.float16  # numpy, on which the interpreter runs, has no bfloat16
CLOSE = 1e-2 if CUDA else 1e-3


@pytest.fixture(autouse=True)
def interpreter_with_new_numpy(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Triton 3.6's interpreter takes loop bounds from arrays of one element, which numpy 2.4 no longer converts."""
    if not CUDA:
        from triton.runtime import interpreter

        original = interpreter._patch_lang_tensor

        def patched(tensor: object, scope: object) -> None:
            original(tensor, scope)
            scope.set_attr(tensor, "__index__", lambda value: value.handle.data.item())

        monkeypatch.setattr(interpreter, "_patch_lang_tensor", patched)
    yield


def random(*shape: int) -> torch.Tensor:
    return torch.randn(shape).to(DEVICE, DTYPE)


def relative(found: torch.Tensor, expected: torch.Tensor) -> float:
    return float((found.float() - expected.float()).norm() / expected.float().norm())


def some_weights(bits: int, outputs: int, inputs: int, bias: bool) -> tuple[Weights, torch.Tensor, torch.Tensor | None]:
    """Weights for the kernels, and as float32."""
    weight, shift = random(outputs, inputs) * inputs**-0.5, random(outputs) if bias else None
    if bits == 16:
        return Weights(weight, outputs, inputs, 16, bias=shift), weight.float(), shift
    layer = WeightOnlyLinear(weight, shift, bits)
    kernels = Weights(layer.values, outputs, inputs, bits, layer.group, layer.scales, layer.offsets, shift)
    return kernels, layer.weight(torch.float32), shift


@pytest.mark.parametrize("bits", [16, 8, 4])
@pytest.mark.parametrize("rows", [1, 2, 19])
@pytest.mark.parametrize("inputs", [128, 640])
def test_a_product_with_bias_and_residual(bits: int, rows: int, inputs: int) -> None:
    weights, floats, bias = some_weights(bits, 22, inputs, bias=True)
    hidden, residual = random(rows, inputs), random(rows, 22)
    assert bias is not None
    expected = F.linear(hidden.float(), floats, bias.float()) + residual.float()
    assert relative(product(hidden, weights, residual=residual), expected) < CLOSE


@pytest.mark.parametrize("bits", [16, 8, 4])
@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize("activation", ["silu", "gelu_tanh"])
def test_a_gated_product(bits: int, rows: int, activation: str) -> None:
    weights, floats, _ = some_weights(bits, 36, 128, bias=False)
    hidden = random(rows, 128)
    gate, up = F.linear(hidden.float(), floats).chunk(2, -1)
    expected = (F.silu(gate) if activation == "silu" else F.gelu(gate, approximate="tanh")) * up
    assert relative(product(hidden, weights, activation=activation), expected) < CLOSE


@pytest.mark.parametrize("bits", [16, 8, 4])
def test_a_norm_inside_the_product(bits: int) -> None:
    weights, floats, _ = some_weights(bits, 12, 256, bias=False)
    hidden, gains = 20 * random(1, 256), random(256)
    expected = F.linear(F.rms_norm(hidden.float(), (256,), gains.float(), 1e-5), floats)
    assert relative(product(hidden, weights, norm=gains, eps=1e-5), expected) < CLOSE


def test_what_the_kernels_cannot_take_is_left_to_torch() -> None:
    half_groups = some_weights(4, 8, 64, bias=False)[0]
    assert fits(half_groups, 1)
    assert not fits(half_groups, 2)
    assert not fits(some_weights(16, 8, 128, bias=False)[0], 65)


@pytest.mark.parametrize(("heads", "kv_heads", "head_dim"), [(4, 2, 32), (6, 1, 64), (2, 2, 128)])
@pytest.mark.parametrize("window", [None, 40])
@pytest.mark.parametrize("processors", [1, 132])
def test_attention_of_one_token(heads: int, kv_heads: int, head_dim: int, window: int | None, processors: int) -> None:
    lengths, room = [0, 63, 64, 199], 200
    projected = random(4, (heads + 2 * kv_heads) * head_dim)
    angles = torch.rand(4, head_dim // 2).repeat(1, 2) * 6
    cosines, sines = angles.cos().to(DEVICE, DTYPE), angles.sin().to(DEVICE, DTYPE)
    keys, values = random(4, kv_heads, room, head_dim), random(4, kv_heads, room, head_dim)
    queries, new_keys, new_values = projected.float().view(4, -1, 1, head_dim).split((heads, kv_heads, kv_heads), 1)
    queries, new_keys = (
        rotate(each, cosines[:, None, None].float(), sines[:, None, None].float()) for each in (queries, new_keys)
    )
    expected, all_keys, all_values = [], keys.float(), values.float()
    for row, length in enumerate(lengths):
        all_keys[row, :, length], all_values[row, :, length] = new_keys[row, :, 0], new_values[row, :, 0]
        first = 0 if window is None else max(0, length - window + 1)
        seen = slice(first, length + 1)
        mixed = F.scaled_dot_product_attention(
            queries[row : row + 1],
            all_keys[row : row + 1, :, seen],
            all_values[row : row + 1, :, seen],
            enable_gqa=True,
        )
        expected.append(mixed.flatten())
    positions = torch.tensor(lengths, device=DEVICE)
    found = attend_one(projected, cosines, sines, keys, values, positions, window, processors)
    assert relative(found, torch.stack(expected)) < CLOSE
    assert relative(keys, all_keys) < CLOSE
    assert relative(values, all_values) < CLOSE


@pytest.mark.parametrize("bits", [16, 8, 4])
@pytest.mark.parametrize("rows", [1, 3])
def test_a_model_decodes_as_with_torch(bits: int, rows: int) -> None:
    torch.manual_seed(0)
    model = small_model(bits)
    ids = torch.randint(0, 97, (rows, 7), device=DEVICE)
    logits = []
    for operators in (Operators(), TritonOperators(DEVICE)):
        step = begun(model, ids)
        model.use(operators)
        with torch.inference_mode():
            logits.append([step._run().clone() for _ in range(2)][-1])
    assert 0 < relative(logits[1], logits[0]) < CLOSE  # other roundings: the kernels were used


@pytest.mark.skipif(not CUDA, reason="graphs are CUDA's")
@pytest.mark.parametrize("bits", [16, 8, 4])
def test_a_captured_step_decodes_what_the_same_calls_do(bits: int) -> None:
    torch.manual_seed(0)
    model = small_model(bits)
    ids = torch.randint(0, 97, (3, 7), device=DEVICE)
    captured, plain = begun(model, ids), begun(model, ids)
    texts: list[list[list[int]]] = [[], []]
    for turn in range(20):
        captured([5, 6, 7] if turn == 0 else None)
        texts[0].append(captured.likeliest())
    assert isinstance(model.operators, TritonOperators)
    plain._tokens.copy_(torch.tensor([5, 6, 7]))
    plain._active.fill_(1)
    for _ in range(20):
        with torch.inference_mode():
            plain._run()
        texts[1].append(plain._tokens.tolist())
    assert texts[0] == texts[1]


def small_model(bits: int) -> Transformer:
    spec = TransformerSpec(
        family="llama",
        vocab_size=97,
        width=128,
        layers=2,
        heads=4,
        kv_heads=2,
        head_dim=32,
        mlp_width=128,
        max_length=64,
        qkv_bias=True,
        tied=bits != 8,
    )
    model = Transformer(spec).to(DEVICE, DTYPE).eval()
    model.fuse()
    if bits != 16:
        quantise_weights(model, bits)
    return model


def begun(model: Transformer, ids: torch.Tensor) -> DecodeStep:
    """A step behind a prefill by torch's operations."""
    model.use(Operators())
    cache = StaticKVCache(model.spec, len(ids), 64, DTYPE, DEVICE)
    cache.widen(len(ids))
    with torch.inference_mode():
        model(ids, cache)
    return DecodeStep(model, cache)
