"""Running text of a web page as Markdown: emphasis, code, formulas, links and pictures in one line, the rest escaped.

The line reads back as the same text with `kcreate.core.markdown.parser()` (CommonMark 0.31 with dollar formulas).
"""

import re
from collections.abc import Iterable

from .emphasis import Atom, with_sound_marks
from .escaping import escaped, with_plain_start
from .source import Element
from .targets import Targets

Node = Element | str

_MARKS = {
    "b": "**", "strong": "**", "em": "*", "i": "*", "cite": "*", "dfn": "*", "var": "*", "address": "*",
    "del": "~~", "s": "~~", "strike": "~~",
}  # fmt: skip
_CODE = {"code", "kbd", "samp", "tt"}
_SUPERSCRIPT = dict(zip("0123456789+-−=()ni", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿⁱ", strict=True))
_SUBSCRIPT = dict(zip("0123456789+-−=()ijn", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎ᵢⱼₙ", strict=True))
_ORDINAL = re.compile(r"(?:st|nd|rd|th|er|e|o|a|re|ème|TM|®|™)$")
_WIDE = "⺀-⻿　-〿぀-ヿ㐀-䶿一-鿿豈-﫿！-｠"
_BROKEN_LINE = re.compile(rf"(?<=[{_WIDE}])[ \t]*\n\s*(?=[{_WIDE}])")
_RUN = re.compile(r"[ \t\n\r\f\xa0]{2}|[\t\n\r\f\xa0]")
_BLANKS = re.compile(r"[ \t\n\r\f\xa0]+")
_BRACKETS = r"\\\((?P<inline>.+?)\\\)|\\\[(?P<display>.+?)\\\]"
_TEX = re.compile(_BRACKETS, re.S)
_DOLLARS = re.compile(
    _BRACKETS + r"|\$\$(?P<display2>[^$]+?)\$\$|(?<![\\$\w])\$(?P<inline2>(?!\s)[^$\n]+?)(?<![\s\\])\$(?![\d$])", re.S
)
_TEX_SIGN = re.compile(r"\\[A-Za-z]|[=^_<>+]|^\s*[A-Za-z]\s*$")


def line_of(nodes: Iterable[Node], targets: Targets, in_link: bool = False, plain: bool = False) -> str:
    """The nodes as one Markdown paragraph; a `<br>` is a hard line break, a displayed formula a paragraph of its own.

    Args:
        targets: where links, pictures and footnotes lead.
        in_link: the text stands between a link's brackets.
        plain: without bold and italics, as headings are written.
    """
    atoms: list[Atom] = []
    for node in nodes:
        _add(node, atoms, targets, in_link, plain)
    return _joined(with_sound_marks(_with_single_blanks(atoms)), in_link, plain)


def _add(node: Node, atoms: list[Atom], targets: Targets, in_link: bool, plain: bool) -> None:
    if isinstance(node, str):
        _add_text(node, atoms, targets)
        return
    tag = node.tag if isinstance(node.tag, str) else "span"
    if note := targets.note_of(node):
        while atoms and atoms[-1].kind == "text" and not atoms[-1].text.strip():
            atoms.pop()
        atoms.append(Atom("raw", note))
    elif tag == "br":
        atoms.append(Atom("break"))
    elif tag == "tex":
        atoms.append(_formula(node.text or "", node.get("display") == "block"))
    elif tag == "img":
        if shown := targets.picture(node):
            atoms.append(Atom("raw", shown))
    elif tag in _CODE and (node.find(".//tex") is None and node.find(".//img") is None):
        if (code := " ".join("".join(node.itertext()).split())).strip():
            atoms.append(Atom("raw", code_span(code)))
    elif tag == "a" and not in_link:
        _add_link(node, atoms, targets, plain)
    elif tag in {"sup", "sub"}:
        _add_script(node, atoms, targets, in_link, plain)
    elif tag == "ruby":
        _add_ruby(node, atoms, targets)
    elif tag == "q":
        _add_text("“", atoms, targets)
        _add_children(node, atoms, targets, in_link, plain)
        _add_text("”", atoms, targets)
    elif tag == "input":
        pass
    elif (mark := _mark_of(node, tag)) and not plain:
        atoms.append(Atom("open", mark))
        _add_children(node, atoms, targets, in_link, plain)
        atoms.append(Atom("close", mark))
    else:
        _add_children(node, atoms, targets, in_link, plain)


def _add_children(node: Element, atoms: list[Atom], targets: Targets, in_link: bool, plain: bool) -> None:
    if node.text:
        _add_text(node.text, atoms, targets)
    for child in node:
        _add(child, atoms, targets, in_link, plain)
        if child.tail:
            _add_text(child.tail, atoms, targets)


def _mark_of(node: Element, tag: str) -> str:
    style = (node.get("style") or "").replace(" ", "").lower()
    if tag in {"b", "strong"} and re.search(r"font-weight:(?:normal|[1-4]00)", style):
        return ""
    if tag in {"i", "em"} and (not "".join(node.itertext()).strip() or "font-style:normal" in style):
        return ""
    if tag == "span" and re.search(r"font-weight:(?:bold|[6-9]00)", style):
        return "**"
    return _MARKS.get(tag, "")


def _add_text(text: str, atoms: list[Atom], targets: Targets) -> None:
    """Text, with the formulas in it that the page would have drawn."""
    if not ("\\(" in text or "\\[" in text or (targets.draws_formulas and "$" in text)):
        atoms.append(Atom("text", text))
        return
    at = 0
    for match in (_DOLLARS if targets.draws_formulas else _TEX).finditer(text):
        found = {name.rstrip("2"): tex for name, tex in match.groupdict().items() if tex is not None}
        (kind, tex), *_ = found.items()
        if not (_TEX_SIGN.search(tex) or targets.draws_formulas):
            continue
        atoms.append(Atom("text", text[at : match.start()]))
        atoms.append(_formula(tex, kind == "display"))
        at = match.end()
    atoms.append(Atom("text", text[at:]))


def _formula(tex: str, display: bool) -> Atom:
    tex = " ".join(tex.split())
    tex = re.sub(r"(?<!\\)\$", r"\\$", tex)
    return Atom("raw", (f"\n\n$${tex}$$\n\n" if display else f"${tex}$") if tex else "")


def code_span(code: str) -> str:
    """A code span around text that may hold backticks itself (CommonMark 0.31, 6.1)."""
    longest = max((len(run) for run in re.findall(r"`+", code)), default=0)
    fence = "`" * (longest + 1)
    gap = " " if code.startswith("`") or code.endswith("`") else ""
    return f"{fence}{gap}{code}{gap}{fence}"


def _add_link(node: Element, atoms: list[Atom], targets: Targets, plain: bool) -> None:
    address = targets.link(node)
    if not address:
        if (
            (node.get("href") or "").startswith("#")
            and re.fullmatch(r"[\s#¶§\U0001f517]*", "".join(node.itertext()))
            and node.find(".//img") is None
        ):
            return  # the sign beside a heading that leads to itself
        _add_children(node, atoms, targets, False, plain)
        return
    children: list[Node] = [node.text or ""]
    for child in node:
        children += [child, child.tail or ""]
    if node.find(".//img") is not None and not "".join(node.itertext()).strip():
        _add_children(node, atoms, targets, False, plain)  # a picture that leads to its own larger copy
        return
    shown = line_of(children, targets, in_link=True, plain=plain).replace("\\\n", " ")
    if not shown.strip():
        atoms.append(Atom("text", " " if "".join(node.itertext()) else ""))
        return
    whole = "".join(node.itertext())
    if whole.strip() == address and re.match(r"(?:https?://|mailto:)[^\s<>]+$", address):
        link = f"<{address}>"
    else:
        link = f"[{shown.strip()}]({address})"
    before, after = (" " if one.isspace() else "" for one in (whole[:1], whole[-1:]))
    atoms += [Atom("text", before), Atom("raw", link), Atom("text", after)]


def _add_script(node: Element, atoms: list[Atom], targets: Targets, in_link: bool, plain: bool) -> None:
    """Raised and lowered text in characters that have that form, else behind `^` or `_`."""
    text = "".join(node.itertext()).strip()
    forms = _SUPERSCRIPT if node.tag == "sup" else _SUBSCRIPT
    simple = node.find(".//a") is None and node.find(".//tex") is None and node.find(".//img") is None
    if text and simple and all(character in forms for character in text):
        atoms.append(Atom("text", "".join(forms[character] for character in text)))
    elif (
        text
        and simple
        and len(text) < 20
        and re.match(r"[\w.,+−-]+$", text)
        and not _ORDINAL.match(text)
        and re.match(r"[\x00-\u024f]+$", text)
    ):
        sign = "^" if node.tag == "sup" else "_"
        atoms.append(Atom("text", f"{sign}{text}" if len(text) == 1 or sign == "_" else f"{sign}({text})"))
    else:
        _add_children(node, atoms, targets, in_link, plain)


def _add_ruby(node: Element, atoms: list[Atom], targets: Targets) -> None:
    """汉字 with its reading behind it, in brackets."""
    bases, readings = [node.text or ""], []
    for child in node.iterdescendants():
        if child.tag in {"rt", "rtc"}:
            readings.append("".join(child.itertext()).strip())
        elif child.tag not in {"rp"} and not any(up.tag in {"rt", "rp"} for up in child.iterancestors()):
            bases.append(child.text or "")
        if child is not node and child.tail and not any(up.tag in {"rt", "rp"} for up in child.iterancestors()):
            bases.append(child.tail)
    base = "".join("".join(bases).split())
    reading = ("" if all(re.match(r"[぀-ヿ]+$", one) for one in readings) else " ").join(filter(None, readings))
    _add_text(f"{base}（{reading}）" if reading else base, atoms, targets)


def _with_single_blanks(atoms: list[Atom]) -> list[Atom]:
    """Runs of blanks as one; a line that was broken between two Chinese characters is joined without one."""
    kept: list[Atom] = []
    for atom in atoms:
        if atom.kind == "text":
            if kept and kept[-1].kind == "text":
                kept[-1].text += atom.text
                continue
            atom = Atom("text", atom.text)
        kept.append(atom)
    for number, atom in enumerate(kept):
        if atom.kind == "text" and _RUN.search(atom.text):
            before = _neighbour(kept, number, -1)
            after = _neighbour(kept, number, 1)
            text = _BROKEN_LINE.sub("", f"{before}{atom.text}{after}")
            text = text[len(before) : len(text) - len(after)] if len(text) > len(before + after) else ""
            atom.text = _BLANKS.sub(" ", text)
    open_blank = True  # a line begins without a blank
    for atom in kept:
        if atom.kind == "text":
            if open_blank:
                atom.text = atom.text.lstrip(" 　")
            if atom.text:
                open_blank = atom.text.endswith(" ")
        elif atom.kind in {"raw", "break"}:
            open_blank = atom.kind == "break"
    return [atom for atom in kept if atom.kind != "text" or atom.text]


def _neighbour(atoms: list[Atom], number: int, step: int) -> str:
    """The character that stands next to an atom, past marks; nothing at the ends of a line."""
    number += step
    while 0 <= number < len(atoms):
        atom = atoms[number]
        if atom.kind == "text" and atom.text:
            return atom.text[-1 if step < 0 else 0]
        if atom.kind in {"raw", "break"}:
            return ""
        number += step
    return ""


def _joined(atoms: list[Atom], in_link: bool, plain: bool) -> str:
    """The atoms as one string of Markdown."""
    dollars = "".join(atom.text for atom in atoms if atom.kind == "text")
    money = dollars.count("$") > 1 or (
        "$" in dollars and any(atom.kind == "raw" and "$" in atom.text for atom in atoms)
    )
    written: list[str] = []
    for number, atom in enumerate(atoms):
        if atom.kind == "break":
            while written and written[-1].endswith(" "):
                written[-1] = written[-1].rstrip(" ")
                if not written[-1]:
                    written.pop()
            if written and number + 1 < len(atoms):
                written.append("\\\n")
        elif atom.kind == "text":
            text = escaped(atom.text, money, in_link)
            starts = not written or written[-1].endswith("\n")
            if text.endswith("!") and number + 1 < len(atoms) and atoms[number + 1].text.startswith("["):
                text = text[:-1] + "\\!"
            written.append(with_plain_start(text) if starts and not plain else text)
        else:
            written.append(atom.text)
    line = "".join(written).strip(" \n")
    line = re.sub(r" *\n\n+ *", "\n\n", line) if "\n\n" in line else line
    while line.endswith("\\\n"):
        line = line[:-2].rstrip(" ")
    return line
