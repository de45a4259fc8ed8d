"""The size of a course: how many lessons the notes make, or the author asks for, and where notes are cut or joined.

Study time follows the reading gears of Carver (1992, "Reading rate: theory, research, and practical implications"):
people learn at about 200 words a minute and memorise at about 140. A lesson is read at 120, and half as long again goes
into its examples and questions: minutes = words / 120 × 1.5. A lesson has about 0.7 of the words of its notes.
"""

from collections.abc import Sequence

from ..notes.language import Language
from ..notes.passages import Passage
from .candidate import Candidate, Group, words_in
from .clustering import together
from .structure import is_index
from .titles import joined

SMALLEST = 80
"""Words below which notes are too little for a lesson of their own and join their neighbour."""
LARGEST = 2400
"""Words above which notes are split at their headings into several lessons."""
FEW = 4
"""Lessons below which a course is thin; then notes longer than `COMFORTABLE` are split too."""
COMFORTABLE = 400
"""Words of notes for a lesson of some five minutes; in a thin course lessons have up to half as many again."""
LEAST = 60
"""Words of the smallest lesson that is made when the author asks for many."""
_RANK = 0.3
WORDS_A_MINUTE = 120
STUDY = 1.5
KEPT = 0.7
MINUTES_A_LESSON = 20
"""Minutes of study of a lesson where the author gives hours and no lessons."""


def minutes_of(words: float) -> float:
    """Minutes of study that so many words of notes make."""
    return words * KEPT / WORDS_A_MINUTE * STUDY


def lessons_for(hours: float, natural: int, words: int) -> int:
    """How many lessons of usual length fill so many hours; never more for notes that hold less.

    Args:
        natural: lessons that the notes make by themselves.
        words: of all notes that teach.
    """
    there = minutes_of(words)
    each = max(5.0, min(MINUTES_A_LESSON, there / max(1, natural)))
    return max(1, round(min(hours * 60, there) / each))


def sized(groups: list[Group], language: Language) -> list[Group]:
    """The groups with lessons of usual length: very short candidates joined to a neighbour, long ones split."""
    for group in groups:
        group.candidates = [
            part for one in _joined_small(group.candidates, language) for part in _split_long(one, language)
        ]
    groups = [group for group in groups if group.candidates]
    count = sum(len(group.candidates) for group in groups)
    if count < FEW:
        for group in groups:
            group.candidates = [part for one in group.candidates for part in _split_few(one, count == 1, language)]
    return groups


def resized(groups: list[Group], wanted: int, language: Language) -> list[Group]:
    """The groups with `wanted` lessons in all, or as near as the notes allow: joined or split where it costs least."""
    while (count := sum(len(group.candidates) for group in groups)) != wanted:
        if count > wanted:
            groups = _one_fewer(groups, language)
        elif not _one_more(groups, language):
            break
    return groups


def _joined_small(candidates: list[Candidate], language: Language) -> list[Candidate]:
    """Candidates too small for a lesson joined to the one before; the first ones, and an index, open the one after them."""
    merged: list[list[Candidate]] = []
    waiting: list[Candidate] = []
    for one in candidates:
        opens = is_index(one) and one.words < 4 * SMALLEST
        if opens or (one.words < SMALLEST and not merged):
            waiting.append(one)
        elif one.words < SMALLEST and sum(each.words for each in merged[-1]) < LARGEST:
            merged[-1].append(one)
        else:
            merged.append([*waiting, one])
            waiting = []
    if any(passage.kind != "heading" for one in waiting for passage in one.passages):
        if merged:
            merged[-1] += waiting
        else:
            merged.append(waiting)
    return [_as_one(members, language) for members in merged]


def _as_one(members: list[Candidate], language: Language) -> Candidate:
    """Neighbours as one candidate; an index in front names the module and not the lesson."""
    named = [one for one in members if not is_index(one)] or members
    one = together(named, language)
    passages = [passage for each in members for passage in each.passages]
    return Candidate(one.title, passages, one.stem, frozenset().union(*(each.whole for each in members)), one.subjects)


