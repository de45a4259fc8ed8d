"""Selection: which of the author's sentences a lesson keeps, so that it is shorter than the notes and still holds together."""

import random
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import log, sqrt

from ..notes.language import size
from ..notes.words import content_words
from .chains import Segment, is_example, is_instruction, segments
from .emphasis import Emphasis
from .statements import CLAUSE_NUMBER, Statement

_ANECDOTE = re.compile(r"\b(?:I|my|mine|me)\b|(?<!自)我(?!们|国)|！|!")
_CONCLUDES = re.compile(
    r"^(?:so|this is why|that is why|therefore|hence|in short)\b|^(?:所以|因此|这就是|总之|可见)", re.IGNORECASE
)
_FIGURE_ELSEWHERE = re.compile(
    r"\b(?:figure|diagram|picture|image|chart|graph|illustration)s? (?:below|above|\d|shows?|here)|\b(?:below|above|following) (?:figure|diagram|picture|image)|"
    r"如图|[上下]图|图(?:中|示)|见图",
    re.IGNORECASE,
)
SAID_ALREADY = 0.9
"""Share of a segment's content words in one that is kept from which it says nothing new."""
ANEW = 1.6
"""How far chance moves what a segment is worth where a lesson is written anew: as far as what opens a paragraph is ahead."""
FIRST_OF_SECTION = 0.6
"""What the segment that opens a section is worth beyond itself: authors begin with what the rest stands on."""
FIRST_OF_PARAGRAPH = 0.9
"""What the first segment kept of a paragraph is worth beyond itself: a lesson is to touch on all that the notes do."""


@dataclass
class Choice:
    """What selection weighs.

    Attributes:
        paragraphs: the statements of each paragraph of the lesson, in order.
        openings: indexes of the paragraphs that open a section.
        follows: for each whether it comes right after the one before it, no block or heading between.
        must: statements that stay: what the aims stand on, what leads into a block that is kept.
        budget: words to use at most; what must stay may exceed it.
        naming: statements that introduce a term, with it; whoever uses the term later needs them.
        title_words: content words of the titles that a statement of the lesson can answer to.
        holds: how many facts each statement holds.
        repeats: what share of a statement earlier lessons say already; what is not there is new.
        relevance: how much each statement is about the lesson's subject, in standard deviations; may be empty.
    """

    paragraphs: Sequence[Sequence[Statement]]
    follows: Sequence[bool]
    openings: frozenset[int]
    must: Sequence[Statement]
    budget: float
    naming: Mapping[Statement, str] = field(default_factory=dict)
    title_words: frozenset[str] = frozenset()
    holds: Mapping[Statement, int] = field(default_factory=dict)
    relevance: Mapping[Statement, float] = field(default_factory=dict)
    repeats: Mapping[Statement, float] = field(default_factory=dict)


def select(choice: Choice, emphasis: Emphasis) -> list[Statement]:
    """The statements to keep, in the notes' order, by greedy choice under a budget (Lin and Bilmes 2010).

    What must stay comes first, with all it leans on; then the segments worth most, the first of each paragraph before
    its others, as long as the budget lasts.
    """
    parts = segments(choice.paragraphs, choice.follows)
    home = {one: index for index, part in enumerate(parts) for one in part.statements}
    bags = [frozenset(content_words(" ".join(one.plain for one in part.statements))) for part in parts]
    worth = _worths(parts, choice, emphasis)
    kept: set[int] = set()

    needs = _needs(parts, choice.naming, home)

    def with_needed(index: int) -> list[int]:
        chain, waiting = [index], [index]
        while waiting:
            for before in needs[waiting.pop()]:
                if before not in kept and before not in chain:
                    chain.append(before)
                    waiting.append(before)
        return [one for one in chain if one not in kept]

    def words(chain: Sequence[int]) -> int:
        return sum(size(one.text) for index in chain for one in parts[index].statements)

    for one in choice.must:
        if one in home:
            kept.update(with_needed(home[one]))
    spent = words(list(kept))
    waiting = {index for index in range(len(parts)) if index not in kept}
    touched = {parts[index].statements[0].passage for index in kept}
    while waiting:
        best = max(
            sorted(waiting),
            key=lambda index: worth[index] + FIRST_OF_PARAGRAPH * (parts[index].statements[0].passage not in touched),
        )
        waiting.discard(best)
        chain = with_needed(best)
        if any(
            said & bags[index] and len(said & bags[index]) >= SAID_ALREADY * len(bags[index])
            for index in chain
            for said in (bags[one] for one in kept)
        ):
            continue
        if best not in kept and spent + (cost := words(chain)) <= choice.budget:
            kept.update(chain)
            spent += cost
            touched.update(parts[index].statements[0].passage for index in chain)
    return [one for index, part in enumerate(parts) if index in kept for one in part.statements]


