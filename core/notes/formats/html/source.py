"""The bytes of a web page as text, whatever encoding it says it is in, and the text as a tree.

Pages lie about their encoding: what is valid UTF-8 is UTF-8, and only then counts what the page declares
(HTML standard, 13.2.3 "The input byte stream": a byte order mark, then the declaration).
"""

import codecs
import html
import re
from typing import Any

from ....errors import InputError
from ...encoding import decode

Element = Any
"""An element of lxml's tree."""

MAX_MARKUP = 40_000_000
"""Characters of markup, pictures within it not counted, that are held as a tree: some 10,000 printed pages."""

MAX_DEPTH = 100
"""How deep elements stand in each other before they are unwrapped."""

_DECLARED = re.compile(
    rb"""<meta[^>]{0,300}?charset\s*=\s*["']?\s*([\w:.-]{2,30})|<\?xml[^>]{0,100}encoding\s*=\s*["']([\w:.-]+)""", re.I
)
_WIDER = {
    "gb2312": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030", "gb_2312-80": "gb18030", "big5": "big5hkscs",
    "shift_jis": "cp932", "shift-jis": "cp932", "sjis": "cp932", "x-sjis": "cp932", "euc-kr": "cp949",
    "ks_c_5601-1987": "cp949", "iso-8859-1": "cp1252", "latin1": "cp1252", "us-ascii": "cp1252", "ascii": "cp1252",
    "iso-8859-9": "cp1254", "tis-620": "cp874",
}  # fmt: skip
"""What pages call an encoding, and the wider one that browsers take for it (https://encoding.spec.whatwg.org)."""
_EAST_ASIAN = frozenset({"gb18030", "big5", "shift_jis", "euc_kr", "big5hkscs", "cp932", "cp949"})
_TOLERATED = 0.002
"""The part of a declared encoding's characters that may be broken before another one is looked for."""
_OTHERS = {b"%PDF": "a PDF", b"PK\x03\x04": "a ZIP archive or Office file", b"\xd0\xcf\x11\xe0": "an old Office file", b"{\\rtf": "an RTF file", b"\x89PNG": "a picture", b"\xff\xd8\xff": "a picture", b"GIF8": "a picture"}  # fmt: skip

_DATA_URI = re.compile(
    r"data:[\w/+.-]*(?:;[\w=.+-]+)*;base64,[A-Za-z0-9+/=%]{60,}(?:[\r\n]+[ \t]*[A-Za-z0-9+/=%]+)*", re.I
)
_FONT = re.compile(r"</?font\b[^>]*>", re.I)
_MATH = re.compile(r"<(?:\w+:)?math\b.*?</(?:\w+:)?math\s*>", re.I | re.S)
_VOID = "area|base|br|col|embed|hr|img|input|link|meta|source|track|wbr"
_SELF_CLOSED = re.compile(rf"<(?!(?:{_VOID})\b)([a-zA-Z][\w:.-]*)((?:\s[^<>]*?)?)/>", re.I)
_DOCTYPE = re.compile(r"<!DOCTYPE[^>\[]*(?:\[.*?\]\s*)?>|<\?xml[^>]*\?>", re.I | re.S)
_CDATA = re.compile(r"<!\[CDATA\[(.*?)\]\]>", re.S)
_NO_XML = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ue000-\uf8ff\ufffe\uffff\ud800-\udfff]"
    r"|&#(?:[xX]0*(?:[0-8bcBCeEfF]|1[0-9a-fA-F]|7[fF])|0*(?:[0-8]|1[1245-9]|2\d|3[01]|127))(?![0-9a-fA-F]);?"
)
"""Characters that a tree of XML cannot hold, and private ones, which mean nothing outside their font."""


