"""Rankings of the same passages, by words and by meaning, made into one."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Scores = NDArray[np.float32]

CANDIDATES = 200
"""How many of the best of each ranking are looked at."""

_WORDS, _NEAR, _MEANING = 0.4, 0.4, 0.1
"""What the shares of the words, of the near words, and one standard deviation of meaning count; fitted on half of the
questions in `tests/data/questions`."""


def best(scores: "Scores", most: int) -> list[int]:
    """The passages with the highest scores above 0, best first, the earlier first where they are equal."""
    import numpy as np

    candidates = np.argpartition(scores, -most)[-most:] if len(scores) > most else np.arange(len(scores))
    candidates = candidates[scores[candidates] > 0]
    return [int(one) for one in candidates[np.lexsort((candidates, -scores[candidates]))]]


def candidates(rankings: "Sequence[Scores]") -> list[int]:
    """The passages that are among the best of any ranking, in their order."""
    return sorted({one for scores in rankings for one in best(scores, CANDIDATES)})


def fuse(words: "Scores", near: "Scores", meaning: "Scores") -> "Scores":
    """One score of each candidate.

    Args:
        words, near: 0 where nothing was found; taken as shares of the best of them.
        meaning: in standard deviations over all passages.
    """
    scores: Scores = _WORDS * _share(words) + _NEAR * _share(near) + _MEANING * meaning
    return scores


def _share(scores: "Scores") -> "Scores":
    top = float(scores.max(initial=0.0))
    return scores / top if top > 0 else scores
