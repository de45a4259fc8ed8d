"""Parts of an original put together into documents: places marked, pictures led to the assets, large ones divided."""

import unicodedata
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import TypeVar

from ..errors import InputError
from .cleaning import clean
from .dialects import one_dialect
from .document import Document
from .formats.converted import Image, Part
from .pictures import lead_to_assets
from .places import marker
from .stretches import STRETCH

MOST_WARNINGS = 5
"""Warnings of one file that are told in full."""

T = TypeVar("T")
Warn = Callable[[str], None]
"""Takes a sentence about something that the author may want to mend."""


def documents_of(parts: Iterable[Part], name: str, source: str, shown_as: str, warn: Warn) -> Iterator[Document]:
    """The documents that a converted file makes: one, or several of about a million characters each.

    Args:
        name: of the document, ending in `.md`; several are numbered, `lecture-01.md`.
        source: what citations call the original.
        shown_as: what messages call it.

    Raises:
        InputError: there is no text in it; or whatever its reader raises.
    """
    for own, (text, images) in numbered(_stretches(parts, shown_as, warn), name):
        whole, assets = lead_to_assets(f"{marker('source', source)}\n\n{text}", images, own)
        yield Document(own, one_dialect(clean(whole)), assets)


def numbered(texts: Iterator[T], name: str) -> Iterator[tuple[str, T]]:
    """Each stretch with its document's name: the file's own where there is one stretch, else with a number."""
    beginning = [one for one in (next(texts, None), next(texts, None)) if one is not None]
    if len(beginning) < 2:
        yield from ((name, one) for one in beginning)
        return
    stem = unicodedata.normalize("NFC", name.removesuffix(".md"))
    for number, one in enumerate(chain(beginning, texts), 1):
        yield f"{stem}-{number:02d}.md", one


def _stretches(parts: Iterable[Part], shown_as: str, warn: Warn) -> Iterator[tuple[str, list[Image]]]:
    """Markdown with its places marked, and the pictures it shows."""
    written: list[str] = []
    images: list[Image] = []
    place, size, said, warnings = None, 0, False, 0
    for part in parts:
        if part.warning and (warnings := warnings + 1) <= MOST_WARNINGS:
            warn(f"{shown_as}: {part.warning}.")
        text = part.text.strip("\n")
        if not text.strip():
            continue
        if size > STRETCH:
            yield "\n\n".join(written), images
            written, images, place, size = [], [], None, 0
        if part.place is not None and part.place != place:
            written.append(marker(part.place.kind, part.place.value))
        place, said = part.place, True
        written.append(text)
        images += part.images
        size += len(text)
    if warnings > MOST_WARNINGS:
        warn(f"{shown_as}: {warnings - MOST_WARNINGS} more warnings of this kind.")
    if not said:
        raise InputError(f"{shown_as} holds no text; write something in it or leave it out.")
    yield "\n\n".join(written), images
