"""The engines kcreate is measured against: where each is written, what it needs, and how its process is started."""

import os
import subprocess
import sys
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from ..errors import UsageError
from .settings import Settings

_HERE = Path(__file__).resolve().parent
_SERVE = str(_HERE / "serve.py")


@dataclass(frozen=True)
class Peer:
    """Another engine: the file that drives it, the module that must be importable, and what pip calls it."""

    name: str
    file: str
    module: str
    requirement: str


PEERS = {
    peer.name: peer
    for peer in (
        Peer("transformers", "transformers_engine.py", "transformers", "transformers"),
        Peer("llama-cpp", "llama_cpp_engine.py", "llama_cpp", "llama-cpp-python"),
    )
}


def check_installed(settings: Settings) -> None:
    """See to it before anything is fetched or measured that every engine asked for is there.

    Raises:
        UsageError: a name is unknown, or an engine is not installed.
    """
    for name in settings.against:
        if name not in PEERS:
            raise UsageError(f"--against {name} is no engine kcreate knows; give {' or '.join(PEERS)}.")
        peer, python = PEERS[name], _python(name, settings)
        if not _installed(peer, python):
            where = ", or give the Python that has it with --llama-python PATH" if name == "llama-cpp" else ""
            raise UsageError(
                f"--against {name} needs {peer.requirement}, which {python} does not have; "
                f"install it there with 'pip install {peer.requirement}'{where}."
            )


def check_readable(settings: Settings, path: Path | None) -> None:
    """See to it that every engine asked for can read the model at `path` (None for random weights).

    Raises:
        UsageError: one cannot.
    """
    if "llama-cpp" in settings.against and (path is None or path.suffix.lower() != ".gguf"):
        raise UsageError("--against llama-cpp needs a model in a .gguf file; give one, or leave that engine out.")


def peer_command(name: str, settings: Settings) -> list[str]:
    """What starts the worker of the peer `name`."""
    return [_python(name, settings), _SERVE, str(_HERE / PEERS[name].file)]


def own_command(module: str) -> list[str]:
    """What starts a worker of this package: `kcreate_engine` or `copy_engine`."""
    return [sys.executable, _SERVE, f"{__package__}.{module}"]


def environment(threads: int, own: bool, python: str = sys.executable) -> dict[str, str]:
    """The environment of a worker.

    kcreate's threads sleep soon while they wait, as the command `kcreate` has it; other engines keep the OpenMP library's
    own rule, to spin for some milliseconds and then sleep, since that is how their users run them. Nobody computes
    while another is measured.
    """
    variables = {**os.environ, "OMP_NUM_THREADS": str(threads), "TOKENIZERS_PARALLELISM": "false"}
    if own:
        return {"GOMP_SPINCOUNT": "20000", **variables}
    variables |= {"HF_HUB_OFFLINE": "1", "HF_HUB_DISABLE_TELEMETRY": "1", "HF_HUB_DISABLE_PROGRESS_BARS": "1"}
    dropped = {"GOMP_SPINCOUNT"} | ({"PYTHONPATH", "PYTHONHOME"} if python != sys.executable else set())
    return {name: value for name, value in variables.items() if name not in dropped}


def _python(name: str, settings: Settings) -> str:
    given = settings.llama_python if name == "llama-cpp" else ""
    return str(Path(given).expanduser()) if given else sys.executable


def _installed(peer: Peer, python: str) -> bool:
    if python == sys.executable:
        return find_spec(peer.module) is not None
    try:
        command = [python, "-c", f"import {peer.module}"]
        variables = environment(1, own=False, python=python)
        return subprocess.run(command, capture_output=True, check=False, env=variables).returncode == 0
    except OSError as error:
        raise UsageError(
            f"--llama-python {python} cannot be run ({error.strerror}); give the path of a Python."
        ) from error
