"""What a course's pages stand on: every link and image resolved, the notes that are cited, the files that go along.

Only what lessons, glossary and flashcards lead to leaves the author's machine: a note nobody cites stays at home.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from posixpath import dirname, join, normpath
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from ..course.citation import Citation, read_target
from ..course.course import Course
from ..course.lesson import Lesson
from ..errors import InputError
from ..markdown import parser

if TYPE_CHECKING:
    from markdown_it.token import Token

_UNSAFE = re.compile(r"[^\w-]+")
_SCHEME = re.compile(r"^(?:[a-zA-Z][a-zA-Z0-9+.-]*:|//)")
# Front matter of a note is blanked, not cut, so that line numbers stay what the citations say.
_FRONT = re.compile(r"\A---[ \t]*\r?\n(?:(?:[\w-]+:|[ \t#-]).*\r?\n|[ \t]*\r?\n)+?---[ \t]*(?:\r?\n|\Z)")
_TEXT_SUFFIXES = {".md", ".markdown", ".txt", ".text"}


@dataclass
class Page:
    """A Markdown text of the course.

    Attributes:
        path: where it is in the course folder, with forward slashes: `lessons/01-start.md`.
        source: its Markdown without front matter.
        tokens: what the parser made of it.
        ids: the ids of its headings, which links may lead to.
    """

    path: str
    source: str
    tokens: "list[Token]" = field(default_factory=list)
    ids: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class Link:
    """Where an address in a page leads: outside, to a page or file of the course, or nowhere.

    Attributes:
        kind: `outside`, `page`, `note`, `file` or `broken`.
        path: the path in the course folder, or the address itself when it leads outside.
        fragment: what follows the `#`; empty where the page has no such place.
        citation: the lines of a note it names, if any.
    """

    kind: str
    path: str
    fragment: str = ""
    citation: Citation | None = None


@dataclass
class Material:
    """A course ready to be exported: see the module's docstring.

    Attributes:
        lessons: the lessons with their pages, in course order.
        notes: the cited notes by path (`notes/01-basics.md`), their text in `source`.
        cited: note path → the line ranges cited in it.
        files: paths of images and other files that pages lead to.
        warnings: sentences about what leads nowhere.
    """

    course: Course
    lessons: list[tuple[Lesson, Page]] = field(default_factory=list)
    glossary: Page | None = None
    flashcards: Page | None = None
    notes: dict[str, Page] = field(default_factory=dict)
    cited: dict[str, set[Citation]] = field(default_factory=dict)
    files: set[str] = field(default_factory=set)
    warnings: list[str] = field(default_factory=list)

    def pages(self) -> list[Page]:
        """What a learner reads: the lessons, then the glossary and the flashcards."""
        return [page for _, page in self.lessons] + [page for page in (self.glossary, self.flashcards) if page]

    def page(self, path: str) -> Page | None:
        """The page at that path of the course folder, notes included."""
        return next((page for page in [*self.pages(), *self.notes.values()] if page.path == path), None)

    def resolve(self, page: Page, address: str) -> Link:
        """Where `address`, as it stands in `page`, leads."""
        if _SCHEME.match(address):
            return Link("outside", address)
        raw, _, fragment = address.partition("#")
        path = normpath(join(dirname(page.path), unquote(raw.partition("?")[0]))) if raw else page.path
        target = self.page(path)
        if path.startswith("notes/") and (target or _is_text(path)):
            citation = read_target(f"{path}#{fragment}") if fragment else None
            known = target is not None or self._readable(path)
            return Link("note" if known else "broken", path, fragment, citation)
        if target:
            return Link("page", path, fragment if unquote(fragment) in target.ids else "")
        return Link("file" if self._readable(path) else "broken", path)

    def _readable(self, path: str) -> bool:
        """Whether `path` is a file of the course that may leave it: inside the folder, not hidden."""
        if path.startswith(("../", "/")) or any(part.startswith(".") for part in path.split("/")):
            return False
        folder = self.course.folder
        file = folder / path
        roots = [folder.resolve(), (folder / "notes").resolve(), (folder / "assets").resolve()]
        try:
            return path != "course.yaml" and file.is_file() and any(file.resolve().is_relative_to(one) for one in roots)
        except PermissionError as error:
            raise InputError(f"{file} cannot be read ({error.strerror}); mend its permissions.") from error
        except OSError:  # no name a file could have, such as one of a thousand characters
            return False


def gather(course: Course) -> Material:
    """Read every page of `course` and follow its links."""
    material = Material(course)
    for number, lesson in enumerate(course.lessons, 1):
        name = lesson.file or f"{number:02d}-{_UNSAFE.sub('-', lesson.id)}.md"
        material.lessons.append((lesson, read_page(f"lessons/{name}", lesson.body)))
    if course.glossary.strip():
        material.glossary = read_page("glossary.md", course.glossary)
    if course.flashcards.strip():
        material.flashcards = read_page("flashcards.md", course.flashcards)
    for page in material.pages():
        _follow(material, page)
    for page in list(material.notes.values()):
        _follow_images(material, page)
    return material


def read_page(path: str, source: str) -> Page:
    """Parse a page; a text that is not Markdown becomes one paragraph per line."""
    if Path(path).suffix.lower() in (".md", ".markdown"):
        tokens = parser().parse(_FRONT.sub(lambda front: "\n" * front[0].count("\n"), source), {})
    else:
        tokens = _plain_tokens(source)
    page = Page(path, source, tokens)
    page.ids = set(_give_heading_ids(tokens))
    return page


def links_in(tokens: "list[Token]") -> "Iterator[Token]":
    """Every link and image among the tokens, in order."""
    for token in tokens:
        if token.type == "inline":
            yield from links_in(token.children or [])
        elif token.type in ("link_open", "image"):
            yield token


def plain_text(tokens: "list[Token]") -> str:
    """The words of inline tokens, without marks."""
    return "".join(
        plain_text(token.children or []) if token.children else " " if token.type == "softbreak" else token.content
        for token in tokens
    )


def _follow(material: Material, page: Page) -> None:
    for token in links_in(page.tokens):
        link = material.resolve(page, address(token))
        if link.kind == "broken":
            material.warnings.append(f"{page.path}: '{address(token)}' leads to no file of the course; mend that link.")
        elif link.kind == "file":
            material.files.add(link.path)
        elif link.kind == "note":
            note = _read_note(material, link.path)
            if link.citation and note:
                _cite(material, page, note, link.citation)


def _follow_images(material: Material, page: Page) -> None:
    """A note's pictures go with it; its links to other notes do not bring those along."""
    for token in links_in(page.tokens):
        link = material.resolve(page, address(token))
        if token.type == "image" and link.kind == "file":
            material.files.add(link.path)


