"""Writing so that what was there survives a crash, and the folder where kcreate keeps what it may fetch again."""

import os
import tempfile
from pathlib import Path

from .errors import KcreateError

_UNFINISHED = ".kcreate-part"
"""How the name of a file ends that is being written."""


def write_bytes(path: Path, data: bytes, mode: int | None = None) -> None:
    """Replace `path` by `data` as one step: a temporary file beside it, synced, then renamed over it.

    The file gets the permissions `mode`; where none are given it keeps those it had, or gets those of any new file.

    Raises:
        KcreateError: the folder cannot be made or written, or the disk is full; the old file is untouched.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:40]}.", suffix=_UNFINISHED)
    except OSError as error:
        raise KcreateError(f"{path} cannot be written ({error.strerror}); choose a folder you may write to.") from error
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if mode is None:
            mode = path.stat().st_mode if path.exists() else 0o666 & ~umask()
        Path(temporary).chmod(mode)
        Path(temporary).replace(path)
    except OSError as error:
        Path(temporary).unlink(missing_ok=True)
        raise KcreateError(
            f"{path} cannot be written ({error.strerror}); free some space or choose another folder."
        ) from error
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def sweep(folder: Path) -> None:
    """Remove the temporary files that a killed process left in `folder` and below; nothing may be writing there."""
    for path in folder.rglob(f".*{_UNFINISHED}"):
        path.unlink(missing_ok=True)


def write_text(path: Path, text: str) -> None:
    """`write_bytes` for text: UTF-8, line ends as they are in `text`."""
    write_bytes(path, text.encode("utf-8"))


def write_private(path: Path, data: bytes) -> None:
    """`write_bytes` for what only its owner may read (0600), in a folder that only its owner may enter where it is new."""
    try:
        path.parent.parent.mkdir(parents=True, exist_ok=True)
        path.parent.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise KcreateError(f"{path} cannot be written ({error.strerror}); choose a folder you may write to.") from error
    write_bytes(path, data, 0o600)


def cache_folder() -> Path:
    """The user's cache folder for kcreate: `KCREATE_CACHE` where set, else where the system keeps caches."""
    if chosen := os.environ.get("KCREATE_CACHE"):
        return Path(os.path.expanduser(chosen))  # noqa: PTH111 - pathlib raises where there is no such home
    import platformdirs

    return Path(platformdirs.user_cache_dir("kcreate", appauthor=False))


def umask() -> int:
    """The permissions that the process's new files do not get, which can only be read by setting it."""
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
