"""Support: do the passages carry the sentence? The one check that drafting and review both trust."""

from collections.abc import Sequence

from ..sentences import sentence_spans
from .entails import Entails as Entails
from .gain import Scored as Scored
from .gain import Scorer as Scorer
from .gain import gain
from .reading import content, plain, tokens
from .signs import signs
from .verbatim import defined, quoted, shortened
from .weighing import CARRIED as CARRIED
from .weighing import weigh


def support(
    sentence: str, passages: Sequence[str], model: Scorer | None = None, *, entailment: Entails | None = None
) -> float:
    """How well `passages`, taken together, carry `sentence`: 0 (not at all) to 1 (it is said there).

    The author's own sentence, whole or shortened at its clauses, is carried. Of any other the signs are weighed: which
    words and meanings the passages have, which word was put in another's place, whether numbers, names, negation, scope,
    cause and comparison agree. With a model, the gain in the sentence's own log-probability that the passages bring counts too.

    Args:
        sentence: one sentence of Markdown; a sentence without content words is carried by anything, and of several
            sentences the one that is carried least counts.
        passages: texts of the notes, any length.
        model: anything with `score(prompt, texts)`, such as what `open_model` returns.
        entailment: a model that says how likely the passages entail the sentence; its word weighs most where it is sure.

    Raises:
        InputError: the package of the encoder is not installed.
    """
    flat = " ".join(plain(sentence).split())
    parts = [flat[start:end] for start, end in sentence_spans(flat)]
    if len(parts) > 1:
        return min(support(part, passages, model, entailment=entailment) for part in parts)
    if not content(tokens(sentence)):
        return 1.0
    passages = [passage for passage in passages if passage.strip()]
    if not passages:
        return 0.0
    if quoted(sentence, passages) or shortened(sentence, passages) or defined(sentence, passages):
        return 1.0
    told = signs(sentence, passages)
    if model is not None:
        told["gain"] = gain(sentence, passages, model)
    if entailment is not None:
        told["entailed"] = entailment.score(sentence, passages)
    return weigh(told)
