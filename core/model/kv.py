"""What a transformer asks of a KV cache. The caches themselves belong to `core.decoding`: they are passed in."""

from typing import Protocol

from torch import Tensor

from .attention import Sight


class KeyValues(Protocol):
    """Keys and values of the positions seen so far, one row per sequence; a slot's index is its position in the row."""

    lengths: Tensor
    """Positions each row holds, (batch,) int64, on any device; the CPU spares an accelerator a wait per step."""

    def sight(self, length: int, window: int | None) -> Sight:
        """What `length` new tokens behind each row see; asked once per forward, before the first `update`."""
        ...

    def update(self, layer: int, keys: Tensor, values: Tensor) -> tuple[Tensor, Tensor]:
        """Write `keys` and `values` (batch, kv_heads, length, head_dim) behind each row's `lengths`.

        Returns all keys and values of the layer, (batch, kv_heads, max(lengths) + length, head_dim). Slots that a row
        has not filled may hold anything finite: they are masked.
        """
        ...

    def buffers(self, layer: int) -> tuple[Tensor, Tensor]:
        """The layer's whole buffers (batch, kv_heads, room, head_dim) with room for one more position in each row.

        Whoever writes position `lengths[b]` of row b there need not call `update`.
        """
        ...

    def advance(self, counts: Tensor | None, length: int) -> None:
        """Called once, after the last layer: row b grew by `counts[b]` positions, or every row by `length`."""
        ...
