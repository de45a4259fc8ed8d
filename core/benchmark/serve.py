"""A worker of the benchmark: one engine in a process of its own, asked and answering in lines of JSON.

Run as a script, `python serve.py ENGINE`, where ENGINE is a module or the path of a file with a class `Engine`. This
file needs the standard library alone, so that an engine can live in an interpreter that has never heard of kcreate.

A request is `{"task": "decode", "rows": 4, ...}`: a method of the engine and its keywords. The answer is what the
method returned, or `{"error": "one sentence", "exit_code": 1}`. `{"task": "exit"}` is answered with the peak of memory.
"""

import importlib
import json
import os
import runpy
import sys
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any


def main() -> None:
    """Answer requests from standard input on standard output until it is told to exit or its parent is gone."""
    here = str(Path(__file__).resolve().parent)
    sys.path[:] = [place for place in sys.path if str(Path(place).resolve()) != here]
    # What libraries print goes to stderr; the answers keep the real standard output to themselves.
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    name = sys.argv[1]
    engine = (runpy.run_path(name) if name.endswith(".py") else vars(importlib.import_module(name)))["Engine"]()
    serve(engine, sys.stdin, answers)


def serve(engine: object, requests: IO[str], answers: IO[str]) -> None:
    """Answer each line of `requests` with a line of `answers`."""
    for line in requests:
        request: dict[str, Any] = json.loads(line)
        task: str = request.pop("task")
        answer = _exit(engine) if task == "exit" else _answer(getattr(engine, task), request)
        answers.write(json.dumps(answer) + "\n")
        answers.flush()
        if task == "exit":
            return


def _answer(method: Callable[..., dict[str, Any]], request: dict[str, Any]) -> dict[str, Any]:
    try:
        return method(**request)
    except Exception as error:
        if os.environ.get("KCREATE_DEBUG"):
            raise
        code = getattr(error, "exit_code", 5 if _of_memory(error) else 1)
        sentence = str(error) if hasattr(error, "exit_code") else f"{type(error).__name__}: {error}"
        return {"error": " ".join(sentence.split())[:500], "exit_code": code}


def _of_memory(error: Exception) -> bool:
    return isinstance(error, MemoryError) or "OutOfMemory" in type(error).__name__ or "not enough memory" in str(error)


def _exit(engine: object) -> dict[str, Any]:
    """Peak memory in bytes: of the process, and of the accelerator where the engine knows it."""
    device_peak: Callable[[], int | None] | None = getattr(engine, "device_peak", None)
    return {"peak_bytes": peak_memory(), "device_peak_bytes": device_peak() if device_peak is not None else None}


def peak_memory() -> int | None:
    """The most memory, in bytes, that this process has had in RAM; None where the system does not say."""
    try:
        for line in Path("/proc/self/status").read_text(encoding="utf-8").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    except OSError:
        pass
    try:
        import resource
    except ImportError:
        return None
    # Kilobytes everywhere but on macOS.
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


if __name__ == "__main__":
    main()
