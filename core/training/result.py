"""What a run brought: the result for who called, and the same as `training.json` beside the weights."""

from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .split import Split

if TYPE_CHECKING:
    from .measure import HeldOut
    from .snapshot import Progressed


@dataclass(frozen=True)
class FinetuneResult:
    """What a run made.

    Attributes:
        adapter: the folder, in peft's layout.
        model: the base model it belongs to.
        bits_per_byte_before, bits_per_byte_after: of the held-out notes, without the adapter and with it. The step that
            was kept was chosen on the same notes, so the second is a little hopeful.
        steps: optimiser steps done; the adapter is of step `best_step`.
        seconds: time spent, over all interruptions.
        train_documents, held_out_documents: names; a name in both was split within the document.
    """

    adapter: Path
    model: str
    bits_per_byte_before: float
    bits_per_byte_after: float
    steps: int
    best_step: int
    seconds: float
    train_documents: tuple[str, ...]
    held_out_documents: tuple[str, ...]

    @property
    def improved(self) -> bool:
        """False where nothing that was learned made the held-out notes cheaper: the adapter then changes nothing."""
        return self.bits_per_byte_after < self.bits_per_byte_before


def report_of(at: "Progressed", split: Split, held_out: "HeldOut", identity: dict[str, Any]) -> dict[str, Any]:
    """What goes into `training.json`: names of documents and figures, and no text of the notes."""
    best_step, after = at.best
    return {
        "kcreate": version("kcreate"),
        "model": identity["model"],
        "bits_per_byte": {"before": at.measured[0][1], "after": after},
        "steps": at.step,
        "best_step": best_step,
        "seconds": round(at.seconds, 1),
        "train_documents": [name for name, _ in split.train],
        "held_out_documents": [name for name, _ in split.held_out],
        "held_out_bytes_measured": held_out.bytes,
        "measured": [{"step": step, "bits_per_byte": bits, "loss": loss} for step, bits, loss in at.measured],
        "settings": identity,
    }


def result_of(out: Path, report: dict[str, Any]) -> FinetuneResult:
    """The result that a report in the folder `out` tells of."""
    return FinetuneResult(
        adapter=out,
        model=report["model"],
        bits_per_byte_before=report["bits_per_byte"]["before"],
        bits_per_byte_after=report["bits_per_byte"]["after"],
        steps=report["steps"],
        best_step=report["best_step"],
        seconds=report["seconds"],
        train_documents=tuple(report["train_documents"]),
        held_out_documents=tuple(report["held_out_documents"]),
    )
