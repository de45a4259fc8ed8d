"""Unbroken blocks: code, formulas and tables of the notes stand in the lessons byte for byte."""

import re

from ..notes.passages import FORMULA, Passage
from .finding import Finding, Measured, share
from .material import Material, Page

_BLOCKS = {"code": "code block", "table": "table", "math": "formula"}


def blocks(material: Material) -> Measured:
    """`unbroken_blocks`: blocks of the notes that a lesson has byte for byte, of all that it should have.

    It should have every code block, displayed formula and table in its sources and in the lines it cites. A formula may have lost the emphasis or
    brackets around its dollars, a block the indentation of a list.
    """
    measured = Measured()
    kept_all = total = 0
    for page in material.lessons:
        wanted = _wanted(material, page)
        body = page.content.body if page.content else ""
        flat = {_dedented(one.text) for one in page.text.blocks}
        kept = 0
        for one in wanted:
            if any(text in body or _dedented(text) in flat for text in _forms(one)):
                kept += 1
                continue
            what = _BLOCKS[one.kind]
            changed = next((each for each in page.text.blocks if _alike(each.text, one.text)), None)
            place = f"{one.file}, lines {one.first}–{one.last}"
            message = f"This {what} is not as in {place}." if changed else f"The {what} of {place} is missing."
            line = changed.first if changed else 1
            measured.findings.append(
                Finding(
                    page.file, line, "unbroken_blocks", message, page.lesson, changed.text if changed else "",
                    ((one.file, one.first, one.last, one.text),),
                )
            )  # fmt: skip
        measured.of_lesson(page.lesson, "unbroken_blocks", share(kept, len(wanted)))
        kept_all, total = kept_all + kept, total + len(wanted)
    if (value := share(kept_all, total)) is not None:
        measured.course["unbroken_blocks"] = value
    return measured


def _wanted(material: Material, page: Page) -> list[Passage]:
    """The blocks in the lesson's sources or wholly in lines that its prose cites, each once."""
    cited = [
        reference.citation
        for one in page.prose
        for reference in one.references
        if reference.citation and reference.text
    ]
    found = {(one.file, one.first): one for one in page.sources if one.kind in _BLOCKS}
    for citation in cited:
        for one in material.passages.get(citation.file, []):
            if one.kind in _BLOCKS and citation.first <= one.first and one.last <= citation.last:
                found[one.file, one.first] = one
    return list(found.values())


def _forms(block: Passage) -> list[str]:
    """The block as it stands, and a formula without its wrapping."""
    wrapped = FORMULA.match(block.text.strip()) if block.kind == "math" else None
    return [block.text, wrapped["formula"]] if wrapped else [block.text]


def _dedented(text: str) -> str:
    return "\n".join(line.strip() for line in text.strip().split("\n"))


def _alike(one: str, other: str) -> bool:
    """Whether one block is likely a changed copy of the other: most of its words are the same."""
    left, right = set(re.findall(r"\w+", one)), set(re.findall(r"\w+", other))
    return bool(left) and len(left & right) >= 0.7 * max(len(left), len(right))
