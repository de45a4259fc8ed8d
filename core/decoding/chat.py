"""Chat messages to prompt ids by the checkpoint's own template; text in a message never becomes a special token."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from ..errors import InputError, UsageError

Message = Mapping[str, str]
"""One turn of a chat: `role` ("system", "user", "assistant") and `content`."""

PLAIN_TEMPLATE = (
    "{% for message in messages %}{{ message['role'] }}: {{ message['content'] }}\n\n{% endfor %}"
    "{% if add_generation_prompt %}assistant:{% endif %}"
)
"""For checkpoints without a template of their own."""


class Encoder(Protocol):
    """What chats need of a tokenizer; with `special`, special tokens in the text become their own ids."""

    def encode(self, text: str, special: bool = True) -> list[int]: ...


def encode_chat(
    tokenizer: Encoder,
    messages: Sequence[Message],
    template: str | None,
    special_tokens: Mapping[str, str],
    names: Sequence[str],
) -> list[int]:
    """The ids of a chat with the opening of the assistant's turn behind it.

    The template runs over messages in which every special token's spelling is masked, so the special tokens of the
    rendered text are the template's own; then the spellings come back as plain text between them.

    Args:
        template: the checkpoint's Jinja template; None renders `role: content`.
        special_tokens: what templates may refer to by name (`bos_token`, `eos_token`, …).
        names: the spelling of every special token of the tokenizer.

    Raises:
        UsageError: a message lacks `role` or `content`, or they are no strings.
        InputError: the template refuses the messages, or is no valid template.
    """
    mark = _unused_mark(messages)
    spelling = re.compile("|".join(map(re.escape, sorted(names, key=len, reverse=True)))) if names else None
    masked: list[str] = []

    def mask(text: str) -> str:
        def keep(match: re.Match[str]) -> str:
            masked.append(match.group())
            return f"{mark}{len(masked) - 1}{mark}"

        return spelling.sub(keep, text) if spelling else text

    safe = [
        {"role": mask(message["role"]), "content": mask(message["content"])} for message in checked_messages(messages)
    ]
    text = render(template or PLAIN_TEMPLATE, safe, special_tokens)
    if not masked or spelling is None:
        return tokenizer.encode(text, special=True)
    ids: list[int] = []
    end = 0
    for match in [*spelling.finditer(text), None]:
        plain = text[end : match.start() if match else len(text)]
        plain = re.sub(f"{mark}(\\d+){mark}", lambda found: masked[int(found.group(1))], plain)
        ids += tokenizer.encode(plain, special=False) if plain else []
        if match:
            ids += tokenizer.encode(match.group(), special=True)
            end = match.end()
    return ids


def render(template: str, messages: Sequence[Message], special_tokens: Mapping[str, str]) -> str:
    """The text of a chat, with the opening of the assistant's turn; the template runs in Jinja's sandbox."""
    from jinja2 import TemplateError
    from jinja2.ext import loopcontrols
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    def refuse(reason: str) -> None:
        raise TemplateError(reason)

    environment = ImmutableSandboxedEnvironment(trim_blocks=True, lstrip_blocks=True, extensions=[loopcontrols])
    environment.filters["tojson"] = _to_json
    environment.globals["raise_exception"] = refuse
    environment.globals["strftime_now"] = lambda form: datetime.now().strftime(form)
    try:
        compiled = environment.from_string(template)
        return compiled.render(messages=list(messages), add_generation_prompt=True, **special_tokens)
    except TemplateError as error:
        raise InputError(
            f"The model's chat template refuses these messages ({error}); give the prompt as text."
        ) from error
    except Exception as error:
        raise InputError(
            f"The model's chat template fails ({type(error).__name__}: {error}); give the prompt as text."
        ) from error


def _to_json(
    value: Any,
    ensure_ascii: bool = False,
    indent: int | None = None,
    separators: tuple[str, str] | None = None,
    sort_keys: bool = False,
) -> str:
    """JSON as templates expect it: not escaped for HTML, unlike Jinja's own filter."""
    import json

    return json.dumps(value, ensure_ascii=ensure_ascii, indent=indent, separators=separators, sort_keys=sort_keys)


def checked_messages(messages: Sequence[Message]) -> Sequence[Message]:
    """The messages as they are.

    Raises:
        UsageError: there are none, or one lacks `role` or `content`, or they are no strings.
    """
    if not messages:
        raise UsageError("The chat has no messages; give at least one with 'role' and 'content'.")
    for message in messages:
        parts = (message.get("role"), message.get("content")) if isinstance(message, Mapping) else (None, None)
        if not all(isinstance(part, str) for part in parts):
            raise UsageError("Every message of a chat is {'role': text, 'content': text}; one of these is not.")
    return messages


def _unused_mark(messages: Sequence[Message]) -> str:
    """A private-use character that no message contains."""
    used = set().union(*(set(message["role"] + message["content"]) for message in checked_messages(messages)))
    return next(chr(code) for code in range(0xE000, 0xF8FF) if chr(code) not in used)
