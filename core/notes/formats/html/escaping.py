"""Text escaped where Markdown would take its characters for more than themselves, and nowhere else.

What has to be escaped is what `kcreate.core.markdown.parser()` reads: CommonMark 0.31 with tables and dollar formulas.
"""

import re

_SPECIAL = re.compile(r"[\\`*_~<&^$\[\]]")
_OPENING = re.compile(
    r"#{1,6}(?:\s|$)|>|[-+*](?:\s|$)|(?:[-=_*]\s*){3,}$|~{3}|=+\s*$|\||\[[^\]]*\]:|(?P<number>\d{1,9})[.)](?:\s|$)"
)


def escaped(text: str, money: bool, in_link: bool) -> str:
    """Text without a character that Markdown would take for more than itself."""
    if not _SPECIAL.search(text):
        return text
    text = re.sub(r"\\(?=[!-/:-@\[-`{-~]|\s*$)", r"\\\\", text)
    text = re.sub(r"`", r"\\`", text)
    text = re.sub(r"(?<!\s)\*|\*(?!\s)", r"\\*", text)
    text = re.sub(r"(?<![^\W_])_|_(?![^\W_])", r"\\_", text)
    text = re.sub(r"~~", r"\\~\\~", text)
    text = re.sub(r"<(?=[A-Za-z/!?])", r"\\<", text)
    text = re.sub(r"&(?=#?\w{1,31};)", r"\\&", text)
    text = re.sub(r"\^(?=\[)", r"\\^", text)
    text = re.sub(r"\$", r"\\$", text) if money else text
    if in_link:
        return re.sub(r"[\[\]]", r"\\\g<0>", text)
    return re.sub(r"\[(?=\^|[^\[\]]*\]\()|\](?=\()", r"\\\g<0>", text)


def with_plain_start(text: str) -> str:
    """A line's beginning that would open a heading, a list, a quotation, a rule or a definition, escaped."""
    match = _OPENING.match(text)
    if not match:
        return text
    at = match.end("number") if match["number"] else 0
    return f"{text[:at]}\\{text[at:]}"
