"""Markdown tokens as HTML that loads nothing from outside: what lessons, notes and the glossary have in common."""

import html
import re
from itertools import takewhile
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from markdown_it.renderer import RendererHTML

from ..markdown import parser
from .highlight import code_block, language_of
from .material import Link, Material, Page, address
from .mathml import formula

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markdown_it.token import Token
    from markdown_it.utils import OptionsDict

Words = dict[str, str]
_CJK = "\u2e80-\u303f\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff00-\uffef"
_ENDS_CJK = re.compile(f"[{_CJK}“”‘’…—]$")
_STARTS_CJK = re.compile(f"^[{_CJK}“”‘’…—]")
_CLOSES = re.compile("[，。、；：？！）」』》”’,.;:?!)]")
_HAS_CJK = re.compile(f"[{_CJK}]")
_NEEDS_SOURCE = re.compile(r"\[(?:needs source|需要出处)\]", re.IGNORECASE)
_ALERT = re.compile(r"^\[!(NOTE|TIP|IMPORTANT|WARNING|CAUTION)\]\s*$")


def web_path(path: str) -> str:
    """Where a file of the course folder is in the site: `lessons/01-a.md` becomes `lessons/01-a.html`."""
    if path.endswith(".md"):
        return f"{path[:-3]}.html"
    return f"{path}.html" if path.startswith("notes/") and path.endswith((".txt", ".text", ".markdown")) else path


def up(path: str) -> str:
    """What leads from the page at `path` to the top of the site."""
    return "../" * path.count("/")


def split_footnotes(tokens: "Sequence[Token]") -> "tuple[list[Token], dict[int, list[Token]]]":
    """The tokens without the footnotes, and each footnote's tokens by its number in the parser."""
    body: list[Token] = []
    notes: dict[int, list[Token]] = {}
    current: list[Token] | None = body
    for token in tokens:
        if token.type == "footnote_open":
            current = notes.setdefault(token.meta["id"], [])
        elif token.type in ("footnote_block_open", "footnote_block_close", "footnote_close", "footnote_anchor"):
            current = body if token.type == "footnote_block_close" else current
        elif current is not None:
            current.append(token)
    return body, notes


