"""Nearness in meaning: vectors of words and sentences from the encoder that search uses, made once for each text."""

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..search.encoder import Encoder, Vectors

_MOST = 50_000


class _Memory:
    """The encoder, loaded when first asked, and the vectors that it made, at most so many."""

    def __init__(self) -> None:
        from ..search.encoder import open_encoder

        self._encoder: Encoder = open_encoder()
        self._vectors: dict[str, Vectors] = {}

    def of(self, texts: Sequence[str]) -> "Vectors":
        import numpy as np

        if len(self._vectors) + len(texts) > _MOST:
            self._vectors.clear()
        new = sorted({text for text in texts if text not in self._vectors}, key=lambda text: (len(text), text))
        self._vectors.update(zip(new, self._encoder.encode_passages(new), strict=True))
        return np.stack([self._vectors[text] for text in texts])


@cache
def _memory() -> _Memory:
    return _Memory()


def vectors(texts: Sequence[str]) -> "Vectors":
    """The vectors of texts, `(len(texts), dimensions)`, each of length 1.

    Raises:
        InputError: the encoder's package is not installed.
    """
    return _memory().of(texts)
