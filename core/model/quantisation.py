"""Quantisation of a loaded model for inference, in place: which layers, and how they are made ready for few bits."""

import contextlib
import platform
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Literal, cast

import torch
from torch import Tensor, nn

from ..errors import KcreateError
from ..storage import write_bytes
from .checkpoint import Checkpoint
from .compiled import use_compiled
from .int8 import Int8Linear, products_are_exact
from .transformer import Block, Transformer

BOTH_LAYOUTS = 2**30
"""Weights up to this many bytes are held in two layouts, one for a token alone and one for many."""
WORTH_KEEPING = 2**24
"""Weights from which on it takes longer to measure a model's inputs than to read what was measured before."""
MOST_LEVELLED = 100.0
"""An input is divided by at most so much, or multiplied."""

CALIBRATION = """Rivers carve valleys over thousands of years. First the water loosens small stones; then it carries them away:

1. rain falls on the hills
2. streams gather in a river
3. the river reaches the sea, 1,240 km from its source

```python
def mean(values: list[float]) -> float:
    return sum(values) / len(values)
```

| element | symbol | number |
|---|---|---|
| iron | Fe | 26 |

"Why does bread rise?" she asked. Because yeast turns sugar into gas, about $V = nRT/p$ of it, and the dough holds it.
水在加热后变成蒸汽，遇冷又凝结成云；学习一门语言，要先听、再说、最后写。春分那天，昼夜几乎一样长。
Note: never mix bleach with vinegar. In 1969 two people walked on the Moon, and 600 million watched them do it.
"""
"""A little of everything that notes hold, in our own words: English, Chinese, a list, code, a table, a formula."""


def quantise(checkpoint: Checkpoint, scheme: Literal["none", "int8", "int4"], measured: Path | None = None) -> None:
    """Make a loaded checkpoint ready for inference, in place: projections joined, weights in the numbers of `scheme`.

    Adapters have to be merged before. On a CPU `int8` computes in int8 (`int8.py`), or stays in float where the processor
    cannot; `int4`, and both on CUDA, store narrow weights and compute in the activations' numbers (`weight_only.py`).
    """
    transformer = checkpoint.transformer
    transformer.fuse()
    if scheme == "none":
        return
    if scheme == "int8" and transformer.embed_tokens.weight.device.type == "cpu":
        if products_are_exact():
            quantise_int8(transformer, checkpoint.tokenizer.encode(CALIBRATION, special=False), measured)
            use_compiled(transformer)
        return
    from .weight_only import quantise_weights

    quantise_weights(transformer, 8 if scheme == "int8" else 4)


def quantise_int8(transformer: Transformer, calibration: Sequence[int], measured: Path | None = None) -> None:
    """Replace the projections of a fused float32 transformer on the CPU by int8 ones, and give it an int8 head.

    Args:
        calibration: ids of a text; on it the inputs of each layer are measured and levelled.
        measured: as of `quantise`.
    """
    if transformer.lm_head is None:
        transformer.lm_head = _own_head(transformer.embed_tokens.weight)
    _level_inputs(transformer, _known_sizes(transformer, calibration, measured))
    both = sum(parameter.numel() for parameter in transformer.parameters()) <= BOTH_LAYOUTS
    for parent, name, layer in list(_projections(transformer)):
        setattr(parent, name, Int8Linear(layer.weight, layer.bias, both))
    transformer.lm_head = Int8Linear(cast(Tensor, transformer.lm_head.weight), None, both)
    if _multiplies_bfloat16():
        transformer.cache_dtype = torch.bfloat16


def _own_head(weight: Tensor) -> nn.Linear:
    with torch.device("meta"):
        head = nn.Linear(weight.shape[1], weight.shape[0], bias=False)
    head.weight = nn.Parameter(weight.detach().clone(), requires_grad=False)
    return head


def _projections(transformer: Transformer) -> Iterator[tuple[nn.Module, str, nn.Linear]]:
    """The linear layers of the blocks: (module that holds it, its name there, the layer)."""
    for block in transformer.layers:
        for parent in block.children():
            for name, layer in parent.named_children():
                if isinstance(layer, nn.Linear):
                    yield parent, name, layer