class PageRenderer(RendererHTML):
    """Renders the tokens of `page` for a page of the site that lies `root` (such as `../`) below its top.

    A method without underscore is markdown-it's rule for the token type it is named after. Raw HTML never comes
    through: the parser has it off, and `html_inline` stands only for the box of a task.
    """

    def __init__(self, material: Material, page: Page, words: Words, root: str) -> None:
        super().__init__()
        self._material = material
        self._page = page
        self._words = words
        self._root = root
        self._open_links: list[str] = []

    def html_of(self, tokens: "Sequence[Token]") -> str:
        """Tokens of this page as HTML."""
        return self.render(tokens, parser().options, {})

    def _url(self, link: Link) -> str | None:
        """The address of a link in the site; None where it would lead nowhere."""
        if link.kind == "outside":
            return link.path
        if link.kind == "broken" or (link.kind == "note" and link.path not in self._material.notes):
            return None
        fragment = link.fragment
        if link.kind == "note" and not self._has_place(link):
            fragment = ""
        return f"{self._root}{quote(web_path(link.path))}{f'#{fragment}' if fragment else ''}"

    def _has_place(self, link: Link) -> bool:
        known = link.citation in self._material.cited[link.path]
        return known or link.fragment in self._material.notes[link.path].ids

    def comment(self, tokens: "Sequence[Token]", idx: int, options: "OptionsDict", env: Any) -> str:
        """A comment of the author's is not for readers."""
        return ""

    # Inline

    def text(self, tokens: "Sequence[Token]", idx: int, options: "OptionsDict", env: Any) -> str:
        mark = f'<mark class="needs-source">{html.escape(self._words["needs_source"])}</mark>'
        content = tokens[idx].content
        if idx and tokens[idx - 1].type == "math_inline":
            content = content.removeprefix(_closing(tokens, idx - 1))
        return _NEEDS_SOURCE.sub(lambda _: mark, html.escape(content, quote=False))

    def softbreak(self, tokens: "Sequence[Token]", idx: int, options: "OptionsDict", env: Any) -> str:
        """A line's end is a space, but not between two Chinese characters."""
        before = tokens[idx - 1].content if idx else ""
        after = tokens[idx + 1].content if idx + 1 < len(tokens) else ""
        return "" if _ENDS_CJK.search(before) and _STARTS_CJK.search(after) else "\n"

    def em_open(self, tokens: "Sequence[Token]", idx: int, options: "OptionsDict", env: Any) -> str:
        """Chinese is emphasised with dots, but a Latin word among it keeps its italics."""
        inside = takewhile(lambda token: token.type != "em_close", tokens[idx + 1 :])
        return "<em>" if any(_HAS_CJK.search(token.content) for token in inside) else '<em class="latin">'

    def html_inline(self, tokens: "Sequence[Token]", idx: int, options: "OptionsDict", env: Any) -> str:
        done = "checked" in tokens[idx].content
        label = html.escape(self._words["task_done" if done else "task_open"])
        return f'<input type="checkbox" disabled{" checked" if done else ""} aria-label="{label}">'

    def link_open(self, tokens: "Sequence[Token]", idx: int, options: "OptionsDict", env: Any) -> str:
        link = self._material.resolve(self._page, address(tokens[idx]))
        url = self._url(link)
        self._open_links.append("</a>" if url is not None else "")
        if url is None:
            return ""
        title = tokens[idx].attrGet("title")
        extra = f' title="{html.escape(str(title))}"' if title else ""
        if link.kind == "outside":
            extra += ' rel="noopener noreferrer"'
        return f'<a href="{html.escape(url)}"{extra}>'

    def link_close(self, tokens: "Sequence[Token]", idx: int, options: "OptionsDict", env: Any) -> str:
        return self._open_links.pop() if self._open_links else ""

    def image(self, tokens: "Sequence[Token]", idx: int, options: "OptionsDict", env: Any) -> str:
        """A picture of the course; one that lies elsewhere becomes a link, one that is missing its description."""
        token = tokens[idx]
        alt = html.escape(self.renderInlineAsText(token.children or [], options, env))
        source = address(token)
        link = self._material.resolve(self._page, source)
        if link.kind == "file" or source.startswith("data:image/"):
            url = source if link.kind == "outside" else self._url(link)
            return f'<img src="{html.escape(url or "")}" alt="{alt}">'
        if link.kind == "outside":
            words = alt or html.escape(source)
            if self._open_links:
                return words
            return f'<a class="outside-image" href="{html.escape(source)}" rel="noopener noreferrer">{words}</a>'
        return f'<span class="missing-image">{alt or html.escape(source)}</span>'

    def math_inline(self, tokens: "Sequence[Token]", idx: int, options: "OptionsDict", env: Any) -> str:
        """A formula, on one line with the comma or full stop that follows it."""
        shown = formula(tokens[idx].content, block=False)
        closing = _closing(tokens, idx)
        return f'<span class="keep">{shown}{html.escape(closing)}</span>' if closing else shown

    def math_inline_double(self, tokens: "Sequence[Token]", idx: int, options: "OptionsDict", env: Any) -> str:
        """`$$…$$` inside a paragraph: the display style, in an element that a paragraph may hold."""
        shown = formula(rf"\displaystyle {tokens[idx].content}", block=False)
        return f'<span class="formula scrolls">{shown}</span>'

    def footnote_ref(self, tokens: "Sequence[Token]", idx: int, options: "OptionsDict", env: Any) -> str:
        return ""

    # Blocks

    def math_block(self, tokens: "Sequence[Token]", idx: int, options: "OptionsDict", env: Any) -> str:
        return formula(tokens[idx].content, block=True)

    def math_block_label(self, tokens: "Sequence[Token]", idx: int, options: "OptionsDict", env: Any) -> str:
        return formula(rf"{tokens[idx].content}\tag{{{tokens[idx].info}}}", block=True)

    def fence(self, tokens: "Sequence[Token]", idx: int, options: "OptionsDict", env: Any) -> str:
        language = language_of(tokens[idx].info)
        code = code_block(tokens[idx].content, language)
        if language == "math":
            return formula(tokens[idx].content, block=True)
        if language == "mermaid":
            caption = html.escape(self._words["diagram"])
            return f'<figure class="diagram">{code}<figcaption>{caption}</figcaption></figure>\n'
        return code

    def code_block(self, tokens: "Sequence[Token]", idx: int, options: "OptionsDict", env: Any) -> str:
        return code_block(tokens[idx].content, "")

    def heading_open(self, tokens: "Sequence[Token]", idx: int, options: "OptionsDict", env: Any) -> str:
        """A page's own title is its `h1`, so a heading of the text is an `h2` at most."""
        name = tokens[idx].meta.get("id", "")
        return f'<{_rank(tokens[idx])} id="{html.escape(name)}">'

    def heading_close(self, tokens: "Sequence[Token]", idx: int, options: "OptionsDict", env: Any) -> str:
        return f"</{_rank(tokens[idx])}>\n"

    def paragraph_open(self, tokens: "Sequence[Token]", idx: int, options: "OptionsDict", env: Any) -> str:
        if _lone_picture(tokens[idx + 1]):
            return '<figure class="picture">'
        return "" if tokens[idx].hidden else "<p>"

    def paragraph_close(self, tokens: "Sequence[Token]", idx: int, options: "OptionsDict", env: Any) -> str:
        if picture := _lone_picture(tokens[idx - 1]):
            title = picture.attrGet("title")
            return f"{f'<figcaption>{html.escape(str(title))}</figcaption>' if title else ''}</figure>\n"
        if not tokens[idx].hidden:
            return "</p>\n"
        return "" if idx + 1 < len(tokens) and tokens[idx + 1].type == "list_item_close" else "\n"

    def table_open(self, tokens: "Sequence[Token]", idx: int, options: "OptionsDict", env: Any) -> str:
        return '<div class="table scrolls"><table>\n'

    def table_close(self, tokens: "Sequence[Token]", idx: int, options: "OptionsDict", env: Any) -> str:
        return "</table></div>\n"

    def blockquote_open(self, tokens: "Sequence[Token]", idx: int, options: "OptionsDict", env: Any) -> str:
        """A quote, or one of GitHub's alerts (`> [!NOTE]`)."""
        inline = tokens[idx + 2] if idx + 2 < len(tokens) and tokens[idx + 2].type == "inline" else None
        kind = _take_alert(inline) if inline else ""
        if not kind:
            return "<blockquote>\n"
        return f'<blockquote class="alert {kind}"><p class="alert-title">{html.escape(self._words[kind])}</p>\n'


def _take_alert(inline: "Token") -> str:
    """The kind of alert a quote's first paragraph declares, its mark taken off the text; empty for a plain quote."""
    children = inline.children or []
    if "alert" not in inline.meta and children and children[0].type == "text":
        found = _ALERT.match(children[0].content)
        inline.meta["alert"] = found[1].lower() if found else ""
        if found:
            del children[:2]
    return str(inline.meta.get("alert", ""))


def _closing(tokens: "Sequence[Token]", idx: int) -> str:
    """The punctuation mark that directly follows token `idx`, empty where there is none."""
    after = tokens[idx + 1] if idx + 1 < len(tokens) else None
    found = _CLOSES.match(after.content) if after and after.type == "text" else None
    return found[0] if found else ""


def _rank(token: "Token") -> str:
    return f"h{max(2, int(token.tag[1:]))}"


def _lone_picture(inline: "Token") -> "Token | None":
    """The image of a paragraph that holds nothing else."""
    children = inline.children or []
    return children[0] if inline.type == "inline" and len(children) == 1 and children[0].type == "image" else None
