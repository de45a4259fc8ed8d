"""The blocks a question is made of, as Markdown tokens: lists of options, answer lines, and their source text."""

import re
import textwrap
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .answers import answer_of

if TYPE_CHECKING:
    from markdown_it.token import Token

_MARKER = re.compile(r"^\s*(?:\d+[.)]|[-*+])\s+")
_BOX = re.compile(r"^\[[ xX]\]\s+")
_LETTER = re.compile(r"^[(（]?[A-ZＡ-Ｚ][.．、)）:：]\s*")


@dataclass
class Answer:
    """An option: its tokens without the box, its lines `[first, end)` in the section, and whether it is ticked."""

    tokens: "list[Token]"
    span: tuple[int, int]
    correct: bool

    @property
    def words(self) -> str:
        """What the option says, marks left out."""
        inlines = [token for token in self.tokens if token.type == "inline"]
        return "".join(child.content for token in inlines for child in token.children or []).strip()

    def source(self, lines: list[str]) -> str:
        """Its Markdown, without marker, box or letter; a paragraph that was wrapped becomes one line."""
        text = joined(dedent(lines[slice(*self.span)]))
        return _BOX.sub("", text) if _BOX.match(text) else _LETTER.sub("", text)


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


def answer_in(block: "list[Token]") -> tuple[str, int] | None:
    """What an answer line of a paragraph gives, and the number of that line in the paragraph, from 0."""
    if block[0].type != "paragraph_open":
        return None
    lines = block[1].content.split("\n")
    for number, line in enumerate(lines):
        if (answer := answer_of(line)) is not None:
            return " ".join([answer, *(each.strip() for each in lines[number + 1 :])]), number
    return None


def first_lines(block: "list[Token]", count: int) -> "list[Token]":
    """A paragraph's first lines; empty where there are none, or where a break inside code hides which they are."""
    children = block[1].children or []
    breaks = [place for place, child in enumerate(children) if child.type in ("softbreak", "hardbreak")]
    if not count or len(breaks) != block[1].content.count("\n"):
        return []
    block[1].children = children[: breaks[count - 1]]
    block[1].content = "\n".join(block[1].content.split("\n")[:count])
    return block


def is_task_list(block: "list[Token]") -> bool:
    return all("task-list-item" in str(item[0].attrGet("class") or "") for item in blocks(block[1:-1]))


def is_lettered(block: "list[Token]") -> bool:
    """Whether every item of a list begins with a letter of its own, `A.`, `B.` and so on."""
    starts = [next((token.content for token in item if token.type == "inline"), "") for item in blocks(block[1:-1])]
    letters = [found[0].lstrip("(（")[:1] if (found := _LETTER.match(start)) else "" for start in starts]
    plain = [chr(ord(letter) - 0xFEE0) if "Ａ" <= letter <= "Ｚ" else letter for letter in letters]
    return len(plain) > 1 and plain == [chr(ord("A") + place) for place in range(len(plain))]


def lettered(item: "list[Token]", correct: bool) -> Answer:
    tokens = item[1:-1]
    children = next(token for token in tokens if token.type == "inline").children or []
    children[0].content = _LETTER.sub("", children[0].content)
    return Answer(tokens, span_of(item), correct)


def ticked(block: "list[Token]") -> list[Answer]:
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
        answers.append(Answer(tokens, span_of(item), correct))
    return answers


def span_of(block: "list[Token]") -> tuple[int, int]:
    lines = block[0].map or [0, 0]
    return lines[0], lines[1]


def dedent(lines: list[str]) -> str:
    """Lines of a list item without its marker and its indentation."""
    first, *rest = lines or [""]
    return f"{_MARKER.sub('', first)}\n{textwrap.dedent(chr(10).join(rest))}".strip()


def joined(text: str) -> str:
    """A text of one paragraph on one line; of several blocks as it is."""
    if "\n\n" in text or re.search(r"^(?:```|~~~|\$\$)", text, re.MULTILINE):
        return text
    return " ".join(line.strip() for line in text.split("\n"))
