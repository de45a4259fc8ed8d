"""`kcreate draft`: notes become a course folder, or a course folder is gone on with."""

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from ..core.errors import UsageError
from .console import progress
from .drafted import show_differences, show_estimate, show_result

Source = Annotated[
    Path,
    typer.Argument(
        help="A folder or file of notes, '-' for notes on standard input, or a course folder.",
        metavar="SOURCE",
        show_default=False,
        readable=False,
    ),
]


def draft(
    source: Source,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="The course folder to make.", envvar="KCREATE_DRAFT_OUT")
    ] = None,
    only: Annotated[
        str | None,
        typer.Option(
            help="Write this one unit anew: LESSON, LESSON/SECTION, LESSON/quiz, LESSON/q3, glossary, flashcards, outline.",
            metavar="UNIT",
        ),
    ] = None,
    more_like_this: Annotated[
        str | None,
        typer.Option(
            "--more-like-this",
            help="Have the unit of --only come out more like this one; for a question alone, add more of its kind.",
            metavar="UNIT",
        ),
    ] = None,
    instruction: Annotated[
        str | None, typer.Option(help="What you want of the units that are written, in your words.", metavar="TEXT")
    ] = None,
    diff: Annotated[
        bool,
        typer.Option("--diff", help="Show what the last redo of each lesson, or of --only, changed; write nothing."),
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would be written, how many tokens and minutes; write nothing.")
    ] = False,
    outline_only: Annotated[
        bool, typer.Option("--outline-only", help="Stop once course.yaml stands, for you to change and go on.")
    ] = False,
    lessons: Annotated[
        int | None, typer.Option(help="How many lessons the course is to have.", envvar="KCREATE_LESSONS", metavar="N")
    ] = None,
    hours: Annotated[
        float | None, typer.Option(help="How many hours of study it is to be.", envvar="KCREATE_HOURS", metavar="H")
    ] = None,
    model: Annotated[
        str | None,
        typer.Option(
            help="A name, a folder, a .gguf file, a Hugging Face id, or openai:NAME on a server.",
            envvar="KCREATE_MODEL",
        ),
    ] = None,
    base_url: Annotated[
        str | None,
        typer.Option(
            "--base-url",
            help="The server of openai:NAME, such as http://127.0.0.1:8000/v1; KCREATE_BASE_URL where not given.",
            metavar="URL",
            show_default=False,
        ),
    ] = None,
    device: Annotated[
        str,
        typer.Option(help="Where the model runs: auto, cpu, cuda, cuda:N or mps.", envvar="KCREATE_DEVICE"),
    ] = "auto",
    quantize: Annotated[
        str,
        typer.Option(help="How its weights are held: auto, none, int8 or int4.", envvar="KCREATE_QUANTIZE"),
    ] = "auto",
    entailment: Annotated[
        Path | None,
        typer.Option(
            help="A folder with an entailment model that judges what the model writes, beside the check there is.",
            envvar="KCREATE_ENTAILMENT",
            metavar="FOLDER",
        ),
    ] = None,
    processes: Annotated[
        int,
        typer.Option(
            help="Processes that share the model's work: one for each GPU, or parts of the CPU.",
            envvar="KCREATE_PROCESSES",
            metavar="N",
        ),
    ] = 1,
    adapter: Annotated[
        Path | None, typer.Option(help="An adapter made by 'kcreate finetune'.", envvar="KCREATE_ADAPTER")
    ] = None,
    title: Annotated[str | None, typer.Option(help="The course's title.", envvar="KCREATE_TITLE")] = None,
    language: Annotated[
        str | None, typer.Option(help="en or zh; told from the notes where not given.", envvar="KCREATE_LANGUAGE")
    ] = None,
    audience: Annotated[str | None, typer.Option(help="Whom the course is for.", envvar="KCREATE_AUDIENCE")] = None,
    level: Annotated[str | None, typer.Option(help="What they know already.", envvar="KCREATE_LEVEL")] = None,
    author: Annotated[str | None, typer.Option(help="Whose course it is.", envvar="KCREATE_AUTHOR")] = None,
    licence: Annotated[str | None, typer.Option(help="What others may do with it.", envvar="KCREATE_LICENCE")] = None,
    seed: Annotated[int, typer.Option(help="The same seed gives the same course.", envvar="KCREATE_SEED")] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object on stdout.")] = False,
    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", help="Warnings and errors only.", envvar="KCREATE_QUIET")
    ] = False,
) -> None:
    """Turn notes into a course: outline, lessons with citations, quizzes, glossary."""
    if diff:
        show_differences(source, only, as_json)
        return
    from ..core.drafting.draft import draft_course
    from ..core.drafting.estimate import estimate_draft
    from ..core.drafting.wishes import Asked

    wishes = Asked(
        title=title,
        language=language,
        audience=audience,
        level=level,
        author=author,
        licence=licence,
        adapter=adapter,
        lessons=lessons,
        hours=hours,
    )
    with progress(quiet) as show:
        notes = _standard_input() if str(source) == "-" else source
        if dry_run:
            found = estimate_draft(
                notes,
                out,
                only=only,
                more_like_this=more_like_this,
                instruction=instruction,
                model=model,
                device=device,
                quantize=quantize,
                processes=processes,
                seed=seed,
                progress=show,
                **wishes,
            )
        else:
            done = draft_course(
                notes,
                out,
                only=only,
                more_like_this=more_like_this,
                instruction=instruction,
                outline_only=outline_only,
                model=model,
                base_url=base_url,
                device=device,
                quantize=quantize,
                processes=processes,
                entailment=entailment,
                seed=seed,
                progress=show,
                **wishes,
            )
    if dry_run:
        show_estimate(found, as_json)
    else:
        show_result(done, as_json, quiet, outline_only)


def _standard_input() -> Any:
    """Notes from standard input, as one document."""
    from ..core.notes.document import Notes
    from ..core.notes.reading import document_from_bytes

    if sys.stdin.isatty():
        raise UsageError("'-' reads notes from standard input, and a terminal gives none; pipe them in.")
    return Notes((document_from_bytes(sys.stdin.buffer.read(), "notes.md", "standard input"),), "notes")
