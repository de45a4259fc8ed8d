"""Length: whether the course, and each lesson, is about as long as it was asked to be."""

from math import inf

from ..notes.passages import Passage
from .finding import Finding, Measured
from .material import Material, Page, words_in

CONDENSED = 0.7
"""Of the notes' words, where nobody said how long the course is to be."""
AN_HOUR = {"en": 4800, "zh": 8000}
"""Words (in Chinese, characters) of prose in an hour of study: 120 a minute, and half as long again for examples and
questions (after Carver 1992)."""
_PROSE = frozenset({"paragraph", "list", "quote"})
_LOW = 50.0


def length(material: Material, words_wanted: int | None) -> Measured:
    """`length_score`, 0 to 100, and `words`, how many words of prose there are (in Chinese, characters).

    Wanted x words, got y: `100 max(0, 1 - (y/x - 1) / 3)` for y > x, else `100 max(0, 1 - (x/y - 1) / 2)` (Bai et al., LongWriter, arXiv
    2408.07055). Wanted are `words_wanted`, else 70 % of the words of the paragraphs, lists and quotations that the lessons stand on, or fewer
    where `size: {hours: …}` in `course.yaml` has no time for so many; shared out as the lessons' sources are long. A lesson without sources has no score.
    """
    measured = Measured()
    given = {page.lesson: sum(prose_words(one) for one in page.sources) for page in material.lessons}
    whole = sum(given.values()) or sum(prose_words(one) for parts in material.passages.values() for one in parts)
    wanted = words_wanted or min(_words_of_study(material), CONDENSED * whole)
    got_all = 0
    for page in material.lessons:
        got = words_of(page)
        got_all += got
        measured.of_lesson(page.lesson, "words", got)
        if given[page.lesson] and whole:
            share_of_it = wanted * given[page.lesson] / whole
            score = length_score(share_of_it, got)
            measured.of_lesson(page.lesson, "length_score", score)
            if score < _LOW:
                message = f"The lesson has {got} words where about {share_of_it:.0f} were wanted."
                measured.findings.append(Finding(page.file, 1, "length_score", message, page.lesson))
    measured.course["words"] = got_all
    if wanted:
        measured.course["length_score"] = length_score(wanted, got_all)
    return measured


def _words_of_study(material: Material) -> float:
    """How many words the hours that the author asked for have room for; no end where none were asked for."""
    size = material.course.about.model_dump().get("size")
    hours = size.get("hours") if isinstance(size, dict) else None
    return float(hours) * AN_HOUR[material.language] if isinstance(hours, int | float) and hours > 0 else inf


def length_score(wanted: float, got: float) -> float:
    """LongWriter's score of a text of `got` words where `wanted` were asked for."""
    if got <= 0:
        return 0.0
    if got > wanted:
        return 100 * max(0.0, 1 - (got / wanted - 1) / 3)
    return 100 * max(0.0, 1 - (wanted / got - 1) / 2)


def words_of(page: Page) -> int:
    """Words of a page's running text, its quiz left out."""
    return sum(words_in(one.text) for one in page.text.sentences if not one.quiz)


def prose_words(passage: Passage) -> int:
    """Words of a passage of running text; code, tables and formulas have none."""
    return words_in(passage.text) if passage.kind in _PROSE else 0
