"""A page's title, and its headings at levels that go below it."""

import re

from .source import Element

_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_NO_TITLE = re.compile(
    r"(?:untitled.*|document\d*|index|home|page|new page|无标题.*|新建.*|首页|microsoft word.*|.*\.(?:html?|md|docx?))$",
    re.I,
)
_SITE = re.compile(
    r"博客|网$|网站|百科|知乎|论坛|社区|CSDN|简书|掘金|专栏|公众号|documentation$|docs$|wiki(?:pedia)?$|blog$|medium$|\.(?:com|org|net|io|cn)$",
    re.I,
)


def settle_title(root: Element, content: Element) -> str:
    """The page's title where its content does not begin with one, else nothing; headings are renamed to stand below it.

    The title is the first `<h1>`, of the content or of the page, else what `<title>` says without the site's name.
    """
    headings = [one for one in content.iter(*_HEADINGS) if "".join(one.itertext()).strip()]
    tops = [one for one in headings if one.tag == "h1"]
    if len(tops) == 1 or (tops and _stands_alone(tops[0], headings)):
        _shift([one for one in headings if one is not tops[0]], 1 if len(tops) > 1 else 0)
        return ""
    if tops:
        title = page_title(root)
        if not title or any(_same(title, "".join(one.itertext())) for one in tops):
            return ""
        _shift(headings, 1)
        return title
    outside = [one for one in root.iter("h1") if "".join(one.itertext()).strip()]
    title = page_title(root)
    if outside and not (headings and _same(title, "".join(headings[0].itertext()))):
        title = " ".join("".join(outside[0].itertext()).split())
    if not title:
        if headings and headings[0].tag != "h1" and not [one for one in headings[1:] if one.tag <= headings[0].tag]:
            _shift(headings, 1 - int(headings[0].tag[1]))
        return ""
    if headings and _same(title, "".join(headings[0].itertext())):
        headings[0].tag = "h1"
        _shift(headings[1:], 2 - min((int(one.tag[1]) for one in headings[1:]), default=2))
        return ""
    _shift(headings, 2 - min((int(one.tag[1]) for one in headings), default=2))
    return title


def _stands_alone(title: Element, headings: list[Element]) -> bool:
    """Whether the first `<h1>` of several is the page's title: it is the first heading and the next is an `<h1>` too."""
    return headings[0] is title and headings[1].tag == "h1"


def page_title(root: Element) -> str:
    """What the page's head calls it, without the site's name; empty where that is no title."""
    named = {
        (meta.get("property") or meta.get("name") or "").lower(): meta.get("content") or ""
        for meta in root.iter("meta")
    }
    element = root.find(".//title")
    title = " ".join((named.get("og:title") or ("".join(element.itertext()) if element is not None else "")).split())
    site = " ".join(named.get("og:site_name", "").split())
    parts = re.split(r"(\s+[-–—|·•»]\s+|\s*[|｜]\s*|\s+::\s+)", title)
    if len(parts) > 1:
        if _same(parts[0], site):
            parts = parts[2:]
        elif len(parts) >= 3:
            parts = parts[:-2]
    title = "".join(parts).strip()
    for sign in ("-", "_"):
        head, found, tail = title.rpartition(sign)
        if found and len(head) > 3 and _SITE.search(tail.strip()):
            title = head.strip()
    return "" if _NO_TITLE.fullmatch(title) or len(title) < 2 else title


def _shift(headings: list[Element], levels: int) -> None:
    for heading in headings:
        heading.tag = f"h{min(6, max(1, int(heading.tag[1]) + levels))}"


def _same(first: str, second: str) -> bool:
    return re.sub(r"\W", "", first).lower() == re.sub(r"\W", "", second).lower() != ""
