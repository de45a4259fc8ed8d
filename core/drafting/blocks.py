"""Blocks: what a lesson carries over from the notes as it is, ready to stand in it with its citations."""

import re
from collections.abc import Callable, Sequence
from itertools import zip_longest

from ..course.citation import Citation
from ..notes.language import Language, size
from ..notes.passages import FORMULA, Passage
from ..notes.sentences import sentence_spans
from .fragments import spoken
from .plan import Block
from .statements import LIST_ITEM, MARKER, is_reminder, tidy

Mark = Callable[[Citation], str]
"""The footnote mark to put behind what a citation carries."""

FENCE = re.compile(r"^\s*(`{3,}|~{3,})")
FIRST_SAID = 25
"""Words of a list's item after which a cut one ends, at the end of a sentence."""


def unbroken(passage: Passage) -> str:
    """Code, a table or a formula unchanged, but for a formula's wrapping and the closing fence an unfinished file may lack."""
    if passage.kind == "math" and (wrapped := FORMULA.match(passage.text.strip())):
        return wrapped["formula"]
    fence = FENCE.match(passage.text)
    lines = passage.text.split("\n")
    if passage.kind == "code" and fence and not (len(lines) > 1 and lines[-1].strip().startswith(fence[1])):
        return f"{passage.text}\n{fence[1]}"
    return passage.text


def quotation(passage: Passage, mark: Mark) -> str:
    """A quotation with its citation behind it."""
    lines = [_keep_indent(line) for line in passage.text.split("\n")]
    return "\n".join(lines) + mark(Citation(passage.file, passage.first, passage.last))


def listing(block: Block, mark: Mark, language: Language) -> str:
    """A list with a citation behind each item's first paragraph; the author's reminders are left out."""
    passage = block.passages[0]
    lines = [line if FENCE.match(line) else _keep_indent(line) for line in passage.text.split("\n")]
    starts = _item_starts(lines)
    written: list[str] = []
    for start, stop in zip(starts, [*starts[1:], len(lines)], strict=True):
        item = lines[start:stop]
        while item and not item[-1].strip():
            item.pop()
        if is_reminder(item[0]) or passage.first + start in block.left_out:
            continue
        cited = mark(Citation(passage.file, passage.first + start, passage.first + start + len(item) - 1))
        end = 1
        while end < len(item) and item[end].strip() and not FENCE.match(item[end]):
            end += 1
        said = _said(item[:end], language, block.brief and end == len(item))
        said[-1] += cited
        written += [*said, *_marked(item[end:], cited), *([""] if len(item) < stop - start else [])]
    return "\n".join(written).strip("\n")


def _marked(lines: Sequence[str], cited: str) -> list[str]:
    """The rest of an item with the citation behind each paragraph; code, tables and formulas as they are."""
    marked: list[str] = []
    fence = ""
    for line, following in zip_longest(lines, lines[1:], fillvalue=""):
        opens = FENCE.match(line)
        if opens and (not fence or line.strip().startswith(fence)):
            fence = "" if fence else opens[1]
            marked.append(line)
            continue
        ends = line.strip() and not fence and (not following.strip() or FENCE.match(following))
        marked.append(line + cited if ends and not re.match(r"\s*(?:\||\$\$)|.*\$\$\s*$", line) else line)
    return marked


def _said(lines: Sequence[str], language: Language, brief: bool) -> list[str]:
    """An item's first paragraph, a label and its meaning made a sentence, cut to what it says first where asked."""
    marker = MARKER.match(lines[0])
    opening = marker[0] if marker else ""
    flat = " ".join(line.strip() for line in [lines[0][len(opening) :], *lines[1:]])
    text = spoken(flat, language)
    if brief and size(text) > FIRST_SAID:
        spans = sentence_spans(text)
        end = next((stop for _, stop in spans if size(text[:stop]) >= FIRST_SAID), len(text))
        text = text[:end].rstrip()
    return list(lines) if text == flat else [opening + text]


def _item_starts(lines: Sequence[str]) -> list[int]:
    """The lines on which list items begin, code inside items passed over."""
    starts, fence = [], ""
    for number, line in enumerate(lines):
        mark = FENCE.match(line)
        if mark and (not fence or line.strip().startswith(fence)):
            fence = "" if fence else mark[1]
        elif not fence and LIST_ITEM.match(line):
            starts.append(number)
    return starts


def _keep_indent(line: str) -> str:
    """A line tidied, its leading space as it was."""
    bare = line.lstrip()
    return line[: len(line) - len(bare)] + tidy(bare)
