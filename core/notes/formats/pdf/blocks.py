"""Blocks of a page: lines of a column become headings, paragraphs, items of lists and code."""

import re
from dataclasses import dataclass, field
from typing import Literal

from .breaks import Around, fits, is_apart, is_indented
from .code import fenced
from .hyphens import rejoined
from .lines import CJK, Line, pitch
from .marks import DOT, ENDED, is_caption, is_contents, marker_of
from .survey import Survey

Kind = Literal["heading", "paragraph", "item", "code", "table", "figure", "caption", "footnote"]
_ROMAN_TITLE = re.compile(r"^[IVX]{1,5}\.\s+[A-Z][^a-z]{3,}$")
_LETTER_TITLE = re.compile(r"^[A-H]\.\s+[A-Z]")


@dataclass
class Block:
    """A block of a page.

    Attributes:
        text: as on the page, lines joined, nothing escaped; of code and tables, the finished Markdown.
        level: of a heading from 1; of an item, how deep it is nested, from 0.
        marker: of an item, `-` or its number with a full stop.
        full: its last line reaches the right edge, so it may go on elsewhere.
        indented: its first line is set in, so it begins here.
        image: of a figure, the name of its picture.
        size: of its last line's font; 0 where there is none.
    """

    kind: Kind
    text: str
    level: int = 0
    marker: str = ""
    full: bool = False
    indented: bool = False
    image: str = ""
    size: float = 0.0


@dataclass
class _Open:
    """A block that is being put together."""

    kind: Kind
    lines: list[Line] = field(default_factory=list)
    marker: str = ""
    level: int = 0
    indented: bool = False


def blocks_of(lines: list[Line], survey: Survey, right: float) -> list[Block]:
    """The lines of one column, from top to bottom, as blocks.

    Args:
        right: how far what stands in the column reaches, tables and figures too.
    """
    groups: list[_Open] = []
    usual = pitch(lines, survey.pitch)
    for index, line in enumerate(lines):
        before = lines[index - 1] if index else None
        after = lines[index + 1] if index + 1 < len(lines) else None
        around = lines[max(0, index - 4) : index + 4]
        group = groups[-1] if groups else None
        if (
            group
            and before
            and _goes_on(group, before, line, after, Around(lines[max(0, index - 4) : index + 4], usual, right), survey)
        ):
            group.lines.append(line)
        else:
            groups.append(_begin(line, before, after, around, survey))
    _settle_headings(groups, survey)
    _settle_lettered(groups, survey)
    _nest(groups)
    return [_block(group, survey, right) for group in groups]


def _begin(line: Line, before: Line | None, after: Line | None, around: list[Line], survey: Survey) -> _Open:
    """A new block whose first line is `line`."""
    if line.mono and not survey.body_mono:
        return _Open("code", [line])
    level = 0 if is_caption(line, survey) else survey.level(line)
    if level and not (DOT.match(line.text) and line.size < 1.3 * survey.body):
        return _Open("heading", [line], level=level)
    marker = marker_of(line)
    if marker:
        return _Open("item", [line], marker=marker[0])
    if is_caption(line, survey):
        return _Open("caption", [line])
    return _Open("paragraph", [line], indented=is_indented(line, before, after, around))


def _goes_on(group: _Open, before: Line, line: Line, after: Line | None, around: Around, survey: Survey) -> bool:
    """Whether `line` belongs to the block that `before` ended so far."""
    size = max(before.size, line.size)
    usual = around.pitch
    step = line.baseline - before.baseline
    code = line.mono and not survey.body_mono
    if group.kind == "code" or (code and not _is_inside(group, before, line, around)):
        half = (
            group.kind == "code"
            and line.words[0].mono
            and line.x0 >= group.lines[0].x0 - 1
            and _is_mono_but_chinese(line)
        )
        return group.kind == "code" and (code or half) and 0 < step < 4 * size
    if not 0 < step <= max(1.3 * usual * size, (usual + 0.35) * size) or not _alike(before, line):
        return False
    if group.kind == "heading":
        near = step < 1.7 * size or (step <= 1.3 * usual * size and not fits(before, line, around))
        if ENDED.search(before.text) and is_indented(line, before, after, around.lines):
            return False
        return survey.level(line) == group.level and near and not _numbered_heading(line)
    if survey.level(line) not in (0, survey.level(group.lines[0])) and not group.lines[0].bold:
        return line.bold and before.bold
    if _begins_item(group, before, line, around) or is_contents(before):
        return False
    if is_caption(line, survey) and (step > 1.15 * usual * size or ENDED.search(before.text)):
        return False
    if group.kind == "item":
        hanging = line.x0 > group.lines[0].x0 + 0.4 * size
        if hanging and after and after.x0 < group.lines[0].x0 - 0.4 * size and ENDED.search(before.text):
            return bool(marker_of(after))
        if len(group.lines) > 1 and not hanging and line.x0 < group.lines[1].x0 - 0.5 * size:
            return False
        return hanging or not fits(before, line, around)
    if group.kind == "paragraph" and (
        is_indented(line, before, after, around.lines) or is_apart(before, line, around.lines)
    ):
        return False
    return not fits(before, line, around)


