"""The adapter's folder: whose it is, one run at a time in it, and what was measured, written beside the weights."""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ..errors import InputError, KcreateError, UsageError
from ..storage import write_text

STATE = ".kcreate"
REPORT_FILE = "training.json"
_SNAPSHOT_FILE = "checkpoint.safetensors"
_LOCK_FILE = "lock"


@contextmanager
def claimed(out: Path) -> Iterator[Path]:
    """Take the folder for one run, made where it is missing; yields the file in which the run keeps its snapshot.

    Raises:
        UsageError: it is a file, or holds something that is not kcreate's adapter.
        KcreateError: another run is at it, or it cannot be made or written.
    """
    from filelock import FileLock, Timeout

    try:
        if out.exists() and not out.is_dir():
            raise UsageError(f"--out {out} is a file; give a folder for the adapter.")
        if out.is_dir() and not (out / REPORT_FILE).is_file() and any(path.name[0] != "." for path in out.iterdir()):
            raise UsageError(f"--out {out} holds files and is no adapter of kcreate; give a new or empty folder.")
        made = [folder for folder in (out / STATE, out, *out.parents) if not folder.exists()]
        (out / STATE).mkdir(parents=True, exist_ok=True)
        lock = FileLock(out / STATE / _LOCK_FILE, timeout=0)
        try:
            lock.acquire()
        except Timeout as error:
            raise KcreateError(f"Another run is training into {out}; wait for it or give another --out.") from error
    except OSError as error:
        raise KcreateError(f"{out} cannot be written ({error.strerror}); choose a folder you may write to.") from error
    snapshot = out / STATE / _SNAPSHOT_FILE
    try:
        yield snapshot
    finally:
        if not snapshot.exists():
            shutil.rmtree(out / STATE, ignore_errors=True)
        lock.release()
        for folder in made:  # a run that left nothing leaves no empty folders either
            if folder.is_dir() and not any(folder.iterdir()):
                folder.rmdir()


def write_report(out: Path, report: dict[str, Any]) -> None:
    """Write `training.json`: what was trained on what and what it brought. It names documents and quotes none."""
    write_text(out / REPORT_FILE, json.dumps(report, ensure_ascii=False, indent=2) + "\n")


def read_report(out: Path) -> dict[str, Any] | None:
    """The report of the adapter in `out`, or None where none is finished.

    Raises:
        InputError: the file is there and is not what kcreate writes.
    """
    path = out / REPORT_FILE
    if not path.is_file():
        return None
    try:
        report = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(f"{path} cannot be read as JSON; delete {out} to train anew.") from error
    if not isinstance(report, dict) or "kcreate" not in report:
        raise InputError(f"{path} is not a report of kcreate; give another --out.")
    return report
