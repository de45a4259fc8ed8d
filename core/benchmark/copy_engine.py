"""How fast memory is: a large copy, in a process of its own so that its buffers are in nobody's peak of memory."""

import time
from typing import Any

COPY_BYTES = 256 * 2**20
"""Size of each of the two buffers: far above any cache of a processor this runs on, small beside its memory."""

COPIES = 4
"""Copies a measurement takes the fastest of: a disturbed one says nothing about the memory."""


class Engine:
    """Copies between two buffers with torch and its threads."""

    def load(self, device: str, threads: int, **_: Any) -> dict[str, Any]:
        """Make the buffers and touch them once."""
        import torch

        torch.set_num_threads(threads)
        self._torch, self._cuda = torch, device.startswith("cuda")
        self._source = torch.ones(COPY_BYTES // 4, dtype=torch.float32, device=device)
        self._target = torch.zeros_like(self._source)
        return {}

    def copy(self) -> dict[str, Any]:
        """Bytes read and bytes written, together, of the fastest copy, and its seconds."""
        return {"seconds": min(self._seconds() for _ in range(COPIES)), "bytes": 2 * COPY_BYTES}

    def _seconds(self) -> float:
        if not self._cuda:
            start = time.perf_counter()
            self._target.copy_(self._source)
            return time.perf_counter() - start
        event: Any = self._torch.cuda.Event
        begin, end = event(enable_timing=True), event(enable_timing=True)
        begin.record()
        self._target.copy_(self._source)
        end.record()
        end.synchronize()
        return float(begin.elapsed_time(end)) / 1000
