"""A model on a server that speaks OpenAI's protocol (vLLM, llama.cpp, Ollama, …), behind the interface of `Model`."""

import hashlib
import os
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from math import ceil
from threading import Event as Cancelled
from typing import TYPE_CHECKING, Any, Self

from ..errors import KcreateError, ModelUnavailableError, UsageError
from ..progress import Event, Progress, silent
from .completion import Completion
from .remote_address import api_key, server_url
from .remote_answer import RemoteStream, completion_of, listed_models
from .remote_errors import OutOfReachError
from .remote_http import ModelServer
from .remote_parallel import as_finished
from .remote_request import Body, Dialect, ask, opened_stream
from .remote_score import EchoScoring
from .sampling import Sampling
from .score import Score
from .text import StopStrings

if TYPE_CHECKING:
    from .grammar import Grammar
    from .model import Prompt

PREFIX = "openai:"
DEFAULT_LENGTH = 4096
"""Tokens that a model is taken to hold where its server does not say."""


def open_remote(
    name: str,
    base_url: str | None = None,
    concurrency: int = 8,
    connect_timeout: float = 10.0,
    read_timeout: float = 600.0,
    retries: int = 4,
) -> "RemoteModel":
    """A model on a server, which is asked whether it has it.

    Args:
        name: `openai:NAME` with the name that the server knows the model by.
        base_url: the server's address, with or without `/v1`; None takes `KCREATE_BASE_URL`.
        concurrency: requests under way at a time.
        connect_timeout, read_timeout, retries: see `ModelServer`.

    Raises:
        UsageError: no address is given, or it is none.
        ModelUnavailableError: the server cannot be reached, refuses the key or does not have the model.
    """
    model = name.removeprefix(PREFIX).strip()
    if not model:
        raise UsageError("--model openai: lacks a name; give the one that the server knows the model by.")
    base_url = base_url or os.environ.get("KCREATE_BASE_URL")
    if not base_url:
        raise UsageError(
            f"--model {PREFIX}{model} is a model on a server; say where with --base-url, such as "
            "http://127.0.0.1:8000/v1."
        )
    url = server_url(base_url)
    server = ModelServer(url, api_key(url), connect_timeout, read_timeout, retries, connections=concurrency)
    try:
        listed = listed_models(server.get("/models", retries=min(retries, 1)))
    except OutOfReachError:
        raise
    except KcreateError:
        listed = {}  # without a list, the model itself will say
    entry = listed.get(model) or listed.get(f"{model}:latest")
    if entry is not None:
        return RemoteModel(server, model, entry, concurrency)
    owner = next(iter(listed.values()), {}).get("owned_by")
    opened = RemoteModel(server, model, {"owned_by": owner}, concurrency)
    opened.try_out(list(listed))
    return opened


