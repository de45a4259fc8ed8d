"""A run on disk: everything it needs to go on to the same weights, in one safetensors file that is replaced whole.

Progress and settings are JSON in the file's metadata; adapter, optimiser moments, random state and the best adapter so
far are its tensors. Nothing is pickled.
"""

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from ..errors import InputError
from ..storage import write_bytes


@dataclass
class Progressed:
    """How far a run has come.

    Attributes:
        step: optimiser steps done; the next step's rows follow from it.
        total: steps planned.
        every: steps between measurements on the held-out notes.
        seconds: time spent, over all interruptions.
        measured: (step, bits per byte, training loss since the measurement before) of each measurement; the first is
            of step 0, the model as it was.
        measurement_seconds: what a measurement takes.
        planned: the totals above have been fitted to the time budget.
    """

    step: int = 0
    total: int = 0
    every: int = 1
    seconds: float = 0.0
    measured: list[tuple[int, float, float | None]] = field(default_factory=list)
    measurement_seconds: float = 0.0
    planned: bool = False

    @property
    def best(self) -> tuple[int, float]:
        """Step and bits per byte of the lowest measurement, the earliest of equals."""
        step, bits, _ = min(self.measured, key=lambda one: one[1])
        return step, bits

    @property
    def stale(self) -> int:
        """Measurements since the best one."""
        return sum(step > self.best[0] for step, _, _ in self.measured)


@dataclass(frozen=True)
class Snapshot:
    """What the file holds; `settings` are those of `finetune`, to be compared before going on.

    Attributes:
        adapter, best: weights by their names in peft's files, now and at the best measurement.
        moments: the optimiser's tensors, named `{parameter}/{exp_avg, exp_avg_sq or step}`.
        random: torch's random states by device.
    """

    settings: dict[str, Any]
    progressed: Progressed
    adapter: dict[str, Tensor]
    best: dict[str, Tensor]
    moments: dict[str, Tensor]
    random: dict[str, Tensor]


_PARTS = ("adapter", "best", "moments", "random")


def save_snapshot(path: Path, snapshot: Snapshot) -> None:
    """Replace the file at `path` as one step.

    Raises:
        KcreateError: it cannot be written; what was there before still is.
    """
    from safetensors.torch import save

    tensors = {
        f"{part}:{name}": tensor.detach().cpu().contiguous()
        for part in _PARTS
        for name, tensor in getattr(snapshot, part).items()
    }
    about = {"settings": snapshot.settings, "progressed": asdict(snapshot.progressed)}
    write_bytes(path, save(tensors, metadata={"kcreate": json.dumps(about, ensure_ascii=False)}))


def load_snapshot(path: Path) -> Snapshot | None:
    """The snapshot at `path`, or None where there is none.

    Raises:
        InputError: the file is damaged, or of another version of kcreate.
    """
    from safetensors import SafetensorError, safe_open

    if not path.exists():
        return None
    parts: dict[str, dict[str, Tensor]] = {part: {} for part in _PARTS}
    try:
        with safe_open(path, framework="pt") as file:
            about = json.loads(file.metadata()["kcreate"])
            for key in file.keys():  # noqa: SIM118 - no dict
                part, _, name = key.partition(":")
                parts[part][name] = file.get_tensor(key)
        progressed = Progressed(**about["progressed"])
        progressed.measured = [(step, bits, loss) for step, bits, loss in progressed.measured]
        return Snapshot(about["settings"], progressed, **parts)
    except (SafetensorError, OSError, KeyError, TypeError, ValueError) as error:
        raise InputError(
            f"{path} is damaged or of another version of kcreate; delete {path.parent} to train from the start."
        ) from error


def random_states() -> dict[str, Tensor]:
    """torch's random state on the CPU and on every CUDA device."""
    states = {"cpu": torch.get_rng_state()}
    if torch.cuda.is_available():
        states |= {f"cuda:{n}": state for n, state in enumerate(torch.cuda.get_rng_state_all())}
    return states


def restore_random_states(states: dict[str, Tensor]) -> None:
    """Set what `random_states` returned."""
    for device, state in states.items():
        if device == "cpu":
            torch.set_rng_state(state)
        else:
            torch.cuda.set_rng_state(state, device)
