"""Text that runs on: from one column into the next, and from a page's end to the next page."""

import re

from ...sentences import sentence_spans
from .blocks import Block
from .hyphens import rejoined
from .lines import CJK
from .marks import ENDED
from .survey import Survey

_ASIDE = {"figure", "table", "caption", "footnote"}
"""What may stand between the two halves of a paragraph."""


def join_columns(columns: list[list[Block]], survey: Survey) -> list[Block]:
    """The blocks of all columns, a paragraph that was cut between two of them put together; footnotes last."""
    blocks: list[Block] = []
    for column in columns:
        follower = _first(column)
        opener = _last(blocks)
        if opener and follower and _runs_on(opener, follower):
            opener.text = rejoined(opener.text, follower.text, survey)
            opener.full, opener.size = follower.full, follower.size
            column.remove(follower)
        blocks += column
    notes: list[Block] = []
    for note in (one for one in blocks if one.kind == "footnote"):
        if notes and not note.marker and not ENDED.search(notes[-1].text):
            notes[-1].text = rejoined(notes[-1].text, note.text, survey)
        else:
            notes.append(note)
    return [one for one in blocks if one.kind != "footnote"] + notes


def join_pages(page: list[Block], following: list[Block], survey: Survey) -> None:
    """Bring the end of a sentence that the page break cuts back to the page where it begins; both lists are changed."""
    opener, follower = _last(page), _first(following)
    if not opener or not follower:
        return
    if opener.kind == "code" or not _runs_on(opener, follower):
        return
    spans = sentence_spans(follower.text)
    end = spans[0][1] if len(spans) > 1 else len(follower.text)
    opener.text = rejoined(opener.text, follower.text[:end].rstrip(), survey)
    rest = follower.text[end:].lstrip()
    if rest:
        follower.text = rest
    else:
        opener.full = follower.full
        following.remove(follower)


def _last(blocks: list[Block]) -> Block | None:
    """The last paragraph or item, what stands beside the text passed over."""
    block = next((one for one in reversed(blocks) if one.kind not in _ASIDE), None)
    return block if block and block.kind in ("paragraph", "item") else None


def _first(blocks: list[Block]) -> Block | None:
    """The first paragraph, what stands beside the text passed over."""
    block = next((one for one in blocks if one.kind not in _ASIDE), None)
    return block if block and block.kind == "paragraph" else None


def _runs_on(before: Block, after: Block) -> bool:
    """Whether `after` is the rest of `before`."""
    if ENDED.search(before.text) or after.indented or abs(before.size - after.size) > 0.1 * before.size:
        return False
    start = after.text[:1]
    if re.search(r"[^\W\d_][-‐\u00ad]$", before.text):
        return start.isalpha()
    if start.islower():
        return True
    return before.full and (bool(CJK.match(start)) or start.isalnum() or start in '(["“‘（「《')
