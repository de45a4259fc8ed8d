"""The report: one HTML file that needs nothing else, with each finding beside the lines of the notes it speaks of."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from ..storage import write_text
from .aims import BY_NAME, Aim
from .finding import Finding
from .review import Review

_HERE = Path(__file__).parent
_COLUMNS = {
    "citation_recall": "Recall",
    "citation_precision": "Precision",
    "objective_alignment": "Objectives",
    "source_coverage": "Coverage",
    "length_score": "Length",
    "items_acceptable": "Questions",
    "language_purity": "Language",
    "verbatim_share": "Word for word",
    "condensation": "Condensed",
    "unbroken_blocks": "Blocks",
}
"""What the table of lessons shows, and how its columns are headed."""


@dataclass(frozen=True)
class Bar:
    """A measure as it is drawn: its place and its aim's on a scale from 0 to 100."""

    name: str
    aim: Aim
    value: str
    limit: str
    reached: bool | None
    filled: float | None
    mark: float | None


@dataclass(frozen=True)
class Cell:
    """A lesson's figure, and whether it is good enough."""

    value: str
    reached: bool | None


def write_report(review: Review, path: Path) -> None:
    """Write the report of a review as one HTML file.

    Raises:
        KcreateError: the file cannot be written.
    """
    write_text(path, render_report(review))


def render_report(review: Review) -> str:
    """The report as HTML: no script and nothing from elsewhere; all text of the course and its notes is escaped."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(_HERE),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    bars = [_bar(name, value) for name, value in review.measures.items()]
    columns = [name for name in _COLUMNS if any(name in values for values in review.lessons.values())]
    files = [(file, _cards(found)) for file, found in groupby(review.findings, key=lambda one: one.file)]
    return environment.get_template("report.html").render(
        review=review,
        aimed=[bar for bar in bars if bar.limit],
        others=[bar for bar in bars if not bar.limit],
        columns=[(_COLUMNS[name], BY_NAME[name].meaning) for name in columns],
        rows=[
            (review.titles[lesson], [_cell(name, values) for name in columns])
            for lesson, values in review.lessons.items()
        ],
        files=files,
        titles={name: aim.title for name, aim in BY_NAME.items()},
        counted=_counted(review.findings),
        style=(_HERE / "report.css").read_text(encoding="utf-8"),
    )


def _bar(name: str, value: float) -> Bar:
    aim = BY_NAME[name]
    top = {"share": 1.0, "score": 100.0}.get(aim.form)
    if top == 1.0 and aim.less and aim.limit and aim.limit < 0.25:
        top = 4 * aim.limit  # on a scale to 100 % nobody would see it

    def place(number: float | None) -> float | None:
        return None if top is None or number is None else round(100 * max(0.0, min(1.0, number / top)), 1)

    limit = "" if aim.limit is None else f"{'at most' if aim.less else 'at least'} {aim.shown(aim.limit)}"
    return Bar(name, aim, aim.shown(value), limit, aim.reached(value), place(value), place(aim.limit))


def _cell(name: str, values: dict[str, float]) -> Cell:
    if name not in values:
        return Cell("–", None)
    aim = BY_NAME[name]
    value = f"{100 * values[name]:.0f}" if aim.form == "share" else aim.shown(values[name])
    return Cell(value, aim.reached(values[name]))


def _cards(findings: Iterable[Finding]) -> list[tuple[Finding, list[str]]]:
    """Findings with what to show once, and all that is said of the same sentence."""
    cards: list[tuple[Finding, list[str]]] = []
    for one in findings:
        last = cards[-1][0] if cards else None
        same = last and (last.line, last.measure, last.sentence) == (one.line, one.measure, one.sentence)
        if same and one.sentence:
            cards[-1][1].append(one.message)
        else:
            cards.append((one, [one.message]))
    return cards


def _counted(findings: list[Finding]) -> list[tuple[str, int]]:
    names = [one.measure for one in findings]
    return [(BY_NAME[name].title, names.count(name)) for name in dict.fromkeys(names)]
