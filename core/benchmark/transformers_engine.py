"""transformers' `generate` as an engine of the benchmark: greedy, float32 on the CPU and bfloat16 elsewhere.

Stands alone: it runs in whatever interpreter has torch and transformers.
"""

import time
from pathlib import Path
from typing import Any


class Engine:
    """One loaded model; `path` is a folder or a GGUF file, or `config` describes one to fill with random weights."""

    def load(
        self, path: str | None, device: str, threads: int, config: dict[str, Any] | None = None, **_: Any
    ) -> dict[str, Any]:
        """Import the libraries and load the weights; end-of-text tokens lose their meaning."""
        start = time.perf_counter()
        import torch
        import transformers

        transformers.utils.logging.set_verbosity_error()
        torch.set_num_threads(threads)
        self._torch, self._transformers, self._device = torch, transformers, device
        dtype = torch.float32 if device == "cpu" else torch.bfloat16
        if config is not None:
            with torch.device(device):
                known = transformers.AutoConfig.for_model(**config)
                model = transformers.AutoModelForCausalLM.from_config(known, dtype=dtype)
        else:
            place = Path(str(path))
            source = {"gguf_file": place.name} if place.is_file() else {}
            folder = place.parent if place.is_file() else place
            model = transformers.AutoModelForCausalLM.from_pretrained(folder, dtype=dtype, **source)
        self._model = model.to(device).eval()
        self._model.generation_config = transformers.GenerationConfig(eos_token_id=None, pad_token_id=0)
        self._wait()
        seconds = time.perf_counter() - start
        spec = model.config
        head_dim = getattr(spec, "head_dim", None) or spec.hidden_size // spec.num_attention_heads
        kv_heads = getattr(spec, "num_key_value_heads", None) or spec.num_attention_heads
        return {
            "seconds": seconds,
            "version": transformers.__version__,
            "weight_bytes": self._weight_bytes(),
            "kv_bytes": 2 * spec.num_hidden_layers * kv_heads * head_dim * dtype.itemsize,
            "weights": str(dtype).removeprefix("torch."),
        }

    def prefill(self, ids: list[int]) -> dict[str, Any]:
        """The time of a `generate` that makes one token."""
        start = time.perf_counter()
        self._generate(ids, 1, 1, [])
        self._wait()
        return {"seconds": time.perf_counter() - start, "tokens": len(ids)}

    def decode(self, ids: list[int], rows: int, new_tokens: int, **_: Any) -> dict[str, Any]:
        """The time from the first token of `rows` equal prompts to their last, within one `generate`.

        A stopping criterion, which `generate` asks after each token, notes when the first ones are there: the
        prefill is not in the time, and no second run has to be subtracted.
        """
        clock = _Clock(self._wait)
        made = self._generate(ids, rows, new_tokens, [clock])
        self._wait()
        seconds = time.perf_counter() - clock.first
        if made.shape[1] != len(ids) + new_tokens:
            raise RuntimeError(f"generate made {made.shape[1] - len(ids)} tokens where {new_tokens} were asked for")
        return {"seconds": seconds, "tokens": rows * (new_tokens - 1)}

    def device_peak(self) -> int | None:
        """The most accelerator memory that tensors took, in bytes."""
        cuda = self._device.startswith("cuda")
        return int(self._torch.cuda.max_memory_allocated(self._device)) if cuda else None

    def _generate(self, ids: list[int], rows: int, new_tokens: int, criteria: list[Any]) -> Any:
        prompt = self._torch.tensor([ids] * rows, device=self._device)
        with self._torch.inference_mode():
            return self._model.generate(
                prompt,
                attention_mask=self._torch.ones_like(prompt),
                max_new_tokens=new_tokens,
                do_sample=False,
                stopping_criteria=self._transformers.StoppingCriteriaList(criteria),
            )

    def _wait(self) -> None:
        if self._device.startswith("cuda"):
            self._torch.cuda.synchronize(self._device)

    def _weight_bytes(self) -> int:
        """Bytes of all weights but a separate embedding table, of which a token reads one row."""
        model = self._model
        table, head = model.get_input_embeddings().weight, model.get_output_embeddings()
        apart = head is not None and head.weight.data_ptr() != table.data_ptr()
        return sum(each.nbytes for each in model.parameters() if not (apart and each is table))


class _Clock:
    """A stopping criterion that never stops and remembers when it was asked first."""

    def __init__(self, wait: Any) -> None:
        self._wait, self.first = wait, 0.0

    def __call__(self, ids: Any, scores: Any, **_: Any) -> Any:
        if not self.first:
            self._wait()
            self.first = time.perf_counter()
        return ids.new_zeros(ids.shape[0]).bool()
