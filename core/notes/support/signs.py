"""Signs: what speaks for and against a claim being carried by its evidence, each a number between 0 and 1."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from ..privacy.gazetteers import chinese_names
from .agreement import compared_otherwise, denied_otherwise, misexplained, numbers_agree, opposites, stretched
from .alignment import Evidence, Nearness, Window, best, closest, covered, evidence_of, weight
from .differences import difference
from .lexicon import COMPARATIVE, COMPARED, NEGATION, PASSIVE
from .meaning import vectors
from .reading import Token, clauses, content, plain, tokens
from .slots import slots, transposed

_COMMON = 5.5
"""Cost of the surnames that a third of all people share; the rarer ones are words as often."""


def signs(sentence: str, passages: Sequence[str]) -> dict[str, float]:
    """The signs by name; `WEIGHTS` says what each is and counts."""
    evidence = evidence_of(tuple(passages))
    text = plain(sentence)
    everything = tokens(text)
    claim = content(everything)
    near = Nearness(claim, evidence)
    window = closest(claim, evidence, near)
    parts = [content(tokens(part)) for part in clauses(text)]
    rests = [window, *(closest(part, evidence, near) for part in parts if part and len(parts) > 1)]
    used = Window(" ".join(dict.fromkeys(one.text for one in rests)))
    sentences = [one.text for one in evidence.sentences]
    found: dict[str, float] = {}
    found["covered"] = covered(claim, evidence.all, near)
    found["meaning"] = _meaning(text, [*sentences, window.text])
    found["number"], found["number_elsewhere"], found["unit"] = numbers_agree(
        everything, evidence.all.tokens, used.tokens
    )
    found["name"] = _unknown_name(claim, evidence)
    found["stretched"] = stretched(text, used.text)
    found["reversed"], found["explained"] = misexplained(text, [*sentences, window.text])
    found["crossed"] = max((_crossed(part, evidence) for part in parts), default=0.0)
    laid = slots(everything, evidence, near)
    voice = bool(PASSIVE.search(text)) != bool(PASSIVE.search(laid.window.text))
    found |= {name: getattr(laid, name) for name in ("swapped", "borrowed", "added", "rescoped", "dropped")}
    found["transposed"] = max(
        (transposed(tokens(part), evidence, near) for part in dict.fromkeys([*clauses(text), text])), default=0.0
    )
    found["compares"] = float(bool(COMPARED.search(text)) and not COMPARATIVE.search(used.text))
    found["inverted"] = 0.0 if voice or COMPARED.search(text) else laid.inverted
    found |= _differences(text, window, laid.window, near, found, _exact(claim, evidence.all, near))
    return found


def _differences(
    text: str, window: Window, followed: Window, near: Nearness, known: dict[str, float], exact: float
) -> dict[str, float]:
    """What separates the claim from the author's wording, the more telling the nearer that wording is followed."""
    laid = difference(tokens(text), window, near)
    opposite = opposites(text, window)
    denied = _denied((denied_otherwise(text, window), denied_otherwise(text, followed)), text, (window, followed))
    compared = compared_otherwise(text, window, int(denied >= 0.5) + int(opposite))
    turned = abs(denied - opposite)  # two turns undo each other
    voice = bool(PASSIVE.search(text)) != bool(PASSIVE.search(window.text))
    # A phrase may stand anywhere, and the passive exchanges the two whom it is about.
    moved = laid.moved * (0.2 if laid.adjunct or voice else 1.0)
    others = ("stretched", "number", "number_elsewhere", "unit", "name", "reversed", "explained")
    changed = max(laid.new, min(1.0, 5 * moved), turned, compared, *(known[name] for name in others))
    return {
        "changed": changed * laid.frame**4,
        "moved": moved * laid.frame**2,
        "denied": turned * max(0.0, exact - 0.7) / 0.3,
        "opposite": opposite * laid.frame,
        "compared": compared,
    }


def _crossed(part: Sequence[Token], evidence: Evidence) -> float:
    """Whether a clause takes words from two rows of a table that only these rows have."""
    if len(evidence.rows) < 2:
        return 0.0
    where = {token.key: [row for row in evidence.rows if token.key in row.keys] for token in part}
    own = {key: found[0] for key, found in where.items() if len(found) == 1}
    if len({row.text for row in own.values()}) < 2:
        return 0.0
    table = {row.text for row in evidence.rows}
    prose = [one for one in evidence.sentences if one.text not in table]
    return float(not any(own.keys() <= one.keys for one in prose))


def _denied(found: tuple[float, float], text: str, windows: tuple[Window, Window]) -> float:
    """Of two windows: the worse where only the claim, or all but the claim, has a negation, else what lies between."""
    negated = bool(NEGATION.search(text))
    if all(bool(NEGATION.search(window.text)) != negated for window in windows):
        return max(found)
    return sum(found) / 2


def _exact(claim: Sequence[Token], window: Window, near: Nearness) -> float:
    return sum(weight(one) for one in claim if best(one, window, near)[1] == 1.0) / sum(map(weight, claim))


def _meaning(text: str, evidence: Sequence[str]) -> float:
    """The cosine of the claim and the sentence of the evidence that comes closest."""
    found = vectors([text, *dict.fromkeys(evidence)])
    return float((found[1:] @ found[0]).max(initial=0.0))


def _unknown_name(claim: Sequence[Token], evidence: Evidence) -> float:
    """Whether the claim has a name or a piece of code of which the evidence has not even the beginning."""
    if any(name not in evidence.folded for name in _chinese_names(claim)):
        return 1.0
    return float(
        any(
            (token.key[:5] if token.kind == "name" else token.text) not in evidence.folded
            for token in claim
            if token.kind in ("name", "code") and token.key not in evidence.keys
        )
    )


def _chinese_names(claim: Sequence[Token]) -> Iterator[str]:
    """What may be a Chinese name: a common surname and one or two characters that make no word with it."""
    common = chinese_names().surnames
    for here, there in pairwise(claim):
        surname = here.kind == there.kind == "han" and common.get(here.text, 9.0) < _COMMON
        if surname and (len(there.text) == 1 or there.text in chinese_names().pairs):
            yield here.text + there.text
