"""Composition: a lesson's Markdown from what was selected, every sentence with the lines it stands on."""

import re
from collections.abc import Iterable, Sequence

from ..course.citation import Citation
from ..course.quiz import HEADINGS, Item
from ..notes.language import Language
from ..notes.passages import FORMULA, Passage
from .aims import LessonMaterial
from .footnotes import Footnotes, Origins
from .statements import LIST_ITEM, Statement, is_reminder, tidy
from .wording import WORDING

_BLOCKS = frozenset({"code", "table", "math"})
_BLOCK_START = re.compile(r"^(#{1,6}\s|[-+*]\s|\d+[.)]\s|>|\||={3,}|-{3,}|`{3,}|~{3,}|:\s)")
_FENCE = re.compile(r"^\s*(`{3,}|~{3,})")


class Composer:
    """Puts one lesson together; `body` is its Markdown once every part was added."""

    def __init__(self, material: LessonMaterial, language: Language, origins: Origins) -> None:
        self._material = material
        self._language = language
        self._wording = WORDING[language]
        self._notes = Footnotes(language, origins)
        self._parts: list[str] = []

    def teach(self, kept: Sequence[Statement]) -> None:
        """The passages in order: kept sentences as paragraphs, lists, tables, code and formulas unbroken."""
        passages = self._material.passages
        chosen: dict[int, list[Statement]] = {}
        for one in kept:
            chosen.setdefault(one.passage, []).append(one)
        ranks = self._ranks()
        pending: list[Passage] = []
        index = 0
        while index < len(passages):
            passage = passages[index]
            if passage.kind == "heading":
                if passage.title != self._material.title and passage.title not in HEADINGS.values():
                    pending = [one for one in pending if one.level < passage.level] + [passage]
                index += 1
                continue
            run = self._blocks_after(index) if passage.kind in _BLOCKS else [passage]
            block = self._block(run, chosen.get(index, []), index)
            if block:
                self._parts += [f"{'#' * ranks[one.level]} {one.title}" for one in pending]
                pending = []
                self._parts.append(block)
            index += len(run)

    def sum_up(self, points: Iterable[tuple[str, Citation]]) -> None:
        """The summary that answers the objectives, a cited sentence each."""
        lines = [f"- {_sentence(text)}{self._notes.mark(citation)}" for text, citation in points]
        if lines:
            self._parts += [f"## {self._wording.summary}", "\n".join(lines)]

    def ask(self, items: Sequence[tuple[Item, Statement]]) -> None:
        """The quiz section; each explanation is the sentence that answers the question."""
        written = []
        for number, (item, statement) in enumerate(items, 1):
            why = f"{_sentence(statement.text)}{self._notes.mark(cite(statement))}"
            written.append(Item(item.stem, item.options, item.objectives, why).to_markdown(number))
        if written:
            self._parts += [f"## {HEADINGS[self._language]}", "\n\n".join(written)]

    def body(self) -> str:
        """The lesson's Markdown, footnote definitions last."""
        return "\n\n".join([*self._parts, self._notes.definitions()]).strip() + "\n"

    def _ranks(self) -> dict[int, int]:
        """For each heading level of the notes the one in the lesson: the highest becomes `##`."""
        used = sorted(
            {
                one.level
                for one in self._material.passages
                if one.kind == "heading" and one.title != self._material.title
            }
        )
        return {level: min(2 + place, 6) for place, level in enumerate(used)}

    def _blocks_after(self, index: int) -> list[Passage]:
        """The block at `index` and those that follow it at once: a command and its output are cited together."""
        run = [self._material.passages[index]]
        for following in self._material.passages[index + 1 :]:
            if following.kind not in _BLOCKS or following.file != run[-1].file:
                break
            run.append(following)
        return run

    def _block(self, run: list[Passage], said: list[Statement], index: int) -> str:
        passage = run[0]
        if passage.kind == "paragraph":
            return self._paragraph(said)
        if passage.kind == "list":
            return self._list(passage)
        if passage.kind == "quote":
            return self._quote(passage)
        if passage.kind in _BLOCKS:
            text = "\n\n".join(_whole(one) for one in run)
            if self._is_led_into(index):
                return text
            mark = self._notes.mark(Citation(passage.file, passage.first, run[-1].last))
            return f"{self._wording.from_notes}{mark}\n\n{text}"
        return ""

    def _paragraph(self, said: list[Statement]) -> str:
        pieces = []
        for one in said:
            citation = cite(one)
            if one is said[-1] and self._leads_into_block(one):
                citation = Citation(one.file, one.first, self._blocks_after(one.passage + 1)[-1].last)
            pieces.append(f"{one.text}{self._notes.mark(citation)}")
        text = self._wording.joiner.join(pieces)
        return re.sub(r"^(\d+)([.)]\s)", r"\1\\\2", text) if re.match(r"\d", text) else _BLOCK_START.sub(r"\\\1", text)

    def _leads_into_block(self, one: Statement) -> bool:
        """Whether code, a table or a formula comes right after the sentence, so that its citation covers both."""
        passages = self._material.passages
        following = one.passage + 1
        if following >= len(passages) or passages[following].kind not in _BLOCKS:
            return False
        last = [each for each in self._material.statements if each.passage == one.passage][-1]
        return passages[following].file == one.file and last is one

    def _is_led_into(self, index: int) -> bool:
        """Whether the last statement written cites the block at `index`."""
        before = [one for one in self._material.statements if one.passage == index - 1 and not one.item]
        return bool(before) and bool(self._parts) and f"{before[-1].text}[^" in self._parts[-1]

    def _list(self, passage: Passage) -> str:
        """A list with a citation behind each item's first paragraph; the author's reminders are left out."""
        lines = [line if _FENCE.match(line) else _keep_indent(line) for line in passage.text.split("\n")]
        starts = _item_starts(lines)
        written: list[str] = []
        for start, stop in zip(starts, [*starts[1:], len(lines)], strict=True):
            item = lines[start:stop]
            while item and not item[-1].strip():
                item.pop()
            if is_reminder(item[0]):
                continue
            end = 0
            while end + 1 < len(item) and item[end + 1].strip() and not _FENCE.match(item[end + 1]):
                end += 1
            item[end] += self._notes.mark(
                Citation(passage.file, passage.first + start, passage.first + start + len(item) - 1)
            )
            written += [*item, *([""] if len(item) < stop - start else [])]
        return "\n".join(written).strip("\n")

    def _quote(self, passage: Passage) -> str:
        lines = [_keep_indent(line) for line in passage.text.split("\n")]
        return "\n".join(lines) + self._notes.mark(Citation(passage.file, passage.first, passage.last))


