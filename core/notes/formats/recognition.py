"""Which format a file is in: by its first bytes where they tell, by its name where they do not."""

from importlib import import_module
from pathlib import Path
from typing import cast

from .converted import Reader

SUFFIXES = {
    ".md": "markdown", ".markdown": "markdown", ".mkd": "markdown", ".txt": "text", ".text": "text",
    ".html": "html", ".htm": "html", ".xhtml": "html", ".mhtml": "html", ".mht": "html", ".pdf": "pdf",
    ".docx": "docx", ".docm": "docx", ".doc": "docx", ".odt": "docx", ".rtf": "docx",
    ".pptx": "pptx", ".pptm": "pptx", ".ppsx": "pptx", ".ppt": "pptx", ".epub": "epub", ".ipynb": "notebook",
    ".csv": "table", ".tsv": "table", ".xlsx": "table", ".xlsm": "table", ".xls": "table",
    ".srt": "subtitles", ".vtt": "subtitles", ".zip": "archive",
}  # fmt: skip
"""The formats by file ending; old binary ones belong to the reader that says how to save them anew."""

ENDINGS = ", ".join(sorted(set(SUFFIXES) - {".doc", ".ppt", ".xls", ".rtf"}))
"""What a message lists: the endings of files that can be read."""

NAMES = {
    "markdown": "Markdown", "text": "plain text", "html": "a web page", "pdf": "a PDF", "docx": "a text document",
    "pptx": "slides", "epub": "an e-book", "notebook": "a notebook", "table": "a table", "subtitles": "subtitles",
    "archive": "a ZIP archive",
}  # fmt: skip
"""What messages call a format."""

_OOXML = {"word/": "docx", "ppt/": "pptx", "xl/": "table"}


def format_of(file: Path) -> str | None:
    """The format of a file, a key of `NAMES`; None for one that is none of notes.

    What cannot be opened has the format of its name, so that its reader can say what is wrong with it.
    """
    named = SUFFIXES.get(file.suffix.lower())
    try:
        with file.open("rb") as opened:
            head = opened.read(2048)
    except OSError:
        return named
    return _by_content(file, head, named) or named


def reader_of(kind: str) -> Reader:
    """The reader of a format other than Markdown, text and archives; its module is loaded now."""
    return cast(Reader, import_module(f".{kind}.reader", __package__).read)


def _by_content(file: Path, head: bytes, named: str | None) -> str | None:
    """The format that the first bytes tell; None where they tell none."""
    if b"%PDF-" in head[:1024]:
        return "pdf"
    if head.startswith(b"{\\rtf"):
        return "docx"
    if head.startswith(b"PK\x03\x04"):
        return _of_container(file, named)
    beginning = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if beginning.startswith((b"<!doctype html", b"<html")) and named != "html":
        return "html"
    if beginning.startswith(b"webvtt") and named in {"text", None}:
        return "subtitles"
    return None


def _of_container(file: Path, named: str | None) -> str | None:
    """What a ZIP file holds."""
    import zipfile

    try:
        with zipfile.ZipFile(file) as container:
            names = set(container.namelist()[:5000])
            if "mimetype" in names and container.getinfo("mimetype").file_size < 200:
                stated = container.read("mimetype")
                if stated.startswith(b"application/epub+zip"):
                    return "epub"
                if stated.startswith(b"application/vnd.oasis.opendocument.text"):
                    return "docx"
                return named
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError, ValueError):
        return named
    if "[Content_Types].xml" in names:
        for folder, kind in _OOXML.items():
            if any(name.startswith(folder) for name in names):
                return kind
    return "archive" if named in {"archive", None} else named
