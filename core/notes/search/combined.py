"""The records of all documents put together to be searched: arrays that are mapped into memory, chunks as lines of JSON."""

import hashlib
import json
import mmap
import os
import shutil
import tempfile
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from ...errors import KcreateError
from ...storage import write_text
from ..chunks import Chunk
from .encoder import Encoder
from .lexical import Lexical
from .near_words import NearWords, words_to_encode
from .records import Record, chunk_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from .ranking import Scores

_POSTINGS = ("data", "indices", "indptr")
_HASHED = 64_000_000
"""Bytes: a larger file is checked by its size only, so that opening stays quick."""


class Combined:
    """What `combine` wrote, read as it is needed.

    Raises:
        ValueError, OSError, LookupError, TypeError: it is not there, or not whole.
    """

    def __init__(self, folder: Path) -> None:
        sums = json.loads((folder / "sums.json").read_text("utf-8"))
        for name, digest in sums.items():
            if _sum(folder / name) != digest:
                raise ValueError(f"{name} was changed")
        self.vectors = _mapped(folder, "vectors")
        self._windows = _mapped(folder, "windows")
        self._starts = _mapped(folder, "starts")
        self._offsets = _mapped(folder, "offsets")
        vocabulary = json.loads((folder / "vocabulary.json").read_text("utf-8"))
        self.lexical = Lexical({name: _mapped(folder, name) for name in _POSTINGS}, vocabulary, len(self))
        self.near_words = NearWords(self.lexical, _mapped(folder, "words"), _mapped(folder, "word_vectors"))
        with (folder / "chunks.jsonl").open("rb") as file:
            self._lines = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) if len(self) else b""

    def __len__(self) -> int:
        return len(self._offsets) - 1

    def chunk(self, number: int) -> Chunk:
        """The chunk of a row."""
        return chunk_of(json.loads(self._lines[int(self._offsets[number]) : int(self._offsets[number + 1])]))

    def closest_window(self, numbers: list[int], query: "NDArray[np.float32]") -> "Scores":
        """For each of these chunks, the cosine of that of its sentences which is closest to the query."""
        import numpy as np

        if not numbers:
            return np.zeros(0, np.float32)
        spans = [range(int(self._starts[one]), int(self._starts[one + 1])) for one in numbers]
        rows = np.fromiter((row for span in spans for row in span), np.int64)
        firsts = np.cumsum([0, *(len(span) for span in spans[:-1])])
        cosines = self._windows[rows].astype(np.float32) @ query
        closest: Scores = np.maximum.reduceat(cosines, firsts)
        return closest


def combine(folder: Path, records: Iterable[tuple[str, Record]], encoder: Encoder) -> Combined:
    """Write the records of documents, each with the document's name, together into `folder`, in one step.

    Raises:
        InputError: bm25s is not installed.
        KcreateError: the folder cannot be written.
    """
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        made = Path(tempfile.mkdtemp(dir=folder.parent, prefix=".making-"))
        try:
            _write(made, records, encoder)
            shutil.rmtree(folder, ignore_errors=True)
            made.replace(folder)
        finally:
            shutil.rmtree(made, ignore_errors=True)
        for other in folder.parent.iterdir():
            if other != folder:
                shutil.rmtree(other, ignore_errors=True)
        return Combined(folder)
    except OSError as error:
        raise KcreateError(
            f"{folder.parent} cannot be written ({error.strerror}); free some space or mend its permissions."
        ) from error


def _write(folder: Path, records: Iterable[tuple[str, Record]], encoder: Encoder) -> None:
    import numpy as np

    terms: list[list[str]] = []
    spellings: dict[str, str] = {}
    offsets, starts = [0], [0]
    with (
        (folder / "chunks.jsonl").open("wb") as lines,
        (folder / "vectors.raw").open("wb") as vectors,
        (folder / "windows.raw").open("wb") as windows,
    ):
        for name, record in records:
            for chunk, count in zip(record.chunks, record.counts, strict=True):
                offsets.append(offsets[-1] + lines.write(_line(chunk, name)))
                starts.append(starts[-1] + count)
            terms += record.terms
            spellings |= record.spellings
            _append(vectors, record.vectors, np.float32)
            _append(windows, record.windows, np.float16)
    _raw_to_npy(folder, "vectors", (len(terms), encoder.dimensions), np.float32)
    _raw_to_npy(folder, "windows", (starts[-1], encoder.dimensions), np.float16)
    lexical = Lexical.build(terms)
    words = words_to_encode(lexical, spellings)
    arrays: dict[str, NDArray[Any]] = {
        **{name: np.asarray(lexical.arrays[name]) for name in _POSTINGS},
        "offsets": np.array(offsets, np.int64),
        "starts": np.array(starts, np.int64),
        "words": np.array([column for column, _ in words], np.int64),
        "word_vectors": encoder.encode_passages([spelling for _, spelling in words]),
    }
    for name, array in arrays.items():
        np.save(folder / f"{name}.npy", array, allow_pickle=False)
    (folder / "vocabulary.json").write_text(json.dumps(list(lexical.vocabulary), ensure_ascii=True), "utf-8")
    files = sorted(folder.iterdir())
    for file in files:
        with file.open("rb+") as opened:
            os.fsync(opened.fileno())
    write_text(folder / "sums.json", json.dumps({file.name: _sum(file) for file in files}))


def _line(chunk: Chunk, name: str) -> bytes:
    return (json.dumps(asdict(chunk) | {"file": name}, ensure_ascii=True) + "\n").encode()


def _append(file: IO[bytes], array: "NDArray[Any]", kind: type[Any]) -> None:
    import numpy as np

    file.write(np.ascontiguousarray(array, kind).tobytes())


def _raw_to_npy(folder: Path, name: str, shape: tuple[int, int], kind: type[Any]) -> None:
    """Put npy's header before numbers that were written one document after the other."""
    import numpy as np

    raw = folder / f"{name}.raw"
    numbers = np.memmap(raw, kind, "r", shape=shape) if shape[0] else np.zeros(shape, kind)
    np.save(folder / f"{name}.npy", numbers, allow_pickle=False)
    raw.unlink()


def _sum(file: Path) -> str:
    """What a file's contents are known by again."""
    size = file.stat().st_size
    if size > _HASHED:
        return str(size)
    return hashlib.sha256(file.read_bytes()).hexdigest()


def _mapped(folder: Path, name: str) -> "NDArray[Any]":
    import numpy as np

    # A plain array over the mapped file: numpy's class for it costs more than the look-ups.
    return np.asarray(np.load(folder / f"{name}.npy", mmap_mode="r", allow_pickle=False))
