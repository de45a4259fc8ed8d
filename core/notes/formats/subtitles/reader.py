"""Subtitles of recorded talks (SRT, WebVTT) as running text: a paragraph for a few sentences, its place the time."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path

from ....errors import InputError
from ...language import language_of
from ...stretches import lines_of
from ..converted import Part, Place
from ..markdown_writing import one_line, paragraph, plain
from .cues import Cue, cues_of

_SAMPLE = 2000
"""Cues looked at to tell the language, and whether the words have sentence marks."""
_SENTENCES = 5
_ENOUGH, _TOO_MUCH = 350, 900
"""Columns after which a paragraph without sentence marks ends at the next pause, and after which it ends anyway."""
_PAUSE, _LONG_PAUSE = 1.2, 6.0
"""Seconds: of a breath between sentences, and of a break between subjects."""
_END = re.compile(r"[.!?。！？…][\"'”’」』)）]*$")
_SENTENCE_MARK = re.compile(r"[.!?](?=[\"'”’)]*(?:\s|$))|[。！？]")
_COLUMNS_A_SENTENCE = 300
"""Text with fewer sentence marks than one in so many columns has none, but by chance."""


@dataclass
class _Paragraph:
    """What is being put together."""

    speaker: str
    start: float
    end: float
    texts: list[str] = field(default_factory=list)
    beside: list[str] = field(default_factory=list)

    @property
    def columns(self) -> int:
        return sum(map(_columns, self.texts))

    @property
    def sentences(self) -> int:
        return sum(len(_SENTENCE_MARK.findall(text)) for text in self.texts)


def read(file: Path, shown_as: str) -> Iterator[Part]:
    """The words of a subtitle file, joined over its lines; sounds, positions and what rolling captions repeat are dropped.

    Raises:
        InputError: the file cannot be opened, is no text, or holds no subtitles.
    """
    try:
        lines, _ = lines_of(file, shown_as)
    except OSError as error:
        raise InputError(
            f"{shown_as} cannot be read ({error.strerror}); mend its permissions or move it away."
        ) from error
    cues = cues_of(lines)
    sample = list(islice(cues, _SAMPLE))
    if not sample:
        raise InputError(
            f"{shown_as} has no words with times such as 00:00:01,000 --> 00:00:04,000 in it; leave it out or export it again."
        )
    chinese = language_of("\n".join(cue.text for cue in sample)) == "zh"
    has_marks = _has_marks(sample)
    for one in _paragraphs(chain(sample, cues), has_marks):
        said = " ".join(one.texts) if chinese and not has_marks else one_line("\n".join(one.texts))
        label = f"**{plain(one.speaker)}{'：' if chinese else ':'}** " if one.speaker else ""
        blocks = [label + plain(said) if label else paragraph(said)]
        blocks += [paragraph(one_line("\n".join(one.beside)))] if one.beside else []
        yield Part("\n\n".join(blocks), Place("time", _clock(one.start)))


def _paragraphs(cues: Iterable[Cue], has_marks: bool) -> Iterator[_Paragraph]:
    current: _Paragraph | None = None
    for cue in cues:
        if current is not None and (cue.speaker != current.speaker or cue.opens or _ends(current, cue, has_marks)):
            yield current
            current = None
        if current is None:
            current = _Paragraph(cue.speaker, cue.start, cue.end)
        current.texts.append(cue.text)
        current.beside += [cue.beside] if cue.beside else []
        current.end = max(current.end, cue.end)
    if current is not None:
        yield current


def _ends(current: _Paragraph, cue: Cue, has_marks: bool) -> bool:
    """Whether the paragraph ends before `cue`: at a long pause, or after enough text where a sentence or a breath ends."""
    pause = cue.start - current.end
    if current.columns > 2 * _TOO_MUCH:
        return True
    if not has_marks:
        return (
            pause >= _LONG_PAUSE / 2 or (current.columns > _ENOUGH and pause >= _PAUSE) or current.columns > _TOO_MUCH
        )
    if not _END.search(current.texts[-1]):
        return False
    return pause >= _LONG_PAUSE / 2 or current.sentences >= _SENTENCES or current.columns > _TOO_MUCH


def _has_marks(cues: Sequence[Cue]) -> bool:
    text = " ".join(cue.text for cue in cues)
    return len(_SENTENCE_MARK.findall(text)) * _COLUMNS_A_SENTENCE >= _columns(text)


def _columns(text: str) -> int:
    return sum(2 if character > "\u2e7f" else 1 for character in text)


def _clock(seconds: float) -> str:
    whole = int(seconds)
    return f"{whole // 3600:02}:{whole // 60 % 60:02}:{whole % 60:02}"
