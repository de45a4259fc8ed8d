"""A language model that does as it is told in a test: it reads kcreate's own prompts and answers by part."""

import re
from collections.abc import Callable, Sequence
from typing import Any

_PARTS = {
    "summary": ("Sum up the notes", "概括成一句话"),
    "opening": ("You write the opening of a lesson", "请用中文为一课写开头"),
    "bridge": ("it leads from one section to the next", "从前一节引到后一节"),
    "paragraph": ("You write one paragraph of a course", "请用中文写课程中的一个段落"),
}
_DENIES = re.compile(r"\b(?:no|not)\b|不|没")
_LEANS = re.compile(
    r"It|This|That|These|After|The (?:yeast|distance)|Three|[它这那此其]|用的时候|关火|等|不加|一斤|外面"
)


class Score:
    def __init__(self, log_prob: float, tokens: int) -> None:
        self.log_prob, self.tokens = log_prob, tokens


class Answer:
    def __init__(self, text: str) -> None:
        self.text = text


def part_of(prompt: str) -> str:
    """Which of kcreate's prompts this is."""
    return next(part for part, marks in _PARTS.items() if any(mark in prompt for mark in marks))


def given(prompt: str) -> list[str]:
    """The statements or lines of notes that the prompt gives, without their numbers."""
    fence = re.findall(r"<(notes[\w-]*)>\n(.*?)\n</\1>", prompt, flags=re.S)[-1][1]
    lines = fence.split("\n")
    numbered = all(re.match(r"\d+\. ", line) for line in lines)
    return [re.sub(r"^\d+\. ", "", line) for line in lines] if numbered else lines


def joined(*sentences: str) -> str:
    """Sentences as one, so that it is true and no copy."""
    *first, last = sentences
    return "".join(re.sub(r"[.。]$", "；" if one.endswith("。") else "; ", one) for one in first) + last


def said_anew(sentence: str) -> str:
    """The sentence with a word more that says nothing."""
    return re.sub(r"[.。]$", "了。" if sentence.endswith("。") else " here.", sentence)


def able(prompt: str) -> str:
    """What a model writes that does all it is asked for: true sentences, none of them a copy."""
    part, said = part_of(prompt), given(prompt)
    free = [number for number, one in enumerate(said) if not _LEANS.match(one)]
    if part == "summary":
        return said_anew(said[free[0]])
    if part == "bridge":
        before = int(
            next(
                one
                for pair in re.findall(r"Statements?, 1 to (\d+) from|第 1 到 (\d+) 句", prompt, re.I)[::-1]
                for one in pair
                if one
            )
        )
        left = [one for one in free if one < before and not _DENIES.search(said[one])] or [0]
        return f"Draft: both.\nAnswer:\n[{left[-1] + 1},{before + 1}] {joined(said[left[-1]], said[before])}"
    if part == "opening":
        return f"<think>Hm.</think>Draft: 1.\nAnswer:\n[{free[0] + 1},{free[1] + 1}] {joined(said[free[0]], said[free[1]])}"
    return "\n".join(f"[{number}] {said_anew(one)}" for number, one in enumerate(said, 1))


class ScriptedWriter:
    """Answers by a function of the prompt; counts its calls and keeps its chats."""

    name = "scripted"

    def __init__(self, answer: Callable[[str], str] = able, again: str = "", bits: float = 1.0) -> None:
        self.answer, self.again, self.bits = answer, again, bits
        self.chats: list[Sequence[dict[str, str]]] = []
        self.options: list[dict[str, Any]] = []
        self.calls = 0

    def score(self, prompt: str, texts: Sequence[str]) -> list[Score]:
        return [Score(-0.6931 * self.bits * len(text.encode()), max(1, len(text) // 4)) for text in texts]

    def generate(self, prompts: Sequence[Any], **options: Any) -> list[Answer]:
        self.calls += 1
        self.chats += prompts
        self.options.append(options)
        return [Answer(self.again if len(chat) > 1 else self.answer(chat[0]["content"])) for chat in prompts]
