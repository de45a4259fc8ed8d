"""The main job: notes in, course folder out, unit by unit, so that it can be stopped and started at any moment."""

import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Unpack

from ..course.citation import Citation
from ..course.course import CourseFile
from ..course.folder import COURSE_FILE, lesson_path
from ..course.lesson import Lesson
from ..errors import InputError, UsageError
from ..journal import Journal, digest, fingerprint, locked
from ..notes.document import Notes
from ..notes.places import origin
from ..notes.reading import stored_notes
from ..progress import Event, Progress, silent
from .aims import CourseMaterial, LessonMaterial, gather, section_of
from .brief import Brief
from .glossary import glossary
from .items import ItemWriter
from .lessons import write_lesson
from .outline import check_teachable, passages_of
from .plan import Plan, Prose, Written
from .planning import plan_lesson
from .starting import (
    DEFAULT_MODEL,
    EDITION,
    Asked,
    Place,
    Wishes,
    check_model,
    course_file,
    name_of,
    source_and_folder,
    store_notes,
)
from .writer import Summaries, Writer

if TYPE_CHECKING:
    from ..decoding.model import Model
    from ..decoding.remote import RemoteModel
    from .writer import LanguageModel

LESSONS_TOGETHER = 8
"""Lessons whose sections are summed up in one call where a server or several processes can share it; a run that is
stopped does these again. Elsewhere each lesson has a call of its own: a batch of another size may round otherwise, and a
run that goes on is to end as one that was not stopped."""


@dataclass
class DraftResult:
    """What a run did.

    Attributes:
        drafted: ids of lessons written in this run.
        kept: ids of lessons left as they were because they are up to date.
        protected: ids of lessons left because a person edited or approved them.
        items: questions in the lessons written in this run.
        seconds: wall time.
    """

    folder: Path
    drafted: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    protected: list[str] = field(default_factory=list)
    items: int = 0
    seconds: float = 0.0


def draft_course(
    source: str | Path | Notes,
    out: str | Path | None = None,
    *,
    only: str | None = None,
    model: "LanguageModel | str | None" = None,
    base_url: str | None = None,
    device: str = "auto",
    quantize: str = "auto",
    processes: int = 1,
    seed: int = 0,
    progress: Progress = silent,
    **wishes: Unpack[Asked],
) -> DraftResult:
    """Draft a course from notes into the folder `out`, or go on with the course folder `source`.

    Finished lessons are on disk at once; a run that was stopped goes on where it was. Lessons that a person edited or
    approved are left alone, those that are up to date are kept, the rest is written.

    Args:
        source: notes (a folder, a file, or what `read_notes` returned) or a course folder.
        out: the course folder to make; not given where `source` is one.
        only: the id of one lesson to write again.
        model: an open model, or a name for `open_model`; None takes the one that `course.yaml` names, or the default.
        base_url: the server of a model `openai:NAME`; None takes `KCREATE_BASE_URL`. It is not kept in `course.yaml`.
        device, quantize, processes: of `open_model`, for a name; not kept either.
        seed: for the order of answers and whatever is sampled.
        wishes: `title`, `language`, `audience`, `level`, `author`, `licence`, `adapter`; they are kept in `course.yaml`.

    Raises:
        UsageError: `out` is missing, holds something else, or belongs to other notes; `only` names no lesson; `base_url`,
            the adapter, `device`, `quantize` or `processes` does not go with the model or is not to be had.
        InputError: the notes or `course.yaml` cannot be read.
        ModelUnavailableError: the model cannot be opened.
        KcreateError: the folder cannot be written or another draft is at work on it.
    """
    started = time.monotonic()
    opened = None if isinstance(model, str) else model
    asked = Wishes(**wishes, model=model if isinstance(model, str) else None)
    place = Place(base_url, device, quantize, processes)
    check_model(asked, place, progress)
    if opened is not None:
        asked["model"] = opened.name
    notes, folder = source_and_folder(source, out, progress)
    with locked(folder), ExitStack() as held:
        journal = Journal(folder)
        if notes is not None:
            store_notes(notes, journal)
        kept_notes = stored_notes(folder)
        check_teachable(kept_notes)
        name = name_of(notes.source if notes else str(folder), folder)
        about = course_file(Notes(kept_notes.documents, name), folder, journal, asked, place)
        shared = processes > 1 or (about.model or "").startswith("openai:")
        run = _Run(folder, about, kept_notes, journal, seed, progress, LESSONS_TOGETHER if shared else 1)
        result = run.draft(only, lambda: opened or _open(about, place, folder, progress, held))
    result.seconds = time.monotonic() - started
    return result


