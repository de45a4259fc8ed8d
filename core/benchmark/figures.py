"""The arithmetic of a benchmark: samples of rounds to medians, and two engines' samples to a paired ratio."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True)
class Sample:
    """One task of one round: seconds on the clock, and the tokens that were made or read in them."""

    seconds: float
    tokens: int

    @property
    def rate(self) -> float:
        """Tokens per second."""
        return self.tokens / self.seconds


@dataclass(frozen=True)
class Ratio:
    """How many times as fast as a peer: the median over the rounds of the ratio within each, the least and the most.

    The two were measured within the same seconds of each round, so a machine that slows down for a while slows both.
    """

    median: float
    least: float
    most: float
    rounds: tuple[float, ...]


def rate(samples: Sequence[Sample]) -> float:
    """The median of the tokens per second."""
    return median(sample.rate for sample in samples)


def seconds(samples: Sequence[Sample]) -> float:
    """The median of the seconds."""
    return median(sample.seconds for sample in samples)


def ratio(own: Sequence[Sample], peer: Sequence[Sample]) -> Ratio:
    """`own` against `peer`, round by round; above 1, `own` is the faster.

    Raises:
        ValueError: they do not have the same number of rounds, or none.
    """
    rounds = tuple(ours.rate / theirs.rate for ours, theirs in zip(own, peer, strict=True))
    if not rounds:
        raise ValueError("a ratio of no rounds")
    return Ratio(median(rounds), min(rounds), max(rounds), rounds)
