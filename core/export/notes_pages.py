"""The notes as pages: each block knows its lines, so that a citation leads to the passage it means."""

import html
from copy import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..course.citation import Citation
from ..notes.places import label, read_marker, read_source
from .material import Page, plain_text
from .rendering import PageRenderer, split_footnotes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markdown_it.token import Token
    from markdown_it.utils import OptionsDict

_LEAVES = {"paragraph_open", "heading_open", "tr_open", "fence", "code_block", "math_block", "math_block_label", "hr"}


@dataclass(frozen=True)
class Backlink:
    """The way back from a cited passage: the lesson's address in the site and its title."""

    url: str
    title: str


class NoteRenderer(PageRenderer):
    """A whole note, with `id="L21"` on the block of line 21 and an anchor `L21-L24` wherever a lesson cites."""

    def whole_note(self, backlinks: dict[Citation, list[Backlink]]) -> str:
        """The note as HTML; `backlinks` are the places that cite it."""
        body, footnotes = split_footnotes(self._page.tokens)
        leaves = [token for token in body if token.type in _LEAVES and token.map]
        self._title = title_token(self._page)
        self._anchors: dict[int, str] = {}
        self._own: dict[int, str] = {}
        for leaf in leaves:
            self._own[id(leaf)] = f"L{_first(leaf)}"
        for citation in sorted(self._material.cited[self._page.path]):
            if leaves:
                leaf = next((one for one in leaves if _last(one) >= citation.first), leaves[-1])
                self._mark(leaf, citation, backlinks.get(citation, []))
        extra = "".join(self.html_of(tokens) for tokens in footnotes.values())
        return self.html_of(body) + (f"<hr>\n{extra}" if extra else "")

    def _mark(self, leaf: "Token", citation: Citation, backlinks: list[Backlink]) -> None:
        """Put the anchor of `citation`, with the links back, at the start of `leaf`."""
        name = citation.target("").partition("#")[2]
        if name == self._own[id(leaf)]:
            self._own[id(leaf)] = ""
        back = "".join(
            f'<a class="back" href="{html.escape(link.url)}">'
            f"{html.escape(self._words['back_to'].format(title=link.title))}</a>"
            for link in backlinks
        )
        self._anchors[id(leaf)] = self._anchors.get(id(leaf), "") + f'<span class="at" id="{name}">{back}</span>'

    def _line_attributes(self, token: "Token") -> str:
        own = self._own.get(id(token), "")
        name = f' id="{own}"' if own else ""
        return f'{name} data-first="{_first(token)}" data-last="{_last(token)}"'

    def _boxed(self, token: "Token", inner: str) -> str:
        return f'<div class="lines"{self._line_attributes(token)}>{self._anchors.get(id(token), "")}{inner}</div>\n'

    def comment(self, tokens: "Sequence[Token]", idx: int, options: "OptionsDict", env: Any) -> str:
        """What a stretch of the note was made from, where a comment says so: a file, a page, a slide, a time."""
        place, language = read_marker(tokens[idx].content), self._material.course.language
        shown = label(place, place, language) if place else read_source(tokens[idx].content)
        return f'<p class="place">{html.escape(shown)}</p>\n' if shown else ""

    def paragraph_open(self, tokens: "Sequence[Token]", idx: int, options: "OptionsDict", env: Any) -> str:
        token = tokens[idx]
        if not token.map:
            return super().paragraph_open(tokens, idx, options, env)
        opening = super().paragraph_open(tokens, idx, options, env) or "<span>"
        return f"{opening[:-1]}{self._line_attributes(token)}>{self._anchors.get(id(token), '')}"

    def paragraph_close(self, tokens: "Sequence[Token]", idx: int, options: "OptionsDict", env: Any) -> str:
        closing = super().paragraph_close(tokens, idx, options, env)
        return closing if closing.strip() else f"</span>{closing}"

    def heading_open(self, tokens: "Sequence[Token]", idx: int, options: "OptionsDict", env: Any) -> str:
        """The heading keeps its own id, its line is on an empty span inside; the note's title is the page's."""
        token = tokens[idx]
        own = self._own.get(id(token), "")
        line = f'<span class="at" id="{own}"></span>' if own else ""
        lines = f' data-first="{_first(token)}" data-last="{_last(token)}"'
        return (
            f'<{self._rank_of(token)} id="{html.escape(token.meta.get("id", ""))}"{lines}>'
            f"{line}{self._anchors.get(id(token), '')}"
        )

    def heading_close(self, tokens: "Sequence[Token]", idx: int, options: "OptionsDict", env: Any) -> str:
        return f"</{self._rank_of(tokens[idx - 2])}>\n"

    def _rank_of(self, opening: "Token") -> str:
        return "h1" if opening is self._title else f"h{max(2, int(opening.tag[1:]))}"

    def tr_open(self, tokens: "Sequence[Token]", idx: int, options: "OptionsDict", env: Any) -> str:
        """A row's anchors go into its first cell, the only place where they may stand."""
        tokens[idx + 1].meta["anchors"] = self._anchors.get(id(tokens[idx]), "")
        return f"<tr{self._line_attributes(tokens[idx]) if tokens[idx].map else ''}>\n"

    def th_open(self, tokens: "Sequence[Token]", idx: int, options: "OptionsDict", env: Any) -> str:
        return self.renderToken(tokens, idx, options, env) + str(tokens[idx].meta.get("anchors", ""))

    def td_open(self, tokens: "Sequence[Token]", idx: int, options: "OptionsDict", env: Any) -> str:
        return self.th_open(tokens, idx, options, env)

    def fence(self, tokens: "Sequence[Token]", idx: int, options: "OptionsDict", env: Any) -> str:
        return self._boxed(tokens[idx], super().fence(tokens, idx, options, env))

    def code_block(self, tokens: "Sequence[Token]", idx: int, options: "OptionsDict", env: Any) -> str:
        return self._boxed(tokens[idx], super().code_block(tokens, idx, options, env))

    def math_block(self, tokens: "Sequence[Token]", idx: int, options: "OptionsDict", env: Any) -> str:
        return self._boxed(tokens[idx], super().math_block(tokens, idx, options, env))

    def math_block_label(self, tokens: "Sequence[Token]", idx: int, options: "OptionsDict", env: Any) -> str:
        return self._boxed(tokens[idx], super().math_block_label(tokens, idx, options, env))


