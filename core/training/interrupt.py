"""Signals between two steps instead of in the middle of one, so that what is saved is whole."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class HeldBack:
    """The signal that came since, if any."""

    def __init__(self) -> None:
        self.number: int | None = None

    def __bool__(self) -> bool:
        return self.number is not None


@contextmanager
def held_back_signals() -> Iterator[HeldBack]:
    """Holds back Ctrl-C, and SIGTERM where the program handles it, until the block ends; a second one acts at once.

    The block looks at what it was given between its steps, saves, and leaves; then whoever handled the signal before
    is called (for Ctrl-C that raises KeyboardInterrupt). Outside the main thread nothing is changed.
    """
    held = HeldBack()
    handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    if threading.current_thread() is not threading.main_thread():
        handlers = {}

    def remember(number: int, frame: FrameType | None) -> None:
        if held:
            raise KeyboardInterrupt
        held.number = number

    for number, handler in handlers.items():
        if callable(handler):
            signal.signal(number, remember)
    try:
        yield held
    finally:
        for number, handler in handlers.items():
            if callable(handler):
                signal.signal(number, handler)
    if held.number is not None:
        signal.raise_signal(held.number)
