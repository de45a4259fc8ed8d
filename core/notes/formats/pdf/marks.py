"""What a line of a page begins with or ends in: bullets and numbers of lists, captions, entries of contents, ends of sentences."""

import re

from .lines import Line
from .survey import Survey

_BULLET = re.compile(r"^(?:[•◦▪▫■●○‣⁃∙·▶►➢➤✓✔❖◆◇★☆–—*-])\s+(?=\S)|^[•◦▪▫■●○‣∙➢➤❖◆]\s*(?=\S)")
DOT = re.compile(r"^[•◦▪▫■●○‣⁃▶►➢➤✓✔❖◆]")
_NUMBERED = re.compile(r"^(?P<number>\d{1,3})(?:[.)]\s+|[、．]\s*)(?=\S)")
_MARKED = re.compile(
    r"^(?:\((?:\d{1,3}|[a-zA-Z]|[ivx]{1,5})\)\s+|[a-zA-Z][.)]\s+|[ivx]{1,5}[.)]\s+|[（(][\d一二三四五六七八九十]{1,3}[）)]\s*|[①-⑳]\s*)(?=\S)"
)
CAPTION = re.compile(
    r"^(?:fig(?:ure)?|table|tab|abbildung|abb|tabelle|listing|chart|scheme|plate)\b\.?\s*[A-Z]?\d+(?:[.-]\d+)*(?P<mark>\s*[.:|–—])?(?:\s|$)"
    r"|^[图表圖]\s*[A-Z]?\d+(?:[.–—-]\d+)*(?P<han>[\s:：.、]|$)?",
    re.IGNORECASE,
)
ENDED = re.compile(r"[.!?。！？…:：;；]['\"’”」』）)\]¹²³⁴⁵⁶⁷⁸⁹⁰]*$")
ARTICLE = re.compile(r"^第\s*[\d.〇零一二三四五六七八九十百]+\s*[条款]")
"""What a clause of a Chinese law or standard begins with."""
CONTENTS = re.compile(r"(?:\.\s?){4,}\s*\w{1,6}$|…{2,}\s*\w{1,6}$")


def is_caption(line: Line, survey: Survey) -> bool:
    """Whether the line begins the caption of a figure or a table, not a sentence about one."""
    match = CAPTION.match(line.text)
    if not match:
        return False
    return bool(match["mark"] or match["han"]) or line.size <= 0.95 * survey.body or line.bold


def is_contents(line: Line) -> bool:
    """Whether the line is an entry of a table of contents: a title, dots, a page's number."""
    return bool(CONTENTS.search(line.text))


def marker_of(line: Line) -> tuple[str, str] | None:
    """The Markdown marker of a line that begins an item, and the line's text behind it; else None."""
    text = line.text
    first = line.words[0]
    if CONTENTS.search(text):
        return None
    if match := _BULLET.match(text):
        return "-", text[match.end() :]
    if first.text == "o" and first.mono and len(line.words) > 1:
        return "-", text[1:].lstrip()
    if match := _NUMBERED.match(text):
        return f"{int(match['number'])}.", text[match.end() :]
    return ("-", text) if _MARKED.match(text) else None
