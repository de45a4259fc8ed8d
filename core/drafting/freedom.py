"""Freedom: how freely a model may write, by what a short test of our own passages shows that it can carry.

The passages are kcreate's, so the result belongs to the model and the language and is kept for the next course. Names of
models say nothing here; every sentence is checked all the same, and the test decides what it is worth to ask for.
"""

import itertools
import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from enum import IntEnum
from functools import lru_cache
from importlib.resources import files
from math import log
from pathlib import Path

from ..errors import KcreateError
from ..journal import fingerprint
from ..notes.document import Document
from ..notes.language import Language
from ..notes.passages import passages
from ..storage import cache_folder, write_text
from .aims import CourseMaterial, gather, section_of
from .asking import Asker, Request
from .brief import Brief
from .calling import Call, LanguageModel, answers
from .checking import Check
from .judging import Judged, judged
from .merging import missing
from .plan import Paragraph, Plan, Section
from .prompting import Prompts
from .statements import Statement

EDITION = 1
"""Counts up when the check, or what is measured, changes so that earlier results no longer hold."""
FLUENT_BITS = 1.6
"""Bits per UTF-8 byte up to which a model counts as speaking the language: models of 0.1B and more stay below it on
plain prose of their own languages, and lie well above it on others."""
SUMS_UP = 1 / 3
"""Share of sections summed up by a sentence that passes; below it more than three are written for one that is used."""
OPENS = 1 / 2
"""Share of openings and bridges that pass; with fewer, most lessons would get neither."""
REWRITES = 2 / 3
"""Share of a paragraph's sentences that pass; with fewer, a paragraph is a patchwork of two voices."""
COVERS = 2 / 3
"""Share of statements that the passing sentences tell; the rest has to be the author's own."""


class Freedom(IntEnum):
    """What a model is asked for; each level includes those below."""

    NOTHING = 0
    RANKS = 1
    SUMS_UP = 2
    OPENS = 3
    REWRITES = 4


@dataclass(frozen=True)
class Measured:
    """What the test found.

    Attributes:
        bits: per byte of the passages; None where the model does not score.
        summaries: share of sections with a sentence that passes and is no copy.
        joins: the same of openings and bridges.
        sentences: the same of the sentences of paragraphs, in the statements' order.
        coverage: share of the paragraphs' statements that those tell.
    """

    bits: float | None = None
    summaries: float = 0.0
    joins: float = 0.0
    sentences: float = 0.0
    coverage: float = 0.0

    @property
    def freedom(self) -> Freedom:
        """The highest level of which it reaches all that lead there."""
        if self.bits is not None and self.bits > FLUENT_BITS:
            return Freedom.NOTHING
        if self.summaries < SUMS_UP:
            return Freedom.NOTHING if self.bits is None else Freedom.RANKS
        if self.joins < OPENS:
            return Freedom.SUMS_UP
        return Freedom.REWRITES if self.sentences >= REWRITES and self.coverage >= COVERS else Freedom.OPENS


def measured(model: LanguageModel, prompts: Prompts) -> Measured:
    """What the model can carry in the language of `prompts`: from the cache where it was tested before, else by the test.

    What a test costs: the passages scored once, six summaries, and where these pass a dozen answers more.
    """
    identity = str(getattr(model, "identity", "") or "")
    if not identity:
        return _test(model, prompts)
    texts = _passages_text(prompts.language)
    key = fingerprint(EDITION, identity, prompts.language, prompts.digest, texts)
    path = cache_folder() / "freedom" / f"{key[:32]}.json"
    if (known := _read(path)) is not None:
        return known
    found = _test(model, prompts)
    with suppress(KcreateError):  # a cache that cannot be written costs the next run its time, and this one nothing
        write_text(path, json.dumps({"model": model.name, **asdict(found)}))
    return found


def _test(model: LanguageModel, prompts: Prompts) -> Measured:
    course, plans = _trial(prompts.language)
    bits = None
    if getattr(model, "scores", True):
        said = [one.plain for material in course.lessons for one in material.statements]
        scores = model.score("\n", said)
        bits = sum(-score.log_prob for score in scores) / log(2) / sum(len(text.encode()) for text in said)
        if bits > FLUENT_BITS:
            return Measured(bits)
    asker = Asker(course, prompts, Brief())
    asked = [request for place, plan in enumerate(plans) for request in asker.summaries(place, plan)]
    found = _judged(model, asked, prompts)
    summaries = _share([any(_passes(each) for each in lines) for lines in found])
    if summaries < SUMS_UP:
        return Measured(bits, summaries)
    joins = [
        one for place, plan in enumerate(plans) for one in (*asker.opening(place, plan), *asker.bridges(place, plan))
    ]
    wholes = [one for place, plan in enumerate(plans) for one in asker.paragraphs(place, plan)]
    found = _judged(model, [*joins, *wholes], prompts)
    passed = [one for lines in found[: len(joins)] for one in _passed(lines)]
    written = found[len(joins) :]
    sentences = [one for lines in written for one in _passed(lines)]
    told = sum(
        len(request.given) - len(missing(request.given, [each for each in lines if _passes(each)], {}))
        for request, lines in zip(wholes, written, strict=True)
    )
    return Measured(
        bits, summaries, _share(passed), _share(sentences), told / sum(len(request.given) for request in wholes)
    )


def _judged(model: LanguageModel, asked: Sequence[Request], prompts: Prompts) -> list[list[Judged]]:
    calls = [Call((one.chat, one.shorter.chat), one.most_tokens, one.prompt.sampling) for one in asked]
    return [
        judged(request, answer, Check(prompts.language, request.prompt.invented))
        for request, answer in zip(asked, answers(model, calls), strict=True)
    ]


def _passed(lines: Sequence[Judged]) -> list[bool]:
    """Which lines of an answer pass; an answer without a line counts as one that does not."""
    return [_passes(each) for each in lines] or [False]


def _passes(each: Judged) -> bool:
    return not each.refusal and not each.copies and bool(each.carried_by)


def _share(passed: Sequence[bool]) -> float:
    return sum(passed) / len(passed) if passed else 0.0


def _passages_text(language: Language) -> str:
    return files("kcreate.core.drafting").joinpath("self_test", f"{language}.md").read_text(encoding="utf-8")


@lru_cache(maxsize=2)
def _trial(language: Language) -> tuple[CourseMaterial, tuple[Plan, ...]]:
    """The built-in passages as a course, a lesson for each first-rank heading, every paragraph planned whole."""
    found = passages(Document("self-test.md", _passages_text(language)))
    starts = [index for index, one in enumerate(found) if one.level == 1] + [len(found)]
    lessons = [(f"lesson-{first}", found[first].title, found[first:stop]) for first, stop in itertools.pairwise(starts)]
    course = gather(lessons, language)
    plans = []
    for material in course.lessons:
        sections: dict[str, list[Statement]] = {}
        for one in material.statements:
            sections.setdefault(section_of(one, material), []).append(one)
        parts = tuple(Section(title, tuple(said)) for title, said in sections.items())
        whole = tuple(Paragraph(place, section.statements) for place, section in enumerate(parts))
        plans.append(Plan(material, parts, whole))
    return course, tuple(plans)


def _read(path: Path) -> Measured | None:
    """What an earlier test found; None where there was none or its file is damaged."""
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
        values.pop("model")
        numbers = [value for key, value in values.items() if not (key == "bits" and value is None)]
        found = Measured(**values)
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return None
    return found if all(isinstance(value, int | float) for value in numbers) else None
