"""Search by words: BM25 (bm25s) over stems, Chinese characters and their pairs, numbers and identifiers as written.

Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond", 2009.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ...errors import InputError
from ..words import is_function_word, stem, words
from .universal import MISSING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from .ranking import Scores

TERMS = 3
"""The version of `weighed_terms`: an index made by another one is made anew."""

_IDENTIFIER = re.compile(
    r"(?<![A-Za-z0-9_])[A-Za-z0-9_]+(?:[._/~:@^-]+[A-Za-z0-9_]+)+|\b[A-Za-z]*[a-z][A-Z]\w*|\b[A-Za-z]+\d\w*"
)
_STRESSED = re.compile(r"\*{1,3}(?P<stressed>[^*\n]+)\*{1,3}|`(?P<code>[^`\n]+)`")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_LATIN = re.compile(r"[A-Za-zÀ-ɏ]{2,}")
_HAN = re.compile(r"[㐀-䶿一-鿿豈-﫿]+")


def terms(text: str) -> list[str]:
    """What a text is found by: its words and numbers, and its identifiers (`user.name`, `nn.Linear`, `HEAD~1`) whole.

    Chinese is found by its characters and by its pairs of characters: measured on questions over the corpora of this
    project, both together find more than the pairs alone, and more than the words that jieba cuts.
    """
    found = [word.lstrip("-").rstrip("%") for word in words(_CAMEL.sub(" ", text)) if not is_function_word(word)]
    found += [match.group().lower() for match in _IDENTIFIER.finditer(text)]
    for match in _HAN.finditer(text):
        if len(match.group()) > 1:
            found += [character for character in match.group() if not is_function_word(character)]
    return found


def weighed_terms(text: str) -> list[str]:
    """The terms of `text` with those that its author stressed (`**bold**`, `*italic*`, `code`) twice more."""
    stressed = " ".join(match["stressed"] or match["code"] for match in _STRESSED.finditer(text))
    return terms(text) + 2 * terms(stressed)


def spellings(text: str) -> dict[str, str]:
    """The terms of `text` that are words with a meaning of their own, and how one of its places spells each."""
    found = {stem(match.group().lower()): match.group().lower() for match in _LATIN.finditer(_CAMEL.sub(" ", text))}
    for match in _HAN.finditer(text):
        run = match.group()
        found.update({run[index : index + 2]: run[index : index + 2] for index in range(len(run) - 1)})
    return {term: spelling for term, spelling in found.items() if not is_function_word(term)}


class Lexical:
    """BM25 scores of passages: the arrays of a sparse matrix with a column for each term, and the terms."""

    def __init__(self, arrays: "Mapping[str, NDArray[Any]]", vocabulary: Sequence[str], passages: int) -> None:
        self.arrays = arrays
        self.vocabulary = vocabulary
        self.passages = passages
        self._column = {term: number for number, term in enumerate(vocabulary)}

    @classmethod
    def build(cls, passages: Sequence[Sequence[str]]) -> "Lexical":
        """Index passages by their terms.

        Raises:
            InputError: bm25s is not installed.
        """
        import numpy as np

        if not any(passages):
            empty: dict[str, NDArray[Any]] = {
                "data": np.zeros(0, np.float32),
                "indices": np.zeros(0, np.int32),
                "indptr": np.zeros(1, np.int64),
            }
            return cls(empty, [], len(passages))
        try:
            import bm25s
        except ImportError as error:
            raise InputError(MISSING) from error
        model = bm25s.BM25(k1=1.2, b=0.75, method="lucene")
        model.index([list(one) for one in passages], show_progress=False, create_empty_token=False)
        arrays = {name: np.asarray(model.scores[name]) for name in ("data", "indices", "indptr")}
        return cls(arrays, sorted(model.vocab_dict, key=model.vocab_dict.__getitem__), len(passages))

    def column(self, term: str) -> int | None:
        """The number of a term, or None where no passage has it."""
        return self._column.get(term)

    def passages_with(self, column: int) -> "NDArray[np.int32]":
        """The passages that have a term."""
        starts = self.arrays["indptr"]
        return self.arrays["indices"][int(starts[column]) : int(starts[column + 1])]

    def rarity(self, column: int | None) -> float:
        """The inverse document frequency of a term, None being one that no passage has."""
        import math

        have = 0 if column is None else len(self.passages_with(column))
        return math.log(1 + (self.passages - have + 0.5) / (have + 0.5))

    def search(self, query: str) -> "Scores":
        """The score of every passage, 0 for those that share no term with `query`."""
        import numpy as np

        total = np.zeros(self.passages, np.float32)
        starts = self.arrays["indptr"]
        for column in self._columns(query):
            place = slice(int(starts[column]), int(starts[column + 1]))
            total[self.arrays["indices"][place]] += self.arrays["data"][place]
        return total

    def _columns(self, query: str) -> Iterator[int]:
        for term in dict.fromkeys(terms(query)):
            if (column := self.column(term)) is not None:
                yield column
