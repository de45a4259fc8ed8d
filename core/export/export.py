"""A course into the formats that were asked for: the registry of formats, and what is the same for all of them."""

from collections.abc import Callable, Sequence
from pathlib import Path

from ..course.course import Course
from ..course.folder import load_course
from ..errors import InputError, UsageError
from ..progress import Event, Progress, silent
from .output import replace_folder

Format = Callable[[Course, Path, Progress], Path]
"""Writes a course into an empty folder and returns what a reader opens first, relative to that folder ('' for all)."""


def _markdown(course: Course, folder: Path, progress: Progress) -> Path:
    from .bundle import write_bundle

    return write_bundle(course, folder, progress)


def _html(course: Course, folder: Path, progress: Progress) -> Path:
    from .static_site import write_site

    return write_site(course, folder, progress)


FORMATS: dict[str, Format] = {"markdown": _markdown, "html": _html}


def export_course(
    course: Course | str | Path, to: Sequence[str], out: str | Path, progress: Progress = silent
) -> dict[str, Path]:
    """Export `course` (or the course folder at that path) to every format in `to`, each into `out/<format>`.

    A format is written beside its target and put in place as a whole: a failed export leaves the last one standing,
    and a folder that kcreate did not write is never touched.

    Args:
        course: a loaded course, or its folder.
        to: names of formats, of `FORMATS`.
        out: the folder the formats go into; made where it is missing.
        progress: hears of every format and of what is amiss in the course, such as lessons that are missing.

    Returns:
        Format name → what was written: `out/markdown`, `out/html/index.html`.

    Raises:
        UsageError: a format does not exist, or `out` holds something that kcreate did not write.
        InputError: there is no course, it has no lesson yet, or one of its files is not valid.
        KcreateError: `out` cannot be written.
    """
    names = list(dict.fromkeys(name.strip().lower() for name in to if name.strip()))
    choices = ", ".join(FORMATS)
    if not names:
        raise UsageError(f"No format given; choose from {choices}.")
    if unknown := [name for name in names if name not in FORMATS]:
        raise UsageError(f"There is no format '{unknown[0]}'; choose from {choices}.")
    if not isinstance(course, Course):
        course = load_course(course)
    if not course.lessons:
        raise InputError(f"{course.folder} has no lesson yet; draft it with 'kcreate draft' or write one in lessons/.")
    if course.missing:
        many = "s" if len(course.missing) > 1 else ""
        missing = ", ".join(course.missing)
        text = f"{course.folder}: not written yet and left out: lesson{many} {missing}; 'kcreate draft' goes on there."
        progress(Event("exporting", 0, len(names), text, warning=True))
    progress = _each_message_once(progress)
    written: dict[str, Path] = {}
    for number, name in enumerate(names):
        progress(Event("exporting", number, len(names)))
        with replace_folder(Path(out) / name, name) as folder:
            entry = FORMATS[name](course, folder, progress)
        written[name] = Path(out) / name / entry
    progress(Event("exporting", len(names), len(names)))
    return written


def _each_message_once(progress: Progress) -> Progress:
    """Formats read the same course, so each would complain of the same link."""
    said: set[str] = set()

    def tell(event: Event) -> None:
        if event.message not in said:
            progress(event)
        if event.message:
            said.add(event.message)

    return tell
