"""What every measure reads: the course taken apart, each sentence with the lines of the notes that it cites."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from urllib.parse import unquote

from ..course.citation import Citation, read_citations
from ..course.course import Course, LessonEntry
from ..course.lesson import Lesson
from ..course.quiz import Item, quiz_lines
from ..course.unit import spans
from ..notes.cited import CitedSentence, CitedText, read_cited
from ..notes.document import Notes
from ..notes.language import Language
from ..notes.passages import Passage, passages

_SOURCE = re.compile(r"^(?P<file>.+?)(?:#L(?P<first>\d+)(?:-L(?P<last>\d+))?)?$")
_FRONT = re.compile(r"[-*+] +\*\*.+\*\*")
_EVERYTHING = 10**9


@dataclass(frozen=True)
class Reference:
    """A footnote mark behind a sentence; `citation` is None where its label leads to no lines of the notes.

    `text` is what the cited lines say, empty where there are no such lines.
    """

    label: str
    citation: Citation | None
    text: str


@dataclass(frozen=True)
class Said:
    """A sentence of the course with what it cites."""

    sentence: CitedSentence
    file: str
    unit: str
    lesson: str
    references: tuple[Reference, ...]

    @property
    def cited(self) -> tuple[tuple[str, int, int, str], ...]:
        """The cited lines as a finding shows them."""
        return tuple(
            (one.citation.file, one.citation.first, one.citation.last, one.text)
            for one in self.references
            if one.citation and one.text
        )


@dataclass(frozen=True)
class Page:
    """A file of the course, taken apart.

    Attributes:
        lesson: the lesson's id; `glossary` or `flashcards` for those files.
        said: its sentences that state something, quiz explanations among them.
        sources: the passages of the notes that `course.yaml` gives the lesson.
        parts: its units by lines, `(first, last, name)` each.
    """

    lesson: str
    title: str
    file: str
    text: CitedText
    said: tuple[Said, ...]
    citations: dict[str, Citation]
    sources: tuple[Passage, ...] = ()
    content: Lesson | None = None
    parts: tuple[tuple[int, int, str], ...] = ()

    @cached_property
    def prose(self) -> tuple[Said, ...]:
        """What is said outside the quiz."""
        return tuple(one for one in self.said if not one.sentence.quiz)

    @property
    def items(self) -> list[Item]:
        """Its questions."""
        return self.content.items if self.content else []

    def unit_at(self, line: int) -> str:
        """The smallest unit that has a line of the file: a question, a section, else the lesson."""
        return unit_at(self.lesson, self.parts, line)

    def line_of(self, item: Item) -> int:
        """The line of the file on which a question stands."""
        return item.line + (self.content.first_line if self.content else 1) - 1


@dataclass(frozen=True)
class Material:
    """A course and its notes, taken apart once for all measures."""

    course: Course
    notes: Notes
    lessons: tuple[Page, ...]
    others: tuple[Page, ...]

    @property
    def language(self) -> Language:
        """The language of the course."""
        return self.course.language

    @property
    def pages(self) -> tuple[Page, ...]:
        """Lessons, then glossary and flashcards."""
        return (*self.lessons, *self.others)

    @cached_property
    def passages(self) -> dict[str, list[Passage]]:
        """The passages of every document of the notes, by its name."""
        return {document.name: passages(document) for document in self.notes.documents}


def gather(course: Course, notes: Notes) -> Material:
    """Take the course apart."""
    lines = {document.name: document.text.split("\n") for document in notes.documents}
    blocks = {document.name: passages(document) for document in notes.documents}
    entries = {entry.id: entry for entry in course.about.entries()}
    lessons = []
    for lesson in course.lessons:
        file, citations = f"lessons/{lesson.file}", lesson.citations
        text = read_cited(lesson.body, lesson.first_line, quiz_lines(lesson.body))
        parts = _parts(_read(course.folder / file))
        said = _said(text, file, lesson.id, citations, lines, parts)
        sources = tuple(_sources(entries[lesson.id], blocks))
        lessons.append(Page(lesson.id, lesson.title, file, text, said, citations, sources, lesson, parts))
    others = []
    for name in ("glossary", "flashcards"):
        content = _read(course.folder / f"{name}.md")
        text, citations = read_cited(content), dict(read_citations(content))
        if text.sentences:
            said = _said(text, f"{name}.md", name, citations, lines)
            if name == "flashcards":
                fronts = _fronts(content)
                said = tuple(one for one in said if one.sentence.first not in fronts)
            others.append(Page(name, name.capitalize(), f"{name}.md", text, said, citations))
    return Material(course, notes, tuple(lessons), tuple(others))


def _said(
    text: CitedText,
    file: str,
    unit: str,
    citations: dict[str, Citation],
    lines: dict[str, list[str]],
    parts: tuple[tuple[int, int, str], ...] = (),
) -> tuple[Said, ...]:
    found = []
    for one in text.sentences:
        if not one.claims or (one.quiz and one.kind != "quote"):
            continue
        references = tuple(_reference(label, citations, lines) for label in one.labels)
        found.append(Said(one, file, unit_at(unit, parts, one.first), unit, references))
    return tuple(found)


def unit_at(unit: str, parts: tuple[tuple[int, int, str], ...], line: int) -> str:
    """The smallest of `parts` that has the line, as `UNIT/PART`; `unit` itself where none has."""
    around = [(last - first, name) for first, last, name in parts if first <= line <= last]
    return f"{unit}/{min(around)[1]}" if around else unit


def _parts(text: str) -> tuple[tuple[int, int, str], ...]:
    """The units in a lesson's file, by lines."""
    found = spans(text).items()
    return tuple((text.count("\n", 0, start) + 1, text.count("\n", 0, end) + 1, name) for name, (start, end) in found)


def _fronts(content: str) -> set[int]:
    """The lines of a file of flashcards that are the front of one: a question asks, and cites nothing."""
    return {number for number, line in enumerate(content.split("\n"), 1) if _FRONT.fullmatch(line.rstrip())}


def _reference(label: str, citations: dict[str, Citation], lines: dict[str, list[str]]) -> Reference:
    citation = citations.get(label)
    if citation is None:
        return Reference(label, None, "")
    there = lines.get(citation.file, [])
    if not 1 <= citation.first <= citation.last <= len(there):
        return Reference(label, citation, "")
    return Reference(label, citation, "\n".join(there[citation.first - 1 : citation.last]).strip())


def _sources(entry: LessonEntry, blocks: dict[str, list[Passage]]) -> Iterator[Passage]:
    """The passages that an entry's sources name; one that names nothing is drafting's to complain about."""
    for source in entry.sources:
        match = _SOURCE.match(source)
        if match:
            first = int(match["first"] or 1)
            last = int(match["last"] or match["first"] or _EVERYTHING)
            for one in blocks.get(unquote(match["file"]), blocks.get(match["file"], [])):
                if one.first >= first and one.last <= last:
                    yield one


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8-sig", errors="replace") if path.is_file() else ""


def words_in(text: str) -> int:
    """Words of running text as a person counts them: code in it, link targets and formulas are not words."""
    from ..notes.language import count_words

    return count_words(_NO_WORDS.sub(" ", text))


_NO_WORDS = re.compile(r"`[^`\n]*`|\$\$.*?\$\$|\$[^$\n]*\$|(?<=\])\([^()\s]*\)|https?://\S+|[*_]{1,3}", re.DOTALL)


def overlaps(passage: Passage, citations: Sequence[Citation]) -> bool:
    """Whether any citation has a line of the passage."""
    return any(
        one.file == passage.file and one.first <= passage.last and one.last >= passage.first for one in citations
    )
