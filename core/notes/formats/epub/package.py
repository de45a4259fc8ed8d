"""The package of an e-book: which of its files are chapters, in which order, under which titles, and whether it is locked."""

import posixpath
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote

from ....errors import InputError
from ..archive.zip_file import BROKEN
from ..html.images import Source
from ..html.source import Element

MAX_CHAPTER = 60_000_000
_PAGES = {"application/xhtml+xml", "text/html", "application/x-dtbook+xml", "text/x-oeb1-document"}
_FONTS = {"http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC"}
"""How fonts, and nothing else, are made useless outside their book (EPUB 3.3, 4.4)."""
_LEFT_OUT = {
    "cover",
    "toc",
    "title-page",
    "titlepage",
    "copyright-page",
    "copyright",
    "loi",
    "lot",
    "index",
    "other.ms-coverimage",
}


@dataclass
class Book:
    """An opened e-book.

    Attributes:
        title: what its metadata call it.
        spine: the paths of its chapters in reading order.
        titles: what the navigation calls a path, and at which depth, the outermost being 1.
        guide: the paths that the book says are cover, contents or copyright.
    """

    archive: zipfile.ZipFile
    title: str = ""
    spine: list[str] = field(default_factory=list)
    titles: dict[str, tuple[str, int]] = field(default_factory=dict)
    guide: set[str] = field(default_factory=set)

    def read(self, path: str) -> bytes | None:
        """A file's bytes; None where it is not there, absurdly large or broken."""
        try:
            if self.archive.getinfo(path).file_size > MAX_CHAPTER:
                return None
            return self.archive.read(path)
        except (KeyError, *BROKEN):
            return None

    def beside(self, path: str) -> Source:
        """Reads what an address in the file `path` leads to, within the book."""
        return lambda address: None if (whole := resolved(path, address)) is None else self.read(whole)


@contextmanager
def book_of(file: Path, shown_as: str) -> Iterator[Book]:
    """Open a checked e-book.

    Raises:
        InputError: it is protected, or lacks its container, package document or chapters.
    """
    try:
        archive = zipfile.ZipFile(file)
    except BROKEN as error:
        raise InputError(f"{shown_as} is broken or cut off; download it again.") from error
    with archive:
        book = Book(archive)
        _refuse_locked(book, shown_as)
        container = _xml(book.read("META-INF/container.xml"))
        paths = [] if container is None else [one.get("full-path") for one in _named(container, "rootfile")]
        path = resolved("", paths[0] or "") if paths else None
        if path is None:
            path = next(
                (name for name in archive.namelist() if name.lower().endswith(".opf") and not name.startswith("/")),
                None,
            )
        package = _xml(book.read(path)) if path else None
        if path is None or package is None:
            raise InputError(
                f"{shown_as} is no e-book or a broken one (it has no package document); download it again."
            )
        _read_package(book, path, package)
        if not book.spine:
            raise InputError(f"{shown_as} lists no chapters; export it again from the program that made it.")
        yield book


def resolved(path: str, address: str) -> str | None:
    """The path within the book that an address in the file `path` leads to; None where it leads outside."""
    address = unquote(address.partition("#")[0])
    if not address or re.match(r"[a-z][a-z0-9+.-]*:|/", address, re.I) or "\\" in address:
        return None
    whole = posixpath.normpath(posixpath.join(posixpath.dirname(path), address))
    return None if whole.startswith(("..", "/")) else whole


def _refuse_locked(book: Book, shown_as: str) -> None:
    locked = _xml(book.read("META-INF/encryption.xml"))
    if locked is None:
        if book.read("META-INF/rights.xml") and not book.read("META-INF/container.xml"):
            raise InputError(f"{shown_as} is protected (DRM); use a copy without protection.")
        return
    for data in _named(locked, "EncryptedData"):
        where = [one.get("URI") or "" for one in _named(data, "CipherReference")]
        if where and all(re.search(r"\.(?:ttf|otf|woff2?)$", one, re.I) for one in where):
            continue
        methods = {one.get("Algorithm") for one in _named(data, "EncryptionMethod")}
        if not methods <= _FONTS:
            raise InputError(f"{shown_as} is protected (DRM) and cannot be read; use a copy without protection.")


def _read_package(book: Book, path: str, package: Element) -> None:
    title = next((one for one in _named(package, "title") if "".join(one.itertext()).strip()), None)
    book.title = "" if title is None else " ".join("".join(title.itertext()).split())
    items: dict[str, Element] = {one.get("id") or "": one for one in _named(package, "item")}
    navigation: str | None = None
    for item in items.values():
        if "nav" in (item.get("properties") or "").split():
            navigation = resolved(path, item.get("href") or "")
    for reference in _named(package, "itemref"):
        item = items.get(reference.get("idref") or "")
        if item is None or (item.get("media-type") or "application/xhtml+xml") not in _PAGES:
            continue
        where = resolved(path, item.get("href") or "")
        if where and where not in book.spine and where != navigation:
            book.spine.append(where)
    for reference in _named(package, "reference"):
        where = resolved(path, reference.get("href") or "")
        if where and (reference.get("type") or "").lower() in _LEFT_OUT:
            book.guide.add(where)
    if navigation and (data := book.read(navigation)):
        _titles_of_navigation(book, navigation, data)
    if not book.titles:
        for item in items.values():
            if item.get("media-type") == "application/x-dtbncx+xml" and (ncx := resolved(path, item.get("href") or "")):
                _titles_of_ncx(book, ncx)


def _titles_of_navigation(book: Book, path: str, data: bytes) -> None:
    """EPUB 3: the links of `<nav epub:type="toc">`, and the landmarks that are no text."""
    page = _xml(data)
    for nav in [] if page is None else _named(page, "nav"):
        kind = next((value for name, value in nav.attrib.items() if name.endswith("type")), "toc")
        for link in _named(nav, "a"):
            where = resolved(path, link.get("href") or "")
            if where is None:
                continue
            if "landmarks" in kind:
                role = next((value for name, value in link.attrib.items() if name.endswith("type")), "")
                if role in _LEFT_OUT:
                    book.guide.add(where)
            elif "toc" in kind:
                depth = sum(one.tag.rpartition("}")[2] == "li" for one in link.iterancestors())
                book.titles.setdefault(where, (" ".join("".join(link.itertext()).split()), max(depth, 1)))


def _titles_of_ncx(book: Book, path: str) -> None:
    """EPUB 2: the navigation map."""
    ncx = _xml(book.read(path))
    for point in [] if ncx is None else _named(ncx, "navPoint"):
        label = next(iter(_named(point, "text")), None)
        content = next(iter(_named(point, "content")), None)
        where = None if content is None else resolved(path, content.get("src") or "")
        if where and label is not None:
            depth = 1 + sum(one.tag.rpartition("}")[2] == "navPoint" for one in point.iterancestors())
            book.titles.setdefault(where, (" ".join("".join(label.itertext()).split()), depth))


def _xml(data: bytes | None) -> Element:
    """The root of an XML file, read without entities, DTD or network; None where it is none."""
    from lxml import etree

    if not data:
        return None
    reading = etree.XMLParser(resolve_entities=False, load_dtd=False, no_network=True, recover=True, huge_tree=False)
    try:
        return etree.fromstring(data, reading)
    except (etree.XMLSyntaxError, ValueError):
        return None


def _named(element: Element, name: str) -> list[Element]:
    """The elements of a name below `element`, in whatever namespace."""
    return [one for one in element.iter() if isinstance(one.tag, str) and one.tag.rpartition("}")[2] == name]
