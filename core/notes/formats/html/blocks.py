"""The content of a web page as Markdown blocks: headings, paragraphs, lists, tables, code, quotations, figures."""

import re
from collections.abc import Iterator

from .code import code_table, fenced
from .inline import Node, code_span, line_of
from .source import Element
from .tables import is_layout, pipe_table
from .targets import Targets

HEADINGS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6}
_BLOCKS = {
    *HEADINGS, "p", "div", "section", "article", "main", "header", "footer", "aside", "nav", "ul", "ol", "dl", "dt", "dd", "li",
    "table", "thead", "tbody", "tfoot", "tr", "td", "th", "caption", "colgroup", "pre", "blockquote", "figure", "figcaption",
    "hr", "address", "details", "summary", "fieldset", "legend", "form", "center", "body", "html", "hgroup", "dir", "menu",
    "search", "picture-block",
}  # fmt: skip
_MAX_DEPTH = 60
"""Lists, quotations and containers that stand within each other; what lies deeper is taken as running text."""
_BULLET = re.compile(r"^[•·▪◦●○■□◆◇➢➤✓✔‣∙]\s*(?=\S)")


def blocks_of(element: Element, targets: Targets, depth: int = 0) -> Iterator[str]:
    """The blocks of an element, one after another, each a string of lines without blank ones around it."""
    run: list[Node] = [element.text or ""]
    for child in element:
        if _is_block(child) and depth < _MAX_DEPTH:
            yield from _paragraphs(run, targets)
            run = []
            yield from _block(child, targets, depth)
        else:
            run.append(child)
        run.append(child.tail or "")
    yield from _paragraphs(run, targets)


def _is_block(node: Element) -> bool:
    """Whether an element is a block, or is an inline one around blocks."""
    if not isinstance(node.tag, str):
        return False
    if node.tag in _BLOCKS or (node.tag == "tex" and node.get("display") == "block"):
        return True
    return node.tag not in {"br", "img", "tex", "code", "input"} and any(
        child.tag in _BLOCKS for child in node.iterdescendants()
    )


def _block(node: Element, targets: Targets, depth: int) -> Iterator[str]:
    tag = node.tag
    if tag in HEADINGS:
        yield from _heading(node, HEADINGS[tag], targets)
    elif tag in {"ul", "ol", "dir", "menu"}:
        yield from _list(node, targets, depth)
    elif tag == "dl":
        yield from _definitions(node, targets, depth)
    elif tag == "table":
        yield from _table(node, targets, depth)
    elif tag == "pre":
        if node.find(".//tex") is not None or node.find(".//img") is not None:
            yield from blocks_of(node, targets, depth + 1)
        elif block := fenced(node):
            yield block
    elif tag == "blockquote":
        if inside := "\n\n".join(blocks_of(node, targets, depth + 1)):
            yield "\n".join(f"> {line}".rstrip() for line in inside.split("\n"))
    elif tag == "hr":
        yield "***"
    elif tag == "tex":
        if tex := (node.text or "").strip().replace("\n\n", "\n"):
            yield f"$$\n{tex}\n$$" if "\n" in tex else f"$${tex}$$"
    elif tag == "summary":
        if title := single(line_of([node], targets, plain=True)):
            yield f"**{title.strip('*')}**"
    elif tag == "figure":
        blocks = list(blocks_of(node, targets, depth + 1))
        shown = re.match(r"!\[(.+?)\]\(", blocks[0]) if blocks else None
        yield from blocks[:1] if len(blocks) == 2 and shown and shown[1] == blocks[1] else blocks
    elif tag == "p" and not any(_is_block(child) for child in node):
        yield from _paragraphs([node], targets)
    else:
        yield from blocks_of(node, targets, depth + 1)


def _heading(node: Element, level: int, targets: Targets) -> Iterator[str]:
    title = single(line_of([node], targets, plain=True))
    title = re.sub(r"\s*[¶§#\U0001f517]+\s*$", "", title) if re.search(r"[¶§\U0001f517]\s*$", title) else title
    if title:
        title = re.sub(r"(?<=\s)(#+)$", r"\\\1", title)
        yield f"{'#' * level} {title}"


def _paragraphs(run: list[Node], targets: Targets) -> Iterator[str]:
    """Running text as paragraphs; two line breaks in a row end one."""
    line = line_of(run, targets)
    line = re.sub(r"(?:\\\n[ \t　]*){2,}|(?:\\\n)?\n\n(?:\\\n)?", "\n\n", line)
    for paragraph in line.split("\n\n"):
        paragraph = paragraph.strip(" \t　")
        if len(paragraph) > 1 or re.match(r"\w", paragraph):
            yield _BULLET.sub("- ", paragraph)


def _list(node: Element, targets: Targets, depth: int) -> Iterator[str]:
    """A list; items of several paragraphs stand apart from each other."""
    ordered = node.tag == "ol"
    start = re.match(r"\d{1,8}$", node.get("start") or "")
    number = int(start[0]) if start else 1
    if _goes_on(node):
        return  # written with the list before it
    twin = _is_twin(node)
    items: list[tuple[str, list[str]]] = []
    for item in _items(node):
        blocks = list(blocks_of(item, targets, depth + 1))
        if item.tag in {"ul", "ol"} and items:  # a list that stands beside the item it belongs to
            items[-1][1].extend(_list(item, targets, depth + 1))
            continue
        if ordered and (value := re.match(r"\d{1,8}$", item.get("value") or "")):
            number = int(value[0])
        if blocks:
            sign = f"{number}{')' if twin else '.'}" if ordered else "*" if twin else "-"
            items.append((sign, [_box(item) + blocks[0], *blocks[1:]]))
            number += 1
    loose = any(not _is_tight(blocks) for _, blocks in items)
    if items:
        yield ("\n\n" if loose else "\n").join(_indented(sign, blocks, loose) for sign, blocks in items)


