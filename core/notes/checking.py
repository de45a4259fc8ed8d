"""What an author should look at before the notes become a course: private data, repetition, damage, instructions.

Instructions in notes ("ignore your rules") are data like the rest and never obeyed; they are named because a course should
not teach them.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from urllib.parse import unquote

from .document import Document, Notes
from .language import count_words
from .passages import passages
from .places import without_markers
from .privacy.recognition import find

FEWEST_WORDS = 20
"""Words and Chinese characters; a document with fewer is pointed out."""
_LONG_ENOUGH = 15
"""Words and Chinese characters of a paragraph that counts as repeated."""

_INSTRUCTION = re.compile(
    r"\b(?:ignore|disregard|forget|override)\s+(?:\w+\s+){0,2}(?:all|any|every|your|previous|prior|above|earlier|these)\b"
    r"[^.\n]{0,25}\b(?:instructions?|rules?|prompts?|guidelines)\b"
    r"|\b(?:reveal|print|show|repeat)\b[^.\n]{0,20}\bsystem prompt\b|\byou are now (?:a|an|in)\b|<\|im_(?:start|end)\|>|\[/?INST\]"
    r"|(?:忽略|无视|忘记|忘掉|不要理会|無視|忽視)(?:[^。\n]{0,4})(?:以上|之前|前面|所有|一切|你的|先前|上述)[^。\n]{0,10}(?:指令|指示|规则|規則|提示词?|要求|设定)|你现在(?:是|扮演)一[个名位]|(?:输出|显示|透露|打印)[^。\n]{0,8}系统提示",
    re.IGNORECASE,
)
_GARBLED = re.compile(
    r"\ufffd|锟斤拷|烫烫烫|屯屯屯|(?:[ÃÂ][\x80-\xbf€‚ƒ„…†‡ˆ‰Š‹Œ‘’“”•–—˜™š›œžŸ¡-¿]){2,}|(?:â€.)|\(cid:\d+\)"
)
_PICTURE = re.compile(r"!\[[^\]]*\]\((?P<target><[^<>\n]+>|[^\s()]+)[^()\n]*\)")


@dataclass(frozen=True)
class Remark:
    """Something to look at.

    Attributes:
        kind: a kind of private data (`email`, `phone`, …), or `instruction`, `garbled`, `picture`, `repeated`, `short`.
        file: the document's name under `notes/`.
        line: from 1.
        text: what stands there, or what is wrong with it, on one line.
    """

    kind: str
    file: str
    line: int
    text: str


def check_notes(notes: Notes, course: Path | None = None) -> list[Remark]:
    """Everything worth a look, by document and line.

    Args:
        course: the folder whose `assets/` the pictures should be in; None looks for no pictures.
    """
    found = [remark for document in notes.documents for remark in _of_document(document, course)]
    found += _repeated(notes)
    order = {document.name: place for place, document in enumerate(notes.documents)}
    return sorted(found, key=lambda one: (order[one.file], one.line))


def _of_document(document: Document, course: Path | None) -> Iterator[Remark]:
    text = document.text

    def line(offset: int) -> int:
        return text.count("\n", 0, offset) + 1

    if (words := count_words(without_markers(text))) < FEWEST_WORDS:
        yield Remark("short", document.name, 1, f"{words} words")
    for finding in find(text):
        yield Remark(finding.kind, document.name, line(finding.start), _on_one_line(finding.text))
    for kind, pattern in (("instruction", _INSTRUCTION), ("garbled", _GARBLED)):
        for number, said in _lines_with(pattern, text):
            yield Remark(kind, document.name, number, said)
    if course is not None:
        for match in _PICTURE.finditer(text):
            target = unquote(match["target"].strip("<>"))
            if not re.match(r"[a-z][a-z0-9+.-]*:", target, re.IGNORECASE) and not _is_there(target, document, course):
                yield Remark("picture", document.name, line(match.start()), f"{target} is not there")


def instructions(text: str) -> list[tuple[int, str]]:
    """The lines, from 1, that read like orders to a language model, with what they say."""
    return _lines_with(_INSTRUCTION, text)


def _lines_with(pattern: re.Pattern[str], text: str) -> list[tuple[int, str]]:
    """The lines in which a pattern is found, with the first place that matches."""
    first = {text.count("\n", 0, match.start()) + 1: match[0] for match in reversed(list(pattern.finditer(text)))}
    return [(number, _on_one_line(said)) for number, said in sorted(first.items())]


def _is_there(target: str, document: Document, course: Path) -> bool:
    """Whether a picture lies in the course."""
    try:
        path = (course / "notes" / PurePosixPath(document.name).parent / target).resolve()
        return path.is_relative_to(course.resolve()) and path.is_file()
    except (OSError, ValueError):
        return False


def _repeated(notes: Notes) -> Iterator[Remark]:
    """Paragraphs that an earlier place says already, word for word."""
    first: dict[str, tuple[str, int]] = {}
    for document in notes.documents:
        for passage in passages(document):
            if passage.kind not in {"paragraph", "list", "table"} or count_words(passage.text) < _LONG_ENOUGH:
                continue
            said = " ".join(passage.text.casefold().split())
            if said in first:
                file, line = first[said]
                yield Remark("repeated", document.name, passage.first, f"as in {file}, line {line}")
            else:
                first[said] = (document.name, passage.first)


def _on_one_line(text: str) -> str:
    shown = " ".join(text.split())
    return shown if len(shown) <= 80 else f"{shown[:79]}…"
