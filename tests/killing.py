"""Work that is killed, in forked children: at one of its writes, or by SIGKILL after a while.

Run as a program it drafts, goes on and compares: `python killing.py JOB WRITES MOMENTS`, one line of JSON at the end.
"""

import hashlib
import json
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from test_drafting import ScriptedModel

from kcreate.core import draft_course
from kcreate.core.journal import Journal

PENDING = ".kcreate/redo.json"
Work = Callable[[Path], Any]
TOUCHING = ("fsync", "replace", "rename", "unlink", "mkdir", "chmod")
"""The calls of `os` that change what is on disk."""


def child(work: Callable[[], Any], before: Callable[[], Any] = lambda: None) -> int:
    """Start `work` in a forked process and return its id."""
    pid = os.fork()
    if pid:
        return pid
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    try:
        before()
        work()
    except BaseException:
        os._exit(1)
    os._exit(0)


def die_at(step: int) -> None:
    """Have this process die at the given one of its writes, each counted once before and once after it is done."""
    left = [step]

    def one_less() -> None:
        left[0] -= 1
        if left[0] < 0:
            os.kill(os.getpid(), signal.SIGKILL)

    _at_every_write(one_less)


def count_writes(into: Path) -> None:
    """Have this process count as `die_at` does: a byte in `into` for each."""
    log = into.open("ab", buffering=0)
    _at_every_write(lambda: log.write(b"."))


def _at_every_write(then: Callable[[], Any]) -> None:
    def around(call: Callable[..., Any]) -> Callable[..., Any]:
        def called(*arguments: Any, **options: Any) -> Any:
            then()
            done = call(*arguments, **options)
            then()
            return done

        return called

    for name in TOUCHING:
        setattr(os, name, around(getattr(os, name)))


def killed_at_write(work: Callable[[], Any], step: int) -> bool:
    """Whether the work was killed at that write; False where it came to its end before."""
    _, status = os.waitpid(child(work, lambda: die_at(step)), 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0, "the work failed by itself"
    return os.WIFSIGNALED(status)


def killed_after(work: Callable[[], Any], seconds: float) -> bool:
    """Whether the work was killed after so long; False where it had come to its end."""
    pid = child(work)
    time.sleep(seconds)
    os.kill(pid, signal.SIGKILL)
    return os.WIFSIGNALED(os.waitpid(pid, 0)[1])


def files(folder: Path) -> dict[str, bytes]:
    """All of a course but what is private to this machine."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and ".kcreate" not in path.relative_to(folder).parts
    }


def write_notes(folder: Path) -> Path:
    """Notes of three lessons."""
    folder.mkdir()
    for number, (name, water) in enumerate({"kettle": "boils", "pot": "steeps", "cup": "cools"}.items()):
        filler = " ".join(
            f"Step {step} of the {name} takes {step + number} minutes and needs a steady hand." for step in range(9)
        )
        (folder / f"{number}-{name}.md").write_text(
            f"# The {name}\n\nA **{name}** is a vessel in which water {water}. {filler}\n\n"
            f"## Care of the {name}\n\n**Rinsing** the {name} is washing it with hot water alone. {filler}\n",
            encoding="utf-8",
        )
    return folder


def answer(prompt: str) -> str:
    return "A vessel for water needs a steady hand and some minutes of time."


def draft(*arguments: Any, **options: Any) -> Any:
    return draft_course(*arguments, model=ScriptedModel(answer), **options)


def change(notes: Path) -> None:
    """One passage of one lesson reads differently."""
    path = notes / "1-pot.md"
    path.write_text(path.read_text(encoding="utf-8").replace("hot water alone", "hot water and salt"), encoding="utf-8")


def jobs(base: Path) -> dict[str, tuple[Path | None, Work]]:
    """What is killed: the course that it starts from (None for none), and the work on a copy of it."""
    notes, other = write_notes(base / "notes"), write_notes(base / "other")
    change(other)
    drafted = base / "drafted"
    draft(notes, drafted)
    edited = Path(shutil.copytree(drafted, base / "edited"))
    lesson = sorted((edited / "lessons").iterdir())[0]
    lesson.write_text(lesson.read_text(encoding="utf-8").replace("## Care", "Mine.\n\n## Care", 1), encoding="utf-8")
    return {
        "draft": (None, lambda course: draft(notes, course)),
        "changed": (drafted, lambda course: draft(other, course)),
        "lesson": (drafted, lambda course: draft(course, only="the-pot", instruction="Be brief.")),
        "quiz": (edited, lambda course: draft(course, only="the-kettle/quiz")),
        "more": (drafted, lambda course: draft(course, more_like_this="the-cup/q1")),
    }


def is_done(course: Path, wanted: dict[str, bytes]) -> bool:
    """Whether a redo had come to its end when it was killed: asked again it would be another one."""
    return (course / ".kcreate" / "versions").is_dir() and not (course / PENDING).exists() and files(course) == wanted


def in_order(course: Path) -> bool:
    """Whether the journal knows every file that stands."""
    journal = Journal(course)
    known = [hashlib.sha256((course / entry.file).read_bytes()).hexdigest() == entry.sha256 for entry in journal]
    return len(known) > 4 and all(known)


def main(name: str, writes: int, moments: int) -> None:
    """Kill a job at so many of its writes and at so many random moments, go on each time, and compare the ends."""
    with tempfile.TemporaryDirectory() as folder:
        base = Path(folder)
        start, work = jobs(base)[name]

        def fresh(course: Path) -> Path:
            shutil.rmtree(course, ignore_errors=True)
            return Path(shutil.copytree(start, course)) if start else course

        whole, began = fresh(base / "whole"), time.monotonic()
        os.waitpid(child(lambda: work(whole), lambda: count_writes(base / "count")), 0)
        took, wanted, steps = time.monotonic() - began, files(whole), (base / "count").stat().st_size
        report = {"writes": steps, "killed": 0, "differ": 0, "disordered": 0}
        chance = random.Random(f"{name}:5")

        def check(kill: Callable[[Callable[[], Any]], bool]) -> None:
            course = fresh(base / "killed")
            if kill(lambda: work(course)):
                report["killed"] += 1
                if start is None or not is_done(course, wanted):
                    work(course)
                report["differ"] += files(course) != wanted
                report["disordered"] += not in_order(course)

        for step in chance.sample(range(steps), min(writes, steps)):
            check(lambda run, step=step: killed_at_write(run, step))
        for moment in range(moments):
            seconds = took * (moment + chance.random()) / moments
            check(lambda run, seconds=seconds: killed_after(run, seconds))
        print(json.dumps(report))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
