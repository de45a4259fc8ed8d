"""The records of documents that are new to an index: cut, encoded and kept, by several processes where there is much."""

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from typing import TYPE_CHECKING

from ...errors import OutOfMemoryError
from ...progress import Event, Progress
from ..chunks import Chunk, chunks
from ..document import Document
from .encoder import Encoder, open_encoder
from .lexical import spellings, weighed_terms
from .records import Record, Records
from .windows import windows

if TYPE_CHECKING:
    from .encoder import Vectors

MOST = 224
"""Tokens to a passage: enough to say one thing, few enough to be read at a glance."""

HEADINGS = 0.5
"""What the headings' vector counts beside that of the passage."""
_BATCH = 64
_MUCH = 1_000_000
"""Characters from which on it pays to start processes, each of which takes a second to read the encoder's weights."""


def add_missing(
    records: Records,
    encoder: Encoder,
    documents: Sequence[Document],
    progress: Progress,
    elsewhere: str | None,
    processes: int,
) -> None:
    """Make and keep the records that are missing; those that were made are kept when the work is interrupted.

    Args:
        elsewhere: how another process opens the same encoder: its folder, or nothing for the default; None where it cannot.
        processes: at most so many work, in several of their own where the texts are long.
    """
    missing = {key: one for one in documents if records.load(key := records.key(one.text)) is None}
    if not missing:
        return
    progress(Event("indexing notes", 0, len(missing)))
    processes = min(processes, len(missing))
    if elsewhere is None or processes < 2 or sum(len(one.text) for one in missing.values()) < _MUCH:
        finished = _one_by_one(records, encoder, missing)
    else:
        finished = _together(records, elsewhere, missing, processes)
    for done, _ in enumerate(finished, 1):
        progress(Event("indexing notes", done, len(missing)))


def _one_by_one(records: Records, encoder: Encoder, missing: dict[str, Document]) -> Iterator[None]:
    for key, document in missing.items():
        records.save(key, _record(document, encoder))
        yield


def _together(records: Records, encoder: str, missing: dict[str, Document], processes: int) -> Iterator[None]:
    context = get_context("spawn")  # a fork of a process with threads may hang
    with ProcessPoolExecutor(processes, context, initializer=_open, initargs=(records, encoder)) as pool:
        try:
            for made in as_completed([pool.submit(_make, key, document) for key, document in missing.items()]):
                made.result()
                yield
        except BrokenProcessPool as error:
            raise OutOfMemoryError(
                "A process that indexes notes was stopped, most likely for want of memory; run the same command again."
            ) from error
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


class _Worker:
    """What a process of its own holds between documents."""

    records: Records
    encoder: Encoder


def _open(records: Records, encoder: str) -> None:
    os.environ["OMP_NUM_THREADS"] = "1"
    from threadpoolctl import threadpool_limits

    _Worker.records, _Worker.encoder = records, open_encoder(encoder or None)
    threadpool_limits(1)


def _make(key: str, document: Document) -> None:
    _Worker.records.save(key, _record(document, _Worker.encoder))


def _record(document: Document, encoder: Encoder) -> Record:
    """What the index keeps of a document."""
    cut = chunks(document, encoder.count, MOST)
    vectors, of_windows, counts = [], [], []
    for start in range(0, len(cut), _BATCH):
        whole, sentences, many = _encode(cut[start : start + _BATCH], encoder)
        vectors.append(whole)
        of_windows.append(sentences)
        counts += many
    texts = [indexed_text(one) for one in cut]
    return Record(
        cut,
        [weighed_terms(text) for text in texts],
        spellings("\n".join(texts)),
        _joined(vectors, encoder.dimensions),
        _joined(of_windows, encoder.dimensions).astype("float16"),
        counts,
    )


def indexed_text(chunk: Chunk) -> str:
    """What of a chunk is searched: its headings, the head of the table that it continues, and its text."""
    return "\n".join(part for part in (" > ".join(chunk.headings), chunk.head, chunk.text) if part)


def _encode(part: list[Chunk], encoder: Encoder) -> "tuple[Vectors, Vectors, list[int]]":
    """The vectors of chunks, those of their sentences, and how many sentences each of them has.

    A chunk's vector is the mean of its sentences', moved towards that of its headings.
    """
    import numpy as np

    cut = [windows("\n".join(filter(None, (one.head, one.text)))) for one in part]
    headings = list(dict.fromkeys(" > ".join(one.headings) for one in part))
    vectors = encoder.encode_passages([*(window for windows_ in cut for window in windows_), *headings])
    counts = [len(one) for one in cut]
    sentences, of_headings = vectors[: sum(counts)], dict(zip(headings, vectors[sum(counts) :], strict=True))
    firsts = np.cumsum([0, *counts[:-1]])
    whole = _unit(np.add.reduceat(sentences, firsts, axis=0))
    whole += HEADINGS * np.stack([of_headings[" > ".join(one.headings)] * bool(one.headings) for one in part])
    return _unit(whole), sentences, counts


def _unit(vectors: "Vectors") -> "Vectors":
    import numpy as np

    unit: Vectors = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
    return unit.astype(np.float32)


def _joined(parts: "list[Vectors]", dimensions: int) -> "Vectors":
    import numpy as np

    return np.concatenate(parts) if parts else np.zeros((0, dimensions), np.float32)
