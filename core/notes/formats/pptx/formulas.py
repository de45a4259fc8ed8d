"""Office's formulas (OMML, ISO/IEC 29500-1, 22.1) as TeX, for formats that no converter reads them from."""

import re
import unicodedata
from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.etree import _Element

MATH = "http://schemas.openxmlformats.org/officeDocument/2006/math"

_SYMBOLS = {
    "α": r"\alpha", "β": r"\beta", "γ": r"\gamma", "δ": r"\delta", "ε": r"\varepsilon", "ϵ": r"\epsilon", "ζ": r"\zeta",
    "η": r"\eta", "θ": r"\theta", "ι": r"\iota", "κ": r"\kappa", "λ": r"\lambda", "μ": r"\mu", "ν": r"\nu", "ξ": r"\xi",
    "π": r"\pi", "ρ": r"\rho", "σ": r"\sigma", "ς": r"\varsigma", "τ": r"\tau", "υ": r"\upsilon", "φ": r"\varphi",
    "ϕ": r"\phi", "χ": r"\chi", "ψ": r"\psi", "ω": r"\omega", "Γ": r"\Gamma", "Δ": r"\Delta", "Θ": r"\Theta",
    "Λ": r"\Lambda", "Ξ": r"\Xi", "Π": r"\Pi", "Σ": r"\Sigma", "Φ": r"\Phi", "Ψ": r"\Psi", "Ω": r"\Omega",
    "∑": r"\sum", "∏": r"\prod", "∫": r"\int", "∬": r"\iint", "∮": r"\oint", "⋃": r"\bigcup", "⋂": r"\bigcap",
    "≤": r"\le", "≥": r"\ge", "≠": r"\ne", "≈": r"\approx", "≡": r"\equiv", "∼": r"\sim", "∝": r"\propto", "±": r"\pm",
    "∓": r"\mp", "×": r"\times", "÷": r"\div", "⋅": r"\cdot", "·": r"\cdot", "∘": r"\circ", "∞": r"\infty",
    "∂": r"\partial", "∇": r"\nabla", "∈": r"\in", "∉": r"\notin", "⊂": r"\subset", "⊆": r"\subseteq", "∪": r"\cup",
    "∩": r"\cap", "∅": r"\emptyset", "∀": r"\forall", "∃": r"\exists", "¬": r"\neg", "∧": r"\wedge", "∨": r"\vee",
    "→": r"\to", "←": r"\leftarrow", "↔": r"\leftrightarrow", "⇒": r"\Rightarrow", "⇔": r"\Leftrightarrow",
    "↦": r"\mapsto", "…": r"\ldots", "⋯": r"\cdots", "⋮": r"\vdots", "⋱": r"\ddots", "ℝ": r"\mathbb{R}",
    "ℕ": r"\mathbb{N}", "ℤ": r"\mathbb{Z}", "ℚ": r"\mathbb{Q}", "ℂ": r"\mathbb{C}", "ℓ": r"\ell", "ℏ": r"\hbar",
    "−": "-", "∣": "|", "′": "'", "{": r"\{", "}": r"\}", "%": r"\%", "#": r"\#", "&": r"\&", "$": r"\$", "\\": r"\backslash",
    "⟨": r"\langle", "⟩": r"\rangle", "⌊": r"\lfloor", "⌋": r"\rfloor", "⌈": r"\lceil", "⌉": r"\rceil", "‖": r"\|",
}  # fmt: skip
_ACCENTS = {
    "\u0302": "hat", "\u0303": "tilde", "\u0304": "bar", "\u0305": "overline", "\u0307": "dot", "\u0308": "ddot",
    "\u20d7": "vec", "\u2192": "vec", "\u030c": "check", "\u0306": "breve", "\u00af": "bar", "^": "hat", "~": "tilde",
}  # fmt: skip
_FUNCTION = re.compile(
    "(?:arc)?(?:sin|cos|tan)|(?:sin|cos|tan)h|cot|sec|csc|log|ln|lg|exp|lim|max|min|sup|inf|det|dim|ker|gcd|deg|arg"
)


def tex(formula: "_Element") -> str:
    """An `m:oMath` (or an element that holds some) as TeX on one line, for use between dollars."""
    return re.sub(r"\s+", " ", _all(formula)).strip()


def _all(parent: "_Element | None") -> str:
    return _joined(_one(child) for child in parent) if parent is not None else ""


def _one(node: "_Element") -> str:
    """One element of a formula; of what is unknown, what is inside."""
    if not isinstance(node.tag, str):
        return ""
    namespace, _, name = node.tag[1:].partition("}")
    if namespace != MATH or name.endswith("Pr"):
        return ""
    write = _WRITERS.get(name)
    return write(node) if write else _all(node)


def _joined(pieces: Iterable[str]) -> str:
    """Pieces in a row, apart where a command's name would run into a letter."""
    text = ""
    for piece in pieces:
        text += " " if re.search(r"\\[A-Za-z]+$", text) and re.match(r"[A-Za-z]", piece) else ""
        text += piece
    return text


def _part(node: "_Element", name: str) -> str:
    return _all(node.find(f"{{{MATH}}}{name}"))


