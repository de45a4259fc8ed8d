"""The text of a shape on a slide (DrawingML text, ISO/IEC 29500-1, 21.1.2) as Markdown: paragraphs, lists, code, formulas."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..markdown_writing import fence, not_a_block, one_line, plain
from .formulas import MATH, tex

if TYPE_CHECKING:
    from lxml.etree import _Element

A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"

_MONOSPACED = re.compile(r"courier|consol|menlo|monaco|typewriter|\bmono|mono\b|\bcode\b", re.IGNORECASE)
_TYPED_BULLET = re.compile(r"^[•·●○▪■◆◇➢➤✓✔–‣]\s*(?=\S)")
_TYPED_NUMBER = re.compile(r"^(\d{1,2})[.、．)]\s*(?=[^\d\s])")
_RAISED = str.maketrans("0123456789+-−=()ni", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿⁱ")
_LOWERED = str.maketrans("0123456789+-−=()aeoxijnmk", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎ₐₑₒₓᵢⱼₙₘₖ")
_DATED = ("slidenum", "datetime")
_NUMBERED = "1."


@dataclass(frozen=True)
class Paragraph:
    """A paragraph as inline Markdown.

    Attributes:
        bullet: empty, `-` or `1.`.
        code: the characters as they are, where all of it is set in a typewriter face; else empty.
    """

    text: str
    level: int
    bullet: str
    code: str = ""


def blocks_of(frame: "_Element", part: Any, styles: list["_Element"]) -> list[str]:
    """The Markdown blocks of a text body.

    Args:
        frame: the `p:txBody`, `a:txBody` or the like.
        part: the slide's part, which knows where its links lead.
        styles: what decides over bullets where the paragraph itself does not, nearest first: elements that hold
            `a:lvl1pPr` and so on.
    """
    return _blocks([one for one in _paragraphs(frame, part, styles) if one.text or one.code])


def text_of(frame: "_Element", part: Any) -> str:
    """The text of a text body as inline Markdown on one line, for titles and cells of tables."""
    pieces = [_inline(paragraph, part) for paragraph in frame.iter(f"{A}p")]
    return one_line("\n".join(pieces))


def font_size(frame: "_Element") -> int:
    """The largest size that the text states for itself, in hundredths of a point; 0 where it states none."""
    sizes = [int(size) for size in frame.xpath(".//@sz") if str(size).isdecimal()]
    return max(sizes, default=0)


def _paragraphs(frame: "_Element", part: Any, styles: list["_Element"]) -> Iterator[Paragraph]:
    for element in frame.findall(f"{A}p"):
        properties = element.find(f"{A}pPr")
        level = int(properties.get("lvl", "0")) if properties is not None else 0
        levels = [
            properties,
            *(style.find(f"{A}lvl{level + 1}pPr") for style in [*frame.findall(f"{A}lstStyle"), *styles]),
        ]
        bullet = next((found for one in levels if one is not None and (found := _bullet(one)) is not None), "")
        code = _code(element)
        text = "" if code else _inline(element, part)
        if typed := _TYPED_BULLET.match(text):
            text, bullet = text[typed.end() :], "-"
        elif not bullet and (typed := _TYPED_NUMBER.match(text)):
            text, bullet = text[typed.end() :], f"{typed[1]}."
        yield Paragraph(text, level, bullet, code)


def _bullet(properties: "_Element") -> str | None:
    """What the properties of a paragraph say about its bullet; None where they say nothing."""
    for child in properties:
        if child.tag == f"{A}buNone":
            return ""
        if child.tag == f"{A}buAutoNum":
            return _NUMBERED
        if child.tag in (f"{A}buChar", f"{A}buBlip"):
            return "-"
    return None


def _blocks(paragraphs: list[Paragraph]) -> list[str]:
    blocks: list[str] = []
    index = 0
    while index < len(paragraphs):
        first = paragraphs[index]
        kind = _kind(first)
        end = index + 1
        while end < len(paragraphs) and kind != "text" and _kind(paragraphs[end]) == kind:
            end += 1
        run = paragraphs[index:end]
        if kind == "code":
            blocks.append(fence("\n".join(one.code for one in run)))
        elif kind == "list":
            blocks.append(_list(run))
        else:
            blocks.append(first.text if first.text.startswith("$$") else not_a_block(first.text))
        index = end
    return blocks


def _kind(paragraph: Paragraph) -> str:
    return "code" if paragraph.code else "list" if paragraph.bullet else "text"


def _list(items: list[Paragraph]) -> str:
    """A nested list; levels that are jumped over are closed up, numbers count on their own level."""
    lines: list[str] = []
    open_levels: list[tuple[int, int, str]] = []  # level, where its items' text begins, last marker
    for item in items:
        while open_levels and open_levels[-1][0] > item.level:
            open_levels.pop()
        if open_levels and open_levels[-1][0] == item.level:
            _, _, last = open_levels.pop()
        else:
            last = ""
        indent = open_levels[-1][1] if open_levels else 0
        marker = item.bullet
        if marker == _NUMBERED and last[:-1].isdecimal():
            marker = f"{int(last[:-1]) + 1}."
        if last and last[-1] != marker[-1] and not indent:
            lines.append("")  # another kind of list begins
        lines.append(f"{' ' * indent}{marker} {not_a_block(item.text)}")
        open_levels.append((item.level, indent + len(marker) + 1, marker))
    return "\n".join(lines)


def _inline(paragraph: "_Element", part: Any) -> str:
    """A paragraph's runs as inline Markdown."""
    runs = [(child, _characters(child)) for child in paragraph if isinstance(child.tag, str)]
    whole_bold = all(_is_bold(child) for child, text in runs if text.strip())
    pieces: list[str] = []
    formulas = 0
    for child, text in runs:
        if formula := _formula(child):
            formulas += 1
            pieces.append(f"${formula}$")
        elif text:
            pieces.append(_run(child, text, part, whole_bold))
    joined = "".join(pieces)
    if formulas == 1 and joined.strip().startswith("$") and len([piece for piece in pieces if piece.strip()]) == 1:
        return f"${joined.strip()}$"
    return one_line(joined)


