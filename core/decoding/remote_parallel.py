"""Several requests at a time: threads that wait for a server, and that nobody has to wait for."""

import queue
import threading
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

Result = TypeVar("Result")


def as_finished(jobs: Sequence[Callable[[threading.Event], Result]], concurrency: int) -> Iterator[tuple[int, Result]]:
    """Run `jobs` on `concurrency` threads; (place, result) as each finishes.

    A job gets an event that is set once its result is wanted no more: another job failed, or the caller left (Ctrl-C).
    The threads are daemons, so that a program ends without waiting for answers that are under way.

    Raises:
        What the first job to fail raises; no further job is begun then.
    """
    places = iter(range(len(jobs)))
    taking = threading.Lock()
    cancelled = threading.Event()
    finished: queue.SimpleQueue[tuple[int, Result | None, BaseException | None]] = queue.SimpleQueue()

    def work() -> None:
        while not cancelled.is_set():
            with taking:
                place = next(places, None)
            if place is None:
                return
            try:
                finished.put((place, jobs[place](cancelled), None))
            except BaseException as error:
                finished.put((place, None, error))

    try:
        for _ in range(min(concurrency, len(jobs))):
            threading.Thread(target=work, daemon=True).start()
        for _ in jobs:
            place, result, error = finished.get()
            if error is not None:
                raise error
            yield place, result  # type: ignore[misc]
    finally:
        cancelled.set()
