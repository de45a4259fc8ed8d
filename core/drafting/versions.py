"""Old versions: what a unit's file read before kcreate wrote it anew, and what is different now.

They lie under `.kcreate/versions/`, numbered in the order in which they were replaced.
"""

import difflib
from pathlib import Path

from ..course.splicing import parts_of
from ..journal import PRIVATE
from ..storage import write_bytes

_FOLDER = f"{PRIVATE}/versions"


def keep_version(folder: Path, unit: str, file: str) -> None:
    """Keep what stands in `file` before it is replaced; a text that was kept last is not kept twice."""
    path = folder / file
    if not path.is_file():
        return
    data = path.read_bytes()
    there = versions(folder, unit)
    if there and there[-1].read_bytes() == data:
        return
    number = int(there[-1].stem) + 1 if there else 1
    write_bytes(_place(folder, unit) / f"{number:04d}{path.suffix}", data)


def versions(folder: Path, unit: str) -> list[Path]:
    """The old versions of `lesson:ID`, `glossary` and so on, oldest first."""
    place = _place(folder, unit)
    if not place.is_dir():
        return []
    return sorted((one for one in place.iterdir() if one.stem.isdigit()), key=lambda one: int(one.stem))


def difference(folder: Path, unit: str, file: str, part: str = "") -> str:
    """A unified diff of the version that was replaced last against what stands in `file` now; empty where nothing differs.

    Args:
        part: only this part of a lesson, with its footnotes.
    """
    there = versions(folder, unit)
    if not there or not (folder / file).is_file():
        return ""
    old, new = (_text(path, part) for path in (there[-1], folder / file))
    if old == new:
        return ""
    name = there[-1].relative_to(folder).as_posix()
    lines = difflib.unified_diff(old.splitlines(), new.splitlines(), name, file, lineterm="")
    return "\n".join(lines) + "\n"


def _place(folder: Path, unit: str) -> Path:
    kind, _, name = unit.partition(":")
    return folder / _FOLDER / (f"{kind}s" if name else "course") / (name or kind)


def _text(path: Path, part: str) -> str:
    text = path.read_bytes().decode("utf-8", errors="replace")
    return parts_of(text).get(part, "") if part else text
