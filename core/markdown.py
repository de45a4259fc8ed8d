"""The one Markdown parser of the house: what GitHub shows, this reads."""

from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_block import StateBlock


@lru_cache(maxsize=1)
def parser() -> "MarkdownIt":
    """CommonMark with tables, strikethrough, footnotes, task lists and dollar math; raw HTML stays inert text.

    Notes are data: `<script>` in them must come out as the characters a reader sees, so the `html` rule is off. Comments
    alone are taken as comments, tokens of type `comment` that show nothing.
    """
    from markdown_it import MarkdownIt
    from mdit_py_plugins.dollarmath import dollarmath_plugin
    from mdit_py_plugins.footnote import footnote_plugin
    from mdit_py_plugins.tasklists import tasklists_plugin

    markdown = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
    # A dollar before a digit is money ("$5 and $10"), not math, unless it closes right after a non-space.
    markdown.use(dollarmath_plugin, allow_space=False, allow_digits=False, double_inline=True)
    markdown.use(footnote_plugin)
    markdown.use(tasklists_plugin)
    markdown.block.ruler.before("fence", "comment", _comment, {"alt": ["paragraph", "reference", "blockquote", "list"]})
    markdown.add_render_rule("comment", lambda *_: "")
    return markdown


def _comment(state: "StateBlock", start: int, end: int, silent: bool) -> bool:
    """`<!-- … -->` that begins a line and ends one, here or further down; CommonMark 0.31, HTML blocks of the second kind."""
    if state.is_code_block(start):
        return False
    opening = state.src[state.bMarks[start] + state.tShift[start] : state.eMarks[start]]
    if not opening.startswith("<!--"):
        return False
    for line in range(start, end):
        written = state.src[state.bMarks[line] : state.eMarks[line]]
        if "-->" in written:
            if written.rpartition("-->")[2].strip():
                return False
            if not silent:
                state.line = line + 1
                token = state.push("comment", "", 0)
                token.map = [start, line + 1]
                token.content = state.getLines(start, line + 1, state.blkIndent, False)
            return True
    return False
