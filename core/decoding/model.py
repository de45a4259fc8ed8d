"""The model as everything above uses it: prompts in, completions out."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import torch

from ..errors import OutOfMemoryError, UsageError
from ..model.checkpoint import Checkpoint, load_checkpoint
from ..model.locate import locate
from ..model.quantisation import quantise
from ..progress import Event, Progress, silent
from ..storage import cache_folder
from .chat import Message, encode_chat
from .completion import Answer, AnswerStream
from .completion import Completion as Completion
from .device import choose_device, choose_numbers, free_memory, memory_named
from .grammar import Grammar, GrammarCompiler
from .graph import DecodeSteps
from .loop import BATCH_ROWS, BATCH_ROWS_GPU, TokenLoop
from .prefix_store import PrefixStore, prefix_folder
from .remote_address import check_server_decides
from .request import Request, room
from .sampling import Sampling, request_seed
from .score import Score, score_ids

if TYPE_CHECKING:
    from .remote import RemoteModel

NUMBERS = 1
"""Counts up whenever the same checkpoint and scheme come to compute other keys and values."""

Prompt = str | Sequence[Message]
"""A text, taken as it is (special tokens spelled out in it count), or chat messages, rendered with the template."""


def open_model(
    name: str = "smollm2-135m",
    device: str = "auto",
    quantize: str = "auto",
    adapter: str | Path | None = None,
    progress: Progress = silent,
    base_url: str | None = None,
    processes: int = 1,
) -> "Model | RemoteModel":
    """Load a model.

    Args:
        name: a name of the catalogue (fetched once), a folder, a `.gguf` file or a Hugging Face id.
        device: `auto`, `cpu`, `cuda`, `cuda:N` or `mps`.
        quantize: `none`: float32 on the CPU, bfloat16 on CUDA; `int8`, `int4`: narrower weights; `auto`: int8 on the
            CPU, bfloat16 on CUDA.
        adapter: a LoRA folder in peft's layout, merged into the weights.
        base_url: the address of the server of an `openai:NAME`, such as `http://127.0.0.1:8000/v1`.
        processes: how many hold the model and share the prompts of a call, on CUDA with a GPU each (see `open_split`).

    Raises:
        ModelUnavailableError: the model is not here and cannot be fetched, or cannot be loaded.
        UsageError: `device`, `quantize` or `processes` is not to be had, or is not for a model on a server.
        OutOfMemoryError: it does not fit.
    """
    if name.startswith("openai:"):
        if adapter is not None:
            raise UsageError(f"--adapter {adapter} cannot be used with {name}; load it into the server.")
        check_server_decides(name, device, quantize, processes)
        from .remote import open_remote

        return open_remote(name, base_url)
    if base_url is not None:
        raise UsageError(f"--base-url {base_url} is for a model on a server; give --model openai:NAME with it.")
    if processes != 1:
        from .processes import open_split

        return open_split(name, device, quantize, adapter, progress, processes)
    return open_local(name, device, quantize, adapter, progress)


def open_local(
    name: str = "smollm2-135m",
    device: str = "auto",
    quantize: str = "auto",
    adapter: str | Path | None = None,
    progress: Progress = silent,
) -> "Model":
    """As `open_model`, for a model on this machine only."""
    where = choose_device(device)
    dtype, scheme = choose_numbers(quantize, where)
    path = locate(name, progress)
    with memory_named(f"loading {name}"):
        checkpoint = load_checkpoint(path, dtype, where)
        if adapter is not None:
            from ..model.adapter import merge_adapter

            merge_adapter(checkpoint.transformer, Path(adapter))
        identity = _identity(path, adapter, scheme)
        quantise(checkpoint, scheme, cache_folder() / "calibration" / f"{identity}.safetensors")
    dtype = checkpoint.transformer.cache_dtype or dtype
    store = PrefixStore(identity, checkpoint.spec, dtype, where, prefix_folder())
    return Model(checkpoint, name, store, identity)


class Model:
    """A loaded model.

    Attributes:
        name: what it was opened as.
        max_length: tokens of a prompt and its answer together.
        checkpoint: the transformer, its tokenizer and what belongs to them.
        prefixes: keys and values of prompts seen before, or None to compute every prompt afresh.
        identity: a digest of what decides its answers: files, adapter, quantisation; empty where it is not known.
        steps: captured decode steps, on a GPU; None elsewhere.
    """

    def __init__(
        self, checkpoint: Checkpoint, name: str = "", prefixes: PrefixStore | None = None, identity: str = ""
    ) -> None:
        self.checkpoint = checkpoint
        self.identity = identity
        self.name = name or checkpoint.name
        self.max_length = checkpoint.spec.max_length
        self.prefixes = prefixes
        on_gpu = checkpoint.transformer.embed_tokens.weight.device.type == "cuda"
        self.steps = DecodeSteps(checkpoint.transformer) if on_gpu else None
        self._grammars: GrammarCompiler | None = None

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
        *,
        grammar: Grammar | None = None,
        without: Sequence[Prompt] | None = None,
        contrast: float = 0.5,
        sources: Sequence[str] = (),
        speculate: bool = True,
        log_probs: bool = False,
        so_far: Sequence[Completion] | None = None,
    ) -> list[Completion]:
        """Write an answer to each prompt, many at a time; completions come in the order of the prompts.

        In float32 a prompt's answer does not depend on the prompts beside it; in narrower numbers it does as far as
        rounding goes, which is a little different for a batch. Prompt i draws its random numbers from a seed made of
        `seed` and i (`sampling.request_seed`), so the same call gives the same answers again. Where memory runs out,
        fewer prompts are decoded together.

        Args:
            prompts: texts or chats; a lone text or chat counts as a list of one.
            max_new_tokens: tokens per answer, fewer where the model's `max_length` ends it earlier.
            temperature, top_k, top_p, min_p, repetition_penalty: see `Sampling`.
            stop: strings before which an answer ends.
            progress: gets an event per finished answer.
            grammar: what each answer has to be; needs `kcreate[grammar]`.
            without, contrast: context-aware decoding (see `Request`): each prompt again, without its context, and how
                much the difference counts.
            sources: texts an answer may copy from, beside its prompt; they make it faster.
            speculate: guess tokens from the prompt and `sources` and check several at once: the same answer (in
            narrower numbers than float32 up to rounding) in less time.
            log_probs: fill in `Completion.log_prob`.
            so_far: earlier completions of the same prompts, to go on with: those that `length` ended become longer, up
                to `max_new_tokens` in all, and are what one call would have given; the others are returned as they are.
                With `log_probs` they need to have been made with it too.

        Raises:
            InputError: a prompt is longer than the model takes, or its chat template refuses it.
            UsageError: an option is out of its range, a prompt is empty, or the grammar cannot be kept.
            OutOfMemoryError: one prompt alone does not fit.
        """
        chosen = _as_list(prompts)
        bare = [None] * len(chosen) if without is None else [self._encode(prompt) for prompt in _as_list(without)]
        earlier = [None] * len(chosen) if so_far is None else list(so_far)
        if not len(chosen) == len(bare) == len(earlier):
            raise UsageError("without and so_far need one entry for each prompt.")
        sampling = Sampling(temperature, top_k, top_p, min_p, repetition_penalty, seed)
        encode = self.checkpoint.tokenizer.encode
        texts = [encode(text, special=False) for text in sources]
        done = {row: one for row, one in enumerate(earlier) if one is not None and one.finish_reason != "length"}
        jobs = {
            row: self._job(
                Request(
                    self._encode(prompt),
                    max_new_tokens,
                    replace(sampling, seed=request_seed(sampling.seed, row)),
                    written=() if one is None else one.tokens,
                    without=bare[row],
                    contrast=contrast if bare[row] is not None else 0.0,
                    speculate=speculate,
                    sources=texts,
                    log_probs=log_probs,
                ),
                grammar,
                _stops(stop),
                (one.log_prob if one is not None else 0.0) if log_probs else None,
            )
            for row, (prompt, one) in enumerate(zip(chosen, earlier, strict=True))
            if row not in done
        }
        for job in jobs.values():
            room(job.request, self.max_length)
        for row, completion in self._finished(jobs):
            done[row] = completion
            progress(Event("writing", len(done), len(chosen)))
        return [done[row] for row in range(len(chosen))]

    def n_best(self, prompt: Prompt, n: int, temperature: float = 0.8, **options: Any) -> list[Completion]:
        """`n` sampled answers to one prompt with their log-probabilities, the likeliest per token first; equals once.

        Args:
            options: as of `generate`.

        Raises:
            As `generate`; UsageError too where `n` is below 1.
        """
        if n < 1:
            raise UsageError(f"n is {n}; give 1 or more.")
        if options.get("without") is not None:
            options["without"] = [options["without"]] * n
        found = self.generate([prompt] * n, temperature=temperature, log_probs=True, **options)
        return sorted({one.text: one for one in reversed(found)}.values(), key=lambda one: -one.mean_log_prob)

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
        sampling = Sampling(temperature, top_k, top_p, min_p, repetition_penalty, request_seed(seed, 0))
        request = Request(self._encode(prompt), max_new_tokens, sampling, speculate=True)
        room(request, self.max_length)
        return Stream(self._run({0: self._job(request, None, _stops(stop))}, 1))

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
            tokens = [encode(text, special=False) for text in texts]
            return score_ids(self.checkpoint.transformer, ids, tokens, self.prefixes)

    def count_tokens(self, text: str) -> int:
        """How many tokens `text` takes inside a prompt."""
        return len(self.checkpoint.tokenizer.encode(text, special=False))

    def close(self) -> None:
        """End what the model started, which is nothing unless it was opened with several processes."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: object) -> None:
        self.close()

    def _encode(self, prompt: Prompt) -> list[int]:
        checkpoint = self.checkpoint
        if isinstance(prompt, str):
            return [*checkpoint.prefix_ids, *checkpoint.tokenizer.encode(prompt, special=True)] if prompt else []
        own = () if checkpoint.chat_template else checkpoint.prefix_ids
        names = list(checkpoint.tokenizer.control_tokens)
        chat = encode_chat(checkpoint.tokenizer, prompt, checkpoint.chat_template, checkpoint.special_tokens, names)
        return [*own, *chat]

    def _job(
        self, request: Request, grammar: Grammar | None, stops: Sequence[str], log_prob: float | None = None
    ) -> "Job":
        job = Job(request, grammar, stops, log_prob)
        if grammar is not None:
            self._constrained(job)  # refuse a grammar that cannot be kept before any work is done
        return job

    def _constrained(self, job: "Job") -> Request:
        """The job's request with a constraint of its own, which one run uses up."""
        if job.grammar is None:
            return job.request
        if self._grammars is None:
            spec = self.checkpoint.spec
            self._grammars = GrammarCompiler(self.checkpoint.tokenizer, spec.vocab_size, self.checkpoint.stop_ids)
        constraint = self._grammars.start(job.grammar)
        for token in job.request.written:
            constraint.advance(token)
        return replace(job.request, constraint=constraint)

    def _finished(self, jobs: "dict[int, Job]") -> Iterator[tuple[int, Completion]]:
        """Each job's place and its completion, as they are finished and leave `jobs`.

        Where memory runs out, what is left goes on with fewer rows.
        """
        rows = BATCH_ROWS if self.steps is None else BATCH_ROWS_GPU
        while jobs:
            try:
                with memory_named(
                    "writing", "fewer or shorter prompts, a smaller model, --quantize int4 or --device cpu"
                ):
                    for row, answer, _ in self._run(jobs, rows):
                        if answer.finish_reason is not None:
                            del jobs[row]
                            yield row, answer.completion()
            except OutOfMemoryError:
                if rows == 1:
                    raise
                rows = rows // 2
                free_memory()

    def _run(self, jobs: "dict[int, Job]", rows: int) -> Iterator[tuple[int, Answer, str]]:
        """Decode jobs together; per step the job's place, its answer so far and the text that the step added."""
        tokenizer, places = self.checkpoint.tokenizer, list(jobs)
        requests = [self._constrained(jobs[place]) for place in places]
        answers = [
            Answer.begin(len(request.ids), tokenizer.decode, jobs[place].stops, request.written, jobs[place].log_prob)
            for place, request in zip(places, requests, strict=True)
        ]
        stops = sorted(self.checkpoint.stop_ids)
        loop = TokenLoop(self.checkpoint.transformer, requests, stops, rows, self.prefixes, self.steps)
        for step in loop:
            answer = answers[step.row]
            piece = answer.push(step)
            if answer.finish_reason is not None:
                loop.end(step.row)
            yield places[step.row], answer, piece
        if self.prefixes is not None:
            self.prefixes.flush()


@dataclass(frozen=True)
class Job:
    """A request and what belongs to its text; `log_prob` is that of the tokens it begins with, None to count none."""

    request: Request
    grammar: Grammar | None
    stops: Sequence[str]
    log_prob: float | None


class Stream(AnswerStream):
    """An answer as this machine writes it."""

    def __init__(self, steps: Iterator[tuple[int, Answer, str]]) -> None:
        super().__init__()
        self._steps = steps

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


def _identity(path: Path, adapter: str | Path | None, scheme: str) -> str:
    """A digest of what decides the numbers of a KV cache; files count by size and time, which is quick to read."""
    facts: list[Any] = [NUMBERS, torch.__version__, scheme]
    for root in (path, *([] if adapter is None else [Path(adapter)])):
        files = sorted(each for each in root.iterdir() if each.is_file()) if root.is_dir() else [root]
        for file in files:
            about = file.stat()
            facts.append([str(file.resolve()), about.st_size, about.st_mtime_ns])
    return hashlib.sha256(json.dumps(facts).encode()).hexdigest()


def _stops(stop: str | Sequence[str] | None) -> Sequence[str]:
    if stop is None:
        return ()
    return (stop,) if isinstance(stop, str) else tuple(stop)
