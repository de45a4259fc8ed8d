"""Weights out of a GGUF file: mapped into memory, unpacked tensor by tensor."""

from pathlib import Path

import torch
from torch import Tensor

from ..errors import ModelUnavailableError
from .dequantize import dequantize
from .gguf_index import GGUFIndex, read_index


class GGUFFile:
    """An open GGUF file (ggml's `docs/gguf.md`).

    Raises:
        ModelUnavailableError: the file is not there, or is not a whole GGUF file.
    """

    def __init__(self, path: Path) -> None:
        try:
            with path.open("rb") as file:
                magic = file.read(4)
        except OSError as error:
            raise ModelUnavailableError(f"{path} cannot be read ({error.strerror}).") from error
        if magic[:2] == b"PK" or magic[:1] == b"\x80":
            raise ModelUnavailableError(
                f"{path} is a pickled checkpoint under another name; kcreate never unpickles, take a real GGUF file."
            )
        if magic != b"GGUF":
            raise ModelUnavailableError(f"{path} is not a GGUF file; download it again.")
        self.path = path
        self.index: GGUFIndex = read_index(path)
        self._bytes = torch.from_file(str(path), shared=False, size=path.stat().st_size, dtype=torch.uint8)

    def tensor(self, name: str, dtype: torch.dtype) -> Tensor:
        """A tensor by its GGUF name, unpacked to `dtype` into memory of its own, rows first.

        Raises:
            KeyError: the file has none of this name.
            ModelUnavailableError: its layout is none that can be unpacked.
        """
        stored = self.index.tensors[name]
        raw = self._bytes[stored.offset : stored.offset + stored.size]
        try:
            return dequantize(raw, stored.kind, stored.shape, dtype)
        except ValueError as error:
            raise ModelUnavailableError(
                f"{self.path} stores {name} as {stored.kind}, which kcreate cannot unpack; take another quantisation."
            ) from error
