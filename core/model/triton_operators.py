"""The operations of a block on a CUDA GPU, for a few tokens at a time: six kernels per block, each weight read once.

Whatever they do not fit (many tokens, float32, a layer of another kind) goes through torch's operations.
"""

from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

from .attention import Sight
from .kv import KeyValues
from .operators import Operators
from .triton_attention import HEAD_DIMS, attend_one
from .triton_linear import Weights, fits, product
from .weight_only import WeightOnlyLinear

if TYPE_CHECKING:
    from .transformer import GatedMLP, SelfAttention

DTYPES = (torch.bfloat16, torch.float16)


class TritonOperators(Operators):
    """Operations for inference on a fused model whose stream is bfloat16 or float16."""

    def __init__(self, device: torch.device) -> None:
        processors = torch.cuda.get_device_properties(device).multi_processor_count if device.type == "cuda" else 1
        self._processors = processors

    def project(self, inputs: Tensor, projection: nn.Module) -> Tensor:
        """As `Operators.project`."""
        rows = inputs.reshape(-1, inputs.shape[-1])
        weights = _weights(projection, rows)
        if weights is None:
            return super().project(inputs, projection)
        return product(rows, weights).view(*inputs.shape[:-1], -1)

    def project_normed(
        self, stream: Tensor, norm: nn.RMSNorm, projections: tuple[nn.Module, ...]
    ) -> tuple[Tensor, ...]:
        """As `Operators.project_normed`; the norm of a single token happens inside the product."""
        rows = stream.reshape(-1, stream.shape[-1])
        found = [_weights(projection, rows) for projection in projections]
        if any(weights is None for weights in found):
            return super().project_normed(stream, norm, projections)
        inputs, gains, eps = _normed(rows, norm)
        products = (product(inputs, weights, gains, eps) for weights in found if weights is not None)
        return tuple(each.view(*stream.shape[:-1], -1) for each in products)

    def attend(
        self,
        projected: tuple[Tensor, ...],
        attention: "SelfAttention",
        angles: tuple[Tensor, Tensor],
        sight: Sight,
        cache: KeyValues | None,
    ) -> Tensor:
        """As `Operators.attend`; one new token per row behind what the cache holds."""
        every = projected[0]
        one = len(projected) == 1 and every.shape[1] == 1 and every.dtype in DTYPES
        if cache is None or not one or attention.head_dim not in HEAD_DIMS:
            return super().attend(projected, attention, angles, sight, cache)
        rows = len(every)
        keys, values = cache.buffers(attention.index)
        if keys.dtype != every.dtype:
            return super().attend(projected, attention, angles, sight, cache)
        cosines, sines = (each.expand(rows, -1, -1, -1).reshape(rows, -1).contiguous() for each in angles)
        positions = sight.positions.expand(rows, -1).reshape(rows)
        mixed = attend_one(
            every.reshape(rows, -1).contiguous(),
            cosines,
            sines,
            keys,
            values,
            positions,
            attention.window,
            self._processors,
        )
        return mixed.view(rows, 1, -1)

    def add_projected(self, stream: Tensor, inputs: Tensor, projection: nn.Module) -> Tensor:
        """As `Operators.add_projected`, the sum inside the product."""
        rows = inputs.reshape(-1, inputs.shape[-1])
        weights = _weights(projection, rows)
        if weights is None:
            return super().add_projected(stream, inputs, projection)
        return product(rows, weights, residual=stream.reshape(len(rows), -1)).view_as(stream)

    def gated(self, stream: Tensor, norm: nn.RMSNorm, mlp: "GatedMLP") -> Tensor:
        """As `Operators.gated`, with the activation inside the product."""
        rows = stream.reshape(-1, stream.shape[-1])
        inputs = mlp.inputs()
        weights = _weights(inputs[0], rows) if len(inputs) == 1 else None
        if weights is None:
            return super().gated(stream, norm, mlp)
        normed, gains, eps = _normed(rows, norm)
        return product(normed, weights, gains, eps, mlp.activation_name).view(*stream.shape[:-1], -1)


def _normed(rows: Tensor, norm: nn.RMSNorm) -> tuple[Tensor, Tensor | None, float]:
    """What a product takes for the norm of `rows`: a single row is normed on the way, several are normed before."""
    if len(rows) == 1:
        return rows, norm.weight, norm.eps or 0.0
    return norm(rows), None, 0.0


def _weights(layer: nn.Module, rows: Tensor) -> Weights | None:
    """The layer's weights for a product with `rows` (rows, inputs); None where the kernels do not fit."""
    if rows.dtype not in DTYPES or rows.requires_grad:
        return None
    if isinstance(layer, WeightOnlyLinear):
        outputs, inputs = layer.out_features, layer.in_features
        weights = Weights(
            layer.values, outputs, inputs, layer.bits, layer.group, layer.scales, layer.offsets, layer.bias
        )
    elif isinstance(layer, nn.Linear | nn.Embedding) and _plain(layer.weight, rows.dtype):
        outputs, inputs = layer.weight.shape
        bias = layer.bias if isinstance(layer, nn.Linear) else None
        weights = Weights(layer.weight, outputs, inputs, 16, bias=bias)
    else:
        return None
    return weights if fits(weights, len(rows)) else None


def _plain(weight: Tensor, dtype: torch.dtype) -> bool:
    return weight.dtype == dtype and weight.is_contiguous()
