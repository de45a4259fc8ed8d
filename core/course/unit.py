"""Units of a course, the parts an author speaks of by name: a lesson, a section, a quiz, one question, the glossary.

`LESSON`, `LESSON/SECTION-SLUG` (the heading's anchor on GitHub; the lesson's own title stands for what comes before the
first heading), `LESSON/quiz`, `LESSON/q3`; and `glossary`, `flashcards`, `outline`, where no lesson has that id.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..errors import InputError, UsageError
from .lesson import Lesson, body_start
from .questions import Question, questions
from .quiz import quiz_span

if TYPE_CHECKING:
    from markdown_it.token import Token

QUIZ = "quiz"
OF_THE_COURSE = ("glossary", "flashcards", "outline")
ITEM = re.compile(r"q[1-9]\d*")
_RESERVED = re.compile(rf"{QUIZ}|{ITEM.pattern}")
_DEFINITION = re.compile(r"^\[\^[^\]\s]+\]:", re.MULTILINE)


@dataclass(frozen=True)
class Unit:
    """A unit: `lesson` is empty for those of the whole course, `part` for a whole lesson."""

    lesson: str
    part: str = ""

    def __str__(self) -> str:
        return "/".join(name for name in (self.lesson, self.part) if name)

    @property
    def is_item(self) -> bool:
        """Whether it is one question of a quiz."""
        return bool(self.lesson) and ITEM.fullmatch(self.part) is not None


def parse_unit(name: str, lessons: Sequence[str], option: str = "--only") -> Unit:
    """The unit that an author named; `lessons` are the ids there are.

    Raises:
        UsageError: no lesson and no unit of the course has that name; the sentence lists those there are.
    """
    lesson, _, part = name.partition("/")
    if lesson in lessons:
        return Unit(lesson, part.removeprefix("#").lower())
    if name in OF_THE_COURSE:
        return Unit("", name)
    raise UsageError(
        f"{option} {name}: there is no such lesson or unit; the course has {', '.join([*lessons, *OF_THE_COURSE])}, "
        "and in a lesson LESSON/quiz, LESSON/q1 and LESSON/SECTION."
    )


def spans(text: str) -> dict[str, tuple[int, int]]:
    """Where each part of a lesson's file stands, by name and in order: character offsets `[start, end)`.

    A section reaches to the next heading of its rank or above, to the quiz, or to the footnote definitions that close the
    lesson, so a section holds its subsections. No span ends in blank lines.
    """
    from ..markdown import parser

    start = body_start(text)
    body = text[start:]
    lines = _line_starts(body)
    quiz = quiz_span(body)
    headings = [
        (lines[(token.map or [0])[0]], int(token.tag[1]), _plain(tokens[place + 1]))
        for tokens in [parser().parse(body)]
        for place, token in enumerate(tokens)
        if token.type == "heading_open" and token.level == 0
    ]
    own = [one for one in headings if quiz is None or not quiz[0] <= one[0] < quiz[2]]
    closing = _DEFINITION.search(body, max([0, *(one[0] for one in headings), *([quiz[1]] if quiz else [])]))
    end_of_all = closing.start() if closing else len(body)
    first = min([end_of_all, *(one[0] for one in headings)])
    found: dict[str, tuple[int, int]] = {}
    taken: dict[str, int] = {}
    if body[:first].strip():
        found[_free(anchor(_title(text)), taken)] = (0, first)
    borders = sorted([*own, *([(quiz[0], 2, "")] if quiz else [])])
    for place, (at, rank, title) in enumerate(borders):
        end = next((other[0] for other in borders[place + 1 :] if other[1] <= rank or not other[2]), end_of_all)
        if quiz and at == quiz[0]:
            found[QUIZ] = (at, quiz[2])
            found |= _items(body, quiz[1], quiz[2])
        else:
            found[_free(anchor(title), taken)] = (at, max(at, end))
    return {name: _trimmed(text, start + at, start + end) for name, (at, end) in found.items()}


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """The span without blank lines around what it holds."""
    inner = text[start:end]
    return end - len(inner.lstrip("\r\n")), start + len(inner.rstrip())


def find(text: str, unit: Unit, option: str = "--only") -> tuple[int, int]:
    """Where a unit stands in its lesson's file.

    Raises:
        UsageError: the lesson has no such part; the sentence lists those it has.
    """
    if not unit.part:
        return 0, len(text)
    there = spans(text)
    if unit.part not in there:
        listed = ", ".join(there) or "none"
        raise UsageError(f"{option} {unit}: the lesson '{unit.lesson}' has no such part; it has {listed}.")
    return there[unit.part]


def anchor(heading: str) -> str:
    """The anchor that GitHub gives a heading: lower case, punctuation dropped, spaces as hyphens."""
    return re.sub(r"\s", "-", re.sub(r"[^\w\- ]", "", heading.strip().lower())) or "section"


def _free(name: str, taken: dict[str, int]) -> str:
    """The anchor numbered where another heading had it; one that would read as a question's name is told apart."""
    if _RESERVED.fullmatch(name):
        name = f"{name}-section"
    count = taken.get(name, 0)
    taken[name] = count + 1
    return f"{name}-{count}" if count else name


def _items(body: str, start: int, end: int) -> dict[str, tuple[int, int]]:
    """The questions of the quiz between two offsets; one reaches to the next, or to what an author wrote between them."""
    from ..markdown import parser

    section = body[start:end]
    lines = [start + at for at in _line_starts(section)]
    found: dict[str, tuple[int, int]] = {}
    parts = questions(parser().parse(section))
    begins = [_first_line(part) for part in parts]
    for place, part in enumerate(parts):
        if isinstance(part, Question):
            after = next((one for one in begins[place + 1 :] if one is not None), None)
            found[f"q{len(found) + 1}"] = (lines[part.line], end if after is None else lines[after])
    return found


def _first_line(part: "Question | list[Token]") -> int | None:
    if isinstance(part, Question):
        return part.line
    return part[0].map[0] if part[0].map else None


def _line_starts(text: str) -> list[int]:
    return [0, *(match.end() for match in re.finditer(r"\n", text))]


def _plain(inline: "Token") -> str:
    """A heading's text as a reader sees it."""
    return "".join(child.content for child in inline.children or [] if child.type != "image")


def _title(text: str) -> str:
    try:
        return Lesson.from_markdown(text, "").title
    except InputError:
        return ""
