"""Finding the questions among the Markdown tokens of a quiz section, however an author indented them.

CommonMark makes options that are indented too little a list of their own after the question; to a teacher they are
still its options, so a task list and a quote that follow a question directly belong to it.
"""

import re
import textwrap
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markdown_it.token import Token

_OBJECTIVES = re.compile(r"\s*[(（]([\w-]+(?:\s*[,，、]\s*[\w-]+)*)[)）]\s*$")
_MARKER = re.compile(r"^\s*(?:\d+[.)]|[-*+])\s+")
_BOX = re.compile(r"^\[[ xX]\]\s+")
_QUOTE = re.compile(r"^\s*>\s?")


@dataclass
class Answer:
    """An option: its tokens without the box, its lines `[first, end)` in the section, and whether it is ticked."""

    tokens: "list[Token]"
    span: tuple[int, int]
    correct: bool

    def source(self, lines: list[str]) -> str:
        """Its Markdown, without marker and box; a paragraph that was wrapped becomes one line."""
        return _BOX.sub("", _joined(_dedent(lines[slice(*self.span)])))


@dataclass
class Question:
    """A question as tokens; `line` is the line of the section it starts on, from 0, `item` the whole list item."""

    line: int
    item: "list[Token]"
    stem: "list[Token]" = field(default_factory=list)
    stem_span: tuple[int, int] = (0, 0)
    options: list[Answer] = field(default_factory=list)
    explanation: "list[Token]" = field(default_factory=list)
    quotes: list[tuple[int, int]] = field(default_factory=list)
    rest: "list[Token]" = field(default_factory=list)
    objectives: tuple[str, ...] = ()

    def stem_source(self, lines: list[str]) -> str:
        """The question's Markdown, without its number and its objective ids."""
        text = _joined(_dedent(lines[slice(*self.stem_span)]))
        return _OBJECTIVES.sub("", text) if self.objectives else text

    def explanation_source(self, lines: list[str]) -> str:
        """The explanation's Markdown, without the quote marks."""
        quoted = [_QUOTE.sub("", line) for span in self.quotes for line in lines[slice(*span)]]
        return "\n".join(quoted).strip()


def questions(tokens: "list[Token]", known: Collection[str] = ()) -> "list[Question | list[Token]]":
    """The section in order: its questions, and between them whatever else an author wrote, as tokens.

    `known` are the lesson's objective ids: only those, and ids like `o1`, are taken from the end of a question.
    """
    parts: list[Question | list[Token]] = []
    for block in blocks(tokens):
        last = parts[-1] if parts and isinstance(parts[-1], Question) else None
        kind = block[0].type
        if kind == "ordered_list_open":
            parts += [_question(item, known) for item in blocks(block[1:-1])]
        elif kind == "bullet_list_open" and _is_task_list(block) and last and not last.explanation:
            last.options += _answers(block)
        elif kind == "blockquote_open" and last and last.options:
            _explain(last, block)
        else:
            parts.append(block)
    return [_as_list(part.item) if isinstance(part, Question) and not part.options else part for part in parts]


def blocks(tokens: "list[Token]") -> "list[list[Token]]":
    """Tokens cut into the blocks of their top level, each from its opening to its closing token."""
    found: list[list[Token]] = []
    depth = 0
    for token in tokens:
        if depth == 0:
            found.append([])
        found[-1].append(token)
        depth += token.nesting
    return found


def _as_list(item: "list[Token]") -> "list[Token]":
    """An item of a numbered list that is no question, as a list of its own that keeps its number."""
    from markdown_it.token import Token

    opening = Token("ordered_list_open", "ol", 1, attrs={"start": int(item[0].info or 1)}, map=item[0].map, block=True)
    return [opening, *item, Token("ordered_list_close", "ol", -1, block=True)]


def _question(item: "list[Token]", known: Collection[str]) -> Question:
    first, end = _span(item)
    question = Question(first, item)
    for block in blocks(item[1:-1]):
        if block[0].type == "bullet_list_open" and _is_task_list(block):
            question.options += _answers(block)
            end = min(end, _span(block)[0])
        elif block[0].type == "blockquote_open" and question.options:
            _explain(question, block)
        elif question.options:
            question.rest += block
        else:
            question.stem += block
    question.stem_span = (first, end)
    _take_objectives(question, known)
    return question


def _explain(question: Question, block: "list[Token]") -> None:
    question.explanation += block[1:-1]
    question.quotes.append(_span(block))


def _take_objectives(question: Question, known: Collection[str]) -> None:
    """Move the objective ids that close the question's text from its tokens into `objectives`."""
    inlines = [token for token in question.stem if token.type == "inline"]
    if not inlines or not inlines[-1].children:
        return
    text = inlines[-1].children[-1]
    if text.type != "text" or not (tagged := _OBJECTIVES.search(text.content)):
        return
    ids = tuple(re.split(r"\s*[,，、]\s*", tagged[1]))
    if all(one in known or re.fullmatch(r"o\d+", one) for one in ids):
        question.objectives = ids
        text.content = text.content[: tagged.start()]


def _is_task_list(block: "list[Token]") -> bool:
    return all("task-list-item" in str(item[0].attrGet("class") or "") for item in blocks(block[1:-1]))


def _answers(block: "list[Token]") -> list[Answer]:
    answers = []
    for item in blocks(block[1:-1]):
        tokens = item[1:-1]
        inline = next(token for token in tokens if token.type == "inline")
        children = inline.children or []
        box = next(child for child in children if child.type == "html_inline")
        correct = "checked" in box.content
        children.remove(box)
        if children and children[0].type == "text":
            children[0].content = children[0].content.lstrip()
        answers.append(Answer(tokens, _span(item), correct))
    return answers


def _span(block: "list[Token]") -> tuple[int, int]:
    lines = block[0].map or [0, 0]
    return lines[0], lines[1]


def _dedent(lines: list[str]) -> str:
    """Lines of a list item without its marker and its indentation."""
    first, *rest = lines or [""]
    return f"{_MARKER.sub('', first)}\n{textwrap.dedent(chr(10).join(rest))}".strip()


def _joined(text: str) -> str:
    """A text of one paragraph on one line; of several blocks as it is."""
    if "\n\n" in text or re.search(r"^(?:```|~~~|\$\$)", text, re.MULTILINE):
        return text
    return " ".join(line.strip() for line in text.split("\n"))
