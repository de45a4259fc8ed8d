"""Merging: a model's sentences that may stand and the author's own for what they do not say, in the notes' order."""

import re
from collections.abc import Mapping, Sequence

from .checking import is_told
from .judging import Judged
from .plan import Paragraph, Written
from .statements import Statement

MOST_UNSOURCED = 2
"""Sentences of a paragraph that nothing carries, where the author asked for more than the notes hold."""

Terms = Mapping[Statement, Sequence[str]]
"""The terms that a lesson's aims stand on, by the statement that tells them."""


def missing(given: Sequence[Statement], found: Sequence[Judged], terms: Terms) -> list[Statement]:
    """The statements that no sentence of `found` tells among those that name them."""
    standing = _standing(found)
    return [
        one
        for one in given
        if not is_told(one, " ".join(each.line.text for each in standing if one in each.named), terms.get(one, ()))
    ]


def merged(
    paragraph: Paragraph,
    given: Sequence[Statement],
    rounds: Sequence[Sequence[Judged]],
    terms: Terms,
    unsourced: bool = False,
) -> tuple[Written, ...]:
    """The paragraph as it will stand; nothing where the author's own sentences do as well.

    Args:
        given: those of its statements that the model was given.
        rounds: the lines of the first answer, then those of the second, which only fill what the first left out.
        unsourced: whether sentences may stay that say themselves that nothing carries them.
    """
    place = {one: index for index, one in enumerate(paragraph.statements)}
    kept: list[Judged] = []
    for found in rounds:
        told = set(given) - set(missing(given, kept, terms))
        kept += [each for each in _standing(found) if not set(each.named) <= told]
    kept = _whole(given, kept, terms)
    left = set(paragraph.statements) - set(given) | set(missing(given, kept, terms))
    extra = (
        [each for found in rounds for each in found if each.line.unsourced and not each.refusal] if unsourced else []
    )
    if not extra and all(each.copies for each in kept):
        return ()
    written = [(place[each.named[0]], 0, Written(_emphasised(each), each.carried_by)) for each in kept]
    written += [(place[one], 1, Written(one.text, (one,))) for one in paragraph.statements if one in left]
    written += [(place[given[each.first]], 2, Written(each.line.text, ())) for each in extra[:MOST_UNSOURCED]]
    return tuple(one for _, _, one in sorted(written, key=lambda each: each[:2]))


def _whole(given: Sequence[Statement], kept: list[Judged], terms: Terms) -> list[Judged]:
    """The sentences that tell what carries them to the end: half a statement would be said again by the author's own."""
    while True:
        left = set(missing(given, kept, terms))
        whole = [each for each in kept if not left & set(each.carried_by)]
        if len(whole) == len(kept):
            return kept
        kept = whole


def _standing(found: Sequence[Judged]) -> list[Judged]:
    return [each for each in found if each.carried_by]


def _emphasised(each: Judged) -> str:
    """The sentence with the terms in bold that the author has in bold."""
    text = each.line.text
    for one in each.carried_by:
        for term in re.findall(r"\*\*([^*`$\n]{2,40})\*\*", one.text):
            edge = "" if re.search(r"[㐀-鿿]", term) else r"(?![\w-])"
            before = "" if edge == "" else r"(?<![\w-])"
            if text.count(term) == 1 and f"**{term}" not in text:
                text = re.sub(f"{before}{re.escape(term)}{edge}", f"**{term}**", text)
    return text
