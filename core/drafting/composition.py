"""Composition: a lesson's Markdown from its plan and what was written to it, every sentence with the lines it stands on."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import zip_longest

from ..course.citation import Citation
from ..course.quiz import HEADINGS, Item
from ..notes.language import Language
from .blocks import listing, quotation, unbroken
from .condensing import condensed
from .footnotes import Footnotes, Origins
from .plan import Block, Heading, Paragraph, Part, Plan, Prose, Written
from .statements import Statement
from .wording import WORDING

_BLOCK_START = re.compile(r"^(#{1,6}\s|[-+*]\s|\d+[.)]\s|>|\||={3,}|-{3,}|`{3,}|~{3,}|:\s)")


class Composer:
    """Puts one lesson together; `body` is its Markdown once every part was added."""

    def __init__(self, language: Language, origins: Origins) -> None:
        self._language = language
        self._wording = WORDING[language]
        self._notes = Footnotes(language, origins)
        self._parts: list[str] = []

    def teach(self, plan: Plan, prose: Prose) -> None:
        """The plan's parts in order, each paragraph in the model's words where the check let them through."""
        if prose.opening:
            self._parts.append(self._sentences(prose.opening))
        written = 0
        section = -1
        for part, following in zip_longest(plan.parts, plan.parts[1:]):
            if isinstance(part, Heading):
                self._parts.append(f"{'#' * part.rank} {part.title}")
            elif isinstance(part, Block):
                self._parts.append(self._block(part))
            else:
                own = prose.paragraphs.get(written)
                disputed = any(one in plan.disputes for one in part.statements)
                text = self._sentences(own) if own and not disputed else self._authors(plan, part, following)
                if part.section != section and (bridge := prose.bridges.get(part.section)):
                    text = self._wording.joiner.join([self._sentences([bridge]), text])
                self._parts.append(_as_paragraph(text))
                section = part.section
                written += 1

    def sum_up(self, points: Iterable[tuple[str, Sequence[Citation]]]) -> None:
        """The summary that answers the objectives, a cited sentence each."""
        lines = [f"- {text}{''.join(self._notes.mark(one) for one in citations)}" for text, citations in points]
        if lines:
            self._parts += [f"## {self._wording.summary}", "\n".join(lines)]

    def ask(self, items: Sequence[tuple[Item, Statement]]) -> None:
        """The quiz section; each explanation is the sentence that answers the question."""
        written = []
        for number, (item, statement) in enumerate(items, 1):
            why = f"{ended(statement.text)}{self._notes.mark(cite(statement))}"
            written.append(replace(item, explanation=why).to_markdown(number))
        if written:
            self._parts += [f"## {HEADINGS[self._language]}", "\n\n".join(written)]

    def body(self) -> str:
        """The lesson's Markdown, footnote definitions last."""
        return "\n\n".join([*self._parts, self._notes.definitions()]).strip() + "\n"

    def _authors(self, plan: Plan, paragraph: Paragraph, following: Part | None) -> str:
        """The author's own sentences, condensed but for those a question stands on; the last may lead into a block.

        Where others of the notes contradict one, they are shown behind it.
        """
        kept = [aim.facts[0].statement for aim in plan.material.aims]
        pieces = []
        for one in paragraph.statements:
            citation = cite(one)
            if paragraph.leads and one is paragraph.statements[-1] and isinstance(following, Block):
                citation = Citation(one.file, one.first, following.passages[-1].last)
            text = one.text if one in kept else condensed(one.text, self._language)
            text += self._notes.mark(citation)
            against = [
                self._wording.disagree.format(other.plain, self._notes.mark(cite(other)))
                for other in plan.disputes.get(one, ())
            ]
            pieces.append(text + "".join(against))
        return self._wording.joiner.join(pieces)

    def _sentences(self, written: Sequence[Written]) -> str:
        """A model's sentences, each with what carries it; one that nothing carries is marked."""
        pieces = []
        for one in written:
            marks = "".join(self._notes.mark(each) for each in cited(one.carried_by))
            pieces.append(f"{one.text}{marks or ' ' + self._wording.needs_source}")
        return self._wording.joiner.join(pieces)

    def _block(self, block: Block) -> str:
        passage = block.passages[0]
        mark = self._notes.mark
        if passage.kind == "list":
            return listing(block, mark, self._language)
        if passage.kind == "quote":
            return quotation(passage, mark)
        if passage.kind == "figure":
            return f"{passage.text.strip()}{mark(Citation(passage.file, passage.first, passage.last))}"
        text = "\n\n".join(unbroken(one) for one in block.passages)
        if block.led:
            return text
        # No sentence leads here, and words of ours would be a sentence without a source: the mark stands alone.
        return f"{text}\n\n{mark(Citation(passage.file, passage.first, block.passages[-1].last))}"


def cite(statement: Statement) -> Citation:
    """The lines a statement stands on."""
    return Citation(statement.file, statement.first, statement.last)


def cited(statements: Sequence[Statement]) -> list[Citation]:
    """The lines several statements stand on, those that touch as one citation."""
    found: list[Citation] = []
    for one in sorted(map(cite, statements)):
        last = found[-1] if found else None
        if last and last.file == one.file and one.first <= last.last + 1:
            found[-1] = Citation(last.file, last.first, max(last.last, one.last))
        else:
            found.append(one)
    return found


def ended(text: str) -> str:
    """A statement that led into a block, ended as a sentence of its own."""
    bare = text.rstrip(" ")
    if bare.endswith(":"):
        return bare[:-1] + "."
    return bare[:-1] + "。" if bare.endswith("：") else bare


def _as_paragraph(text: str) -> str:
    """The text with its beginning escaped where Markdown would read a list, a heading or a quotation in it."""
    return re.sub(r"^(\d+)([.)]\s)", r"\1\\\2", text) if re.match(r"\d", text) else _BLOCK_START.sub(r"\\\1", text)
