"""What item rules compare texts by: plain text of Markdown, its content words, its length, its kind."""

import re
import unicodedata
from functools import lru_cache
from typing import Literal

Language = Literal["en", "zh"]

_WORD = re.compile(r"[A-Za-zÀ-ɏ][A-Za-zÀ-ɏ'’-]*|\d+(?:[.,]\d+)*|[㐀-䶿一-鿿]+")
_HAN = re.compile(r"[㐀-䶿一-鿿]")
_GRAMMAR = frozenset({
    "a", "an", "and", "any", "are", "as", "at", "be", "been", "but", "by", "can", "could", "did", "do", "does", "for",
    "from", "had", "has", "have", "how", "if", "in", "into", "is", "it", "its", "may", "might", "more", "most",
    "must", "no", "nor", "not", "of", "off", "on", "one", "only", "or", "other", "our", "out", "over", "so", "some",
    "such", "than", "that", "the", "their", "them", "then", "there", "these", "they", "this", "those", "through",
    "to", "too", "under", "up", "was", "were", "what", "when", "where", "which", "while", "who", "whom", "whose",
    "why", "will", "with", "would", "you", "your", "also", "about", "after", "all", "because", "before", "between",
    "both", "each", "few", "every", "above", "below", "down", "following", "term", "word", "sentence", "figure",
    "number", "true", "false", "correct", "right", "statement", "described", "describe", "describes", "belong",
    "belongs", "mean", "means", "meaning", "call", "called", "name", "gap", "complete", "completes", "here", "fill",
    "happen", "happens",
})  # fmt: skip
_GRAMMAR_HAN = frozenset(
    "的了是在和与也就都而及或这那其之于以为将把被从到对中上下有个们你我他她它会能可要让使并且但所则即因此如等着过地得什么哪谁何下列说法正确错误句子空白处一项应填术语数字指"
)


@lru_cache(maxsize=8192)
@lru_cache(maxsize=16384)
def plain(text: str) -> str:
    """Markdown as it is read: no marks, no footnotes, half-width, one space."""
    text = re.sub(r"!?\[([^\[\]]*)\]\([^()\s]*\)|\[\^[^\]]*\]", r"\1", text)
    text = re.sub(r"[`*$]|(?<!\w)_{1,2}(?=\w)|(?<=\w)_{1,2}(?!\w)", "", text)
    return " ".join(unicodedata.normalize("NFKC", text).split())


@lru_cache(maxsize=8192)
def terms(text: str) -> tuple[str, ...]:
    """Content words in order: English ones without their endings, Chinese as pairs of characters."""
    found: list[str] = []
    for word in _WORD.findall(plain(text)):
        if _HAN.match(word):
            pairs = [word[place : place + 2] for place in range(len(word) - 1)] or [word]
            found += [pair for pair in pairs if not set(pair) & _GRAMMAR_HAN]
        elif word.lower() not in _GRAMMAR:
            found.append(_stem(word.lower()))
    return tuple(found)


@lru_cache(maxsize=8192)
def length(text: str) -> int:
    """How long an option looks: letters, a Chinese character as two."""
    shown = plain(text)
    return len(shown) + len(_HAN.findall(shown))


def likeness(one: str, other: str) -> float:
    """How much two texts say the same: shared of all content words, 1 for equal texts."""
    left, right = plain(one).lower().strip(" .。?？!"), plain(other).lower().strip(" .。?？!")
    if left == right:
        return 1.0
    # A figure, a sign or an option of a command is all the difference there may be.
    if re.findall(r"\d[\d.,]*|--?\w+", left) != re.findall(r"\d[\d.,]*|--?\w+", right):
        return 0.0
    ours, theirs = set(terms(one)), set(terms(other))
    if not ours & theirs:
        return 0.0
    shared = [[word for word in terms(text) if word in ours & theirs] for text in (one, other)]
    # The same words in another order are another statement: `a before b`, `b before a`.
    return len(ours & theirs) / len(ours | theirs) * (1.0 if shared[0] == shared[1] else 0.5)


def shape(text: str) -> str:
    """What sort of thing an option is: `number`, `code`, `chinese`, `latin`."""
    text = text.strip()
    if re.fullmatch(r"`[^`]+`", text):
        return "code"
    shown = plain(text)
    if re.fullmatch(r"[^\w]*\d[\d.,]*\s*\S{0,6}", shown):
        return "number"
    return "chinese" if _HAN.search(shown) else "latin"


def is_chinese(text: str) -> bool:
    """Whether there are Chinese characters in it."""
    return bool(_HAN.search(text))


def _stem(word: str) -> str:
    word = re.sub(r"['’]s?$", "", word)
    for ending in ("ing", "ies", "ed", "es", "s"):
        if word.endswith(ending) and len(word) - len(ending) >= 3 and not word.endswith(("ss", "us", "is")):
            return word[: -len(ending)].rstrip("e")
    return word.rstrip("e") if len(word) > 3 else word
