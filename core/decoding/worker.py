"""One process of several that hold a model: how it joins the others, and what a worker does until it is ended."""

import os
import signal
import socket
import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from multiprocessing import parent_process
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import torch

from ..errors import KcreateError

Open = Callable[..., Any]
"""Opens the model of a worker; a function of a module, so that the worker finds it again."""
Perform = Callable[[Any, str, Any], Any]
"""Does a task with the model and a share of the work: `perform(model, task, share)`; a function of a module too."""
PATIENCE = timedelta(minutes=2)
"""How long a collective may take, which all enter at about the same time."""


def work(
    place: int,
    processes: int,
    meeting: Path,
    pipe: Connection,
    open_model: Open,
    perform: Perform,
    arguments: dict[str, Any],
    all_threads: int,
    threads: int,
) -> None:
    """A worker's life: open the model, say so, do what is asked until the parent is gone or ends it.

    Args:
        all_threads: torch's while the model is opened: what was compiled for the machine is found by this number, and
            every process has to compute with the same programs.
        threads: torch's from then on.
    """
    from accelerate.utils import broadcast_object_list, gather_object

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's, which ends its workers
    threading.Thread(target=_leave_with_parent, daemon=True).start()
    torch.set_num_threads(all_threads)
    try:
        model = open_model(**arguments)
    except Exception as error:
        pipe.send(_portable(error, place))
        return
    torch.set_num_threads(threads)
    pipe.send(None)
    join_group(place, processes, meeting)
    with suppress(EOFError, OSError):  # the parent is gone
        pipe.send(None)
        while True:
            pipe.recv()
            call: list[Any] = [None]
            broadcast_object_list(call)
            task, shares = call[0]
            try:
                result = perform(model, task, shares[place])
            except Exception as error:
                result = _portable(error, place)
            pipe.send(None)
            pipe.recv()
            gather_object([result])


def _leave_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()  # returns too where the parent is killed
    os._exit(1)


def _portable(error: Exception, place: int) -> Exception:
    """The error as the parent raises it: kcreate's own as they are, others by their name, with the trace as a note."""
    if isinstance(error, KcreateError):
        return type(error)(*error.args)
    told = RuntimeError(f"{type(error).__name__} in process {place + 1}: {error}")
    told.add_note(traceback.format_exc())
    return told


def join_group(place: int, processes: int, meeting: Path) -> None:
    """Join the group as number `place`; all do so at once. Gloo carries objects whatever the models run on."""
    from accelerate import PartialState

    PartialState._reset_state()  # of training that went on in this process before
    with environment(place, processes):
        store = torch.distributed.FileStore(str(meeting), processes)  # type: ignore[attr-defined]
        PartialState(cpu=True, backend="gloo", store=store, timeout=PATIENCE)


@contextmanager
def environment(place: int, processes: int) -> Iterator[None]:
    """The variables by which accelerate and gloo know a process, for the while."""
    wanted = {
        "RANK": str(place),
        "LOCAL_RANK": str(place),
        "WORLD_SIZE": str(processes),
        "LOCAL_WORLD_SIZE": str(processes),
        "MASTER_ADDR": "127.0.0.1",
        "MASTER_PORT": "0",  # nobody listens there: the group meets through a file
        "OMP_NUM_THREADS": str(torch.get_num_threads()),  # else accelerate would choose a number
        **_loopback(),
    }
    before = {name: os.environ.get(name) for name in wanted}
    os.environ.update(wanted)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def _loopback() -> dict[str, str]:
    """What makes gloo listen on the loopback interface, whose name is `lo` on Linux and `lo0` on a Mac."""
    names = [name for _, name in socket.if_nameindex()] if hasattr(socket, "if_nameindex") else []
    return {"GLOO_SOCKET_IFNAME": name} if (name := next((one for one in ("lo", "lo0") if one in names), "")) else {}
