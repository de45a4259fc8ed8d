"""`kcreate prompts`: what the language model is asked, and a copy of it to change for a course."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ..core.errors import UsageError
from .console import result, result_json, say, table

if TYPE_CHECKING:
    from ..core.notes.language import Language as Words

app = typer.Typer(help="See what the language model is asked, and change it for a course.", no_args_is_help=True)

Language = Annotated[
    str | None,
    typer.Option(help="en or zh. [default: the course's]", metavar="LANGUAGE", show_default=False),
]
Course = Annotated[
    Path | None, typer.Option("--course", help="A course folder, whose own templates win.", show_default=False)
]


@app.command("list")
def list_(
    course: Annotated[
        Path | None, typer.Argument(help="A course folder.", metavar="[COURSE]", show_default=False)
    ] = None,
    language: Language = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object on stdout.")] = False,
) -> None:
    """The prompts: name, language, purpose, and whether the course has its own."""
    from ..core.drafting.prompting import INPUTS, Prompts

    found = [Prompts(one, course)[name] for one in _languages(language, course) for name in INPUTS]
    if as_json:
        prompts = [
            {
                "name": one.name,
                "language": one.language,
                "purpose": str(one.header.get("purpose", "")),
                "own": one.path.as_posix() if one.path else None,
            }
            for one in found
        ]
        result_json({"prompts": prompts})
        return
    rows = [
        (one.name, one.language, "the course's" if one.path else "kcreate's", str(one.header.get("purpose", "")))
        for one in found
    ]
    table(("name", "language", "whose", "purpose"), rows)


@app.command()
def show(
    name: Annotated[str, typer.Argument(help="A name that 'kcreate prompts list' lists.", show_default=False)],
    language: Language = None,
    course: Course = None,
) -> None:
    """A template as it is: what the model is asked, before a lesson's text is put in."""
    from ..core.drafting.prompting import Prompts, named

    result(Prompts(_languages(language, course)[0], course)[named(name)].source.rstrip("\n"))


@app.command()
def eject(
    out: Annotated[
        Path, typer.Option("--out", "-o", help="The course folder; its prompts/ gets the copies.", show_default=False)
    ],
    names: Annotated[
        list[str] | None, typer.Argument(help="Which ones. [default: all]", metavar="[NAME…]", show_default=False)
    ] = None,
    language: Language = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite templates that are there.")] = False,
) -> None:
    """Copy templates into COURSE/prompts/, where you can change them; they are used from then on."""
    from ..core.drafting.prompting import eject, named

    chosen = [named(name) for name in names or ()]
    written, kept = eject(out, _languages(language, out), chosen, force)
    for path in written:
        result(str(path))
    if kept:
        say(f"Left as they are: {', '.join(str(path) for path in kept)}; --force overwrites them.")


def _languages(language: str | None, course: Path | None) -> "list[Words]":
    """The language asked for, else the course's, else both; a folder that is no course is refused."""
    from ..core.course.folder import COURSE_FILE, read_course_file
    from ..core.journal import is_course

    if course is not None and not is_course(course):
        raise UsageError(f"{course} is no course; make one first with 'kcreate draft' or 'kcreate notes add'.")
    both: tuple[Words, ...] = ("en", "zh")
    if language is not None:
        if language not in both:
            raise UsageError(f"--language {language}: prompts are in en or zh.")
        return [one for one in both if one == language]
    if course is not None and (course / COURSE_FILE).is_file():
        return [read_course_file(course / COURSE_FILE).words]
    return list(both)
