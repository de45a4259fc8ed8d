"""PDF files that unpack to far more than they hold: their streams are measured before anything reads them.

A stream is inflated bit by bit and thrown away, so that the check itself takes no memory; filters named twice are undone twice.
Other compressions of PDF gain too little to matter.
"""

import mmap
import re
import zlib
from pathlib import Path

LARGEST = 256_000_000
"""Bytes that a stream may unpack to: a page scanned in colour at 600 dots an inch has half of that."""
MOST = 8_000_000_000
"""Bytes that all streams may unpack to together."""
_STREAM = re.compile(rb"stream\r?\n(?=[\x08\x18\x28\x38\x48\x58\x68\x78])")
_DICTIONARY = 600
"""Bytes before a stream that its filters are looked for in."""
_CHUNK = 1 << 16


def unpacks_too_far(file: Path) -> bool:
    """Whether a stream of the file, or all of them, unpack to more than any notes do.

    Raises:
        OSError: the file cannot be read.
    """
    total = 0
    with file.open("rb") as opened, mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ) as data:
        position = 0
        while match := _STREAM.search(data, position):
            head = data[max(0, match.start() - _DICTIONARY) : match.start()]
            head = head[head.rfind(b" obj") + 1 :]
            size, position = _unpacked(data, match.end(), max(1, len(re.findall(rb"/Fl(?:ateDecode)?\b", head))))
            total += size
            if size > LARGEST or total > MOST:
                return True
    return False


def _unpacked(data: mmap.mmap, start: int, times: int) -> tuple[int, int]:
    """The bytes that the stream at `start` unpacks to, counted to just over the limit, and where it ends."""
    first = zlib.decompressobj()
    others = [zlib.decompressobj() for _ in range(min(times, 4) - 1)]
    size, position = 0, start
    while position < len(data) and size <= LARGEST and not first.eof:
        chunk = data[position : position + _CHUNK]
        position += len(chunk)
        while chunk and size <= LARGEST and not first.eof:
            try:
                pieces = [first.decompress(chunk, _CHUNK)]
                chunk = first.unconsumed_tail
                for other in others:
                    pieces = [other.decompress(piece) for piece in pieces]
            except zlib.error:
                return size, position
            size += sum(map(len, pieces))
    return size, max(start, position - len(first.unused_data))
