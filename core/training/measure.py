"""Bits per byte of held-out notes: what a perfect compressor guided by the model would need for each byte of them.

Unlike perplexity it does not depend on how a tokenizer cuts the text, so that figures of different models compare.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import torch

from ..model.transformer import Transformer
from .data import Encoder
from .loss import cross_entropy
from .split import Named

MOST_BYTES = 32_768
"""Of longer held-out notes only passages of this many bytes together are measured, spread evenly over them."""

_PASSAGE_BYTES = 4_096


@dataclass(frozen=True)
class HeldOut:
    """Held-out text ready to be scored.

    Attributes:
        windows: token ids; the first of each is only seen, every other is predicted, each token of the text once.
        bytes: UTF-8 bytes of the text that the windows hold.
    """

    windows: list[list[int]]
    bytes: int


def held_out_windows(
    documents: Sequence[Named], tokenizer: Encoder, start: int, length: int, most_bytes: int = MOST_BYTES
) -> HeldOut:
    """Cut held-out documents into windows of `length` predicted tokens that follow each other without overlap.

    A text begins after the token `start`, and each later window with the last token of the one before: context is
    cut at windows, as it is in training rows, which makes the figure slightly worse than with a sliding window.
    """
    windows: list[list[int]] = []
    texts = _sample([text for _, text in documents], most_bytes)
    for text in texts:
        tokens = [start, *tokenizer.encode(text, special=False)]
        windows += [tokens[begin : begin + length + 1] for begin in range(0, len(tokens) - 1, length)]
    return HeldOut(windows, sum(len(text.encode("utf-8")) for text in texts))


def bits_per_byte(transformer: Transformer, held_out: HeldOut, device: torch.device) -> float:
    """Total negative log2-likelihood of the windows' tokens over the bytes of the text; dropout off, modes restored."""
    training = transformer.training
    transformer.eval()
    nats = 0.0
    with torch.no_grad():
        for window in held_out.windows:
            ids = torch.tensor([window], device=device)
            hidden = transformer(ids[:, :-1])[0]
            nats += float(cross_entropy(hidden, ids[0, 1:], transformer.logits))
    transformer.train(training)
    return nats / math.log(2) / held_out.bytes


def _sample(texts: list[str], most_bytes: int) -> list[str]:
    """The texts, or of more than `most_bytes` evenly spread passages that begin and end at paragraphs."""
    if sum(len(text.encode("utf-8")) for text in texts) <= most_bytes:
        return texts
    passages = [passage for text in texts for passage in _passages(text)]
    wanted = max(1, most_bytes // _PASSAGE_BYTES)
    if len(passages) <= wanted:
        return passages
    return [passages[(2 * n + 1) * len(passages) // (2 * wanted)] for n in range(wanted)]


def _passages(text: str) -> list[str]:
    """Paragraphs gathered to about `_PASSAGE_BYTES` bytes; a longer paragraph is cut."""
    passages, current, size = [], "", 0
    for paragraph in text.split("\n\n"):
        for begin in range(0, len(paragraph), _PASSAGE_BYTES):
            piece = paragraph[begin : begin + _PASSAGE_BYTES] + "\n\n"
            bytes_ = len(piece.encode("utf-8"))
            if current and size + bytes_ > _PASSAGE_BYTES:
                passages.append(current)
                current, size = "", 0
            current += piece
            size += bytes_
    return [*passages, current] if current else passages
