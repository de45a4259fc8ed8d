"""Calling the model: all that is asked for goes out in one call, so that servers and several processes share it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from ..notes.support import Scorer

_TEMPLATE_TOKENS = 64
"""Room for what a chat template puts around the messages."""


class Generated(Protocol):
    """What is read of an answer."""

    @property
    def text(self) -> str: ...


class LanguageModel(Scorer, Protocol):
    """What the writer needs of a model; `open_model` returns one.

    One whose `scores` is there and False is never asked for log-probabilities, as some servers have none. One with an
    `identity`, a digest of all that decides its answers, is tested once and not each time.
    """

    name: str

    def generate(
        self,
        prompts: Any,
        max_new_tokens: int = 200,
        temperature: float = 0.0,
        top_k: int | None = None,
        top_p: float | None = None,
        min_p: float | None = None,
        repetition_penalty: float | None = None,
        seed: int = 0,
    ) -> Sequence[Generated]:
        """One answer for each chat of the list `prompts`, in order."""


@dataclass(frozen=True)
class Call:
    """A chat, how its answer is sampled, and how long it may become.

    Attributes:
        chats: the messages; a shorter form may follow, for a model that does not take the first.
        seed: of what is sampled, `None` where nothing is.
    """

    chats: tuple[list[dict[str, str]], ...]
    most_tokens: int
    sampling: dict[str, Any]
    seed: int | None = None


def answers(model: LanguageModel, calls: Sequence[Call]) -> list[str]:
    """An answer for each call; empty where even the shortest of its chats is too long for the model.

    Calls that are sampled alike go out together. What the model raises is raised here.
    """
    found = [""] * len(calls)
    together: dict[str, list[tuple[int, list[dict[str, str]]]]] = {}
    for place, call in enumerate(calls):
        chat = next((chat for chat in call.chats if _fits(model, chat, call.most_tokens)), None)
        if chat is not None:
            together.setdefault(repr((sorted(call.sampling.items()), call.seed)), []).append((place, chat))
    for group in together.values():
        first = calls[group[0][0]]
        options = dict(first.sampling) | ({} if first.seed is None else {"seed": first.seed})
        longest = max(calls[place].most_tokens for place, _ in group)
        written = model.generate([chat for _, chat in group], max_new_tokens=longest, **options)
        for (place, _), answer in zip(group, written, strict=True):
            found[place] = answer.text
    return found


def _fits(model: LanguageModel, chat: Sequence[dict[str, str]], most_tokens: int) -> bool:
    """Whether the model can hold the chat and its answer; one that does not say how much it holds is asked anyway."""
    longest, count = getattr(model, "max_length", None), getattr(model, "count_tokens", None)
    if not isinstance(longest, int) or count is None:
        return True
    text = "\n".join(message["content"] for message in chat)
    room = longest - most_tokens - _TEMPLATE_TOKENS
    return len(text.encode()) <= room or bool(count(text) <= room)  # no token is less than a byte
