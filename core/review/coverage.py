"""Source coverage: how much of what the notes teach the course cites at least once."""

import re
from collections.abc import Iterable, Iterator
from itertools import groupby

from ..notes.language import size
from ..notes.passages import Passage
from ..notes.teaching import teaches
from .finding import Finding, Measured, share
from .material import Material, overlaps

AIM = 0.7
"""Of a lesson's passages; one that cites fewer is worth writing again."""
FEWEST_WORDS = 8
"""Words (a Chinese character counts 0.6) of a paragraph, list or quotation that teaches something."""
_WORTH_TELLING = 40
_BLOCKS = frozenset({"code", "table", "math"})
_LINKS = re.compile(r"!?\[[^\]]*\]\([^)]*\)|<?https?://\S+")


def coverage(material: Material) -> Measured:
    """`source_coverage`: cited passages of the notes / all passages that teach.

    A passage is a paragraph, list, quotation, table, code block or formula; it teaches unless it speaks of the class and not of the subject (see
    `notes.teaching`), or is shorter than `FEWEST_WORDS`. It is cited where a citation of a lesson, the glossary or the flashcards has one of its lines. For a lesson:
    those of its own sources.
    """
    measured = Measured()
    cited = [citation for page in material.pages for citation in page.citations.values()]
    belongs = {(one.file, one.first): page.lesson for page in material.lessons for one in page.sources}
    thin: set[str] = set()
    everything = [one for parts in material.passages.values() for one in parts if counts(one)]
    covered = {(one.file, one.first) for one in everything if overlaps(one, cited)}
    for page in material.lessons:
        own = [one for one in page.sources if counts(one)]
        hit = sum((one.file, one.first) in covered for one in own)
        measured.of_lesson(page.lesson, "source_coverage", share(hit, len(own)))
        if own and hit < AIM * len(own):
            thin.add(page.lesson)
    if (value := share(len(covered), len(everything))) is not None:
        measured.course["source_coverage"] = value
    for run in _gaps(everything, covered):
        words = sum(size(one.text) for one in run)
        if words >= _WORTH_TELLING:
            first, last = run[0], run[-1]
            under = f" under “{first.headings[-1]}”" if first.headings else ""
            lines = f"line {first.first}" if first.first == last.last else f"lines {first.first}–{last.last}"
            message = f"No lesson cites {lines}{under}, {words} words."
            lesson = belongs.get((first.file, first.first), "")
            unit = lesson if lesson in thin else ""  # a lesson that covers enough is not written anew for a paragraph
            measured.findings.append(Finding(f"notes/{first.file}", first.first, "source_coverage", message, unit))
    return measured


def counts(passage: Passage) -> bool:
    """Whether a passage says something of the subject that a course could teach."""
    if passage.kind in {"heading", "figure"} or not teaches(passage):
        return False
    return passage.kind in _BLOCKS or size(_LINKS.sub(" ", passage.text)) >= FEWEST_WORDS


def _gaps(passages: Iterable[Passage], covered: set[tuple[str, int]]) -> Iterator[list[Passage]]:
    """Runs of passages of one section that nothing cites."""
    for (hit, _, _), run in groupby(
        passages, key=lambda one: ((one.file, one.first) in covered, one.file, one.headings)
    ):
        if not hit:
            yield list(run)
