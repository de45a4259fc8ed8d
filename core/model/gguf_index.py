"""The table of contents of a GGUF file, kept in the user's cache.

Reading a GGUF header takes seconds, since its vocabulary is tens of thousands of separate strings. The first read
keeps what matters as one small JSON file: the scalar metadata, where each tensor lies, and the finished tokenizer.
An entry holds for a path, size and modification time; any that does not fit is made anew.
"""

import hashlib
import json
import math
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from ..errors import KcreateError, ModelUnavailableError
from ..storage import cache_folder, write_text
from .gguf_tokenizer import VOCABULARY_KEYS, tokenizer_json

_VERSION = 2
"""Of the entries; raised when what is kept in them, or how the tokenizer is built, changes."""


@dataclass(frozen=True)
class StoredTensor:
    """Where a tensor lies in its file: `kind` is ggml's name of the layout, `shape` has rows first."""

    kind: str
    shape: tuple[int, ...]
    offset: int
    size: int


@dataclass(frozen=True)
class GGUFIndex:
    """What a GGUF file says before its weights.

    Attributes:
        metadata: the keys and values without the vocabulary arrays.
        tensors: by name.
        tokenizer: the vocabulary as a `tokenizer.json`, or None in a file that has none.
    """

    metadata: dict[str, Any]
    tensors: dict[str, StoredTensor]
    tokenizer: str | None


def read_index(path: Path) -> GGUFIndex:
    """The index of a GGUF file, from the cache where it is there.

    Raises:
        ModelUnavailableError: the file is not a whole GGUF file, or its tokenizer is of an unknown kind.
    """
    state = path.stat()
    stamp = {"version": _VERSION, "path": str(path.resolve()), "size": state.st_size, "modified": state.st_mtime_ns}
    name = hashlib.sha256(str(path.resolve()).encode("utf-8", "surrogateescape")).hexdigest()[:24]
    entry = cache_folder() / "index" / f"{name}.json"
    index = _kept(entry, stamp)
    if index is None:
        index = _read(path)
        with suppress(KcreateError):
            write_text(entry, json.dumps({"stamp": stamp, **asdict(index)}, ensure_ascii=False))
    return index


def _kept(entry: Path, stamp: dict[str, Any]) -> GGUFIndex | None:
    """The cached index, or None where there is none, it is of another file, or it is broken."""
    try:
        kept = json.loads(entry.read_text(encoding="utf-8"))
        if kept["stamp"] != stamp:
            return None
        tensors = {
            name: StoredTensor(str(row["kind"]), tuple(map(int, row["shape"])), int(row["offset"]), int(row["size"]))
            for name, row in kept["tensors"].items()
        }
        index = GGUFIndex(dict(kept["metadata"]), tensors, kept["tokenizer"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
    inside = all(0 <= tensor.offset <= stamp["size"] - tensor.size for tensor in tensors.values())
    return index if inside and isinstance(index.tokenizer, str | None) else None


def _read(path: Path) -> GGUFIndex:
    """The index from the file itself."""
    import gguf

    try:
        reader = gguf.GGUFReader(path)
        fields = {name: field.contents() for name, field in reader.fields.items()}
        foreign = reader.byte_order != "I"
        tensors = {
            tensor.name: StoredTensor(
                tensor.tensor_type.name,
                tuple(int(size) for size in reversed(tensor.shape.tolist())),
                int(tensor.data_offset),
                int(tensor.n_bytes),
            )
            for tensor in reader.tensors
        }
        _check_bounds(tensors, path.stat().st_size)
    except (ValueError, IndexError, KeyError, OverflowError, MemoryError, TypeError) as error:
        raise ModelUnavailableError(f"{path} is damaged or cut short; download it again.") from error
    if foreign:
        raise ModelUnavailableError(f"{path} is a big-endian GGUF file; take the little-endian one.")
    if fields.get("split.count", 0) not in (0, 1):
        raise ModelUnavailableError(
            f"{path} is one of {fields['split.count']} parts; join them first (`llama-gguf-split --merge`)."
        )
    tokenizer = tokenizer_json(fields, path) if "tokenizer.ggml.tokens" in fields else None
    metadata = {name: value for name, value in fields.items() if name not in VOCABULARY_KEYS}
    return GGUFIndex(metadata, tensors, tokenizer)


def _check_bounds(tensors: dict[str, StoredTensor], size: int) -> None:
    for name, tensor in tensors.items():
        if tensor.offset + tensor.size > size or math.prod(tensor.shape) < 1:
            raise ValueError(f"{name} does not lie inside the file")
