"""Quantisation of a loaded model for inference, in place: which layers, and from which text their outliers are told."""

from collections.abc import Iterator, Sequence
from typing import Literal

import torch
from torch import Tensor, nn

from .checkpoint import Checkpoint
from .compiled import use_compiled
from .int8 import Int8Linear
from .transformer import Transformer

OUTLIERS = 16
"""Input channels of each layer that stay in float."""
BOTH_LAYOUTS = 2**30
"""Weights up to this many bytes are held in two layouts, one for a token alone and one for many."""

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


def quantise(checkpoint: Checkpoint, scheme: Literal["none", "int8", "int4"]) -> None:
    """Make a loaded checkpoint ready for inference, in place: projections joined, weights in the numbers of `scheme`.

    Adapters have to be merged before. On a CPU `int8` computes in int8 (`int8.py`); `int4`, and both on CUDA, store
    narrow weights and compute in the activations' numbers (`weight_only.py`).
    """
    transformer = checkpoint.transformer
    transformer.fuse()
    if scheme == "none":
        return
    if scheme == "int8" and transformer.embed_tokens.weight.device.type == "cpu":
        quantise_int8(transformer, checkpoint.tokenizer.encode(CALIBRATION, special=False))
        use_compiled(transformer)
        return
    from .weight_only import quantise_weights

    quantise_weights(transformer, 8 if scheme == "int8" else 4)


def quantise_int8(transformer: Transformer, calibration: Sequence[int]) -> None:
    """Replace the projections of a fused float32 transformer on the CPU by int8 ones, and give it an int8 head.

    Args:
        calibration: ids of a text; the channels that are largest on it are those that stay in float.
    """
    largest = _largest_inputs(transformer, calibration)
    size = sum(parameter.numel() for parameter in transformer.parameters())
    for parent, name, layer in list(_projections(transformer)):
        setattr(parent, name, _int8(layer.weight, layer.bias, largest[layer], size))
    head = transformer.lm_head
    weight = transformer.embed_tokens.weight if head is None else head.weight
    if torch.ops.mkldnn._is_mkldnn_bf16_supported():
        transformer.cache_dtype = torch.bfloat16
    transformer.lm_head = _int8(weight, None, largest[transformer.norm], size)  # type: ignore[arg-type]


def _int8(weight: Tensor, bias: Tensor | None, largest: Tensor, size: int) -> Int8Linear:
    outliers = largest.topk(min(OUTLIERS, len(largest) // 4)).indices.sort().values
    return Int8Linear(weight, bias, outliers, both_layouts=size <= BOTH_LAYOUTS)


def _projections(transformer: Transformer) -> Iterator[tuple[nn.Module, str, nn.Linear]]:
    """The linear layers of the blocks: (module that holds it, its name there, the layer)."""
    for block in transformer.layers:
        for parent in block.children():
            for name, layer in parent.named_children():
                if isinstance(layer, nn.Linear):
                    yield parent, name, layer


def _largest_inputs(transformer: Transformer, calibration: Sequence[int]) -> dict[nn.Module, Tensor]:
    """The largest absolute value that each input channel of a layer takes; under the last norm, that of the head."""
    largest: dict[nn.Module, Tensor] = {}

    def note(module: nn.Module, values: Tensor) -> None:
        largest[module] = values.detach().abs().flatten(0, -2).amax(0)

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
    return largest
