"""The training loop: AdamW over the adapter's weights, measured on held-out notes, ready to be killed at any step."""

import math
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from ..errors import KcreateError
from ..model.transformer import Transformer
from ..progress import Event, Progress
from .data import Tokens, TrainingRows, micro_batches
from .interrupt import held_back_signals
from .loss import cross_entropy
from .measure import HeldOut, bits_per_byte
from .plan import CALIBRATION, Pace, fit, learning_rate, measure_every
from .snapshot import Progressed, Snapshot, load_snapshot, random_states, restore_random_states, save_snapshot

STAGE = "training"
_SAVE_SECONDS = 60.0
_RECENT = 10
_CLIP = 1.0
_BETAS = (0.9, 0.99)


@dataclass(frozen=True)
class LoopSettings:
    """How to train.

    Attributes:
        learning_rate: the peak.
        epochs: passes over the notes at most.
        seconds: the time budget; None trains all epochs whatever it takes.
        patience: measurements in a row without a new best after which the run ends.
        micro_tokens: padded tokens that go through the model at once; the rest of a step is accumulated.
        identity: what a run that goes on must have in common with the one that was interrupted; JSON values.
    """

    learning_rate: float
    epochs: float
    seconds: float | None
    patience: int
    micro_tokens: int
    identity: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Trained:
    """What came out: the best weights by their names in peft's files, and the way there."""

    weights: dict[str, Tensor]
    progressed: Progressed


