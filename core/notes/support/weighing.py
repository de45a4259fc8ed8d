"""Weighing the signs: a logistic combination whose weights were fitted on the development half of tests/data/support."""

import math
from collections.abc import Mapping

CARRIED = 0.6
"""Support from its passages that a sentence needs to count as carried by them."""

BIAS = -1.41
# What speaks for a sentence may only weigh for it, what speaks against it only against it: the fit is held to that.
WEIGHTS = {
    "covered": 1.75,  # the weighted share of its content words that the evidence has, in the same or near words
    "meaning": 4.34,  # the cosine of the sentence and the one of the evidence that comes closest
    "strange": -3.28,  # the share that is missing from the stretches that its clauses rest on
    "number": -1.84,  # a number that no passage has
    "number_elsewhere": -5.27,  # the share of its numbers that stand only in stretches that it does not rest on
    "unit": -2.65,  # a number that the evidence has in another unit
    "name": -4.57,  # a name or a piece of code that no passage has
    "stretched": -1.68,  # all for some, only, must for may
    "reversed": -3.05,  # the effect is taken for the cause
    "explained": -3.08,  # a cause is given where the evidence gives none
    "changed": -11.89,  # it follows the author's wording closely, but something in it is different
    "moved": -15.83,  # it follows that wording, but some of its words stand elsewhere
    "exchanged": -1.45,  # it has only the author's words, and would follow the wording if two changed places
    "voice": -4.17,  # it turns the passive into the active, or back, with nothing else moved
    "opposite": -0.89,  # it has the opposite of a word of the wording that it follows
    "compared": -1.72,  # a comparison comes out the other way round
}


def weigh(signs: Mapping[str, float]) -> float:
    """Support, 0 to 1, from the signs."""
    return 1 / (1 + math.exp(-(BIAS + sum(weight * signs[name] for name, weight in WEIGHTS.items()))))
