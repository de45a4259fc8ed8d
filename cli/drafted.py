"""What `kcreate draft` shows: the estimate before a run, the table after it, and what a redo changed."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from .console import duration, result, result_json, say, table

if TYPE_CHECKING:
    from ..core.drafting.estimate import Estimate
    from ..core.drafting.result import DraftResult

_COLUMNS = ("lesson", "words", "sentences", "questions", "word for word", "seconds")


def show_result(done: "DraftResult", as_json: bool, quiet: bool, outline_only: bool) -> None:
    """The course's folder on stdout, or all that was done as JSON; a table and what comes next on stderr."""
    if not quiet:
        for lesson in done.protected:
            say(f"Left as you made it: {lesson}")
    if as_json:
        values = asdict(done) | {"course": str(done.folder), "seconds": round(done.seconds, 1)}
        del values["folder"], values["words"]
        for lesson in values["lessons"]:
            lesson |= {"verbatim": round(lesson["verbatim"], 3), "seconds": round(lesson["seconds"], 1)}
        result_json(values)
        return
    if not quiet:
        rows = [
            (one.unit, f"{one.words}", f"{one.sentences}", f"{one.items}", f"{one.verbatim:.0%}", f"{one.seconds:.0f}")
            for one in done.lessons
        ]
        table(_COLUMNS, rows, stderr=True)
        if outline_only:
            say(
                f"The outline is in {done.folder / 'course.yaml'}; change it as you like. Next: kcreate draft {done.folder}"
            )
        else:
            say(_counts(done))
    result(str(done.folder))


def _counts(done: "DraftResult") -> str:
    counts = f"{_number(len(done.drafted), 'lesson')} drafted, {_number(done.items, 'question')}"
    counts += f", {len(done.kept)} up to date" if done.kept else ""
    counts += f", footnotes of {len(done.renewed)} led to where their lines are now" if done.renewed else ""
    return f"{counts}, {done.seconds:.0f} s. Next: kcreate export {done.folder} --to html --out dist"


def _number(count: int, of: str) -> str:
    return f"{count} {of}" if count == 1 else f"{count} {of}s"


def show_estimate(found: "Estimate", as_json: bool) -> None:
    """What a run would do, on stdout."""
    if as_json:
        values = asdict(found) | {"course": str(found.folder)}
        del values["folder"]
        values["seconds"] = None if found.seconds is None else round(found.seconds)
        result_json(values)
        return
    if not found.units:
        result(f"Nothing to write: {_number(len(found.kept), 'lesson')} up to date or yours.")
        return
    kept = f", {len(found.kept)} stay as they are" if found.kept else ""
    result(f"Would write {len(found.units)}{kept}: {', '.join(found.units)}")
    how = "counted by its tokenizer" if found.counted else "guessed from their words"
    read, written = _rounded(found.prompt_tokens), _rounded(found.written_tokens)
    result(f"From {found.words} words of notes ({how}): about {read} tokens read and {written} written by the model")
    if found.to_fetch:
        result(f"The model is fetched first: {found.to_fetch / 1e6:.0f} MB")
    if found.seconds is None:
        result("How long that takes is not known: no run with this model was timed on this machine")
    else:
        basis = (
            "by the last run with this model" if found.measured else "a guess for a laptop, no run was timed here yet"
        )
        result(f"About {duration(found.seconds)} ({basis})")


def _rounded(tokens: int) -> str:
    """A figure that claims no more than two digits."""
    digits = max(0, len(str(tokens)) - 2)
    return f"{round(tokens, -digits):,}"


def show_differences(course: Path, only: str | None, as_json: bool) -> None:
    """Unified diffs on stdout: what stood before the last redo, and what stands now."""
    from ..core.drafting.differences import differences

    found = differences(course, only)
    if as_json:
        result_json({"course": str(course), "diff": found})
        return
    if not found:
        say(f"{only or course}: nothing was written anew that reads differently now.")
    for text in found.values():
        result(text.rstrip("\n"))
