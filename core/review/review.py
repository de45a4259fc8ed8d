"""A course and its notes reviewed: every measure taken, every finding in the order of the course."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from ..course.folder import load_course
from ..notes.entailment import Entailment
from ..notes.reading import stored_notes
from ..notes.support import Scorer, support
from ..progress import Event, Progress, silent
from .aims import AIMS
from .alignment import alignment
from .blocks import blocks
from .citations import citations
from .copying import copying
from .coverage import coverage
from .finding import Finding, Measured
from .gold import read_gold
from .items import items
from .length import length
from .material import Material, gather
from .private_data import private_data
from .purity import purity
from .readability import readability
from .recall import recall
from .repetition import repetition


@dataclass
class Review:
    """What a review found.

    Attributes:
        titles: the lessons' titles by id, in course order.
        measures: those of the whole course by name, in the order of `AIMS`; one that cannot be taken is not there.
        lessons: those of each lesson, by its id.
        findings: in the order of the course, by file and line; what concerns the notes comes last.
    """

    folder: Path
    title: str
    language: str
    titles: dict[str, str] = field(default_factory=dict)
    measures: dict[str, float] = field(default_factory=dict)
    lessons: dict[str, dict[str, float]] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        """As one JSON object."""
        return {
            "course": str(self.folder),
            "title": self.title,
            "language": self.language,
            "measures": self.measures,
            "lessons": self.lessons,
            "findings": [asdict(one) for one in self.findings],
        }


def review_course(
    folder: str | Path,
    *,
    gold: str | Path | None = None,
    model: Scorer | None = None,
    entailment: str | Path | None = None,
    words_wanted: int | None = None,
    progress: Progress = silent,
) -> Review:
    """Take every measure of a course folder; the same folder gives the same review.

    Args:
        gold: a JSON file with titles, objectives, key points or terms to compare with.
        model: weighs how much the cited lines raise a sentence's log-probability; none is needed.
        entailment: the folder of an entailment model that judges whether cited lines carry a sentence.
        words_wanted: how long the course is to be; None takes 70 % of the words of the notes it stands on.

    Raises:
        InputError: there is no course, one of its files cannot be read, it has no notes, or `gold` is no such file.
        ModelUnavailableError: `entailment` holds no model that can be read.
    """
    compared = read_gold(Path(gold)) if gold is not None else None
    course = load_course(folder)
    material = gather(course, stored_notes(course.folder))

    judge = Entailment.open(entailment) if entailment is not None else None

    def carries(sentence: str, passages: Sequence[str]) -> float:
        return support(sentence, passages, model, entailment=judge)

    found = [citations(material, carries, progress)]
    progress(Event("taking the other measures"))
    found += [take(material) for take in (alignment, coverage, repetition, items, purity, readability)]
    found += [length(material, words_wanted), copying(material), blocks(material), private_data(material)]
    if compared is not None:
        from ..notes.search.encoder import open_encoder

        progress(Event("comparing with the gold"))
        found.append(recall(material, compared, open_encoder()))
    return _put_together(material, found)


def _put_together(material: Material, found: Sequence[Measured]) -> Review:
    whole = {name: value for one in found for name, value in one.course.items()}
    names = [aim.name for aim in AIMS]
    review = Review(material.course.folder, material.course.about.title, material.language)
    review.titles = {page.lesson: page.title for page in material.lessons}
    review.measures = {name: float(whole[name]) for name in names if name in whole}
    for page in material.lessons:
        own = {name: value for one in found for name, value in one.lessons.get(page.lesson, {}).items()}
        review.lessons[page.lesson] = {name: float(own[name]) for name in names if name in own}
    order = {page.file: place for place, page in enumerate(material.pages)}
    review.findings = sorted(
        (finding for one in found for finding in one.findings),
        key=lambda one: (order.get(one.file, len(order)), one.file, one.line, names.index(one.measure)),
    )
    return review
