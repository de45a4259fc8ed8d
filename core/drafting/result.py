"""What a run of drafting did, unit by unit."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ..course.lesson import Lesson
from ..course.quiz import quiz_lines
from ..notes.cited import read_cited
from ..notes.language import count_words


@dataclass(frozen=True)
class Drafted:
    """One lesson that was written.

    Attributes:
        unit: what of it was written: the lesson's id, or with the part behind a slash.
        words: of its prose, as a person counts them; every Chinese character is one.
        sentences: of its prose.
        items: its questions.
        verbatim: share of the prose's sentences that stand in the notes word for word, 0 to 1.
        seconds: wall time.
    """

    unit: str
    title: str
    words: int
    sentences: int
    items: int
    verbatim: float
    seconds: float


@dataclass
class DraftResult:
    """What a run did.

    Attributes:
        drafted: ids of lessons written in this run, whole or in part.
        kept: ids of lessons left as they were because they are up to date.
        protected: ids of lessons left because a person edited, approved or locked them.
        stale: of those, the ones that cite lines of the notes that read differently now: id → the lines, `a.md#L3-L5`.
        renewed: ids of lessons whose footnotes follow lines that moved; nothing else in them was changed.
        lessons: each lesson that was written, with figures.
        items: questions in the lessons written in this run.
        words: in the notes that they were written from.
        seconds: wall time.
    """

    folder: Path
    drafted: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    protected: list[str] = field(default_factory=list)
    stale: dict[str, list[str]] = field(default_factory=dict)
    renewed: list[str] = field(default_factory=list)
    lessons: list[Drafted] = field(default_factory=list)
    items: int = 0
    words: int = 0
    seconds: float = 0.0

    def add(self, unit: str, text: str, notes: Mapping[str, str], seconds: float) -> None:
        """Count a lesson that was written; `text` is its file, `notes` the documents' texts by name."""
        lesson = Lesson.from_markdown(text, unit)
        sentences = read_cited(lesson.body, quiz=quiz_lines(lesson.body)).sentences
        said = [one.text for one in sentences if not one.quiz and one.claims]
        known = "\n".join(map(_bare, notes.values()))
        same = sum(_bare(one).rstrip(".。") in known for one in said)
        words = sum(map(count_words, said))
        share = same / len(said) if said else 0.0
        self.lessons.append(Drafted(unit, lesson.title, words, len(said), len(lesson.items), share, seconds))
        if lesson.id not in self.drafted:
            self.drafted.append(lesson.id)
            self.items += len(lesson.items)


def _bare(text: str) -> str:
    """The text on one line, without marks that change nothing that is read."""
    return " ".join(re.sub(r"[*_`\\]", "", text).split())