def _is_mono_but_chinese(line: Line) -> bool:
    return all(word.mono or CJK.search(word.text) for word in line.words)


def _is_inside(group: _Open, before: Line, line: Line, around: Around) -> bool:
    """Whether a line of code is part of a sentence."""
    step = line.baseline - before.baseline
    return (
        group.kind in ("paragraph", "item")
        and 0 < step <= 1.15 * around.pitch * before.size
        and abs(line.x0 - group.lines[-1].x0) < 0.5 * line.size
        and not ENDED.search(before.text)
        and not fits(before, line, around)
    )


def _begins_item(group: _Open, before: Line, line: Line, around: Around) -> bool:
    """Whether an item's marker stands at the start of `line`, and is not just a number or a bracket that a line begins with."""
    if not marker_of(line):
        return False
    inside = group.kind == "paragraph" or line.x0 > group.lines[0].x0 + 0.4 * line.size
    return not inside or bool(ENDED.search(before.text)) or bool(DOT.match(line.text)) or fits(before, line, around)


def _alike(one: Line, other: Line) -> bool:
    """Whether two lines have letters of the same size; small capitals may be most of one of them."""
    return any(abs(size - other_size) <= 0.1 * size for size in one.sizes for other_size in other.sizes)


def _numbered_heading(line: Line) -> bool:
    return bool(re.match(r"^(?:\d+(?:\.\d+)*\.?\s|第[一二三四五六七八九十百\d]+[章节讲课])", line.text))


def _settle_headings(groups: list[_Open], survey: Survey) -> None:
    """Headings that are too long, or read like a sentence, become paragraphs."""
    for group in groups:
        if group.kind != "heading":
            continue
        text = " ".join(line.text for line in group.lines)
        length = len(text) + len(CJK.findall(text))
        bold_only = group.lines[0].size < 1.12 * survey.body
        sentence = bool(re.search(r"[.,;。，；]$", text)) and not re.search(r"\b(?:etc|Inc|Ltd|Co)\.$", text)
        long = length > (100 if bold_only else 220) or len(group.lines) > 4
        if long or (sentence and (bold_only or length > 60)) or not re.search(r"[^\W\d_]", text):
            group.kind = "paragraph"
            if marker := marker_of(group.lines[0]):
                group.kind, group.marker = "item", marker[0]


def _settle_lettered(groups: list[_Open], survey: Survey) -> None:
    """Lone short lines as `II. METHODS` and `A. Data` are headings and no lists; they stand below the larger headings."""
    for index, group in enumerate(groups):
        if len(group.lines) > 2 or group.kind not in ("item", "paragraph"):
            continue
        text = " ".join(line.text for line in group.lines)
        roman, letter = bool(_ROMAN_TITLE.match(text)), bool(_LETTER_TITLE.match(text))
        around = groups[max(0, index - 1) : index] + groups[index + 1 : index + 2]
        listed = any(one.kind == "item" and not _ROMAN_TITLE.match(one.lines[0].text) for one in around)
        if (roman or (letter and not listed)) and len(text) < 90 and not ENDED.search(text) and index + 1 < len(groups):
            group.kind = "heading"
            group.level = min(6, len(survey.headings) + (1 if roman else 2))


def _nest(groups: list[_Open]) -> None:
    """How deep the items of a list are nested, by where their markers stand."""
    stack: list[float] = []
    for group in groups:
        if group.kind != "item":
            stack = []
            continue
        x, near = group.lines[0].x0, 0.6 * group.lines[0].size
        while stack and stack[-1] > x + near:
            stack.pop()
        if not stack or x > stack[-1] + near:
            stack.append(x)
        group.level = len(stack) - 1


def _block(group: _Open, survey: Survey, right: float) -> Block:
    """The finished block."""
    if group.kind == "code":
        return Block("code", fenced(group.lines))
    texts = [line.text for line in group.lines]
    if group.kind == "item":
        marker = marker_of(group.lines[0])
        texts[0] = marker[1] if marker else texts[0]
    text = texts[0]
    for following in texts[1:]:
        text = rejoined(text, following, survey)
    last = group.lines[-1]
    full = last.x1 > right - 3 * last.size
    return Block(group.kind, text, group.level, group.marker, full, group.indented, size=last.size)
