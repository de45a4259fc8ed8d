"""Dialects of Markdown put into the one that the house reads: admonitions, definition lists, bold lines as headings,
notebooks' prompts, TeX brackets. Line stays line, so that a citation leads where the author looks."""

import re
from collections.abc import Callable, Iterator

from .language import language_of

_FENCE = re.compile(r"^\s*(`{3,}|~{3,})")
_ADMONITION = re.compile(r"^(?:!!!|\?\?\?\+?)\s+(?P<kind>[\w-]+)(?:\s+\"(?P<title>[^\"]*)\")?\s*$")
_ALERT = re.compile(r"^(?P<quote>\s*>\s*)\[!(?P<kind>[A-Za-z]+)\][-+]?[ \t]*(?P<title>[^\n]*)$")
_CONTAINER = re.compile(r"^\s*:{3,}.*$")
_PROMPT = re.compile(r"^\s*(?:\*\*)?(?:In|Out) ?\[[\d ]*\]:?(?:\*\*)?\s*$")
_DEFINITION = re.compile(r"^ {0,3}:[ \t]+(?P<text>\S.*)$")
_BOLD_LINE = re.compile(r"^(?P<mark>\*\*\*|\*\*|___|__)(?P<title>(?![*_\s])[^*]{1,78}?(?<![*_\s]))(?P=mark)[:：]?$")
_HEADING = re.compile(r"^(?P<marks>#{1,6})\s+\S")
_NUMBERED_SETEXT = re.compile(r"^\d+(?:\.\d+)*[.)]?\s+\S.{0,70}$")
_INLINE_TEX = re.compile(r"(?<!\\)\\\((?P<tex>[^\n]+?)\\\)")
_TEX_SIGN = re.compile(r"\\[A-Za-z]|[=^_<>+]|^\s*[A-Za-z]\s*$")
_HIGHLIGHT = re.compile(r"(?<![=\w])==(?=\S)([^=\n]+?)(?<=\S)==(?![=\w])")
_NAMES = {
    "note": "说明", "tip": "提示", "hint": "提示", "info": "说明", "important": "重要", "warning": "警告",
    "caution": "注意", "danger": "危险", "example": "例", "question": "问题", "quote": "引文", "abstract": "摘要",
}  # fmt: skip


def one_dialect(text: str) -> str:
    """`text` as CommonMark with tables and dollar formulas; as many lines as before, code left alone."""
    chinese = language_of(text[:20_000]) == "zh"
    lines = text.split("\n")
    code = code_lines(lines)
    _admonitions(lines, code, chinese)
    _definition_lists(lines, code)
    _numbered_setext(lines, code)
    _bold_headings(lines, code)
    for number, line in _prose(lines, code):
        if _PROMPT.match(line) or _CONTAINER.match(line):
            lines[number] = ""
        elif line.strip() in {r"\[", r"\]"}:
            lines[number] = "$$"
        else:
            if whole := re.match(r"^\s*\\\[(.+)\\\]\s*$", line):
                line = f"$${whole[1].strip()}$$" if _TEX_SIGN.search(whole[1]) else line
            line = _outside_code(line, lambda part: _INLINE_TEX.sub(_dollars, part) if "\\(" in part else part)
            lines[number] = _outside_code(line, lambda part: _HIGHLIGHT.sub(r"\1", part) if "==" in part else part)
    return "\n".join(lines)


def code_lines(lines: list[str]) -> set[int]:
    """The lines of fenced code by their index, fences included."""
    code: set[int] = set()
    fence = ""
    for number, line in enumerate(lines):
        opening = _FENCE.match(line)
        if fence:
            code.add(number)
            if opening and opening[1].startswith(fence) and line.strip() == opening[1]:
                fence = ""
        elif opening:
            code.add(number)
            fence = opening[1]
    return code


def _prose(lines: list[str], code: set[int]) -> Iterator[tuple[int, str]]:
    return ((number, line) for number, line in enumerate(lines) if number not in code)


