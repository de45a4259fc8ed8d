"""Asking: what a model is told of a lesson before it writes a part of it, and the part it is asked for.

It sees the sub-outline, the terms defined so far and what sibling lessons say, so that lessons written apart do not
repeat each other. All of it is told from the course's material, never from what a model wrote, so that a run that was
stopped goes on with the same prompts.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from ..notes.checking import instructions
from ..notes.language import size
from .aims import CourseMaterial, LessonMaterial
from .brief import Brief
from .checking import shown
from .plan import Plan
from .prompting import Prompt, Prompts, fenced
from .statements import CLAUSE_NUMBER, Statement

Part = Literal["opening", "bridge", "paragraph", "summary"]
Chat = list[dict[str, str]]

FEWEST_TO_SUM_UP = 40
"""Words of a section below which one of its own sentences sums it up as well."""
FEWEST_TO_REWRITE = 25
"""Words of a paragraph of one sentence below which there is nothing to condense or to join."""
MOST_OPENING = 8
MOST_BRIDGE = 4
_SIBLINGS, _TERMS, _EXAMPLE_WORDS = 12, 24, 300


@dataclass(frozen=True)
class Request:
    """A part of a lesson that the model is asked for.

    Attributes:
        lesson: index of its plan among those that are written.
        place: index of the paragraph or section in the plan; of a bridge, the section it leads into.
        given: the statements it may stand on, numbered from 1 in this order.
        before: of a bridge, how many of them belong to the section before.
    """

    part: Part
    lesson: int
    place: int
    given: tuple[Statement, ...]
    prompt: Prompt
    inputs: dict[str, object]
    before: int = 0

    @property
    def chat(self) -> Chat:
        """The messages of the request."""
        return [{"role": "user", "content": self.prompt.render(**self.inputs)}]

    @property
    def shorter(self) -> "Request":
        """The same without what the model can do without, for one that takes only short prompts."""
        spared = {"outline": "", "siblings": "", "terms": "", "example": ""}
        kept = {name: spared.get(name, value) for name, value in self.inputs.items()}
        return Request(self.part, self.lesson, self.place, self.given, self.prompt, kept, self.before)

    @property
    def most_tokens(self) -> int:
        """How long the answer may be: what was given said once more at its full length, up to the prompt's own limit.

        A token is at least two bytes of English or Chinese, and half as much again is left for numbers and a draft.
        """
        if self.part == "summary":
            return self.prompt.most_tokens
        draft = 120 if self.part in ("opening", "bridge") else 0
        given = sum(len(shown(one).encode()) for one in self.given)
        return min(self.prompt.most_tokens, 60 + draft + given * 3 // 4)


@dataclass(frozen=True)
class Asker:
    """Makes the requests for the lessons of a course."""

    course: CourseMaterial
    prompts: Prompts
    brief: Brief

    def summaries(self, lesson: int, plan: Plan) -> list[Request]:
        """One for each section that has enough in it to sum up."""
        found = []
        for place, section in enumerate(plan.sections):
            said = tuple(one for one in section.statements if not one.leads and not one.aside and _free(one, plan))
            if sum(size(one.text) for one in said) >= FEWEST_TO_SUM_UP:
                text = "\n".join(" ".join(one.plain.splitlines()) for one in said)
                inputs: dict[str, object] = {
                    "title": _quotable(section.title),
                    "notes": fenced("notes", text),
                    "audience": self.brief.audience,
                    "level": self.brief.level,
                }
                found.append(Request("summary", lesson, place, said, self.prompts["summary"], inputs))
        return found

    def opening(self, lesson: int, plan: Plan) -> list[Request]:
        """Why the lesson matters, from what its objectives stand on and what opens its sections."""
        material = plan.material
        wanted = {aim.facts[0].statement for aim in material.aims}
        for section in plan.sections:
            wanted.update([one for one in section.statements if not one.leans][:1])
        given = tuple(one for one in material.statements if one in wanted and _teaches(one, plan))
        if len(given) < 2:
            return []
        goals = "\n".join(f"- {aim.objective.text}" for aim in material.aims)
        inputs = {**self._lesson(plan, given[:MOST_OPENING]), "objectives": fenced("objectives", goals)}
        inputs.pop("terms"), inputs.pop("grade")
        return [Request("opening", lesson, 0, given[:MOST_OPENING], self.prompts["opening"], inputs)]

    def bridges(self, lesson: int, plan: Plan) -> list[Request]:
        """One into each section from the paragraphs of the section before."""
        found = []
        for left, right in pairwise(plan.paragraphs):
            if left.section == right.section:
                continue
            last = [one for each in plan.paragraphs if each.section == left.section for one in each.statements]
            before = [one for one in last if _teaches(one, plan)][-MOST_BRIDGE:]
            after = [one for one in right.statements if _teaches(one, plan)][:MOST_BRIDGE]
            if before and after and before[-1].file == after[0].file:
                given = (*before, *after)
                inputs = {**self._who, "statements": _numbered(given), "before": len(before)}
                prompt = self.prompts["bridge"]
                found.append(Request("bridge", lesson, right.section, given, prompt, inputs, len(before)))
        return found

    def paragraphs(self, lesson: int, plan: Plan) -> list[Request]:
        """One for each paragraph that can be said better than sentence by sentence.

        What leads into a block has to stay last and is not given; nor are numbered clauses, whose wording is law.
        """
        found = []
        for place, paragraph in enumerate(plan.paragraphs):
            said = paragraph.statements[:-1] if paragraph.leads else paragraph.statements
            given = tuple(one for one in said if _free(one, plan))
            if len(given) > 1 or sum(size(one.text) for one in given) >= FEWEST_TO_REWRITE:
                inputs = self._lesson(plan, given, paragraph.section)
                found.append(Request("paragraph", lesson, place, given, self.prompts["paragraph"], inputs))
        return found

    def _lesson(self, plan: Plan, given: Sequence[Statement], section: int | None = None) -> dict[str, object]:
        """What every part of a lesson is written with; `section` is the one that is being written."""
        material, course = plan.material, self.course
        earlier = _before(material, course)
        titles = []
        for one in course.lessons:
            here = one.id == material.id
            titles.append(f"{'->' if here else '-'} {one.title}")
            if here:
                titles += [
                    f"   {'->' if place == section else '-'} {each.title}" for place, each in enumerate(plan.sections)
                ]
        told = [f"- {one.title}: {one.aims[0].facts[0].statement.plain}" for one in earlier if one.aims]
        terms = [aim.facts[0].term for one in earlier for aim in one.aims if aim.facts[0].kind != "section"]
        return {
            **self._who,
            "grade": self.brief.grade,
            "statements": _numbered(given),
            "outline": fenced("outline", "\n".join(titles)),
            "siblings": fenced("earlier", "\n".join(told[-_SIBLINGS:])),
            "terms": fenced("terms", "; ".join(dict.fromkeys(terms[-_TERMS:]))),
        }

    @property
    def _who(self) -> dict[str, object]:
        example = " ".join(self.brief.example.split(" ")[:_EXAMPLE_WORDS])[: 6 * _EXAMPLE_WORDS]
        return {
            "audience": self.brief.audience,
            "level": self.brief.level,
            "wish": self.brief.instruction,
            "example": fenced("example", example),
        }


def _before(material: LessonMaterial, course: CourseMaterial) -> list[LessonMaterial]:
    """The lessons that come before in the course."""
    ids = [one.id for one in course.lessons]
    return list(course.lessons[: ids.index(material.id)]) if material.id in ids else []


def _numbered(given: Sequence[Statement]) -> str:
    return fenced("notes", "\n".join(f"{number}. {shown(one)}" for number, one in enumerate(given, 1)))


def _quotable(title: str) -> str:
    """A heading that can stand between quotation marks in a prompt; nothing for one that could be read as more."""
    plain = re.fullmatch(r"[\w \-–,.:;'’()&/+?!，。：；、（）？！]{1,80}", title)
    return title if plain and not instructions(title) else ""


def _free(one: Statement, plan: Plan) -> bool:
    """Whether a model may say the statement in other words: no numbered clause, no order to a model, nothing disputed."""
    return not CLAUSE_NUMBER.match(one.text) and not instructions(one.text) and one not in plan.disputes


def _teaches(one: Statement, plan: Plan) -> bool:
    return _free(one, plan) and not one.leads and not one.aside
