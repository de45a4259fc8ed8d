"""What was made of each document, kept on disk by the hash of its text.

`HASH.json` holds the chunks and their terms, `HASH.npy` the vectors of the chunks, `HASH.windows.npy` those of their
sentences. Every file is plain (JSON, npy without pickle); one that is missing, cut short or changed counts as none.
"""

import hashlib
import io
import json
from collections.abc import Collection
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...storage import write_bytes, write_text
from ..chunks import Chunk

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from .encoder import Vectors

FORMAT = 2
"""Goes up where files of before cannot be read any more."""


@dataclass(frozen=True)
class Record:
    """What was made of one document.

    Attributes:
        chunks: its passages; their `file` is the name it had then.
        terms: what each of them is found by.
        spellings: how the document spells the terms that are words.
        vectors: float32, one for each chunk.
        windows: float16, one for each sentence, in order.
        counts: how many sentences each chunk has.
    """

    chunks: list[Chunk]
    terms: list[list[str]]
    spellings: dict[str, str]
    vectors: "Vectors"
    windows: "NDArray[np.float16]"
    counts: list[int]


class Records:
    """The records of a folder; `settings` names all that they depend on but the texts."""

    def __init__(self, folder: Path, settings: str, dimensions: int) -> None:
        self._folder = folder
        self._settings = f"{FORMAT}\n{settings}"
        self._dimensions = dimensions

    def key(self, text: str) -> str:
        """What the record of a text is kept under."""
        return hashlib.sha256(f"{self._settings}\n{text}".encode("utf-8", "surrogatepass")).hexdigest()[:32]

    def load(self, key: str) -> Record | None:
        """The record of a text, or None where there is none or it is damaged."""
        try:
            kept = json.loads(self._file(key, "json").read_text("utf-8"))
            record = Record(
                [chunk_of(one) for one in kept["chunks"]],
                [line.split() for line in kept["terms"]],
                dict(kept["spellings"]),
                self._array(key, "npy", kept["sums"][0]),
                self._array(key, "windows.npy", kept["sums"][1]),
                [int(one) for one in kept["counts"]],
            )
        except (OSError, ValueError, LookupError, TypeError, AttributeError):
            return None
        lengths = {len(record.chunks), len(record.terms), len(record.counts), len(record.vectors)}
        whole = len(lengths) == 1 and sum(record.counts) == len(record.windows)
        return record if whole and record.vectors.shape[1:] == (self._dimensions,) else None

    def save(self, key: str, record: Record) -> None:
        """Keep a record.

        Raises:
            KcreateError: the folder cannot be written.
        """
        kept: dict[str, Any] = {
            "chunks": [asdict(one) for one in record.chunks],
            "terms": [" ".join(one) for one in record.terms],
            "spellings": record.spellings,
            "counts": record.counts,
            "sums": [self._write(key, "npy", record.vectors), self._write(key, "windows.npy", record.windows)],
        }
        write_text(self._file(key, "json"), json.dumps(kept, ensure_ascii=True))

    def keep_only(self, keys: Collection[str]) -> None:
        """Forget the records of all other texts; a file that cannot be removed stays."""
        for file in self._folder.glob("*"):
            if file.name.split(".")[0] not in keys:
                with suppress(OSError):
                    file.unlink()

    def _file(self, key: str, ending: str) -> Path:
        return self._folder / f"{key}.{ending}"

    def _array(self, key: str, ending: str, digest: str) -> "NDArray[Any]":
        import numpy as np

        data = self._file(key, ending).read_bytes()
        if hashlib.sha256(data).hexdigest() != digest:
            raise ValueError("changed")
        array: NDArray[Any] = np.load(io.BytesIO(data), allow_pickle=False)
        return array

    def _write(self, key: str, ending: str, array: "NDArray[Any]") -> str:
        import numpy as np

        buffer = io.BytesIO()
        np.save(buffer, array, allow_pickle=False)
        write_bytes(self._file(key, ending), buffer.getvalue())
        return hashlib.sha256(buffer.getvalue()).hexdigest()


def chunk_of(kept: dict[str, Any]) -> Chunk:
    """A chunk from its JSON.

    Raises:
        LookupError, TypeError: it is none.
    """
    return Chunk(kept["text"], kept["file"], kept["first"], kept["last"], tuple(kept["headings"]), kept["head"])
