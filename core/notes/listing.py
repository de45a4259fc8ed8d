"""What the notes of a course hold, document by document: where from, how much, in which language, with what findings."""

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from .document import Document, Notes
from .language import Language, count_words, language_of
from .places import origin, places, without_markers
from .privacy.recognition import find
from .records import Record, Records


@dataclass(frozen=True)
class Listed:
    """A document of notes.

    Attributes:
        name: its path under `notes/`.
        source: the name of the file that it was made from, below what was added; its own where that is not known.
        pages: pages, slides, cells or chapters of the original; None where it has none.
        words: Latin words and Chinese characters.
        findings: private things by kind, as they stand in it now.
    """

    name: str
    source: str
    pages: int | None
    words: int
    language: Language
    findings: dict[str, int]


@dataclass(frozen=True)
class Listing:
    """What was read and what was not.

    Attributes:
        copies: documents that were left out, each with the one that says the same.
        skipped: files that could not be read, each with the reason.
        warnings: what of the files that were read could not be taken along.
    """

    documents: list[Listed]
    copies: dict[str, str]
    skipped: dict[str, str]
    warnings: list[str]


def list_notes(notes: Notes, course: Path | None = None) -> Listing:
    """Take stock of notes; of a course, with what was noted when they were added."""
    records = list(Records(course)) if course else []
    made_from = {name: record for record in records for name in record.documents}
    return Listing(
        [_listed(one, made_from.get(one.name)) for one in notes.documents],
        {double: original for record in records for double, original in record.copies.items()},
        {record.file: record.problem for record in records if record.problem},
        [warning for record in records for warning in record.warnings],
    )


def _listed(document: Document, record: Record | None) -> Listed:
    made_from = origin(document.text, 1, 1)
    counted = [one for one in places(document.text) if one.kind in {"page", "slide", "cell", "chapter"}]
    text = without_markers(document.text)
    findings = Counter(one.kind for one in find(document.text))
    return Listed(
        document.name,
        record.name if record else made_from.source if made_from else document.name,
        len({one.value for one in counted}) or None,
        count_words(text),
        language_of(text),
        dict(sorted(findings.items())),
    )
