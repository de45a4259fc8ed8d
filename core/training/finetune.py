"""`finetune`: notes in, adapter out, with what it brought measured on documents the model was never shown."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from ..errors import InputError, UsageError
from ..progress import Event, Progress, silent
from .folder import claimed, read_report, write_report
from .result import FinetuneResult, report_of, result_of
from .split import Named, Split, split_documents

if TYPE_CHECKING:
    from ..model.checkpoint import Checkpoint
    from .data import TrainingRows
    from .loop import Trained
    from .lora import LoraSettings
    from .measure import HeldOut

DEFAULT_MODEL = "smollm2-135m"
LEAST_TOKENS = 2_000
ROW_TOKENS = 512
WINDOW_TOKENS = 1_024
STEP_TOKENS = 1_024
PATIENCE = 3


class NamedText(Protocol):
    """A document: its file's name and its text."""

    @property
    def name(self) -> str: ...

    @property
    def text(self) -> str: ...


class NotesLike(Protocol):
    """What `read_notes` returns, or anything of that form."""

    @property
    def documents(self) -> Sequence[NamedText]: ...


def finetune(
    notes: NotesLike | str | Path,
    out: str | Path,
    model: str = DEFAULT_MODEL,
    *,
    minutes: float | None = 10.0,
    epochs: float = 2.0,
    rank: int = 16,
    learning_rate: float = 1e-3,
    seed: int = 0,
    device: str = "auto",
    progress: Progress = silent,
) -> FinetuneResult:
    """Teach a model the author's voice: a LoRA adapter from notes, the best on notes held out.

    A run that was killed goes on from its last snapshot when it is called again with the same arguments, and ends with
    the weights it would have had (to the bit on a CPU; where `minutes` ends the run before `epochs`, how many steps it
    takes depends on the machine's speed, interrupted or not). Where `out` holds the finished adapter of these
    arguments, it is returned as it is.

    Args:
        notes: a path, or what `read_notes` returned.
        out: the adapter's folder: new, empty, or one that kcreate trained into.
        model: a name of the catalogue, a folder, a `.gguf` file or a Hugging Face id.
        minutes: the time budget, loading and measuring included; the run is planned to fit it. None for no budget.
        epochs: passes over the notes at most.
        rank: of the adapter's matrices; more can hold more, and memorises more.
        learning_rate: the peak rate.
        seed: what the split, the first weights and the order of the rows follow from.
        device: `auto`, `cpu` or `cuda`.
        progress: told about stages, steps and measurements.

    Raises:
        InputError: too little text, or notes that cannot be read.
        UsageError: `out` is somebody's folder, or holds an interrupted run with other settings.
        KcreateError: `out` is in use or cannot be written.
        ModelUnavailableError: the model is not there or cannot be loaded.
        OutOfMemoryError: the model and its training do not fit.
    """
    started = time.monotonic()
    _check(minutes, epochs, rank, learning_rate, device)
    out = Path(out).expanduser()
    documents = _documents(notes, progress)
    split = split_documents(documents, seed)
    with claimed(out) as snapshot_file:
        from .base import load_base, memory_errors, text_digest, weights_digest
        from .lora import save_adapter

        with memory_errors(model):
            checkpoint, accelerator = load_base(model, device, progress)
            material = _prepare(checkpoint, split, seed)
            identity = {
                "model": checkpoint.name,
                "weights": weights_digest(checkpoint),
                "notes": text_digest(f"{name}\0{text}\0" for name, text in documents),
                "minutes": minutes,
                "epochs": epochs,
                "rank": rank,
                "learning_rate": learning_rate,
                "seed": seed,
            }
            report = read_report(out)
            if not _goes_on(out, snapshot_file, identity) and report and report.get("settings") == identity:
                progress(Event("", message=f"{out} holds the adapter of these notes and settings already."))
                return result_of(out, report)
            trained = _train(checkpoint, material, identity, accelerator, snapshot_file, progress, started)
            save_adapter(out, trained.weights, _lora(rank), checkpoint.name)
            report = report_of(trained.progressed, split, material.held_out, identity)
            write_report(out, report)
            snapshot_file.unlink(missing_ok=True)
    done = result_of(out, report)
    if not done.improved:
        progress(Event("", message=_NOT_IMPROVED, warning=True))
    return done


_NOT_IMPROVED = (
    "Nothing that was learned made the held-out notes cheaper to predict, so the adapter changes nothing; "
    "give more notes, more time or a lower learning rate."
)


