"""The KV cache: keys and values of the positions a batch has seen; passed in, trimmed, reordered, kept on disk."""

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

import torch
from torch import Tensor

from ..errors import InputError
from ..model.attention import Sight, look
from ..model.spec import TransformerSpec
from ..storage import write_bytes

CHUNK = 256
"""Positions by which the room of a cache grows at least."""

BATCH_BYTES = 512 * 2**20
"""What the cache of one batch may take on a CPU; more sequences than fit wait for a place."""
GPU_SHARE = 0.5
"""What it may take on a GPU, as a share of the memory that is free there."""


class KVCache:
    """Keys and values of every layer in buffers (rows, kv_heads, room, head_dim); slot j of a row is its position j.

    Rows may differ in length: `lengths` (rows,) int64 lies on the CPU. Slots behind a row's end hold anything finite.
    """

    def __init__(self, keys: list[Tensor], values: list[Tensor], lengths: Tensor) -> None:
        """A cache over buffers that exist, one of each per layer; `empty` makes them."""
        self._keys, self._values = keys, values
        self._set_lengths(lengths)

    @classmethod
    def empty(
        cls,
        spec: TransformerSpec,
        rows: int = 1,
        dtype: torch.dtype = torch.float32,
        device: torch.device | str = "cpu",
        room: int = CHUNK,
    ) -> "KVCache":
        """A cache for `rows` sequences with space for `room` positions each; it grows when that is used up."""
        shape = (2, spec.layers, rows, spec.kv_heads, max(1, room), spec.head_dim)
        keys, values = torch.zeros(shape, dtype=dtype, device=device)
        return cls(list(keys), list(values), torch.zeros(rows, dtype=torch.int64))

    @property
    def rows(self) -> int:
        """How many sequences the cache holds."""
        return len(self.lengths)

    @property
    def device(self) -> torch.device:
        """Where keys and values lie."""
        return self._keys[0].device

    def reserve(self, positions: int) -> None:
        """Make room for `positions` per row now, so that no later `update` up to there has to copy."""
        room = self._keys[0].shape[2]
        if positions <= room:
            return
        grown = max(positions, room + CHUNK, room * 5 // 4)
        for buffers in (self._keys, self._values):
            for layer, old in enumerate(buffers):
                buffers[layer] = torch.cat((old, old.new_zeros((*old.shape[:2], grown - room, old.shape[3]))), dim=2)

    def sight(self, length: int, window: int | None) -> Sight:
        """What `length` new tokens behind each row see."""
        return look(self.lengths.tolist(), length, window, self.device)

    def update(self, layer: int, keys: Tensor, values: Tensor) -> tuple[Tensor, Tensor]:
        """Write `keys`, `values` (rows, kv_heads, length, head_dim) behind each row; return all of the layer so far."""
        start, length = self.longest, keys.shape[2]
        self.reserve(start + length)
        all_keys, all_values = self._keys[layer], self._values[layer]
        with torch.inference_mode():
            if self._equal:
                all_keys[:, :, start : start + length] = keys
                all_values[:, :, start : start + length] = values
            else:
                rows, slots = self._scattered(length)
                all_keys[rows, :, slots] = keys.transpose(1, 2).to(all_keys.dtype)
                all_values[rows, :, slots] = values.transpose(1, 2).to(all_values.dtype)
        return all_keys[:, :, : start + length], all_values[:, :, : start + length]

    def buffers(self, layer: int) -> tuple[Tensor, Tensor]:
        """The layer's whole buffers, with room for one more position in each row, to be written from outside."""
        self.reserve(self.longest + 1)
        return self._keys[layer], self._values[layer]

    def advance(self, counts: Tensor | None, length: int) -> None:
        """Row b grew by `counts[b]` positions, or every row by `length`; called once per step, after the last layer."""
        self._set_lengths(self.lengths + (length if counts is None else counts.to("cpu")))

    def trim(self, lengths: int | Sequence[int]) -> None:
        """Forget the positions from `lengths` on, one number for all rows or one for each.

        Raises:
            ValueError: a row is shorter than that already, or the number is negative.
        """
        wanted = torch.tensor([lengths] * self.rows if isinstance(lengths, int) else list(lengths), dtype=torch.int64)
        if wanted.shape != self.lengths.shape or bool((wanted > self.lengths).any()) or bool((wanted < 0).any()):
            raise ValueError(f"rows of lengths {self.lengths.tolist()} cannot be trimmed to {wanted.tolist()}")
        self._set_lengths(wanted)

    def select(self, rows: Sequence[int]) -> None:
        """Make row i the former row `rows[i]`: reorder, drop or repeat rows (one prefix prefilled once, for many).

        Where every row comes from its own place or one behind it (dropping rows), only the moved rows are copied.

        Raises:
            IndexError: a number is not a row of the cache.
        """
        chosen = list(rows)
        if any(not 0 <= row < self.rows for row in chosen):
            raise IndexError(f"rows {chosen} of a cache with {self.rows}")
        used, in_place = self.longest, all(row >= place for place, row in enumerate(chosen))
        index = torch.tensor(chosen, dtype=torch.int64)
        with torch.inference_mode():
            for buffers in (self._keys, self._values):
                for layer, old in enumerate(buffers):
                    if not in_place:
                        buffers[layer] = old.index_select(0, index.to(old.device))
                        continue
                    for place, row in enumerate(chosen):
                        if row != place:
                            old[place, :, :used] = old[row, :, :used]
                    buffers[layer] = old[: len(chosen)]
        self._set_lengths(self.lengths[index])

    def widen(self, rows: int) -> None:
        """Add `rows` empty rows behind the last one."""
        if rows:
            for buffers in (self._keys, self._values):
                for layer, old in enumerate(buffers):
                    buffers[layer] = torch.cat((old, old.new_zeros((rows, *old.shape[1:]))))
            self._set_lengths(torch.cat((self.lengths, torch.zeros(rows, dtype=torch.int64))))

    def place(self, row: int, other: "KVCache", source: int = 0) -> None:
        """Make `row` a copy of row `source` of another cache of the same model; what it held is forgotten."""
        length = int(other.lengths[source])
        self.reserve(length)
        with torch.inference_mode():
            for own, given in ((self._keys, other._keys), (self._values, other._values)):
                for target, new in zip(own, given, strict=True):
                    target[row, :, :length] = new[source, :, :length]
        lengths = self.lengths.clone()
        lengths[row] = length
        self._set_lengths(lengths)

    def shorten(self, rows: Sequence[int], positions: int) -> None:
        """Forget the last `positions` of each of `rows`."""
        lengths = self.lengths.clone()
        lengths[list(rows)] -= positions
        self.trim(lengths.tolist())

    def expanded(self, rows: int, more: int = 0) -> "KVCache":
        """A new cache of `rows` copies of this one's only row, with room for `more` positions behind it.

        Raises:
            ValueError: this cache has more than one row.
        """
        if self.rows != 1:
            raise ValueError(f"a cache of {self.rows} rows has no single row to repeat")

        def repeated(old: Tensor) -> Tensor:
            new = old.new_zeros((rows, old.shape[1], self.longest + more, old.shape[3]))
            new[:, :, : self.longest] = old[:, :, : self.longest]
            return new

        keys, values = ([repeated(old) for old in buffers] for buffers in (self._keys, self._values))
        return KVCache(keys, values, self.lengths.repeat(rows))

    def save(self, path: Path, model: str, tokens: Sequence[Sequence[int]]) -> None:
        """Write the cache as safetensors; the header names the model and the ids whose positions it holds.

        Args:
            model: whatever identifies the checkpoint to the caller; `load` wants the same.
            tokens: the ids of each row, as many as the row has positions.

        Raises:
            ValueError: `tokens` does not have the cache's lengths.
            KcreateError: the file cannot be written.
        """
        from safetensors.torch import save

        if [len(row) for row in tokens] != self.lengths.tolist():
            raise ValueError("a cache is saved with exactly the ids that it holds")
        tensors = {}
        for layer, (keys, values) in enumerate(zip(self._keys, self._values, strict=True)):
            tensors[f"keys.{layer}"] = keys[:, :, : self.longest].contiguous()
            tensors[f"values.{layer}"] = values[:, :, : self.longest].contiguous()
        header = {"format": "kcreate-kv-1", "model": model, "tokens": _digest(tokens)}
        header["lengths"] = json.dumps(self.lengths.tolist())
        write_bytes(path, save(tensors, metadata=header))

    @classmethod
    def load(
        cls,
        path: Path,
        spec: TransformerSpec,
        model: str,
        tokens: Sequence[Sequence[int]],
        dtype: torch.dtype = torch.float32,
        device: torch.device | str = "cpu",
    ) -> "KVCache":
        """Read what `save` wrote for the same model and the same ids.

        Raises:
            InputError: the file is not a KV cache, is damaged, or belongs to another model or other ids.
        """
        from safetensors import SafetensorError, safe_open

        try:
            with safe_open(path, framework="pt", device=str(device)) as file:
                header = file.metadata() or {}
                if header.get("format") != "kcreate-kv-1":
                    raise InputError(f"{path} is not a KV cache of kcreate; delete it.")
                if header.get("model") != model or header.get("tokens") != _digest(tokens):
                    raise InputError(f"{path} was made for another model or another prompt; delete it.")
                keys = [file.get_tensor(f"keys.{layer}") for layer in range(spec.layers)]
                values = [file.get_tensor(f"values.{layer}") for layer in range(spec.layers)]
        except (OSError, SafetensorError) as error:
            raise InputError(f"{path} cannot be read as a KV cache ({error}); delete it.") from error
        shape = (len(tokens), spec.kv_heads, max(map(len, tokens)), spec.head_dim)
        if any(tensor.shape != shape or tensor.dtype != dtype for tensor in (*keys, *values)):
            raise InputError(f"{path} does not have the shape or number type of this model; delete it.")
        return cls(keys, values, torch.tensor([len(row) for row in tokens], dtype=torch.int64))

    def _set_lengths(self, lengths: Tensor) -> None:
        """Set what each row holds, and what every layer's `update` would otherwise work out again."""
        self.lengths = lengths
        self.longest = int(lengths.max()) if len(lengths) else 0
        """Positions of the longest row."""
        self._equal = bool((lengths == self.longest).all())
        self._slots: tuple[Tensor, Tensor] | None = None

    def _scattered(self, length: int) -> tuple[Tensor, Tensor]:
        """Row and slot, (rows, length) each, of what the current step writes; worked out once per step."""
        if self._slots is None or self._slots[1].shape[1] != length:
            rows = torch.arange(self.rows)[:, None].expand(-1, length)
            slots = self.lengths[:, None] + torch.arange(length)
            self._slots = rows.to(self.device), slots.to(self.device)
        return self._slots


def batch_positions(spec: TransformerSpec, dtype: torch.dtype, device: torch.device) -> int:
    """How many positions, over all rows together, the cache of a batch may hold; at least 1."""
    size = BATCH_BYTES
    if device.type == "cuda":
        size = int(torch.cuda.mem_get_info(device)[0] * GPU_SHARE)
    return max(1, size // (2 * spec.layers * spec.kv_heads * spec.head_dim * dtype.itemsize))


def _digest(tokens: Sequence[Sequence[int]]) -> str:
    """SHA-256 of the rows' ids."""
    return hashlib.sha256(json.dumps([list(row) for row in tokens]).encode()).hexdigest()
