"""What a draft would take: which lessons, how many tokens, how long; nothing is written and no model is opened."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Unpack

from ..course.unit import Unit, spans
from ..journal import Journal
from ..model.catalogue import CATALOGUE, named
from ..model.vocabulary import tokenizer_at_hand
from ..notes.document import Notes
from ..notes.reading import stored_notes
from ..progress import Progress, silent
from .aims import LessonMaterial
from .course_file import course_file
from .order import Order
from .run import check, words_of
from .sources import check_teachable
from .speed import TOKENS_A_WORD, Speed, known_speed
from .starting import name_of, notes_as_stored, source_and_folder
from .state import CourseState
from .wishes import DEFAULT_MODEL, Asked, Place, Wishes

USUAL = Speed(words=5600, read=42_000, written=1_500, seconds=150)
"""A run of the embedded model on two cores of a laptop, for a machine that has not seen one yet."""


@dataclass(frozen=True)
class Estimate:
    """What a run would do.

    Attributes:
        folder: of the course.
        units: what would be written: ids of lessons, or the one unit that is asked for.
        kept: ids of lessons that stay as they are, up to date or a person's.
        words: in the notes that would be written from.
        prompt_tokens, written_tokens: about what the model would read and write.
        counted: the tokens of the notes were counted by the model's own tokenizer, not guessed from words.
        seconds: about how long, None where no run in this setting is known.
        measured: the time and the share of tokens come from a run on this machine.
        to_fetch: bytes of the model that would be fetched first.
    """

    folder: Path
    units: list[str]
    kept: list[str]
    words: int
    prompt_tokens: int
    written_tokens: int
    counted: bool
    seconds: float | None
    measured: bool
    to_fetch: int = 0


def estimate_draft(
    source: str | Path | Notes,
    out: str | Path | None = None,
    *,
    only: str | None = None,
    more_like_this: str | None = None,
    instruction: str | None = None,
    model: str | None = None,
    device: str = "auto",
    quantize: str = "auto",
    processes: int = 1,
    seed: int = 0,
    progress: Progress = silent,
    **wishes: Unpack[Asked],
) -> Estimate:
    """What `draft_course` would do with the same arguments; everything here is read, nothing written.

    Raises:
        UsageError, InputError: as `draft_course`.
        ModelUnavailableError: no model of that name is known.
    """
    place = Place(None, device, quantize, processes)
    notes, folder = source_and_folder(source, out, progress, make=False)
    journal = Journal(folder)
    documents = notes_as_stored(notes, folder, journal) if notes else stored_notes(folder)
    check_teachable(documents)
    called = Notes(documents.documents, name_of(notes.source if notes else str(folder), folder))
    about = course_file(called, folder, journal, Wishes(**wishes, model=model), place, progress, only == "outline")
    order = Order.read(only, more_like_this, instruction, [entry.id for entry in about.entries()])
    state = CourseState(folder, about, Notes(documents.documents, documents.source), journal, seed)
    unit = order.only or order.like
    if unit and unit.lesson:
        check(state, order, unit)
    due = _due(state, order)
    whole = sum(words_of(material) for material, _ in due)
    words = round(sum(words_of(material) * share for material, share in due))
    name = _known(about.model or DEFAULT_MODEL, folder)
    said = "\n".join(one.plain for material, _ in due for one in material.statements)
    tokens, counted = _tokens(name, folder, said, whole)
    known = known_speed(folder, place.setting(about.model))
    speed = known or USUAL
    scale = tokens * words / max(1, whole) / (speed.words * TOKENS_A_WORD)
    return Estimate(
        folder=folder,
        units=[str(unit)] if unit else [material.id for material, _ in due],
        kept=[material.id for material in state.material.lessons if material.id not in {one.id for one, _ in due}],
        words=words,
        prompt_tokens=round(speed.read * scale),
        written_tokens=round(speed.written * scale),
        counted=counted,
        seconds=speed.seconds * words / speed.words if known or name == DEFAULT_MODEL else None,
        measured=known is not None,
        to_fetch=named(name).size if name in CATALOGUE and not named(name).present else 0,
    )


def _known(name: str, folder: Path) -> str:
    """The model's name, refused where nothing can be of that name."""
    local = _beside(folder, name).exists() or Path(name).expanduser().exists()
    if not (name.startswith("openai:") or "/" in name or local):
        named(name)
    return name


def _beside(folder: Path, name: str) -> Path:
    """Where a model that is a file or folder lies, seen from a course folder that may not be there yet."""
    return Path(os.path.normpath(folder.absolute() / name))


def _due(state: CourseState, order: Order) -> list[tuple[LessonMaterial, float]]:
    """The lessons that would be written, each with the share of it."""
    unit = order.only or order.like
    found = []
    for material in state.material.lessons:
        stands = state.standing(material.id)
        if unit is None:
            if stands.free and material.statements and not state.is_current(material, stands):
                found.append((material, 1.0))
        elif unit.lesson == material.id:
            found.append((material, _share(stands.text, unit)))
    return found


def _share(text: str, unit: Unit) -> float:
    """How much of its lesson a unit is, by its length."""
    start, end = spans(text).get(unit.part, (0, len(text))) if unit.part else (0, len(text))
    return (end - start) / max(1, len(text))


def _tokens(name: str, folder: Path, text: str, words: int) -> tuple[int, bool]:
    """Tokens of a text, and whether the model's tokenizer counted them."""
    beside = _beside(folder, name)
    tokenizer = None if name.startswith("openai:") else tokenizer_at_hand(str(beside) if beside.exists() else name)
    return (len(tokenizer.encode(text, special=False)), True) if tokenizer else (round(words * TOKENS_A_WORD), False)
