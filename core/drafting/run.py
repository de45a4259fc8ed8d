"""One run: what is due is written, what stands is kept, what a person changed is left alone; or one unit is written anew."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from ..course.unit import ITEM, QUIZ, Unit, find, spans
from ..errors import UsageError
from ..journal import digest
from ..notes.language import size
from ..progress import Event, Progress
from .aims import LessonMaterial
from .author import Author
from .brief import Brief
from .contradictions import told
from .flashcards import flashcards
from .freedom import Freedom
from .glossary import glossary
from .items import ItemWriter
from .order import Ask, Order
from .redo import Redo
from .result import DraftResult
from .speed import Meter
from .staleness import changed, follow, moves, place
from .standing import Standing
from .state import CourseState
from .versions import keep_version
from .writer import Writer

if TYPE_CHECKING:
    from .calling import LanguageModel

STAGE = "drafting lessons"
SAME = "{unit}: the notes give no other version; it reads as before."


@dataclass
class Run:
    """One run over a course.

    Attributes:
        open_model: called only when something is to be written.
        together: lessons whose sections are asked for in one call of the model.
    """

    state: CourseState
    order: Order
    open_model: Callable[[], "LanguageModel"]
    progress: Progress
    together: int
    result: DraftResult = field(init=False)
    meter: Meter | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        self.result = DraftResult(self.state.folder)

    def draft(self) -> DraftResult:
        """Do what the order says.

        Raises:
            UsageError: the order's unit is not there, or may not be written anew.
        """
        unit = self.order.only or self.order.like
        if unit is None:
            self.order.end(self.state.folder)
            self._all_that_is_due()
        elif unit.lesson:
            self._one(unit)
        for message in told(self.state.material.disputes):
            self.progress(Event(STAGE, message=message, warning=True))
        for name, write in (("glossary", glossary), ("flashcards", flashcards)):
            self._of_the_course(name, write(self.state.material, self.state.origin))
        self.order.end(self.state.folder)
        return self.result

    def _all_that_is_due(self) -> None:
        state = self.state
        todo: list[tuple[LessonMaterial, Standing, dict[str, Ask]]] = []
        for material in state.material.lessons:
            stands = state.standing(material.id)
            if self._is_due(material, stands):
                # A question's place means nothing in a lesson that is written anew.
                asked = {part: ask for part, ask in stands.asked.items() if not ITEM.fullmatch(part.rstrip("+"))} | {
                    "": _instructed(stands.asked.get("", Ask()), self.order.instruction)
                }
                todo.append((material, stands, asked))
                self._tell_unanswered(material)
        if not todo:
            if self.order.instruction:
                message = "--instruction: every lesson is up to date; name one to write again with --only LESSON."
                self.progress(Event("", message=message, warning=True))
            return
        author = self._author()
        words = [words_of(material) for material, _, _ in todo]
        self.progress(Event(STAGE, 0, len(todo)))
        started = before = time.monotonic()
        lessons = author.write([(material, state.brief(asked[""])) for material, _, asked in todo])
        for done, (lesson, (material, stands, asked)) in enumerate(zip(lessons, todo, strict=True), 1):
            text = lesson.to_markdown()
            for part in filter(None, asked):  # what was asked of a part before is asked again
                text = Redo(author, material).once(text, part, state.brief(asked[part])) or text
            state.save(material, stands, text, asked)
            now = time.monotonic()
            self.result.add(material.id, text, state.texts, now - before)
            self.result.words += words[done - 1]
            left = (now - started) / max(1, sum(words[:done])) * sum(words[done:])
            message = f"Drafted {done} of {len(todo)}: {lesson.title}"
            self.progress(Event(STAGE, done, len(todo), message, left=left))
            if not self.result.lessons[-1].sentences:
                message = f"{lesson.title}: the notes say nothing here that can be taught; add to them, or take the lesson out."
                self.progress(Event(STAGE, message=message, warning=True))
            elif not lesson.items:
                message = f"{lesson.title}: its notes give nothing to ask about, so it has no quiz; add to them."
                self.progress(Event(STAGE, message=message, warning=True))
            before = now

    def _is_due(self, material: LessonMaterial, stands: Standing) -> bool:
        """Whether a run over all lessons writes this one; if not, the result says why."""
        if self.state.is_current(material, stands) and (stands.locked or self._follows_its_lines(material, stands)):
            self.result.kept.append(material.id)
        elif not stands.free:
            self.result.protected.append(material.id)
            self._tell_stale(stands)
        elif not material.statements:
            message = f"{material.title}: no sentence in its sources to teach from; left out."
            self.progress(Event(STAGE, message=message, warning=True))
        else:
            return True
        return False

    def _follows_its_lines(self, material: LessonMaterial, stands: Standing) -> bool:
        """Lead the footnotes of a lesson that is up to date to where their lines are now; False where they are lost."""
        state, entry = self.state, stands.entry
        if entry is None or not (lost := changed(stands.text, entry.cited, state.texts)):
            return True
        found = moves(lost, entry.cited, state.texts)
        if found is None:
            return False
        text = follow(stands.text, found, state.about.words, state.origin)
        state.save(material, stands, text, stands.asked)
        self.result.renewed.append(stands.id)
        return True

    def _tell_unanswered(self, material: LessonMaterial) -> None:
        """Say which of the author's objectives nothing in the lesson's notes answers; they stay in the lesson."""
        for one in material.unanswered:
            message = (
                f"{material.title}: nothing in its notes answers the objective “{one.text}”; add notes or sources."
            )
            self.progress(Event(STAGE, message=message, warning=True))

    def _tell_stale(self, stands: Standing) -> None:
        """Say which lines that a person's lesson cites read differently now."""
        lost = changed(stands.text, stands.entry.cited if stands.entry else {}, self.state.texts)
        if lost:
            self.result.stale[stands.id] = [place(one) for one in lost]
            where = ", ".join(one.label_text(self.state.about.words) for one in lost)
            message = (
                f"{stands.file} stays as it is, but what it cites has changed in the notes: {where}; look it over."
            )
            self.progress(Event(STAGE, message=message, warning=True))

    def _one(self, unit: Unit) -> None:
        """Write one unit anew, or add questions to its lesson's quiz."""
        state, order = self.state, self.order
        material = next(one for one in state.material.lessons if one.id == unit.lesson)
        stands = state.standing(unit.lesson)
        check(state, order, unit)
        part = unit.part if order.only else f"{unit.part}+"
        version = order.pending(state.folder)
        if version and stands.as_written and stands.asked.get(part, Ask()).version >= version:
            return  # a run that was killed had come this far
        version = version or 1 + max((ask.version for ask in stands.asked.values()), default=0)
        order.begin(state.folder, version)
        self.progress(Event(STAGE, 0, 1))
        started = time.monotonic()
        text, asked = self._anew(unit, material, stands, Ask(version, order.instruction, str(order.like or "")))
        fresh = _within(text, unit.part) if order.only else set(spans(text)) - set(spans(stands.text))
        state.save(material, stands, text, asked, fresh if part else None)
        self.result.add(material.id, text, state.texts, time.monotonic() - started)
        same = text == stands.text
        told = SAME.format(unit=unit) if same else f"Drafted {unit}"
        self.progress(Event(STAGE, 1, 1, told, warning=same))

    def _anew(self, unit: Unit, material: LessonMaterial, stands: Standing, ask: Ask) -> tuple[str, dict[str, Ask]]:
        """The lesson's text with the unit written anew, and what has been asked of its parts by then."""
        redo = Redo(self._author(), material)

        def brief(version: int) -> Brief:
            return self.state.brief(replace(ask, version=version))

        if not self.order.only:
            return redo.more(stands.text, unit, brief(ask.version)), stands.asked | {f"{unit.part}+": ask}
        if unit.part:
            text, version = redo.part(stands.text, unit.part, brief, ask.version)
            return text, stands.asked | {unit.part: replace(ask, version=version)}
        text, version = redo.whole(stands.text, brief, ask.version)
        return text, {"": replace(ask, version=version)}

    def _author(self) -> Author:
        """The model opened and tried."""
        self.progress(Event("opening the model"))
        opened, course = self.open_model(), self.state.material
        self.progress(Event("testing the model"))
        self.meter = Meter(opened)
        writer = Writer.tested(self.meter, course, self.state.folder, self.state.seed, self.state.entailment)
        if not writer.scores:
            self.progress(Event("", message=f"{opened.name} tells no probabilities; nothing is ranked by them."))
        if writer.freedom < Freedom.SUMS_UP:
            message = f"{opened.name} wrote nothing in its test that its passages carry; the lessons are in the notes' own words."
            self.progress(Event("testing the model", message=message))
        builds_on = self.state.requires
        questions = ItemWriter(course, self.state.seed)
        return Author(course, writer, questions, self.state.origin, builds_on, self.together)

    def _of_the_course(self, name: str, text: str) -> None:
        """Write what is made of the whole course, where it reads differently now and is no person's."""
        state, only, file = self.state, self.order.only, f"{name}.md"
        ours = state.journal.is_ours(name, file, text)
        if only == Unit("", name) and not ours:
            raise UsageError(f"--only {only}: {file} was edited by hand; move it away to have it written again.")
        if ours and not state.journal.is_current(name, digest(text)):
            keep_version(state.folder, name, file)
            state.journal.record(name, file, text, digest(text))
        elif only == Unit("", name):
            self.progress(Event(STAGE, message=SAME.format(unit=only), warning=True))


