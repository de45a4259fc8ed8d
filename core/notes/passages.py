"""Passages: the blocks of a document (paragraphs, lists, tables, code, formulas) with their lines and headings."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from ..markdown import parser
from .document import Document

if TYPE_CHECKING:
    from markdown_it.token import Token

Kind = Literal["heading", "paragraph", "list", "code", "table", "math", "quote", "figure"]

_KINDS: dict[str, Kind] = {
    "heading_open": "heading",
    "paragraph_open": "paragraph",
    "bullet_list_open": "list",
    "ordered_list_open": "list",
    "fence": "code",
    "code_block": "code",
    "table_open": "table",
    "math_block": "math",
    "math_block_label": "math",
    "blockquote_open": "quote",
}
_FIGURE = re.compile(r"^!\[[^\]]*\]\([^)]*\)(?:\{[^}]*\})?$")
FORMULA = re.compile(r"^[\s\[(*]*(?P<formula>\$\$[^$]+\$\$)[\s\])*]*$")
"""A paragraph that is nothing but a displayed formula, which authors also wrap in emphasis or brackets."""
_BOLD_LINE = re.compile(r"^(?P<mark>\*{2,3}|__)(?=\S)(?P<title>[^*_\n]{2,60}?)(?P=mark)[:：]?$")
"""A paragraph of a few words in bold and nothing else, as those write headings who do not know Markdown's."""
_ENDS_SENTENCE = re.compile(r"[.!。！；;,，]$|[.。] ")
_BOLD_LEVEL = 6
_MARKUP = re.compile(r"^\s*(?:<[/!a-zA-Z]|:{3,}|\{%|\{\{|\+[-=+]{3,}|\|.*\|\s*$|\[[^\]]+\]:\s)")


@dataclass(frozen=True)
class Passage:
    """A block of a document.

    Attributes:
        text: its source lines, unchanged.
        file: the document's name under `notes/`.
        first, last: its lines, from 1, both counted.
        headings: the headings above it, outermost first; a heading's own title is not among them.
        level: a heading's rank, 1 to 6, else 0.
        title: a heading's text without marks, else empty.
    """

    kind: Kind
    text: str
    file: str
    first: int
    last: int
    headings: tuple[str, ...] = ()
    level: int = 0
    title: str = ""


def passages(document: Document) -> list[Passage]:
    """Split a document at its structure; every line of the text that says something is in exactly one passage."""
    return list(_passages(document))


@lru_cache(maxsize=256)
def _passages(document: Document) -> tuple[Passage, ...]:
    lines = document.text.split("\n")
    above: list[tuple[int, str]] = []
    found: list[Passage] = []
    tokens = parser().parse(document.text, {})
    for index, token in enumerate(tokens):
        if token.level or token.type not in _KINDS or not token.map:
            continue
        first, last = token.map[0] + 1, token.map[1]
        while last > first and not lines[last - 1].strip():
            last -= 1
        text = "\n".join(lines[first - 1 : last])
        kind = _KINDS[token.type]
        if kind == "heading":
            level, title = int(token.tag[1]), _plain(tokens[index + 1])
            above = [(rank, name) for rank, name in above if rank < level]
            found.append(Passage(kind, text, document.name, first, last, _names(above), level, title))
            above.append((level, title))
            continue
        if (
            kind == "paragraph"
            and (bold := _BOLD_LINE.match(text.strip()))
            and not _ENDS_SENTENCE.search(bold["title"])
        ):
            above = [(rank, name) for rank, name in above if rank < _BOLD_LEVEL]
            title = bold["title"].strip(" :：")
            found.append(Passage("heading", text, document.name, first, last, _names(above), _BOLD_LEVEL, title))
            above.append((_BOLD_LEVEL, title))
            continue
        if kind == "paragraph":
            if _FIGURE.match(text.strip()):
                kind = "figure"
            elif FORMULA.match(text.strip()):
                kind = "math"
            elif _MARKUP.match(text):
                continue  # raw HTML, template directives, grid tables: markup another tool was meant to read
        if kind == "code" and token.info.strip().split(" ")[0] in {"toc", "toctree", "{toctree}", "eval_rst"}:
            continue
        found.append(Passage(kind, text, document.name, first, last, _names(above)))
    return tuple(found)


def _names(above: list[tuple[int, str]]) -> tuple[str, ...]:
    return tuple(name for _, name in above)


def _plain(inline: "Token") -> str:
    """The text of an inline token without its marks."""
    parts = []
    for child in inline.children or []:
        if child.type in {"text", "code_inline"}:
            parts.append(child.content)
        elif child.type == "math_inline":
            parts.append(f"${child.content}$")
        elif child.type in {"softbreak", "hardbreak"}:
            parts.append(" ")
    title = " ".join(re.sub(r"\s*\{[#.][^}]*\}\s*$", "", "".join(parts)).split())
    return title[1:-1] if re.match(r"^(?:\[[^\[\]]+\]|\([^()]+\))$", title) else title
