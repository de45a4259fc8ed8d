"""The main job: notes in, course folder out, unit by unit, so that it can be stopped and started at any moment."""

import time
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Unpack

from ..course.course import CourseFile
from ..journal import Journal, locked
from ..notes.document import Notes
from ..notes.entailment import Entailment
from ..notes.reading import stored_notes
from ..progress import Event, Progress, silent
from .course_file import course_file, save_course_file
from .order import Order
from .result import DraftResult
from .run import SAME, Run
from .sources import check_teachable
from .speed import keep_speed
from .starting import name_of, source_and_folder, store_notes
from .state import CourseState
from .wishes import DEFAULT_MODEL, Asked, Place, Wishes, check_model

if TYPE_CHECKING:
    from ..decoding.model import Model
    from ..decoding.remote import RemoteModel
    from .calling import LanguageModel

LESSONS_TOGETHER = 8
"""Lessons whose sections are summed up in one call where a server or several processes can share it; a run that is
stopped does these again. Elsewhere each lesson has a call of its own: a batch of another size may round otherwise, and a
run that goes on is to end as one that was not stopped."""


def draft_course(
    source: str | Path | Notes,
    out: str | Path | None = None,
    *,
    only: str | None = None,
    more_like_this: str | None = None,
    instruction: str | None = None,
    outline_only: bool = False,
    model: "LanguageModel | str | None" = None,
    base_url: str | None = None,
    device: str = "auto",
    quantize: str = "auto",
    processes: int = 1,
    entailment: str | Path | None = None,
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
        only: the one unit to write again, so that it comes out differently: `LESSON`, `LESSON/SECTION`, `LESSON/quiz`,
            `LESSON/q3`, `glossary`, `flashcards`, `outline`. What it read before is kept (see `differences`).
        more_like_this: a unit that the one of `only` is to be more like; a question alone gets more of its kind beside it.
        instruction: what the author asks of the units that are written, in their own words.
        outline_only: stop once `course.yaml` stands, for the author to change what it says and go on.
        model: an open model, or a name for `open_model`; None takes the one that `course.yaml` names, or the default.
        base_url: the server of a model `openai:NAME`; None takes `KCREATE_BASE_URL`. It is not kept in `course.yaml`.
        device, quantize, processes: of `open_model`, for a name; not kept either.
        entailment: the folder of an entailment model that judges what a model writes, beside the check there is.
        seed: for the order of answers and whatever is sampled.
        wishes: `title`, `language`, `audience`, `level`, `author`, `licence`, `adapter`, and `lessons` or `hours`, the size that the
            course is to have; they are kept in `course.yaml`.

    Raises:
        UsageError: `out` is missing, holds something else, or belongs to other notes; a unit is not there, is locked,
            approved or edited; `base_url`, the adapter, `device`, `quantize` or `processes` does not go with the model or is not to be had.
        InputError: the notes or `course.yaml` cannot be read.
        ModelUnavailableError: the model cannot be opened.
        KcreateError: the folder cannot be written or another draft is at work on it.
    """
    started = time.monotonic()
    opened = None if isinstance(model, str) else model
    asked = Wishes(**wishes, model=model if isinstance(model, str) else None)
    place = Place(base_url, device, quantize, processes)
    check_model(asked, place, progress)
    judge = Entailment.open(entailment) if entailment is not None else None
    if opened is not None:
        asked["model"] = opened.name
    notes, folder = source_and_folder(source, out, progress)
    with locked(folder), ExitStack() as held:
        journal = Journal(folder)
        if notes is not None:
            store_notes(notes, journal)
        kept_notes = stored_notes(folder)
        check_teachable(kept_notes)
        named = Notes(kept_notes.documents, name_of(notes.source if notes else str(folder), folder))
        about = course_file(named, folder, journal, asked, place, progress, only == "outline")
        order = Order.read(only, more_like_this, instruction, [entry.id for entry in about.entries()])
        changed = save_course_file(about, named, folder, journal)
        if only == "outline" and not changed:
            progress(Event("making the outline", message=SAME.format(unit=only), warning=True))
        if outline_only or only == "outline":
            return DraftResult(folder, seconds=time.monotonic() - started)
        state = CourseState(folder, about, kept_notes, journal, seed, judge)
        shared = processes > 1 or (about.model or "").startswith("openai:")
        opens = lambda: opened or _open(about, place, folder, progress, held)  # noqa: E731
        run = Run(state, order, opens, progress, LESSONS_TOGETHER if shared else 1)
        result = run.draft()
        if opened is None and run.meter and result.words:
            keep_speed(folder, place.setting(about.model), run.meter.speed(result.words))
    result.seconds = time.monotonic() - started
    return result


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
