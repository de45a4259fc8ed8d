"""Weighing the signs: a logistic combination whose weights were fitted on the halves `dev` and `held-out` of tests/data/support;
the pairs of the split `fresh` were written afterwards, on other subjects, and no weight was fitted on them."""

import math
from collections.abc import Mapping

CARRIED = 0.7
"""Support from its passages that a sentence needs to count as carried by them: of the fresh pairs, nine of ten English sentences
above it and eight of ten Chinese are faithful, and it lets eight of ten faithful ones through."""

BIAS = -5.58
# What speaks for a sentence may only weigh for it, what speaks against it only against it: the fit is held to that.
# Of most signs against it the fit was also told the least that they count, as few pairs have each.
WEIGHTS = {
    "covered": 8.79,  # the weighted share of its content words that the evidence has, in the same or near words
    "meaning": 2.85,  # the cosine of the sentence and the one of the evidence that comes closest
    "number": -2.00,  # a number that no passage has
    "number_elsewhere": -6.25,  # the share of its numbers that stand only in stretches that it does not rest on
    "unit": -4.00,  # a number that the evidence has in another unit
    "name": -4.00,  # a name or a piece of code that no passage has
    "stretched": -2.02,  # all for some, only, must for may
    "reversed": -4.70,  # the effect is taken for the cause
    "explained": -3.88,  # a cause is given where the evidence gives none
    "crossed": -9.30,  # a clause takes words of two rows of a table that only these have
    "swapped": -1.75,  # a word stands in another's place in the author's clause
    "borrowed": -4.08,  # such a word comes from elsewhere in the evidence
    "added": -1.50,  # a word that nothing in the evidence resembles is put into the author's clause
    "rescoped": -8.96,  # all stands in the place of some, must of may
    "dropped": -6.00,  # a condition of the author's is left out
    "transposed": -4.81,  # a clause stands there word for word, but for words that the evidence has elsewhere
    "compares": -2.96,  # it compares where the evidence does not
    "inverted": -4.35,  # what stands before a word and after it changed places
    "changed": -10.22,  # it follows the author's wording closely, but something in it is different
    "moved": -17.61,  # it follows that wording, but some of its words stand elsewhere
    "denied": -3.00,  # it has the author's words, and denies what they say or says what they deny
    "opposite": -1.15,  # it has the opposite of a word of the wording that it follows
    "compared": -3.75,  # a comparison comes out the other way round
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
