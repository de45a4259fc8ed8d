"""The one Markdown parser of the house: what GitHub shows, this reads."""

from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markdown_it import MarkdownIt


@lru_cache(maxsize=1)
def parser() -> "MarkdownIt":
    """CommonMark with tables, strikethrough, footnotes, task lists and dollar math; raw HTML stays inert text.

    Notes are data: `<script>` in them must come out as the characters a reader sees, so the `html` rule is off.
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
    return markdown
