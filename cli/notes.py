"""`kcreate notes`: files of any kind into a course, what was read, a search over it, and what to look at first."""

import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, get_args

import typer

from ..core.errors import UsageError
from ..core.progress import Progress
from .console import progress, result, result_json, say, table

if TYPE_CHECKING:
    from ..core.notes.document import Notes
    from ..core.notes.search.index import Hit

app = typer.Typer(
    help="Bring notes of any format into a course, list them, search them, check them.", no_args_is_help=True
)

Course = Annotated[
    Path, typer.Argument(help="A course folder, or notes that are in none yet.", metavar="COURSE", readable=False)
]
Json = Annotated[bool, typer.Option("--json", help="One JSON object on stdout.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Warnings and errors only.", envvar="KCREATE_QUIET")]


@app.command()
def add(
    paths: Annotated[list[Path], typer.Argument(help="Files and folders of notes.", metavar="PATH…", readable=False)],
    out: Annotated[
        Path,
        typer.Option("--out", "-o", help="The course folder, made where it is not there.", envvar="KCREATE_NOTES_OUT"),
    ],
    redact: Annotated[
        str | None,
        typer.Option(
            help="Private data: report (count it), mask, replace (by stand-ins that stay the same), off. [default: as the "
            "last time in this course, else report]",
            envvar="KCREATE_REDACT",
            metavar="HOW",
            show_default=False,
        ),
    ] = None,
    names: Annotated[
        bool | None,
        typer.Option(
            "--names/--no-names",
            help="Whether names of people are masked or replaced too. [default: as the last time, else no-names]",
            envvar="KCREATE_NAMES",
            show_default=False,
        ),
    ] = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Read notes into a course as clean Markdown: Markdown, text, HTML, PDF, DOCX, ODT, PPTX, EPUB, notebooks, CSV,
    XLSX, subtitles, ZIP archives of these.

    Unchanged files are not read again, what you changed stays, nearly equal copies are left out. `notes: {redact: mask,
    names: true}` in course.yaml stands in for the options.
    """
    from ..core.notes.adding import Redact, add_notes

    settings = _settings(out)
    redact = redact or settings.get("redact")
    if redact is not None and redact not in get_args(Redact):
        raise UsageError(f"--redact {redact}: choose one of {', '.join(get_args(Redact))}.")
    names = settings.get("names") if names is None else names
    with progress(quiet) as show:
        done = add_notes(paths, out, redact=redact, names=names, progress=show)  # type: ignore[arg-type]
    for name in done.protected:
        say(f"Left as you made it: notes/{name}")
    read = [one for one in done.records if not one.problem]
    findings = _counted([one.findings for one in read])
    documents = [name for one in done.records for name in one.documents]
    if as_json:
        result_json(
            {
                "course": str(out),
                "documents": documents,
                "unchanged": done.unchanged,
                "protected": done.protected,
                "copies": done.copies,
                "findings": findings,
                "redact": done.redact,
                "skipped": {one.file: one.problem for one in done.records if one.problem},
                "warnings": [warning for one in done.records for warning in one.warnings],
            }
        )
        return
    if not quiet:
        same = f", {len(done.unchanged)} unchanged" if done.unchanged else ""
        say(f"{len(read)} files read{same}, {len(documents)} documents. Next: kcreate draft {out}")
        if findings:
            what = {"mask": "Masked", "replace": "Replaced"}.get(done.redact, "Found")
            say(f"{what}: {_in_words(findings)}. See 'kcreate notes check {out}'.")
    result(str(out))


@app.command("list")
def list_(course: Course = Path(), as_json: Json = False, quiet: Quiet = False) -> None:
    """What was read: documents, where from, pages, words, language, findings; copies and files left out."""
    from ..core.notes.listing import list_notes

    with progress(quiet) as show:
        notes, folder = _notes(course, show)
        listing = list_notes(notes, folder)
    if as_json:
        result_json({"course": str(course), **asdict(listing)})
        return
    table(
        ("document", "from", "pages", "words", "language", "findings"),
        [
            (one.name, one.source, str(one.pages or ""), str(one.words), one.language, _in_words(one.findings))
            for one in listing.documents
        ],
    )
    for double, original in listing.copies.items():
        say(f"Left out: {double} says nearly the same as {original}.")
    for sentence in [*(f"Skipped: {problem}" for problem in listing.skipped.values()), *listing.warnings]:
        say(sentence, "warning")


@app.command()
def search(
    words: Annotated[
        list[str],
        typer.Argument(help="The question; before or after it, a course folder.", metavar="[COURSE] QUESTION"),
    ],
    count: Annotated[int, typer.Option("--count", "-k", min=1, help="How many passages.")] = 5,
    encoder: Annotated[
        Path | None,
        typer.Option(help="A folder with a BERT-family encoder, for search by meaning.", envvar="KCREATE_ENCODER"),
    ] = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """The passages that answer a question, by words and by meaning, with their lines and places."""
    course, question = _course_and_question(words)
    with progress(quiet) as show, _searched(course, encoder, show) as (notes, hits_for):
        hits = hits_for(question, count)
    from ..core.notes.places import origin

    texts = {one.name: one.text for one in notes.documents}
    shown = [(hit, origin(texts[hit.chunk.file], hit.chunk.first, hit.chunk.last)) for hit in hits]
    language = notes.language
    if as_json:
        result_json(
            {
                "question": question,
                "hits": [
                    {
                        "file": hit.chunk.file,
                        "first": hit.chunk.first,
                        "last": hit.chunk.last,
                        "place": place.label(language) if place else None,
                        "headings": list(hit.chunk.headings),
                        "text": hit.chunk.text,
                        "score": round(hit.score, 4),
                    }
                    for hit, place in shown
                ],
            }
        )
        return
    rows = []
    for hit, place in shown:
        where = f"{hit.chunk.file}:{hit.chunk.first}-{hit.chunk.last}"
        rows.append((f"{where} ({place.label(language)})" if place else where, " ".join(hit.chunk.text.split())))
    table(("where", "passage"), rows)


@app.command()
def check(course: Course = Path(), as_json: Json = False, quiet: Quiet = False) -> None:
    """What to look at before drafting: private data, repeated passages, damage, missing pictures, instructions."""
    from ..core.notes.checking import check_notes

    with progress(quiet) as show:
        notes, folder = _notes(course, show)
        remarks = check_notes(notes, folder)
    if as_json:
        result_json({"course": str(course), "remarks": [asdict(one) for one in remarks]})
        return
    table(("where", "kind", "what"), [(f"{one.file}:{one.line}", one.kind, one.text) for one in remarks])
    if not quiet:
        say(f"{len(remarks)} to look at in {len(notes.documents)} documents." if remarks else "Nothing to look at.")


def _settings(course: Path) -> dict[str, Any]:
    """What course.yaml says about notes; nothing where there is none yet."""
    from ..core.course.folder import COURSE_FILE, read_course_file

    if not (course / COURSE_FILE).is_file():
        return {}
    settings = (read_course_file(course / COURSE_FILE).model_extra or {}).get("notes")
    return settings if isinstance(settings, dict) else {}


def _notes(path: Path, show: Progress) -> "tuple[Notes, Path | None]":
    """The notes of a course with its folder, or notes that are in no course."""
    from ..core.notes.reading import holds_notes, read_notes, stored_notes

    if holds_notes(path):
        return stored_notes(path), path
    return read_notes(path, show), None


@contextmanager
def _searched(
    course: Path, encoder: Path | None, show: Progress
) -> "Iterator[tuple[Notes, Callable[[str, int], list[Hit]]]]":
    """The notes and their search; the index of notes in no course is thrown away."""
    from ..core.journal import PRIVATE
    from ..core.notes.search.index import open_index

    notes, folder = _notes(course, show)
    with tempfile.TemporaryDirectory(prefix="kcreate-") as temporary:
        place = folder / PRIVATE / "index" if folder else Path(temporary)
        yield notes, open_index(place, notes.documents, show, encoder, os.cpu_count() or 1).search


def _course_and_question(words: Sequence[str]) -> tuple[Path, str]:
    """The folder, where the first or the last word is one, else the folder that one stands in, and the question."""
    from ..core.notes.reading import holds_notes

    course, rest = Path(), list(words)
    if len(words) > 1 and Path(words[0]).is_dir():
        course, rest = Path(words[0]), rest[1:]
    elif len(words) > 1 and Path(words[-1]).is_dir():
        course, rest = Path(words[-1]), rest[:-1]
    elif not holds_notes(course):
        named = (
            f"'{words[0]}' is no folder, and this one is no course" if len(words) > 1 else "This folder is no course"
        )
        raise UsageError(f'{named}; name one, as in kcreate notes search my-course "how does it begin?".')
    if not (question := " ".join(rest)).strip():
        raise UsageError('search needs a question, as in kcreate notes search my-course "how does it begin?".')
    return course, question


def _counted(findings: Sequence[dict[str, int]]) -> dict[str, int]:
    total: dict[str, int] = {}
    for one in findings:
        for kind, count in one.items():
            total[kind] = total.get(kind, 0) + count
    return dict(sorted(total.items()))


def _in_words(findings: dict[str, int]) -> str:
    """`2 email, 1 phone`."""
    return ", ".join(f"{count} {kind}" for kind, count in findings.items())