class Loop:
    """One run on one process.

    Args:
        transformer: with its adapter in place, on the accelerator's device.
        parameters: the adapter's, by their names in peft's files.
        accelerator: accelerate's `Accelerator`.
        snapshot_file: where the run is kept for going on; read first when it is there.
        started: `time.monotonic()` at which the budget began to run.
    """

    def __init__(
        self,
        transformer: Transformer,
        parameters: dict[str, nn.Parameter],
        rows: TrainingRows,
        held_out: HeldOut,
        settings: LoopSettings,
        accelerator: Any,
        snapshot_file: Path,
        progress: Progress,
        started: float,
    ) -> None:
        self.transformer, self.parameters, self.rows, self.held_out = transformer, parameters, rows, held_out
        self.settings, self.accelerator, self.file, self.progress = settings, accelerator, snapshot_file, progress
        self.started, self.carried = started, 0.0
        self.optimizer = torch.optim.AdamW(parameters.values(), settings.learning_rate, _BETAS, weight_decay=0.0)
        self.stepper = accelerator.prepare_optimizer(self.optimizer)
        self.at = Progressed()
        self.best: dict[str, Tensor] = {}
        self.losses: list[float] = []
        self.step_seconds: list[float] = []
        self.saved_at = 0.0

    def run(self) -> Trained:
        """Train from the beginning, or from where the snapshot stands, to the end.

        Raises:
            KcreateError: the loss is no longer a number, or the snapshot cannot be written.
            KeyboardInterrupt: after Ctrl-C, with the snapshot saved; after SIGTERM what its handler raises.
        """
        with held_back_signals() as stopped:
            if not self._resume():
                self._begin()
            while self.at.step < self.at.total and self.at.stale < self.settings.patience:
                self._step()
                self._after_step()
                if stopped:
                    self._save()
                    break
            if not stopped and self.at.measured[-1][0] != self.at.step:
                self._measure()
        if stopped:
            raise KeyboardInterrupt
        self.at.seconds = self._spent()
        return Trained(self.best, self.at)

    def _begin(self) -> None:
        self.at.total = self._most()
        self.at.every = measure_every(self.at.total)
        self.at.planned = self.settings.seconds is None
        self._measure()

    def _resume(self) -> bool:
        """Take up the snapshot; False where there is none."""
        snapshot = load_snapshot(self.file)
        if snapshot is None:
            return False
        with torch.no_grad():
            for name, parameter in self.parameters.items():
                parameter.copy_(snapshot.adapter[name])
        moments: dict[int, dict[str, Tensor]] = {}
        for index, name in enumerate(self.parameters):
            kept = {key: snapshot.moments.get(f"{name}/{key}") for key in ("step", "exp_avg", "exp_avg_sq")}
            if all(value is not None for value in kept.values()):
                moments[index] = {key: value for key, value in kept.items() if value is not None}
        self.optimizer.load_state_dict({**self.optimizer.state_dict(), "state": moments})
        restore_random_states(snapshot.random)
        self.at, self.best, self.carried = snapshot.progressed, snapshot.best, snapshot.progressed.seconds
        self.saved_at = self.carried
        self.progress(
            Event(STAGE, self.at.step, self.at.total, f"going on from step {self.at.step} of {self.at.total}")
        )
        return True

    def _step(self) -> None:
        """One optimiser step over its rows; the loss is the mean over all their tokens."""
        began = time.monotonic()
        rate = learning_rate(self.settings.learning_rate, self.at.step, self.at.total)
        for group in self.optimizer.param_groups:
            group["lr"] = rate
        rows = self.rows.step(self.at.step)
        tokens = sum(len(row) - 1 for row in rows)
        self.transformer.train()
        loss = 0.0
        for batch in micro_batches(rows, self.settings.micro_tokens):
            with self.accelerator.autocast():
                nats = self._nats(batch) / tokens
            self.accelerator.backward(nats)
            loss += float(nats.detach())
        if not math.isfinite(loss):
            raise KcreateError(
                f"The loss is no longer a number at step {self.at.step + 1}; delete {self.file.parent} and "
                f"train with a lower learning rate than {self.settings.learning_rate:g}."
            )
        self.accelerator.clip_grad_norm_(list(self.parameters.values()), _CLIP)
        self.stepper.step()
        self.stepper.zero_grad()
        self.at.step += 1
        self.losses.append(loss)
        self.step_seconds.append(time.monotonic() - began)

    def _nats(self, rows: list[Tokens]) -> Tensor:
        """Summed negative log-likelihood of rows that are padded at the right to the first, the longest."""
        ids = torch.zeros(len(rows), len(rows[0]), dtype=torch.int64)
        real = torch.zeros(len(rows), len(rows[0]) - 1, dtype=torch.bool)
        for index, row in enumerate(rows):
            ids[index, : len(row)] = torch.from_numpy(row)
            real[index, : len(row) - 1] = True
        ids, real = ids.to(self.accelerator.device), real.to(self.accelerator.device)
        hidden = self.transformer(ids[:, :-1])
        return cross_entropy(hidden[real], ids[:, 1:][real], self.transformer.logits)

    def _after_step(self) -> None:
        """Fit the plan to the time, measure and save where it is due, and tell."""
        at = self.at
        if at.step >= CALIBRATION:
            self._fit()
        if at.step % at.every == 0 or at.step == at.total:
            self._measure()
            self._save()
        elif self._spent() - self.saved_at > _SAVE_SECONDS:
            self._save()
        self.progress(Event(STAGE, at.step, at.total))

    def _fit(self) -> None:
        """Fit the rest of the run to the budget; a run without one stays as planned."""
        at, seconds = self.at, self.settings.seconds
        if seconds is None or not self.step_seconds:
            return
        pace = Pace(self._step_pace(), at.measurement_seconds)
        at.total = fit(at.step, self._most(), seconds, self._spent(), pace, at.every if at.planned else None)
        if not at.planned:
            at.every, at.planned = measure_every(at.total, pace), True

    def _most(self) -> int:
        """The steps of all epochs."""
        return max(1, math.ceil(self.settings.epochs * self.rows.steps_per_epoch))

    def _measure(self) -> None:
        began = time.monotonic()
        with self.accelerator.autocast():
            bits = bits_per_byte(self.transformer, self.held_out, self.accelerator.device)
        self.at.measurement_seconds = time.monotonic() - began
        loss = sum(self.losses) / len(self.losses) if self.losses else None
        self.losses = []
        self.at.measured.append((self.at.step, bits, loss))
        if not self.best or self.at.best[0] == self.at.step:
            self.best = {name: weight.detach().cpu().clone() for name, weight in self.parameters.items()}
        self.progress(Event(STAGE, self.at.step, self.at.total, self._sentence(bits, loss)))

    def _sentence(self, bits: float, loss: float | None) -> str:
        if loss is None:
            return f"held-out notes before training: {bits:.3f} bits per byte"
        left = (self.at.total - self.at.step) * self._step_pace()
        rest = f", about {math.ceil(left / 60)} min left" if left > 1 else ""
        return f"step {self.at.step} of {self.at.total}: loss {loss:.3f}, held-out {bits:.3f} bits per byte{rest}"

    def _save(self) -> None:
        self.at.seconds = self.saved_at = self._spent()
        moments = {
            f"{name}/{key}": value
            for name, parameter in self.parameters.items()
            for key, value in self.optimizer.state.get(parameter, {}).items()
        }
        adapter = {name: parameter.detach() for name, parameter in self.parameters.items()}
        snapshot = Snapshot(self.settings.identity, self.at, adapter, self.best, moments, random_states())
        save_snapshot(self.file, snapshot)

    def _step_pace(self) -> float:
        """Seconds that a step takes of late; the very first, which warms up caches, counts only while it is alone."""
        timed = (self.step_seconds[1:] or self.step_seconds)[-_RECENT:]
        return sum(timed) / len(timed) if timed else 0.0

    def _spent(self) -> float:
        return self.carried + time.monotonic() - self.started
