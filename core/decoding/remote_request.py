"""What a model server is asked: a prompt and its sampling in the fields that this server knows."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from threading import Event as Cancelled
from typing import TYPE_CHECKING, Any

from ..errors import UsageError
from .chat import checked_messages
from .remote_errors import RequestRefusedError, TooLongError, room_left
from .remote_http import ModelServer
from .sampling import Sampling, request_seed

if TYPE_CHECKING:
    from .model import Prompt

Body = dict[str, Any]

_REPEAT_PENALTY = frozenset({"llamacpp", "me"})
"""Owners, as `/models` names them, of servers that call it `repeat_penalty`: llama.cpp and llama-cpp-python."""
_WITHOUT_EXTENSIONS = frozenset({"library"})
"""Owners whose server drops options beyond OpenAI's without a word: Ollama."""


@dataclass(frozen=True)
class Dialect:
    """How one server wants to be asked.

    Attributes:
        model: the server's name of the model.
        owner: `owned_by` in the server's list of models, which tells its kind; empty where it does not say.
        url: the server, for errors.
    """

    model: str
    owner: str
    url: str

    def request(
        self, prompt: "Prompt", max_new_tokens: int, sampling: Sampling, stops: Sequence[str], place: int
    ) -> tuple[str, Body]:
        """The path and body for the prompt at `place` of a call; options that are not set are left to the server.

        Raises:
            UsageError: the prompt is empty, `max_new_tokens` below 1, or the server would drop an option silently.
        """
        if max_new_tokens < 1:
            raise UsageError(f"max_new_tokens is {max_new_tokens}; give 1 or more.")
        if prompt == "":
            raise UsageError("The prompt is empty; give at least one character.")
        body: Body = {"model": self.model, "max_tokens": max_new_tokens, "temperature": sampling.temperature}
        if sampling.temperature > 0:
            body["seed"] = request_seed(sampling.seed, place) >> 32  # 31 bits, which every server takes
        if sampling.top_p is not None:
            body["top_p"] = sampling.top_p
        if stops:
            body["stop"] = list(stops)
        body |= self._extensions(sampling)
        if isinstance(prompt, str):
            return "/completions", body | {"prompt": prompt}
        return "/chat/completions", body | {"messages": [dict(message) for message in checked_messages(prompt)]}

    def _extensions(self, sampling: Sampling) -> Body:
        """The options that OpenAI's protocol does not have."""
        penalty = "repeat_penalty" if self.owner in _REPEAT_PENALTY else "repetition_penalty"
        options = {"top_k": sampling.top_k, "min_p": sampling.min_p, penalty: sampling.repetition_penalty}
        given = {name: value for name, value in options.items() if value is not None}
        if given and self.owner in _WITHOUT_EXTENSIONS:
            raise UsageError(f"The server at {self.url} knows no {next(iter(given))}; leave it out.")
        return given


def ask(server: ModelServer, path: str, body: Body, cancelled: Cancelled | None = None) -> Any:
    """The answer to `body`, or to the same in other words where the server wants them.

    Raises:
        As `ModelServer.post`.
    """
    while True:
        try:
            return server.post(path, body, cancelled=cancelled)
        except (TooLongError, RequestRefusedError) as error:
            body = _adapted(body, error)


def opened_stream(server: ModelServer, path: str, body: Body) -> Iterator[Any]:
    """The events of a streamed answer to `body`, the number of the prompt's tokens among them where the server has it.

    Raises:
        As `ModelServer.stream`.
    """
    body = body | {"stream": True, "stream_options": {"include_usage": True}}
    while True:
        try:
            return server.stream(path, body)
        except (TooLongError, RequestRefusedError) as error:
            body = _adapted(body, error)


def _adapted(body: Body, error: TooLongError | RequestRefusedError) -> Body:
    """The request in the words of the server that refused it with `error`, which is raised where there are none."""
    body = dict(body)
    if isinstance(error, TooLongError):
        room = room_left(error.said, body.get("max_tokens", 0))
        if room is None:
            raise error
        return body | {"max_tokens": room}
    if "max_completion_tokens" in error.said and "max_tokens" in body:
        return body | {"max_completion_tokens": body.pop("max_tokens")}
    if "stream_options" in error.said and body.pop("stream_options", None):
        return body
    raise error
