"""Where in the original file a line of the notes stands: comments in the Markdown, read back for citations.

`<!-- source: lecture.pdf -->` opens a document that was made from another format, `<!-- page: 3 -->` says what the lines
from there on stood on. They are part of the text, so they move with it when an author edits the notes.
"""

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache

from .dialects import code_lines
from .formats.converted import Place

_MARKER = re.compile(r"^<!-- (?P<kind>source|page|slide|time|cell|sheet|chapter|lines): (?P<value>.+?) -->$")
_LABELS = {
    "en": {
        "page": ("page {}", "pages {}–{}"),
        "slide": ("slide {}", "slides {}–{}"),
        "time": ("at {}", "from {} to {}"),
        "cell": ("cell {}", "cells {}–{}"),
        "sheet": ("{}", "{} to {}"),
        "chapter": ("{}", "{} to {}"),
        "lines": ("lines {}", "lines {} to {}"),
    },
    "zh": {
        "page": ("第 {} 页", "第 {}–{} 页"),
        "slide": ("第 {} 张幻灯片", "第 {}–{} 张幻灯片"),
        "time": ("{} 处", "{} 至 {}"),
        "cell": ("第 {} 个单元格", "第 {}–{} 个单元格"),
        "sheet": ("{}", "{} 至 {}"),
        "chapter": ("{}", "{} 至 {}"),
        "lines": ("第 {} 行", "第 {} 行至第 {} 行"),
    },
}


@dataclass(frozen=True)
class Origin:
    """What lines of the notes were made from.

    Attributes:
        source: the original's name, as it lay below the folder that was read.
        first, last: where in it the lines begin and end; None where the original has no places.
    """

    source: str
    first: Place | None = None
    last: Place | None = None

    def label(self, language: str) -> str:
        """What a reader sees: `lecture.pdf, pages 3–4`, in Chinese `lecture.pdf，第 3–4 页`."""
        if self.first is None or self.last is None:
            return self.source
        return f"{self.source}{'，' if language.startswith('zh') else ', '}{label(self.first, self.last, language)}"


def label(first: Place, last: Place, language: str) -> str:
    """Places as a reader sees them: `pages 3–4`, in Chinese `第 3–4 页`."""
    one, several = _LABELS["zh" if language.startswith("zh") else "en"][first.kind]
    return one.format(first.value) if first == last else several.format(first.value, last.value)


def marker(kind: str, value: str) -> str:
    """The comment that states a source or a place, on one line whatever the value holds."""
    shown = " ".join(value.split()).replace("<!--", "").replace("-->", "")
    return f"<!-- {kind}: {shown.replace('--', '–')} -->"


def read_marker(comment: str) -> Place | None:
    """The place that a comment states; None for any other comment, and for one that names a source."""
    match = _MARKER.match(comment.strip())
    return Place(match["kind"], match["value"]) if match and match["kind"] != "source" else None  # type: ignore[arg-type]


def read_source(comment: str) -> str:
    """The source that a comment names; empty for any other comment."""
    match = _MARKER.match(comment.strip())
    return match["value"] if match and match["kind"] == "source" else ""


def origin(text: str, first: int, last: int) -> Origin | None:
    """What lines `first` to `last` (from 1, both counted) of a document were made from; None where it was the original."""
    source, lines, places = _markers(text)
    if not source:
        return None
    begins, ends = (bisect_right(lines, line) - 1 for line in (first, last))
    if begins < 0 or ends < 0:
        return Origin(source)
    return Origin(source, places[begins], places[ends] if places[begins].kind == places[ends].kind else places[begins])


def places(text: str) -> list[Place]:
    """The places that a document states, in order."""
    return list(_markers(text)[2])


def without_markers(text: str) -> str:
    """The text as it reads: no sources and no places."""
    lines = text.split("\n")
    code = code_lines(lines) if "<!-- " in text else set()
    kept = "\n".join(line for number, line in enumerate(lines) if number in code or not _MARKER.match(line))
    return re.sub(r"\n{3,}", "\n\n", kept).lstrip("\n")


@lru_cache(maxsize=256)
def _markers(text: str) -> tuple[str, tuple[int, ...], tuple[Place, ...]]:
    """The source that a text names, and its places with their lines."""
    source, lines, found = "", [], []
    written = text.split("\n")
    code = code_lines(written) if "<!-- " in text else set()
    for number, line in enumerate(written, 1):
        if line.startswith("<!-- ") and number - 1 not in code and (match := _MARKER.match(line)):
            if match["kind"] == "source":
                source = source or match["value"]
            elif place := read_marker(line):
                lines.append(number)
                found.append(place)
    return source, tuple(lines), tuple(found)
