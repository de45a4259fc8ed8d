"""The index of a course's notes: what they say about a question, found by words and by meaning."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ...errors import InputError, KcreateError
from ...progress import Progress, silent
from ..chunks import Chunk
from ..document import Document
from .combined import Combined, combine
from .encoder import Encoder, open_encoder
from .lexical import TERMS
from .making import HEADINGS, MOST, add_missing
from .ranking import best, candidates, fuse
from .records import Record, Records
from .universal import MISSING

if TYPE_CHECKING:
    from .ranking import Scores


@dataclass(frozen=True)
class Hit:
    """A passage that was found.

    Attributes:
        number: the passage's, as `NotesIndex.chunk` takes it.
        score: higher is better; comparable within one search only.
        lexical_rank, dense_rank: its place by words and by meaning, from 1; None where it is not among the best.
    """

    chunk: Chunk
    score: float
    lexical_rank: int | None
    dense_rank: int | None
    number: int


class NotesIndex:
    """Passages of notes that can be searched. It is opened by `open_index`.

    Raises:
        InputError: a package that search needs is not installed.
    """

    def __init__(self, combined: Combined, encoder: Encoder) -> None:
        try:
            from threadpoolctl import ThreadpoolController
        except ImportError as error:
            raise InputError(MISSING) from error
        self._combined = combined
        self._encoder = encoder
        self._threads = ThreadpoolController()

    def __len__(self) -> int:
        return len(self._combined)

    def chunk(self, number: int) -> Chunk:
        """A passage by its number, from 0, in the order of the notes."""
        return self._combined.chunk(number)

    def search(self, query: str, k: int = 5) -> list[Hit]:
        """The `k` passages that answer `query` best, best first; fewer where there are no more, none for no question."""
        if not query.strip() or not len(self) or k < 1:
            return []
        # The products are small: where other programs work too, sharing them out takes longer than doing them.
        with self._threads.limit(limits=1, user_api="blas"):
            return self._search(query, k)

    def _search(self, query: str, k: int) -> list[Hit]:
        import numpy as np

        words, near = self._combined.lexical.search(query), self._combined.near_words.search(query, self._encoder)
        numbers, meaning = self.dense(query, [words, near])
        fused = fuse(words[numbers], near[numbers], meaning)
        by_words = {one: rank for rank, one in enumerate(best(words, len(numbers)), 1)}
        by_meaning = {numbers[one]: rank for rank, one in enumerate(np.argsort(-meaning, kind="stable"), 1)}
        hits = []
        for place in np.argsort(-fused, kind="stable")[:k]:
            one = numbers[place]
            hits.append(Hit(self.chunk(one), float(fused[place]), by_words.get(one), by_meaning[one], one))
        return hits

    def lexical(self, query: str) -> "Scores":
        """How well the words of every passage answer `query`; 0 where none of them is in it."""
        return self._combined.lexical.search(query)

    def dense(self, query: str, others: "Sequence[Scores]" = ()) -> "tuple[list[int], Scores]":
        """How close passages come to the meaning of `query`: their numbers, and standard deviations from all of them.

        Args:
            others: rankings of all passages, whose best are looked at as well.
        """
        vector = self._encoder.encode_query(query)
        whole: Scores = self._combined.vectors @ vector
        numbers = candidates([whole - whole.min() + 1, *others])
        spread = float(whole.std()) or 1.0
        meaning = (whole[numbers] - whole.mean()) / spread
        closest = (self._combined.closest_window(numbers, vector) - whole.mean()) / spread
        return numbers, meaning + closest


def open_index(
    folder: Path,
    documents: Sequence[Document],
    progress: Progress = silent,
    encoder: Encoder | Path | str | None = None,
    processes: int = 1,
) -> NotesIndex:
    """The index of `documents`, kept in `folder`; only documents whose text is new are cut and encoded.

    What was finished is kept when the work is interrupted, and `folder` may be deleted at any time.

    Args:
        encoder: what makes vectors: None for the default, the folder of a BERT-family encoder, or an `Encoder`.
        processes: how many may encode at the same time where there is much to do. They import the program's main module
            anew, so a script that asks for more than one begins its work behind `if __name__ == "__main__":`.

    Raises:
        InputError: a package that search needs is not installed.
        ModelUnavailableError: `encoder` is a folder without an encoder that can be read.
        KcreateError: `folder` cannot be written.
    """
    from filelock import FileLock

    model = open_encoder(encoder)
    records = Records(folder / "documents", f"{model.name}\n{MOST} {TERMS} {HEADINGS}", model.dimensions)
    keyed = [(document.name, records.key(document.text)) for document in documents]
    listed = json.dumps(keyed).encode()
    together = folder / "combined" / hashlib.sha256(listed).hexdigest()[:32]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(folder / "lock"):
            combined = _opened(together)
            if combined is None:
                elsewhere = str(encoder or "") if encoder is None or isinstance(encoder, str | Path) else None
                add_missing(records, model, documents, progress, elsewhere, processes)
                combined = combine(together, _loaded(records, keyed, folder), model)
                records.keep_only({key for _, key in keyed})
    except OSError as error:
        raise KcreateError(
            f"{folder} cannot be written ({error.strerror}); free some space or mend its permissions."
        ) from error
    return NotesIndex(combined, model)


def _opened(folder: Path) -> Combined | None:
    try:
        return Combined(folder)
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return None


def _loaded(records: Records, keyed: list[tuple[str, str]], folder: Path) -> Iterator[tuple[str, Record]]:
    for name, key in keyed:
        record = records.load(key)
        if record is None:
            raise KcreateError(f"{folder} is being changed by another program; run the same command again.")
        yield name, record
