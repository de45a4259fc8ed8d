"""Int8 products on the CPU: weights and activations in eight bits, the few largest input channels left in float.

Weights have a scale per row, activations one per token, found as it comes; products are summed exactly in 32 bits, so
that a token's result does not depend on its neighbours in the batch. What rounding costs a language model comes nearly
all from a few input channels whose activations are tens of times the rest (Dettmers et al. 2022, arXiv 2208.07339):
those stay in float, in a small product beside the large one.
"""

import torch
from torch import Tensor, nn

LARGEST = 127


class Int8Linear(nn.Module):
    """A linear layer computed in int8, for inference.

    Attributes:
        weight: (outputs, inputs) int8, zero in the outlier channels; row r times `scale[r]` is the float weight.
        across: the same as (inputs, outputs), which products of several tokens read faster; None spares its memory.
        scale: (outputs,) float32.
        outliers: (channels,) int64, the inputs that stay in float.
        outlier_weight: (channels, outputs) float32.
    """

    weight: Tensor
    across: Tensor | None
    scale: Tensor
    kept: Tensor
    outliers: Tensor
    outlier_weight: Tensor
    bias: Tensor | None

    def __init__(self, weight: Tensor, bias: Tensor | None, outliers: Tensor, both_layouts: bool = True) -> None:
        """Quantise a float `weight` (outputs, inputs); `outliers` (channels,) are the inputs to leave out of it."""
        super().__init__()
        weight = weight.detach().float()
        kept = torch.ones(weight.shape[1])
        kept[outliers] = 0.0
        inner = weight * kept
        scale = inner.abs().amax(1).clamp_(min=torch.finfo(torch.float32).tiny) / LARGEST
        rounded = (inner / scale[:, None]).round_().to(torch.int8)
        self.register_buffer("weight", rounded)
        self.register_buffer("across", rounded.t().contiguous() if both_layouts else None)
        self.register_buffer("scale", scale)
        self.register_buffer("kept", kept)
        self.register_buffer("outliers", outliers)
        self.register_buffer("outlier_weight", weight[:, outliers].t().contiguous())
        self.register_buffer("bias", None if bias is None else bias.detach().float())

    def forward(self, inputs: Tensor) -> Tensor:
        """(..., inputs) float32 to (..., outputs) float32."""
        tokens = inputs.reshape(-1, inputs.shape[-1])
        outputs = int8_product(tokens, self.columns(len(tokens)), *self.constants())
        return outputs.view(*inputs.shape[:-1], -1)

    def columns(self, tokens: int) -> Tensor:
        """The weights as (inputs, outputs), in the layout that is read fastest for that many tokens."""
        return self.weight.t() if tokens == 1 or self.across is None else self.across

    def constants(self) -> tuple[Tensor, Tensor, Tensor, Tensor, Tensor | None]:
        """What `int8_product` takes behind the weights."""
        return self.scale, self.kept, self.outliers, self.outlier_weight, self.bias


def int8_product(
    inputs: Tensor,
    columns: Tensor,
    scale: Tensor,
    kept: Tensor,
    outliers: Tensor,
    outlier_weight: Tensor,
    bias: Tensor | None = None,
) -> Tensor:
    """(tokens, inputs) float32 times weights (inputs, outputs) int8 as `Int8Linear` holds them; a pure function.

    Returns:
        (tokens, outputs) float32.
    """
    inner = inputs * kept
    step = inner.abs().amax(-1, keepdim=True).clamp(min=1e-8) / LARGEST
    rounded = (inner / step).round().to(torch.int8)
    outputs = torch._int_mm(rounded, columns) * (step * scale)
    outputs = outputs + inputs.index_select(-1, outliers) @ outlier_weight
    return outputs if bias is None else outputs + bias
