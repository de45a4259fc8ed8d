"""Web pages: their content as Markdown, with its pictures, formulas, tables and footnotes, without the frame around it."""

import re
from collections.abc import Iterator
from pathlib import Path

from ....errors import InputError
from ..converted import Part, missing
from .blocks import blocks_of
from .content import content_of
from .footnotes import Footnotes, take_out_footnotes
from .images import Pictures, Source, in_folder
from .math import mark_formulas
from .mathml import fill_in_tex
from .mhtml import is_mhtml, page_of_mhtml
from .sections import settled
from .source import Element, text_of_page, tree_of
from .targets import Targets
from .title import settle_title

MAX_BYTES = 400_000_000
"""The largest page that is read, the pictures written into it counted."""
_PART = 400_000
"""Characters after which a long page goes on in another part, at its next heading."""


def read(file: Path, shown_as: str) -> Iterator[Part]:
    """Read a page saved from a browser or written by a program (HTML, XHTML, MHTML).

    Pictures are taken from the page and from files in its own folder; nothing is fetched and no script is run.

    Raises:
        InputError: it cannot be opened, is empty, no web page, without text, or absurdly large; lxml is not installed.
    """
    require_lxml(shown_as)
    try:
        if (length := file.stat().st_size) > MAX_BYTES:
            raise InputError(f"{shown_as} is {length / 1e6:.0f} MB; save the page without its pictures or split it.")
        data = file.read_bytes()
    except OSError as error:
        raise InputError(
            f"{shown_as} cannot be read ({error.strerror}); mend its permissions or move it away."
        ) from error
    source: Source = in_folder(file.parent)
    if is_mhtml(data):
        data, source = page_of_mhtml(data, shown_as)
    text = text_of_page(data, shown_as)
    del data
    yield from parts_of_page(text, shown_as, source)


def require_lxml(shown_as: str) -> None:
    """Raises InputError where the library that reads pages is not installed."""
    try:
        import lxml.html  # noqa: F401
    except ImportError as error:
        raise missing("lxml", shown_as) from error


def parts_of_page(text: str, shown_as: str, beside: Source) -> Iterator[Part]:
    """The parts of a page whose text is known; `beside` reads the files its pictures lie in.

    Raises:
        InputError: there is no text in it.
    """
    root, embedded = tree_of(text, shown_as)
    held = [*root.iter()]  # lxml makes an element anew at each visit unless somebody holds it
    pictures = Pictures(beside, embedded)
    targets = Targets(page_address(root, text), pictures.name_of, draws_formulas=draws_formulas(root))
    fill_in_tex(mark_formulas(root), shown_as)
    notes = take_out_footnotes(root)
    content = content_of(root)
    del held[:]
    held += content.iter()
    title = settle_title(root, content)
    targets.notes = notes.labels
    blocks = settled(blocks_of(content, targets))
    if title:
        blocks = [f"# {title}", *blocks]
    if not any(re.search(r"\w", block) for block in blocks[1 if title else 0 :]):
        raise InputError(
            f"{shown_as} has no text of its own (a script fills it in the browser); print the page to PDF instead."
        )
    yield from in_parts_of(blocks, targets, notes, pictures)


def in_parts_of(blocks: list[str], targets: Targets, notes: Footnotes, pictures: Pictures) -> Iterator[Part]:
    """Blocks as parts of bounded length that begin with a heading, the footnotes each uses at its end."""
    warning, images = pictures.warning(), pictures.taken()
    start, length = 0, 0
    for number, block in enumerate([*blocks, "# "]):
        if number == len(blocks) or (length > _PART and block.startswith("#")):
            some = blocks[start:number]
            yield Part("\n\n".join(some + footnote_blocks(some, targets, notes)), images=images, warning=warning)
            start, length, images, warning = number, 0, (), ""
        length += len(block)


def footnote_blocks(blocks: list[str], targets: Targets, notes: Footnotes) -> list[str]:
    """`[^1]: what it says` for every footnote that the blocks refer to and that was not written before."""
    text = "\n".join(blocks) if targets.asked else ""
    labels = [label for label in targets.asked if f"[^{label}]" in text]
    written = []
    for label in labels:
        if label in notes.contents:
            known = len(targets.asked)
            note = " ".join(" ".join(blocks_of(notes.contents.pop(label), targets)).replace("\\\n", " ").split())
            note = re.sub(r"^(?:\\?\[?\(?\d{1,4}[\].)、]*|[\^↑*†‡])\s+", "", note)
            labels += targets.asked[known:]  # notes that only this note refers to
            written.append(f"[^{label}]: {note or '–'}")
    return written


def page_address(root: Element, text: str) -> str:
    """The address a page had on the web, if it tells one: what the browser noted, `<base>`, or the canonical link."""
    if match := re.search(r"saved from url=\(\d+\)(https?://\S+)", text[:3000]):
        return match[1]
    for path in ("//base/@href", "//link[@rel='canonical']/@href", "//meta[@property='og:url']/@content"):
        for found in root.xpath(path):
            if re.match(r"https?://", found):
                return str(found)
    return ""


def draws_formulas(root: Element) -> bool:
    """Whether a script of the page turns dollars in its text into formulas."""
    for script in root.iter("script", "link"):
        where = f"{script.get('src') or ''} {script.get('href') or ''} {(script.text or '')[:20_000]}"
        if re.search(r"mathjax|katex(?:\.min)?\.js|auto-render|katex\.css", where, re.I):
            return True
    return False
