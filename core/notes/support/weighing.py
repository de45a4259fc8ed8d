"""Weighing the signs: a logistic combination whose weights were fitted on the development half of tests/data/support."""

import math
from collections.abc import Mapping

CARRIED = 0.7
"""Support from its passages that a sentence needs to count as carried by them: on the development half, nine of ten English
sentences above it and eight of ten Chinese are faithful, and it lets eight of ten faithful ones through."""

BIAS = 0.95
# What speaks for a sentence may only weigh for it, what speaks against it only against it: the fit is held to that.
# Of a number, a denial, an opposite, an exchange, a comparison and a cause the fit was also told the least that they count.
WEIGHTS = {
    "covered": 2.33,  # the weighted share of its content words that the evidence has, in the same or near words
    "meaning": 2.34,  # the cosine of the sentence and the one of the evidence that comes closest
    "strange": -5.83,  # the share that is missing from the stretches that its clauses rest on
    "number": -3.0,  # a number that no passage has
    "number_elsewhere": -6.14,  # the share of its numbers that stand only in stretches that it does not rest on
    "unit": -2.83,  # a number that the evidence has in another unit
    "name": -4.01,  # a name or a piece of code that no passage has
    "stretched": -2.5,  # all for some, only, must for may
    "reversed": -4.0,  # the effect is taken for the cause
    "explained": -3.79,  # a cause is given where the evidence gives none
    "changed": -12.7,  # it follows the author's wording closely, but something in it is different
    "moved": -21.16,  # it follows that wording, but some of its words stand elsewhere
    "exchanged": -3.0,  # it has only the author's words, and would follow the wording if two changed places
    "voice": -5.65,  # it turns the passive into the active, or back, with nothing else moved
    "denied": -3.0,  # it has the author's words, and denies what they say or says what they deny
    "opposite": -2.0,  # it has the opposite of a word of the wording that it follows
    "compared": -3.0,  # a comparison comes out the other way round
}

GAIN = 1.0
"""What the gain in log-probability that a language model sees counts, from none (0) to much (1). It was not fitted."""
ENTAILED = 6.0
"""What an entailment model's probability counts: sure, it outweighs all but the plainest of the signs. It was not fitted."""


def weigh(signs: Mapping[str, float]) -> float:
    """Support, 0 to 1, from the signs; those that a model adds, `gain` and `entailed`, may be missing."""
    total = BIAS + sum(weight * signs[name] for name, weight in WEIGHTS.items())
    total += GAIN * (signs.get("gain", 0.5) - 0.5) + ENTAILED * (signs.get("entailed", 0.5) - 0.5)
    return 1 / (1 + math.exp(-total))