def _property(node: "_Element", path: str) -> str | None:
    """The `m:val` of a property; None where it is not there, empty where it has no value."""
    found = node.find("/".join(f"{{{MATH}}}{step}" for step in path.split("/")))
    return None if found is None else str(found.get(f"{{{MATH}}}val", ""))


def _run(node: "_Element") -> str:
    text = "".join(child.text or "" for child in node.findall(f"{{{MATH}}}t"))
    text = unicodedata.normalize("NFC", "".join(_letter(character) for character in text))
    upright = _property(node, "rPr/sty") == "p" or node.find(f"{{{MATH}}}rPr/{{{MATH}}}nor") is not None
    if _FUNCTION.fullmatch(text.strip()):
        return f"\\{text.strip()} "
    if re.search(r"[A-Za-z]{2}|[㐀-鿿]" if upright else "[㐀-鿿]", text):
        return r"\text{" + text + "}"
    return _joined(_SYMBOLS.get(character, character) for character in text)


def _letter(character: str) -> str:
    """Mathematical italic letters (U+1D400 …) as the letters that TeX sets in italics itself."""
    return unicodedata.normalize("NFKC", character) if "\U0001d400" <= character <= "\U0001d7ff" else character


def _fraction(node: "_Element") -> str:
    over, under = _part(node, "num"), _part(node, "den")
    if _property(node, "fPr/type") == "lin":
        return f"{over}/{under}"
    return rf"\binom{{{over}}}{{{under}}}" if _property(node, "fPr/type") == "noBar" else rf"\frac{{{over}}}{{{under}}}"


def _scripts(node: "_Element") -> str:
    low, high = _part(node, "sub"), _part(node, "sup")
    base = _part(node, "e")
    base = base if len(base) <= 1 or re.fullmatch(r"\\[A-Za-z]+ ?", base) else f"{{{base}}}"
    scripts = (f"_{{{low}}}" if low else "") + (f"^{{{high}}}" if high else "")
    return f"{{}}{scripts}{base}" if node.tag.endswith("sPre") else base + scripts


def _nary(node: "_Element") -> str:
    sign = _property(node, "naryPr/chr")
    low, high = _part(node, "sub"), _part(node, "sup")
    scripts = (f"_{{{low}}}" if low else "") + (f"^{{{high}}}" if high else "")
    return f"{_SYMBOLS.get(sign or '∫', sign or '∫')}{scripts} {_part(node, 'e')}"


def _root(node: "_Element") -> str:
    degree = _part(node, "deg")
    return rf"\sqrt{f'[{degree}]' if degree else ''}{{{_part(node, 'e')}}}"


def _delimiters(node: "_Element") -> str:
    opening, closing = _property(node, "dPr/begChr"), _property(node, "dPr/endChr")
    opening, closing = "(" if opening is None else opening, ")" if closing is None else closing
    inner = (_SYMBOLS.get("∣", "|")).join(_all(child) for child in node.findall(f"{{{MATH}}}e"))
    left, right = (_SYMBOLS.get(mark, mark) or "." for mark in (opening, closing))
    return rf"\left{left}{' ' if left[-1].isalpha() else ''}{inner}\right{right} ".rstrip(" ") + (
        " " if right[-1].isalpha() else ""
    )


def _matrix(node: "_Element") -> str:
    rows = [" & ".join(_all(cell) for cell in row.findall(f"{{{MATH}}}e")) for row in node.findall(f"{{{MATH}}}mr")]
    return r"\begin{matrix}" + r" \\ ".join(rows) + r"\end{matrix}"


def _lines(node: "_Element") -> str:
    return r"\begin{aligned}" + r" \\ ".join(_all(line) for line in node.findall(f"{{{MATH}}}e")) + r"\end{aligned}"


def _accent(node: "_Element") -> str:
    sign = _property(node, "accPr/chr")
    return rf"\{_ACCENTS.get(sign or chr(0x302), 'hat')}{{{_part(node, 'e')}}}"


def _bar(node: "_Element") -> str:
    return rf"\{'overline' if _property(node, 'barPr/pos') == 'top' else 'underline'}{{{_part(node, 'e')}}}"


def _function(node: "_Element") -> str:
    name = _part(node, "fName").strip()
    if word := re.fullmatch(r"\\text\{(\w+)\}", name):
        name = rf"\operatorname{{{word[1]}}}"
    return f"{name} {_part(node, 'e')}"


def _limit(node: "_Element") -> str:
    mark = "_" if node.tag.endswith("limLow") else "^"
    base = _part(node, "e").strip()
    return f"{base if base.startswith(chr(92)) else f'{{{base}}}'}{mark}{{{_part(node, 'lim')}}}"


_WRITERS = {
    "r": _run, "f": _fraction, "sSup": _scripts, "sSub": _scripts, "sSubSup": _scripts, "sPre": _scripts, "nary": _nary,
    "rad": _root, "d": _delimiters, "m": _matrix, "eqArr": _lines, "acc": _accent, "bar": _bar, "func": _function,
    "limLow": _limit, "limUpp": _limit,
}  # fmt: skip
