"""The sentences of a lesson with the footnote marks behind each, told apart from headings, code, tables and quiz."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from ..markdown import parser
from .language import size
from .sentences import join_lines, sentence_spans

if TYPE_CHECKING:
    from markdown_it.token import Token

Kind = Literal["paragraph", "item", "quote"]
BlockKind = Literal["code", "math", "table"]

_MARK = re.compile(r"\[\^(?P<label>\w+)\]|(?P<needs>\[(?:needs source|需要出处)\])", re.IGNORECASE)
_PLACE = 0xE000
_PLACES = re.compile("[\ue000-\uf8ff]")
_BOLD_ONLY = re.compile(r"(\*\*|__)(?:(?!\1).)+\1[.:。：]?")
_BLOCKS: dict[str, BlockKind] = {
    "fence": "code",
    "code_block": "code",
    "math_block": "math",
    "math_block_label": "math",
    "table_open": "table",
}
_MOST_WORDS_OF_A_LABEL = 4


@dataclass(frozen=True)
class CitedSentence:
    """A sentence of running text, a list item's or a quotation's.

    Attributes:
        text: inline Markdown without footnote marks, hard-wrapped lines joined.
        labels: those of the footnotes that carry it, in order; a mark carries every sentence since the last one in its
            paragraph. A label may be defined nowhere.
        first, last: its lines, from 1, both counted.
        section: the words of the heading it stands under, empty before the first.
        quiz: it stands in the quiz section, in a quotation the explanation of an answer.
        needs_source: it is marked `[needs source]`.
    """

    text: str
    labels: tuple[str, ...]
    first: int
    last: int
    kind: Kind = "paragraph"
    section: str = ""
    quiz: bool = False
    needs_source: bool = False

    @property
    def claims(self) -> bool:
        """Whether it states something: a question, a label over what follows and a line all in bold do not."""
        bare = self.text.strip().strip("\"'“”‘’「」*_ ")
        asks = bare.endswith(("?", "？"))
        label = bare.endswith((":", "：")) and size(bare) <= _MOST_WORDS_OF_A_LABEL
        return bool(re.search(r"\w", bare)) and not (asks or label or _BOLD_ONLY.fullmatch(self.text.strip()))


@dataclass(frozen=True)
class Block:
    """Code, a displayed formula or a table: its source lines as they stand, and the lines, from 1."""

    kind: BlockKind
    text: str
    first: int
    last: int


@dataclass(frozen=True)
class Heading:
    """A heading: its words, its rank, its line."""

    text: str
    level: int
    line: int


@dataclass(frozen=True)
class CitedText:
    """A lesson's body, or a glossary, taken apart; each tuple is in order."""

    sentences: tuple[CitedSentence, ...]
    blocks: tuple[Block, ...]
    headings: tuple[Heading, ...]


def read_cited(body: str, first_line: int = 1, quiz: tuple[int, int] = (0, 0)) -> CitedText:
    """Take Markdown apart into sentences with their marks, blocks and headings; footnote definitions are left out.

    Args:
        first_line: the line of its file on which `body` begins.
        quiz: the lines of `body` that are its quiz, from 0, the last not counted (`quiz_lines`).
    """
    lines = body.split("\n")
    sentences: list[CitedSentence] = []
    blocks: list[Block] = []
    headings: list[Heading] = []
    kinds: list[Kind] = []
    quotation = 0
    tokens = _without_footnotes(parser().parse(body, {}))
    row = 0
    while row < len(tokens):
        token = tokens[row]
        row += 1
        if token.type in {"blockquote_open", "list_item_open"}:
            kinds.append("quote" if token.type == "blockquote_open" else "item")
            quotation = len(sentences)
        elif token.type in {"blockquote_close", "list_item_close"}:
            kinds.pop()
        if not token.map:
            continue
        first, end = token.map
        if token.type in _BLOCKS:
            while end > first + 1 and not lines[end - 1].strip():
                end -= 1
            text = "\n".join(lines[first:end])
            blocks.append(Block(_BLOCKS[token.type], text, first + first_line, end + first_line - 1))
            if token.type == "table_open":
                row = next(place for place in range(row, len(tokens)) if tokens[place].type == "table_close")
        elif token.type == "heading_open":
            words = " ".join(_inline(tokens[row].children or [], plain=True).split())
            headings.append(Heading(words, int(token.tag[1]), first + first_line))
            row += 1
        elif token.type == "inline":
            section = headings[-1].text if headings else ""
            kind: Kind = "quote" if "quote" in kinds else "item" if kinds else "paragraph"
            in_quiz = quiz[0] <= first < quiz[1]
            found = list(_sentences(token.children or [], first + first_line, kind, section, in_quiz))
            if kind == "quote" and found and found[0].labels:
                _carry(sentences, quotation, found[0].labels)
            quotation = quotation if kind == "quote" else len(sentences) + len(found)
            sentences += found
    return CitedText(tuple(sentences), tuple(blocks), tuple(headings))


