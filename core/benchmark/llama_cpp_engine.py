"""llama.cpp as an engine of the benchmark, through llama-cpp-python's low-level batch interface, greedy.

Stands alone: it runs in whatever interpreter has `llama_cpp`, and needs numpy and the standard library beside it.
"""

import ctypes
import time
from typing import Any

SHORTEST_CONTEXT = 256
"""Positions a sequence gets at least; llama.cpp rounds up to this anyway."""


class Engine:
    """One loaded GGUF file; each task makes a context of the size it needs, outside of the clock."""

    def load(self, path: str, device: str, threads: int, **_: Any) -> dict[str, Any]:
        """Import the library and load the weights."""
        start = time.perf_counter()
        import llama_cpp

        self._library, self._threads = llama_cpp, threads
        self._quiet = llama_cpp.llama_log_callback(lambda level, text, data: None)
        llama_cpp.llama_log_set(self._quiet, ctypes.c_void_p(0))
        llama_cpp.llama_backend_init()
        offload = device.startswith("cuda") and llama_cpp.llama_supports_gpu_offload()
        parameters = llama_cpp.llama_model_default_params()
        parameters.n_gpu_layers = 999 if offload else 0
        self._model = llama_cpp.llama_model_load_from_file(path.encode(), parameters)
        if not self._model:
            raise RuntimeError(f"llama.cpp cannot load {path}")
        self._vocab_size = llama_cpp.llama_vocab_n_tokens(llama_cpp.llama_model_get_vocab(self._model))
        seconds = time.perf_counter() - start
        heads, width = llama_cpp.llama_model_n_head(self._model), llama_cpp.llama_model_n_embd(self._model)
        kv_values = llama_cpp.llama_model_n_head_kv(self._model) * width // heads
        return {
            "seconds": seconds,
            "version": llama_cpp.__version__ + ("" if offload or device == "cpu" else " on the CPU"),
            "weight_bytes": llama_cpp.llama_model_size(self._model),
            "kv_bytes": 2 * 2 * llama_cpp.llama_model_n_layer(self._model) * kv_values,
            "weights": "as stored",
        }

    def prefill(self, ids: list[int]) -> dict[str, Any]:
        """The time until the first token behind `ids` is chosen."""
        with _Context(self, 1, len(ids) + 1) as context:
            start = time.perf_counter()
            context.prefill(ids)
            context.likeliest()
            return {"seconds": time.perf_counter() - start, "tokens": len(ids)}

    def decode(self, ids: list[int], rows: int, new_tokens: int, **_: Any) -> dict[str, Any]:
        """The time from the first token of `rows` equal prompts to their last; the prefill is not in it."""
        with _Context(self, rows, len(ids) + new_tokens) as context:
            context.prefill(ids)
            tokens = context.likeliest()
            start = time.perf_counter()
            for step in range(new_tokens - 1):
                context.step(tokens, len(ids) + step)
                tokens = context.likeliest()
            return {"seconds": time.perf_counter() - start, "tokens": rows * (new_tokens - 1)}


class _Context:
    """A context and a batch of llama.cpp for `rows` sequences of up to `positions` positions each."""

    def __init__(self, engine: Engine, rows: int, positions: int) -> None:
        self._library, self._vocab_size, self._rows = engine._library, engine._vocab_size, rows
        room = max(SHORTEST_CONTEXT, -(-positions // SHORTEST_CONTEXT) * SHORTEST_CONTEXT)
        self._capacity = max(room * rows, 512)
        parameters = self._library.llama_context_default_params()
        parameters.n_ctx, parameters.n_batch, parameters.n_ubatch = room * rows, self._capacity, 512
        parameters.n_threads = parameters.n_threads_batch = engine._threads
        parameters.n_seq_max = rows
        self._context = self._library.llama_init_from_model(engine._model, parameters)
        if not self._context:
            raise MemoryError(f"llama.cpp made no context for {rows} rows of {positions} positions")
        self._batch = self._library.llama_batch_init(self._capacity, 0, 1)
        self._last = [0] * rows

    def __enter__(self) -> "_Context":
        return self

    def __exit__(self, *raised: object) -> None:
        self._library.llama_batch_free(self._batch)
        self._library.llama_free(self._context)

    def prefill(self, ids: list[int]) -> None:
        """Run `ids` in every row, in one call."""
        slot = 0
        for row in range(self._rows):
            for position, token in enumerate(ids):
                self._put(slot, token, position, row, position == len(ids) - 1)
                slot += 1
            self._last[row] = slot - 1
        self._run(slot)

    def step(self, tokens: list[int], position: int) -> None:
        """Run one more token of every row."""
        for row, token in enumerate(tokens):
            self._put(row, token, position, row, True)
            self._last[row] = row
        self._run(self._rows)

    def likeliest(self) -> list[int]:
        """The greedy choice of every row; reading the logits waits for whatever still computes."""
        import numpy

        tokens = []
        for slot in self._last:
            logits = self._library.llama_get_logits_ith(self._context, slot)
            tokens.append(int(numpy.ctypeslib.as_array(logits, (self._vocab_size,)).argmax()))
        return tokens

    def _put(self, slot: int, token: int, position: int, row: int, wants_logits: bool) -> None:
        batch = self._batch
        batch.token[slot], batch.pos[slot] = token, position
        batch.n_seq_id[slot], batch.seq_id[slot][0] = 1, row
        batch.logits[slot] = wants_logits

    def _run(self, tokens: int) -> None:
        self._batch.n_tokens = tokens
        code = self._library.llama_decode(self._context, self._batch)
        if code != 0:
            raise RuntimeError(f"llama_decode ended with {code} for {tokens} tokens in {self._rows} rows")
