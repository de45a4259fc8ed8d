"""What a model server answers: its JSON checked and read as completions, pieces of text and log-probabilities."""

from collections.abc import Generator, Iterator, Mapping, Sequence
from typing import Any

from ..errors import ModelUnavailableError
from .completion import AnswerStream, Completion, FinishReason
from .remote_errors import message
from .remote_http import ModelServer
from .text import StopStrings


def listed_models(answer: Any) -> dict[str, Mapping[str, Any]]:
    """The entries of `/models` by their id."""
    data = answer.get("data") if isinstance(answer, Mapping) else None
    entries = [entry for entry in data if isinstance(entry, Mapping)] if isinstance(data, list) else []
    return {entry["id"]: entry for entry in entries if isinstance(entry.get("id"), str)}


def completion_of(answer: Any, stops: Sequence[str], url: str) -> Completion:
    """The completion in a whole answer of `/completions` or `/chat/completions`.

    Raises:
        ModelUnavailableError: the answer is of another form.
    """
    choice = _choice(answer, url)
    if choice is None:
        raise _unreadable(url)
    text = choice["text"] if "text" in choice else _field(choice.get("message"), "content", url)
    if not isinstance(text, str | None) or not isinstance(choice.get("finish_reason"), str):
        raise _unreadable(url)
    watch = StopStrings(stops)
    text = watch.push(text or "") + watch.finish()
    return Completion(text, [], _finish_reason(choice, stops, watch.stopped), _prompt_tokens(answer))


class RemoteStream(AnswerStream):
    """An answer as it arrives from a server."""

    def __init__(self, events: Iterator[Any], stops: Sequence[str], server: ModelServer) -> None:
        super().__init__()
        self._server = server
        self._stops = stops
        self._pieces = self._read(events)

    def __next__(self) -> str:
        return next(self._pieces)

    def close(self) -> None:
        """Leave the rest of the answer, so that the server can stop writing it."""
        self._pieces.close()

    def _read(self, events: Iterator[Any]) -> Generator[str, None, None]:
        url = self._server.url
        watch = StopStrings(self._stops)
        text: list[str] = []
        last: Mapping[str, Any] | None = None
        prompt_tokens = 0
        for event in events:
            prompt_tokens = _prompt_tokens(event) or prompt_tokens
            choice = _choice(event, url)
            if choice is None:
                continue
            piece = choice["text"] if "text" in choice else _field(choice.get("delta"), "content", url)
            if not isinstance(piece, str | None):
                raise _unreadable(url)
            if shown := watch.push(piece or ""):
                text.append(shown)
                yield shown
            if choice.get("finish_reason") is not None:
                last = choice
            if watch.stopped:
                break
        if last is None and not watch.stopped:
            raise self._server.broken_off()
        if rest := watch.finish():
            text.append(rest)
            yield rest
        reason = _finish_reason(last or {}, self._stops, watch.stopped)
        self._completion = Completion("".join(text), [], reason, prompt_tokens)


def _choice(answer: Any, url: str) -> Mapping[str, Any] | None:
    """The first choice; None for an event that has none, such as one with the numbers of tokens."""
    if not isinstance(answer, Mapping):
        raise _unreadable(url)
    if answer.get("error"):
        said = answer["error"] if isinstance(answer["error"], str) else str(_field(answer["error"], "message", url))
        raise ModelUnavailableError(f"The server at {url} failed while it wrote ({message(said)}); try again later.")
    choices = answer.get("choices")
    if not isinstance(choices, list):
        raise _unreadable(url)
    if choices and not isinstance(choices[0], Mapping):
        raise _unreadable(url)
    return choices[0] if choices else None


def _field(value: Any, key: str, url: str) -> Any:
    if not isinstance(value, Mapping):
        raise _unreadable(url)
    return value.get(key)


def _finish_reason(choice: Mapping[str, Any], stops: Sequence[str], stopped: bool) -> FinishReason:
    """`stop` stands for a stop string as well, unless the server tells which; all but an end is a cut."""
    if stopped or choice.get("stop_reason") in stops or choice.get("finish_reason") == "stop_sequence":
        return "stop_string"
    return "stop" if choice.get("finish_reason") in ("stop", "eos_token") else "length"


def _prompt_tokens(answer: Any) -> int:
    usage = answer.get("usage") if isinstance(answer, Mapping) else None
    count = usage.get("prompt_tokens") if isinstance(usage, Mapping) else None
    return count if isinstance(count, int) else 0


def _unreadable(url: str) -> ModelUnavailableError:
    return ModelUnavailableError(
        f"The server at {url} answers in another form than OpenAI's protocol; check --base-url, which usually ends in /v1."
    )
