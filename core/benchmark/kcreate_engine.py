"""kcreate's own engine as a worker of the benchmark: the token loop on ids, without the handling of text."""

import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ..decoding.model import Model
    from ..decoding.request import Step


class Engine:
    """One opened model; no token ends a text before its length."""

    def load(
        self, model: str, device: str, quantize: str, threads: int, random: str | None = None, **_: Any
    ) -> dict[str, Any]:
        """Import torch and open `model`, or make random weights of the shape `random`."""
        start = time.perf_counter()
        import torch

        torch.set_num_threads(threads)
        from ..decoding.model import open_local
        from .shapes import random_model

        self._model = open_local(model, device, quantize) if random is None else random_model(random, device, quantize)
        self._wait()
        seconds = time.perf_counter() - start
        spec, where = self._model.checkpoint.spec, self._device()
        transformer = self._model.checkpoint.transformer
        kept = transformer.cache_dtype or transformer.embed_tokens.weight.dtype
        return {
            "seconds": seconds,
            "version": _version(),
            "device": str(where),
            "gpu": torch.cuda.get_device_name(where) if where.type == "cuda" else None,
            "torch": torch.__version__,
            "vocab_size": spec.vocab_size,
            "max_length": self._model.max_length,
            "speculates": True,
            "kv_bytes": 2 * spec.layers * spec.kv_heads * spec.head_dim * kept.itemsize,
            **_weights(self._model),
        }

    def compile(self, model: str, threads: int) -> dict[str, str]:
        """Compile what `model` needs in int8 on a CPU; `said` is why it could not be done, if so."""
        import torch

        torch.set_num_threads(threads)
        from ..errors import KcreateError
        from ..model.compiling import compile_model

        try:
            compile_model(model)
        except KcreateError as error:
            return {"said": str(error)}
        return {"said": ""}

    def encode(self, chat: str) -> dict[str, Any]:
        """The ids of `chat` as the user's only message, rendered with the model's template."""
        return {"ids": _encode(self._model, chat)}

    def prefill(self, ids: list[int]) -> dict[str, Any]:
        """The time until the first token behind `ids` is there."""
        start = time.perf_counter()
        next(_steps(self._model, ids, 1, 1, False))
        return {"seconds": time.perf_counter() - start, "tokens": len(ids)}

    def decode(self, ids: list[int], rows: int, new_tokens: int, speculate: bool = False) -> dict[str, Any]:
        """The time from the first token of `rows` equal prompts to their last; the prefill is not in it."""
        steps = _steps(self._model, ids, rows, new_tokens, speculate)
        waiting = set(range(rows))
        while waiting:
            waiting.discard(next(steps).row)
        start = time.perf_counter()
        tokens = sum(1 for _ in steps)
        self._wait()
        return {"seconds": time.perf_counter() - start, "tokens": tokens}

    def device_peak(self) -> int | None:
        """The most accelerator memory that tensors took, in bytes."""
        import torch

        where = self._device()
        return torch.cuda.max_memory_allocated(where) if where.type == "cuda" else None

    def _device(self) -> Any:
        return self._model.checkpoint.transformer.embed_tokens.weight.device

    def _wait(self) -> None:
        import torch

        if self._device().type == "cuda":
            torch.cuda.synchronize(self._device())


def _steps(model: "Model", ids: list[int], rows: int, new_tokens: int, speculate: bool) -> "Iterator[Step]":
    """Greedy steps of `rows` requests with the prompt `ids`; the one place that knows how the token loop is built."""
    from ..decoding.loop import TokenLoop
    from ..decoding.request import Request

    requests = [Request(ids, new_tokens, speculate=speculate) for _ in range(rows)]
    return iter(TokenLoop(model.checkpoint.transformer, requests, (), rows, steps=model.steps))


def _encode(model: "Model", chat: str) -> list[int]:
    from ..decoding.chat import encode_chat

    checkpoint = model.checkpoint
    own = () if checkpoint.chat_template else checkpoint.prefix_ids
    messages = [{"role": "user", "content": chat}]
    names = list(checkpoint.tokenizer.control_tokens)
    return [
        *own,
        *encode_chat(checkpoint.tokenizer, messages, checkpoint.chat_template, checkpoint.special_tokens, names),
    ]


def _weights(model: "Model") -> dict[str, Any]:
    """Bytes of the weights that each token reads, and the numbers that most of them are stored in.

    An embedding table beside a head of its own does not count, as a token reads one row of it; nor does the second
    layout in which int8 weights lie ready for batches.
    """
    from ..model.compiled import CompiledBlock

    transformer = model.checkpoint.transformer
    unread = () if transformer.lm_head is None else ("embed_tokens.weight",)
    tensors = {each.data_ptr(): (name, each) for name, each in transformer.state_dict(keep_vars=True).items()}
    by_dtype: dict[str, int] = {}
    for name, tensor in tensors.values():
        if name in unread or name.endswith(".across"):
            continue
        dtype = str(tensor.dtype).removeprefix("torch.")
        by_dtype[dtype] = by_dtype.get(dtype, 0) + tensor.nbytes
    stored = max(by_dtype, key=lambda name: by_dtype[name])
    compiled = any(isinstance(block, CompiledBlock) for block in transformer.layers)
    return {"weight_bytes": sum(by_dtype.values()), "weights": f"{stored}, compiled" if compiled else stored}


def _version() -> str:
    from importlib.metadata import version

    return version("kcreate")