def _items(node: Element) -> Iterator[Element]:
    """The items of a list and of those that go on with it: some programs write a list for each item."""
    for child in node:
        if child.tag in {"li", "ul", "ol", "dd", "p", "div"}:
            yield child
    following = node.getnext()
    while following is not None and _goes_on(following):
        yield from (child for child in following if child.tag in {"li", "ul", "ol"})
        following = following.getnext()


def _is_twin(node: Element) -> bool:
    """Whether a list stands right behind one of its kind."""
    before = node.getprevious()
    return before is not None and before.tag == node.tag and not (before.tail or "").strip()


def _goes_on(node: Element) -> bool:
    """Whether a list goes on with the one before it: bullets always, numbers where it does not begin with 1."""
    if not isinstance(node.tag, str) or node.tag not in {"ul", "ol"} or not _is_twin(node):
        return False
    return node.tag == "ul" or (node.get("start") or "1") != "1"


def _box(item: Element) -> str:
    box = next((box for box in item.iter("input") if box.get("type") == "checkbox"), None)
    return "" if box is None else "[x] " if box.get("checked") is not None else "[ ] "


def _is_tight(blocks: list[str]) -> bool:
    """Whether an item is one paragraph, with lists below it at most."""
    return all(re.match(r"(?:[-*]|\d+[.)]) ", block) and "\n\n" not in block for block in blocks[1:])


def _indented(sign: str, blocks: list[str], loose: bool) -> str:
    indent = " " * (len(sign) + 1)
    text = ("\n\n" if loose else "\n").join(blocks)
    lines = [f"{indent}{line}" if line else "" for line in text.split("\n")]
    return f"{sign} {lines[0][len(indent) :]}" + "".join(f"\n{line}" for line in lines[1:])


def _definitions(node: Element, targets: Targets, depth: int) -> Iterator[str]:
    """A list of terms: `- **term**: what it means`."""
    items: list[tuple[str, list[str]]] = []
    for child in _definition_parts(node):
        if child.tag == "dt":
            signature = "sig" in (child.get("class") or "").split()
            text = " ".join("".join(child.itertext()).replace("¶", "").split())
            term = code_span(text) if signature and text else single(line_of([child], targets, plain=True))
            term = re.sub(r"\s*[:：]$", "", term)
            if term:
                items.append((term if term.startswith("`") else f"**{term.strip()}**", []))
        elif items:
            items[-1][1].extend(blocks_of(child, targets, depth + 1))
        else:
            items.append(("", list(blocks_of(child, targets, depth + 1))))
    written: list[str] = []
    loose = any(len(blocks) > 1 and not _is_tight(blocks) for _, blocks in items)
    for term, blocks in items:
        if term and blocks and not re.match(r"(?:[-*>|] |\d+[.)] |```|\$\$|#)", blocks[0]):
            blocks = [f"{term}: {blocks[0]}", *blocks[1:]]
        elif term:
            blocks = [f"{term}:" if blocks else term, *blocks]
        if blocks:
            written.append(_indented("-", blocks, loose or bool(re.match(r"```|\||>", (blocks[1:] or [""])[0]))))
    if written:
        yield ("\n\n" if loose else "\n").join(written)


def _definition_parts(node: Element) -> Iterator[Element]:
    for child in node:
        if child.tag in {"dt", "dd"}:
            yield child
        elif child.tag == "div":
            yield from (inner for inner in child if inner.tag in {"dt", "dd"})


def _table(node: Element, targets: Targets, depth: int) -> Iterator[str]:
    if (code := code_table(node)) is not None:
        yield from [block for block in [fenced(code)] if block]
        return
    if is_layout(node):
        yield from blocks_of(node, targets, depth + 1)
        return
    caption = node.find("caption")
    if caption is not None:
        yield from _paragraphs([caption], targets)
    if table := pipe_table(node, lambda cell: cell_line(cell, targets, depth)):
        yield table


def single(line: str) -> str:
    """A paragraph without line breaks of any kind."""
    return re.sub(r"\s*\n\s*", " ", line.replace("\\\n", "\n"))


def cell_line(cell: Element, targets: Targets, depth: int = 0) -> str:
    """What a cell holds in one line; its paragraphs and items are set apart by semicolons."""
    if not any(_is_block(child) for child in cell):
        return single(line_of([cell], targets))
    parts = []
    for block in blocks_of(cell, targets, min(depth + 1, _MAX_DEPTH)):
        if block.startswith("```"):
            parts += [code_span(line.strip()) for line in block.split("\n")[1:-1] if line.strip()]
        else:
            lines = [re.sub(r"^\s*(?:[-*>]|#{1,6}) +", "", line.removesuffix("\\")) for line in block.split("\n")]
            parts += [line.strip() for line in lines if line.strip() and not re.match(r"\|[ -|]+$", line)]
    text = ""
    for part in parts:
        if text:
            wide = re.search(r"[⺀-鿿]$", text)
            text += (
                " "
                if re.search(r"[.,;:!?]$", text)
                else ""
                if re.search(r"[。，；：！？]$", text)
                else "；"
                if wide
                else "; "
            )
        text += part
    return text