def check(state: CourseState, order: Order, unit: Unit) -> None:
    """Refuse a part of a lesson that is not there or that a person has a hand on.

    Raises:
        UsageError: it may not be written anew.
    """
    option = "--only" if order.only else "--more-like-this"
    example = order.like if order.only else None
    stands = state.standing(unit.lesson)
    if unit.part and not stands.text:
        raise UsageError(f"{option} {unit}: the lesson is not drafted yet; draft it first with --only {unit.lesson}.")
    find(stands.text, unit, option)
    if example:
        find(state.standing(example.lesson).text, example, "--more-like-this")
    if order.only or stands.locked or stands.approved:
        if refusal := stands.refusal(unit):
            raise UsageError(f"{option} {unit}: {refusal}")
    elif QUIZ not in spans(stands.text):
        raise UsageError(f"{option} {unit}: the lesson has no quiz to add to.")
    if not next(one for one in state.material.lessons if one.id == unit.lesson).statements:
        raise UsageError(f"{option} {unit}: there is no sentence in the lesson's sources to teach from.")


def words_of(material: LessonMaterial) -> int:
    """How much there is to write a lesson from."""
    return sum(size(one.text) for one in material.statements)


def _within(text: str, part: str) -> set[str]:
    """The part and those inside it."""
    there = spans(text)
    start, end = there.get(part, (0, 0))
    return {name for name, (at, until) in there.items() if start <= at and until <= end}


def _instructed(ask: Ask, instruction: str) -> Ask:
    return replace(ask, instruction=instruction) if instruction else ask
