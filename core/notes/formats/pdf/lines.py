"""Words into lines: those on one baseline, cut where a gap is too wide for a space."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from statistics import median

from .page import Box, Word

_CJK = r"\u2e80-\u303f\u3040-\u30ff\u3100-\u312f\u31a0-\u31bf\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef\U00020000-\U0003ffff"
_CJK_LAST = re.compile(f"[{_CJK}“”‘’…—]$")
_CJK_FIRST = re.compile(f"[{_CJK}“”‘’…—]")
CJK = re.compile(f"[{_CJK}]")
RAISED = str.maketrans("0123456789+-−=()ni", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿⁱ")
LOWERED = str.maketrans("0123456789+-−=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎")
_REMARK = re.compile(r"#|//|/\*|--|%|;|\"\"\"|'{3}")
WIDE_GAP = 0.9
"""Of the font's size: a wider gap is no space between two words of a line, but a column, a tab or a cell."""


@dataclass
class Line:
    """Words on one baseline, from left to right; they stay as they are once a line is made of them."""

    words: list[Word]

    @property
    def x0(self) -> float:
        return self.words[0].x0

    @cached_property
    def x1(self) -> float:
        return max(word.x1 for word in self.words)

    @property
    def baseline(self) -> float:
        return self._main.baseline

    @property
    def size(self) -> float:
        """Of most of its letters."""
        return self._main.size

    @cached_property
    def sizes(self) -> set[float]:
        """Of a fifth of its letters at least."""
        counts: Counter[float] = Counter()
        for word in self.words:
            counts[round(word.size, 1)] += len(word.text)
        return {size for size, count in counts.items() if 5 * count >= counts.total()}

    @property
    def top(self) -> float:
        return self._main.top

    @property
    def bottom(self) -> float:
        return self._main.bottom

    @cached_property
    def box(self) -> Box:
        return Box(self.x0, min(word.top for word in self.words), self.x1, max(word.bottom for word in self.words))

    @cached_property
    def bold(self) -> bool:
        return self._share([word for word in self.words if word.bold]) >= 0.9

    @cached_property
    def mono(self) -> bool:
        """In a font of one width; Chinese in a remark of a program comes from another."""
        if _REMARK.match(self.words[0].text) and self.words[0].mono:
            return all(word.mono or CJK.search(word.text) for word in self.words)
        return self._share([word for word in self.words if word.mono]) >= 0.9

    @cached_property
    def text(self) -> str:
        return spaced(self.words)

    @cached_property
    def _main(self) -> Word:
        counts: Counter[float] = Counter()
        for word in self.words:
            counts[round(word.size, 1)] += len(word.text)
        size = max(counts, key=lambda one: (counts[one], one))
        return next(word for word in self.words if round(word.size, 1) == size)

    def _share(self, words: list[Word]) -> float:
        return sum(len(word.text) for word in words) / max(1, sum(len(word.text) for word in self.words))


def lines_of(words: Iterable[Word]) -> list[Line]:
    """The words as lines from top to bottom; raised and lowered ones go with the line they belong to."""
    rows: list[tuple[Word, list[Word]]] = []
    for word in sorted(words, key=lambda word: (word.baseline, word.x0)):
        for place in range(len(rows) - 1, max(-1, len(rows) - 4), -1):
            main, row = rows[place]
            same = 0.3 if abs(word.size - main.size) < 0.1 * main.size else 0.5
            if abs(word.baseline - main.baseline) <= same * min(word.size, main.size):
                row.append(word)
                rows[place] = (word if word.size > main.size else main, row)
                break
        else:
            rows.append((word, [word]))
    return [Line(sorted(row, key=lambda word: word.x0)) for _, row in _with_marks(rows)]


