"""Jottings: lists that are notes in themselves and no enumeration that a sentence leads into; a lesson chooses among them.

The members of an enumeration belong together ("There are three kinds:"), so that only a list below a heading, with no
sentence before it, is cut, and only items that have none below them.
"""

import re
from collections.abc import Sequence

from ..notes.language import size
from ..notes.passages import Passage
from .facts import Fact
from .statements import LIST_ITEM, Statement

_UNSURE = re.compile(r"\?\?|？？|\?$|？$|!!|！！")
_BELONGS_TOGETHER = re.compile(
    r"\b(?:need|ingredients?|materials?|equipment|tools|how to|steps?|what (?:belongs|goes|to)|checklist|rules|phases?|stages?|types?|kinds?)\b|"
    r"需要|材料|器具|工具|步骤|流程|清单|规则|阶段|种类|分类|注意",
    re.IGNORECASE,
)
FEWEST_CUT = 8
"""Items of a list below which it comes whole."""
MOST_DROPPED = 0.4
"""Share of a list's items that may go."""


def is_jotted(passages: Sequence[Passage], index: int) -> bool:
    """Whether the passage is a list of jottings: bullets below a heading or another block, not led into by a paragraph."""
    one = passages[index]
    if one.kind != "list" or re.match(r"\s*\d", one.text):
        return False
    items = [line for line in one.text.split("\n") if LIST_ITEM.match(line)]
    whole = len(items) < FEWEST_CUT or any(re.match(r"\s*\d", line) for line in items)
    if whole or (one.headings and _BELONGS_TOGETHER.search(one.headings[-1])):
        return False
    return index == 0 or passages[index - 1].kind in {"heading", "table", "list", "figure", "code"}


def left_out(
    passage: Passage, said: Sequence[Statement], facts: Sequence[Fact], must: Sequence[Statement], share: float
) -> frozenset[int]:
    """The lines on which items begin that a lesson leaves out, so that about `share` of the list's words remain.

    Args:
        said: the list's items as statements.
        must: statements that stay.
    """
    lines = passage.text.split("\n")
    starts = [number for number, line in enumerate(lines) if LIST_ITEM.match(line)]
    depth = {number: len(lines[number]) - len(lines[number].lstrip()) for number in starts}
    leaves = {
        passage.first + one
        for one, following in zip(starts, [*starts[1:], None], strict=True)
        if following is None or depth[following] <= depth[one]
    }
    by_line = {one.first: one for one in said}
    words = {
        passage.first + one: size(" ".join(lines[one:stop]))
        for one, stop in zip(starts, [*starts[1:], len(lines)], strict=True)
    }
    held = {fact.statement for fact in facts}
    able = [line for line in leaves if by_line.get(line) not in must]

    def worth(line: int) -> float:
        one = by_line.get(line)
        if one is None:
            return -2.0
        deep = depth[line - passage.first] > min(depth.values())
        return 1.0 * (one in held) - 0.5 * deep - 1.5 * bool(_UNSURE.search(one.plain)) - 0.5 * (words[line] < 3)

    gone: list[int] = []
    total = sum(words.values())
    for line in sorted(able, key=lambda line: (worth(line), -line)):
        if sum(words.values()) - sum(words[each] for each in gone) <= share * total or len(gone) >= MOST_DROPPED * len(
            starts
        ):
            break
        gone.append(line)
    return frozenset(gone)
