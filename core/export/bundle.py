"""A course as a folder of plain Markdown: what any editor, forge or static-site tool reads."""

import re
from pathlib import Path
from urllib.parse import quote

from ..course.course import Course
from ..course.lesson import Lesson
from ..errors import InputError
from ..progress import Event, Progress
from .material import Material, Page, gather

_WORDS = {
    "en": {
        "contents": "Contents",
        "glossary": "Glossary",
        "flashcards": "Flashcards",
        "author": "Author",
        "audience": "For",
        "level": "Level",
    }
    | {"licence": "Licence", "colon": ": "},
    "zh": {
        "contents": "目录",
        "glossary": "术语表",
        "flashcards": "记忆卡片",
        "author": "作者",
        "audience": "适合",
        "level": "程度",
    }
    | {"licence": "许可", "colon": "："},
}


def write_bundle(course: Course, folder: Path, progress: Progress) -> Path:
    """Write README, lessons, glossary, flashcards, the cited notes and the assets into `folder`; the layout of a course folder
    is kept, so that every relative link works. Returns the entry, `folder` itself.
    """
    material = gather(course)
    for warning in material.warnings:
        progress(Event("exporting", message=warning, warning=True))
    for lesson, page in material.lessons:
        _write(folder / page.path, _lesson_text(course, lesson, page))
    if material.glossary:
        _write(folder / "glossary.md", course.glossary)
    if material.flashcards:
        _write(folder / "flashcards.md", course.flashcards)
    for path in {*material.notes, *material.files, *_assets(course)}:
        copy_file(course.folder / path, folder / path)
    _write(folder / "README.md", _readme(material))
    return Path()


def copy_file(source: Path, target: Path) -> None:
    """Copy a file's bytes, not its permissions or what it links to by name.

    Raises:
        InputError: it cannot be read.
    """
    try:
        data = source.read_bytes()
    except OSError as error:
        raise InputError(f"{source} cannot be read ({error.strerror}).") from error
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(data)


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")


def _lesson_text(course: Course, lesson: Lesson, page: Page) -> str:
    """The lesson's file as it is, keys the author added included, unless the lesson was changed in memory."""
    path = course.folder / page.path
    if lesson.file and path.is_file():
        text = path.read_text(encoding="utf-8-sig")
        if Lesson.from_markdown(text, page.path) == lesson:
            return text
    return lesson.to_markdown()


def _assets(course: Course) -> list[str]:
    """The visible files of `assets/` that lie in the course folder, not behind a link out of it."""
    root = (course.folder / "assets").resolve()
    found = []
    for path in (course.folder / "assets").rglob("*"):
        relative = path.relative_to(course.folder)
        visible = not any(part.startswith(".") for part in relative.parts)
        if visible and path.is_file() and path.resolve().is_relative_to(root):
            found.append(relative.as_posix())
    return found


def _readme(material: Material) -> str:
    course = material.course
    about, words = course.about, _WORDS[course.language]
    pages = {lesson.id: (lesson, page) for lesson, page in material.lessons}
    lines = [f"# {_plain(about.title)}", ""]
    facts = [(name, getattr(about, name)) for name in ("author", "audience", "level", "licence")]
    lines += [f"- {words[name]}{words['colon']}{_plain(str(value))}" for name, value in facts if value]
    lines += ["", f"## {words['contents']}"] if lines[-1] else [f"## {words['contents']}"]
    for module in about.modules:
        listed = [pages[entry.id] for entry in module.lessons if entry.id in pages]
        if not listed:
            continue
        lines += ["", *([f"### {_plain(module.title)}", ""] if module.title not in ("", about.title) else [])]
        for lesson, page in listed:
            lines.append(f"- [{_plain(lesson.title)}]({quote(page.path)})")
            lines += [f"  - {_plain(objective.text)}" for objective in lesson.objectives]
    for extra, name in ((material.glossary, "glossary"), (material.flashcards, "flashcards")):
        if extra:
            lines += ["", f"[{words[name]}]({extra.path})"]
    return "\n".join(lines) + "\n"


def _plain(text: str) -> str:
    """A title as Markdown: on one line; `code` and formulas stay, a bracket that would end the link does not."""
    text = " ".join(text.split())
    return re.sub(r"([\[\]<>])", r"\\\1", text)
