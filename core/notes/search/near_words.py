"""Words that mean nearly the same: a bridge from the words of a question to those of the notes.

The words of the notes have vectors of their own. A question's word counts as found in a passage that has it, and partly
in one that has a word near to it (`fix` and `repair`); what counts is the share of the question that is found.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from .encoder import Encoder
from .lexical import Lexical, spellings, terms

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from .encoder import Vectors
    from .ranking import Scores

MOST_WORDS = 32_000
"""Words of the notes that get a vector, the frequent ones first: what a question can be compared with in milliseconds."""
_NEAR = 0.5
_AT_MOST = 40


class NearWords:
    """The words of the notes and their vectors.

    Args:
        columns: the number of each word in `lexical`'s vocabulary.
        vectors: of length 1, one for each.
    """

    def __init__(self, lexical: Lexical, columns: "Sequence[int] | NDArray[np.int64]", vectors: "Vectors") -> None:
        self._lexical = lexical
        self._columns = [int(column) for column in columns]
        self._row: dict[int | None, int] = {column: row for row, column in enumerate(self._columns)}
        self._vectors = vectors

    def search(self, query: str, encoder: Encoder) -> "Scores":
        """For every passage, how much of `query` it says in the same or in near words, rare words weighing more."""
        import numpy as np

        total = np.zeros(self._lexical.passages, np.float32)
        spelled = spellings(query)
        asked = [term for term in dict.fromkeys(terms(query)) if term in spelled or len(term) > 1]
        nearness = self._nearness({term: spelled[term] for term in asked if term in spelled}, encoder)
        for term in asked:
            near = nearness.get(term, {})
            exact = self._lexical.column(term)
            if exact is not None:
                near[exact] = 1.0
            found = np.zeros_like(total)
            for column, share in sorted(near.items(), key=lambda item: item[1]):
                found[self._lexical.passages_with(column)] = share
            total += self._lexical.rarity(exact) * found
        return total

    def _nearness(self, asked: dict[str, str], encoder: Encoder) -> dict[str, dict[int, float]]:
        """For each asked term, spelled so, the columns of the words near to it and how near they are, above 0 to 1."""
        import numpy as np

        if not asked or not len(self._vectors):
            return {}
        rows = {term: self._row.get(self._lexical.column(term), -1) for term in asked}
        new = [term for term, row in rows.items() if row < 0]
        vectors = {term: self._vectors[row] for term, row in rows.items() if row >= 0}
        vectors |= zip(new, encoder.encode_passages([asked[term] for term in new]), strict=True)
        cosines = np.stack([vectors[term] for term in asked]) @ self._vectors.T
        found = {}
        for term, row in zip(asked, cosines, strict=True):
            near = np.flatnonzero(row > _NEAR)
            near = near[np.argsort(-row[near], kind="stable")][:_AT_MOST]
            found[term] = {self._columns[one]: float((row[one] - _NEAR) / (1 - _NEAR)) ** 2 for one in near}
        return found


def words_to_encode(lexical: Lexical, spelled: Mapping[str, str]) -> list[tuple[int, str]]:
    """The columns and the spellings of the words that get a vector, most frequent first."""
    import numpy as np

    frequency = np.diff(lexical.arrays["indptr"])
    known = [(number, spelled[term]) for number, term in enumerate(lexical.vocabulary) if term in spelled]
    known.sort(key=lambda item: (-int(frequency[item[0]]), item[1]))
    return known[:MOST_WORDS]