class RemoteModel:
    """A model on a server.

    What a server does not tell is not known here either: `Completion.tokens` is empty, and `finish_reason` is
    `stop_string` only where the server says which string it was (vLLM) or leaves it in the text; else it is `stop`. Special
    tokens spelled out in a prompt mean what the server makes of them. Options that are not given are the server's own
    defaults, of which some have a repetition penalty.

    Attributes:
        name: `openai:NAME`.
        max_length: tokens of a prompt and its answer together, as `/models` says; else `DEFAULT_LENGTH`. The server may
            give a request less.
        server: where it is.
        identity: a digest of the server's address and the model's name there.
        concurrency: requests under way at a time.
    """

    def __init__(
        self, server: ModelServer, model: str, entry: Mapping[str, Any] | None = None, concurrency: int = 8
    ) -> None:
        """`entry` is what `/models` says about the model."""
        if concurrency < 1:
            raise UsageError(f"concurrency is {concurrency}; give 1 or more.")
        self.server = server
        self.name = PREFIX + model
        self.identity = hashlib.sha256(f"{server.url} {model}".encode()).hexdigest()
        self.concurrency = concurrency
        self._model = model
        self._dialect = Dialect(model, str((entry or {}).get("owned_by") or ""), server.url)
        self._scoring = EchoScoring(server, model)
        self.max_length = _max_length(entry or {})

    def generate(
        self,
        prompts: "Sequence[Prompt]",
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
        grammar: "Grammar | None" = None,
        without: "Sequence[Prompt] | None" = None,
        contrast: float = 0.5,
        sources: Sequence[str] = (),
        speculate: bool = True,
        log_probs: bool = False,
        so_far: Sequence[Completion] | None = None,
    ) -> list[Completion]:
        """Write an answer to each prompt, `concurrency` at a time; completions come in the order of the prompts.

        A prompt whose answer breaks off is asked again from its start. Arguments are those of `Model.generate`, of which
        `sources` and `speculate`, which change no answer, are left unused, as is `contrast`, which needs `without`.

        Raises:
            InputError: a prompt is longer than the model takes.
            UsageError: an option is out of its range or unknown to the server, only a local model can do it (`grammar`,
                `without`, `log_probs`, `so_far`), or a prompt is empty.
            ModelUnavailableError: the server cannot be reached, or fails again and again.
        """
        local = {"grammar": grammar, "without": without, "log_probs": log_probs or None, "so_far": so_far}
        if refused := [option for option, value in local.items() if value is not None]:
            raise UsageError(
                f"{' and '.join(refused)} cannot be had from {self.name}, a model on a server; leave it out, or take a "
                "local model."
            )
        sampling = Sampling(temperature, top_k, top_p, min_p, repetition_penalty, seed)
        stops = _stops(stop)
        single = isinstance(prompts, str) or (bool(prompts) and isinstance(prompts[0], Mapping))
        each: Sequence[Prompt] = [prompts] if single else prompts  # type: ignore[list-item]
        request = self._dialect.request
        requests = [request(one, max_new_tokens, sampling, stops, place) for place, one in enumerate(each)]

        def job(path: str, body: Body) -> Callable[[Cancelled], Completion]:
            return lambda cancelled: completion_of(ask(self.server, path, body, cancelled), stops, self.server.url)

        done: dict[int, Completion] = {}
        for place, completion in as_finished([job(*request) for request in requests], self.concurrency):
            done[place] = completion
            progress(Event("writing", len(done), len(requests)))
        return [done[place] for place in range(len(requests))]

    def stream(
        self,
        prompt: "Prompt",
        max_new_tokens: int = 200,
        temperature: float = 0.0,
        top_k: int | None = None,
        top_p: float | None = None,
        min_p: float | None = None,
        repetition_penalty: float | None = None,
        seed: int = 0,
        stop: str | Sequence[str] | None = None,
    ) -> RemoteStream:
        """Write one answer piece by piece.

        Raises:
            As `generate`; a stream that breaks off raises ModelUnavailableError while it is read.
        """
        sampling = Sampling(temperature, top_k, top_p, min_p, repetition_penalty, seed)
        stops = _stops(stop)
        path, body = self._dialect.request(prompt, max_new_tokens, sampling, stops, 0)
        return RemoteStream(opened_stream(self.server, path, body), stops, self.server)

    def close(self) -> None:
        """Nothing to end; the server is somebody else's."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: object) -> None:
        self.close()

    @cached_property
    def scores(self) -> bool:
        """Whether `score` works with this server; tried once.

        Raises:
            ModelUnavailableError: the server cannot be reached.
        """
        return self._scoring.works()

    def score(self, prompt: "Prompt", texts: Sequence[str]) -> list[Score]:
        """The log-probability of each text right behind `prompt`, where the server can tell it (vLLM can).

        The server cuts prompt and text into tokens as one; a token across their border counts to the text.

        Raises:
            ModelUnavailableError: the server cannot tell (`scores` is False).
            UsageError: the prompt is empty or a chat.
        """
        if not isinstance(prompt, str) or not prompt:
            raise UsageError("A model on a server scores texts behind a text; give one that is not empty, and no chat.")
        if not self.scores:
            raise ModelUnavailableError(
                f"The server at {self.server.url} does not give the log-probability of a given text; use one that does "
                "(vLLM), or a local model."
            )
        return self._scoring.scores(prompt, texts, self.concurrency)

    def count_tokens(self, text: str) -> int:
        """How many tokens `text` takes inside a prompt: by the server's `/tokenize` (vLLM, llama.cpp), else an estimate.

        The estimate is a token for four characters of ASCII, and for each other character.
        """
        if self._tokenizes:
            return self._counted(text)
        ascii_characters = sum(character.isascii() for character in text)
        return ceil(ascii_characters / 4) + len(text) - ascii_characters

    @cached_property
    def _tokenizes(self) -> bool:
        try:
            return self._counted("one two") > 0
        except KcreateError:
            return False

    def _counted(self, text: str) -> int:
        """The length of the server's list of tokens; vLLM reads `prompt`, llama.cpp `content`."""
        body = {"model": self._model, "prompt": text, "content": text, "add_special_tokens": False}
        answer = self.server.post(self.server.url.removesuffix("/v1") + "/tokenize", body, retries=1)
        tokens = answer.get("tokens") if isinstance(answer, dict) else None
        if not isinstance(tokens, list):
            raise ModelUnavailableError(f"The server at {self.server.url} gives no list of tokens; run it again.")
        return len(tokens)

    def try_out(self, known: Sequence[str]) -> None:
        """Have one token written.

        Raises:
            ModelUnavailableError: the server does not have the model; `known` are those it lists.
        """
        body: dict[str, Any] = {"model": self._model, "messages": [{"role": "user", "content": "Hi"}], "max_tokens": 1}
        try:
            ask(self.server, "/chat/completions", body)
        except KcreateError as error:
            if not known or self._model in known:
                raise
            raise ModelUnavailableError(
                f"--model {self.name}: the server at {self.server.url} does not serve it; it has "
                f"{', '.join(known[:8])}{' and others' if len(known) > 8 else ''}."
            ) from error


def _max_length(entry: Mapping[str, Any]) -> int:
    meta = entry.get("meta")
    said = [entry.get("max_model_len"), entry.get("context_length")]
    said += [meta.get("n_ctx"), meta.get("n_ctx_train")] if isinstance(meta, Mapping) else []
    return next((length for length in said if isinstance(length, int) and length > 0), DEFAULT_LENGTH)


def _stops(stop: str | Sequence[str] | None) -> Sequence[str]:
    if stop is None:
        return ()
    return StopStrings((stop,) if isinstance(stop, str) else tuple(stop)).stops  # refuses empty ones
