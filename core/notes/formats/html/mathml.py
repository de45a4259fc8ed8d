"""MathML without TeX beside it, as Office programs and some e-books write it, turned into TeX by pandoc."""

import json
from typing import Any

from ....errors import InputError
from .math import replace_by_tex
from .source import Element

_AT_ONCE = 500
"""Formulas in one run of pandoc."""


def fill_in_tex(formulas: list[Element], shown_as: str) -> None:
    """Put `<tex>` in the place of each `<math>` element; where pandoc is missing, its letters stay as text."""
    from lxml import html as lxml_html

    from ..pandoc import pandoc

    for start in range(0, len(formulas), _AT_ONCE):
        some = formulas[start : start + _AT_ONCE]
        written = []
        for math in some:
            tail, math.tail = math.tail, None
            written.append(f"<p>{lxml_html.tostring(math, encoding='unicode')}</p>")
            math.tail = tail
        try:
            read = json.loads(pandoc("".join(written).encode(), "html", "json", shown_as))
        except (InputError, ValueError):
            continue
        blocks = read["blocks"]
        if len(blocks) != len(some):
            continue
        for math, block in zip(some, blocks, strict=True):
            if tex := _first_formula(block):
                replace_by_tex(math, tex, math.get("display") == "block")


def _first_formula(block: dict[str, Any]) -> str:
    for inline in block.get("c") or ():
        if isinstance(inline, dict) and inline.get("t") == "Math":
            return str(inline["c"][1])
    return ""
