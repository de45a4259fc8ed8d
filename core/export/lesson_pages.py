"""A lesson (or the glossary) as the parts of a page: text, quiz, and the sources its sentences stand on.

Citations and the author's own footnotes share one sequence of small numbers, in reading order; sentences that cite
the same lines share a number.
"""

import html
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ..course.citation import Citation, read_target
from ..course.lesson import Lesson
from ..course.question_blocks import blocks
from ..course.questions import Question, questions
from ..course.quiz import quiz_span
from ..notes.places import origin
from .material import Link, Material, Page, address, plain_text
from .notes_pages import ExcerptRenderer
from .quiz_view import QuizItem, QuizOption, inline_text, letters, solve
from .rendering import PageRenderer, Words, split_footnotes, up

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markdown_it.token import Token
    from markdown_it.utils import OptionsDict


@dataclass
class Source:
    """A numbered entry at the foot of a page.

    Attributes:
        number: from 1, in reading order.
        citation: the lines it cites; None for a footnote of the author's.
        url: the passage's address in the site, or None where the note is missing.
        label: the citation in words; empty for a footnote.
        html: the passage, or the footnote's text.
        uses: how many references lead here.
    """

    number: int
    citation: Citation | None = None
    url: str | None = None
    label: str = ""
    html: str = ""
    uses: int = 0


@dataclass
class PageParts:
    """What the template of a lesson or the glossary puts together; `quiz` mixes questions with the author's text."""

    before: str = ""
    quiz: list[QuizItem | str] = field(default_factory=list)
    after: str = ""
    sources: list[Source] = field(default_factory=list)


class LessonRenderer(PageRenderer):
    """Adds the numbered references to what every page has."""

    def __init__(self, material: Material, page: Page, words: Words, root: str) -> None:
        super().__init__(material, page, words, root)
        self._body, self._footnotes = split_footnotes(page.tokens)
        self._keys: dict[int, Citation | int] = {
            number: _citation_of(tokens) or number for number, tokens in self._footnotes.items()
        }
        self._sources: dict[Citation | int, Source] = {}

    def parts(self, quiz_lines: tuple[int, int, int] | None = None, known: "Sequence[str]" = ()) -> PageParts:
        """The page's parts; `quiz_lines` are the lines (heading, first after it, end) of the quiz section."""
        start, inner, end = quiz_lines or (10**9, 10**9, 10**9)
        before: list[Token] = []
        section: list[Token] = []
        after: list[Token] = []
        for block in blocks(self._body):
            line = (block[0].map or [0])[0]
            target = before if line < start else section if inner <= line < end else after if line >= end else []
            target += block
        parts = PageParts(before=self.html_of(before))
        number = 0
        for part in questions(section, known):
            if isinstance(part, Question):
                number += 1
                parts.quiz.append(self._item(part, number))
            else:
                parts.quiz.append(self.html_of(part))
        parts.after = self.html_of(after)
        parts.sources = self._listed_sources()
        return parts

    def cards(self) -> PageParts:
        """The page with each list item as a card to be opened."""
        parts = PageParts()
        for block in blocks(self._body):
            if block[0].type == "bullet_list_open":
                for entry in blocks(block[1:-1]):
                    front, *back = blocks(entry[1:-1])
                    asked = "".join(self.html_of([token]) for token in front if token.type == "inline")
                    said = self.html_of([token for each in back for token in each])
                    parts.before += f'<details class="card"><summary>{asked}</summary>\n<div>{said}</div></details>\n'
            else:
                parts.before += self.html_of(block)
        parts.sources = self._listed_sources()
        return parts

    def _item(self, question: Question, number: int) -> QuizItem:
        stem = self.html_of(question.stem)
        options = []
        for letter, answer in zip(letters(), question.options, strict=False):
            first, *others = blocks(answer.tokens)
            inline = "".join(self.html_of([token]) for token in first if token.type == "inline")
            rest = self.html_of([token for block in others for token in block])
            options.append(QuizOption(letter, inline, rest, answer.correct))
        item = QuizItem(
            number, question.kind, stem, options, self.html_of(question.explanation), self.html_of(question.rest)
        )
        solve(item, question, self._words)
        return item

    def _listed_sources(self) -> list[Source]:
        """Every source referred to; the author's footnotes are rendered here and may bring up further ones."""
        done = 0
        while done < len(self._sources):
            key, source = list(self._sources.items())[done]
            if isinstance(key, int):
                source.html = self.html_of(self._footnotes.get(key, []))
            done += 1
        return list(self._sources.values())

    def _source(self, number: int) -> Source:
        key = self._keys.get(number, number)
        if key not in self._sources:
            source = Source(len(self._sources) + 1)
            if isinstance(key, Citation):
                source.citation = key
                link = self._material.resolve(self._page, key.target(up(self._page.path)))
                source.label = self._label(link, key)
                source.url = self._url(link)
                source.html = self._excerpt(link, key)
            self._sources[key] = source
        return self._sources[key]

    def _label(self, link: Link, citation: Citation) -> str:
        """What a reader sees of a citation: lines, and the page, slide or time of the original."""
        note, language = self._material.notes.get(link.path), self._material.course.language
        made_from = origin(note.source, citation.first, citation.last) if note else None
        return citation.label_text(language, made_from.label(language) if made_from else "")

    def _excerpt(self, link: Link, citation: Citation) -> str:
        note = self._material.notes.get(link.path)
        return ExcerptRenderer(self._material, note, self._words, self._root).excerpt(citation) if note else ""

    def footnote_ref(self, tokens: "Sequence[Token]", idx: int, options: "OptionsDict", env: Any) -> str:
        source = self._source(tokens[idx].meta["id"])
        before = tokens[idx - 1] if idx else None
        again = before is not None and before.type == "footnote_ref"
        if before and again and self._source(before.meta["id"]) is source:
            return ""
        source.uses += 1
        here = f"k-ref-{source.number}-{source.uses}"
        url = source.url or f"#k-source-{source.number}"
        words = self._words["source_label" if source.citation else "footnote_label"]
        label = html.escape(words.format(number=source.number, where=source.label))
        # The word joiner keeps the number on the line of the word it belongs to.
        classes = " ".join(["ref", *["again"] * again, *["footnote"] * (source.citation is None)])
        return (
            f'\u2060<sup class="{classes}"><a id="{here}" href="{html.escape(url)}" '
            f'data-source="k-source-{source.number}" aria-label="{label}">{source.number}</a></sup>'
        )


