"""What a family's adapter does, and which adapter reads which checkpoint.

An adapter is a module: it writes a `TransformerSpec` and knows the tensors' names in both file formats. `name` is
always a parameter's name in our `Transformer`.
"""

from typing import Any, Protocol

from torch import Tensor

from . import llama
from .gguf_file import GGUFFile
from .spec import TransformerSpec


class Family(Protocol):
    """The functions of an adapter module."""

    def spec_from_config(self, config: dict[str, Any]) -> TransformerSpec:
        """From a Hugging Face `config.json`. Raises ValueError, KeyError or TypeError where it cannot be honoured."""
        ...

    def spec_from_gguf(self, file: GGUFFile) -> TransformerSpec:
        """From a GGUF file's metadata and tensor table. Raises like `spec_from_config`."""
        ...

    def hugging_face_name(self, name: str) -> str:
        """The parameter's name in a Hugging Face checkpoint."""
        ...

    def own_name(self, hugging_face_name: str) -> str | None:
        """The reverse of `hugging_face_name`; None for a tensor that is no parameter and may be left out."""
        ...

    def gguf_name(self, name: str) -> str:
        """The parameter's name in a GGUF file."""
        ...

    def from_gguf(self, name: str, stored: Tensor, spec: TransformerSpec) -> Tensor:
        """The parameter from the tensor as the GGUF file stores it."""
        ...


FAMILIES: dict[str, Family] = {"llama": llama, "mistral": llama}
"""By `model_type` of a config.json and `general.architecture` of a GGUF file."""