def _known_sizes(
    transformer: Transformer, calibration: Sequence[int], measured: Path | None
) -> dict[nn.Module, Tensor]:
    """The sizes that the file `measured` holds for the transformer, else measured now and kept there."""
    from safetensors import SafetensorError, safe_open
    from safetensors.torch import save

    if sum(parameter.numel() for parameter in transformer.parameters()) < WORTH_KEEPING:
        measured = None
    projections = [layer for _, _, layer in _projections(transformer)]
    layers: list[nn.Module] = [*projections, transformer.norm]
    widths = [*(layer.weight.shape[1] for layer in projections), transformer.spec.width]
    if measured is not None:
        try:
            with safe_open(measured, framework="pt") as file:
                kept = [file.get_tensor(str(place)) for place in range(len(layers))]
            if [tuple(each.shape) for each in kept] == [(width,) for width in widths]:
                return dict(zip(layers, kept, strict=True))
        except (OSError, SafetensorError):
            pass  # not there yet, or damaged: it is measured and written anew
    sizes = _input_sizes(transformer, calibration)
    if measured is not None:
        with contextlib.suppress(KcreateError):  # a cache that cannot be written is no reason to stop
            write_bytes(measured, save({str(place): sizes[layer] for place, layer in enumerate(layers)}))
    return sizes


def _input_sizes(transformer: Transformer, calibration: Sequence[int]) -> dict[nn.Module, Tensor]:
    """The root of the mean square that each input of a layer has; under the last norm, that of the head."""
    sizes: dict[nn.Module, Tensor] = {}

    def note(module: nn.Module, values: Tensor) -> None:
        sizes[module] = values.detach().square().flatten(0, -2).mean(0).sqrt()

    hooks = [
        layer.register_forward_pre_hook(lambda module, inputs: note(module, inputs[0]))
        for _, _, layer in _projections(transformer)
    ]
    hooks.append(transformer.norm.register_forward_hook(lambda module, _, output: note(module, output)))
    try:
        with torch.inference_mode():
            transformer(torch.tensor([list(calibration)]))
    finally:
        for hook in hooks:
            hook.remove()
    return sizes


def _level_inputs(transformer: Transformer, sizes: dict[nn.Module, Tensor]) -> None:
    """Divide inputs that are large and multiply their weights, in place: the same products, easier to round.

    The division goes into what makes the inputs, a norm or the other half of a gated MLP, so that it costs nothing
    (Xiao et al. 2022, arXiv 2211.10438, with half the difficulty moved).
    """
    for each in transformer.layers:
        block = cast(Block, each)
        attention, mlp = block.self_attn, block.mlp
        down, gate_up = mlp.down_proj, cast(nn.Linear, mlp.gate_up_proj)
        factors = _level(down, sizes[down])
        up = gate_up.weight.data[len(factors) :]
        up /= factors[:, None]
        if gate_up.bias is not None:
            gate_up.bias.data[len(factors) :] /= factors
        block.post_attention_layernorm.weight.data /= _level(gate_up, sizes[gate_up])
        qkv = cast(nn.Linear, attention.qkv_proj)
        block.input_layernorm.weight.data /= _level(qkv, sizes[qkv])
    head = cast(nn.Linear, transformer.lm_head)
    transformer.norm.weight.data /= _level(head, sizes[transformer.norm])


def _level(layer: nn.Linear, sizes: Tensor) -> Tensor:
    """Multiply the weights of each input; returns the factors (inputs,), by which the inputs have to be divided."""
    weights = layer.weight.data
    largest: Tensor = torch.linalg.vector_norm(weights, torch.inf, dim=0)
    factors = (sizes.clamp(min=1e-5) / largest.clamp(min=1e-5)).sqrt()
    factors = (factors / factors.median()).clamp(1 / MOST_LEVELLED, MOST_LEVELLED)
    weights *= factors
    return factors


def _multiplies_bfloat16() -> bool:
    """Whether the processor itself multiplies bfloat16, so that attention over a narrow cache is the faster one."""
    if platform.machine().lower() in ("x86_64", "amd64"):
        return torch.cpu._is_avx512_bf16_supported() or torch.cpu._is_amx_tile_supported()
    return bool(torch.ops.mkldnn._is_mkldnn_bf16_supported())
