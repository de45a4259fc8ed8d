"""The command line: one file per command, thin over `kcreate.core`."""

import sys


def main() -> None:
    """Run `kcreate` and end the process with the exit code of what happened."""
    from .app import run

    sys.exit(run(sys.argv[1:]))