def text_of_page(data: bytes, shown_as: str) -> str:
    """The page's text.

    Raises:
        InputError: it is empty, no text, another format, or in no encoding that can be told.
    """
    if not data.strip():
        raise InputError(f"{shown_as} is empty; save the page again or leave it out.")
    for mark, kind in _OTHERS.items():
        if data.startswith(mark):
            raise InputError(f"{shown_as} is {kind} and no web page; give it its right ending.")
    if data.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return decode(data, shown_as)[0]
    try:
        text = data.decode("utf-8")
        if "\x00" not in text and "\x1b$" not in text:
            return text
    except UnicodeDecodeError:
        pass
    declared = _declared(data)
    if declared is None or declared in {"utf-8", "cp1252"}:
        return _guessed(data, declared, shown_as)
    try:
        return data.decode(declared)
    except UnicodeDecodeError:
        text = data.decode(declared, "replace")
        if text.count("\ufffd") <= 1 + _TOLERATED * len(text):
            return text
        return _guessed(data, declared, shown_as)


def _declared(data: bytes) -> str | None:
    """The encoding that a page's first bytes name, if it is one that exists."""
    if not (match := _DECLARED.search(data[:4096])):
        return None
    named = (match[1] or match[2]).decode("ascii", "replace").lower()
    try:
        codecs.lookup(wide := _WIDER.get(named, named))
        b"".decode(wide)
    except LookupError:
        return None
    return wide


def _guessed(data: bytes, declared: str | None, shown_as: str) -> str:
    """The page in the encoding its bytes look like; in the declared one with its broken characters as a last resort."""
    try:
        text, encoding = decode(data, shown_as)
    except InputError:
        text = data.decode(declared or "utf-8", "replace")
        if b"\x00" in data or text.count("\ufffd") > 0.02 * len(text):
            raise
        return text
    if declared == "cp1252" and encoding not in _EAST_ASIAN:
        return data.decode("cp1252", "replace")
    return text


def tree_of(text: str, shown_as: str) -> tuple[Element, tuple[str, ...]]:
    """The page as a tree of lxml, and its pictures that were written into it as `data:` addresses.

    An address of the tree that reads `data:N` stands for the N-th of them, so that the tree stays small. Nothing is fetched;
    entities are those of HTML alone.

    Raises:
        InputError: there is too much of it, or no element in it.
    """
    from lxml import etree
    from lxml import html as lxml_html

    pictures: list[str] = []

    def put_by(match: re.Match[str]) -> str:
        pictures.append(match[0])
        return f"data:{len(pictures) - 1}"

    text = _DATA_URI.sub(put_by, text) if "base64," in text else text
    text = _DOCTYPE.sub("", text[:5000]) + text[5000:]
    text = _NO_XML.sub("", re.sub("[\uf0b7\uf0a7]", "•", _FONT.sub("", text)))
    if len(text) > MAX_MARKUP:
        raise InputError(
            f"{shown_as} has more than {MAX_MARKUP / 1e6:.0f} million characters; split it into several pages."
        )
    if re.search(r"<html[^>]*\sxmlns\s*=", text[:3000], re.I):
        text = _SELF_CLOSED.sub(r"<\1\2></\1>", text)
        text = _CDATA.sub(lambda match: html.escape(match[1]), text)
    last = text.lower().rfind("math>") + 5  # beyond, a formula never ends, and looking for its end would take long
    text = _MATH.sub(_plain_formula, text[:last]) + text[last:]
    reading = lxml_html.HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True, huge_tree=True
    )
    try:
        root = lxml_html.document_fromstring(text.encode("utf-8", "replace"), parser=reading)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError, AssertionError) as error:
        raise InputError(f"{shown_as} has no text in it; save the page again or leave it out.") from error
    _flatten(root)
    return root, tuple(pictures)


def _flatten(root: Element) -> None:
    """Unwrap what is nested so deeply that no page means it, such as unclosed `<b>` of old editors."""
    from lxml import etree

    deep: list[Element] = []
    depth = 0
    for event, element in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if event == "start" and depth > MAX_DEPTH and len(element):
            deep.append(element)
    for element in deep:
        element.drop_tag()


def _plain_formula(match: re.Match[str]) -> str:
    """MathML without prefixes and self-closed elements, which HTML does not know."""
    return _SELF_CLOSED.sub(r"<\1\2></\1>", re.sub(r"<(/?)\w+:", r"<\1", match[0]))
