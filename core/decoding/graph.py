"""One decode step for a fixed number of rows: on CUDA a captured graph that is replayed, elsewhere the same calls.

A step of a model starts hundreds of kernels of a few microseconds; replayed as a graph they follow each other without
waiting for Python.
"""

import warnings
from collections.abc import Callable, Sequence

import torch
from torch import Tensor

from ..model.operators import Operators
from ..model.transformer import Transformer
from .static_cache import DeviceCache, StaticKVCache

TRUSTED = 0.1
"""How far the logits of a device's own operations may be from torch's, relative; both round to bfloat16 on the way."""
ROOM = 512
"""Positions by which the room of a step's cache is rounded up, so that the next batch finds it large enough."""


class DecodeStep:
    """A token in for each row of a cache, logits out.

    ```
    step = DecodeStep(model, StaticKVCache(spec, capacity, room, dtype, device))
    step.cache.widen(1)
    step.cache.place(0, prefilled)             # or prefill where the row stands: model(ids, step.cache)
    logits = step([token])
    logits = step(None)                        # go on with the likeliest tokens, which are on the device already
    ```
    """

    def __init__(self, model: Transformer, cache: StaticKVCache) -> None:
        """Nothing is computed before the first step."""
        self.model, self.cache = model, cache
        self._tokens = torch.zeros_like(cache.positions)
        self._active = torch.zeros_like(cache.positions)
        self._rows = 0
        self._view = DeviceCache(cache, self._active)
        self._graph: torch.cuda.CUDAGraph | None = None
        self._logits = torch.empty(0)

    def __call__(self, tokens: Sequence[int] | None) -> Tensor:
        """Run one step.

        Args:
            tokens: one for each row of the cache; None takes the likeliest of the last step.

        Returns:
            Logits (rows, vocab_size) float32, overwritten by the next step.

        Raises:
            ValueError: a row has no room left, or there is not one token for each row.
        """
        cache = self.cache
        cache.reserve(cache.longest + 1)
        if tokens is not None and len(tokens) != cache.rows:
            raise ValueError(f"{len(tokens)} tokens for {cache.rows} rows")
        with torch.inference_mode(), torch.cuda.device_of(cache.positions):  # type: ignore[no-untyped-call]
            if self._rows != cache.rows:
                self._rows = cache.rows
                self._active[: cache.rows].fill_(1)
                self._active[cache.rows :].zero_()
            if tokens is not None:
                self._tokens[: cache.rows].copy_(torch.tensor(tokens, dtype=torch.int64))
            if cache.device.type != "cuda":
                self._logits = self._run()
            else:
                if self._graph is None:
                    self._graph = self._captured()
                self._graph.replay()
            cache.grown()
            return self._logits[: cache.rows]

    def likeliest(self) -> list[int]:
        """The likeliest token of each row in the last step's logits."""
        tokens: list[int] = self._tokens[: self._rows].tolist()
        return tokens

    def _run(self) -> Tensor:
        """The step itself; what it reads and writes lies on the device and stays where it is."""
        hidden = self.model(self._tokens[:, None], self._view)
        logits = self.model.logits(hidden[:, 0]).float()
        self._tokens.copy_(logits.argmax(-1))
        return logits

    def _captured(self) -> torch.cuda.CUDAGraph:
        """The step as a graph, after runs that compile its kernels and show whether they can be trusted."""
        positions, tokens = self.cache.positions.clone(), self._tokens.clone()

        def rerun() -> Tensor:
            self.cache.positions.copy_(positions)
            self._tokens.copy_(tokens)
            return self._run()

        stream = torch.cuda.Stream(self.cache.device)  # type: ignore[no-untyped-call]
        stream.wait_stream(torch.cuda.current_stream(self.cache.device))
        with torch.cuda.stream(stream):
            self.model.use(fastest_operators(self.model, rerun, self.cache.device))
            rerun()
        torch.cuda.current_stream(self.cache.device).wait_stream(stream)
        graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(graph):
            self._logits = self._run()
        self.cache.positions.copy_(positions)
        self._tokens.copy_(tokens)
        return graph


class DecodeSteps:
    """The steps of a model, kept with their caches and graphs from one batch to the next."""

    def __init__(self, model: Transformer) -> None:
        self._model = model
        self._free: DecodeStep | None = None

    def take(self, rows: int, room: int) -> DecodeStep:
        """A step whose cache is empty and takes at least `rows` rows of at least `room` positions each.

        The step that was given back last serves where it is large enough and not much too large; else it is dropped.
        """
        capacity, room = 1 << (rows - 1).bit_length(), -(-room // ROOM) * ROOM
        step, self._free = self._free, None
        if step is not None and step.cache.capacity == capacity and room <= step.cache.room <= 2 * room:
            step.cache.select([])
            return step
        del step  # before the next one is made: two caches may not fit
        weight = self._model.embed_tokens.weight
        return DecodeStep(self._model, StaticKVCache(self._model.spec, capacity, room, weight.dtype, weight.device))

    def give_back(self, step: DecodeStep) -> None:
        """Keep `step` for the next batch."""
        self._free = step


def fastest_operators(model: Transformer, run: Callable[[], Tensor], device: torch.device) -> Operators:
    """The device's own operations where they can be had and compute in `run` what torch's do; else torch's.

    Args:
        run: computes logits with the model's operations of that moment; called a few times.
    """
    plain = Operators()
    if torch.cuda.get_device_capability(device) < (8, 0):
        return plain
    try:
        from ..model.triton_operators import TritonOperators
    except ImportError:
        return plain
    model.use(plain)
    reference = run()
    own = TritonOperators(device)
    model.use(own)
    try:
        difference = float((run() - reference).norm() / reference.norm())
    except Exception as error:  # a compiler that fails here is no reason to stop
        warnings.warn(f"kcreate's GPU kernels do not compile on this machine, torch's serve: {error}", stacklevel=2)
        return plain
    if not difference < TRUSTED:
        warnings.warn(f"kcreate's GPU kernels are off by {difference:.2g} on this machine, torch's serve", stacklevel=2)
        return plain
    return own
