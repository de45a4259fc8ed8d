"""A course as a static site that works from a folder: no server, no network, scripts only where they help."""

import hashlib
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from markupsafe import Markup

from ..course.citation import Citation
from ..course.course import Course
from ..course.lesson import Lesson
from ..progress import Event, Progress
from .bundle import copy_file
from .lesson_pages import PageParts, inline_html, render_cards, render_lesson, render_text
from .material import Material, Page, gather
from .notes_pages import Backlink, NoteRenderer, note_title, title_token
from .quiz_view import inline_text
from .rendering import PageRenderer, Words, up, web_path

if TYPE_CHECKING:
    from jinja2 import Environment

_PARTS = Path(__file__).parent / "site"
_SHIPPED = ("site.css", "site.js")


@dataclass
class LessonView:
    """What the templates show of a lesson: titles as words and as HTML, its file and its address in the site."""

    id: str
    number: int
    path: str
    url: str
    title: str
    title_html: Markup
    objectives: list[Markup]
    module: Markup
    requires: "list[LessonView]" = field(default_factory=list)


@dataclass
class ModuleView:
    """A part of the course and those of its lessons that exist."""

    title: Markup
    lessons: list[LessonView] = field(default_factory=list)


def write_site(course: Course, folder: Path, progress: Progress) -> Path:
    """Write the site into `folder`; returns its entry, `index.html`."""
    material = gather(course)
    for warning in material.warnings:
        progress(Event("exporting", message=warning, warning=True))
    words: Words = json.loads((_PARTS / "words.json").read_text(encoding="utf-8"))[course.language]
    modules, views = _outline(material, words)
    environment = _environment(material, modules, views, words)
    backlinks: dict[Citation, list[Backlink]] = {}

    def write(template: str, path: str, **values: Any) -> None:
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        text = environment.get_template(template).render(root=up(path), path=path, **values)
        target.write_text(text, encoding="utf-8", newline="\n")

    write("index.html", "index.html", page_title="", first=next(iter(views.values())))
    ordered = list(views.values())
    for place, (lesson, page) in enumerate(material.lessons):
        parts = render_lesson(material, lesson, page, words)
        _remember(backlinks, parts, web_path(page.path), inline_text(lesson.title))
        following = ordered[place + 1] if place + 1 < len(ordered) else None
        view = views[lesson.id]
        around = {"previous": ordered[place - 1] if place else None, "following": following}
        write("lesson.html", web_path(page.path), page_title=view.title, view=view, parts=_safe(parts), **around)
    if material.glossary:
        parts = render_text(material, material.glossary, words)
        _remember(backlinks, parts, "glossary.html", words["glossary"])
        write("glossary.html", "glossary.html", page_title=words["glossary"], parts=_safe(parts))
    if material.flashcards:
        parts = render_cards(material, material.flashcards, words)
        _remember(backlinks, parts, "flashcards.html", words["flashcards"])
        write("flashcards.html", "flashcards.html", page_title=words["flashcards"], parts=_safe(parts))
    for path, note in material.notes.items():
        target = web_path(path)
        linked = _relative_backlinks(backlinks, note, up(target))
        text = Markup(NoteRenderer(material, note, words, up(target)).whole_note(linked))
        lessons = {link.url.partition("#")[0]: link.title for links in linked.values() for link in links}
        write(
            "note.html",
            target,
            page_title=note_title(note),
            named=title_token(note) is not None,
            text=text,
            lessons=lessons,
        )
    for name in sorted(material.files):
        copy_file(course.folder / name, folder / name)
    for name in _SHIPPED:
        copy_file(_PARTS / name, folder / name)
    return Path("index.html")


def html_language(language: str) -> str:
    """The BCP 47 tag for the pages: a Chinese course is in Simplified characters unless it says otherwise."""
    lower = language.lower()
    if not lower.startswith("zh"):
        return language or "en"
    traditional = any(part in lower.split("-") for part in ("hant", "tw", "hk", "mo"))
    return "zh-Hant" if traditional else "zh-Hans"


def _outline(material: Material, words: Words) -> tuple[list[ModuleView], dict[str, LessonView]]:
    """The modules with the lessons that exist, and every lesson's view by id, in course order."""
    renderer = PageRenderer(material, Page("", ""), words, "")
    pages: dict[str, tuple[int, Lesson, Page]] = {
        lesson.id: (number, lesson, page) for number, (lesson, page) in enumerate(material.lessons, 1)
    }
    modules: list[ModuleView] = []
    views: dict[str, LessonView] = {}
    about = material.course.about
    for module in about.modules:
        alone = len(about.modules) == 1 and module.title == about.title  # then the heading would say it twice
        shown = ModuleView(Markup("" if alone else inline_html(renderer, module.title)))
        for entry in module.lessons:
            if entry.id in pages:
                number, lesson, page = pages[entry.id]
                views[lesson.id] = LessonView(
                    id=lesson.id,
                    number=number,
                    path=web_path(page.path),
                    url=quote(web_path(page.path)),
                    title=inline_text(lesson.title),
                    title_html=Markup(inline_html(renderer, lesson.title)),
                    objectives=[Markup(inline_html(renderer, objective.text)) for objective in lesson.objectives],
                    module=shown.title,
                )
                shown.lessons.append(views[lesson.id])
        if shown.lessons:
            modules.append(shown)
    for lesson, _ in material.lessons:
        views[lesson.id].requires = [views[other] for other in lesson.requires if other in views]
    return modules, views


def _environment(
    material: Material, modules: list[ModuleView], views: dict[str, LessonView], words: Words
) -> "Environment":
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(_PARTS),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    course = material.course
    about = course.about
    facts = [(words[name], str(getattr(about, name))) for name in ("author", "audience", "level", "licence")]
    key = hashlib.sha256(f"{about.title}\n{about.author}".encode()).hexdigest()[:12]
    environment.globals.update(
        w=words,
        words_json=json.dumps(words, ensure_ascii=False),
        lang=html_language(about.language),
        course_title=inline_text(about.title),
        course_title_html=Markup(inline_html(PageRenderer(material, Page("", ""), words, ""), about.title)),
        course_key=key,
        facts=[(name, value) for name, value in facts if value != "None" and value],
        modules=modules,
        total=len(views),
        extras=[
            (page.path.replace(".md", ".html"), words[name])
            for page, name in ((material.glossary, "glossary"), (material.flashcards, "flashcards"))
            if page
        ],
    )
    return environment


def _remember(backlinks: dict[Citation, list[Backlink]], parts: PageParts, url: str, title: str) -> None:
    """Note where each passage is cited, so that its page can lead back."""
    for source in parts.sources:
        if source.citation and source.uses:
            backlinks.setdefault(source.citation, []).append(Backlink(f"{quote(url)}#k-ref-{source.number}-1", title))


def _relative_backlinks(
    backlinks: dict[Citation, list[Backlink]], note: Page, root: str
) -> dict[Citation, list[Backlink]]:
    name = note.path.removeprefix("notes/")
    return {
        citation: [Backlink(f"{root}{link.url}", link.title) for link in links]
        for citation, links in backlinks.items()
        if citation.file == name
    }


def _safe(parts: PageParts) -> dict[str, Any]:
    """The parts for a template; what the renderer made is HTML already, everything else is escaped there."""
    return {
        "before": Markup(parts.before),
        "quiz": parts.quiz,
        "after": Markup(parts.after),
        "sources": parts.sources,
    }
