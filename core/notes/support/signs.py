"""Signs: what speaks for and against a claim being carried by its evidence, each a number between 0 and 1."""

from collections.abc import Sequence

from .agreement import compared_otherwise, denied_otherwise, misexplained, numbers_agree, opposites, stretched
from .alignment import Evidence, Nearness, Window, best, closest, covered, evidence_of, weight
from .differences import difference, reordered
from .lexicon import PASSIVE
from .meaning import vectors
from .reading import Token, clauses, content, plain, tokens


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
    found["strange"] = 1.0 - covered([one for one in claim if one.kind != "number"], used, near)
    found["number"], found["number_elsewhere"], found["unit"] = numbers_agree(
        everything, evidence.all.tokens, used.tokens
    )
    found["name"] = _unknown_name(claim, evidence)
    found["stretched"] = stretched(text, used.text)
    found["reversed"], found["explained"] = misexplained(text, [*sentences, window.text])
    found |= _differences(text, window, near, found, _exact(claim, evidence.all, near))
    return found


def _differences(text: str, window: Window, near: Nearness, known: dict[str, float], exact: float) -> dict[str, float]:
    """What separates the claim from the author's wording, the more telling the nearer that wording is followed."""
    laid = difference(tokens(text), window, near)
    denied, opposite = denied_otherwise(text, window), opposites(text, window)
    compared = compared_otherwise(text, window, int(denied >= 0.5) + int(opposite))
    turned = abs(denied - opposite)  # two turns undo each other
    exchanged = reordered(tokens(text), window)
    voice = bool(PASSIVE.search(text)) != bool(PASSIVE.search(window.text))
    # A phrase may stand anywhere, and the passive exchanges the two whom it is about.
    moved = laid.moved * (0.2 if laid.adjunct or voice else 1.0)
    exchanged = 0.0 if voice else exchanged * max(0.0, exact - 0.7) / 0.3
    others = ("stretched", "number", "number_elsewhere", "unit", "name", "reversed", "explained")
    changed = max(laid.new, min(1.0, 5 * moved), exchanged, turned, compared, *(known[name] for name in others))
    return {
        "changed": changed * laid.frame**4,
        "moved": moved * laid.frame**2,
        "exchanged": exchanged,
        "voice": float(voice and laid.moved == 0.0 and laid.frame > 0.5) * laid.frame**2,
        "denied": turned * max(0.0, exact - 0.7) / 0.3,
        "opposite": opposite * laid.frame,
        "compared": compared,
    }


def _exact(claim: Sequence[Token], window: Window, near: Nearness) -> float:
    return sum(weight(one) for one in claim if best(one, window, near)[1] == 1.0) / sum(map(weight, claim))


def _meaning(text: str, evidence: Sequence[str]) -> float:
    """The cosine of the claim and the sentence of the evidence that comes closest."""
    found = vectors([text, *dict.fromkeys(evidence)])
    return float((found[1:] @ found[0]).max(initial=0.0))


def _unknown_name(claim: Sequence[Token], evidence: Evidence) -> float:
    """Whether the claim has a name or a piece of code of which the evidence has not even the beginning."""
    return float(
        any(
            (token.key[:5] if token.kind == "name" else token.text) not in evidence.folded
            for token in claim
            if token.kind in ("name", "code") and token.key not in evidence.keys
        )
    )
