"""The model as everything above uses it: prompts in, completions out."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from ..errors import UsageError
from ..model.checkpoint import Checkpoint, load_checkpoint
from ..model.locate import locate
from ..progress import Event, Progress, silent
from .cache import BATCH_BYTES, KVCache, positions_within
from .chat import Message, encode_chat
from .completion import Answer
from .completion import Completion as Completion
from .device import choose_device, choose_dtype, memory_named
from .loop import Request, TokenLoop, prefill, room
from .sampling import Sampling, request_seed
from .score import Score, score_ids

Prompt = str | Sequence[Message]
"""A text, taken as it is (special tokens spelled out in it count), or chat messages, rendered with the template."""

BATCH_ROWS = 16
"""Prompts decoded together at most."""

SHARED_PREFIX = 32
"""Prompts of a batch that begin with at least this many equal tokens have them computed once."""


def open_model(
    name: str = "smollm2-135m",
    device: str = "auto",
    quantize: str = "auto",
    adapter: str | Path | None = None,
    progress: Progress = silent,
) -> "Model":
    """Load a model.

    Args:
        name: a name of the catalogue (fetched once), a folder, a `.gguf` file or a Hugging Face id.
        device: `auto`, `cpu`, `cuda`, `cuda:N` or `mps`.
        quantize: `auto` or `none`: float32 on the CPU, bfloat16 on CUDA.
        adapter: a LoRA folder in peft's layout, merged into the weights.

    Raises:
        ModelUnavailableError: the model is not here and cannot be fetched, or cannot be loaded.
        UsageError: `device` or `quantize` is not to be had.
        OutOfMemoryError: it does not fit.
    """
    where = choose_device(device)
    dtype = choose_dtype(quantize, where)
    path = locate(name, progress)
    with memory_named(f"loading {name}"):
        checkpoint = load_checkpoint(path, dtype, where)
        if adapter is not None:
            from ..model.adapter import merge_adapter

            merge_adapter(checkpoint.transformer, Path(adapter))
    return Model(checkpoint, name)


class Model:
    """A loaded model.

    Attributes:
        name: what it was opened as.
        max_length: tokens of a prompt and its answer together.
        checkpoint: the transformer, its tokenizer and what belongs to them.
    """

    def __init__(self, checkpoint: Checkpoint, name: str = "") -> None:
        self.checkpoint = checkpoint
        self.name = name or checkpoint.name
        self.max_length = checkpoint.spec.max_length

    def generate(
        self,
        prompts: Sequence[Prompt],
        max_new_tokens: int = 200,
        temperature: float = 0.0,
        top_k: int | None = None,
        top_p: float | None = None,
        min_p: float | None = None,
        repetition_penalty: float | None = None,
        seed: int = 0,
        stop: str | Sequence[str] | None = None,
        progress: Progress = silent,
    ) -> list[Completion]:
        """Write an answer to each prompt, many at a time; completions come in the order of the prompts.

        A prompt's answer does not depend on the prompts beside it. Prompt i draws its random numbers from a seed made
        of `seed` and i (`sampling.request_seed`), so the same call gives the same answers again.

        Args:
            prompts: texts or chats; a lone text or chat counts as a list of one.
            max_new_tokens: tokens per answer, fewer where the model's `max_length` ends it earlier.
            temperature, top_k, top_p, min_p, repetition_penalty: see `Sampling`.
            stop: strings before which an answer ends.
            progress: gets an event per finished answer.

        Raises:
            InputError: a prompt is longer than the model takes, or its chat template refuses it.
            UsageError: an option is out of its range, or a prompt is empty.
            OutOfMemoryError: a batch does not fit.
        """
        sampling = Sampling(temperature, top_k, top_p, min_p, repetition_penalty, seed)
        requests = self._requests(_as_list(prompts), max_new_tokens, sampling)
        stops = _stops(stop)
        done: dict[int, Completion] = {}
        for batch in self._batches(requests):
            with memory_named("writing"):
                for row, answer, _ in self._run([requests[row] for row in batch], stops):
                    if answer.finish_reason is not None:
                        done[batch[row]] = answer.completion()
                        progress(Event("writing", len(done), len(requests)))
        return [done[row] for row in range(len(requests))]

    def stream(
        self,
        prompt: Prompt,
        max_new_tokens: int = 200,
        temperature: float = 0.0,
        top_k: int | None = None,
        top_p: float | None = None,
        min_p: float | None = None,
        repetition_penalty: float | None = None,
        seed: int = 0,
        stop: str | Sequence[str] | None = None,
    ) -> "Stream":
        """Write one answer piece by piece; the pieces are the text that `generate([prompt], …)` gives.

        Raises:
            As `generate`.
        """
        sampling = Sampling(temperature, top_k, top_p, min_p, repetition_penalty, seed)
        return Stream(self._run(self._requests([prompt], max_new_tokens, sampling), _stops(stop)))

    def score(self, prompt: Prompt, texts: Sequence[str]) -> list[Score]:
        """The log-probability of each text right behind `prompt`; special tokens in a text are plain characters.

        A text is cut into tokens on its own, so give it the space or line end it begins with.

        Raises:
            InputError: the prompt and a text together are longer than the model takes.
            UsageError: the prompt is empty.
        """
        encode = self.checkpoint.tokenizer.encode
        with memory_named("scoring"):
            ids = self._encode(prompt)
            return score_ids(self.checkpoint.transformer, ids, [encode(text, special=False) for text in texts])

    def count_tokens(self, text: str) -> int:
        """How many tokens `text` takes inside a prompt."""
        return len(self.checkpoint.tokenizer.encode(text, special=False))

    def _encode(self, prompt: Prompt) -> list[int]:
        checkpoint = self.checkpoint
        if isinstance(prompt, str):
            return [*checkpoint.prefix_ids, *checkpoint.tokenizer.encode(prompt, special=True)] if prompt else []
        own = () if checkpoint.chat_template else checkpoint.prefix_ids
        names = list(checkpoint.tokenizer.control_tokens)
        chat = encode_chat(checkpoint.tokenizer, prompt, checkpoint.chat_template, checkpoint.special_tokens, names)
        return [*own, *chat]

    def _requests(self, prompts: Sequence[Prompt], max_new_tokens: int, sampling: Sampling) -> list[Request]:
        requests = []
        for index, prompt in enumerate(prompts):
            own = replace(sampling, seed=request_seed(sampling.seed, index))
            requests.append(Request(self._encode(prompt), max_new_tokens, own))
            room(requests[-1], self.max_length)
        return requests

    def _batches(self, requests: Sequence[Request]) -> Iterator[list[int]]:
        """Places of the requests that are decoded together: of similar length, longest first, bounded in memory."""
        weight = self.checkpoint.transformer.embed_tokens.weight
        positions = positions_within(BATCH_BYTES, self.checkpoint.spec, weight.dtype)
        left = sorted(range(len(requests)), key=lambda row: -len(requests[row].ids))
        while left:
            longest = requests[left[0]]
            rows = positions // (len(longest.ids) + room(longest, self.max_length))
            rows = max(1, min(BATCH_ROWS, rows))
            yield left[:rows]
            left = left[rows:]

    def _run(self, requests: list[Request], stops: Sequence[str]) -> Iterator[tuple[int, Answer, str]]:
        """Decode one batch; per step the row, its answer so far and the text that the step added."""
        tokenizer, transformer = self.checkpoint.tokenizer, self.checkpoint.transformer
        answers = [Answer.begin(len(request.ids), tokenizer.decode, stops) for request in requests]
        loop = TokenLoop(transformer, requests, sorted(self.checkpoint.stop_ids), self._shared_cache(requests))
        for step in loop:
            answer = answers[step.row]
            piece = answer.push(step)
            if answer.finish_reason is not None:
                loop.end(step.row)
            yield step.row, answer, piece

    def _shared_cache(self, requests: list[Request]) -> KVCache | None:
        """A cache with the tokens that all prompts begin with, computed once; None where that is not worth it."""
        shared = _shared_length([request.ids for request in requests])
        if len(requests) < 2 or shared < SHARED_PREFIX:
            return None
        cache, _ = prefill(self.checkpoint.transformer, requests[0].ids[:shared])
        return cache.expanded(len(requests), max(len(request.ids) for request in requests) - shared)


class Stream(Iterator[str]):
    """The text of an answer as it is written; afterwards `completion` is the whole."""

    def __init__(self, steps: Iterator[tuple[int, Answer, str]]) -> None:
        self._steps = steps
        self._completion: Completion | None = None

    @property
    def completion(self) -> Completion:
        """The finished answer.

        Raises:
            UsageError: the stream has not been read to its end.
        """
        if self._completion is None:
            raise UsageError("The answer is not finished; read the stream to its end first.")
        return self._completion

    def __next__(self) -> str:
        with memory_named("writing"):
            for _, answer, piece in self._steps:
                if answer.finish_reason is not None:
                    self._completion = answer.completion()
                if piece:
                    return piece
        raise StopIteration


def _as_list(prompts: Sequence[Prompt]) -> Sequence[Prompt]:
    """A lone text or a lone chat as a list of one."""
    if isinstance(prompts, str) or (prompts and isinstance(prompts[0], Mapping)):
        return [prompts]  # type: ignore[list-item]
    return prompts


def _shared_length(rows: Sequence[Sequence[int]]) -> int:
    """How many ids all rows begin with: the first and the last in order differ earliest."""
    ordered = sorted(list(row) for row in rows)
    first, last = ordered[0], ordered[-1]
    return next((place for place, (a, b) in enumerate(zip(first, last, strict=False)) if a != b), len(first))


def _stops(stop: str | Sequence[str] | None) -> Sequence[str]:
    if stop is None:
        return ()
    return (stop,) if isinstance(stop, str) else tuple(stop)
