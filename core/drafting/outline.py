"""The outline: notes become modules and lessons, by their own structure or by what they mean, in an order that teaches."""

from collections.abc import Sequence
from pathlib import PurePosixPath

from ..course.course import CourseFile, LessonEntry, Module, Size
from ..course.slug import id_for
from ..notes.document import Document, Notes
from ..notes.language import Language
from ..progress import Event, Progress, silent
from .aims import gather
from .brief import Brief
from .candidate import Candidate, Group
from .clustering import clustered
from .prerequisites import requirements, teaching_order
from .sizing import SMALLEST, lessons_for, minutes_of, resized, sized
from .sources import check_teachable, passages_of
from .structure import Part, candidate_of, groups_of, has_order
from .taken import parts_of
from .titles import course_title, says_something, words_of_name


def outline(
    notes: Notes,
    language: Language,
    title: str | None = None,
    size: Size | None = None,
    brief: Brief | None = None,
    progress: Progress = silent,
) -> CourseFile:
    """Modules and lessons for the notes, with the objectives of each lesson and what it requires.

    Where the notes have an order of their own (numbers, dates, an index) it is kept. Where they have none, notes of one
    subject come together and a lesson comes after those whose terms it uses.

    Args:
        notes: `source` is what the course is called where neither `title` nor the notes say it.
        size: so many lessons or hours as the author wants, as far as the notes can carry them.
        brief: whom the course is for, which decides among objectives.
        progress: told what is left out, and where a size cannot be had.

    Raises:
        InputError: there is nothing in the notes to teach from.
    """
    check_teachable(notes)
    parts = parts_of(notes, language, progress)
    ordered = has_order([part.name for part in parts])
    groups = groups_of(parts) if ordered or _folders_tell(parts) else [_heap(parts)]
    if not ordered:
        for group in groups:
            group.candidates = clustered(group.candidates, SMALLEST, language)
    groups = _at_size(sized(groups, language), size, language, progress)
    if not ordered:
        for group in groups:
            group.candidates = _in_teaching_order(group.candidates, language)
    about = CourseFile(title=title or _title(notes, parts, groups, language), language=language, size=size)
    about.modules = _modules(groups, about.title)
    _add_objectives(about, notes.documents, brief or Brief(), language)
    return about


def _heap(parts: Sequence[Part]) -> Group:
    return Group("", [candidate_of(part) for part in parts])


def _folders_tell(parts: Sequence[Part]) -> bool:
    """Whether most documents lie in folders, or all in one, whose names tell a subject: "slides" and "old" do not."""
    folders = [str(PurePosixPath(part.name).parent) for part in parts]
    telling = [folder for folder in folders if folder != "." and says_something(words_of_name(folder))]
    return len(set(folders)) == 1 or 2 * len(telling) > len(folders)


def _at_size(groups: list[Group], size: Size | None, language: Language, progress: Progress) -> list[Group]:
    """The groups with as many lessons as the author asks for; the progress is told where the notes carry fewer."""
    words = sum(one.words for group in groups for one in group.candidates)
    natural = sum(len(group.candidates) for group in groups)
    if size and size.lessons:
        groups = resized(groups, size.lessons, language)
        if (count := sum(len(group.candidates) for group in groups)) < size.lessons:
            _say(progress, f"The notes carry {count} lessons and not {size.lessons}; add notes for more.")
    elif size and size.hours:
        if size.hours * 60 > 1.1 * minutes_of(words):
            _say(
                progress,
                f"The notes make about {_time(minutes_of(words))} of study and not {size.hours:g} hours; add notes for more.",
            )
        groups = resized(groups, lessons_for(size.hours, natural, words), language)
    return groups


def _time(minutes: float) -> str:
    return f"{minutes / 60:.1f} hours" if minutes >= 60 else f"{max(1, round(minutes))} minutes"


def _in_teaching_order(candidates: list[Candidate], language: Language) -> list[Candidate]:
    """The candidates in the order of what they build on."""
    course = gather([(str(place), one.title, one.passages) for place, one in enumerate(candidates)], language)
    return [candidates[place] for place in teaching_order(course.lessons)]


def _title(notes: Notes, parts: Sequence[Part], groups: Sequence[Group], language: Language) -> str:
    """The course's title: that of its only module or document, else of its modules, its folder, or its lessons."""
    if len(groups) == 1 and groups[0].title:
        return groups[0].title
    if len(parts) == 1:
        return candidate_of(parts[0]).title
    named = [group.title for group in groups if group.title]
    subjects = [title for group in groups for one in group.candidates for title in one.subjects or (one.title,)]
    return course_title(notes.source, named if len(named) == len(groups) > 1 else [], subjects, language)


def _modules(groups: Sequence[Group], title: str) -> list[Module]:
    """The groups as modules; the only one is called as the course is, one without a name by its lessons."""
    taken: set[str] = set()
    modules = []
    for group in groups:
        entries = [
            LessonEntry(id=_free(id_for(one.title, one.stem), taken), title=one.title, sources=one.sources)
            for one in group.candidates
        ]
        named = title if len(groups) == 1 else group.title or (entries[0].title if len(entries) == 1 else title)
        modules.append(Module(title=named, lessons=entries))
    return modules


def _free(wanted: str, taken: set[str]) -> str:
    chosen, number = wanted, 2
    while chosen in taken:
        chosen = f"{wanted}-{number}"
        number += 1
    taken.add(chosen)
    return chosen


def _add_objectives(about: CourseFile, documents: Sequence[Document], brief: Brief, language: Language) -> None:
    """Write into every entry what its lesson is for and which lessons it builds on."""
    entries = about.entries()
    course = gather([(one.id, one.title, passages_of(one, documents)) for one in entries], language, brief)
    required = requirements(course.lessons)
    for entry, material in zip(entries, course.lessons, strict=True):
        entry.objectives = [aim.objective.text for aim in material.aims]
        entry.requires = required[entry.id]


def _say(progress: Progress, message: str) -> None:
    progress(Event("making the outline", message=message, warning=True))
