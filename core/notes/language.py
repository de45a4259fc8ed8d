"""Which of the two languages a text is in, and which script its characters belong to."""

import re
from typing import Literal

Language = Literal["en", "zh"]

_HAN = re.compile(r"[㐀-䶿一-鿿豈-﫿]")
_KANA = re.compile(r"[぀-ヿ]")
_OTHER_SCRIPT = re.compile(r"[Ͱ-ӿԱ-֏א-ۿऀ-෿฀-๿Ⴀ-ჿ가-힣]")
_LETTER = re.compile(r"[A-Za-zÀ-ɏ]")
_NOT_PROSE = re.compile(r"```.*?```|~~~.*?~~~|\$\$.*?\$\$|`[^`\n]*`|\$[^$\n]*\$|https?://\S+", re.DOTALL)

_ENGLISH = frozenset(
    [
        "the",
        "of",
        "and",
        "to",
        "in",
        "is",
        "are",
        "that",
        "it",
        "for",
        "with",
        "as",
        "was",
        "on",
        "by",
        "be",
        "this",
        "you",
    ]
)
_NOT_ENGLISH = frozenset([
    "le", "la", "les", "des", "du", "et", "est", "une", "un", "que", "qui", "dans", "pour", "der", "das", "und", "ist", "nicht",
    "ein", "eine", "den", "mit", "von", "zu", "el", "los", "las", "es", "una", "por", "con", "para", "del", "il", "di", "che",
    "della", "sono", "os", "uma", "em", "não", "het", "een", "van", "en", "de",
])  # fmt: skip


def han_share(text: str) -> float:
    """Han characters of all letters, code and formulas not counted; 0 where there are no letters.

    A Chinese character carries about as much as three Latin letters, and is counted so.
    """
    prose = _NOT_PROSE.sub(" ", text)
    han, latin = len(_HAN.findall(prose)), len(_LETTER.findall(prose))
    return 3 * han / (3 * han + latin) if han or latin else 0.0


def language_of(text: str) -> Language:
    """`zh` where at least half of what is said is said in Chinese characters, else `en`."""
    return "zh" if han_share(text) >= 0.5 else "en"


def said_in(text: str) -> Language | None:
    """The language of a text that is in one of the two; None where it is in another (Japanese, Russian, French …).

    A Latin text is told from English by its little words; one of fewer than 40 words, or of terms alone, counts as English.
    """
    prose = _NOT_PROSE.sub(" ", text)
    han, kana, latin = (len(pattern.findall(prose)) for pattern in (_HAN, _KANA, _LETTER))
    if kana > 0.15 * (han + kana) or len(_OTHER_SCRIPT.findall(prose)) > han + latin:
        return None
    if language_of(text) == "zh":
        return "zh"
    words = re.findall(r"[a-zà-ɏ']+", prose.lower())
    english, foreign = (sum(word in little for word in words) for little in (_ENGLISH, _NOT_ENGLISH))
    return None if len(words) >= 40 and foreign > 0.08 * len(words) and foreign > 2 * english else "en"


def size(text: str) -> int:
    """How much text there is, in words: a Latin word counts one, a Chinese character counts 0.6 of one."""
    return len(re.findall(r"[A-Za-zÀ-ɏ0-9][\w'’-]*", text)) + round(0.6 * len(_HAN.findall(text)))


def count_words(text: str) -> int:
    """Words as a person counts them: Latin words, and every Chinese character by itself."""
    return len(re.findall(r"[A-Za-zÀ-ɏ0-9][\w'’-]*", _HAN.sub(" ", text))) + len(_HAN.findall(text))
