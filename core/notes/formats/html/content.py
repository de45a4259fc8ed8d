"""Which part of a web page is its content: the frame around it (navigation, sidebars, notices, comments) taken away.

First what the page itself marks (`<main>`, `<nav>`, roles, the class names that publishing systems use); where it marks
nothing, by link density (Kohlschütter et al., "Boilerplate Detection using Shallow Text Features", 2010). In doubt a part
stays: a plain page is kept whole.
"""

import re
from collections.abc import Iterator

from .source import Element

_NEVER = {
    "script", "style", "noscript", "template", "iframe", "object", "embed", "applet", "canvas", "video", "audio", "map",
    "button", "select", "textarea", "input", "datalist", "dialog", "link", "meta", "base", "head", "frameset",
}  # fmt: skip
_FRAME = {"nav", "footer", "menu"}
_FRAME_ROLES = {"navigation", "banner", "contentinfo", "search", "complementary", "dialog", "alertdialog", "menu", "menubar", "toolbar", "tooltip"}  # fmt: skip
_CONTENT = (
    "#js_content", "main", "role=main", "#mw-content-text", "#article_content", "article", "itemprop=articleBody",
    ".markdown-body", ".post-content", ".entry-content", ".article-content", ".article-body", ".post-body",
    ".rich_media_content", ".Post-RichText", ".RichText", ".theme-doc-markdown", ".page-body", ".wiki-content",
    ".article__content", ".post__content", ".blog-content", ".blogpost-body", ".story-body", ".rst-content", ".md-content",
    ".content-body", "#main-content", "#post-content", "#article", "#content", "#main",
)  # fmt: skip
"""Where publishing systems put the content: WeChat, MediaWiki, CSDN, GitHub, WordPress, Zhihu, Notion, Confluence, Sphinx."""

_SURE = re.compile(
    r"(?:^|[\s_-])(?:cookies?|gdpr|breadcrumbs?|skip-?links?|skip-?to-?content|share(?:-?(?:bar|buttons?|links?))?|sharing|"
    r"social(?:-?(?:links?|media|share|icons?))?|comments?(?:-?(?:list|area|section|wrapper))?|respond|disqus\w*|"
    r"related(?:-?(?:posts?|articles?|links?|reading|content))?|recommend\w*|advert\w*|ads?|adsbygoogle|sponsor\w*|newsletter|"
    r"subscribe|paywall|pagination|pager|prev-?next|post-?navigation|page-?navigation|navbar|navbox|catlinks|mw-editsection|"
    r"mw-jump-link|noprint|metadata-links|headerlink|anchor-?link|printfooter|sr-only|visually-?hidden|screen-reader-text|"
    r"copy-?(?:btn|button|code)?|copybtn|toolbar|reward|qr-?code|copyright|site-?(?:header|footer|nav)|global-?(?:header|footer|nav)|"
    r"page-?footer|md-header|md-footer|md-search|wy-nav-side|edit-?(?:page|this-?page|link)|feedback)(?:$|[\s_-])",
    re.I,
)
_LIKELY = re.compile(
    r"(?:^|[\s_-])(?:nav\w*|menu\w*|side-?bar|sphinxsidebar\w*|toc|table-?of-?contents|toctree-wrapper|banner|header|footer|foot|"
    r"masthead|widget\w*|popup|modal|overlay|search\w*|login|tags?|tagcloud|byline|promo\w*|hot|links|login-?mark)(?:$|[\s_-])",
    re.I,
)
_SHORT_FRAME = re.compile(
    r"(?:^|[\s_-])(?:header|footer|foot|masthead|search\w*|login|login-?mark|byline|popup|modal|overlay)(?:$|[\s_-])",
    re.I,
)
_KEEP = re.compile(r"(?:^|[\s_-])(?:footnotes?|endnotes?|admonition|callout|alert|code|highlight|math|katex|mjx)", re.I)
_HIDDEN = re.compile(r"display\s*:\s*none|(?:^|;)\s*visibility\s*:\s*hidden", re.I)
_SOFT_LIMIT = 0.4
"""A part with more of the page's text than this is content, whatever it is called."""
_CONTENT_SHARE = 0.35
"""What a marked content must at least have of the text that is left after the frame is gone."""


