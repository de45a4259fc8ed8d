"""Putting an export in place: written beside its target, then swapped in, and never over somebody's own files."""

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ..errors import KcreateError, UsageError
from ..storage import umask

MARKER = ".kcreate-export"


@contextmanager
def replace_folder(target: Path, name: str) -> Iterator[Path]:
    """Give an empty folder to write `target` in; when the block ends well it takes the place of `target`.

    The marker file names every file written with its SHA-256, so that the next export knows what it may replace.
    Files somebody else put into an export (a `.git`, a `CNAME`) move over to the new one.

    Raises:
        UsageError: `target` was not written by kcreate, or was changed by hand since.
        KcreateError: the folder cannot be written.
    """
    try:
        ours = _written_before(target)
        target.parent.mkdir(parents=True, exist_ok=True)
        fresh = Path(tempfile.mkdtemp(dir=target.parent, prefix=f".{target.name}-new-"))
    except OSError as error:
        raise _unwritable(target.parent, error) from error
    try:
        yield fresh
        _mark(fresh, name)
        _swap(fresh, target, ours)
    except OSError as error:
        raise _unwritable(target, error) from error
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def _written_before(target: Path) -> set[str]:
    """The files of the export that stands at `target`, by path; refuses where something else stands there."""
    other = "choose another --out or move it away"
    if target.parent.exists() and not target.parent.is_dir():
        raise UsageError(f"{target.parent} is a file, not a folder; choose another --out.")
    if target.is_symlink() or (target.exists() and not target.is_dir()):
        raise UsageError(f"{target} is no folder that kcreate wrote; {other}.")
    try:
        if not target.exists() or not any(target.iterdir()):
            return set()
        files: dict[str, str] = json.loads((target / MARKER).read_text(encoding="utf-8"))["files"]
        changed = [path for path, digest in files.items() if _changed(target / path, digest)]
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise UsageError(f"{target} holds files that kcreate did not write; {other}.") from error
    if changed:
        raise UsageError(f"{target / changed[0]} was changed by hand since the last export; {other}.")
    return {MARKER, *files}


def _changed(path: Path, digest: str) -> bool:
    return path.is_file() and _digest(path) != digest


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _files(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir())


def _mark(folder: Path, name: str) -> None:
    marker = {
        "written_by": "kcreate",
        "format": name,
        "files": {path: _digest(folder / path) for path in _files(folder)},
    }
    (folder / MARKER).write_text(json.dumps(marker, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    folder.chmod(0o777 & ~umask())


def _swap(fresh: Path, target: Path, ours: set[str]) -> None:
    """Rename `fresh` to `target`; what stood there is brought back if that fails, and its foreign files move over."""
    if not target.exists():
        fresh.rename(target)
        return
    old = Path(tempfile.mkdtemp(dir=target.parent, prefix=f".{target.name}-old-")) / target.name
    target.rename(old)
    try:
        fresh.rename(target)
    except BaseException:
        old.rename(target)
        old.parent.rmdir()
        raise
    _move_foreign(old, target, ours)
    shutil.rmtree(old.parent, ignore_errors=True)


def _move_foreign(old: Path, target: Path, ours: set[str]) -> None:
    for path in _files(old):
        if path not in ours:
            destination = target / path
            if os.path.lexists(destination):
                destination = destination.with_name(f"{destination.name}.yours")
            destination.parent.mkdir(parents=True, exist_ok=True)
            (old / path).rename(destination)


def _unwritable(path: Path, error: OSError) -> KcreateError:
    return KcreateError(f"{path} cannot be written ({error.strerror or error}); choose a folder you may write to.")
