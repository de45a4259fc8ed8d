"""Program code on a web page: its lines without the gutter of numbers beside them, and the language it is in."""

import re
from collections.abc import Iterator

from .source import Element

_CLASS = re.compile(
    r"(?:^|\s)(?:lang(?:uage)?-|highlight-source-|highlight-text-|brush:\s*|prettyprint\s+lang-|sourceCode\s+|code-snippet__|"
    r"src-|enlighter-)(?P<name>[A-Za-z][\w+#.-]*)",
    re.I,
)
_AROUND = re.compile(
    r"(?:^|\s)(?:highlight(?:-|\s+)|hljs\s+|crayon-|codehilite\s+|listingblock\s+)(?P<name>[A-Za-z][\w+#.-]*)"
)
_NO_LANGUAGE = {
    "default", "none", "text", "plain", "plaintext", "plain-text", "txt", "notranslate", "highlight", "hljs", "code", "wrapper", "container", "box", "block", "line", "numbers", "linenos", "copy", "table", "fix", "js-file-line", "linenumbers", "line-numbers", "nohighlight", "auto", "toolbar", "inline", "literal", "pre", "console-output",
}  # fmt: skip
_LANGUAGES = {
    "py": "python", "python3": "python", "ipython3": "python", "ipython": "python", "pycon": "python", "pycon3": "python",
    "js": "javascript", "ts": "typescript", "sh": "bash", "shell": "bash", "shell-session": "console", "c++": "cpp",
    "objectivec": "objc", "yml": "yaml", "rs": "rust", "rb": "ruby", "ps1": "powershell", "golang": "go",
}  # fmt: skip
_GUTTER = re.compile(
    r"(?:^|[\s_-])(?:gutter|linenos?|linenodiv|line-?numbers?(?:-rows)?|lineno|linenumber|ln-num|hljs-ln-numbers|pre-numbering|"
    r"code-snippet__line-index|blob-num|rouge-gutter|prompt-gutter|copy\w*|toolbar)(?:$|[\s])",
    re.I,
)
_LINES = {"div", "li", "p", "tr", "section"}


def fenced(element: Element, language: str = "") -> str:
    """A `<pre>` as a fenced block; empty where there is no code in it."""
    text = "".join(_text(element)).replace("\r\n", "\n").replace("\r", "\n").replace("\xa0", " ").expandtabs(4)
    lines = [line.rstrip() for line in text.split("\n")]
    while lines and not lines[0]:
        lines.pop(0)
    while lines and not lines[-1]:
        lines.pop()
    if not lines:
        return ""
    longest = max((len(run) for line in lines for run in re.findall(r"`{3,}", line)), default=2)
    fence = "`" * (longest + 1)
    return "\n".join([f"{fence}{language or language_of(element)}", *lines, fence])


def language_of(element: Element) -> str:
    """The language that an element, what it holds or what it stands in name; empty where none does."""
    inner = element.find(".//code")
    for one in ([] if inner is None else [inner]) + [element]:
        for name in ("data-lang", "data-language", "lang-name"):
            if found := _known(one.get(name) or ""):
                return found
        if found := _in_class(one.get("class") or "", bare=one.tag in {"code", "pre"}):
            return found
    above = element.getparent()
    for _ in range(6):
        if above is None or above.tag in {"body", "article", "main", "li", "blockquote"}:
            break
        if found := _in_class(above.get("class") or "", bare=False):
            return found
        above = above.getparent()
    return ""


def _in_class(name: str, bare: bool) -> str:
    for pattern in (_CLASS, _AROUND):
        for match in pattern.finditer(name):
            if found := _known(match["name"]):
                return found
    if bare and len(words := name.split()) >= 1 and {"hljs", "sourceCode", "prettyprint"} & set(words):
        return next(filter(None, (_known(word) for word in words if word not in {"sourceCode", "prettyprint"})), "")
    return ""


def _known(name: str) -> str:
    name = name.lower().strip().rstrip(";")
    if name in _NO_LANGUAGE or not re.fullmatch(r"[a-z][\w+#.-]{0,24}", name):
        return ""
    return _LANGUAGES.get(name, name)


def is_gutter(element: Element) -> bool:
    """Whether an element holds the numbers of code's lines, a button over it, or lines that the page hides."""
    return isinstance(element.tag, str) and (
        element.tag == "button"
        or element.get("class") == "boring"
        or (bool(_GUTTER.search(element.get("class") or "")) and not element.findall(".//code"))
    )


def _text(element: Element) -> Iterator[str]:
    """The text of code, an own line for what stands in an own block; iterative, for code can be deeply marked up."""
    codes = [child for child in element if child.tag == "code"]
    apart = (
        len(codes) > 1 and not any((code.tail or "").strip("\r\t ") for code in codes) and len(codes) == len(element)
    )
    stack: list[Element | str] = [element]
    line_open = False
    while stack:
        node = stack.pop()
        if isinstance(node, str):
            if node:
                yield node
                line_open = not node.endswith("\n")
            continue
        if node is not element and is_gutter(node):
            continue
        if node.tag == "br":
            yield "\n"
            line_open = False
            continue
        own_line = node is not element and (node.tag in _LINES or (apart and node.tag == "code"))
        if own_line and line_open:
            yield "\n"
            line_open = False
        inside: list[Element | str] = [node.text or ""]
        for child in node:
            inside += [child, child.tail or ""]
        if own_line:
            inside.append("\n" if not "".join(node.itertext()).endswith("\n") else "")
        stack.extend(reversed(inside))


def code_table(table: Element) -> Element | None:
    """The `<pre>` of a table that only sets numbers beside the lines of code."""
    cells = table.findall(".//td")
    blocks = [pre for cell in cells for pre in cell.iter("pre") if not is_gutter(cell) and not is_gutter(pre)]
    if len(cells) == 2 and blocks and (is_gutter(cells[0]) or re.fullmatch(r"[\d\s]+", "".join(cells[0].itertext()))):
        return max(blocks, key=lambda pre: len("".join(pre.itertext())))
    return None
