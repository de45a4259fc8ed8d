"""Text made clean: one kind of line end, one Unicode form, nothing that a reader cannot see."""

import re
import unicodedata

_INVISIBLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"
    "\u00ad\u200b\u2060-\u2064\ufeff"  # soft hyphen, spaces of no width
    "\u202a-\u202e\u2066-\u2069"  # directions that show a text in another order than it is read
    "\U000e0000-\U000e007f]"  # tags: letters that no font shows, in which instructions can hide
)
_COMPATIBLE = re.compile("[\ufb00-\ufb06\u2e80-\u2fd5\u00a0\u2007\u202f]")
"""Ligatures, radicals that stand for the character they look like, and spaces that do not break: as text, the plain one."""
_HALVES = re.compile("[\ud800-\udfff]")
"""Halves of characters, which some programs write; no text of UTF-8 has them."""
_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(?P<yaml>(?:[^\n]*\n)*?)(?:---|\.\.\.)[ \t]*\n")


def clean(text: str) -> str:
    """One kind of line end, NFC, no control, invisible or zero-width characters, no front matter but its title."""
    for end in ("\r\n", "\r", "\x85", "\u2028", "\u2029"):
        text = text.replace(end, "\n")
    if _HALVES.search(text):
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    text = _INVISIBLE.sub("", unicodedata.normalize("NFC", text))
    text = _COMPATIBLE.sub(lambda match: unicodedata.normalize("NFKC", match[0]), text)
    if match := _FRONT_MATTER.match(text):
        title = re.search(r"^title:[ \t]*['\"]?(.+?)['\"]?[ \t]*$", match["yaml"], re.MULTILINE)
        text = text[match.end() :]
        if title and not re.search(r"^# ", text, re.MULTILINE):
            text = f"# {title[1]}\n\n{text.lstrip()}"
    return "\n".join(line.rstrip() for line in text.strip("\n").split("\n")) + "\n"