def _check(minutes: float | None, epochs: float, rank: int, learning_rate: float, device: str) -> None:
    """Raises UsageError for the first setting that cannot be meant."""
    if minutes is not None and not 0 < minutes < float("inf"):
        raise UsageError(f"--minutes is {minutes:g}; give the minutes the training may take, more than 0.")
    if not 0 < epochs <= 1000:
        raise UsageError(f"--epochs is {epochs:g}; give a number above 0, 1 to 4 for most notes.")
    if not 1 <= rank <= 1024:
        raise UsageError(f"--rank is {rank}; give a number from 1 to 1024, 8 to 64 for most notes.")
    if not 0 < learning_rate < 1:
        raise UsageError(f"--learning-rate is {learning_rate:g}; give a number between 0 and 1, such as 0.0005.")
    if device not in ("auto", "cpu", "cuda"):
        raise UsageError(f"The device '{device}' is not known; give auto, cpu or cuda.")


def _documents(notes: NotesLike | str | Path, progress: Progress) -> list[Named]:
    if isinstance(notes, str | Path):
        # The one look at a room of the same floor, so that `finetune("notes/", ...)` works for people who script.
        from ..notes.reading import read_notes

        notes = read_notes(notes, progress)
    from ..notes.places import without_markers

    return [(document.name, without_markers(document.text)) for document in notes.documents]


@dataclass(frozen=True)
class _Material:
    rows: "TrainingRows"
    held_out: "HeldOut"


def _prepare(checkpoint: "Checkpoint", split: Split, seed: int) -> _Material:
    """Rows to learn from and windows to measure on.

    Raises:
        InputError: the notes are fewer than `LEAST_TOKENS` tokens.
    """
    from .base import marks_of
    from .data import TrainingRows, encode_documents
    from .measure import held_out_windows

    marks = marks_of(checkpoint)
    length = min(ROW_TOKENS, checkpoint.spec.max_length)
    rows = TrainingRows(encode_documents(split.train, checkpoint.tokenizer, marks), length, STEP_TOKENS, seed)
    held_out = held_out_windows(
        split.held_out, checkpoint.tokenizer, marks.start, min(WINDOW_TOKENS, checkpoint.spec.max_length)
    )
    tokens = rows.tokens + sum(len(window) - 1 for window in held_out.windows)
    if tokens < LEAST_TOKENS:
        raise InputError(
            f"The notes are {tokens:,} tokens and training needs {LEAST_TOKENS:,} at least, about four pages; add some."
        )
    return _Material(rows, held_out)


def _lora(rank: int) -> "LoraSettings":
    from .lora import LoraSettings

    return LoraSettings(rank=rank, alpha=2 * rank)


def _train(
    checkpoint: "Checkpoint",
    material: _Material,
    identity: dict[str, Any],
    accelerator: Any,
    snapshot_file: Path,
    progress: Progress,
    started: float,
) -> "Trained":
    """Put a fresh adapter into the model and train it, or the interrupted one to its end."""
    import torch

    from .loop import Loop, LoopSettings
    from .lora import add_lora

    minutes, on_cpu = identity["minutes"], accelerator.device.type == "cpu"
    settings = LoopSettings(
        learning_rate=identity["learning_rate"],
        epochs=identity["epochs"],
        seconds=None if minutes is None else minutes * 60,
        patience=PATIENCE,
        micro_tokens=ROW_TOKENS if on_cpu else 16 * ROW_TOKENS,
        identity=identity,
    )
    with torch.random.fork_rng(devices=[] if on_cpu else [accelerator.device]):
        torch.manual_seed(identity["seed"])
        parameters = add_lora(checkpoint.transformer, _lora(identity["rank"]))
        loop = Loop(
            checkpoint.transformer,
            parameters,
            material.rows,
            material.held_out,
            settings,
            accelerator,
            snapshot_file,
            progress,
            started,
        )
        return loop.run()


def _goes_on(out: Path, snapshot_file: Path, identity: dict[str, Any]) -> bool:
    """Whether an interrupted run of these settings stands there.

    Raises:
        UsageError: one of other settings does.
    """
    from .snapshot import load_snapshot

    snapshot = load_snapshot(snapshot_file)
    if snapshot is None:
        return False
    other = [key for key in identity if snapshot.settings.get(key) != identity[key]]
    if other:
        shown = ", ".join(
            key if key in ("weights", "notes") else f"{key} {snapshot.settings.get(key)}, now {identity[key]}"
            for key in other
        )
        raise UsageError(
            f"{out} holds an interrupted run of another kind ({shown}); give the same again to go on, "
            f"or delete {snapshot_file.parent} to start afresh."
        )
    return True
