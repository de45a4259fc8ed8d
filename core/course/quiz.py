"""The quiz section of a lesson: a numbered list of questions with options or an answer line, and a quoted explanation."""

import re
from collections.abc import Collection
from dataclasses import dataclass

from .answers import Answers, Kind, answer_of
from .questions import questions

HEADINGS = {"en": "Check your understanding", "zh": "检查你的理解"}

_HEADING = re.compile(rf"^##\s+(?:{'|'.join(HEADINGS.values())})(?:\s+#+)?\s*$", re.MULTILINE)
_NEXT = re.compile(r"^#{1,2}\s", re.MULTILINE)
_DEFINITION = re.compile(r"^\[\^[^\]\s]+\]:", re.MULTILINE)
_OPTION = re.compile(r"^\s*[-*+]\s+\[[ xX]\]\s", re.MULTILINE)
_HAN = re.compile(r"[㐀-䶿一-鿿]")
_FENCE = re.compile(r"^\s*(`{3,}|~{3,})[^\n]*$.*?(?:^\s*\1[`~]*\s*$|\Z)", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Option:
    """One answer offered; `text` is Markdown."""

    text: str
    correct: bool


@dataclass(frozen=True)
class Item:
    """A question.

    Attributes:
        stem: the question, Markdown, without the objective ids that close it in the file; may hold a code block.
        options: what is chosen from, or put in order, as it is shown; none where the answer is typed.
        objectives: ids of the objectives it tests.
        explanation: Markdown with its citation, empty where the author gave none.
        line: the line of the lesson's body it starts on, from 1.
        kind: how it is answered; several ticked options make a single choice a multiple one.
        answers: for each gap of a typed question what is accepted, the best first; for an ordering the letters of its
            options in the right order, one each (`A` is the first shown).
        tolerance: how far off a numeric answer is still right.
    """

    stem: str
    options: tuple[Option, ...] = ()
    objectives: tuple[str, ...] = ()
    explanation: str = ""
    line: int = 0
    kind: Kind = "single"
    answers: Answers = ()
    tolerance: float = 0.0

    def __post_init__(self) -> None:
        if self.kind == "single" and self.multiple:
            object.__setattr__(self, "kind", "multiple")

    @property
    def multiple(self) -> bool:
        """Whether several options are right."""
        return sum(option.correct for option in self.options) > 1

    @property
    def right(self) -> tuple[str, ...]:
        """The texts of what is right: ticked options, the best answer of every gap, or the options in their order."""
        if self.kind == "ordering":
            return tuple(self.options[ord(letter) - ord("A")].text for (letter,) in self.answers)
        if self.answers:
            return tuple(accepted[0] for accepted in self.answers)
        return tuple(option.text for option in self.options if option.correct)

    def to_markdown(self, number: int) -> str:
        """The item as it stands in a lesson."""
        tail = f" ({', '.join(self.objectives)})" if self.objectives else ""
        indent = " " * (len(str(number)) + 2)
        first, *rest = self.stem.split("\n")
        lines = [f"{number}. {first}{tail}", *(f"{indent}{line}".rstrip() for line in rest)]
        if rest or (self.answers and not self.options):
            lines.append("")
        for place, option in enumerate(self.options):
            mark = f"{chr(ord('A') + place)}." if self.kind == "ordering" else f"[{'x' if option.correct else ' '}]"
            text = option.text.replace("\n", f"\n{indent}  ")
            lines.append(f"{indent}- {mark} {text}")
        if self.answers:
            lines += [*([""] if self.options else []), f"{indent}{self._answer_line()}"]
        if self.explanation:
            lines += ["", *(f"{indent}> {line}".rstrip() for line in self.explanation.split("\n"))]
        return "\n".join(lines)

    def _answer_line(self) -> str:
        chinese = bool(_HAN.search(self.stem))
        slots = [" | ".join(accepted) for accepted in self.answers]
        gap = ", " if self.kind == "ordering" else "； " if chinese else "; "
        near = f" (± {self.tolerance:g})" if self.kind == "numeric" and self.tolerance else ""
        return f"{'**答案：**' if chinese else '**Answer:**'} {gap.join(slots)}{near}"


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
    marks = [option.end() for option in _OPTION.finditer(masked, heading.end(), end)]
    marks += [at for at, line in _lines(masked, heading.end(), end) if answer_of(line) is not None]
    definition = _DEFINITION.search(masked, max(marks, default=heading.end()), end)
    return heading.start(), heading.end(), definition.start() if definition else end


def quiz_lines(body: str) -> tuple[int, int]:
    """The lines of the quiz section in a lesson's body, from 0, the last not counted; `(0, 0)` without one."""
    span = quiz_span(body)
    return (body.count("\n", 0, span[0]), body.count("\n", 0, span[2]) + 1) if span else (0, 0)


def _lines(text: str, start: int, end: int) -> list[tuple[int, str]]:
    """The lines of `text[start:end]`, each with the offset it starts at."""
    found, at = [], start
    for line in text[start:end].split("\n"):
        found.append((at, line))
        at += len(line) + 1
    return found


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
                kind=part.kind,
                answers=part.answers,
                tolerance=part.number.tolerance if part.number else 0.0,
            )
        )
    return items
