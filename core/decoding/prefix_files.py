"""Prompts' KV caches as files in a folder that several processes share: found by their ids, bounded, replaced whole.

A file is safetensors: `ids` (length,) int32 and `kv` (2, layers, kv_heads, length, head_dim), keys before values. Its
header carries this format's name and the digest of the identity. Whatever lacks the format's name is left alone.
"""

import hashlib
import os
import re
from contextlib import suppress
from pathlib import Path
from time import time

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ..errors import KcreateError
from ..model.spec import TransformerSpec
from ..storage import write_bytes

FORMAT = "kcreate-prefix-1"
ABANDONED = 3600
"""Seconds after which an unfinished file is taken for that of a process that is gone."""

_FINISHED = re.compile(r"[0-9a-f]{16}-[0-9a-f]{16}\.prefix")
_UNFINISHED = re.compile(r"\.[0-9a-f]{16}-[0-9a-f]{16}\.prefix\..+")

Ids = NDArray[np.int32]


class PrefixFiles:
    """The files of one identity in a folder; the bound is for all identities together.

    Files may come and go at any time. Nothing here fails for what the folder holds or does not allow: a file that cannot
    be read is as good as none, and after a write that failed no other is tried.
    """

    def __init__(self, folder: Path, identity: str, spec: TransformerSpec, dtype: torch.dtype, limit: int) -> None:
        """Nothing is read or written yet; `limit` is what the files may take together, in bytes."""
        self._folder, self._spec, self._dtype, self._limit = folder, spec, dtype, limit
        self._identity = hashlib.sha256(identity.encode()).hexdigest()
        self._known: dict[str, Ids | None] = {}
        self._writable = True

    def longest(self, ids: Ids, above: int, device: torch.device) -> tuple[int, Tensor] | None:
        """How much of `ids` the best file begins with, and `kv` of just that much, not to be written: it may be mapped.

        None where no file shares more than `above` ids.
        """
        while True:
            best, length = None, above
            for name, stored in self._scan().items():
                if stored is not None and (shared := shared_length(stored, ids)) > length:
                    best, length = name, shared
            if best is None:
                return None
            found = self._read(best, length, device)
            if found is not None:
                return length, found

    def touch(self, ids: Ids) -> bool:
        """Whether a file begins with all of `ids`; if so, it counts as used now."""
        for name, stored in self._scan().items():
            if stored is not None and shared_length(stored, ids) == len(ids):
                with suppress(OSError):
                    os.utime(self._folder / name)
                return True
        return False

    def write(self, ids: Ids, kv: Tensor) -> None:
        """Store a prompt; files that it begins with go, and the least recently used ones where the bound asks for it."""
        from safetensors.torch import save

        if not self._writable:
            return
        tensors = {"ids": torch.from_numpy(ids), "kv": kv.contiguous()}
        data = save(tensors, metadata={"format": FORMAT, "identity": self._identity})
        if len(data) > self._limit:
            return
        name = f"{self._identity[:16]}-{hashlib.sha256(ids.tobytes()).hexdigest()[:16]}.prefix"
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if self._folder.stat().st_mode & 0o077:
                self._folder.chmod(0o700)
            self._drop_beginnings(ids)
            self._make_room(len(data))
            write_bytes(self._folder / name, data)
            (self._folder / name).chmod(0o600)
        except (OSError, KcreateError):
            self._writable = False
            return
        self._known[name] = ids

    def _scan(self) -> dict[str, Ids | None]:
        """Names and ids of this identity's files as they are now; None for one that cannot be used."""
        try:
            names = [name for name in os.listdir(self._folder) if _FINISHED.fullmatch(name)]  # noqa: PTH208 - names only
        except OSError:
            names = []
        own = [name for name in names if name.startswith(self._identity[:16])]
        self._known = {name: self._known[name] if name in self._known else self._read_ids(name) for name in own}
        return self._known

    def _read_ids(self, name: str) -> Ids | None:
        """The ids of a file; reads its header and them."""
        from safetensors import SafetensorError, safe_open

        path = self._folder / name
        try:
            with safe_open(path, framework="np") as file:
                header = file.metadata() or {}
                if header.get("format") != FORMAT or header.get("identity") != self._identity:
                    return None
                ids = np.array(file.get_tensor("ids"))
        except (OSError, SafetensorError):
            _remove(path)
            return None
        if ids.ndim != 1 or ids.dtype != np.int32:
            _remove(path)
            return None
        return ids

    def _read(self, name: str, length: int, device: torch.device) -> Tensor | None:
        """`kv` of the first `length` positions; None, and never asked for again, where that fails."""
        from safetensors import SafetensorError, safe_open

        path, spec, ids = self._folder / name, self._spec, self._known[name]
        assert ids is not None
        try:
            with safe_open(path, framework="pt", device=str(device)) as file:
                part = file.get_slice("kv")
                sound = part.get_shape() == [2, spec.layers, spec.kv_heads, len(ids), spec.head_dim]
                kv: Tensor | None = part[:, :, :, :length] if sound else None
        except (OSError, SafetensorError):
            kv = None
        if kv is None or kv.dtype != self._dtype:
            self._known[name] = None
            _remove(path)
            return None
        with suppress(OSError):
            os.utime(path)
        return kv

    def _drop_beginnings(self, ids: Ids) -> None:
        """Remove the files whose ids are a proper beginning of `ids`: the file to be written serves for them."""
        for name, stored in self._scan().items():
            if stored is not None and len(stored) < len(ids) and shared_length(stored, ids) == len(stored):
                with suppress(OSError):
                    (self._folder / name).unlink()

    def _make_room(self, size: int) -> None:
        """Remove what other processes left unfinished, then the files used longest ago, until `size` bytes more fit."""
        files = []
        for path in self._folder.iterdir():
            with suppress(FileNotFoundError):
                status = path.stat()
                if _FINISHED.fullmatch(path.name) and _has_format(path):
                    files.append((status.st_mtime_ns, status.st_size, path))
                elif _UNFINISHED.fullmatch(path.name) and status.st_mtime < time() - ABANDONED:
                    path.unlink(missing_ok=True)
        used = sum(stored for _, stored, _ in files)
        for _, stored, path in sorted(files):
            if used + size <= self._limit:
                return
            with suppress(PermissionError):  # Windows keeps what somebody has mapped
                path.unlink(missing_ok=True)
                used -= stored


def shared_length(first: Ids, second: Ids) -> int:
    """How many ids both begin with."""
    length = min(len(first), len(second))
    differs = first[:length] != second[:length]
    place = int(differs.argmax()) if length else 0
    return place if length and differs[place] else length


def _has_format(path: Path) -> bool:
    """Whether the file's header, which safetensors begins with its metadata, names this format."""
    try:
        with path.open("rb") as file:
            return f'"{FORMAT}"'.encode() in file.read(512)
    except OSError:
        return False


def _remove(path: Path) -> None:
    """Delete a file that is of this format and cannot be used; any other stays."""
    if _has_format(path):
        with suppress(OSError):
            path.unlink()
