"""Answers that are typed or put in order: the line below a question that gives them, as an author writes it.

`**Answer:** staging area | index`, `**答案：** 3.14 (± 0.01)`, `**Answer:** B, C, A`. Half- and full-width marks mean the
same, bold or not; a bar divides what is accepted for one gap, a semicolon the gaps.
"""

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

Kind = Literal["single", "multiple", "true_false", "cloze", "short", "numeric", "ordering"]
Answers = tuple[tuple[str, ...], ...]

BLANK = re.compile(r"(?:\\?_){3,}|＿{2,}|[（(][ \u3000\u00a0]{2,}[)）]")
"""A gap to be filled in."""
TRUE_FALSE = frozenset({
    frozenset({"true", "false"}), frozenset({"正确", "错误"}), frozenset({"对", "错"}), frozenset({"正确", "不正确"}),
})  # fmt: skip
_LABEL = re.compile(
    r"^\s*(?P<mark>\*{1,2}|_{1,2})?\s*(?:(?:the )?(?:correct |right |accepted )?answers?|(?:正确|参考|标准)?答案|答)\s*"
    r"(?:(?P=mark)\s*[:：]|[:：]\s*(?P=mark)|[:：])\s*",
    re.IGNORECASE,
)
_LABEL_BARE = re.compile(
    r"^\s*(?:(?:the )?(?:correct |right |accepted )?answers?|(?:正确|参考|标准)?答案|答)\s*[:：]\s*", re.IGNORECASE
)
_HELD = re.compile(r"`[^`]*`|\$[^$]*\$")
_TOLERANCE = re.compile(r"\s*\(?\s*(?:±|\+/?-)\s*(?P<by>\d+(?:\.\d+)?)\s*%?\s*\S{0,8}?\s*\)?\s*$")
_NUMBER = re.compile(
    r"^(?:[$€£¥]|about |ca\. |约)?\s*(?P<number>[-−]?\d{1,3}(?:,\d{3})+(?:\.\d+)?|[-−]?\d+(?:\.\d+)?(?:e[+-]?\d+)?)\s*"
    r"(?P<unit>[^\d\s.,;:|]\S{0,12}(?: \S{1,12})?)?$",
    re.IGNORECASE,
)
_ORDER_MARKS = re.compile(r"(?:[\s,，、;；.>→⟶➔-]|->|=>)+")


@dataclass(frozen=True)
class Number:
    """A numeric answer: its value, how far off is still right, and the unit as written."""

    value: float
    tolerance: float = 0.0
    unit: str = ""


def answer_of(line: str) -> str | None:
    """What stands behind the label of an answer line; None where the line is none."""
    label = _LABEL.match(line) or _LABEL_BARE.match(line)
    return line[label.end() :].strip() if label and line[label.end() :].strip() else None


def read_answers(text: str, gaps: int) -> Answers:
    """The accepted answers of every gap in order; with one gap, or none, a semicolon divides nothing."""
    slots = _split(text, ";；") if gaps > 1 else [text.strip()]
    return tuple(tuple(one for one in _split(slot, "|｜") if one) for slot in slots if slot)


def read_number(text: str) -> Number | None:
    """The number an answer is, with its tolerance; None for words."""
    plain = unicodedata.normalize("NFKC", text).strip().rstrip("。")
    near = _TOLERANCE.search(plain)
    match = _NUMBER.match(plain[: near.start()].strip() if near else plain)
    if not match:
        return None
    value = float(match["number"].replace(",", "").replace("−", "-"))
    by = float(near["by"]) if near else 0.0
    if near and "%" in near[0] and (match["unit"] or "") != "%":
        by = abs(value) * by / 100
    return Number(value, by, match["unit"] or "")


def without_tolerance(text: str) -> str:
    """A numeric answer as it is shown: `3.14` of `3.14 (± 0.01)`."""
    return re.sub(r"\s*[(（]?\s*(?:±|\+/?-|＋/?－)\s*[\d.０-９．]+[^()（）]{0,10}[)）]?\s*$", "", text).strip()


def read_letters(text: str, count: int) -> tuple[int, ...] | None:
    """Places of the options that an answer names by letter, in its order: `B, C, A` is (1, 2, 0); None for other text."""
    plain = unicodedata.normalize("NFKC", text).strip().rstrip(".。")
    letters = _ORDER_MARKS.sub("", plain)
    if not re.fullmatch(r"[A-Za-z]+", letters) or len(set(letters.upper())) != len(letters):
        return None
    if not (letters.isupper() or len(letters) == 1):
        return None
    places = tuple(ord(letter) - ord("A") for letter in letters.upper())
    return places if all(place < count for place in places) else None


def typed_kind(stem: str, answers: Answers) -> Kind:
    """The kind of a question that has answers and no options."""
    if len(answers) == 1 and all(read_number(one) for one in answers[0]):
        return "numeric"
    return "cloze" if BLANK.search(_HELD.sub("", stem)) else "short"


def gaps_in(stem: str) -> int:
    """How many gaps a question has."""
    return len(BLANK.findall(_HELD.sub("", stem)))


def _split(text: str, marks: str) -> list[str]:
    """`text` cut at any of the marks, code and formulas kept whole."""
    pieces, start = [], 0
    held = [match.span() for match in _HELD.finditer(text)]
    for place, character in enumerate(text):
        if character in marks and not any(first <= place < end for first, end in held):
            pieces.append(text[start:place])
            start = place + 1
    return [piece.strip() for piece in [*pieces, text[start:]]]
