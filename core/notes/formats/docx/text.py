"""What is put right in a Word document's XML before it is converted: contents lists dropped, text boxes set in the text,
code and headings known by their looks where no style names them (ECMA-376, part 1, 17).
"""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from ..html.source import Element

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_ALTERNATE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_MONOSPACED = re.compile(
    r"courier|consolas|menlo|monaco|mono\b|monospace|lucida console|fira code|source code|inconsolata|cascadia", re.I
)
_CODE_STYLE = re.compile(
    r"^(?:html ?(?:preformatted|预设格式)?|.*(?:source ?code|code ?block|preformatted(?: text)?|listing|源代码|代码块?))$|^code$",
    re.I,
)
_CONTENTS_STYLE = re.compile(r"^(?:toc(?: ?\d| ?heading)|contents \d|table of figures)$", re.I)
_CODE = "KcreateCode"
_HEADING = "KcreateHeading"
_STYLES = "".join(
    [f'<w:style w:type="paragraph" w:customStyle="1" w:styleId="{_CODE}"><w:name w:val="Source Code"/></w:style>']
    + [
        f'<w:style w:type="paragraph" w:styleId="{_HEADING}{n}"><w:name w:val="heading {n}"/></w:style>'
        for n in range(1, 5)
    ]
)
_PIECE = 400_000
"""Bytes of XML after which a document is cut."""
_LONGEST_HEADING = 80
_LARGER = 1.15
"""How many times the size of the text a line has at least that is taken for a heading."""


def prepared(document: bytes, styles: bytes) -> tuple[list[bytes], bytes]:
    """The XML of a document and of its styles as the converter should see them; unchanged where they are not well formed.

    Returns:
        the document, a long one as several that follow each other; and the styles.
    """
    from lxml import etree

    reading = etree.XMLParser(resolve_entities=False, load_dtd=False, no_network=True, huge_tree=True)
    try:
        root = etree.fromstring(document, reading)
        names = _style_names(etree.fromstring(styles, reading)) if styles else {}
    except (etree.XMLSyntaxError, ValueError):
        return [document], styles
    _drop_contents(root, names)
    _set_text_boxes(root)
    _mark_code(root, names)
    _mark_headings(root, names)
    head, found, tail = styles.rpartition(b"</w:styles>")
    return _in_pieces(root), head + _STYLES.encode() + found + tail if found else styles


def _in_pieces(root: Element) -> list[bytes]:
    """The document cut between paragraphs, outside lists, for the converter's time grows with the square of the length."""
    from lxml import etree

    whole: bytes = etree.tostring(root, encoding="UTF-8", xml_declaration=True)
    body = root.find(f"{_W}body")
    if len(whole) <= _PIECE or body is None:
        return [whole]
    spaces = [f' xmlns:{prefix}="{address}"'.encode() for prefix, address in root.nsmap.items() if prefix]
    pieces: list[list[bytes]] = [[]]
    length = 0
    for block in [*body]:
        if length > _PIECE and not (block.tag == f"{_W}p" and _in_list(block)):
            pieces.append([])
            length = 0
        written: bytes = etree.tostring(block, encoding="UTF-8")
        head, end, rest = written.partition(b">")
        for declared in spaces:  # the root has declared them already
            head = head.replace(declared, b"")
        pieces[-1].append(head + end + rest)
        length += len(pieces[-1][-1])
        body.remove(block)
    body.text = "\ue000"
    before, after = etree.tostring(root, encoding="UTF-8", xml_declaration=True).split("\ue000".encode())
    return [b"".join([before, *piece, after]) for piece in pieces]


def _style_names(styles: Element) -> dict[str, str]:
    """The names of paragraph styles by their identity, those they are based on behind them."""
    names, based = {}, {}
    for style in styles.iter(f"{_W}style"):
        identity = style.get(f"{_W}styleId") or ""
        name, base = style.find(f"{_W}name"), style.find(f"{_W}basedOn")
        names[identity] = "" if name is None else name.get(f"{_W}val") or ""
        based[identity] = "" if base is None else base.get(f"{_W}val") or ""
    whole: dict[str, str] = {}
    for identity in names:
        chain: list[str] = []
        one = identity
        while one in names and len(chain) < 10:
            chain.append(names[one])
            one = based[one]
        whole[identity] = "\n".join(chain)
    return whole


def _drop_contents(root: Element, names: dict[str, str]) -> None:
    """Tables of contents repeat the headings with page numbers."""
    for gallery in [*root.iter(f"{_W}docPartGallery")]:
        if (gallery.get(f"{_W}val") or "") in {"Table of Contents", "Table of Figures"}:
            block = next(gallery.iterancestors(f"{_W}sdt"), None)
            if block is not None and block.getparent() is not None:
                block.getparent().remove(block)
    for paragraph in [*root.iter(f"{_W}p")]:
        identity = _style_of(paragraph)
        if any(_CONTENTS_STYLE.match(name) for name in names.get(identity, identity).split("\n")):
            paragraph.getparent().remove(paragraph)


