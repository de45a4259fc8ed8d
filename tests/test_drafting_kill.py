"""Killed at any moment a draft goes on and ends byte for byte as an uninterrupted one."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from test_drafting import draft
from test_drafting_run import TEA

from kcreate.core.journal import Journal


@pytest.mark.parametrize(
    ("job", "writes", "moments"),
    [("draft", 30, 20), ("changed", 8, 3), ("lesson", 8, 3), ("quiz", 8, 3), ("more", 8, 3)],
)
def test_a_killed_draft_ends_as_an_uninterrupted_one(job: str, writes: int, moments: int) -> None:
    """A first draft, one with changed notes, a lesson, a quiz beside an edit, and more questions: at writes, and at random."""
    program = Path(__file__).parent / "killing.py"
    done = subprocess.run(
        [sys.executable, str(program), job, str(writes), str(moments)], capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert report["killed"] >= writes and report["differ"] == 0 and report["disordered"] == 0, report


def test_a_line_of_the_journal_that_was_being_written_is_passed_over(tmp_path: Path) -> None:
    out = tmp_path / "course"
    first = draft(TEA, out)
    journal = out / ".kcreate" / "journal.jsonl"
    lines = journal.read_text(encoding="utf-8").splitlines()
    last = next(place for place, line in enumerate(lines) if f'"lesson:{first.drafted[-1]}"' in line)
    journal.write_text("\n".join(lines[:last]) + "\n" + lines[last][:40], encoding="utf-8")
    path = sorted((out / "lessons").iterdir())[-1]
    before = path.read_bytes()
    path.unlink()
    again = draft(out)
    assert again.drafted == first.drafted[-1:] and len(again.kept) == 5 and path.read_bytes() == before
    assert all(entry.unit for entry in Journal(out)) and draft(out).drafted == []
