"""The writer: has a model write what it was found able to carry, and lets through only what the notes carry.

How freely it writes follows from the test in `freedom`. A sentence that the check refuses is asked for once more; then
the author's own stands there.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import mean, pstdev

from ..journal import fingerprint
from ..notes.entailment import Entailment
from ..notes.language import Language
from ..notes.support import Scorer
from .aims import CourseMaterial, LessonMaterial
from .asking import Asker, Chat, Request
from .brief import Brief
from .calling import Call, LanguageModel, answers
from .checking import REASONS, Check
from .freedom import Freedom, Measured, measured
from .judging import OPENING_SENTENCES, Judged, judged
from .merging import Terms, merged, missing
from .plan import Plan, Prose, Written
from .prompting import Prompts, fenced
from .statements import Statement

REDO_TEMPERATURE = 0.4
"""For a unit that is written again: low, as what is true has few wordings."""


@dataclass
class Writer:
    """A model with what it was found able to carry.

    Attributes:
        course: the lessons it writes for; what they say in turn is told it.
        prompts: in the course's language, the course's own first.
        found: what the test of the model found.
        seed: decides what is sampled, where anything is.
    """

    model: LanguageModel
    course: CourseMaterial
    prompts: Prompts
    found: Measured = field(default_factory=Measured)
    seed: int = 0
    entailment: Entailment | None = None

    @classmethod
    def tested(
        cls,
        model: LanguageModel,
        course: CourseMaterial,
        folder: Path | None = None,
        seed: int = 0,
        entailment: Entailment | None = None,
    ) -> "Writer":
        """A writer with the freedom that the model earns in the course's language; `folder` is the course's.

        Raises:
            InputError: a template of the course's own is broken.
        """
        prompts = Prompts(course.language, folder)
        return cls(model, course, prompts, measured(model, prompts), seed, entailment)

    @property
    def freedom(self) -> Freedom:
        """How freely the model writes."""
        return self.found.freedom

    @property
    def language(self) -> Language:
        """The course's language."""
        return self.course.language

    @property
    def scores(self) -> bool:
        """Whether the model gives log-probabilities at all."""
        return bool(getattr(self.model, "scores", True))

    @property
    def ranks(self) -> bool:
        """Whether its log-probabilities mean something in this language."""
        return self.found.bits is not None and self.freedom >= Freedom.RANKS

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

    def write(self, plans: Sequence[Plan], brief: Brief) -> list[Prose]:
        """What the model makes of each lesson, checked; what is not in it stays the author's own.

        All lessons are asked for in one call, and what failed of all in a second. Nothing is sampled in a first draft, so
        a lesson's answers do not depend on its neighbours; a lesson that is written again is asked for by itself.

        Raises:
            KcreateError: the model fails; nothing of these lessons was written.
        """
        asker = Asker(self.course, self.prompts, brief)
        asked = [one for lesson, plan in enumerate(plans) for one in self._requests(asker, lesson, plan)]
        first = self._answers(asked, [(one.chat, one.shorter.chat) for one in asked], plans, brief)
        rounds = [[self._judge(request, answer)] for request, answer in zip(asked, first, strict=True)]
        terms = [_terms(plan.material) for plan in plans]
        again = [
            (place, chat)
            for place, request in enumerate(asked)
            if (chat := self._again(request, rounds[place][0], terms[request.lesson])) is not None
        ]
        second = self._answers([asked[place] for place, _ in again], [(chat,) for _, chat in again], plans, brief)
        for (place, _), answer in zip(again, second, strict=True):
            rounds[place].append(self._judge(asked[place], answer))
        prose = [Prose() for _ in plans]
        for request, found in zip(asked, rounds, strict=True):
            plan = plans[request.lesson]
            _put(prose[request.lesson], request, plan, found, terms[request.lesson], bool(brief.instruction))
        return prose

    def _requests(self, asker: Asker, lesson: int, plan: Plan) -> list[Request]:
        """What the model's freedom lets it be asked for."""
        found: list[Request] = []
        if self.freedom >= Freedom.SUMS_UP:
            found += asker.summaries(lesson, plan)
        if self.freedom >= Freedom.OPENS and plan.paragraphs:
            found += [*asker.opening(lesson, plan), *asker.bridges(lesson, plan)]
        if self.freedom >= Freedom.REWRITES:
            found += asker.paragraphs(lesson, plan)
        return found

    def _answers(
        self, asked: Sequence[Request], chats: Sequence[tuple[Chat, ...]], plans: Sequence[Plan], brief: Brief
    ) -> list[str]:
        calls = []
        for request, forms in zip(asked, chats, strict=True):
            sampling, seed = request.prompt.sampling, None
            if brief.version and not sampling.get("temperature"):
                sampling["temperature"] = REDO_TEMPERATURE
            if sampling.get("temperature"):
                # The place of a prompt in its call decides what is drawn, so each lesson has a call and a seed of its own.
                key = fingerprint(self.seed, plans[request.lesson].material.id, brief.version, len(forms))
                seed = int(key[:8], 16)
            calls.append(Call(forms, request.most_tokens, sampling, seed))
        return answers(self.model, calls)

    def _judge(self, request: Request, answer: str) -> list[Judged]:
        return judged(request, answer, Check(self.language, request.prompt.invented, self.entailment))

    def _again(self, request: Request, found: Sequence[Judged], terms: Terms) -> Chat | None:
        """The chat that asks once more for what failed; None where nothing did, or where a summary is all that is lost."""
        if request.part == "summary":
            return None
        refused = [each for each in found if each.refusal]
        left: list[Statement] = []
        if request.part == "paragraph":
            left = missing(request.given, found, terms)
        if not left and (request.part == "paragraph" or any(each.carried_by for each in found)):
            return None
        reasons = REASONS[self.language]
        lines = "\n".join(f"{each.line} ({reasons[each.refusal]})" for each in refused)
        numbers = ", ".join(str(request.given.index(one) + 1) for one in left)
        said = "\n".join(str(each.line) for each in found) or "-"
        text = self.prompts["again"].render(refused=fenced("refused", lines), missing=numbers)
        return [*request.chat, {"role": "assistant", "content": said}, {"role": "user", "content": text}]


def _put(
    prose: Prose, request: Request, plan: Plan, rounds: Sequence[Sequence[Judged]], terms: Terms, unsourced: bool
) -> None:
    """Enter what may stand of the answers to one request."""
    good = [each for found in rounds for each in found if each.carried_by]
    if request.part == "paragraph":
        if written := merged(plan.paragraphs[request.place], request.given, rounds, terms, unsourced):
            prose.paragraphs[request.place] = written
        return
    texts = {each.line.text: Written(each.line.text, each.carried_by) for each in good}
    said = tuple(texts.values())
    if request.part == "opening":
        prose.opening = said[:OPENING_SENTENCES]
    elif said and request.part == "summary":
        prose.summaries[request.place] = said[0]
    elif said:
        prose.bridges[request.place] = said[0]


def _terms(material: LessonMaterial) -> dict[Statement, list[str]]:
    """The terms of the lesson's aims, by the statement that tells them."""
    found: dict[Statement, list[str]] = {}
    for aim in material.aims:
        fact = aim.facts[0]
        if fact.kind in {"definition", "term"} and fact.term.lower() in fact.statement.plain.lower():
            found.setdefault(fact.statement, []).append(fact.term)
    return found
