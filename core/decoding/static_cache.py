"""A KV cache of fixed size, so that a decode step can be captured as a CUDA graph: nothing in it moves or grows."""

from collections.abc import Sequence

import torch
from torch import Tensor

from ..model.attention import Sight
from ..model.spec import TransformerSpec
from .cache import KVCache


class StaticKVCache(KVCache):
    """A `KVCache` whose rows are the first of a fixed number, in buffers that stay where they are.

    Rows are added and dropped by `widen` and `select` as in any cache; the others wait behind them.

    Attributes:
        capacity: rows that there can be.
        room: positions that a row can hold.
        positions: (capacity,) int64 on the device, the lengths of the rows, where a captured step reads and advances
            them; 0 behind the last row.
    """

    def __init__(
        self,
        spec: TransformerSpec,
        capacity: int,
        room: int,
        dtype: torch.dtype = torch.float32,
        device: torch.device | str = "cpu",
    ) -> None:
        """A cache without rows, but with space for `capacity` of them with `room` positions each."""
        self.capacity, self.room = capacity, room
        shape = (capacity, spec.kv_heads, room, spec.head_dim)
        self.whole_keys, self.whole_values = (
            [torch.zeros(shape, dtype=dtype, device=device) for _ in range(spec.layers)] for _ in range(2)
        )
        self.positions = torch.zeros(capacity, dtype=torch.int64, device=device)
        keys, values = ([buffer[:0] for buffer in buffers] for buffers in (self.whole_keys, self.whole_values))
        super().__init__(keys, values, torch.zeros(0, dtype=torch.int64))

    def reserve(self, positions: int) -> None:
        """See that there is room for `positions` per row.

        Raises:
            ValueError: there is not.
        """
        if positions > self.room:
            raise ValueError(f"{positions} positions in a cache with room for {self.room}")

    def widen(self, rows: int) -> None:
        """Add `rows` empty rows behind the last one.

        Raises:
            ValueError: that is more than the capacity.
        """
        total = self.rows + rows
        if total > self.capacity:
            raise ValueError(f"{total} rows in a cache for {self.capacity}")
        self._keys, self._values = (
            [buffer[:total] for buffer in buffers] for buffers in (self.whole_keys, self.whole_values)
        )
        self._set_lengths(torch.cat((self.lengths, torch.zeros(rows, dtype=torch.int64))))

    def select(self, rows: Sequence[int]) -> None:
        """As `KVCache.select`, for rows that come from their own place or one behind it.

        Raises:
            ValueError: a row would move to a place behind its own.
        """
        if any(row < place for place, row in enumerate(rows)):
            raise ValueError(f"rows {list(rows)} of a cache whose rows move forward only")
        super().select(rows)

    def grown(self) -> None:
        """A captured step has added a position to each row on the device: take note of it here."""
        super()._set_lengths(self.lengths + 1)

    def _set_lengths(self, lengths: Tensor) -> None:
        super()._set_lengths(lengths)
        self.positions[: len(lengths)].copy_(lengths)
        self.positions[len(lengths) :].zero_()


class DeviceCache:
    """All the rows of a `StaticKVCache` during a step of one token per row that asks nothing of the CPU.

    Active rows grow by their token; what the others compute is overwritten when they come into use.
    """

    def __init__(self, cache: StaticKVCache, active: Tensor) -> None:
        """`active`: (capacity,) int64 on the device, 1 for the rows in use and 0 for those behind them."""
        self._cache, self._active = cache, active
        self.lengths = cache.positions
        self._rows = torch.arange(cache.capacity, device=cache.positions.device)
        self._slots = cache.positions

    def sight(self, length: int, window: int | None) -> Sight:
        """All slots up to each row's new token; the mask is over the whole room."""
        if length != 1:
            raise ValueError(f"a step of {length} tokens, expected 1")
        room = self._cache.room
        self._slots = self.lengths.clone()
        slots, last = torch.arange(room, device=self.lengths.device), self._slots[:, None, None, None]
        mask = slots <= last
        if window is not None:
            mask = mask & (slots > last - window)
        return Sight(self._slots[:, None], room, causal=False, mask=mask)

    def update(self, layer: int, keys: Tensor, values: Tensor) -> tuple[Tensor, Tensor]:
        """Write `keys`, `values` (rows, kv_heads, 1, head_dim) behind each row; return the layer's whole buffers."""
        all_keys, all_values = self.buffers(layer)
        all_keys[self._rows, :, self._slots] = keys[:, :, 0]
        all_values[self._rows, :, self._slots] = values[:, :, 0]
        return all_keys, all_values

    def buffers(self, layer: int) -> tuple[Tensor, Tensor]:
        """The layer's whole buffers, (capacity, kv_heads, room, head_dim)."""
        return self._cache.whole_keys[layer], self._cache.whole_values[layer]

    def advance(self, counts: Tensor | None, length: int) -> None:
        """Active rows grew by one position."""
        self.lengths.add_(self._active)
