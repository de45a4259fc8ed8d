"""Blocks of a PDF as Markdown; a character is escaped only where it would be read as markup."""

import re

from .blocks import Block

_LINE_START = (
    (re.compile(r"^(#{1,6})(?=\s|$)"), r"\\\1"),
    (re.compile(r"^([-+*])(?=\s)"), r"\\\1"),
    (re.compile(r"^(\d{1,9})([.)])(?=\s)"), r"\1\\\2"),
    (re.compile(r"^(\[)(?=[^\[\]]+\]:)"), r"\\\1"),
    (re.compile(r"^(>|~~~|\||:(?=\s))"), r"\\\1"),
    (re.compile(r"^([-=_*])(?=\s*(?:\1\s*)+$)"), r"\\\1"),
)
_INLINE = re.compile(
    r"""\\(?=[!-/:-@\[-`{-~])          # a backslash that would escape
    | `
    | <(?=[A-Za-z/!?])                 # a tag
    | \[(?=[^\[\]]*\]\()|\[(?=\^)     # a link or a footnote
    | (?<!\w)~~(?=\S)
    | &(?=\#?\w{2,10};)                # a character reference
    """,
    re.VERBOSE,
)
_EMPHASIS = (re.compile(r"\*+(?=\S)|(?<=[^\s*])\*+"), re.compile(r"(?<![\w_\\])_+(?=\S)|(?<=[^\s_])_+(?!\w)"))
"""Stars and underscores that may begin or end emphasis; a star between spaces and snake_case do not."""


def markdown(blocks: list[Block]) -> str:
    """The blocks as one text, an empty line between them but not between the items of a list."""
    written: list[str] = []
    before: Block | None = None
    indents: list[int] = []
    for block in blocks:
        in_list = before is not None and before.kind == "item" and block.kind == "item"
        other = in_list and block.level == 0 and before is not None and (before.marker == "-") != (block.marker == "-")
        if written and (not in_list or (other and before is not None and before.level == 0)):
            written.append("")
        if block.kind == "item":
            if not in_list:
                indents = []
            level = min(block.level, len(indents))
            indents = indents[:level]
            written.append(" " * sum(indents) + f"{block.marker} {escaped(block.text, item=True)}")
            indents.append(len(block.marker) + 1)
        else:
            written += _shown(block)
        before = block
    return "\n".join(written)


def _shown(block: Block) -> list[str]:
    """A block that is no item, as lines."""
    if block.kind in ("code", "table"):
        return block.text.split("\n")
    if block.kind == "heading":
        return [f"{'#' * max(1, min(6, block.level))} {escaped(block.text, item=True)}"]
    if block.kind == "figure":
        alt = re.sub(r"[\[\]]", "", block.text)
        return [f"![{escaped(alt, item=True)}]({block.image})"]
    return [escaped(block.text)]


def escaped(text: str, item: bool = False) -> str:
    """`text` so that Markdown shows it as it is.

    Args:
        item: it does not begin a line, so marks of blocks mean nothing there.
    """
    dollars = text.count("$") > 1
    text = _INLINE.sub(lambda match: "".join("\\" + character for character in match[0]), text)
    for runs in _EMPHASIS:
        if len(runs.findall(text)) > 1:
            text = runs.sub(lambda run: re.sub(r"([*_])", r"\\\1", run[0]), text)
    if dollars:
        text = re.sub(r"(?<!\\)\$", r"\\$", text)
    if not item:
        for pattern, replacement in _LINE_START:
            text, count = pattern.subn(replacement, text)
            if count:
                break
    return text


def cell(text: str) -> str:
    """A cell of a pipe table."""
    return re.sub(r"(?<!\\)\|", r"\\|", escaped(re.sub(r"\s+", " ", text).strip(), item=True))


def pipe_table(rows: list[list[str]]) -> str:
    """Rows of cells as a pipe table whose first row is the head."""
    width = max(len(row) for row in rows)
    shown = [[cell(text) for text in [*row, *[""] * (width - len(row))]] for row in rows]
    lines = ["| " + " | ".join(row) + " |" for row in shown]
    lines.insert(1, "|" + " --- |" * width)
    return "\n".join(lines)
