"""The footnotes of a page: which links refer to one, and what it says.

Known by roles (DPUB-ARIA 1.1 `doc-noteref`, EPUB 3 `epub:type`), by the class names of Markdown writers and MediaWiki, and
by a raised number that leads to a place which leads back.
"""

import re
from dataclasses import dataclass, field

from .source import Element

_REFERENCE = re.compile(
    r"(?:^|[\s_-])(?:footnote-?ref\w*|footnote-reference|noteref|fn-?ref|footnote|reference|citation-reference|brackets)(?:$|[\s_-])",
    re.I,
)
_NUMBER = re.compile(
    r"[\s\[(（【〔\u200b]*(?:注|note |n)?\s*(?:[\d①-⑳]{1,4}|[a-z*†‡§¶]{1,3}|[ivxlc]{1,6})[\s\])）】〕.↩\ufe0e\u200b]*",
    re.I,
)
_HOLDERS = {"li", "p", "div", "aside", "dd", "td", "section", "dl", "tr"}
_LONGEST = 4000
"""Characters of a footnote; what leads to more is a link to a part of the page."""


@dataclass
class Footnotes:
    """The footnotes of one document.

    Attributes:
        labels: the label an element refers to.
        contents: what stands under a label; the elements are no longer in the tree.
    """

    labels: dict[Element, str] = field(default_factory=dict)
    contents: dict[str, Element] = field(default_factory=dict)


def take_out_footnotes(root: Element, prefix: str = "") -> Footnotes:
    """Find the page's footnotes and take them out of its text; the places that refer to them stay.

    Args:
        prefix: what labels begin with, so that those of several pages of one book differ.
    """
    found = Footnotes()
    targets: dict[str, Element] = {}
    for element in root.iter():
        for name in (element.get("id"), element.get("name") if element.tag == "a" else None):
            if name and isinstance(element.tag, str):
                targets.setdefault(name, element)
    label_of: dict[Element, str] = {}
    for link in [*root.iter("a")]:
        address = link.get("href") or ""
        if not address.startswith("#") or len(address) < 2 or link in label_of:
            continue
        target = targets.get(address[1:])
        if target is None or not _is_reference(link, target):
            continue
        holder = _holder(target)
        if holder is None or holder in link.iterancestors() or len("".join(holder.itertext())) > _LONGEST:
            continue
        if holder not in label_of:
            label_of[holder] = f"{prefix}{len(label_of) + 1}"
        found.labels[_whole_reference(link)] = label_of[holder]
    for holder, label in label_of.items():
        _take_out(holder, targets)
        found.contents[label] = holder
    return found


def _is_reference(link: Element, target: Element) -> bool:
    role = f"{link.get('role') or ''} {link.get('epub:type') or ''}"
    if "doc-noteref" in role or "noteref" in role.split():
        return True
    if "backlink" in role or "footnote-back" in (link.get("class") or ""):
        return False
    text = "".join(link.itertext())
    if not _NUMBER.fullmatch(text):
        return False
    above = link.getparent()
    raised = link.find("sup") is not None or (above is not None and above.tag == "sup")
    names = f"{link.get('class') or ''} {above.get('class') or '' if above is not None else ''}"
    holder = _holder(target)
    if holder is None:
        return False
    own = {link.get("id"), link.get("name"), above.get("id") if above is not None else None} - {None, ""}
    leads_back = any((back.get("href") or "")[1:] in own for back in holder.iter("a")) if own else False
    stated = re.search(
        r"footnote|endnote", f"{holder.get('role') or ''} {holder.get('epub:type') or ''} {holder.get('class') or ''}"
    )
    first = next((one for one in holder.iter("a") if (one.get("href") or "").startswith("#")), None)
    is_back = link.getparent() is holder and first is link and not raised
    return not is_back and bool(
        ((raised or _REFERENCE.search(names)) and (leads_back or stated or holder.tag in {"li", "aside"}))
        or (leads_back and stated)
    )


def _holder(target: Element) -> Element | None:
    """The block that holds a footnote whose mark is `target`."""
    for element in (target, *target.iterancestors()):
        if element.tag in _HOLDERS:
            if element.tag == "td" and element.getparent() is not None and element.getparent().tag == "tr":
                return element.getparent()
            above = element.getparent()
            alone = above is not None and above.tag in {"li", "aside", "div"} and above.index(element) == 0
            if (
                alone
                and element.tag == "p"
                and (above.tag in {"li", "aside"} or "footnote" in (above.get("class") or ""))
                and len(above) < 4
            ):
                return above
            return element
        if element.tag in {"body", "html", "h1", "h2", "h3", "h4", "h5", "h6", "dt"}:
            return None
    return None


def _whole_reference(link: Element) -> Element:
    """The raised element around a link, if the link is all it holds."""
    above = link.getparent()
    if (
        above is not None
        and above.tag == "sup"
        and len(above) == 1
        and not ((above.text or "") + (link.tail or "")).strip("[]（）() \n")
    ):
        return above
    return link


def _take_out(holder: Element, targets: dict[str, Element]) -> None:
    """Cut a footnote out of the tree without its mark and its links back, and what held nothing else with it."""
    for link in [*holder.iter("a")]:
        address = link.get("href") or ""
        text = "".join(link.itertext()).strip()
        back = re.fullmatch(
            r"[↩↑⏎^⤴︎\ufe0e\u21a9\u2191\s\[\]]*|(?:back|return|返回)\b.*", text, re.I
        ) or _NUMBER.fullmatch(text)
        if (address.startswith("#") or not address) and back and link.getparent() is not None:
            link.drop_tree()
    above = holder.getparent()
    if above is None:
        return
    holder.drop_tree()
    holder.tail = None
    while (
        above is not None
        and above.tag not in {"body", "main", "article", "html"}
        and not any(text.strip() for text in above.itertext())
    ):
        if above.find(".//img") is not None or above.find(".//tex") is not None:
            return
        empty, above = above, above.getparent()
        before = empty.getprevious()
        if above is None:
            return
        empty.drop_tree()
        while before is not None and before.tag == "hr":
            before, rule = before.getprevious(), before
            rule.drop_tree()
        if before is not None and re.fullmatch(r"h[1-6]", str(before.tag)) and not _has_text_after(before):
            before.drop_tree()


def _has_text_after(element: Element) -> bool:
    return bool((element.tail or "").strip()) or any(
        text.strip() for one in element.itersiblings() for text in one.itertext()
    )
