"""The course folder on disk: load it, write its parts, and leave alone what is not ours."""

import re
from pathlib import Path

from ..errors import InputError
from ..storage import write_text
from .course import Course, CourseFile
from .lesson import Lesson
from .yaml_text import read_yaml, write_yaml

COURSE_FILE = "course.yaml"


def load_course(folder: str | Path) -> Course:
    """Read a course folder: `course.yaml`, the lessons it lists, the glossary, the flashcards.

    Raises:
        InputError: there is no course there, or one of its files is not valid; the sentence names the file.
    """
    folder = Path(folder)
    about = read_course_file(folder / COURSE_FILE)
    by_id: dict[str, Lesson] = {}
    for path in lesson_files(folder):
        lesson = Lesson.from_markdown(_read(path), f"{path.parent.name}/{path.name}")
        if lesson.id in by_id:
            raise InputError(f"{path}: another lesson has the id '{lesson.id}' already; give one of them a new id.")
        by_id[lesson.id] = lesson
    ids = [entry.id for entry in about.entries()]
    if twice := {one for one in ids if ids.count(one) > 1}:
        raise InputError(f"{folder / COURSE_FILE} lists the lesson '{min(twice)}' twice; keep one.")
    glossary, flashcards = folder / "glossary.md", folder / "flashcards.md"
    return Course(
        folder=folder,
        about=about,
        lessons=[by_id[one] for one in ids if one in by_id],
        missing=[one for one in ids if one not in by_id],
        glossary=_read(glossary) if glossary.is_file() else "",
        flashcards=_read(flashcards) if flashcards.is_file() else "",
    )


def read_course_file(path: Path) -> CourseFile:
    """`course.yaml`, validated.

    Raises:
        InputError: it is missing, is not YAML, or a value has the wrong form.
    """
    from pydantic import ValidationError

    try:
        there = path.is_file()
    except OSError as error:
        raise _unreadable(path, error) from error
    if not there:
        raise InputError(f"{path.parent} is no course folder: it has no {path.name}; draft one with 'kcreate draft'.")
    values = read_yaml(_read(path), str(path))
    if not isinstance(values, dict):
        raise InputError(f"{path} does not hold 'key: value' lines; it needs at least a title.")
    try:
        return CourseFile.model_validate(values)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise InputError(f"{path}: {where}: {first['msg'].lower()}; mend that value.") from error


def course_file_text(folder: Path, about: CourseFile) -> str:
    """The text of `course.yaml`; where one stands already its comments, order and unknown keys are kept.

    Raises:
        InputError: the one that stands is not YAML.
    """
    path = folder / COURSE_FILE
    values = about.model_dump()
    text = _read(path) if path.is_file() else ""
    document = read_yaml(text, str(path), keep_comments=True) if text else None
    if not isinstance(document, dict):
        return write_yaml(values)
    there = CourseFile.model_validate(document).model_dump()
    if there == values:
        return path.read_bytes().decode("utf-8")
    document.update({key: value for key, value in values.items() if key not in document or there[key] != value})
    return write_yaml(document)


def write_course_file(folder: Path, about: CourseFile) -> None:
    """Write `course.yaml`, as `course_file_text` has it."""
    write_text(folder / COURSE_FILE, course_file_text(folder, about))


def lesson_files(folder: Path) -> list[Path]:
    """The lesson files of a course folder, by name; none where it has no `lessons/`.

    Raises:
        InputError: `lessons/` cannot be listed.
    """
    lessons = folder / "lessons"
    try:
        files = sorted(lessons.iterdir())
    except FileNotFoundError:
        return []
    except OSError as error:
        raise _unreadable(lessons, error) from error
    return [path for path in files if path.suffix == ".md" and not path.name.startswith(".")]


def lesson_path(folder: Path, about: CourseFile, lesson_id: str) -> Path:
    """Where a lesson is or will be: the file that has its id, else `lessons/NN-id.md` by its place in the outline."""
    for path in lesson_files(folder):
        if _id_in(path) == lesson_id:
            return path
    ids = [entry.id for entry in about.entries()]
    return folder / "lessons" / f"{ids.index(lesson_id) + 1:02d}-{lesson_id}.md"


def _id_in(path: Path) -> str:
    """The lesson id a file states, or the one its name suggests where its front matter cannot be read."""
    try:
        return Lesson.from_markdown(_read(path), path.name).id
    except InputError:
        return re.sub(r"^\d+-", "", path.stem)


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"{path} is not UTF-8; save it in that encoding.") from error
    except OSError as error:
        raise _unreadable(path, error) from error


def _unreadable(path: Path, error: OSError) -> InputError:
    return InputError(f"{path} cannot be read ({error.strerror}); mend its permissions or move it away.")