def _carry(sentences: list[CitedSentence], start: int, labels: tuple[str, ...]) -> None:
    """Let a mark carry the paragraphs of its quotation that come before it and have none: it stands behind the last."""
    for place in range(len(sentences) - 1, start - 1, -1):
        if sentences[place].labels or sentences[place].needs_source:
            return
        sentences[place] = replace(sentences[place], labels=labels)


def _without_footnotes(tokens: "Sequence[Token]") -> "list[Token]":
    kept: list[Token] = []
    inside = False
    for token in tokens:
        inside = inside or token.type == "footnote_block_open"
        if not inside:
            kept.append(token)
        if token.type == "footnote_block_close":
            inside = False
    return kept


def _sentences(children: "Sequence[Token]", line: int, kind: Kind, section: str, quiz: bool) -> Iterator[CitedSentence]:
    """The sentences of one paragraph; marks go to every sentence since the last mark."""
    marks: list[str] = []
    source = _inline(children, marks)
    if re.fullmatch(r"!\[[^\n]*\]\([^\n]*\)|\$\$.+\$\$", source.strip(), re.DOTALL):
        return  # a figure or a formula of its own
    joined, lines = join_lines(source.split("\n"), line)
    text, line_of, places = _take_marks(joined, lines)
    spans = sentence_spans(text)
    own: list[list[str]] = [[] for _ in spans]
    for place, label in zip(places, marks, strict=True):
        before = [index for index, (start, _) in enumerate(spans) if start < place]
        if spans:
            own[before[-1] if before else 0].append(label)
    carried: list[str] = []
    found: list[CitedSentence] = []
    for (start, end), labels in reversed(list(zip(spans, own, strict=True))):
        named = [label for label in labels if label]
        needs = "" in labels
        carried = named if named or needs else carried
        words = text[start:end]
        found.append(
            CitedSentence(
                words, tuple(dict.fromkeys(carried)), line_of[start], line_of[end - 1], kind, section, quiz, needs
            )
        )
    yield from reversed(found)


def _take_marks(text: str, line_of: list[int]) -> tuple[str, list[int], list[int]]:
    """The text and its lines without the characters that stand for marks, and where those stood in it."""
    kept, lines, places = "", [], []
    for index, character in enumerate(text):
        if _PLACES.match(character):
            places.append(len(kept))
            if kept[-1:] in {".", "!", "?"} and text[index + 1 : index + 2].isalnum():
                kept += " "  # `end.[^1]Next` are two sentences
                lines.append(line_of[index])
        else:
            kept += character
            lines.append(line_of[index])
    return kept, lines, places


def _inline(children: "Sequence[Token]", marks: list[str] | None = None, plain: bool = False) -> str:
    """Inline tokens as Markdown again, or as plain words; a line break for each that the source has.

    Each footnote mark, and each `[needs source]`, becomes one private character; `marks` gets its label, or "".
    """
    parts: list[str] = []
    links: list[str] = []

    def mark(label: str) -> str:
        if marks is None:
            return ""
        marks.append(label)
        return chr(_PLACE + len(marks) % 6000)

    for token in children:
        if token.type in {"softbreak", "hardbreak"}:
            parts.append("\n")
        elif token.type == "footnote_ref":
            parts.append(mark(str(token.meta.get("label") or "")) if token.meta.get("label") else "")
        elif token.type in {"text", "text_special"}:
            clean = _PLACES.sub("", token.content)
            parts.append(_MARK.sub(lambda found: mark(found["label"] or ""), clean))
        elif token.type == "code_inline":
            parts.append(token.content if plain else f"{token.markup}{token.content}{token.markup}")
        elif token.type in {"math_inline", "math_inline_double"}:
            fence = "$" if token.type == "math_inline" else "$$"
            parts.append(f"{fence}{token.content}{fence}")
        elif token.type == "image":
            words = _inline(token.children or [], None, True)
            parts.append("" if plain else f"![{words}]({token.attrGet('src')})")
        elif token.type == "link_open" and not plain:
            links.append(f"]({token.attrGet('href')})")
            parts.append("[")
        elif token.type == "link_close" and not plain:
            parts.append(links.pop() if links else "")
        elif token.nesting and not plain:
            parts.append(token.markup)
    return "".join(parts)