def _split_long(one: Candidate, language: Language) -> list[Candidate]:
    return split(one, -(-one.words // LARGEST), SMALLEST, language)


def _split_few(one: Candidate, alone: bool, language: Language) -> list[Candidate]:
    """A document that is nearly the whole course as several lessons, at its headings and nowhere else.

    Where it is `alone`, its title is the course's, and each lesson is called by its own sections.
    """
    parts = max(2, round(one.words / (1.5 * COMFORTABLE)))
    pieces = _pieces(one.passages, parts)
    if one.words <= COMFORTABLE or len(pieces) < 2 or not all(piece[0].kind == "heading" for piece in pieces[1:]):
        return [one]
    cut = split(one, parts, 2 * SMALLEST, language)
    if alone and len(cut) > 1 and (sections := _section_titles(pieces, one.title, cut[0].passages)):
        cut[0].title = joined(sections, language)
    return cut


def _section_titles(pieces: Sequence[Sequence[Passage]], title: str, among: Sequence[Passage]) -> list[str]:
    """The titles of the sections that lie among some passages, the whole's own left out."""
    firsts = [piece[0] for piece in pieces if piece[0] in among]
    heads = [next((one for one in piece if one.kind == "heading" and one.title != title), None) for piece in pieces[:1]]
    return [
        one.title for one in dict.fromkeys([*heads, *firsts]) if one and one.kind == "heading" and one.title != title
    ]


def split(one: Candidate, parts: int, least: int, language: Language) -> list[Candidate]:
    """A candidate cut into up to `parts` of even size, each at least `least` words, before its highest headings if it can."""
    for count in range(parts, 1, -1):
        pieces = _pieces(one.passages, count)
        if ends := _best_cut([words_in(piece) for piece in pieces], _ranks(pieces), count, least):
            starts = [0, *ends[:-1]]
            return _named(one, [pieces[start:end] for start, end in zip(starts, ends, strict=True)], language)
    return [one]


def _best_cut(lengths: Sequence[int], ranks: Sequence[int], parts: int, least: int) -> list[int]:
    """Where each of `parts` runs of pieces ends, so that they are even and begin at high ranks; none if one were too small.

    The cost of a part is its squared share too long or too short and `_RANK` for each rank below the highest.
    """
    sums = [0]
    for length in lengths:
        sums.append(sums[-1] + length)
    target = max(1.0, sums[-1] / parts)
    best: list[dict[int, tuple[float, int]]] = [{0: (0.0, 0)}]
    for _ in range(parts):
        reached: dict[int, tuple[float, int]] = {}
        for start, (cost, _) in best[-1].items():
            for end in range(start + 1, len(lengths) + 1):
                words = sums[end] - sums[start]
                if words >= least:
                    total = cost + (words / target - 1) ** 2 + (_RANK * ranks[start] if start else 0.0)
                    if end not in reached or total < reached[end][0]:
                        reached[end] = (total, start)
        best.append(reached)
    ends = [len(lengths)]
    for level in range(parts, 0, -1):
        if ends[0] not in best[level]:
            return []
        ends.insert(0, best[level][ends[0]][1])
    return ends[1:]


def _ranks(pieces: Sequence[Sequence[Passage]]) -> list[int]:
    """How far the heading that opens each piece is below the highest of them, the first, the title's, apart."""
    levels = [piece[0].level or 7 for piece in pieces]
    order = sorted(set(levels[1:]) or {7})
    return [order.index(level) if level in order else 0 for level in levels]


def _named(one: Candidate, cut: Sequence[Sequence[Sequence[Passage]]], language: Language) -> list[Candidate]:
    """Parts of a candidate under titles of their own: the sections in them; the first keeps the whole's title."""
    if len(cut) == 1:
        return [one]
    found = []
    for number, pieces in enumerate(cut, 1):
        passages = [passage for piece in pieces for passage in piece]
        sections = [piece[0].title for piece in pieces if piece[0].kind == "heading" and piece[0].title != one.title]
        title = one.title if number == 1 else joined(sections, language) or f"{one.title} ({number})"
        found.append(Candidate(title, passages, one.stem))
    return found


def _pieces(passages: Sequence[Passage], parts: int) -> list[list[Passage]]:
    """Passages in pieces that belong together: sections of the highest rank of which there are enough to make so many
    parts, else paragraphs with what they lead into."""
    levels = sorted(one.level for one in passages if one.kind == "heading")
    enough = max(3, parts + 1)  # one of them is the title
    rank = levels[enough - 1] if len(levels) >= enough else 0
    pieces: list[list[Passage]] = [[]]
    for index, one in enumerate(passages):
        starts = (
            one.kind == "heading" and one.level <= rank if rank else one.kind in {"paragraph", "heading"} and index > 0
        )
        if starts and any(each.kind != "heading" for each in pieces[-1]):
            pieces.append([])
        pieces[-1].append(one)
    return pieces


def _one_fewer(groups: list[Group], language: Language) -> list[Group]:
    """The two neighbours of one module that are shortest together become one; modules join when each has one lesson."""
    pairs = [
        (first.words + second.words, place, index)
        for place, group in enumerate(groups)
        for index, (first, second) in enumerate(zip(group.candidates, group.candidates[1:], strict=False))
    ]
    if pairs:
        _, place, index = min(pairs)
        candidates = groups[place].candidates
        candidates[index : index + 2] = [together(candidates[index : index + 2], language)]
        return groups
    words = [group.candidates[0].words for group in groups]
    place = min(range(len(groups) - 1), key=lambda index: words[index] + words[index + 1])
    first, second = groups[place], groups[place + 1]
    both = Group(joined([first.title, second.title], language), first.candidates + second.candidates)
    return [*groups[:place], both, *groups[place + 2 :]]


def _one_more(groups: list[Group], language: Language) -> bool:
    """The longest candidate that can be cut becomes two; False where none can."""
    longest = sorted(
        ((one.words, group, one) for group in groups for one in group.candidates), key=lambda each: -each[0]
    )
    for _, group, one in longest:
        halves = split(one, 2, LEAST, language)
        if len(halves) == 2:
            place = group.candidates.index(one)
            group.candidates[place : place + 1] = halves
            return True
    return False