def content_of(root: Element) -> Element:
    """The element that holds the content; the frame around and inside it is taken out of the tree."""
    body = root.find("body")
    body = root if body is None else body
    whole = max(1, _length(body))
    for sign in body.iter("span"):
        if re.search(r"Wingdings|Symbol", sign.get("style") or "") and len(_text(sign)) == 1 and sign.get("style"):
            sign.text = "•"  # Word writes a bullet as a letter in a font of signs
    _drop(body, [element for element in body.iter() if element.tag in _NEVER and not _is_kept_input(element)])
    _drop(
        body, [element for element in body.iterdescendants() if _is_hidden(element) and _length(element) < 0.3 * whole]
    )
    whole = max(1, _length(body))
    marked = _marked(body, whole)
    for element in [*body.iterdescendants()]:
        if element.getparent() is None or (marked is not None and (element is marked or _holds(element, marked))):
            continue
        inside = marked is not None and _holds(marked, element)
        if _is_frame(element, inside) and _length(element) < _SOFT_LIMIT * whole:
            _save_heading(element)
            _remove(element)
    if marked is not None and _length(marked) >= _CONTENT_SHARE * _length(body):
        return marked
    for element in [*body.iterdescendants("ul", "ol", "div", "table", "td", "section", "p")]:
        if element.getparent() is not None and _is_link_list(element, whole):
            _remove(element)
    return body


def _marked(body: Element, whole: int) -> Element | None:
    """What the page marks as its content: the largest of several only if it has most of the text."""
    named: dict[str, list[Element]] = {}
    for element in body.iterdescendants():
        signs = [
            str(element.tag),
            f"#{element.get('id')}",
            f"role={element.get('role')}",
            f"itemprop={element.get('itemprop')}",
        ]
        for sign in [*signs, *(f".{name}" for name in (element.get("class") or "").split())]:
            if sign in _CONTENT:
                named.setdefault(sign, []).append(element)
    for sign in _CONTENT:
        found = named.get(sign, [])[:500]
        outermost = (
            [one for one in found if not any(up in found for up in one.iterancestors())] if len(found) > 1 else found
        )
        if not outermost:
            continue
        best = max(outermost, key=_length)
        others = sum(map(_length, outermost)) - _length(best)
        if _length(best) >= 0.15 * whole and others <= 0.6 * _length(best):
            return best
    return None


_NUMBERS = re.compile(r"(?:^|\s)(?:pre-numbering|code-snippet__line-index|hljs-ln-numbers|siteSub)(?:$|\s)")
"""Numbers beside the lines of code, and a line that MediaWiki prints below every title."""


def _is_frame(element: Element, inside: bool) -> bool:
    """Whether an element is frame; within the marked content only what nobody would call a part of it."""
    if not isinstance(element.tag, str) or element.tag in {"html", "body", "main", "article", "tbody", "tr"}:
        return False
    name = f"{element.get('class') or ''} {element.get('id') or ''}"
    role = (element.get("role") or "").lower()
    epub = element.get("epub:type") or ""
    if role.startswith("doc-") and role not in {"doc-toc", "doc-pagelist", "doc-pagebreak"}:
        return False
    if epub and re.search(r"note|bodymatter|chapter", epub):
        return False
    if _NUMBERS.search(name):
        return True
    if _KEEP.search(name):
        return False
    if element.tag in _FRAME or role in _FRAME_ROLES or role in {"doc-toc", "doc-pagelist"}:
        return not (
            element.tag == "footer"
            and inside
            and _length(element) > 0
            and link_density(element) < 0.1
            and not _SURE.search(name)
        )
    if element.tag in {"h1", "h2", "h3", "pre", "code", "table", "img", "a", "span", "p", "li"}:
        return bool(_SURE.search(name)) and element.tag in {"a", "span", "p"} and _length(element) < 60
    if element.tag == "header":
        return not inside
    if element.tag == "aside":
        return not inside or link_density(element) > 0.5
    if _SURE.search(name):
        return link_density(element) > 0.25 or not inside or _length(element) < 200
    if not _LIKELY.search(name):
        return False
    density = link_density(element)
    if inside or density > 0.3:
        return density > (0.5 if inside else 0.3)
    return bool(_SHORT_FRAME.search(name)) and _length(element) < 120 and element.find(".//h1") is None


