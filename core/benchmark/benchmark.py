"""The benchmark itself: every engine is loaded, then they take turns, task by task and round by round."""

import sys
import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..model.locate import locate
from ..progress import Event, Progress, silent
from .figures import Sample
from .machine import busy, describe_machine
from .peers import check_installed, check_readable, environment, own_command, peer_command
from .settings import Settings
from .shapes import hugging_face_config, shape
from .worker import Worker
from .workload import Prompts, Task, chats, random_prompts, tasks

OWN = "kcreate"

SETTLE = 0.05
"""Seconds between two engines' turns: what still spins in the one has gone to sleep when the other begins."""


@dataclass
class Measured:
    """One engine's results.

    Attributes:
        name: `kcreate` or a peer's name.
        loaded: what the engine said when it had loaded: `seconds`, `version`, `weights`, `weight_bytes`, `kv_bytes`.
        samples: per task key one sample a round.
        peak_bytes: the most RAM its process had, where the system says so.
        device_peak_bytes: the most accelerator memory its tensors took, where it has one.
    """

    name: str
    loaded: dict[str, Any]
    samples: dict[str, list[Sample]] = field(default_factory=dict)
    peak_bytes: int | None = None
    device_peak_bytes: int | None = None


@dataclass
class Benchmark:
    """All that was measured: the engines, kcreate first, and the bytes per second of a large copy in each round."""

    settings: Settings
    machine: dict[str, str | int | float | None]
    tasks: list[Task]
    engines: list[Measured]
    copies: list[float]


def benchmark(settings: Settings, progress: Progress = silent) -> Benchmark:
    """Measure kcreate, and the engines it is to be measured against in turn with it.

    All engines are in memory at once, each in a process of its own, and only one works at a time. In each round every
    task is done by one engine after the other, the first to go changing from round to round.

    Raises:
        UsageError: an option cannot be met, or an engine is not installed; nothing has been measured then.
        ModelUnavailableError: the model cannot be found or loaded.
        OutOfMemoryError: it does not fit.
        KcreateError: an engine broke down.
    """
    check_installed(settings)
    spec = None if settings.random is None else shape(settings.random)
    path = None if spec is not None else locate(settings.model, progress)
    check_readable(settings, path)
    threads, machine = settings.used_threads, describe_machine()
    if warning := busy(machine):
        progress(Event("", message=warning, warning=True))
    with ExitStack() as stack:

        def start(name: str, command: list[str], own: bool) -> Worker:
            return stack.enter_context(Worker(name, command, environment(threads, own, command[0])))

        own = start(OWN, own_command("kcreate_engine"), True)
        workers = [own, *(start(name, peer_command(name, settings), False) for name in settings.against)]
        engines = [_load_own(own, settings, path, progress)]
        device = engines[0].loaded["device"]
        prompts = _prompts(own, engines[0], settings)
        todo = tasks(settings, prompts, engines[0].loaded["max_length"], engines[0].loaded["speculates"])
        if settings.compiled and path is not None and engines[0].loaded["weights"] == "int8":
            own.ask("exit")
            _compile(path, threads, progress)
            own = workers[0] = start(OWN, own_command("kcreate_engine"), True)
            engines[0] = _load_own(own, settings, path, progress)
        copier = start("copy", own_command("copy_engine"), True)
        copier.ask("load", device=device, threads=threads)
        config = None if spec is None else hugging_face_config(spec)
        for worker in workers[1:]:
            engines.append(
                _load(worker, progress, path=path and str(path), device=device, threads=threads, config=config)
            )
        copies = _rounds(todo, list(zip(workers, engines, strict=True)), copier, settings.rounds, progress)
        for worker, engine in zip(workers, engines, strict=True):
            left = worker.ask("exit")
            engine.peak_bytes, engine.device_peak_bytes = left["peak_bytes"], left["device_peak_bytes"]
    return Benchmark(settings, machine, todo, engines, copies)


def _compile(path: Path, threads: int, progress: Progress) -> None:
    """Compile the model's programs in a process that is gone before anything is measured."""
    progress(Event("compiling kcreate, once"))
    with Worker("compiler", own_command("kcreate_engine"), environment(threads, True, sys.executable)) as compiler:
        answer = compiler.ask("compile", model=str(path), threads=threads)
    if answer["said"]:
        progress(Event("", message=answer["said"], warning=True))


def _load_own(worker: Worker, settings: Settings, path: Path | None, progress: Progress) -> Measured:
    return _load(
        worker,
        progress,
        model=str(path or settings.model),
        device=settings.device,
        quantize=settings.quantize,
        threads=settings.used_threads,
        random=settings.random,
    )


def _load(worker: Worker, progress: Progress, **arguments: Any) -> Measured:
    progress(Event(f"loading {worker.name}"))
    return Measured(worker.name, worker.ask("load", **arguments))


def _prompts(worker: Worker, engine: Measured, settings: Settings) -> Prompts:
    """The prompts as ids of kcreate's tokenizer, which every engine is given."""
    if settings.random is not None:
        return random_prompts(engine.loaded["vocab_size"])
    return Prompts(*(worker.ask("encode", chat=chat)["ids"] for chat in chats()))


def _rounds(
    todo: list[Task], pairs: list[tuple[Worker, Measured]], copier: Worker, rounds: int, progress: Progress
) -> list[float]:
    """Round 0 warms everybody up and does not count; the samples go into the engines, the copies are returned."""
    copies: list[float] = []
    for turn in range(rounds + 1):
        stage, total = ("measuring", rounds) if turn else ("warming up", 1)
        copy = copier.ask("copy")
        if turn:
            copies.append(copy["bytes"] / copy["seconds"])
        first = turn % len(pairs)
        steps = [
            (task, worker, engine)
            for task in todo
            for worker, engine in pairs[first:] + pairs[:first]
            if engine.name == OWN or not task.compared
        ]
        done = max(0, turn - 1) * len(steps)
        for number, (task, worker, engine) in enumerate(steps):
            progress(Event(stage, done + number, total * len(steps)))
            time.sleep(SETTLE)
            answer = worker.ask(task.method, **task.request(turn))
            if turn:
                engine.samples.setdefault(task.key, []).append(Sample(answer["seconds"], answer["tokens"]))
        progress(Event(stage, done + len(steps), total * len(steps)))
    return copies