def _with_marks(rows: list[tuple[Word, list[Word]]]) -> list[tuple[Word, list[Word]]]:
    """The rows, where one that is only small marks set high went into the row below that it leans on: notes' numbers."""
    kept: list[tuple[Word, list[Word]]] = []
    for place, (main, row) in enumerate(rows):
        below = next(
            ((large, words) for large, words in rows[place + 1 : place + 3] if large.size * 0.85 >= main.size), None
        )
        if below and len(row) <= 4 and all(len(word.text) <= 3 and _leans(word, *below) for word in row):
            below[1].extend(row)
        else:
            kept.append((main, row))
    return kept


def _leans(mark: Word, main: Word, row: list[Word]) -> bool:
    """Whether a mark stands right beside a word of the row, not higher than its letters."""
    gaps = (min(abs(mark.x0 - word.x1), abs(word.x0 - mark.x1)) for word in row)
    return 0 < main.baseline - mark.baseline <= 0.65 * main.size and min(gaps) < 0.35 * main.size


def write_shifted(words: Iterable[Word]) -> None:
    """Small numbers beside a word and above or below its line become ⁷ or ₂; the words are changed."""
    for line in lines_of(words):
        for place, word in enumerate(line.words):
            if not re.fullmatch(r"[\d+−-]{1,4}", word.text):
                continue
            for other in line.words[max(0, place - 1) : place + 2]:
                lift = (other.baseline - word.baseline) / other.size
                near = min(abs(word.x0 - other.x1), abs(other.x0 - word.x1)) < 0.6 * other.size
                if near and word.size <= 0.85 * other.size and abs(lift) >= 0.12:
                    word.text = word.text.translate(RAISED if lift > 0 else LOWERED)
                    break


def pieces_of(line: Line, gap: float = WIDE_GAP) -> list[Line]:
    """The line cut at its wide gaps."""
    pieces = [[line.words[0]]]
    for before, word in pairwise(line.words):
        if word.x0 - before.x1 >= gap * max(before.size, word.size):
            pieces.append([])
        pieces[-1].append(word)
    return [Line(piece) for piece in pieces]


def spaced(words: list[Word]) -> str:
    """The words with a space where the page shows one; gaps between Chinese characters that a line was stretched by are none."""
    text = ""
    before: Word | None = None
    chinese = [word for word in words if CJK.search(word.text)]
    stretched = len(chinese) > 3 and sum(len(word.text) == 1 for word in chinese) > 0.4 * len(chinese)
    least = (0.12, 0.23, 0.8 if stretched else 0.22)
    for word in words:
        if before is not None:
            gap = (word.x0 - before.x1) / max(1.0, min(before.size, word.size))
            sides = bool(_CJK_LAST.search(text)) + bool(_CJK_FIRST.match(word.text))
            if gap > least[sides] or (word.spaced and gap > (-1.0, 0.1, 0.18)[sides]):
                text += " "
        text += word.text
        before = word
    return text


def joined(before: str, after: str) -> str:
    """Two lines of a paragraph as one, hyphens left alone: with a space, but none between Chinese characters."""
    chinese = _CJK_LAST.search(before) and _CJK_FIRST.match(after)
    half = (CJK.search(before[-1:]) or CJK.match(after)) and not re.match(r"[(\[]", after)
    return before + after if chinese or half else f"{before} {after}"


def cell_text(words: list[Word]) -> str:
    """A cell's lines as one."""
    text = ""
    for line in lines_of(words):
        if text.endswith("-") and line.text[:1].islower():
            text = text[:-1] + line.text
        else:
            text = joined(text, line.text) if text else line.text
    return text


def pitch(lines: list[Line], otherwise: float = 1.2) -> float:
    """The usual distance of two baselines, in sizes of the font."""
    steps = [
        (below.baseline - above.baseline) / above.size
        for above, below in pairwise(lines)
        if abs(below.size - above.size) < 0.1 * above.size
    ]
    usual = [step for step in steps if 0.9 <= step <= 2.6]
    return median(usual) if len(usual) >= 2 else otherwise
