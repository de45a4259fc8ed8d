"""The machine a measurement was taken on, in the words a reader needs to compare it with their own."""

import os
import platform
import subprocess
from pathlib import Path

from .settings import usable_cores

BUSY = 0.5
"""Processes that want a core, per core, from which a machine is too busy for its figures to be worth much."""


def describe_machine() -> dict[str, str | int | float | None]:
    """Processor, cores (all, and those this process may use), RAM in bytes, system, Python, and what else it does.

    `load` is how many processes wanted a core in the last minute, on average; None where the system does not say.
    """
    return {
        "processor": _processor(),
        "cores": os.cpu_count(),
        "usable_cores": usable_cores(),
        "ram_bytes": _ram(),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "load": _load(),
    }


def busy(machine: dict[str, str | int | float | None]) -> str:
    """A warning where `machine` was at work already when it was described; else nothing."""
    load, cores = machine["load"], machine["cores"]
    if not isinstance(load, float) or not isinstance(cores, int) or load < BUSY * cores:
        return ""
    return f"This machine is busy (load {load:.1f} on {cores} cores): figures will drift; measure when it is quiet."


def _load() -> float | None:
    try:
        return os.getloadavg()[0]
    except (AttributeError, OSError):
        return None


def _processor() -> str:
    """The processor's own name for itself."""
    try:
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.lower().startswith("model name"):
                return line.partition(":")[2].strip()
    except OSError:
        pass
    if platform.system() == "Darwin":
        done = subprocess.run(["sysctl", "-n", "machdep.cpu.brand_string"], capture_output=True, text=True, check=False)
        if done.stdout.strip():
            return done.stdout.strip()
    return platform.processor() or platform.machine() or "unknown processor"


def _ram() -> int | None:
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, ValueError, OSError):
        return None
