"""What turns text into vectors: the interface, and which encoder a name or a folder stands for."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]
else:
    Vectors = "NDArray[np.float32]"


class Encoder(Protocol):
    """A model whose vectors of a question and of the passages that answer it point the same way.

    Attributes:
        name: what the vectors depend on (model, version, settings); vectors of another name are never compared.
        dimensions: numbers in a vector.
    """

    @property
    def name(self) -> str: ...
    @property
    def dimensions(self) -> int: ...

    def count(self, text: str) -> int:
        """How many tokens the model makes of a text, by which passages are sized."""
        ...

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """Vectors of length 1, `(len(texts), dimensions)`."""
        ...

    def encode_query(self, text: str) -> Vectors:
        """The vector of a question, `(dimensions,)`, of length 1."""
        ...


def open_encoder(encoder: "Encoder | Path | str | None" = None) -> Encoder:
    """The default encoder, that of a BERT-family folder, or the one that is given.

    Raises:
        InputError: the default's package is not installed.
        ModelUnavailableError: the folder holds no encoder that can be read.
    """
    if encoder is None:
        from .universal import UniversalSentenceEncoder

        return UniversalSentenceEncoder()
    if isinstance(encoder, str | Path):
        from .bert_folder import BertFolder

        return BertFolder(Path(encoder))
    return encoder
