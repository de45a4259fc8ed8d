"""Where a paragraph ends though no gap follows: a line that ended early, one set in, one set apart from the others."""

import re
from dataclasses import dataclass

from .lines import CJK, Line
from .marks import ARTICLE, ENDED, marker_of


@dataclass(frozen=True)
class Around:
    """What a line is compared with: the lines before and behind it, their usual distance, the column's right edge."""

    lines: list[Line]
    pitch: float
    right: float


def fits(before: Line, line: Line, around: Around) -> bool:
    """Whether the first word of `line` had room behind `before`: then the author ended the line there."""
    if re.search(r"[^\W\d_][-\u00ad]$", before.text) and line.text[:1].islower():
        return False
    near = 0.6 * line.size
    peers = [one.x1 for one in around.lines if min(abs(one.x0 - line.x0), abs(one.x0 - before.x0)) < near]
    edge = max(*peers, line.x1, before.x1)
    if len(peers) <= 2 and (ENDED.search(before.text) or not line.text[:1].islower()):
        edge = max(edge, around.right - 4 * line.size)
    first = line.words[0]
    width = first.x1 - first.x0
    if CJK.match(first.text):
        width = min(width, 2.1 * first.size)
    return before.x1 + width + 0.6 * line.size < edge


def is_apart(before: Line, line: Line, around: list[Line]) -> bool:
    """Whether two lines are set to the right or centred each by itself, or a clause of a law begins."""
    if ARTICLE.match(line.text) and ENDED.search(before.text):
        return True
    left, right = min(one.x0 for one in around), max(one.x1 for one in around)
    inside = 2 * line.size
    centred = (
        abs(before.x0 + before.x1 - line.x0 - line.x1) < line.size
        and abs(before.x0 - line.x0) > line.size
        and all(one.x0 > left + inside or one.x1 < right - inside for one in (before, line))
        and min(before.x0, line.x0) > left + inside / 2
    )
    return before.x0 - line.x0 > 6 * line.size or (centred and not line.text[:1].islower())


def is_indented(line: Line, before: Line | None, after: Line | None, around: list[Line]) -> bool:
    """Whether the line is set in against the lines next to it."""
    by = 0.8 * line.size
    if after is not None and not marker_of(after) and abs(after.size - line.size) < 0.1 * line.size:
        if line.x0 - after.x0 >= by and line.x0 - after.x0 < 5 * line.size:
            return before is None or line.x0 - before.x0 > -0.3 * line.size
        left = min(one.x0 for one in around)
        return (
            before is not None
            and by <= line.x0 - before.x0
            and abs(after.x0 - line.x0) < 1
            and line.x0 - left >= by
            and bool(ENDED.search(before.text))
        )
    return before is not None and by <= line.x0 - before.x0 < 5 * line.size
