"""Processes that hold the same model on one machine: started, asked together, and ended with the one that started them.

The calls and the answers go through accelerate's collectives over gloo. Nobody waits inside of those: a pipe to each
worker says when everybody is ready for the next one, and its end says that the other side is gone. torch's object
collectives pickle: what is unpickled comes from these processes alone, which meet through a file in a folder that only
this user may read, and listen on the loopback interface only.
"""

import signal
import tempfile
import threading
import weakref
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import torch

from ..errors import KcreateError, UsageError
from .worker import Open, Perform, environment, join_group, work


class WorkerEndedError(KcreateError):
    """A worker is gone: killed, or its Python program ended."""


class Workers:
    """All but the first of `processes` processes with a model; the first is the one that made this.

    Attributes:
        processes: how many there are with the first.
        pids: the process ids of the others.
    """

    def __init__(self, open_model: Open, perform: Perform, each: Sequence[Mapping[str, Any]], threads: int) -> None:
        """Start a worker for every entry of `each`, the arguments of its `open_model`; `join` waits for them.

        Args:
            threads: of torch in each process, this one included, from `join` until `close`.

        Raises:
            UsageError: this process belongs to a group of processes already, or this torch knows none.
        """
        if not torch.distributed.is_available():
            raise UsageError(
                f"--processes {len(each) + 1}: this torch was built without torch.distributed; leave it out."
            )
        if torch.distributed.is_initialized():
            raise UsageError(
                f"--processes {len(each) + 1}: this process is one of several already; close the other model first."
            )
        self.processes = len(each) + 1
        self._lock = threading.Lock()
        self._folder = tempfile.TemporaryDirectory(prefix="kcreate-")
        self._pipes: list[Connection] = []
        self._running: list[BaseProcess] = []
        self._end = weakref.finalize(self, _end, self._running, self._pipes, self._folder, torch.get_num_threads())
        self._threads = threads
        context = get_context("spawn")  # a fork would copy torch's threads half
        try:
            for place, arguments in enumerate(each, 1):
                mine, theirs = context.Pipe()
                what = (open_model, perform, dict(arguments), torch.get_num_threads(), threads)
                about = (place, self.processes, self._meeting, theirs, *what)
                worker = context.Process(target=work, args=about, daemon=True, name=f"kcreate-{place}")
                with environment(place, self.processes):
                    worker.start()
                theirs.close()  # so that the pipe ends where the worker does
                self._pipes.append(mine)
                self._running.append(worker)
        except BaseException:
            self.close()
            raise

    @property
    def pids(self) -> list[int]:
        return [worker.pid or 0 for worker in self._running]

    @property
    def _meeting(self) -> Path:
        return Path(self._folder.name) / "meeting"

    def join(self) -> None:
        """Wait until every worker has its model.

        Raises:
            WorkerEndedError: a worker ended; or what its opening raised.
        """
        try:
            for raised in self._heard():
                if isinstance(raised, Exception):
                    raise raised
            with self._gone():
                join_group(0, self.processes, self._meeting)
            self._heard()
            torch.set_num_threads(self._threads)
            self._folder.cleanup()  # they have met
        except BaseException:
            self.close()
            raise

    @contextmanager
    def asked(self, task: str, shares: Sequence[Any]) -> Iterator[list[Any]]:
        """Have every worker do its share of a task; `shares[0]` is done by the caller, inside the `with` block.

        Behind the block the list that it was given holds the workers' results, in order. Whatever ends the block but a
        `KcreateError` ends the workers, too, since they are still at work.

        Raises:
            WorkerEndedError: a worker ended; or what a worker raised.
        """
        from accelerate.utils import broadcast_object_list

        if not self._end.alive:
            raise UsageError("The processes of this model have ended; open it again.")
        results: list[Any] = []
        with self._lock:
            try:
                self._tell()
                with self._gone():
                    broadcast_object_list([(task, list(shares))])
                try:
                    yield results
                except KcreateError:
                    self._gathered()
                    raise
                results += self._gathered()
            except BaseException as error:
                if isinstance(error, WorkerEndedError) or not isinstance(error, KcreateError):
                    self.close()
                raise
        for result in results:
            if isinstance(result, Exception):
                raise result

    def close(self) -> None:
        """End the workers; nothing of theirs is lost."""
        self._end()

    def _gathered(self) -> list[Any]:
        """What the workers made of their shares; what they raised is in its place."""
        from accelerate.utils import gather_object

        self._heard()
        self._tell()
        with self._gone():
            found: list[Any] = gather_object([None])
        return found[1:]

    def _heard(self) -> list[Any]:
        """One message from every worker, waited for; Ctrl-C is heard meanwhile.

        Raises:
            WorkerEndedError: a worker ended.
        """
        heard: dict[Connection, Any] = {}
        while len(heard) < len(self._pipes):
            silent = [pipe for pipe in self._pipes if pipe not in heard]
            ready = wait(silent)
            for pipe in [pipe for pipe in silent if pipe in ready]:
                try:
                    heard[pipe] = pipe.recv()
                except (EOFError, OSError) as error:
                    raise self._ended(self._pipes.index(pipe)) from error
        return [heard[pipe] for pipe in self._pipes]

    def _tell(self) -> None:
        """Have every worker enter the next collective.

        Raises:
            WorkerEndedError: a worker ended.
        """
        for place, (worker, pipe) in enumerate(zip(self._running, self._pipes, strict=True)):
            try:
                if not worker.is_alive():
                    raise BrokenPipeError
                pipe.send(None)
            except OSError as error:
                raise self._ended(place) from error

    @contextmanager
    def _gone(self) -> Iterator[None]:
        """A collective that breaks off does so because a worker ended in its midst."""
        try:
            yield
        except RuntimeError as error:
            place = next((place for place, worker in enumerate(self._running) if not worker.is_alive()), 0)
            raise self._ended(place) from error

    def _ended(self, place: int) -> WorkerEndedError:
        worker = self._running[place]
        worker.join(2)
        code = worker.exitcode
        if code is None:
            why, way_out = "does not answer", "run it again, with fewer --processes"
        elif code < 0:
            why = f"was killed by {signal.Signals(-code).name}, as happens where memory runs out"
            way_out = "run it again, with fewer --processes or a smaller model"
        else:
            why = f"ended with code {code}"
            way_out = "see what it said above; a script opens its model under if __name__ == '__main__'"
        return WorkerEndedError(f"Process {place + 2} of {self.processes} with the model {why}; {way_out}.")


def _end(
    running: Sequence[BaseProcess], pipes: Sequence[Connection], folder: tempfile.TemporaryDirectory[str], threads: int
) -> None:
    """End the workers and leave their group; `threads` is what torch had before."""
    for worker in running:
        worker.kill()  # they hold nothing that is not on disk, and may be deep in a computation
    for worker in running:
        worker.join(10)
    for pipe in pipes:
        pipe.close()
    if torch.distributed.is_initialized():
        from accelerate import PartialState

        with suppress(RuntimeError):
            torch.distributed.destroy_process_group()
        PartialState._reset_state()
    torch.set_num_threads(threads)
    folder.cleanup()