class ExcerptRenderer(PageRenderer):
    """The cited lines of a note alone, without ids, to be shown beside the sentence that cites them."""

    def excerpt(self, citation: Citation) -> str:
        body, _ = split_footnotes(self._page.tokens)
        return self.html_of(_overlapping(body, citation.first, citation.last))

    def heading_open(self, tokens: "Sequence[Token]", idx: int, options: "OptionsDict", env: Any) -> str:
        return "<p><strong>"

    def heading_close(self, tokens: "Sequence[Token]", idx: int, options: "OptionsDict", env: Any) -> str:
        return "</strong></p>\n"


def title_token(note: Page) -> "Token | None":
    """The heading that names a note: its first of the first rank."""
    return next((token for token in note.tokens if token.type == "heading_open" and token.tag == "h1"), None)


def note_title(note: Page) -> str:
    """What a note is called: its title, else its file's name."""
    title = title_token(note)
    if title is None:
        return note.path.removeprefix("notes/")
    return plain_text(note.tokens[note.tokens.index(title) + 1].children or [])


def _first(token: "Token") -> int:
    return (token.map or [0, 0])[0] + 1


def _last(token: "Token") -> int:
    return max((token.map or [0, 0])[1], _first(token))


def _overlapping(tokens: "Sequence[Token]", first: int, last: int) -> "list[Token]":
    """The tokens of the blocks that touch lines `first` to `last`; of code the lines themselves, of tables the head."""
    kept: list[Token] = []
    skip = 0
    for token in tokens:
        if skip:
            skip += token.nesting
            continue
        in_head = bool(kept) and any(one.type == "thead_open" for one in kept[-3:]) and token.type == "tr_open"
        outside = token.map is not None and (token.map[0] >= last or token.map[1] < first)
        if outside and token.type not in ("thead_open", "inline") and not in_head:
            skip = token.nesting
            continue
        kept.append(_cut_code(token, first, last) if token.type == "fence" else token)
    return kept


def _cut_code(fence: "Token", first: int, last: int) -> "Token":
    start = _first(fence) + 1
    lines = fence.content.split("\n")
    wanted = [line for number, line in enumerate(lines, start) if first <= number <= last]
    shorter = copy(fence)
    if any(line.strip() for line in wanted) and fence.info.strip() != "math":
        shorter.content = "\n".join(wanted)
    return shorter
