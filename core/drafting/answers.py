"""Answers: what a model wrote, read line by line into sentences with the numbers of the statements they name.

Lines and no JSON: models of three billion parameters and fewer break hard formats (arXiv 2605.26128).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ..notes.sentences import sentence_spans

LONGEST_ANSWER = 12_000
"""Characters of an answer that are read; nothing that is asked for is as long."""

_THINKING = re.compile(r"<think(?:ing)?>.*?(?:</think(?:ing)?>|\Z)", re.DOTALL | re.IGNORECASE)
_THOUGHT_BEFORE = re.compile(r"\A.*</think(?:ing)?>", re.DOTALL | re.IGNORECASE)
_ANSWER = re.compile(r"^\W{0,4}(?:answer|sentences?|答案|回答|句子)\**[ \t]*[:：]\**", re.IGNORECASE | re.MULTILINE)
_DRAFT = re.compile(r"^\W{0,4}(?:draft|草稿)\W{0,3}[:：]", re.IGNORECASE | re.MULTILINE)
_MARKS = r"(?:[\[【]\s*(?:\d+(?:\s*[-–,，、;；和]\s*\d+)*|[?？])\s*[\]】]\s*)+"
_OPENED = re.compile(rf"^(?:[-*•]\s+|\d+[.)]\s+)?({_MARKS})[:：.]?\s*(\S.*)$")
_CLOSED = re.compile(rf"^(?:[-*•]\s+|\d+[.)]\s+)?(\S.*?)\s*({_MARKS})([.。!！]?)$")


@dataclass(frozen=True)
class Line:
    """A line of an answer.

    Attributes:
        text: without its numbers.
        numbers: of the statements it names, from 1; empty where it names none.
        unsourced: the model says itself, by [?], that no statement holds this.
    """

    text: str
    numbers: tuple[int, ...] = ()
    unsourced: bool = False

    def __str__(self) -> str:
        return f"[{','.join(map(str, self.numbers)) or '?'}] {self.text}"


def final(answer: str) -> str:
    """The answer without its thinking, and of `Draft: … Answer: …` what stands behind the last `Answer:`."""
    text = _THOUGHT_BEFORE.sub("", _THINKING.sub("", answer[:LONGEST_ANSWER]))
    marks = list(_ANSWER.finditer(text))
    if marks:
        return text[marks[-1].end() :].strip()
    return "" if _DRAFT.search(text) else text.strip()


def lines(answer: str, most: int) -> list[Line]:
    """The first `most` lines of the answer's final part; a line that comes again is a loop and ends it."""
    found: list[Line] = []
    for line in _lines(final(answer)):
        if len(found) == most or any(line.text == other.text for other in found):
            break
        found.append(line)
    return found


def first_sentence(answer: str) -> str:
    """The first sentence of the answer's final part, on one line."""
    flat = " ".join(final(answer).split("\n\n")[0].split())
    spans = sentence_spans(flat)
    return flat[spans[0][0] : spans[0][1]] if spans else ""


def _lines(text: str) -> Iterator[Line]:
    for raw in text.splitlines():
        bare = raw.strip()
        if not re.search(r"\w", bare):
            continue
        if match := _OPENED.match(bare):
            marks, said = match[1], match[2]
        elif match := _CLOSED.match(bare):
            marks, said = match[2], match[1] + match[3]
        else:
            yield Line(bare)
            continue
        yield Line(said.strip(), _numbers(marks), bool(re.search(r"[?？]", marks)))


def _numbers(marks: str) -> tuple[int, ...]:
    """`[1,3-5] [7]` as (1, 3, 4, 5, 7)."""
    found: list[int] = []
    for first, last in re.findall(r"(\d{1,4})(?:\s*[-–]\s*(\d{1,4}))?", marks):
        found += range(int(first), min(int(last or first), int(first) + 20) + 1)
    return tuple(dict.fromkeys(found))
