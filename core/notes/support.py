"""Support: do the passages carry the sentence? The one check that drafting and review both trust."""

import math
import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Protocol

from .sentences import sentence_spans
from .words import content_words, numbers, words

_NEGATION = re.compile(
    r"\b(?:no|not|never|none|nothing|neither|nor|cannot|without|hardly|unable)\b|n['’]t\b|不|没|無|无(?!论)|未|非(?!常)|勿|莫|别(?=[再要去用把])",
    re.IGNORECASE,
)
_NAME = re.compile(r"(?<=[a-z,;] )(?:[A-Z][A-Za-z0-9]+)|\b[A-Z]{2,}\b|`[^`]+`")


class Scorer(Protocol):
    """What `support` needs of a language model."""

    def score(self, prompt: str, texts: Sequence[str]) -> Sequence["Scored"]:
        """The log-probability of each text as a continuation of the prompt."""


class Scored(Protocol):
    """Natural-log probability of a text and its number of tokens."""

    @property
    def log_prob(self) -> float: ...
    @property
    def tokens(self) -> int: ...


def support(sentence: str, passages: Sequence[str], model: Scorer | None = None) -> float:
    """How well `passages`, taken together, carry `sentence`: 0 (not at all) to 1 (it is said there).

    Without a model: the share of the sentence's content words and of its neighbouring pairs that the passages have,
    lowered where a number or a name is not in them or where a negation differs from the sentence it comes closest to.
    With a model, the gain in the sentence's own log-probability that the passages bring is weighed in as well.

    Args:
        sentence: one sentence of Markdown; a sentence without content words is carried by anything.
        passages: texts of the notes, any length.
        model: anything with `score(prompt, texts)`, such as what `open_model` returns.
    """
    claimed = content_words(sentence)
    if not claimed:
        return 1.0
    if not passages or not any(passage.strip() for passage in passages):
        return 0.0
    evidence = "\n".join(passages)
    known = set(content_words(evidence))
    weight = {word: 1.0 + 0.15 * min(len(word), 10) for word in claimed}
    coverage = sum(weight[word] for word in claimed if word in known) / sum(weight[word] for word in claimed)
    pairs = set(pairwise(claimed))
    order = content_words(evidence)
    near = {(left, right) for gap in (1, 2, 3) for left, right in zip(order, order[gap:], strict=False)}
    together = sum(pair in near for pair in pairs) / len(pairs) if pairs else coverage
    score = 0.7 * coverage + 0.3 * together
    score *= _agreement(sentence, passages, evidence)
    if model is not None:
        score = 0.75 * score + 0.25 * _gain(sentence, evidence, model) * min(1.0, 2 * score)
    return max(0.0, min(1.0, score))


def _agreement(sentence: str, passages: Sequence[str], evidence: str) -> float:
    """1 where numbers, names and negation agree with the evidence; a factor below for each that does not."""
    factor = 1.0
    stated = set(numbers(evidence))
    if any(number not in stated for number in numbers(sentence)):
        factor *= 0.35
    folded = evidence.lower()
    names = {match.group().strip("`").lower() for match in _NAME.finditer(sentence)}
    if names and any(name not in folded for name in names):
        factor *= 0.5
    closest = _closest(sentence, passages)
    if bool(_NEGATION.search(sentence)) != bool(_NEGATION.search(closest)):
        factor *= 0.45
    return factor


def _closest(sentence: str, passages: Sequence[str]) -> str:
    """The sentence of the passages that shares the most with `sentence`; all of it where it spans several."""
    claimed = set(words(sentence))
    best, best_share = "", -1.0
    for passage in passages:
        flat = " ".join(passage.split())
        if " ".join(sentence.split()) in flat:
            return sentence
        for start, end in sentence_spans(flat):
            candidate = flat[start:end]
            found = set(words(candidate))
            share = len(claimed & found) / math.sqrt(len(found) + 1)
            if share > best_share:
                best, best_share = candidate, share
    return best


def _gain(sentence: str, evidence: str, model: Scorer) -> float:
    """0 to 1: how much likelier each token of the sentence is after the evidence than without it."""
    with_it = model.score(f"{evidence}\n\n", [sentence])[0]
    without = model.score("\n\n", [sentence])[0]
    per_token = (with_it.log_prob - without.log_prob) / max(1, with_it.tokens)
    return 1 / (1 + math.exp(-2 * (per_token - 1.0)))
