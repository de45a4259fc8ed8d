"""Plain text to Markdown: where its paragraphs begin, which lines are titles, which are items of a list.

Text files come hard-wrapped, with one paragraph a line, with first lines indented, or as fragments jotted down one below
the other; a Markdown parser takes every run of lines for one paragraph.
"""

import re
import unicodedata

_LIST = re.compile(r"^\s*(?:[-*+•·]\s+|\d{1,2}[.)]\s+)\S")
_HAN_ITEM = re.compile(r"^(?:(?P<number>\d{1,2})(?:、|．)\s*|(?=[①-⑳]|[（(][\d一二三四五六七八九十]{1,2}[）)]))(?=\S)")
_SENTENCE_END = re.compile(r"[.!?;:。！？；：…][\"'”’」』）)]*$")
_NO_TITLE = re.compile(r"[.!,;:。！，；：…]$|[=^{}]|^(?:TODO|FIXME|XXX|TBD|待补|待写|待查)|https?:", re.IGNORECASE)
_QUESTION = re.compile(r"[?？]$")
_NUMBERED_TITLE = re.compile(
    r"^(?:第[一二三四五六七八九十百\d]+[章节讲课篇单元回]|[一二三四五六七八九十]+、|[IVX]+\.\s|Chapter \d|Part \w)"
)
LONGEST = 4000
"""Columns, some 650 words: a longer paragraph is broken."""
_SHORT = 0.6
"""Of the widest line of its block: a line that ends before that was ended by its author."""


def markdown_of_plain_text(text: str) -> str:
    """Plain text as Markdown: paragraphs apart, titles as headings, items as lists; the words stay as they are."""
    written: list[str] = []
    first = True
    for block in _blocks(text):
        if (table := _table(block)) is not None:
            written += ([""] if written else []) + table
            first = False
            continue
        for number, lines in enumerate(_paragraphs(block)):
            if written:
                written += [""] if number == 0 or not (_LIST.match(lines[0]) and _LIST.match(written[-1])) else []
            if len(lines) == 1 and number == 0 and _is_title(lines[0], alone=len(block) == 1):
                written.append(f"{'#' if first else '##'} {lines[0].lstrip('# ')}")
            else:
                written += _broken(lines[0]) if len(lines) == 1 else lines
            first = False
    return "\n".join(written) + "\n"


def _blocks(text: str) -> list[list[str]]:
    """Runs of lines without a blank one."""
    blocks: list[list[str]] = [[]]
    for line in text.split("\n"):
        if line.strip():
            blocks[-1].append(line)
        elif blocks[-1]:
            blocks.append([])
    return [block for block in blocks if block]


def _table(block: list[str]) -> list[str] | None:
    """Lines with a tab in the same places as a table, the first of them its head; None for any other block."""
    tabs = {line.strip("\n").strip().count("\t") for line in block}
    if len(block) < 2 or len(tabs) != 1 or 0 in tabs or any(line.startswith("\t") for line in block):
        return None
    rows = [
        "| " + " | ".join(cell.strip().replace("|", "\\|") for cell in line.strip().split("\t")) + " |"
        for line in block
    ]
    return [rows[0], "|" + " --- |" * (tabs.pop() + 1), *rows[1:]]


def _paragraphs(block: list[str]) -> list[list[str]]:
    """The block's lines grouped into paragraphs; a list stays in one group with what is indented below it."""
    block = [line.replace("\t", "    ") for line in block]
    indents = [len(line) - len(line.lstrip()) for line in block]
    indented = len(set(indents)) > 1 or block[0].startswith("　")
    stripped = [line.strip() for line in block]
    jotted = _is_jotted(stripped)
    by_indent = indented and not all(indents[1:])  # first lines are indented, so line ends tell nothing
    apart = jotted or (not by_indent and _is_one_a_line(stripped))
    if jotted and len(block) > 2:
        items = [f"- {line}" for line in stripped[1:]]
        return [[f"## {stripped[0]}"], items] if len(stripped[0].split()) <= 6 else [[stripped[0]], items]
    groups: list[list[str]] = []
    in_list = False
    for line, indent in zip(block, indents, strict=True):
        bare = _HAN_ITEM.sub(lambda item: f"{item['number']}. " if item["number"] else "- ", line.strip())
        if _LIST.match(bare):
            shown = " " * (indent if in_list else 0) + re.sub(r"^[•·]", "-", bare)
            if in_list:
                groups[-1].append(shown)
            else:
                groups.append([shown])
            in_list = True
            continue
        if in_list and indent:
            groups[-1].append(line)
            continue
        opens = not groups or in_list or apart or (indented and indent >= 2) or line.startswith("　")
        in_list = False
        if opens:
            groups.append([bare])
        else:
            groups[-1].append(bare)
    return groups


def _broken(line: str) -> list[str]:
    """A line too long for a paragraph, as transcripts are, broken after sentences into paragraphs of readable length."""
    if _width(line) <= LONGEST or _LIST.match(line):
        return [line]
    paragraphs = [""]
    for sentence in re.split(r"(?<=[.!?])\s+(?=[A-Z\"“])|(?<=[。！？])(?![”’」』）。！？])", line):
        if paragraphs[-1] and _width(paragraphs[-1]) + _width(sentence) > LONGEST / 4:
            paragraphs += ["", ""]
        gap = " " if paragraphs[-1] and not re.search(r"[。！？”’」』）]$", paragraphs[-1]) else ""
        paragraphs[-1] += gap + sentence
    return paragraphs


def _is_one_a_line(lines: list[str]) -> bool:
    """Whether a block's lines were ended by their author and not by the width of a page."""
    if len(lines) < 2:
        return False
    widths = [_width(line) for line in lines]
    if _NUMBERED_TITLE.match(lines[0]) and widths[0] < _SHORT * max(widths):
        return True
    ended = sum(
        bool(_SENTENCE_END.search(line)) or width < _SHORT * max(widths)
        for line, width in zip(lines[:-1], widths[:-1], strict=True)
    )
    return 2 * ended >= len(lines) - 1


def _is_jotted(lines: list[str]) -> bool:
    """Whether the lines are fragments jotted down one below the other: short, and none of them ends as a sentence."""
    if (
        len(lines) < 2
        or max(map(_width, lines)) > 64
        or any(_LIST.match(line) or _HAN_ITEM.match(line) for line in lines)
    ):
        return False
    return not any(_SENTENCE_END.search(line) for line in lines)


def _width(line: str) -> int:
    """Columns on a screen: a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in line)


def _is_title(line: str, alone: bool) -> bool:
    """Whether a line of its own, or the first of a block, looks like a title."""
    if _LIST.match(line) or not 1 < len(line) <= 60 or _NO_TITLE.search(line) or not re.match(r"[^\W_a-z]", line):
        return False
    if _QUESTION.search(line):
        return alone and line.count("?") + line.count("？") == 1
    return alone or (bool(_NUMBERED_TITLE.match(line)) or len(line.split()) <= 8)
