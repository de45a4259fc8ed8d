"""Office documents (DOCX, ODT) as Markdown: pandoc reads them, its HTML goes the way of every page."""

import re
from collections.abc import Iterator
from pathlib import Path

from ....errors import InputError
from ..archive.members import check_container
from ..converted import Part
from ..html.blocks import blocks_of
from ..html.footnotes import take_out_footnotes
from ..html.images import Pictures
from ..html.math import mark_formulas
from ..html.reader import in_parts_of, require_lxml
from ..html.sections import settled
from ..html.source import tree_of
from ..html.targets import Targets
from ..html.title import settle_title
from ..pandoc import pandoc
from .package import Package, package_of

MAX_BYTES = 400_000_000
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def read(file: Path, shown_as: str) -> Iterator[Part]:
    """Read a document of Word, LibreOffice and their like.

    Tracked changes are taken as accepted; comments and tables of contents are left out. Such documents have no pages until
    they are printed, so parts have no place.

    Raises:
        InputError: it cannot be opened, is empty, encrypted, broken, in the old binary format, or has no text; kcreate[docs]
            is not installed.
    """
    require_lxml(shown_as)
    kind = _kind(file, shown_as)
    check_container(file, shown_as)
    package = package_of(file, kind, shown_as)
    page = "\n".join(_converted(package, kind, shown_as))
    if not re.search(r"[^\W\d_]", re.sub(r"<[^>]*>", "", page)):
        raise InputError(f"{shown_as} has no text; run OCR over its pictures, or leave it out.")
    root, embedded = tree_of(page, shown_as)
    pictures = Pictures(package.beside, embedded)
    mark_formulas(root)
    notes = take_out_footnotes(root)
    content = root.find("body")
    for line in content.xpath("./header/p[@class='author' or @class='date']"):
        line.drop_tree()
    title = settle_title(root, content)
    targets = Targets("", pictures.name_of, notes.labels)
    blocks = _with_whole_code(settled(blocks_of(content, targets)))
    yield from in_parts_of([f"# {title}", *blocks] if title else blocks, targets, notes, pictures)


def _converted(package: Package, kind: str, shown_as: str) -> Iterator[str]:
    """The pieces of a document as HTML, the identities in each its own."""
    options = ["--standalone", "--mathjax", "--wrap=none", "--track-changes=accept"]
    for number, piece in enumerate(package.pieces):
        page = pandoc(piece, kind, "html", shown_as, *options, f"--id-prefix=p{number}-").decode("utf-8", "replace")
        yield page[page.find("<body>") + 6 : page.rfind("</body>")]


def _with_whole_code(blocks: list[str]) -> list[str]:
    """Blocks of code that follow each other as one: in office documents, a line of code is a paragraph."""
    joined: list[str] = []
    for block in blocks:
        if joined and all(re.match(r"```\n", one) and one.endswith("\n```") for one in (joined[-1], block)):
            joined[-1] = joined[-1].removesuffix("```") + block.removeprefix("```\n")
        else:
            joined.append(block)
    return joined


def _kind(file: Path, shown_as: str) -> str:
    """Which of pandoc's formats a file is in, by its first bytes.

    Raises:
        InputError: it is none of them.
    """
    try:
        with file.open("rb") as stream:
            start = stream.read(4096)
        length = file.stat().st_size
    except OSError as error:
        raise InputError(
            f"{shown_as} cannot be read ({error.strerror}); mend its permissions or move it away."
        ) from error
    if length > MAX_BYTES:
        raise InputError(f"{shown_as} is {length / 1e6:.0f} MB; make its pictures smaller or split it.")
    if start.startswith(b"{\\rtf"):
        # pandoc puts lists of RTF in another place than they stand in, so a text would be taught in the wrong order.
        raise InputError(f"{shown_as} is rich text (RTF); open it and save it as .docx.")
    if start.startswith(_OLE) and file.suffix.lower() == ".doc":
        raise InputError(f"{shown_as} is an old Word document (.doc); open it and save it as .docx.")
    if start.startswith(b"PK\x03\x04") and (b"opendocument.text" in start or file.suffix.lower() in {".odt", ".ott"}):
        return "odt"
    return "docx"