def _save_heading(element: Element) -> None:
    """The page's only `<h1>` is moved out of the frame around it."""
    headings = element.findall(".//h1")
    everywhere = element.getroottree().getroot().findall(".//h1")
    if len(headings) == 1 and len(everywhere) == 1 and element.getparent() is not None:
        heading = headings[0]
        heading.drop_tree()
        heading.tail = None
        element.addprevious(heading)


def _is_link_list(element: Element, whole: int) -> bool:
    """Whether a part is nothing but a list of links, of the kind that leads around in a site."""
    links = element.findall(".//a[@href]")
    if len(links) < 4 or _length(element) > _SOFT_LIMIT * whole or link_density(element) < 0.85:
        return False
    before = element.getprevious()
    if before is not None and before.tag in {"p", "h1", "h2", "h3", "h4", "h5", "h6", "dt"}:
        return False  # "Further reading:" and its links
    return sum(map(_length, links)) / len(links) < 25


def _is_hidden(element: Element) -> bool:
    if element.get("hidden") is None and not _HIDDEN.search(element.get("style") or ""):
        return False
    if element.get("role") == "tabpanel" or element.tag in {"body", "math", "mjx-assistive-mml", "annotation"}:
        return False
    return not any(
        re.search(r"katex|mathjax|mjx|mwe-math", f"{one.tag} {one.get('class') or ''}", re.I)
        for one in (element, *_above(element, 6))
    )


def _above(element: Element, levels: int) -> Iterator[Element]:
    for _ in range(levels):
        element = element.getparent()
        if element is None or not isinstance(element.tag, str):
            return
        yield element


def _is_kept_input(element: Element) -> bool:
    """Formulas in scripts, and the boxes of a list of tasks."""
    if element.tag == "script":
        return (element.get("type") or "").startswith("math/")
    return (
        element.tag == "input"
        and element.get("type") == "checkbox"
        and any(up.tag == "li" for up in _above(element, 3))
    )


def _drop(body: Element, elements: list[Element]) -> None:
    for element in elements:
        if element is not body and element.getparent() is not None:
            _remove(element)


def _remove(element: Element) -> None:
    """Take an element out and leave the text after it."""
    element.drop_tree()


def _holds(outer: Element, inner: Element) -> bool:
    return any(one is outer for one in inner.iterancestors())


def _text(element: Element) -> str:
    return "".join("".join(element.itertext()).split())


def _length(element: Element) -> int:
    """Characters that a reader sees, blanks not counted."""
    return sum(len("".join(text.split())) for text in element.itertext())


def link_density(element: Element) -> float:
    """The part of an element's text that stands in links."""
    whole = _length(element)
    return sum(map(_length, element.iterdescendants("a"))) / whole if whole else 0.0


def without_frame(root: Element) -> Element:
    """The body of a page that has no frame, as chapters of books are: only what is no text is taken out."""
    body = root.find("body")
    body = root if body is None else body
    _drop(body, [element for element in body.iter() if element.tag in _NEVER and not _is_kept_input(element)])
    frame = {"doc-toc", "doc-pagelist", "doc-pagebreak"}
    for element in [*body.iterdescendants()]:
        if element.getparent() is None or not isinstance(element.tag, str):
            continue
        kind = element.get("epub:type") or ""
        if (
            element.get("role") in frame
            or re.search(r"(?:^|\s)(?:toc|page-list|pagebreak|landmarks)(?:$|\s)", kind)
            or element.tag == "nav"
        ):
            _remove(element)
    return body