def _characters(child: "_Element") -> str:
    """The text of a run or field; line breaks are `\\n`, numbers and dates that a program fills in nothing."""
    if child.tag == f"{A}br":
        return "\n"
    if child.tag == f"{A}fld" and child.get("type", "").startswith(_DATED):
        return ""
    if child.tag in (f"{A}r", f"{A}fld"):
        return "".join(text.text or "" for text in child.findall(f"{A}t")).replace("\v", "\n")
    return ""


def _run(child: "_Element", text: str, part: Any, whole_bold: bool) -> str:
    properties = child.find(f"{A}rPr")
    if properties is None or not text.strip():
        return "\n".join(_spaced(line) for line in text.split("\n"))
    before, core, after = text[: len(text) - len(text.lstrip())], text.strip(), text[len(text.rstrip()) :]
    baseline = properties.get("baseline", "0")
    if baseline.lstrip("-").isdecimal() and int(baseline):
        core = _moved(core, raised=int(baseline) > 0)
    if _is_monospaced(child) and "`" not in core:
        written = f"`{one_line(core)}`"
    else:
        written = plain(core)
        if _is_bold(child) and not whole_bold and re.match(r"\w.*\w$|\w$", core) and not before.strip():
            written = f"**{written}**"
    link = properties.find(f"{A}hlinkClick")
    if link is not None and (address := _address(part, link.get(f"{R}id", ""))):
        written = f"[{written}]({address})"
    return f"{before}{written}{after}"


def _spaced(line: str) -> str:
    """`plain` that keeps the white space at both ends, where another run follows."""
    return f"{' ' if line[:1].isspace() else ''}{plain(line)}{' ' if line.strip() and line[-1:].isspace() else ''}"


def _moved(text: str, raised: bool) -> str:
    """Raised or lowered text in the characters that Unicode has for it, else behind `^` or `_`."""
    moved = text.translate(_RAISED if raised else _LOWERED)
    if all(character != other for character, other in zip(moved, text, strict=True)):
        return moved
    return f"{'^' if raised else '_'}{text}"


def _is_bold(child: "_Element") -> bool:
    properties = child.find(f"{A}rPr")
    return properties is not None and properties.get("b") in ("1", "true")


def _is_monospaced(child: "_Element") -> bool:
    face = child.find(f"{A}rPr/{A}latin")
    return face is not None and bool(_MONOSPACED.search(face.get("typeface", "")))


def _code(paragraph: "_Element") -> str:
    """The paragraph's characters, where every run of it is set in a typewriter face."""
    runs = [child for child in paragraph if child.tag in (f"{A}r", f"{A}fld", f"{A}br")]
    texts = [child for child in runs if child.tag != f"{A}br" and _characters(child).strip()]
    if not texts or not all(_is_monospaced(child) for child in texts):
        return ""
    return "".join(map(_characters, runs)).rstrip()


def _formula(child: "_Element") -> str:
    """The TeX of a formula (`a14:m`); empty where the child is none."""
    found = child if child.tag == f"{{{MATH}}}oMath" else child.find(f".//{{{MATH}}}oMath")
    return "" if found is None else tex(found)


def _address(part: Any, relation: str) -> str:
    """Where a link leads, if on the web."""
    try:
        address = str(part.rels[relation].target_ref) if part.rels[relation].is_external else ""
    except KeyError:
        return ""
    if not re.match(r"https?://|mailto:", address, re.IGNORECASE):
        return ""
    return f"<{address}>" if re.search(r"[\s()]", address) and not re.search(r"[<>\n]", address) else address
