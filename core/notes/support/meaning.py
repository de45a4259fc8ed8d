"""Nearness in meaning: vectors of words and sentences from the encoder that search uses, made once for each text."""

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..search.encoder import Encoder, Vectors

_MOST = 50_000
_vectors: "dict[str, Vectors]" = {}


@cache
def _encoder() -> "Encoder":
    from ..search.encoder import open_encoder

    return open_encoder()


def vectors(texts: Sequence[str]) -> "Vectors":
    """The vectors of texts, `(len(texts), dimensions)`, each of length 1."""
    import numpy as np

    new = [text for text in dict.fromkeys(texts) if text not in _vectors]
    if len(_vectors) + len(new) > _MOST:
        _vectors.clear()
        new = list(dict.fromkeys(texts))
    if new:
        # In order of length: texts of one batch are padded to the longest.
        new.sort(key=len)
        _vectors.update(zip(new, _encoder().encode_passages(new), strict=True))
    return np.stack([_vectors[text] for text in texts])
