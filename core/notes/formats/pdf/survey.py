"""A first look over all pages: the size of the running text, the styles of headings, furniture, words for hyphenation."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from statistics import median

from .furniture import Furniture
from .lines import CJK, Line, lines_of, pieces_of, pitch
from .page import Page

_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_MAX_WORDS = 200_000
"""Different words kept to judge hyphens by; more are no prose."""
_RUNNING = 24
"""Letters of a line, Chinese ones twice, that make it running text; the size of such counts tenfold against cells' and labels'."""
_LARGER = 1.12
"""A heading's size against the running text's."""


@dataclass
class Survey:
    """What the pages of a document have in common.

    Attributes:
        body: the running text's size in points.
        body_bold: it is bold.
        body_mono: it is of one width, as typewritten documents are: then nothing in it is taken for code.
        headings: the sizes of headings, largest first.
        words: lower-case words, hyphenated ones too, and how often they occur inside lines.
        pitch: the usual distance of lines, in sizes of the font.
        letters: of the whole document that have a character.
    """

    body: float = 10.0
    body_bold: bool = False
    body_mono: bool = False
    headings: list[float] = field(default_factory=list)
    words: Counter[str] = field(default_factory=Counter)
    furniture: Furniture = field(default_factory=Furniture)
    letters: int = 0
    pitch: float = 1.2

    def level(self, line: Line) -> int:
        """The level, from 1, that a heading in this line's style has; 0 where the style is no heading's."""
        for level, size in enumerate(self.headings, 1):
            if line.size >= 0.96 * size and line.size >= _LARGER * self.body:
                return min(level, 6)
        if line.bold and not self.body_bold and line.size >= 0.95 * self.body:
            return min(len(self.headings) + 1, 6)
        return 0


def survey(pages: Iterable[Page]) -> Survey:
    """Look at every page once; none is kept."""
    result = Survey()
    styles: Counter[tuple[float, bool]] = Counter()
    large: Counter[float] = Counter()
    pages_of: dict[float, set[int]] = {}
    pitches: list[float] = []
    mono = plain = 0
    for page in pages:
        result.letters += page.letters - round(page.unreadable * page.letters)
        result.furniture.see(page)
        rows = lines_of(page.words)
        if len(rows) > 5:
            pitches.append(pitch(rows))
        for line in (piece for row in rows for piece in pieces_of(row)):
            length = sum(len(word.text) for word in line.words)
            if line.mono:
                mono += length
            else:
                plain += length
                running = length + len(CJK.findall(line.text)) >= _RUNNING
                styles[round(2 * line.size) / 2, line.bold] += length * (10 if running else 1)
            if length >= 2:
                large[round(2 * line.size) / 2] += 1
                pages_of.setdefault(round(2 * line.size) / 2, set()).add(page.number)
            if len(result.words) < _MAX_WORDS:
                result.words.update(_whole_words(line.text))
    if pitches:
        result.pitch = median(pitches)
    if mono > plain:
        result.body_mono = True
    if styles and not result.body_mono:
        sizes: Counter[float] = Counter()
        for (size, _), count in styles.items():
            sizes[size] += count
        result.body = sizes.most_common(1)[0][0] or 10.0
        result.body_bold = styles[result.body, True] > styles[result.body, False]
    elif large:
        result.body = large.most_common(1)[0][0] or 10.0
    result.headings = _headings(pages_of, result.body)
    result.furniture.decide(result.body)
    return result


def _whole_words(text: str) -> list[str]:
    """The words of a line but the last, if a hyphen cuts it; a first one without hyphen may be the rest of a cut one."""
    found = [(match[0].lower(), match.end()) for match in _WORD.finditer(text)]
    if found and re.search(r"[-\u00ad]$", text):
        found.pop()
    return [word for place, (word, _) in enumerate(found) if place or "-" in word]


def _headings(pages_of: dict[float, set[int]], body: float) -> list[float]:
    """The sizes above the running text's, those nearly alike taken for one.

    What stands on one page only, larger than all that comes back, is a title page: its sizes make one level, not several.
    """
    sizes: list[float] = []
    for size in sorted((size for size in pages_of if size >= _LARGER * body), reverse=True):
        if sizes and size >= 0.94 * sizes[-1]:
            pages_of[sizes[-1]] |= pages_of[size]
        else:
            sizes.append(size)
    titles = 0
    while titles < len(sizes) and len(pages_of[sizes[titles]]) == 1:
        titles += 1
    same_page = (
        titles > 1 and titles < len(sizes) and len(set().union(*(pages_of[size] for size in sizes[:titles]))) == 1
    )
    return sizes[titles - 1 :] if same_page else sizes
