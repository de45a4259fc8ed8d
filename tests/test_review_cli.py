"""`kcreate review` as a shell calls it: what stands on stdout, exit codes, the report, and what `--fix` does."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from test_review import BODY, FRONT, course

from kcreate.cli.app import run


@pytest.fixture
def bread(tmp_path: Path) -> Path:
    return course(tmp_path / "c", {"bread": FRONT + BODY})


def test_measures_then_lessons_then_findings_with_file_and_line(bread: Path, capsys: Any) -> None:
    assert run(["review", str(bread), "-q"]) == 0
    shown = capsys.readouterr()
    measures, lessons, findings = shown.out.split("\n\n")
    assert measures.startswith("measure\tvalue\taim\treached") and "citation_recall\t50.0 %\t≥ 95.0 %\tno" in measures
    assert lessons.splitlines()[1].startswith("bread\t50.0 %\t66.7 %\t100.0 %")
    place = str(bread / "lessons" / "01-bread.md")
    assert f"{place}:8: No citation stands behind this sentence. “Bread is very old.”" in findings
    assert shown.err == ""


def test_json_is_one_object_with_all_there_is(bread: Path, capsys: Any) -> None:
    assert run(["review", str(bread), "--json", "-q"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert set(shown) == {"course", "title", "language", "measures", "lessons", "findings"}
    assert shown["measures"]["citation_recall"] == 0.5 == shown["lessons"]["bread"]["citation_recall"]
    assert {"file", "line", "measure", "message", "unit", "sentence", "cited"} == set(shown["findings"][0])


@pytest.mark.parametrize(
    ("limits", "code", "said"),
    [
        (["citation_recall=0.5"], 0, ""),
        (["citation_recall=0.51"], 1, "citation_recall is 0.5, below the limit 0.51."),
        (["citation_recall=95%", "repetition=0.03"], 1, "citation_recall is 0.5, below the limit 0.95."),
        (["needs_source=0"], 0, ""),
        (["condensation=0.7"], 1, "above the limit 0.7."),
        (["term_recall=0.7"], 1, "term_recall cannot be taken"),
        (["citation_recal=0.5"], 2, "there is no measure 'citation_recal'; there are citation_recall, "),
        (["citation_recall"], 2, "write MEASURE=VALUE"),
        (["citation_recall=high"], 2, "write MEASURE=VALUE"),
        (["citation_recall=nan"], 2, "write MEASURE=VALUE"),
    ],
)
def test_fail_under_ends_with_one_and_names_measure_value_and_limit(
    bread: Path, capsys: Any, limits: list[str], code: int, said: str
) -> None:
    options = [part for limit in limits for part in ("--fail-under", limit)]
    assert run(["review", str(bread), "-q", *options]) == code
    shown = capsys.readouterr()
    assert said in shown.err and shown.err.count("\n") == (1 if said else 0)
    assert (shown.out == "") is (code == 2)  # the result is there even where it is not good enough


def test_a_limit_may_come_from_the_environment(bread: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KCREATE_FAIL_UNDER", "citation_recall=0.9")
    assert run(["review", str(bread), "-q"]) == 1


@pytest.mark.parametrize(
    ("break_it", "said"),
    [
        (lambda folder: (folder / "course.yaml").unlink(), "is no course folder"),
        (lambda folder: (folder / "course.yaml").write_text("title: [", encoding="utf-8"), "is not valid YAML"),
        (
            lambda folder: (folder / "lessons" / "01-bread.md").write_text("no front", encoding="utf-8"),
            "no front matter",
        ),
        (lambda folder: (folder / "lessons" / "01-bread.md").write_bytes(b"\xff\xfe---"), "is not UTF-8"),
        (lambda folder: (folder / "notes" / "a.md").unlink(), "holds no notes"),
    ],
)
def test_a_broken_course_is_one_sentence(bread: Path, capsys: Any, break_it: Any, said: str) -> None:
    break_it(bread)
    assert run(["review", str(bread), "-q"]) == 3
    shown = capsys.readouterr()
    assert said in shown.err and shown.err.count("\n") == 1 and shown.out == ""


def test_gold_that_is_not_there_ends_with_three(bread: Path, capsys: Any) -> None:
    assert run(["review", str(bread), "--gold", str(bread / "gold.json")]) == 3
    assert "--gold" in capsys.readouterr().err


def test_the_report_is_one_file_that_loads_nothing_and_escapes_everything(bread: Path, capsys: Any) -> None:
    lesson = bread / "lessons" / "01-bread.md"
    lesson.write_text(lesson.read_text().replace("Bread is very old.", 'A <script>alert("x")</script> is old.'))
    report = bread.parent / "out" / "report.html"
    assert run(["review", str(bread), "-q", "--html", str(report)]) == 0
    page = report.read_text(encoding="utf-8")
    assert "<script" not in page and "&lt;script&gt;" in page
    assert not re.search(r"(?:src|href)\s*=|@import|url\(", page)
    assert "Salt slows the yeast down in every dough." in page and "a.md, line 5" in page
    assert "Citation recall" in page and "50.0 %" in page


def test_fix_drafts_what_was_found_again_and_leaves_what_a_person_edited(
    bread: Path, capsys: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from kcreate.core.drafting import draft
    from kcreate.core.drafting.draft import DraftResult
    from kcreate.core.errors import UsageError

    lesson = bread / "lessons" / "01-bread.md"
    units = []

    def redraft(folder: Path, *, only: str, **_: Any) -> DraftResult:
        units.append(only)
        if only == "bread":
            raise UsageError("--only bread: bread was edited by hand.")
        lesson.write_text(lesson.read_text().replace(" Bread is very old.", ""))
        return DraftResult(folder, drafted=[only])

    monkeypatch.setattr(draft, "draft_course", redraft)
    assert run(["review", str(bread), "--fix"]) == 0
    shown = capsys.readouterr()
    assert units and len(units) == len(set(units))
    assert "Drafted again: bread/bread" in shown.err
    assert "citation_recall: 50.0 % → 66.7 % (better)" in shown.err
    assert "citation_recall\t66.7 %" in shown.out
