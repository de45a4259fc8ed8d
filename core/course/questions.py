"""Finding the questions among the Markdown tokens of a quiz section, however an author indented them.

CommonMark makes options that are indented too little a list of their own after the question; to a teacher they are
still its options, so a list, an answer line and a quote that follow a question directly belong to it.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from .answers import (
    TRUE_FALSE,
    Answers,
    Kind,
    Number,
    gaps_in,
    read_answers,
    read_letters,
    read_number,
    typed_kind,
    without_tolerance,
)
from .question_blocks import (
    Answer,
    answer_in,
    blocks,
    dedent,
    first_lines,
    is_lettered,
    is_task_list,
    joined,
    lettered,
    span_of,
    ticked,
)

if TYPE_CHECKING:
    from markdown_it.token import Token

_OBJECTIVES = re.compile(r"\s*[(（]([\w-]+(?:\s*[,，、]\s*[\w-]+)*)[)）]\s*$")
_QUOTE = re.compile(r"^\s*>\s?")


@dataclass
class Question:
    """A question as tokens; `line` is the line of the section it starts on, from 0, `item` the whole list item.

    Attributes:
        options: what is ticked or put in order.
        listed: a list whose items have letters, until the answer line says what it is.
        outside: what was taken from behind the list item.
        answer: what stands behind the label of its answer line.
        answers: of a typed question what is accepted for each gap, of an ordering the options' letters in order.
        number: of a numeric one what its first answer says.
    """

    line: int
    item: "list[Token]"
    stem: "list[Token]" = field(default_factory=list)
    stem_span: tuple[int, int] = (0, 0)
    options: list[Answer] = field(default_factory=list)
    explanation: "list[Token]" = field(default_factory=list)
    quotes: list[tuple[int, int]] = field(default_factory=list)
    rest: "list[Token]" = field(default_factory=list)
    listed: "list[Token]" = field(default_factory=list)
    outside: "list[Token]" = field(default_factory=list)
    objectives: tuple[str, ...] = ()
    answer: str = ""
    kind: Kind = "single"
    answers: Answers = ()
    number: Number | None = None

    def stem_source(self, lines: list[str]) -> str:
        """The question's Markdown, without its number and its objective ids."""
        text = joined(dedent(lines[slice(*self.stem_span)]))
        if not self.objectives:
            return text
        first, *rest = text.split("\n")
        shortened = _OBJECTIVES.sub("", text)
        return shortened if shortened != text else "\n".join([_OBJECTIVES.sub("", first), *rest])

    def take(self, block: "list[Token]", inside: bool = False) -> bool:
        """Whether the block belongs to the question: its options, its answer line or its explanation."""
        kind = block[0].type
        if kind == "bullet_list_open" and not self.explanation and not self.listed:
            return self._take_list(block, inside)
        if kind == "blockquote_open" and (self.options or self.answer):
            self.explanation += block[1:-1]
            self.quotes.append(span_of(block))
        elif not self.answer and not self.explanation and (found := answer_in(block)):
            self.answer, line = found
            self.stem_span = (self.stem_span[0], min(self.stem_span[1], span_of(block)[0] + line))
            if inside and not self.listed:
                self.stem += first_lines(block, line)
        else:
            return False
        if not inside:
            self.outside += block
        return True

    def _take_list(self, block: "list[Token]", inside: bool) -> bool:
        tasks, letters = is_task_list(block), is_lettered(block)
        if not (tasks or letters) or (letters and self.options):
            return False
        if tasks:
            self.options += ticked(block)
        else:
            self.listed = block
        if inside:
            self.stem_span = (self.stem_span[0], min(self.stem_span[1], span_of(block)[0]))
        else:
            self.outside += block
        return True

    def settle(self, known: Collection[str]) -> bool:
        """Tell the kind from what was taken; False where it is no question, for want of options or an answer."""
        if self.listed and not self._settle_letters() and self.answer:
            self.stem += self.listed
            self.stem_span = (self.stem_span[0], span_of(self.listed)[1])
        if not self.options and not self.answer:
            return False
        _take_objectives(self, known)
        if not self.options:
            stem = " ".join(token.content for token in self.stem if token.type == "inline")
            self.answers = read_answers(self.answer, gaps_in(stem))
            self.kind = typed_kind(stem, self.answers)
            if self.kind == "numeric":
                self.number = read_number(self.answers[0][0])
                self.answers = (tuple(without_tolerance(one) for one in self.answers[0]),)
        elif self.kind != "ordering":
            right = sum(option.correct for option in self.options)
            texts = frozenset(option.words.lower() for option in self.options)
            self.kind = "multiple" if right > 1 else "true_false" if right and texts in TRUE_FALSE else "single"
        return bool(self.options or self.answers)

    def _settle_letters(self) -> bool:
        """Whether the answer names the letters of the list: all of them in an order, or those that are right."""
        items = blocks(self.listed[1:-1])
        places = read_letters(self.answer, len(items))
        if places is None:
            return False
        ordering = len(places) == len(items)
        self.options = [lettered(item, correct=not ordering and place in places) for place, item in enumerate(items)]
        if ordering:
            self.kind, self.answers = "ordering", tuple((chr(ord("A") + place),) for place in places)
        return True

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
        if block[0].type == "ordered_list_open":
            parts += [_question(item) for item in blocks(block[1:-1])]
        elif not (last and last.take(block)):
            parts.append(block)
    return [part if isinstance(part, list) or part.settle(known) else _as_list(part) for part in parts]


def _as_list(question: Question) -> "list[Token]":
    """An item of a numbered list that is no question, as a list of its own that keeps its number."""
    from markdown_it.token import Token

    item = question.item
    opening = Token("ordered_list_open", "ol", 1, attrs={"start": int(item[0].info or 1)}, map=item[0].map, block=True)
    closing = Token("ordered_list_close", "ol", -1, block=True)
    return [opening, *item, closing, *question.outside]


def _question(item: "list[Token]") -> Question:
    first, end = span_of(item)
    question = Question(first, item, stem_span=(first, end))
    for block in blocks(item[1:-1]):
        if not question.take(block, inside=True):
            (question.rest if question.options or question.answer else question.stem).extend(block)
    return question


def _take_objectives(question: Question, known: Collection[str]) -> None:
    """Move the objective ids that close the question's text, or its first paragraph, from its tokens into `objectives`."""
    inlines = [token for token in question.stem if token.type == "inline" and token.children]
    for inline in (*inlines[-1:], *inlines[:1]):
        text = (inline.children or [])[-1]
        if text.type != "text" or not (tagged := _OBJECTIVES.search(text.content)):
            continue
        ids = tuple(re.split(r"\s*[,，、]\s*", tagged[1]))
        if all(one in known or re.fullmatch(r"o\d+", one) for one in ids):
            question.objectives = ids
            text.content = text.content[: tagged.start()]
            return