@dataclass
class _Run:
    """One run over the units of a course."""

    folder: Path
    about: CourseFile
    notes: Notes
    journal: Journal
    seed: int
    progress: Progress
    together: int

    @cached_property
    def adapter(self) -> str:
        """The digest of the adapter's weights, which no run changes."""
        return _adapter_digest(self.about, self.folder)

    def draft(self, only: str | None, open_model: Callable[[], "LanguageModel"]) -> DraftResult:
        """Write what is to be written; the model is opened only when something is."""
        result = DraftResult(self.folder)
        entries = self.about.entries()
        if only is not None and only not in [entry.id for entry in entries]:
            listed = ", ".join(entry.id for entry in entries)
            raise UsageError(f"--only {only}: there is no such lesson in {self.folder / COURSE_FILE}; it has {listed}.")
        course = gather(
            [(entry.id, entry.title or entry.id, passages_of(entry, self.notes.documents)) for entry in entries],
            self.about.words,
        )
        todo = [material for material in course.lessons if self._is_due(material, only, result)]
        if todo:
            self.progress(Event("opening the model"))
            opened = open_model()
            self.progress(Event("trying the model on the notes"))
            writer = Writer.tried_on(opened, course)
            if not writer.scores:
                self.progress(Event("", message=f"{opened.name} tells no probabilities; nothing is ranked by them."))
            questions = ItemWriter(course, writer.scorer, self.seed)
            self.progress(Event("drafting lessons", 0, len(todo)))
            brief = Brief(self.about.audience or "", self.about.level or "")
            for done, material in enumerate(todo, 1):
                plan = plan_lesson(material, writer.relevance(material), brief)
                summaries = writer.section_summaries([material])[material.id]
                prose = Prose(summaries=_by_section(plan, summaries))
                requires = self._requires(material, course.lessons)
                written = write_lesson(plan, prose, questions, brief, requires, self._origin)
                lesson, items = written.lesson, written.items
                self._save(material, lesson)
                result.drafted.append(material.id)
                result.items += items
                self.progress(
                    Event("drafting lessons", done, len(todo), f"Drafted {done} of {len(todo)}: {lesson.title}")
                )
        self._glossary(course)
        return result

    def _origin(self, citation: Citation) -> str:
        """What the cited lines were made from, as a reader sees it."""
        found = origin(self._texts[citation.file], citation.first, citation.last)
        return found.label(self.about.language) if found else ""

    @cached_property
    def _texts(self) -> dict[str, str]:
        return {document.name: document.text for document in self.notes.documents}

    def _is_due(self, material: LessonMaterial, only: str | None, result: DraftResult) -> bool:
        """Whether the lesson is to be written now; if not, the result says why."""
        path = lesson_path(self.folder, self.about, material.id)
        unit, file = f"lesson:{material.id}", path.relative_to(self.folder).as_posix()
        if only not in (None, material.id):
            return False
        if only is None and self.journal.is_current(unit, self._inputs(material)):
            result.kept.append(material.id)
            return False
        if not self.journal.is_ours(unit, file) or _status(path) != "draft":
            if only is not None:
                raise UsageError(f"--only {only}: {path} was edited by hand; move it away to have it drafted again.")
            result.protected.append(material.id)
            return False
        if not material.statements:
            self.progress(
                Event(
                    "drafting lessons",
                    message=f"{material.title}: no sentence in its sources to teach from; left out.",
                    warning=True,
                )
            )
            return False
        return True

    def _inputs(self, material: LessonMaterial) -> str:
        """The fingerprint of all that decides how a lesson comes out."""
        texts = [[passage.file, passage.first, passage.text] for passage in material.passages]
        aims = [aim.objective.text for aim in material.aims]
        model = self.about.model or DEFAULT_MODEL
        return fingerprint(EDITION, material.title, texts, aims, self.about.language, model, self.adapter, self.seed)

    def _requires(self, material: LessonMaterial, course: Sequence[LessonMaterial]) -> list[str]:
        """The lessons whose terms this one builds on, as the course has them before it: the two it uses most."""
        text = " ".join(one.plain for one in material.statements).lower()
        uses: list[tuple[int, str]] = []
        for other in course[: course.index(material)]:
            terms = [aim.facts[0].term.lower() for aim in other.aims if aim.facts[0].term != other.title]
            count = sum(text.count(term) for term in terms if len(term) > 2)
            if count >= 3:
                uses.append((-count, other.id))
        return sorted((lesson_id for _, lesson_id in sorted(uses)[:2]), key=[one.id for one in course].index)

    def _save(self, material: LessonMaterial, lesson: Lesson) -> None:
        path = lesson_path(self.folder, self.about, material.id)
        file = path.relative_to(self.folder).as_posix()
        self.journal.record(f"lesson:{material.id}", file, lesson.to_markdown(), self._inputs(material))

    def _glossary(self, course: CourseMaterial) -> None:
        text = glossary(course, self._origin)
        if self.journal.is_ours("glossary", "glossary.md", text):
            self.journal.record("glossary", "glossary.md", text, digest(text))


def _by_section(plan: Plan, summaries: Summaries) -> dict[int, Written]:
    titles = [section.title for section in plan.sections]
    return {
        titles.index(section_of(said[0], plan.material)): Written(text, tuple(said))
        for text, said in summaries.values()
    }


def _open(about: CourseFile, place: Place, folder: Path, progress: Progress, held: ExitStack) -> "Model | RemoteModel":
    """The model of the course; `held` closes it."""
    from ..decoding.model import open_model

    adapter = folder / about.adapter if about.adapter else None
    name = about.model or DEFAULT_MODEL
    beside = folder / name  # a model that is a file or folder is kept as a path from the course folder
    if beside.exists() and not name.startswith("openai:"):
        name = str(beside)
    model = open_model(name, adapter=adapter, progress=progress, **vars(place))
    held.callback(model.close)
    return model


def _adapter_digest(about: CourseFile, folder: Path) -> str:
    if not about.adapter:
        return ""
    weights = folder / about.adapter / "adapter_model.safetensors"
    if not weights.is_file():
        raise InputError(
            f"The adapter {folder / about.adapter} has no adapter_model.safetensors; make it with 'kcreate finetune'."
        )
    import hashlib

    return hashlib.sha256(weights.read_bytes()).hexdigest()


def _status(path: Path) -> str:
    """The status in a lesson's front matter; a missing file is a draft, an unreadable one a person's."""
    if not path.is_file():
        return "draft"
    try:
        return Lesson.from_markdown(path.read_text(encoding="utf-8"), path.name).status
    except (InputError, UnicodeDecodeError):
        return "edited"