def _admonitions(lines: list[str], code: set[int], chinese: bool) -> None:
    """`!!! note` with its indented body, and GitHub's `> [!NOTE]`, as quotations that open with what they are."""
    for number, line in list(_prose(lines, code)):
        if alert := _ALERT.match(line):
            lines[number] = f"{alert['quote']}**{_name(alert['kind'], alert['title'], chinese)}**"
        elif opening := _ADMONITION.match(line):
            lines[number] = f"> **{_name(opening['kind'], opening['title'] or '', chinese)}**"
            following = number + 1
            while following < len(lines) and (not lines[following].strip() or re.match(r" {4}|\t", lines[following])):
                if not lines[following].strip() and not re.match(
                    r" {4}|\t", "".join(lines[following + 1 : following + 2])
                ):
                    break
                lines[following] = f"> {re.sub(r'^(?: {4}|	)', '', lines[following])}".rstrip()
                following += 1


def _name(kind: str, title: str, chinese: bool) -> str:
    shown = title.strip() or (_NAMES.get(kind.lower(), "说明") if chinese else kind.capitalize())
    return shown if shown.endswith((":", "：", "?", "？", "!", "！")) else shown + ("：" if chinese else ":")


def _definition_lists(lines: list[str], code: set[int]) -> None:
    """A term with `: its meaning` on the next line as an item of a list: `- **term**:` and the meaning below."""
    for number, line in list(_prose(lines, code)):
        match = _DEFINITION.match(line)
        if not match or not number or number - 1 in code or not (term := lines[number - 1].strip()):
            continue
        if term.startswith("- **") or lines[number - 1].startswith("  "):
            lines[number] = f"  {match['text']}"
        elif len(term) <= 80 and not re.match(r"[#>|:-]", term) and not (number > 1 and lines[number - 2].strip()):
            lines[number - 1] = f"- **{term.strip('*')}**:"
            lines[number] = f"  {match['text']}"


def _numbered_setext(lines: list[str], code: set[int]) -> None:
    """`1. Scope` underlined with dashes, which CommonMark takes for a list and a rule, as a heading."""
    for number, line in list(_prose(lines, code))[:-1]:
        alone = number == 0 or not lines[number - 1].strip()
        if alone and _NUMBERED_SETEXT.match(line) and (rule := re.match(r"^(=|-)\1{2,}$", lines[number + 1])):
            lines[number] = f"{'#' if rule[1] == '=' else '##'} {line.strip()}"
            lines[number + 1] = ""


def _bold_headings(lines: list[str], code: set[int]) -> None:
    """Lines that are nothing but bold, where they stand alone and come again, as headings below those there are."""
    found: list[tuple[int, int, str]] = []
    level = 1
    for number, line in _prose(lines, code):
        if heading := _HEADING.match(line):
            level = len(heading["marks"])
        elif re.match(r"^-{3,}$|^={3,}$", line) and number and lines[number - 1].strip():
            level = 1 if line[0] == "=" else 2
        match = _BOLD_LINE.match(line)
        before = number == 0 or not lines[number - 1].strip()
        after = number + 1 >= len(lines) or not lines[number + 1].strip()
        if match and before and after and not re.search(r"[.。!！;；,，:：]$", match["title"]):
            found.append((number, level, match["title"]))
    if len(found) > 1:
        for number, level, title in found:
            lines[number] = f"{'#' * min(level + 1, 6)} {title}"


def _dollars(match: re.Match[str]) -> str:
    return f"${match['tex'].strip()}$" if _TEX_SIGN.search(match["tex"]) else match[0]


def _outside_code(line: str, change: Callable[[str], str]) -> str:
    """`line` changed but for its code spans."""
    if "`" not in line:
        return change(line)
    parts = re.split(r"(`+[^`]*`+)", line)
    parts[::2] = [change(part) for part in parts[::2]]
    return "".join(parts)
