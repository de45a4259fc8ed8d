"""The parent's end of a worker: an engine in a process of its own, asked one task at a time."""

import json
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from types import TracebackType
from typing import Any

from ..errors import InputError, KcreateError, ModelUnavailableError, OutOfMemoryError, UsageError

_ERRORS: dict[int, type[KcreateError]] = {
    error.exit_code: error for error in (KcreateError, UsageError, InputError, ModelUnavailableError, OutOfMemoryError)
}


class Worker:
    """A running engine. It works only while it is asked; leaving the `with` block ends it, whatever it is doing."""

    def __init__(self, name: str, command: Sequence[str], environment: Mapping[str, str]) -> None:
        """Start `command` as the engine `name`.

        Raises:
            KcreateError: it cannot be started.
        """
        self.name = name
        self._said = tempfile.TemporaryFile()  # noqa: SIM115 - closed by `__exit__`
        try:
            # A session of its own: Ctrl-C reaches the parent alone, which then ends its workers.
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self._said,
                env=environment,
                encoding="utf-8",
                start_new_session=True,
            )
        except OSError as error:
            raise KcreateError(
                f"The engine {name} cannot be started: {command[0]} ({error.strerror}); check that path."
            ) from error

    def __enter__(self) -> "Worker":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, raised: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout, self._said):
            if stream is not None:
                with suppress(OSError):  # what was still to be written has no reader any more
                    stream.close()

    def ask(self, task: str, **arguments: Any) -> dict[str, Any]:
        """The engine's answer to `task`.

        Raises:
            KcreateError: the engine failed or ended; the sentence is its own, or the last line it wrote on stderr.
        """
        assert self._process.stdin is not None and self._process.stdout is not None
        try:
            self._process.stdin.write(json.dumps({"task": task, **arguments}) + "\n")
            self._process.stdin.flush()
            line = self._process.stdout.readline()
        except OSError:
            line = ""
        if not line.endswith("\n"):
            raise KcreateError(f"The engine {self.name} ended during '{task}': {self._last_words()}")
        answer: dict[str, Any] = json.loads(line)
        if "error" in answer:
            kind = _ERRORS.get(answer["exit_code"], KcreateError)
            sentence = (
                answer["error"] if self.name == "kcreate" else f"The engine {self.name} failed: {answer['error']}"
            )
            raise kind(sentence)
        return answer

    def _last_words(self) -> str:
        code = self._process.wait()
        self._said.seek(0)
        lines = [line.strip() for line in self._said.read().decode("utf-8", "replace").splitlines() if line.strip()]
        return lines[-1] if lines else f"it said nothing and left exit code {code}."
