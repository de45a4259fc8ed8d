"""What support needs of an entailment model; `kcreate.core.notes.entailment` opens one."""

from collections.abc import Sequence
from typing import Protocol


class Entails(Protocol):
    """A judge of whether texts entail a sentence."""

    def score(self, sentence: str, passages: Sequence[str]) -> float:
        """The probability, 0 to 1, that the passages taken together entail the sentence."""
