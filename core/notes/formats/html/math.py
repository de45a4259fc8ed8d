"""Formulas on a web page, in whatever form it draws them, as elements `<tex>` that hold TeX."""

import re

from .source import Element

_TEX = ("application/x-tex", "application/x-latex", "tex", "latex", "text/x-tex")
_RENDERED = re.compile(
    r"(?:^|\s)(?:katex|katex-display|mathjax|mathjax_display|mathjax_svg|mwe-math-element|mjx-container)", re.I
)
_PREVIEW = re.compile(
    r"(?:^|\s)(?:MathJax_Preview|MathJax_Display|MathJax|MathJax_SVG|MathJax_CHTML|MathJax_SVG_Display)(?:$|\s)"
)
_FORMULA_IMAGE = re.compile(r"(?:^|\s)(?:mwe-math-\S+|tex|latex|ql-img-\S+|math|eq|equation|ee_img)(?:$|\s)", re.I)
_FORMULA_ADDRESS = re.compile(r"/(?:math/render|equation\?tex=)|latex\.codecogs\.com|latex\.php\?|chart\?cht=tx", re.I)


def mark_formulas(root: Element) -> list[Element]:
    """Replace the page's formulas by `<tex display="block|inline">`.

    Read are MathML with a TeX annotation (MathML 3, 5.1), KaTeX, MathJax 2 and 3, `<script type="math/tex">`, pandoc's and
    Sphinx's spans, Wikipedia's pictures, and `data-` attributes with TeX.

    Returns:
        the `<math>` elements without TeX, left where they are.
    """
    for element in [*root.iter("script")]:
        kind = (element.get("type") or "").lower()
        if kind.startswith(("math/tex", "math/latex")):
            replace_by_tex(element, element.text or "", "mode=display" in kind.replace(" ", ""))
    for element in [*root.iter()]:
        if not isinstance(element.tag, str) or not _is_in(element, root):
            continue
        name = element.get("class") or ""
        if _RENDERED.search(name) or element.tag == "mjx-container":
            _rendered(element, name)
        elif _PREVIEW.search(name) or name == "eqno":
            element.drop_tree()  # beside its script, which has the TeX
        elif (
            tex := element.get("data-tex")
            or element.get("data-latex")
            or element.get("data-formula")
            or element.get("data-eeimg-tex")
        ):
            replace_by_tex(element, tex, "display" in name or element.tag == "div")
        elif element.tag in {"span", "div"} and re.search(r"(?:^|\s)(?:math|arithmatex)(?:$|\s)", name):
            _delimited(element, name)
        elif element.tag == "img" and (element.get("alt") or "").strip():
            _image(element, name)
    left = []
    for math in [*root.iter("math")]:
        if tex := _annotation(math):
            replace_by_tex(math, tex, math.get("display") == "block" or math.get("mode") == "display")
        else:
            left.append(math)
    return left


def _is_in(element: Element, root: Element) -> bool:
    while element is not None:
        if element is root:
            return True
        element = element.getparent()
    return False


def _rendered(element: Element, name: str) -> None:
    """A formula that KaTeX, MathJax or MediaWiki has drawn: its TeX is in an annotation, or beside it in a script."""
    display = "display" in name.lower() or element.get("display") in {"true", "block"}
    math = element.find(".//math")
    above = element.getparent()
    if above is not None and "katex-display" in (above.get("class") or ""):
        display = True
    if math is not None:
        display = (
            display
            or math.get("display") == "block"
            or "mwe-math-mathml-display" in str(element.xpath("string(.//@class)"))
        )
        if tex := _annotation(math):
            replace_by_tex(element, tex, display)
            return
        math.tail, tail = None, element.tail
        element.getparent().replace(element, math)
        math.tail = tail
        if display:
            math.set("display", "block")
        return
    if tex := element.get("data-tex") or element.get("data-latex") or element.get("alttext"):
        replace_by_tex(element, tex, display)
    elif element.find(".//tex") is None and element.tag != "mjx-container" and element.find(".//img") is None:
        element.drop_tree()
    elif (image := element.find(".//img")) is not None and image.get("alt"):
        replace_by_tex(element, image.get("alt"), display)


def _annotation(math: Element) -> str:
    """The TeX that a `<math>` carries."""
    for annotation in math.iter("annotation"):
        if (annotation.get("encoding") or "").lower() in _TEX and (annotation.text or "").strip():
            return str(annotation.text)
    return str(math.get("alttext") or "")


def _delimited(element: Element, name: str) -> None:
    r"""`<span class="math">\(x\)</span>`, as pandoc and Sphinx write formulas."""
    text = "".join(element.itertext()).strip()
    if element.find(".//math") is not None or element.find(".//tex") is not None or not text:
        return
    if match := re.fullmatch(r"\\\((.*)\\\)|\\\[(.*)\\\]|\$\$(.*)\$\$|\$(.*)\$", text, re.S):
        tex = next(group for group in match.groups() if group is not None)
        replace_by_tex(element, tex, match[2] is not None or match[3] is not None)
    elif "inline" in name or "display" in name:
        replace_by_tex(element, text, "display" in name)


def _image(element: Element, name: str) -> None:
    """A picture of a formula whose description is the formula."""
    alt = (element.get("alt") or "").strip()
    if not (_FORMULA_IMAGE.search(name) or _FORMULA_ADDRESS.search(element.get("src") or "") or element.get("eeimg")):
        return
    if re.search(r"\\[A-Za-z]|[=^_{}+]|^[A-Za-z]$", alt):
        replace_by_tex(element, alt, "display" in name)


def replace_by_tex(element: Element, tex: str, display: bool) -> None:
    """Put `<tex>` in an element's place; the text after it stays."""
    tex = tex.strip()
    if match := re.fullmatch(r"\{\\(?:displaystyle|textstyle)\s?(.*)\}", tex, re.S):
        tex = match[1].strip()
    if match := re.fullmatch(
        r"\\begin\{(?:displaymath|equation\*?)\}(.*)\\end\{(?:displaymath|equation\*?)\}", tex, re.S
    ):
        tex, display = match[1].strip(), True
    tex = re.sub(r"^\\(?:displaystyle|textstyle)\b\s*", "", tex)
    tex = re.sub(r"\n\s*\n", "\n", re.sub(r"\\label\{[^}]*\}", "", tex)).strip()
    parent = element.getparent()
    if parent is None or not tex:
        return
    new = element.makeelement("tex", {"display": "block" if display else "inline"})
    new.text, new.tail = tex, element.tail
    parent.replace(element, new)
