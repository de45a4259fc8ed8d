"""What notes are once they are read: documents of clean Markdown, with the pictures they show."""

from dataclasses import dataclass, field

from .language import Language, language_of


@dataclass(frozen=True)
class Asset:
    """A picture that goes into the course's `assets/`.

    Attributes:
        path: where it will lie in the course folder, `assets/lecture/image1.png`.
        data: the file's bytes.
    """

    path: str
    data: bytes = field(repr=False)


@dataclass(frozen=True)
class Document:
    """One file of notes, or one stretch of a large one, as clean Markdown.

    Attributes:
        name: its path under the course's `notes/`, forward slashes, ending in `.md`.
        text: UTF-8 Markdown with line feeds only; citations count its lines from 1.
        assets: the pictures its Markdown links to, as far as they were at hand.
    """

    name: str
    text: str
    assets: tuple[Asset, ...] = field(default=(), compare=False, repr=False)


@dataclass(frozen=True)
class Notes:
    """All that was read, in the order of the files' names, numbers compared as numbers."""

    documents: tuple[Document, ...]
    source: str

    @property
    def language(self) -> Language:
        """The language most of the notes are in."""
        return language_of("\n".join(document.text[:20_000] for document in self.documents))
