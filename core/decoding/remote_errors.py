"""What a model server's refusal means: its status and words as one sentence that says what to do."""

import json
import re
from collections.abc import Mapping
from typing import Any

from ..errors import InputError, KcreateError, ModelUnavailableError, UsageError

_TOO_LONG = re.compile(
    r"context[ _](?:length|window|size)|exceed_context|maximum (?:model |sequence )?length|(?:prompt|input) is too long",
    re.IGNORECASE,
)
_NO_MODEL = re.compile(r"model_not_found|model .{0,200}(?:not (?:found|exist)|does not exist)|pinned to", re.IGNORECASE)
_ALWAYS = frozenset({"model", "messages", "prompt", "max_tokens", "stream", "stream_options", "echo", "logprobs"})
"""Fields that no option of the caller's stands behind."""


class RequestRefusedError(KcreateError):
    """The server understood the request and refuses it; `said` is its own message."""

    def __init__(self, sentence: str, said: str) -> None:
        super().__init__(sentence)
        self.said = said


class TooLongError(InputError):
    """The prompt with its answer exceeds the model's context; `said` is the server's own message."""

    def __init__(self, sentence: str, said: str) -> None:
        super().__init__(sentence)
        self.said = said


class OutOfReachError(ModelUnavailableError):
    """The server is not there, or has too much to do: another time may be better."""


def refusal(url: str, status: int, content: str, body: Mapping[str, Any], with_key: bool) -> KcreateError:
    """The error for a response other than 200.

    Args:
        content: the response's body.
        body: what was asked.
        with_key: whether a key was sent.
    """
    said = message(content)
    quoted = f"{status}: {said}" if said else str(status)
    if status in (401, 403):
        if not with_key:
            return ModelUnavailableError(f"The server at {url} wants a key ({status}); put it into KCREATE_API_KEY.")
        return ModelUnavailableError(
            f"The server at {url} does not accept the key of KCREATE_API_KEY or OPENAI_API_KEY ({status}); put the right "
            "one into KCREATE_API_KEY."
        )
    if status in (400, 404, 422) and _NO_MODEL.search(content):
        return ModelUnavailableError(
            f"The server at {url} does not have the model {body.get('model')} ({quoted}); check --model openai:NAME."
        )
    if status in (404, 405):
        return ModelUnavailableError(
            f"The server at {url} does not have what was asked for ({quoted}); check --base-url, which usually ends in "
            "/v1, and --model openai:NAME."
        )
    if status == 413 or _TOO_LONG.search(content):
        return TooLongError(
            f"A prompt is longer than {body.get('model')} takes ({quoted}); shorten it, or give the server's model a "
            "longer context.",
            said,
        )
    if status in (400, 422):
        named = [option for option in body if option not in _ALWAYS and re.search(rf"\b{option}\b", content)]
        if named:
            return UsageError(
                f"The server at {url} does not take {named[0]}={body[named[0]]!r} ({quoted}); leave the option out."
            )
        return RequestRefusedError(f"The server at {url} refuses the request ({quoted}); mend what it names.", said)
    if status in (408, 425, 429, 502, 503, 504, 529):
        return OutOfReachError(f"The server at {url} is overloaded ({quoted}); try again later.")
    if status >= 500:
        return ModelUnavailableError(f"The server at {url} fails ({quoted}); see what it says itself, or try again.")
    return RequestRefusedError(f"The server at {url} refuses the request ({quoted}); check --base-url.", said)


def message(content: str) -> str:
    """What an error's body says for people: the `message` or `detail` of its JSON, in one line of 300 characters."""
    text = content
    try:
        value = json.loads(content)
    except (ValueError, RecursionError):
        value = None
        if re.match(r"\s*<", content):
            text = ""  # a page of HTML says nothing in a sentence
    for _ in range(3):
        if isinstance(value, list) and value:
            value = value[0]
        if isinstance(value, dict):
            value = next((value[key] for key in ("error", "message", "detail", "msg") if key in value), None)
    if isinstance(value, str):
        text = value
    text = "".join(char if char.isprintable() else " " for char in text)
    line = " ".join(text.split()).rstrip(".")
    return line if len(line) <= 300 else f"{line[:299]}…"


def room_left(said: str, asked: int) -> int | None:
    """How many tokens an answer may still have, from a message like vLLM's; None where it does not say.

    vLLM and OpenAI refuse a prompt whose `max_tokens` go beyond the context although the prompt itself fits.
    """
    context = re.search(r"(?:maximum context length (?:is|of)|context window of) (\d+)", said)
    prompt = re.search(r"(\d+) (?:in (?:the messages|your prompt)|input tokens)", said)
    if not context or not prompt:
        return None
    room = int(context[1]) - int(prompt[1])
    return room if 0 < room < asked else None
