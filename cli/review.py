"""`kcreate review`: every measure of a course beside its aim, and what its author should look at, with file and line."""

import sys
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ..core.errors import KcreateError, UsageError
from . import console
from .console import result, result_json, say

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from ..core.decoding.model import Model
    from ..core.decoding.remote import RemoteModel
    from ..core.progress import Progress
    from ..core.review.review import Review

_SHOWN = (
    "citation_recall",
    "citation_precision",
    "objective_alignment",
    "source_coverage",
    "length_score",
    "items_acceptable",
    "language_purity",
    "condensation",
)
"""The measures of a lesson that a terminal has room for."""
_SHORT = ("recall", "precision", "aligned", "covered", "length", "questions", "language", "condensed")


@dataclass(frozen=True)
class Limit:
    """`--fail-under MEASURE=VALUE`."""

    measure: str
    value: float


def review(
    course: Annotated[Path, typer.Argument(help="The course folder.", metavar="COURSE", readable=False)],
    fail_under: Annotated[
        list[str] | None,
        typer.Option(
            "--fail-under",
            help="End with 1 where a measure is worse than VALUE: below it, or above it where less is better. May be repeated.",
            metavar="MEASURE=VALUE",
            envvar="KCREATE_FAIL_UNDER",
        ),
    ] = None,
    html: Annotated[
        Path | None,
        typer.Option(help="Write a report into this file too.", envvar="KCREATE_REVIEW_HTML", metavar="FILE"),
    ] = None,
    gold: Annotated[
        Path | None,
        typer.Option(
            help="A JSON file of titles, objectives, key points, terms to compare with.",
            envvar="KCREATE_GOLD",
            metavar="FILE",
        ),
    ] = None,
    model: Annotated[
        str | None,
        typer.Option(
            help="A model that weighs how much likelier its passage makes a sentence; none is needed.",
            envvar="KCREATE_REVIEW_MODEL",
        ),
    ] = None,
    entailment: Annotated[
        Path | None,
        typer.Option(
            help="A folder with an entailment model that judges the citations.",
            envvar="KCREATE_ENTAILMENT",
            metavar="FOLDER",
        ),
    ] = None,
    fix: Annotated[bool, typer.Option("--fix", help="Draft again what was found, then review again.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object on stdout.")] = False,
    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", help="Warnings and errors only.", envvar="KCREATE_QUIET")
    ] = False,
) -> None:
    """Measure a course: citations, objectives, coverage, repetition, length, questions, language, copying, blocks."""
    from ..core.review.review import review_course

    limits = [_limit(one) for one in fail_under or []]
    with console.progress(quiet) as show, ExitStack() as held:
        scorer = held.enter_context(_opened(model, show)) if model else None

        def reviewed() -> "Review":
            return review_course(course, gold=gold, model=scorer, entailment=entailment, progress=show)

        found = reviewed()
        if fix:
            from .fixing import fix_course, tell

            fixed = fix_course(found, reviewed, show)
            found = fixed.after
            tell(fixed)
    if html is not None:
        from ..core.review.report import write_report

        write_report(found, html)
        if not quiet:
            say(f"Report: {html}")
    if as_json:
        result_json(found.to_json())
    else:
        _tables(found)
        for one in found.findings:
            result(
                f"{course / one.file}:{one.line}: {one.message}"
                + (f" “{_short(one.sentence)}”" if one.sentence else "")
            )
    if failed := [sentence for limit in limits if (sentence := _failure(limit, found))]:
        raise KcreateError(" ".join(failed))


def _limit(text: str) -> Limit:
    """`citation_recall=0.95`, where the value of a share may be given as `95%`."""
    from ..core.review.aims import BY_NAME

    name, equals, value = text.partition("=")
    if name.strip() not in BY_NAME:
        raise UsageError(f"--fail-under {text}: there is no measure '{name.strip()}'; there are {', '.join(BY_NAME)}.")
    try:
        number = float(value.strip().removesuffix("%")) / (100 if value.strip().endswith("%") else 1)
    except ValueError:
        number = float("nan")
    if not equals or number != number:
        raise UsageError(f"--fail-under {text}: write MEASURE=VALUE with a number, as in {name.strip()}=0.9.")
    return Limit(name.strip(), number)


def _failure(limit: Limit, found: "Review") -> str:
    """What to say where a measure is worse than its limit, or could not be taken; empty where all is well."""
    from ..core.review.aims import BY_NAME

    aim = BY_NAME[limit.measure]
    if limit.measure not in found.measures:
        return f"{limit.measure} cannot be taken of {found.folder}; its limit is {limit.value:g}."
    value = found.measures[limit.measure]
    if not aim.worse(value, limit.value):
        return ""
    return f"{limit.measure} is {value:.4g}, {'above' if aim.less else 'below'} the limit {limit.value:g}."


def _opened(name: str, show: "Progress") -> "AbstractContextManager[Model | RemoteModel]":
    from contextlib import closing

    from ..core.decoding.model import open_model

    return closing(open_model(name, progress=show))


def _tables(found: "Review") -> None:
    """The whole course, measure by measure, and its lessons side by side."""
    from ..core.review.aims import BY_NAME

    rows = []
    for name, value in found.measures.items():
        aim = BY_NAME[name]
        limit = "" if aim.limit is None else f"{'≤' if aim.less else '≥'} {aim.shown(aim.limit)}"
        rows.append(
            (name, aim.shown(value), limit, {True: "yes", False: "no", None: ""}[aim.reached(value)], aim.meaning)
        )
    console.table(("measure", "value", "aim", "reached", "meaning"), rows)
    lessons = [
        (lesson, *(BY_NAME[name].shown(values[name]) if name in values else "" for name in _SHOWN))
        for lesson, values in found.lessons.items()
    ]
    if lessons:
        result("")
        console.table(("lesson", *(_SHORT if sys.stdout.isatty() else _SHOWN)), lessons)
    result("")


def _short(text: str, most: int = 100) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= most else f"{flat[:most].rstrip()}…"
