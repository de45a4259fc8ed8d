"""Plain text, tables and code written as Markdown that shows the very same characters (CommonMark 0.31, GFM tables)."""

import re
from collections.abc import Sequence

_HAN_END = re.compile(r"[㐀-鿿豈-﫿，。！？；：、（）「」『』《》…—]$")
_HAN_START = re.compile(r"[㐀-鿿豈-﫿，。！？；：、（）「」『』《》…—]")
_INLINE = re.compile(
    r"\\(?=[!-/:-@\[-`{-~])"  # a backslash that would be taken for an escape
    r"|`|~(?=~)|\*(?=\S)|(?<=\S)\*"
    r"|(?<![^\W_])_(?=\S)|(?<=\S)_(?![^\W_])"
    r"|\](?=[(\[:])|\[(?=\^)|\^(?=\[)"
    r"|<(?=[A-Za-z/!?])(?!https?://[^\s<>]+>)"
    r"|&(?=#?\w{1,31};)"
)
_NOTHING_TO_DO = re.compile(r"[^\s\\`~*_\[\]<&]+(?: [^\s\\`~*_\[\]<&]+)*")
_BLOCK = re.compile(
    r"^(?:(?=#{1,6}(?:\s|$)|>|[-+*]\s|[-+*]$|~~~|={2,}\s*$|-[-\s]*$|_[_\s]*$|:{3,}|:\s|!!!\s|\|)|(\d{1,9})(?=[.)](?:\s|$)))"
)


def plain(text: str) -> str:
    """One line of text for use inside a block: white space made single, what Markdown would take for marks escaped."""
    if _NOTHING_TO_DO.fullmatch(text):
        return text
    return _INLINE.sub(lambda mark: "\\" + mark[0], one_line(text))


def paragraph(text: str) -> str:
    """`plain`, for use as a block of its own: not taken for a heading, list item or quotation either."""
    return not_a_block(plain(text))


def not_a_block(line: str) -> str:
    """A line of inline Markdown that no longer opens another block than a paragraph."""
    return _BLOCK.sub(lambda start: f"{start[1] or ''}\\", line, count=1)


def one_line(text: str) -> str:
    """Text on one line; its own line breaks become spaces, between Chinese characters nothing."""
    joined = ""
    for line in re.split(r"[\n\r\v\f\x85\u2028\u2029]+", text):
        line = " ".join(line.split())
        if line:
            joined += "" if not joined or (_HAN_END.search(joined) and _HAN_START.match(line)) else " "
            joined += line
    return joined


def table(rows: Sequence[Sequence[str]]) -> str:
    """A pipe table of cells of inline Markdown, the first row its header; short rows are filled up.

    Returns:
        the table without a final line end; nothing where there is no cell.
    """
    width = max((len(row) for row in rows), default=0)
    if not width:
        return ""
    lines = ["| " + " | ".join([*(_cell(cell) for cell in row), *[""] * (width - len(row))]) + " |" for row in rows]
    return "\n".join([lines[0], "|" + " --- |" * width, *lines[1:]])


def fence(code: str, language: str = "") -> str:
    """Fenced code, the fence longer than any inside."""
    marks = "`" * max(3, 1 + max(map(len, re.findall(r"^\s*(`{3,})", code, re.MULTILINE)), default=0))
    return f"{marks}{language}\n{code.strip(chr(10)).rstrip()}\n{marks}"


def _cell(text: str) -> str:
    return re.sub(r"(?<!\\)((?:\\\\)*)\|", r"\1\\|", " ".join(text.split("\n")))
