"""What is different now: the last replaced version of each unit against what stands in the course."""

from pathlib import Path

from ..course.folder import COURSE_FILE, lesson_path, read_course_file
from ..course.unit import find, parse_unit
from .versions import difference

_FILES = {"glossary": "glossary.md", "flashcards": "flashcards.md", "outline": COURSE_FILE}


def differences(course: str | Path, only: str | None = None) -> dict[str, str]:
    """Unified diffs, by file: what each lesson, or the unit `only`, read before it was replaced last and what it reads now.

    A lesson that was never replaced, or reads as before, is not among them.

    Raises:
        InputError: there is no course.
        UsageError: there is no such unit, now or before it was replaced.
    """
    folder = Path(course)
    about = read_course_file(folder / COURSE_FILE)
    lessons = [entry.id for entry in about.entries()]
    unit = parse_unit(only, lessons) if only is not None else None
    if unit and not unit.lesson:
        file = _FILES[unit.part]
        found = {file: difference(folder, unit.part, file)}
    else:
        chosen = [unit.lesson] if unit else lessons
        files = {one: lesson_path(folder, about, one).relative_to(folder).as_posix() for one in chosen}
        part = unit.part if unit else ""
        found = {file: difference(folder, f"lesson:{one}", file, part) for one, file in files.items()}
        if unit and part and not any(found.values()):
            path = folder / files[unit.lesson]
            find(path.read_text(encoding="utf-8", errors="replace") if path.is_file() else "", unit)
    return {file: text for file, text in found.items() if text}