def _needs(parts: Sequence[Segment], naming: Mapping[Statement, str], home: Mapping[Statement, int]) -> list[list[int]]:
    """For each segment those it cannot stand without: what it leans on, and where the terms it uses are introduced."""
    named = [(term.lower(), home[one]) for one, term in naming.items() if one in home]
    found = []
    for index, part in enumerate(parts):
        text = " ".join(one.plain for one in part.statements).lower()
        wanted = [at for term, at in named if at < index and term in text]
        found.append(([] if part.needs is None else [part.needs]) + wanted)
    return found


def _worths(parts: Sequence[Segment], choice: Choice, emphasis: Emphasis) -> list[float]:
    """How much each segment gives, by the mean of its statements."""
    central = centrality([one for part in parts for one in part.statements])
    chance = random.Random(emphasis.version)
    first = {choice.paragraphs[index][0].passage for index in choice.openings}
    worths = []
    for part in parts:
        each = [
            0.35 * central[one]
            + 0.35 * choice.relevance.get(one, 0.0)
            + 0.35 * min(choice.holds.get(one, 0), 3)
            + 0.25 * min(len(choice.title_words & set(content_words(one.plain))), 2)
            + 0.4 * is_instruction(one)
            - 2.0 * choice.repeats.get(one, 0.0)
            - 0.3 * (size(one.text) < 6 and one.leans)
            + 0.4 * bool(_CONCLUDES.match(one.plain))
            - 0.5 * (size(one.text) > 45)
            - 0.5 * bool(_ANECDOTE.search(one.plain))
            - 0.8 * bool(_FIGURE_ELSEWHERE.search(one.plain))
            + emphasis.weight(one.plain)
            for one in part.statements
        ]
        alone = part.needs is None and not part.statements[0].leans
        worth = sum(each) / len(each) + 0.4 * alone + emphasis.examples * is_example(part)
        worth += FIRST_OF_SECTION * (part.statements[0].passage in first)
        first.discard(part.statements[0].passage)
        worths.append(worth + (chance.gauss(0.0, ANEW) if emphasis.version else 0.0))
    return worths


def centrality(said: Sequence[Statement]) -> dict[Statement, float]:
    """How much of the lesson's own words each statement shares, in standard deviations (tf-idf cosine with the centroid)."""
    bags = [Counter(content_words(CLAUSE_NUMBER.sub("", one.plain))) for one in said]
    spread = Counter(word for bag in bags for word in bag)
    weights = {word: log(1 + len(bags) / count) for word, count in spread.items()}
    centroid = Counter({word: count * weights[word] for word, count in spread.items()})
    scores = []
    for bag in bags:
        length = sqrt(sum((count * weights[word]) ** 2 for word, count in bag.items())) or 1.0
        scores.append(sum(count * weights[word] * centroid[word] for word, count in bag.items()) / length)
    middle = sum(scores) / len(scores) if scores else 0.0
    deviation = sqrt(sum((score - middle) ** 2 for score in scores) / len(scores)) if scores else 1.0
    return {one: (score - middle) / (deviation or 1.0) for one, score in zip(said, scores, strict=True)}
