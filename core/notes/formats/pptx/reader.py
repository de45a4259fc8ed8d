"""Slides (PPTX): titles as headings, bodies as lists and paragraphs, tables, charts, pictures, and the speaker's notes."""

import hashlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from ....errors import InputError
from ...language import language_of
from ..archive.members import check_container
from ..converted import Image, Part, Place, missing
from ..markdown_writing import plain
from ..picture_data import for_browsers
from .shapes import Piece, SlideShapes
from .titles import Headings, with_title

if TYPE_CHECKING:
    from pptx.presentation import Presentation
    from pptx.slide import Slide

_REPEATED = 0.5
"""Of the slides: what stands on at least as many belongs to the deck's design and not to them …"""
_REPEATED_AT_LEAST = 3
_WORDLESS = "no slide has text, only pictures; save the slides as PDF and run OCR over it (for instance with OCRmyPDF)"
_WIDTH, _HEIGHT = 12_192_000, 6_858_000


def read(file: Path, shown_as: str) -> Iterator[Part]:
    """The slides of a deck in order, hidden ones too, one part each; slides with nothing on them are passed over.

    Raises:
        InputError: python-pptx is missing; the file is an old `.ppt`, encrypted, broken, or without text and pictures.
    """
    deck = _opened(file, shown_as)
    width, height = deck.slide_width or _WIDTH, deck.slide_height or _HEIGHT
    slides = list(_slides(deck, shown_as))
    shapes = [SlideShapes(slide, width, height) for slide in slides]
    read_slides = [one.pieces() for one in shapes]
    design = _design(read_slides)
    read_slides = [with_title([piece for piece in pieces if piece.mark not in design]) for pieces in read_slides]
    notes = [one.notes() for one in shapes]
    if not any(read_slides) and not any(notes):
        raise InputError(f"{shown_as} has slides with nothing on them; write on them or leave the file out.")
    wordless = not any(piece.markdown for pieces in read_slides for piece in pieces) and not any(notes)
    headings, pictures = Headings(slides), _Pictures()
    for number, pieces in enumerate(read_slides):
        title = " ".join(piece.markdown for piece in pieces if piece.is_title)
        blocks = [headings.of(number, title)]
        images: list[Image] = []
        for piece in pieces:
            if piece.picture is None:
                blocks += [] if piece.is_title else [piece.markdown]
            elif shown := pictures.name(piece.picture, number + 1, images):
                blocks.append(f"![{plain(piece.alt)}]({shown})")
            else:
                shapes[number].problems.append(
                    "has a picture that browsers do not show (EMF, WMF); save it as PNG there"
                )
        blocks.append(_quoted(notes[number]))
        text, problems = (
            "\n\n".join(block for block in blocks if block),
            "; ".join(dict.fromkeys(shapes[number].problems)),
        )
        if text or problems:
            said = [_WORDLESS] * wordless + [f"slide {number + 1} {problems}"] * bool(problems)
            wordless = False
            yield Part(text, Place("slide", str(number + 1)), tuple(images), "; ".join(said))


def _opened(file: Path, shown_as: str) -> "Presentation":
    check_container(file, shown_as)
    try:
        from pptx.package import Package
    except ImportError as error:
        raise missing("python-pptx", shown_as) from error
    try:
        with file.open("rb") as stream:
            # pptx.Presentation does the same, but takes no slide shows (.ppsx) and templates.
            return Package.open(stream).main_document_part.presentation
    except Exception as error:  # whatever python-pptx and lxml raise for a file that only looks like one
        raise InputError(f"{shown_as} is not a readable .pptx; open it and save it again as .pptx.") from error


def _slides(deck: "Presentation", shown_as: str) -> Iterator["Slide"]:
    """The slides in the order in which they are shown."""
    listed = deck.part._element.sldIdLst
    for entry in listed if listed is not None else ():
        try:
            yield deck.part.related_slide(entry.rId)
        except Exception as error:  # as above: an entry that leads to no slide
            raise InputError(
                f"{shown_as} lists a slide that is not in it; open it and save it again as .pptx."
            ) from error


def _design(read_slides: list[list[Piece]]) -> set[str]:
    """The marks of what stands on most slides: a company's name, a logo, a copyright line."""
    count = Counter(mark for pieces in read_slides for mark in {piece.mark for piece in pieces if piece.mark})
    least = max(_REPEATED_AT_LEAST, _REPEATED * len(read_slides))
    return {mark for mark, times in count.items() if times >= least}


def _quoted(notes: list[str]) -> str:
    """The speaker's notes as a quotation that says what it is, in their language."""
    if not notes:
        return ""
    label = "**讲者备注：** " if language_of("\n".join(notes)) == "zh" else "**Notes:** "
    joins = notes[0][0].isalnum() or notes[0][0] in "“”‘’\"'（《「"
    text = f"{label}{notes[0]}" if joins else f"{label.rstrip()}\n\n{notes[0]}"
    lines = "\n\n".join([text, *notes[1:]]).split("\n")
    return "\n".join(f"> {line}".rstrip() for line in lines)


class _Pictures:
    """Names the pictures of a deck; one that stands on several slides is kept once."""

    def __init__(self) -> None:
        self._names: dict[str, str] = {}

    def name(self, data: bytes, slide: int, images: list[Image]) -> str:
        """The picture's name, added to `images` where it is new; empty where browsers cannot show it."""
        digest = hashlib.sha256(data).hexdigest()
        if digest not in self._names:
            shown = for_browsers(data)
            self._names[digest] = f"slide{slide}-{len(images) + 1}{shown[1]}" if shown else ""
            if shown:
                images.append(Image(self._names[digest], shown[0]))
        return self._names[digest]
