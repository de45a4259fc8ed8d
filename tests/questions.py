"""The questions that search is measured on, with the lines that answer each: `tests/data/questions/*.jsonl`.

`git-novice` and `d2l-zh` ask about two corpora that are not part of this repository; they are looked for below the folder
that `KCREATE_CORPORA` names. Only for the two examples is a piece of the answer's first line (`says`) kept.
"""

import json
import os
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from kcreate.core.notes.chunks import Chunk
from kcreate.core.notes.document import Document
from kcreate.core.notes.reading import read_notes

ALL = ("git-novice", "night-sky", "d2l-zh", "gongfu-tea")
EXAMPLES = ("night-sky", "gongfu-tea")
_HERE = Path(__file__).parent


@dataclass(frozen=True)
class Question:
    """A learner's question.

    Attributes:
        kind: `paraphrase` (in other words than the notes) or `exact` (with their terms, names, numbers, commands).
        gold: where it is answered; any one of the places will do. `file`, `first`, `last`, for the examples `says`.
        notes: the notes it is asked of.
    """

    question: str
    kind: str
    gold: tuple[dict[str, Any], ...]
    notes: str

    def answered_by(self, chunk: Chunk) -> bool:
        """Whether the chunk has a line that answers the question."""
        return any(
            chunk.file == one["file"] and chunk.first <= one["last"] and chunk.last >= one["first"] for one in self.gold
        )


def questions(name: str, notes: str | None = None) -> list[Question]:
    """The questions of one file, or those of them that are asked of `notes`."""
    lines = (_HERE / "data" / "questions" / f"{name}.jsonl").read_text("utf-8").splitlines()
    read = [json.loads(line) for line in lines]
    found = [Question(one["question"], one["kind"], tuple(one["gold"]), one.get("notes", name)) for one in read]
    return [one for one in found if notes is None or one.notes == notes]


@lru_cache(maxsize=8)
def documents(name: str) -> tuple[Document, ...] | None:
    """The notes that questions are asked of, or None where they are not on this machine."""
    if name in EXAMPLES:
        return read_notes(_HERE.parent / "examples" / name / "notes").documents
    corpora = os.environ.get("KCREATE_CORPORA")
    folder = Path(corpora or "") / name / "notes"
    return read_notes(folder).documents if corpora and folder.is_dir() else None
