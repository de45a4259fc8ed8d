"""The writer: what the language model is asked for, and the check that each of its sentences must pass.

How freely it writes follows from what it is measured to carry on these very notes: it ranks where it predicts their
language well, and its sentences are used where enough of them pass the check; else the author's own stand there.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from math import log
from statistics import mean, pstdev
from typing import Any, Protocol

from ..notes.language import Language, language_of, size
from ..notes.sentences import sentence_spans
from ..notes.support import CARRIED, Scorer, support
from ..notes.words import content_words
from .aims import CourseMaterial, LessonMaterial, section_of
from .prompting import load_prompt
from .statements import CLAUSE_NUMBER, Statement

FLUENT_BITS = 1.6
"""Bits per UTF-8 byte up to which a model counts as speaking the notes' language."""
TRIALS = 6
_ABOUT_THE_TEXT = re.compile(
    r"\b(?:th(?:e|is|ese) (?:text|notes?|passage|author|section|lesson|article|sentence)s?|summary|sum up)\b|本文|这段|笔记|作者|总结|概括",
    re.IGNORECASE,
)


Summaries = dict[int, tuple[str, list[Statement]]]
"""Sentences that sum up sections of a lesson, with the statements that carry them; keys are indexes of the first passage
of the section in the lesson's passages."""


class Generated(Protocol):
    """What the writer reads of an answer."""

    @property
    def text(self) -> str: ...


class LanguageModel(Scorer, Protocol):
    """What the writer needs of a model; `open_model` returns one.

    One whose `scores` is there and False is never asked for log-probabilities, as some servers have none.
    """

    name: str

    def generate(self, prompts: Any, max_new_tokens: int = 200, temperature: float = 0.0) -> Sequence[Generated]:
        """One answer for each chat of the list `prompts`, in order."""


@dataclass
class Writer:
    """A model with what it was measured to carry.

    Attributes:
        ranks: it predicts the notes well enough for its log-probabilities to mean something.
        writes: enough of its sentences passed the check in the trial.
    """

    model: LanguageModel
    language: Language
    ranks: bool = False
    writes: bool = False

    @classmethod
    def tried_on(cls, model: LanguageModel, course: CourseMaterial) -> "Writer":
        """Try the model on the first sections of the course and keep what it can be trusted with.

        A model that predicts the notes badly is not asked to write; of one that cannot score, only the writing is tried.
        """
        writer = cls(model, course.language)
        sample = [one.plain for material in course.lessons for one in material.statements if not one.aside][
            : 4 * TRIALS
        ]
        if sample and writer.scores:
            found = model.score("\n", sample)
            bits = sum(-score.log_prob for score in found) / log(2) / sum(len(text.encode()) for text in sample)
            writer.ranks = bits <= FLUENT_BITS
        sections = [section for material in course.lessons for section in _sections(material)][:TRIALS]
        if (writer.ranks or not writer.scores) and sections:
            passed = [sentence for sentence in writer._sentences(sections) if sentence]
            writer.writes = len(passed) * 3 >= len(sections)
        return writer

    @property
    def scores(self) -> bool:
        """Whether the model gives log-probabilities at all."""
        return bool(getattr(self.model, "scores", True))

    @property
    def scorer(self) -> Scorer | None:
        """The model as a judge of wordings, or None where it does not speak the language."""
        return self.model if self.ranks else None

    def relevance(self, material: LessonMaterial) -> dict[Statement, float]:
        """How much the lesson's title raises a statement's log-probability per token, in standard deviations.

        For the statements that selection weighs: items of lists are taken over whole, and asides never chosen.
        """
        said = [one for one in material.statements if not one.item and not one.aside]
        if not self.ranks or len(said) < 3:
            return {}
        texts = [one.plain for one in said]
        with_title, without = self.model.score(f"{material.title}\n\n", texts), self.model.score("\n\n", texts)
        gains = [(a.log_prob - b.log_prob) / max(1, a.tokens) for a, b in zip(with_title, without, strict=True)]
        middle, spread = mean(gains), pstdev(gains) or 1.0
        return {one: max(-2.0, min(2.0, (gain - middle) / spread)) for one, gain in zip(said, gains, strict=True)}

    def section_summaries(self, materials: Sequence[LessonMaterial]) -> dict[str, Summaries]:
        """By lesson: a checked sentence for each section that the model could sum up.

        The lessons are asked for in one call. Nothing is sampled, so a lesson's answers do not depend on its neighbours.
        """
        found: dict[str, Summaries] = {material.id: {} for material in materials}
        if self.writes:
            sections = [(material.id, section) for material in materials for section in _sections(material)]
            written = self._sentences([section for _, section in sections])
            for (lesson_id, (_, said)), text in zip(sections, written, strict=True):
                if text:
                    found[lesson_id][said[0].passage] = (text, said)
        return found

    def _sentences(self, sections: Sequence[tuple[str, list[Statement]]]) -> list[str]:
        """One checked sentence a section, empty where the model gave none that its section carries."""
        prompt = load_prompt(self.language, "summary")
        chats = [
            [{"role": "user", "content": prompt.render(title=title, text="\n".join(one.plain for one in said))}]
            for title, said in sections
        ]
        answers = self.model.generate(chats, **prompt.sampling)
        return [self._checked(answer.text, said) for answer, (_, said) in zip(answers, sections, strict=True)]

    def _checked(self, answer: str, said: Sequence[Statement]) -> str:
        """The first sentence of the answer where `said` carries it, else nothing."""
        text = re.sub(r"<think>.*?(?:</think>|\Z)", "", answer, flags=re.DOTALL).strip()
        flat = " ".join(text.split("\n\n")[0].split())
        spans = sentence_spans(flat)
        if not spans:
            return ""
        sentence = flat[spans[0][0] : spans[0][1]]
        fit = (
            re.search(r"[.!。！]$", sentence)
            and 6 <= size(sentence) <= 45
            and language_of(sentence) == self.language
            and not _ABOUT_THE_TEXT.search(sentence)
            and not re.search(r"[#*<>\[\]|]", sentence)
        )
        if not fit or CLAUSE_NUMBER.match(sentence) or _narrows_less(sentence, said):
            return ""
        return sentence if support(sentence, [one.plain for one in said]) >= CARRIED else ""


def _narrows_less(sentence: str, said: Sequence[Statement]) -> bool:
    """Whether the sentence drops the word that narrows its subject in the notes: "Gross misconduct" is no misconduct."""
    claimed = content_words(sentence)
    sources = [content_words(CLAUSE_NUMBER.sub("", one.plain)) for one in said]
    closest = max(sources, key=lambda source: len(set(source) & set(claimed)), default=[])
    if not claimed or claimed[0] not in closest:
        return False
    place = closest.index(claimed[0])
    return place > 0 and closest[place - 1] not in claimed


def _sections(material: LessonMaterial) -> list[tuple[str, list[Statement]]]:
    """The lesson's sections with enough in them to sum up: (title, statements), at most about 300 words each."""
    grouped: dict[str, list[Statement]] = {}
    for one in material.statements:
        group = grouped.setdefault(section_of(one, material), [])
        if not one.aside and not one.leads and sum(size(each.text) for each in group) < 300:
            group.append(one)
    return [(title, group) for title, group in grouped.items() if sum(size(one.text) for one in group) >= 40]
