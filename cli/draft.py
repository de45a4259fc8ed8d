"""`kcreate draft`: notes become a course folder, or a course folder is gone on with."""

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from ..core.errors import UsageError
from .console import progress, result, result_json, say

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
    only: Annotated[str | None, typer.Option(help="Write this one lesson again.", metavar="LESSON")] = None,
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
    audience: Annotated[
        str | None, typer.Option(help="Whom the course is for, for course.yaml.", envvar="KCREATE_AUDIENCE")
    ] = None,
    level: Annotated[
        str | None, typer.Option(help="What they know already, for course.yaml.", envvar="KCREATE_LEVEL")
    ] = None,
    author: Annotated[str | None, typer.Option(help="Whose course it is.", envvar="KCREATE_AUTHOR")] = None,
    licence: Annotated[str | None, typer.Option(help="What others may do with it.", envvar="KCREATE_LICENCE")] = None,
    seed: Annotated[int, typer.Option(help="The same seed gives the same course.", envvar="KCREATE_SEED")] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object on stdout.")] = False,
    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", help="Warnings and errors only.", envvar="KCREATE_QUIET")
    ] = False,
) -> None:
    """Turn notes into a course: outline, lessons with citations, quizzes, glossary."""
    from ..core.drafting.draft import draft_course

    with progress(quiet) as show:
        notes = _standard_input() if str(source) == "-" else source
        done = draft_course(
            notes,
            out,
            only=only,
            model=model,
            base_url=base_url,
            device=device,
            quantize=quantize,
            processes=processes,
            seed=seed,
            progress=show,
            title=title,
            language=language,
            audience=audience,
            level=level,
            author=author,
            licence=licence,
            adapter=adapter,
        )
    for lesson in done.protected:
        say(f"Left as you made it: {lesson}")
    if as_json:
        result_json(
            {
                "course": str(done.folder),
                "drafted": done.drafted,
                "kept": done.kept,
                "protected": done.protected,
                "items": done.items,
                "seconds": round(done.seconds, 1),
            }
        )
    else:
        if not quiet:
            counts = f"{len(done.drafted)} lessons drafted, {done.items} questions"
            counts += f", {len(done.kept)} up to date" if done.kept else ""
            say(f"{counts}, {done.seconds:.0f} s. Next: kcreate export {done.folder} --to html --out dist")
        result(str(done.folder))


def _standard_input() -> Any:
    """Notes from standard input, as one document."""
    from ..core.notes.document import Notes
    from ..core.notes.reading import document_from_bytes

    if sys.stdin.isatty():
        raise UsageError("'-' reads notes from standard input, and a terminal gives none; pipe them in.")
    return Notes((document_from_bytes(sys.stdin.buffer.read(), "notes.md", "standard input"),), "notes")
