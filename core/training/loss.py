"""Cross-entropy over a large vocabulary, a few positions at a time, so that the logits never exist whole.

512 tokens times 49,152 words are 100 MB of logits, and as much again for each of softmax and gradient. The head is
frozen here, so each piece's gradient is taken as soon as its loss is known and the piece is dropped: no second forward,
as recomputing in the backward pass would need.
"""

from collections.abc import Callable
from typing import Any, cast

import torch
import torch.nn.functional as F
from torch import Tensor

CHUNK = 128


def cross_entropy(hidden: Tensor, targets: Tensor, logits: Callable[[Tensor], Tensor], chunk: int = CHUNK) -> Tensor:
    """The sum of the targets' negative log-likelihoods, in nats, as a float32 scalar.

    Gradients flow into `hidden` and no further: what `logits` is made of counts as frozen.

    Args:
        hidden: (tokens, width).
        targets: (tokens,) int64.
        logits: (n, width) to (n, vocab_size).
        chunk: positions scored at a time.
    """
    if torch.is_grad_enabled() and hidden.requires_grad:
        # torch annotates neither Function.apply nor what comes out of it
        return cast(Tensor, _ChunkedCrossEntropy.apply(hidden, targets, logits, chunk))  # type: ignore[no-untyped-call]
    total = torch.zeros((), dtype=torch.float32, device=hidden.device)
    for piece, wanted in zip(torch.split(hidden, chunk), torch.split(targets, chunk), strict=True):
        total += F.cross_entropy(logits(piece).float(), wanted, reduction="sum")
    return total


class _ChunkedCrossEntropy(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, hidden: Tensor, targets: Tensor, logits: Callable[[Tensor], Tensor], chunk: int) -> Tensor:
        total = torch.zeros((), dtype=torch.float32, device=hidden.device)
        gradients: list[Tensor] = []
        for piece, wanted in zip(torch.split(hidden, chunk), torch.split(targets, chunk), strict=True):
            with torch.enable_grad():
                leaf = piece.detach().requires_grad_()
                loss = F.cross_entropy(logits(leaf).float(), wanted, reduction="sum")
            gradients += torch.autograd.grad(loss, leaf)
            total += loss.detach()
        ctx.save_for_backward(torch.cat(gradients))
        return total

    @staticmethod
    def backward(ctx: Any, *outer: Tensor) -> tuple[Tensor, None, None, None]:
        (gradient,) = ctx.saved_tensors
        return gradient * outer[0].to(gradient.dtype), None, None, None