def _read_note(material: Material, path: str) -> Page | None:
    if path not in material.notes:
        file = material.course.folder / path
        try:
            data = file.read_bytes()
        except OSError as error:
            raise InputError(f"{file} cannot be read ({error.strerror}).") from error
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            material.warnings.append(
                f"{path} is not UTF-8, so some of its letters may be wrong; save it in that encoding."
            )
            text = data.decode("utf-8", errors="replace")
        material.notes[path] = read_page(path, text)
        material.cited[path] = set()
    return material.notes[path]


def _cite(material: Material, page: Page, note: Page, citation: Citation) -> None:
    length = note.source.rstrip("\n").count("\n") + 1
    if not 1 <= citation.first <= citation.last <= length:
        material.warnings.append(
            f"{page.path} cites {citation.label_text('en')}, but the note has {length} lines; mend that citation."
        )
    material.cited[note.path].add(citation)


def address(token: "Token") -> str:
    """The address of a link or image token."""
    return str(token.attrGet("src" if token.type == "image" else "href") or "")


def _is_text(path: str) -> bool:
    return Path(path).suffix.lower() in _TEXT_SUFFIXES


def _give_heading_ids(tokens: "list[Token]") -> Iterator[str]:
    """Name each heading as GitHub does, so that links an author tried there work here; sets `meta["id"]`."""
    seen: dict[str, int] = {}
    for opening, inline in pairwise(tokens):
        if opening.type == "heading_open":
            slug = re.sub(r"[^\w\- ]", "", plain_text(inline.children or []).strip().lower()).replace(" ", "-")
            slug = slug or "section"
            seen[slug] = seen.get(slug, -1) + 1
            name = f"{slug}-{seen[slug]}" if seen[slug] else slug
            opening.meta["id"] = name
            yield name


def _plain_tokens(source: str) -> "list[Token]":
    from markdown_it.token import Token

    tokens: list[Any] = []
    for number, line in enumerate(source.split("\n")):
        if line.strip():
            span = [number, number + 1]
            text = Token("text", "", 0, content=line)
            tokens.append(Token("paragraph_open", "p", 1, map=span, block=True))
            tokens.append(Token("inline", "", 0, map=span, content=line, children=[text], block=True))
            tokens.append(Token("paragraph_close", "p", -1, block=True))
    return tokens
