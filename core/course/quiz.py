"""The quiz section of a lesson: a numbered list of questions with task-list options and a quoted explanation."""

import re
from collections.abc import Collection
from dataclasses import dataclass

from .questions import questions

HEADINGS = {"en": "Check your understanding", "zh": "检查你的理解"}

_HEADING = re.compile(rf"^##\s+(?:{'|'.join(HEADINGS.values())})(?:\s+#+)?\s*$", re.MULTILINE)
_NEXT = re.compile(r"^#{1,2}\s", re.MULTILINE)
_DEFINITION = re.compile(r"^\[\^[^\]\s]+\]:", re.MULTILINE)
_OPTION = re.compile(r"^\s*[-*+]\s+\[[ xX]\]\s", re.MULTILINE)
_FENCE = re.compile(r"^\s*(`{3,}|~{3,})[^\n]*$.*?(?:^\s*\1[`~]*\s*$|\Z)", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Option:
    """One answer offered; `text` is Markdown."""

    text: str
    correct: bool


@dataclass(frozen=True)
class Item:
    """A question: one ticked option is a single choice, several a multiple choice.

    Attributes:
        stem: the question, Markdown, without the objective ids that close it in the file; may hold a code block.
        objectives: ids of the objectives it tests.
        explanation: Markdown with its citation, empty where the author gave none.
        line: the line of the lesson's body it starts on, from 1.
    """

    stem: str
    options: tuple[Option, ...]
    objectives: tuple[str, ...] = ()
    explanation: str = ""
    line: int = 0

    @property
    def multiple(self) -> bool:
        """Whether several options are right."""
        return sum(option.correct for option in self.options) > 1

    def to_markdown(self, number: int) -> str:
        """The item as it stands in a lesson."""
        tail = f" ({', '.join(self.objectives)})" if self.objectives else ""
        indent = " " * (len(str(number)) + 2)
        first, *rest = self.stem.split("\n")
        lines = [f"{number}. {first}{tail}", *(f"{indent}{line}".rstrip() for line in rest)]
        if rest:
            lines.append("")
        for option in self.options:
            text = option.text.replace("\n", f"\n{indent}  ")
            lines.append(f"{indent}- [{'x' if option.correct else ' '}] {text}")
        if self.explanation:
            lines += ["", *(f"{indent}> {line}".rstrip() for line in self.explanation.split("\n"))]
        return "\n".join(lines)


def quiz_span(body: str) -> tuple[int, int, int] | None:
    """Where the quiz is in a lesson's body, as character offsets (heading, after the heading, end); None without one.

    The section ends at the next heading of its rank or above, or where the footnote definitions begin that close the
    lesson. What stands in fenced code is no heading.
    """
    masked = _FENCE.sub(lambda fence: re.sub(r"[^\n]", "x", fence[0]), body)
    heading = _HEADING.search(masked)
    if not heading:
        return None
    following = _NEXT.search(masked, heading.end())
    end = following.start() if following else len(body)
    options = list(_OPTION.finditer(masked, heading.end(), end))
    definition = _DEFINITION.search(masked, options[-1].end() if options else heading.end(), end)
    return heading.start(), heading.end(), definition.start() if definition else end


def split_quiz(body: str) -> tuple[str, str, int]:
    """A lesson's body as (all but the quiz, the quiz without its heading, the line of the body the quiz starts on)."""
    span = quiz_span(body)
    if span is None:
        return body, "", 0
    start, inner, end = span
    return body[:start] + body[end:], body[inner:end], body.count("\n", 0, inner) + 1


def read_items(body: str, known: Collection[str] = ()) -> list[Item]:
    """The items of a lesson's quiz section; text that is no item is passed over; `known` as in `questions`."""
    from ..markdown import parser

    _, section, first_line = split_quiz(body)
    if not section.strip():
        return []
    lines = section.split("\n")
    items = []
    for part in questions(parser().parse(section), known):
        if isinstance(part, list):
            continue
        items.append(
            Item(
                stem=part.stem_source(lines),
                options=tuple(Option(option.source(lines), option.correct) for option in part.options),
                objectives=part.objectives,
                explanation=part.explanation_source(lines),
                line=first_line + part.line,
            )
        )
    return items
