"""Writing one part of a lesson anew: the section, the quiz or the question taken out of a new version and put in its place."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from ..course.lesson import Lesson
from ..course.quiz import Item
from ..course.splicing import definitions, parts_of, put, replace_unit
from ..course.unit import ITEM, QUIZ, Unit, spans
from ..errors import KcreateError
from .aims import LessonMaterial
from .author import Author
from .brief import Brief
from .composition import Composer
from .statements import Statement

TRIES = 3
"""Versions written until one reads differently from what stands there."""
FURTHER = 2
"""Questions added for `--more-like-this`."""

_IDS = re.compile(r"^(?P<stem>\d+[.)] .*?)[ \t]*\((?P<ids>o\d+(?:, ?o\d+)*)\)[ \t]*$", re.MULTILINE)


@dataclass(frozen=True)
class Redo:
    """Writes parts of one lesson anew."""

    author: Author
    material: LessonMaterial

    def part(self, text: str, part: str, brief: Callable[[int], Brief], version: int) -> tuple[str, int]:
        """The lesson's text with the part written anew, and the version that it is: the first that reads differently.

        Args:
            brief: the part's brief, by version.

        Raises:
            KcreateError: no version has the part.
        """
        unit, before = Unit(self.material.id, part), parts_of(text)[part]
        done = ""
        for number in range(version, version + TRIES):
            made = self._question(text, unit, brief(number)) if unit.is_item else self.once(text, part, brief(number))
            if made and parts_of(made).get(part) != before:
                return made, number
            done = made or done
        if not done:
            raise KcreateError(
                f"--only {unit}: the notes give no other version of it; add to the notes, or write it by hand in its lesson."
            )
        return done, version

    def whole(self, text: str, brief: Callable[[int], Brief], version: int) -> tuple[str, int]:
        """Another version of the whole lesson, and which: the first that reads differently, else `version`."""
        done = ""
        for number in range(version, version + TRIES):
            [lesson] = self.author.write([(self.material, brief(number))])
            made = lesson.to_markdown()
            if made != text:
                return made, number
            done = done or made
        return done, version

    def once(self, text: str, part: str, brief: Brief) -> str:
        """The lesson's text with a section or the quiz of a version of it; empty where that version has no such part."""
        unit = Unit(self.material.id, part)
        if part == QUIZ:
            fresh = _with_ids_of(text, self.author.ask(self.material, brief))
        else:
            [lesson] = self.author.write([(self.material, brief)])
            fresh = lesson.to_markdown()
        if part not in spans(fresh) or part not in spans(text):
            return ""
        made = replace_unit(text, unit, fresh)
        return self._other_questions(text, brief) if part == QUIZ and made == text else made

    def _other_questions(self, text: str, brief: Brief) -> str:
        """The lesson's text with another question in the place of each, where the notes give one."""
        for part in [name for name in spans(text) if ITEM.fullmatch(name)]:
            text = self._question(text, Unit(self.material.id, part), brief) or text
        return text

    def more(self, text: str, like: Unit, brief: Brief) -> str:
        """The lesson's text with questions added at the end of its quiz, of the kind of the one named.

        Raises:
            KcreateError: the notes give no more of them.
        """
        added = 0
        for version in range(brief.version, brief.version + TRIES * FURTHER):
            if added == FURTHER:
                break
            if made := self._another(text, like, replace(brief, version=version)):
                count = sum(ITEM.fullmatch(part) is not None for part in spans(text))
                end = spans(text)[QUIZ][1]
                text = put(text, (end, end), "\n\n" + _numbered(made, count + 1), definitions(made))
                added += 1
        if not added:
            raise KcreateError(
                f"--more-like-this {like}: the notes give no more questions of this kind; add to the notes."
            )
        return text

    def _question(self, text: str, unit: Unit, brief: Brief) -> str:
        """The lesson's text with another question in the place of one; empty where there is none."""
        made = self._another(text, unit, brief)
        span = spans(text)[unit.part]
        return put(text, span, _numbered(made, _number(text[slice(*span)])), definitions(made)) if made else ""

    def _another(self, text: str, unit: Unit, brief: Brief) -> str:
        """A lesson of one question that is for the objective of the one named, and is not in the lesson yet."""
        lesson = Lesson.from_markdown(text, unit.lesson)
        items = lesson.items
        if (place := int(unit.part[1:]) - 1) >= len(items):
            return ""
        own = {objective.id: objective.text for objective in lesson.objectives}
        aims = {aim.objective.text: aim.objective.id for aim in self.material.aims}
        ids = tuple(aims[own[one]] for one in items[place].objectives if own.get(one) in aims)
        made = self.author.another(self.material, replace(items[place], objectives=ids), items, brief)
        return self._composed(replace(made[0], objectives=items[place].objectives), made[1]) if made else ""

    def _composed(self, item: Item, said: Statement) -> str:
        """A lesson's text that holds the question alone, with its footnotes."""
        composer = Composer(self.author.course.language, self.author.origins)
        composer.ask([(item, said)])
        return Lesson(self.material.id, self.material.title, body=composer.body()).to_markdown()


def _with_ids_of(text: str, fresh: Lesson) -> str:
    """The fresh lesson with its questions tagged by the objectives' ids in `text`; a tag that is not there is left out."""
    there = {one.text: one.id for one in Lesson.from_markdown(text, fresh.id).objectives}
    ids = {one.id: there[one.text] for one in fresh.objectives if one.text in there}

    def tagged(match: re.Match[str]) -> str:
        kept = [ids[one] for one in re.split(r", ?", match["ids"]) if one in ids]
        return match["stem"] + (f" ({', '.join(kept)})" if kept else "")

    whole = fresh.to_markdown()
    start, end = spans(whole).get(QUIZ, (0, 0))
    return whole[:start] + _IDS.sub(tagged, whole[start:end]) + whole[end:]


def _number(question: str) -> int:
    found = re.match(r"\d+", question)
    return int(found[0]) if found else 1


def _numbered(lesson: str, number: int) -> str:
    """The first question of a lesson's text under another number, what hangs on it indented to match."""
    start, end = spans(lesson)["q1"]
    first, *rest = lesson[start:end].split("\n")
    deeper = " " * (len(str(number)) - 1)
    return "\n".join([re.sub(r"^\d+", str(number), first), *(f"{deeper}{line}" if line else "" for line in rest)])