def cite(statement: Statement) -> Citation:
    """The lines a statement stands on."""
    return Citation(statement.file, statement.first, statement.last)


def _item_starts(lines: Sequence[str]) -> list[int]:
    """The lines on which list items begin, code inside items passed over."""
    starts, fence = [], ""
    for number, line in enumerate(lines):
        mark = _FENCE.match(line)
        if mark and (not fence or line.strip().startswith(fence)):
            fence = "" if fence else mark[1]
        elif not fence and LIST_ITEM.match(line):
            starts.append(number)
    return starts


def _keep_indent(line: str) -> str:
    """A line tidied, its leading space as it was."""
    bare = line.lstrip()
    return line[: len(line) - len(bare)] + tidy(bare)


def _whole(passage: Passage) -> str:
    """A block unchanged, but for a formula's wrapping and the closing fence that an unfinished file may lack."""
    if passage.kind == "math" and (wrapped := FORMULA.match(passage.text.strip())):
        return wrapped["formula"]
    fence = _FENCE.match(passage.text)
    lines = passage.text.split("\n")
    if passage.kind == "code" and fence and not (len(lines) > 1 and lines[-1].strip().startswith(fence[1])):
        return f"{passage.text}\n{fence[1]}"
    return passage.text


def _sentence(text: str) -> str:
    """A statement that led into a block, ended as a sentence of its own."""
    bare = text.rstrip(" ")
    if bare.endswith(":"):
        return bare[:-1] + "."
    return bare[:-1] + "。" if bare.endswith("：") else bare
