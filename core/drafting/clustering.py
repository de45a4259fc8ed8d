"""Clusters: notes without an order of their own brought together by what they mean.

Average-linkage agglomeration over the encoder's vectors (Sokal & Michener 1958), with the sizes of lessons as limits.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ..notes.language import Language
from ..notes.passages import Passage
from .candidate import Candidate, words_in
from .titles import joined, says_something

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]
else:
    Vectors = "NDArray[np.float32]"

ALIKE = 0.5
"""Mean cosine from which two clusters are about one thing."""
RELATED = 0.3
"""Mean cosine from which a cluster too small for a lesson may join another."""
SHORT = 200
"""Words of a cluster that one about the same thing may join; a longer one is a lesson already."""
MOST_TOGETHER = 900
"""Words of a cluster that takes no more."""
_MOST_WORDS = 150
"""Words of a passage that the encoder is given."""


def vectors_of(stretches: Sequence[Sequence[Passage]], titles: Sequence[str]) -> Vectors:
    """A vector of length 1 for each stretch: the mean of its passages', longer ones weighing more, `(stretches, d)`."""
    import numpy as np

    from ..notes.search.encoder import open_encoder

    encoder = open_encoder()
    texts, owners, weights = [], [], []
    for owner, (parts, title) in enumerate(zip(stretches, titles, strict=True)):
        told = [one for one in parts if one.kind in {"paragraph", "list", "table", "quote"}] or list(parts)
        texts.append(title)
        owners.append(owner)
        weights.append(2.0)
        for one in told:
            texts.append(" ".join([*one.headings[-1:], one.text])[: _MOST_WORDS * 6])
            owners.append(owner)
            weights.append(words_in([one]) ** 0.5)
    encoded = encoder.encode_passages(texts)
    sums = np.zeros((len(stretches), encoded.shape[1]), np.float32)
    np.add.at(sums, np.array(owners), encoded * np.array(weights, np.float32)[:, None])
    lengths = np.linalg.norm(sums, axis=1, keepdims=True)
    return np.asarray(sums / np.maximum(lengths, 1e-9), np.float32)


def clustered(candidates: Sequence[Candidate], smallest: int, language: Language) -> list[Candidate]:
    """Candidates with those of one subject put together; what is left too small and like nothing makes one lesson.

    They come in the order of their first members, as do the members of each.
    """
    if len(candidates) < 2:
        return list(candidates)
    vectors = vectors_of([one.passages for one in candidates], [one.title for one in candidates])
    words = [one.words for one in candidates]
    clusters = _agglomerate(vectors, words, smallest)
    rest = sorted(index for cluster in clusters if sum(words[one] for one in cluster) < smallest for index in cluster)
    kept = [cluster for cluster in clusters if sum(words[one] for one in cluster) >= smallest]
    if rest:
        kept.append(rest)
    return [together([candidates[one] for one in cluster], language) for cluster in sorted(kept)]


def together(members: Sequence[Candidate], language: Language) -> Candidate:
    """Several candidates as one, titled by the one that is most of it, else by the largest ones' titles."""
    if len(members) == 1:
        return members[0]
    total = sum(one.words for one in members) or 1
    largest = max(members, key=lambda one: one.words)
    by_size = sorted(members, key=lambda one: -one.words)
    telling = [one for one in by_size if one.words >= 0.12 * total and says_something(one.title)][:3]
    subjects = tuple(title for one in members if one in telling for title in one.subjects or (one.title,))
    title = largest.title if largest.words >= 0.6 * total else joined(subjects, language)
    return Candidate(
        title or largest.title,
        [passage for one in members for passage in one.passages],
        largest.stem,
        frozenset().union(*(one.whole for one in members)),
        subjects,
    )


def _agglomerate(vectors: Vectors, words: Sequence[int], smallest: int) -> list[list[int]]:
    """Clusters of indices, each in order: the closest two are joined while they are alike, or one is too small."""
    import numpy as np

    count = len(words)
    likeness = np.asarray(vectors @ vectors.T, np.float64)
    np.fill_diagonal(likeness, -1.0)
    sizes = np.array(words, np.float64)
    members: list[list[int]] = [[index] for index in range(count)]
    numbers = np.ones(count)
    while True:
        fewer = np.minimum(sizes[:, None], sizes[None, :])
        either_small = fewer < smallest
        fits = (fewer < SHORT) & (sizes[:, None] + sizes[None, :] <= MOST_TOGETHER)
        allowed = (likeness >= ALIKE) & fits | (likeness >= RELATED) & either_small
        if not allowed.any():
            return [sorted(each) for each in members if each]
        score = np.where(allowed, likeness + 0.1 * either_small, -1.0)
        left, right = divmod(int(score.argmax()), count)
        share = numbers[left] / (numbers[left] + numbers[right])
        row = share * likeness[left] + (1 - share) * likeness[right]
        row[(numbers == 0)] = -1.0
        likeness[left], likeness[:, left] = row, row
        likeness[left, left] = -1.0
        likeness[right], likeness[:, right] = -1.0, -1.0
        sizes[left] += sizes[right]
        numbers[left] += numbers[right]
        numbers[right], sizes[right] = 0, np.inf
        members[left] += members[right]
        members[right] = []
