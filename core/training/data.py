"""Training rows: documents as tokens, cut into rows of bounded length, dealt out in a fixed order.

A row never crosses a document. Where a long document is cut moves from epoch to epoch, so that no token is always the
first of its row. Everything follows from the seed and the step number; a run that goes on needs to remember no more.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from .split import Named

Tokens = NDArray[np.int32]


class Encoder(Protocol):
    """What training asks of a tokenizer."""

    def encode(self, text: str, special: bool = ...) -> list[int]:
        """Token ids of `text`; with `special=False` no part of the text can become a control token."""
        ...


@dataclass(frozen=True)
class Marks:
    """The token that stands before a document and the one that ends it."""

    start: int
    end: int


def encode_documents(documents: Sequence[Named], tokenizer: Encoder, marks: Marks) -> list[Tokens]:
    """Each document as `start, text…, end`. Notes are untrusted text: nothing in them becomes a control token."""
    return [
        np.array([marks.start, *tokenizer.encode(text, special=False), marks.end], dtype=np.int32)
        for _, text in documents
    ]


@dataclass(frozen=True)
class TrainingRows:
    """The rows of every epoch.

    Attributes:
        documents: each `(tokens,)`, marks included.
        length: the most tokens a row predicts; a row holds one more, for the first of them to be predicted from.
        tokens_per_step: about how many tokens one optimiser step sees.
        seed: what the cuts and the order follow from.
    """

    documents: list[Tokens]
    length: int
    tokens_per_step: int
    seed: int

    @property
    def tokens(self) -> int:
        """Tokens predicted in an epoch."""
        return sum(len(document) - 1 for document in self.documents)

    @property
    def steps_per_epoch(self) -> int:
        """Optimiser steps in an epoch, the same in each."""
        rows = sum(-(-(len(document) - 1) // self.length) for document in self.documents)
        return max(1, min(rows, round(self.tokens / self.tokens_per_step)))

    def step(self, number: int) -> list[Tokens]:
        """The rows of optimiser step `number` (from 0, over all epochs), the longest first."""
        epoch, place = divmod(number, self.steps_per_epoch)
        chance = random.Random(f"{self.seed}/{epoch}")
        rows = [
            (index, start, stop)
            for index, document in enumerate(self.documents)
            for start, stop in _cuts(len(document) - 1, self.length, chance)
        ]
        chance.shuffle(rows)
        mine = rows[len(rows) * place // self.steps_per_epoch : len(rows) * (place + 1) // self.steps_per_epoch]
        mine.sort(key=lambda row: row[1] - row[2])
        return [self.documents[index][start : stop + 1] for index, start, stop in mine]


def micro_batches(rows: list[Tokens], most_tokens: int) -> list[list[Tokens]]:
    """Rows (longest first) in groups that fit `most_tokens` when padded to the group's longest; one row at least."""
    groups: list[list[Tokens]] = []
    for row in rows:
        if groups and (len(groups[-1]) + 1) * len(groups[-1][0]) <= most_tokens:
            groups[-1].append(row)
        else:
            groups.append([row])
    return groups


def _cuts(tokens: int, length: int, chance: random.Random) -> list[tuple[int, int]]:
    """`tokens` cut into the fewest rows of at most `length`: the first as long as chance has it, the rest even."""
    rows = -(-tokens // length)
    if rows <= 1:
        return [(0, tokens)] if tokens else []
    first = chance.randint(max(1, tokens - (rows - 1) * length), length)
    left = tokens - first
    sizes = [first] + [left * (n + 1) // (rows - 1) - left * n // (rows - 1) for n in range(rows - 1)]
    ends = list(accumulate(sizes))
    return list(zip([0, *ends], ends, strict=False))
