r"""TeX formulas as MathML, made when the course is exported, so that a page needs no script to show them.

math-core follows the MathML Core specification and refuses what it does not know (latex2mathml, in contrast, lets
`\foo` pass and writes malformed XML for `aligned`). A formula it refuses is shown as the TeX the author wrote.
"""

import html
import re
from functools import lru_cache
from typing import TYPE_CHECKING
from xml.etree import ElementTree

if TYPE_CHECKING:
    from math_core import LatexToMathML

# What authors write although amsmath has it only inside numbered environments, or not at all in math-core.
_SPELLINGS = [
    (re.compile(r"\\(begin|end)\{(?:split|eqnarray\*?)\}"), r"\\\1{aligned}"),
    (re.compile(r"\\(begin|end)\{smallmatrix\}"), r"\\\1{matrix}"),
    (re.compile(r"\\mbox\b"), r"\\text"),
    (re.compile(r"\\label\{[^{}]*\}"), ""),
]
_TAG = re.compile(r"\\tag\{([^{}]*)\}")
_TEXT = re.compile(r"\\text\{([^{}$]*(?:\$[^{}$]*\$[^{}$]*)+)\}")
_NUMBERED = re.compile(r"\\begin\{(?:equation|align|gather)\}")
_ENTITY = re.compile(r"&(?!(?:amp|lt|gt|quot|apos|#\d+|#x[0-9a-fA-F]+);)(\w+);")
_MACROS = {"substack": r"\begin{matrix}#1\end{matrix}"}


def to_mathml(tex: str, block: bool) -> str | None:
    """`tex` as one well-formed `<math>` element, `display="block"` for `block`; None where it is not understood."""
    from math_core import LatexError

    tex = _plain_spelling(tex, block)
    try:
        mathml = _converter().convert_with_local_state(tex, displaystyle=block)
    except LatexError:
        return None
    mathml = _ENTITY.sub(lambda match: html.unescape(match[0]), mathml)
    try:
        ElementTree.fromstring(mathml)
    except ElementTree.ParseError:
        return None
    return mathml


def formula(tex: str, block: bool) -> str:
    """HTML for a formula: MathML, or the TeX itself in `<code class="tex">` where it cannot be converted."""
    tex = tex.strip()
    if mathml := to_mathml(tex, block):
        return f'<div class="formula scrolls">{mathml}</div>\n' if block else mathml
    source = f'<code class="tex">{html.escape(tex)}</code>'
    return f'<div class="formula scrolls"><pre>{source}</pre></div>\n' if block else source


def _plain_spelling(tex: str, block: bool) -> str:
    for pattern, replacement in _SPELLINGS:
        tex = pattern.sub(replacement, tex)
    tex = _TEXT.sub(_split_text, tex)
    if (tag := _TAG.search(tex)) and not _NUMBERED.search(tex):
        if block:
            return rf"\begin{{equation}}{_TAG.sub('', tex)}\tag{{{tag[1]}}}\end{{equation}}"
        return _TAG.sub(r"\\quad(\1)", tex)
    return tex


def _split_text(match: re.Match[str]) -> str:
    r"""`\text{if $x>0$ holds}` as text, formula, text."""
    pieces = match[1].split("$")
    return "".join(piece if index % 2 else rf"\text{{{piece}}}" for index, piece in enumerate(pieces))


@lru_cache(maxsize=1)
def _converter() -> "LatexToMathML":
    from math_core import LatexToMathML

    return LatexToMathML(macros=_MACROS, fancy_error=False, allow_unreliable_rendering=True)
