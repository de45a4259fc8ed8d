"""The one place that runs pandoc: a separate program that reads office documents, in a sandbox, bounded in time and memory.

`--sandbox` lets it read and write no file and open no connection (pandoc's manual, "A note on security").
"""

import os
import subprocess
from functools import lru_cache
from pathlib import Path

from ...errors import InputError
from .converted import missing

SECONDS = 300
MEGABYTES = 1500
"""What one run may take; a piece of a Word document takes a tenth of it."""

_HEAP_EXHAUSTED = 251
"""GHC's exit code for a heap that is full."""


@lru_cache(maxsize=1)
def _program() -> str | None:
    """Where the wheel `pypandoc-binary` has its program; never one that happens to lie on the search path."""
    try:
        import pypandoc
    except ImportError:
        return None
    name = "pandoc.exe" if os.name == "nt" else "pandoc"
    program = Path(pypandoc.__file__).parent / "files" / name
    return str(program) if program.is_file() else None


def pandoc(data: bytes, read_as: str, write_as: str, shown_as: str, *options: str) -> bytes:
    """What pandoc makes of `data`.

    Args:
        read_as, write_as: formats as pandoc names them, with their extensions.
        shown_as: what errors call the file.
        options: further options of its command line.

    Raises:
        InputError: it is not installed, cannot read the document, or takes more time or memory than one may.
    """
    program = _program()
    if program is None:
        raise missing("pypandoc-binary", shown_as)
    command = [
        program,
        "--sandbox",
        "--from",
        read_as,
        "--to",
        write_as,
        *options,
        "-",
        "+RTS",
        f"-M{MEGABYTES}M",
        "-RTS",
    ]
    try:
        done = subprocess.run(command, input=data, capture_output=True, timeout=SECONDS, check=False)
    except subprocess.TimeoutExpired as error:
        raise InputError(
            f"{shown_as} takes more than {SECONDS // 60} minutes to convert; split it and add the pieces."
        ) from error
    except OSError as error:
        raise InputError(
            f"{shown_as} cannot be converted: pandoc does not start ({error.strerror}); install kcreate[docs] again."
        ) from error
    if done.returncode == _HEAP_EXHAUSTED or b"heap" in done.stderr[:200].lower():
        raise InputError(
            f"{shown_as} takes more than {MEGABYTES / 1000:g} GB of memory to convert; split it and add the pieces."
        )
    if done.returncode:
        raise InputError(f"{shown_as} is broken or of another format than its name says; open it and save it again.")
    return done.stdout
