"""Which of the two languages a text is in, and which script its characters belong to."""

import re
from typing import Literal

Language = Literal["en", "zh"]

_HAN = re.compile(r"[㐀-䶿一-鿿豈-﫿]")
_LETTER = re.compile(r"[A-Za-zÀ-ɏ]")
_NOT_PROSE = re.compile(r"```.*?```|~~~.*?~~~|\$\$.*?\$\$|`[^`\n]*`|\$[^$\n]*\$|https?://\S+", re.DOTALL)


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


def size(text: str) -> int:
    """How much text there is, in words: a Latin word counts one, a Chinese character counts 0.6 of one."""
    return len(re.findall(r"[A-Za-zÀ-ɏ0-9][\w'’-]*", text)) + round(0.6 * len(_HAN.findall(text)))


def count_words(text: str) -> int:
    """Words as a person counts them: Latin words, and every Chinese character by itself."""
    return len(re.findall(r"[A-Za-zÀ-ɏ0-9][\w'’-]*", _HAN.sub(" ", text))) + len(_HAN.findall(text))
