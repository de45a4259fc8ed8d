"""KV caches of prompts seen before, so that a prompt which begins like one of them computes only what is new.

In memory always, and with a folder also on disk, from where the next run of an unchanged prompt starts at once.
Both are bounded; what was used longest ago goes first.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from ..model.spec import TransformerSpec
from ..storage import cache_folder
from .cache import KVCache
from .prefix_files import Ids, PrefixFiles, shared_length

LEAST = 32
"""Positions that have to be shared before a cache is worth its copy."""

LEAST_ON_DISK_CPU = 128
"""Positions from which a file pays. A CPU computes about a thousand positions a second of a model of 135M parameters,
and fewer of a larger one; a disk gives several thousand. 128 save a tenth of a second."""

LEAST_ON_DISK_GPU = 2048
"""The same on a GPU, which computes positions about as fast as they are read: only long prompts are worth a file."""


WRITTEN = 4
"""Prompts that are written at a time at most: a batch of lessons has many, and their common beginning is worth most."""


@dataclass
class _Entry:
    """The ids of a prompt, and the keys and values of all layers: (2, layers, kv_heads, length, head_dim)."""

    ids: Ids
    kv: Tensor


class PrefixStore:
    """Caches of one model, found by what their ids begin with. For one thread; any number of processes share a folder.

    Keys and values are stored as they are, in the model's own number type. A folder holds one file per prompt with its
    ids and its keys and values, from which the prompt's text can be read back: notes included. So the folder is the
    user's alone (mode 0700, files 0600). It may be deleted at any time, also during a run.
    """

    def __init__(
        self,
        identity: str,
        spec: TransformerSpec,
        dtype: torch.dtype,
        device: torch.device | str,
        folder: Path | None = None,
        memory_bytes: int = 256 * 2**20,
        disk_bytes: int = 2**30,
    ) -> None:
        """An empty store; nothing is read or written yet.

        Args:
            identity: digest of whatever decides the numbers of a cache: model file, adapter, tokenizer, quantisation.
                Files of another identity are not used, but count towards `disk_bytes`.
            dtype, device: of the keys and values.
            folder: where files lie, for instance `prefix_folder()`; None keeps everything in memory. One that cannot be
                written is only read, one that cannot be read is as good as none.
            memory_bytes: what the caches in memory may take together, on `device`.
            disk_bytes: what the files of all models may take together.
        """
        self._device, self._memory_bytes = torch.device(device), memory_bytes
        self._entries: list[_Entry] = []
        """The one used last at the end."""
        self._files = None if folder is None else PrefixFiles(folder, identity, spec, dtype, disk_bytes)
        self._unwritten: list[_Entry] = []
        self._least_on_disk = LEAST_ON_DISK_CPU if self._device.type == "cpu" else LEAST_ON_DISK_GPU

    @property
    def memory_used(self) -> int:
        """Bytes that the caches in memory take."""
        return sum(entry.kv.nbytes for entry in self._entries)

    def longest(self, ids: Sequence[int], more: int = 0) -> KVCache | None:
        """A one-row cache of the longest beginning of `ids` that is stored, the caller's own to change.

        It may hold all of `ids`. None where fewer than `LEAST` ids are shared with anything stored.

        Args:
            more: positions for which the cache has room behind its end.
        """
        wanted = np.array(ids, dtype=np.int32)
        entry, length = self._in_memory(wanted)
        if self._files is not None:
            found = self._files.longest(wanted, max(length, LEAST - 1), self._device)
            if found is not None:
                length, kv = found
                entry = _Entry(wanted[:length], kv)
                self._remember(entry)
            elif entry is not None and length >= LEAST:
                self._files.touch(wanted[:length])
        if entry is None or length < LEAST:
            return None
        self._entries.sort(key=lambda other: other is entry)
        return _cache(entry.kv, length, more)

    def put(self, ids: Sequence[int], cache: KVCache) -> None:
        """Keep a copy of the first len(ids) positions of the one-row `cache`, whose ids are `ids`.

        What is shorter than `LEAST` or the beginning of something stored is not kept again; what is stored and the
        beginning of the new is dropped. Nothing is written to the folder before `flush`.

        Raises:
            ValueError: the cache has several rows or fewer positions than `ids`.
        """
        wanted = np.array(ids, dtype=np.int32)
        if cache.rows != 1 or cache.longest < len(wanted):
            raise ValueError(f"a cache of {cache.rows} rows, {cache.longest} positions, for {len(wanted)} ids")
        if len(wanted) < LEAST:
            return
        known, length = self._in_memory(wanted)
        if known is not None and length == len(wanted):
            self._entries.sort(key=lambda other: other is known)
            entry = _Entry(wanted, known.kv[:, :, :, :length])
        else:
            entry = _Entry(wanted, _packed(cache, len(wanted)))
            self._remember(entry)
        if self._files is not None and len(wanted) >= self._least_on_disk and not self._files.touch(wanted):
            self._unwritten = [*self._unwritten[1 - WRITTEN :], entry]

    def flush(self) -> None:
        """Write the prompts put last to the folder, those of `LEAST_ON_DISK_CPU` (`_GPU`) positions and more.

        Called when an answer is finished: a file takes longer to write than its reader should wait.
        """
        if self._files is not None:
            for entry in self._unwritten:
                self._files.write(entry.ids, entry.kv)
        self._unwritten = []

    def _in_memory(self, ids: Ids) -> tuple[_Entry | None, int]:
        """The entry that shares most with `ids`, the one used last among equals, and how much it shares."""
        best, length = None, 0
        for entry in self._entries:
            if (shared := shared_length(entry.ids, ids)) >= length:
                best, length = entry, shared
        return best, length

    def _remember(self, entry: _Entry) -> None:
        """Add an entry; those that it begins with go, and those used longest ago where the bound asks for it."""
        if entry.kv.nbytes > self._memory_bytes:
            return
        self._entries = [other for other in self._entries if shared_length(other.ids, entry.ids) < len(other.ids)]
        left = self._memory_bytes - entry.kv.nbytes
        while self.memory_used > left:
            del self._entries[0]
        self._entries.append(entry)


def prefix_folder() -> Path | None:
    """Where prompts' caches lie between runs: a folder in kcreate's cache folder, None with KCREATE_PROMPT_CACHE=off."""
    if os.environ.get("KCREATE_PROMPT_CACHE", "").lower() in ("off", "0", "no", "false"):
        return None
    return cache_folder() / "prompts"


def _packed(cache: KVCache, length: int) -> Tensor:
    """A copy of the cache's first `length` positions, (2, layers, kv_heads, length, head_dim).

    It is one block, since small ones cost many times as long to come by in pages the system has yet to hand out.
    """
    first = cache._keys[0]
    kv = first.new_empty((2, len(cache._keys), first.shape[1], length, first.shape[3]))
    for target, buffers in zip(kv, (cache._keys, cache._values), strict=True):
        for layer, old in enumerate(buffers):
            target[layer] = old[0, :, :length]
    return kv


def _cache(kv: Tensor, length: int, more: int) -> KVCache:
    """A one-row cache with a copy of the first `length` positions and room for `more`."""
    block = kv.new_empty((*kv.shape[:3], length + more, kv.shape[4]))
    block[:, :, :, :length] = kv[:, :, :, :length]
    block[:, :, :, length:] = 0
    keys, values = ([layer[None] for layer in half] for half in block)
    return KVCache(keys, values, torch.tensor([length], dtype=torch.int64))
