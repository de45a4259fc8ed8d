"""A PDF's bookmarks: what they name is a heading, even where its letters look like the text's."""

import re
from typing import TYPE_CHECKING

from .blocks import Block
from .survey import Survey

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument

_MOST = 5_000
_DEPTH = 6

Outline = dict[int, dict[str, int]]
"""For pages, from 1, the bookmarks' titles without spaces and their levels from 0."""


def outline_of(document: "PdfDocument") -> Outline:
    """The bookmarks by the pages they lead to; empty where there are none or they are broken."""
    import pypdfium2

    found: Outline = {}
    try:
        for count, bookmark in enumerate(document.get_toc(max_depth=_DEPTH)):
            if count >= _MOST:
                break
            target = bookmark.get_dest()
            page = target.get_index() if target else None
            if page is not None and (title := _bare(bookmark.get_title() or "")):
                found.setdefault(page + 1, {})[title] = bookmark.level
    except (pypdfium2.PdfiumError, UnicodeDecodeError):
        return found
    return found


def mark_headings(blocks: list[Block], titles: dict[str, int], common: Survey) -> None:
    """Make headings of the paragraphs that a bookmark of this page names; those that are headings keep their level."""
    first = 2 if common.headings else 1
    for block in blocks:
        if block.kind in ("paragraph", "item") and len(block.text) < 200:
            text = _bare(block.text)
            numbered = _bare(block.marker) + text if block.marker != "-" else text
            title = next((one for one in (text, numbered) if one in titles), None)
            if title is None:
                continue
            if title != text:
                block.text = f"{block.marker} {block.text}"
            block.kind, block.marker, block.level = "heading", "", min(6, first + titles[title])


def _bare(text: str) -> str:
    return re.sub(r"\s+", "", text).casefold()
