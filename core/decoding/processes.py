"""One model held by several processes of this machine, a GPU each or a share of the cores, behind `Model`'s interface."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch

from ..errors import UsageError
from ..model.locate import locate
from ..progress import Progress, silent
from .completion import Completion
from .device import choose_device
from .model import Model, open_local
from .score import Score
from .workers import Workers

if TYPE_CHECKING:
    from .model import Job, Prompt

WRITTEN_COSTS = 10
"""How many tokens of a prompt, which are computed side by side, cost as much as one that is written."""


def open_split(
    name: str,
    device: str = "auto",
    quantize: str = "auto",
    adapter: str | Path | None = None,
    progress: Progress = silent,
    processes: int = 2,
) -> "SplitModel":
    """As `open_model`, for a model held by `processes` processes: on CUDA each has a GPU of its own, on the CPU a share
    of the threads.

    A script that calls this does so under `if __name__ == "__main__":`, as everything that starts Python processes.

    Raises:
        As `open_model`; UsageError where there are fewer GPUs, or the device is a single one.
    """
    devices = _devices(device, processes)
    path = str(locate(name, progress))  # fetched once, before the others look for it
    each = [
        {"name": path, "device": one, "quantize": quantize, "adapter": None if adapter is None else str(adapter)}
        for one in devices[1:]
    ]
    workers = Workers(_open, _perform, each, max(1, torch.get_num_threads() // processes))
    try:
        model = open_local(name, devices[0], quantize, adapter, progress)
        workers.join()
    except BaseException:
        workers.close()
        raise
    return SplitModel(model, workers)


class SplitModel(Model):
    """A model whose prompts are shared out among processes; answers are those of one process, whatever their number.

    This process is one of them and does its share. A call of one prompt or text is done here alone. Close it, or use it
    in a `with` block, to end the others; the end of this process ends them too.
    """

    def __init__(self, model: Model, workers: Workers) -> None:
        super().__init__(model.checkpoint, model.name, model.prefixes, model.identity)
        self.workers = workers

    def score(self, prompt: "Prompt", texts: Sequence[str]) -> list[Score]:
        if len(texts) < 2:
            return super().score(prompt, texts)
        places = balanced([len(text) for text in texts], self.workers.processes)
        shares = [(prompt, [texts[place] for place in share]) for share in places]
        with self.workers.asked("score", shares) as others:
            mine = super().score(*shares[0])
        found = dict(zip(places[0], mine, strict=True))
        for share, scores in zip(places[1:], others, strict=True):
            found |= zip(share, scores, strict=True)
        return [found[place] for place in range(len(texts))]

    def close(self) -> None:
        self.workers.close()

    def _finished(self, jobs: "dict[int, Job]") -> Iterator[tuple[int, Completion]]:
        if len(jobs) < 2:
            yield from super()._finished(jobs)
            return
        requests = [job.request for job in jobs.values()]
        costs = [len(one.ids) + WRITTEN_COSTS * (one.max_new_tokens - len(one.written)) for one in requests]
        listed = list(jobs.items())
        shares = [dict(listed[place] for place in share) for share in balanced(costs, self.workers.processes)]
        with self.workers.asked("write", shares) as others:
            yield from super()._finished(shares[0])
        for found in others:
            yield from found.items()


def balanced(costs: Sequence[float], shares: int) -> list[list[int]]:
    """The places 0 to len(costs) - 1 shared out so that the shares cost about the same: the dearest first, each to the
    share that has least (Graham 1969, longest processing time)."""
    loads = [0.0] * shares
    found: list[list[int]] = [[] for _ in range(shares)]
    for place in sorted(range(len(costs)), key=lambda place: -costs[place]):
        least = loads.index(min(loads))
        loads[least] += costs[place]
        found[least].append(place)
    return [sorted(share) for share in found]


def _devices(device: str, processes: int) -> list[str]:
    """The device of each process."""
    if processes < 1:
        raise UsageError(f"--processes {processes}: give 1 or more.")
    where = choose_device(device)
    if where.type == "cpu":
        return ["cpu"] * processes
    if where.type != "cuda" or ":" in device:
        raise UsageError(f"--processes {processes}: {where} is a single device; give --device cuda or cpu.")
    if processes > (count := torch.cuda.device_count()):
        raise UsageError(f"--processes {processes}: this machine has {count} GPU(s); give {count}, or --device cpu.")
    return [f"cuda:{place}" for place in range(processes)]


def _open(device: str, **arguments: Any) -> Model:
    """A worker's model."""
    if device.startswith("cuda"):
        torch.cuda.set_device(device)  # kernels are launched on the current one
    return open_local(device=device, **arguments)


def _perform(model: Model, task: str, share: Any) -> Mapping[int, Completion] | list[Score]:
    """A worker's share of a call."""
    return model.score(*share) if task == "score" else dict(model._finished(share))
