"""Alignment: which words of the evidence each word of a claim comes closest to, and which part of it a clause rests on."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise

from .lexicon import CONDITION_SPAN, opposed, same_pole
from .meaning import vectors
from .reading import Token, clauses, content, pieces, rows, tokens

_FAR, _SAME = 0.45, 0.75
"""Cosines of two words at which they count as unrelated and as nearly the same."""
_STRICT = 0.6, 0.92
"""The same where a word stands in the other's place among the author's own words: 绿茶 is not 红茶."""


_UNKNOWN = 0.995
"""Two single characters that are as near as this are both unknown to the encoder, which has one vector for all of them."""


@dataclass(frozen=True)
class Window:
    """A stretch of the evidence: a clause, a sentence or two neighbouring ones."""

    text: str

    @cached_property
    def tokens(self) -> tuple[Token, ...]:
        """All its tokens."""
        return tokens(self.text)

    @cached_property
    def content(self) -> list[Token]:
        """Those that say something of their own."""
        return content(self.tokens)

    @cached_property
    def keys(self) -> frozenset[str]:
        """What its content words are compared by."""
        return frozenset(token.key for token in self.content)

    @cached_property
    def every(self) -> frozenset[str]:
        """What all its tokens are compared by."""
        return frozenset(token.key for token in self.tokens)


class Evidence:
    """Passages cut into the windows that can carry a claim."""

    def __init__(self, passages: Sequence[str]) -> None:
        blocks = [block for passage in passages for block in pieces(passage)]
        whole = [sentence for block in blocks for sentence in block]
        self.sentences = [Window(sentence) for sentence in whole]
        parts = [part for sentence in whole for part in clauses(sentence)]
        pairs = [f"{left} {right}" for block in blocks for left, right in pairwise(block)]
        halves = [half for sentence in whole for half in re.split(r"(?<=[;；])", sentence) if half.strip()]
        self.single = [Window(text) for text in dict.fromkeys([*parts, *halves, *whole])]
        known = {window.text for window in self.single}
        self.windows = [*self.single, *(Window(text) for text in dict.fromkeys(pairs) if text not in known)]
        self.rows = [Window(row) for passage in passages for row in rows(passage)]
        self.all = Window("\n".join(whole))
        self.keys = self.all.keys
        self.folded = self.all.text.lower()
        self._conditions: dict[str, list[tuple[Token, ...]]] = {}

    def conditions(self, text: str) -> list[tuple[Token, ...]]:
        """The conditions, as tokens, that the sentences make in which `text` stands."""
        if text not in self._conditions:
            self._conditions[text] = [
                tokens(match.group())
                for sentence in self.sentences
                if text in sentence.text
                for match in CONDITION_SPAN.finditer(sentence.text)
            ]
        return self._conditions[text]


@lru_cache(256)
def evidence_of(passages: tuple[str, ...]) -> Evidence:
    """The evidence of passages, kept while a text is checked sentence by sentence."""
    return Evidence(passages)


def weight(token: Token) -> float:
    """How much a token says: long words say more than short ones, numbers and names most."""
    if token.kind in ("number", "code", "name"):
        return 2.0
    if token.kind == "unit":
        return 1.0
    return 0.7 + (0.35 * min(len(token.key), 4) if token.kind == "han" else 0.1 * min(len(token.key), 10))


class Nearness:
    """How near each content word of a claim is to each of the evidence, 0 to 1; opposites are not near."""

    def __init__(self, claim: Sequence[Token], evidence: Evidence) -> None:
        self._near: dict[tuple[str, str], float] = {}
        self._strict: dict[tuple[str, str], float] = {}
        said = list({token.key: token for token in evidence.all.content}.values())
        new = list({token.key: token for token in claim}.values())
        words = [token for token in new if token.kind in ("word", "name", "han")]
        others = [token for token in said if token.kind in ("word", "name", "han")]
        if words and others:
            cosines = vectors([one.text for one in words]) @ vectors([one.text for one in others]).T
            for row, one in zip(cosines.tolist(), words, strict=True):
                for cosine, other in zip(row, others, strict=True):
                    self._near[one.key, other.key] = _near(one, other, cosine, _FAR, _SAME)
                    apart = one.key != other.key and ("name" in (one.kind, other.kind) or _siblings(one, other))
                    self._strict[one.key, other.key] = 0.0 if apart else _near(one, other, cosine, *_STRICT)

    def of(self, one: str, other: str) -> float:
        """The nearness of two keys."""
        return 1.0 if one == other else self._near.get((one, other), 0.0)

    def in_place_of(self, one: str, other: str) -> float:
        """The nearness of two keys of which one was put in the other's place, by a stricter measure."""
        return 1.0 if one == other else self._strict.get((one, other), 0.0)


def _siblings(one: Token, other: Token) -> bool:
    """Whether two Chinese words name two kinds of one thing: 绿茶 and 红茶, 新月 and 满月."""
    return (
        one.kind == other.kind == "han"
        and len(one.key) == len(other.key) >= 2
        and one.key[-1] == other.key[-1]
        and one.key[0] != other.key[0]
        and not same_pole(one.key, other.key)
    )


def _near(one: Token, other: Token, cosine: float, far: float, same: float) -> float:
    if one.key == other.key:
        return 1.0
    if opposed(one.key, other.key) or (one.kind == "han" and sorted(one.key) == sorted(other.key)):
        return 0.0
    near = max(0.0, min(1.0, (cosine - far) / (same - far)))
    if one.kind == other.kind == "han" and len(one.key) == len(other.key) == 1 and cosine > _UNKNOWN:
        near = 0.0
    if one.kind == other.kind == "han" and (one.key in other.key or other.key in one.key):
        near = max(near, 0.6 * min(len(one.key), len(other.key)) / max(len(one.key), len(other.key)) + 0.3)
    if one.kind == "name" or other.kind == "name":
        near *= 0.5
    if same_pole(one.key, other.key):
        near = max(near, 0.7)
    return near


def covered(claim: Sequence[Token], window: Window, near: Nearness) -> float:
    """The weighted share of a claim's content words that a window has, in the same or near words."""
    total = sum(weight(token) for token in claim)
    if not total:
        return 1.0
    return sum(weight(token) * best(token, window, near)[1] for token in claim) / total


def best(token: Token, window: Window, near: Nearness) -> tuple[str, float]:
    """The key of a window's content word that comes closest to a token, and how close."""
    if token.key in window.keys or (token.kind == "han" and len(token.key) > 1 and token.key in window.text):
        return token.key, 1.0
    return max(((key, near.of(token.key, key)) for key in window.keys), key=lambda pair: pair[1], default=("", 0.0))


def closest(claim: Sequence[Token], evidence: Evidence, near: Nearness) -> Window:
    """The window that a claim or a clause of it rests on: that which covers it best, a tight one before a wide one."""
    keys = {token.key for token in claim}

    def fit(window: Window) -> float:
        spare = sum(token.key not in keys for token in window.content)
        return covered(claim, window, near) - 0.012 * min(spare, 20)

    return max(evidence.windows, key=fit, default=Window(""))