def render_lesson(material: Material, lesson: Lesson, page: Page, words: Words) -> PageParts:
    """The parts of a lesson's page."""
    _drop_repeated_title(page, lesson.title)
    span = quiz_span(page.source)
    lines = None
    if span:
        start, inner, end = (page.source.count("\n", 0, offset) for offset in span)
        lines = (start, inner + 1, end + (span[2] >= len(page.source)))
    known = [objective.id for objective in lesson.objectives]
    return LessonRenderer(material, page, words, up(page.path)).parts(lines, known)


def render_text(material: Material, page: Page, words: Words) -> PageParts:
    """The parts of a page without a quiz: the glossary."""
    _drop_repeated_title(page, words["glossary"])
    return LessonRenderer(material, page, words, up(page.path)).parts()


def render_cards(material: Material, page: Page, words: Words) -> PageParts:
    """The flashcards: of every list item what it begins with is shown, the rest on demand."""
    _drop_repeated_title(page, words["flashcards"])
    return LessonRenderer(material, page, words, up(page.path)).cards()


def inline_html(renderer: PageRenderer, text: str) -> str:
    """A title or an objective, which may hold code and formulas, as inline HTML; links become their words."""
    from ..markdown import parser

    tokens = parser().parseInline(text, {})
    for token in tokens:
        token.children = [child for child in token.children or [] if child.type not in _NOT_IN_TITLES]
    return renderer.html_of(tokens)


_NOT_IN_TITLES = {"link_open", "link_close", "image", "footnote_ref", "html_inline"}


def _citation_of(tokens: "Sequence[Token]") -> Citation | None:
    """The citation a footnote is: one paragraph that holds one link to lines of a note and nothing else."""
    inline = [token for token in tokens if token.type == "inline"]
    children = (
        [child for child in (inline[0].children or []) if child.content.strip() or child.nesting] if inline else []
    )
    if len(inline) != 1 or not children or children[0].type != "link_open" or children[-1].type != "link_close":
        return None
    if sum(child.type == "link_open" for child in children) != 1:
        return None
    return read_target(address(children[0]))


def _drop_repeated_title(page: Page, title: str) -> None:
    """An author who begins the text with its title means the one the page shows already."""
    if len(page.tokens) > 2 and page.tokens[0].type == "heading_open" and page.tokens[0].tag == "h1":
        inline = page.tokens[1].children or []
        if plain_text(inline).strip().lower() == inline_text(title).strip().lower():
            del page.tokens[:3]
