"""The command line: one file per command, thin over `kcreate.core`."""

import os
import signal
import sys
from types import FrameType


def main() -> None:
    """Run `kcreate` and end the process with the exit code of what happened."""
    _open_streams()
    # torch's threads wait for each other some microseconds awake, then sleep: sleeping at once halves the speed of small
    # models, and spinning on costs a busy machine many times the work itself.
    os.environ.setdefault("GOMP_SPINCOUNT", "20000")
    for number in (signal.SIGTERM, getattr(signal, "SIGHUP", signal.SIGTERM)):
        if signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, _stop)
    try:
        from .app import run
    except KeyboardInterrupt:
        sys.exit(130)
    sys.exit(run(sys.argv[1:]))


def _stop(number: int, frame: FrameType | None) -> None:
    """End as a shell expects of that signal, through every `finally` on the way, so that nothing is left half done."""
    raise SystemExit(128 + number)


def _open_streams() -> None:
    """Output that cannot fail: closed streams go nowhere, and what the locale cannot show is escaped.

    In UTF-8 a file's name that is not UTF-8 goes out as the bytes it has on disk.
    """
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115, PTH123 - open to the end
        elif hasattr(stream, "reconfigure"):
            unicode = stream.encoding.lower().replace("-", "") == "utf8"
            stream.reconfigure(errors="surrogateescape" if unicode else "backslashreplace")
