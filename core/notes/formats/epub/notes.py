"""Footnotes of an e-book that stand in another file than the text they belong to, brought to that text."""

import re
from copy import deepcopy

from ....errors import InputError
from ..html.source import Element, text_of_page, tree_of
from .package import Book, resolved

_LARGEST = 8
"""Pages of notes held at once; a book has one, or one for each chapter."""


class NotePages:
    """The pages of notes that chapters have referred to, and which of their notes have been brought in."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self._pages: dict[str, dict[str, Element]] = {}
        self._brought: dict[str, set[str]] = {}

    def bring_in(self, root: Element, path: str) -> None:
        """Put the notes that a chapter refers to at its end; notes that other chapters have taken are taken out of it."""
        for identity in self._brought.get(path, ()):
            for element in root.xpath("//*[@id=$one]", one=identity):
                holder = _holder(element)
                if holder.getparent() is not None and holder.tag not in {"body", "html"}:
                    holder.drop_tree()
        body = root.find("body")
        for link in [] if body is None else [*body.iter("a")]:
            address = link.get("href") or ""
            file, _, identity = address.partition("#")
            where = resolved(path, file) if file and identity and _is_reference(link) else None
            if where is None or where == path:
                continue
            element = self._page(where).get(identity)
            if element is None or len("".join(element.itertext())) > 4000 or not "".join(element.itertext()).strip():
                continue
            body.append(_as_note(element, f"kcreate-{where}-{identity}"))
            link.set("href", f"#kcreate-{where}-{identity}")
            link.set("epub:type", "noteref")
            self._brought.setdefault(where, set()).add(identity)

    def _page(self, path: str) -> dict[str, Element]:
        """The notes of a page by their identity."""
        if path not in self._pages:
            found: dict[str, Element] = {}
            data = self._book.read(path)
            if data and len(self._pages) < _LARGEST * 50:
                try:
                    root, _ = tree_of(text_of_page(data, path), path)
                    found = {
                        one.get("id"): _holder(one) for one in root.iter() if isinstance(one.tag, str) and one.get("id")
                    }
                except InputError:
                    found = {}
            if len(self._pages) >= _LARGEST:
                self._pages.pop(next(iter(self._pages)))
            self._pages[path] = found
        return self._pages[path]


def _as_note(element: Element, identity: str) -> Element:
    """A copy of a note, without its mark and its links back, as EPUB 3 writes one."""
    note = deepcopy(element)
    note.tag, note.tail = "aside", None
    for name in [*note.attrib]:
        del note.attrib[name]
    note.set("id", identity)
    note.set("epub:type", "footnote")
    for link in [*note.iter("a")]:
        if re.fullmatch(
            r"[\s\[(]*(?:[\d*†‡①-⑳]{1,4}|[↩↑⏎^⤴\ufe0e]+|back|返回)?[\s\]).:]*", "".join(link.itertext()), re.I
        ):
            link.drop_tree()
    return note


def _is_reference(link: Element) -> bool:
    """Whether a link leads to a note and not to another chapter."""
    if "noteref" in (link.get("epub:type") or "").split() or "noteref" in (link.get("role") or ""):
        return True
    above = link.getparent()
    raised = link.find("sup") is not None or (above is not None and above.tag == "sup")
    return raised and bool(re.fullmatch(r"[\s\[(注]*[\d*†‡①-⑳]{1,4}[\s\])]*", "".join(link.itertext())))


def _holder(element: Element) -> Element:
    """The item or paragraph of a note, where its mark only stands inside."""
    for one in (element, *element.iterancestors()):
        if one.tag in {"li", "aside", "p", "div", "dd", "section", "body"}:
            return one
    return element
