"""A question as the page shows it: options with letters, gaps to type into, and the right answer in words."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from string import ascii_uppercase

from ..course.answers import Kind
from ..course.questions import Question
from .material import plain_text
from .rendering import Words


@dataclass
class QuizOption:
    """An answer: its letter, its first paragraph as inline HTML and what follows as blocks."""

    letter: str
    html: str
    rest: str
    correct: bool


@dataclass
class QuizItem:
    """A question ready for the page.

    Attributes:
        gaps: for each gap of a typed question what is accepted, as plain words.
        accepted: the same for the script: JSON, each with whether case and marks count, as they do in code.
        key: the letters of the right answers, `A, C`; for steps in their order.
        solution: the right answer in words, for the page.
    """

    number: int
    kind: Kind
    stem: str
    options: list[QuizOption]
    explanation: str
    rest: str
    gaps: list[list[str]] = field(default_factory=list)
    accepted: str = ""
    tolerance: float = 0.0
    key: str = ""
    solution: str = ""

    @property
    def multiple(self) -> bool:
        """Whether several answers are right."""
        return sum(option.correct for option in self.options) > 1


def solve(item: QuizItem, question: Question, words: Words) -> None:
    """Put in what is right, for the script and in words."""
    if question.options:
        right = [option.letter for option in item.options if option.correct]
        letters = [letter for (letter,) in question.answers] or right
        item.key = ", ".join(letters)
        shown = words["and"].join(letters)
        if item.kind == "true_false":
            shown = f"“{next(option.words for option in question.options if option.correct)}”"
        form = "right_order" if item.kind == "ordering" else "the_answers" if item.multiple else "the_answer"
        item.solution = words[form].format(key=shown) if letters else ""
        return
    item.gaps = [[inline_text(one) for one in accepted] for accepted in question.answers]
    marked = [[[inline_text(one), one.startswith("`")] for one in accepted] for accepted in question.answers]
    item.accepted = json.dumps(marked, ensure_ascii=False)
    item.tolerance = question.number.tolerance if question.number else 0.0
    near = words["accepted_near"].format(by=f"{item.tolerance:g}") if item.tolerance else ""
    each = [words["accepted_any"].join(accepted) for accepted in item.gaps]
    item.solution = words["accepted"].format(key=("；" if words["and"] == "、" else "; ").join(each) + near)


def inline_text(text: str) -> str:
    """A title as plain words, for the window's title."""
    from ..markdown import parser

    return plain_text(parser().parseInline(text, {}))


def letters() -> Sequence[str]:
    """`A` to `Z`, then `AA` and so on."""
    return [*ascii_uppercase, *(first + second for first in ascii_uppercase for second in ascii_uppercase)]
