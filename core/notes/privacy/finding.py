"""What a search for private data returns, and which of two findings stands where they overlap."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, NamedTuple

Kind = Literal["secret", "id_number", "iban", "bank_card", "email", "phone", "account", "address", "person"]

PRECEDENCE: tuple[Kind, ...] = (
    "secret",
    "id_number",
    "iban",
    "bank_card",
    "email",
    "phone",
    "account",
    "address",
    "person",
)
"""The kinds, the one that wins where findings overlap first."""


@dataclass(frozen=True)
class Finding:
    """A stretch of a text that is somebody's own.

    Attributes:
        kind: what it is; `account` is a chat account (WeChat, QQ, Telegram …), `id_number` any number
            that a state or a school gives a person or their car.
        start: offset of its first character.
        end: offset behind its last character.
        text: the stretch as it stands there.
    """

    kind: Kind
    start: int
    end: int
    text: str


class Span(NamedTuple):
    """A recogniser's proposal, in offsets of the folded text."""

    kind: Kind
    start: int
    end: int


def without_overlaps(spans: Iterable[Span]) -> list[Span]:
    """The spans that stand, in order: by precedence of their kind, then the longer, then the earlier."""
    ranked = sorted(set(spans), key=lambda span: (PRECEDENCE.index(span.kind), span.start - span.end, span.start))
    kept: list[Span] = []
    taken: set[int] = set()  # every character of a kept span; findings are few and short
    for span in ranked:
        if taken.isdisjoint(range(span.start, span.end)):
            taken.update(range(span.start, span.end))
            kept.append(span)
    return sorted(kept, key=lambda span: span.start)