def _set_text_boxes(root: Element) -> None:
    """The paragraphs of a text box behind the paragraph it is anchored in; of two renderings of it, the newer one."""
    for alternate in [*root.iter(f"{_ALTERNATE}AlternateContent")]:
        if alternate.find(f"{_ALTERNATE}Choice") is not None:
            for fallback in alternate.findall(f"{_ALTERNATE}Fallback"):
                alternate.remove(fallback)
    for box in [*root.iter(f"{_W}txbxContent")]:
        anchor = next((one for one in box.iterancestors(f"{_W}p")), None)
        if anchor is None or anchor.getparent() is None or any(True for _ in box.iterancestors(f"{_W}txbxContent")):
            continue
        for block in reversed([*box]):
            anchor.addnext(block)


def _mark_code(root: Element, names: dict[str, str]) -> None:
    """Paragraphs in a style for code, or all in a font for it, are given the style that the converter knows."""
    for paragraph in root.iter(f"{_W}p"):
        identity = _style_of(paragraph)
        own = names.get(identity, identity).split("\n")[0]
        if _is_heading(identity, names) or _in_list(paragraph):
            continue
        if _CODE_STYLE.match(own) or _all_monospaced(paragraph):
            _set_style(paragraph, _CODE)
            for run in paragraph.iter(f"{_W}rPr"):
                run.clear()


def _all_monospaced(paragraph: Element) -> bool:
    found = False
    for run in paragraph.iter(f"{_W}r"):
        if not "".join(text.text or "" for text in run.iter(f"{_W}t")).strip():
            continue
        fonts = run.find(f"{_W}rPr/{_W}rFonts")
        if fonts is None or not _MONOSPACED.search(fonts.get(f"{_W}ascii") or fonts.get(f"{_W}hAnsi") or ""):
            return False
        found = True
    return found


def _mark_headings(root: Element, names: dict[str, str]) -> None:
    """Lines with an outline level, and where no style says heading, short lines in larger letters than the text."""
    body = [
        paragraph for paragraph in root.iter(f"{_W}p") if not any(True for _ in paragraph.iterancestors(f"{_W}tbl"))
    ]
    styled = False
    for paragraph in body:
        if _is_heading(_style_of(paragraph), names):
            styled = True
        elif (level := paragraph.find(f"{_W}pPr/{_W}outlineLvl")) is not None and _text(paragraph).strip():
            number = level.get(f"{_W}val") or ""
            if number.isdecimal() and int(number) < 4 and len(_text(paragraph)) <= _LONGEST_HEADING:
                _set_style(paragraph, f"{_HEADING}{int(number) + 1}")
                styled = True
    if styled:
        return
    sizes: Counter[float] = Counter()
    for paragraph in body:
        for size, length in _sizes(paragraph):
            sizes[size] += length
    if not sizes:
        return
    usual = sizes.most_common(1)[0][0]
    large = [paragraph for paragraph in body if _is_large(paragraph, usual)]
    if not large or len(large) > 0.4 * len(body):
        return
    steps = sorted({max(size for size, _ in _sizes(one)) for one in large}, reverse=True)[:4]
    for paragraph in large:
        size = max(size for size, _ in _sizes(paragraph))
        _set_style(paragraph, f"{_HEADING}{steps.index(size) + 1 if size in steps else 4}")


def _is_large(paragraph: Element, usual: float) -> bool:
    text = _text(paragraph).strip()
    if not 1 < len(text) <= _LONGEST_HEADING or re.search(r"[.。!！;；,，]$", text) or _in_list(paragraph):
        return False
    return all(size >= _LARGER * usual for size, _ in _sizes(paragraph))


def _sizes(paragraph: Element) -> Iterator[tuple[float, int]]:
    """The size in half points of each run that has text, 0 standing for the default, which is taken as 21."""
    for run in paragraph.iter(f"{_W}r"):
        if length := len("".join(text.text or "" for text in run.iter(f"{_W}t")).strip()):
            size = run.find(f"{_W}rPr/{_W}sz")
            try:
                yield (21.0 if size is None else float(size.get(f"{_W}val") or 21)), length
            except ValueError:
                yield 21.0, length


def _is_heading(identity: str, names: dict[str, str]) -> bool:
    return any(
        re.match(r"(?:heading \d|title$|subtitle$|标题)", name, re.I)
        for name in names.get(identity, identity).split("\n")
    )


def _in_list(paragraph: Element) -> bool:
    return paragraph.find(f"{_W}pPr/{_W}numPr") is not None


def _text(paragraph: Element) -> str:
    return "".join(text.text or "" for text in paragraph.iter(f"{_W}t"))


def _style_of(paragraph: Element) -> str:
    style = paragraph.find(f"{_W}pPr/{_W}pStyle")
    return "" if style is None else style.get(f"{_W}val") or ""


def _set_style(paragraph: Any, identity: str) -> None:
    properties = paragraph.find(f"{_W}pPr")
    if properties is None:
        properties = paragraph.makeelement(f"{_W}pPr", {})
        paragraph.insert(0, properties)
    for old in properties.findall(f"{_W}pStyle"):
        properties.remove(old)
    style = properties.makeelement(f"{_W}pStyle", {f"{_W}val": identity})
    properties.insert(0, style)
