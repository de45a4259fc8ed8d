"""The few operations that a block is made of, as torch does them everywhere; a device may have faster ones.

`Block` says in which order they come. Whoever computes several of torch's operations in one kernel overrides a method
here (`triton_operators`), so that there is one model and not one for each device.
"""

from typing import TYPE_CHECKING, cast

import torch.nn.functional as F
from torch import Tensor, nn

from .attention import Sight, attend
from .kv import KeyValues

if TYPE_CHECKING:
    from .transformer import GatedMLP, SelfAttention


class Operators:
    """torch's own operations, on every device and with gradients."""

    def project(self, inputs: Tensor, projection: nn.Module) -> Tensor:
        """(..., inputs) through a linear layer; an embedding stands for the head that is tied to it."""
        if isinstance(projection, nn.Embedding):
            return F.linear(inputs, projection.weight)
        return cast(Tensor, projection(inputs))

    def project_normed(
        self, stream: Tensor, norm: nn.RMSNorm, projections: tuple[nn.Module, ...]
    ) -> tuple[Tensor, ...]:
        """The stream (batch, length, width) normed, through each of some linear layers."""
        normed = norm(stream)
        return tuple(projection(normed) for projection in projections)

    def attend(
        self,
        projected: tuple[Tensor, ...],
        attention: "SelfAttention",
        angles: tuple[Tensor, Tensor],
        sight: Sight,
        cache: KeyValues | None,
    ) -> Tensor:
        """Rotate queries and keys, put keys and values into the cache where there is one, and attend.

        Args:
            projected: queries, keys and values, (batch, length, heads * head_dim) each, or all in one tensor.

        Returns:
            (batch, length, heads * head_dim).
        """
        queries, keys, values = attention.rotated(projected, angles)
        if cache is not None:
            keys, values = cache.update(attention.index, keys, values)
        return attend(queries, keys, values, sight).transpose(1, 2).flatten(2)

    def add_projected(self, stream: Tensor, inputs: Tensor, projection: nn.Module) -> Tensor:
        """The stream (batch, length, width) plus `inputs` (batch, length, inputs) through a linear layer."""
        return stream + cast(Tensor, projection(inputs))

    def gated(self, stream: Tensor, norm: nn.RMSNorm, mlp: "GatedMLP") -> Tensor:
        """What the MLP's last layer takes, (batch, length, mlp_width): `activation(gate(x)) * up(x)` of x normed."""
        parts = self.project_normed(stream, norm, mlp.inputs())
        gate, up = parts if len(parts) == 2 else parts[0].chunk(2, dim=-1)
        return mlp.activation(gate) * up
