"""`kcreate export`: a course folder into the formats it is read, sold or taught in."""

import os
from pathlib import Path
from typing import Annotated, Any

import typer

from . import console


def export(
    course: Annotated[Path, typer.Argument(help="The course folder.", metavar="COURSE", readable=False)],
    to: Annotated[
        list[str] | None,
        typer.Option("--to", help="Formats: markdown, html; several with commas or by repeating. [default: html]"),
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="The folder they are written into. [default: dist]")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object on stdout.")] = False,
    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", envvar="KCREATE_QUIET", help="Warnings and errors only.")
    ] = False,
) -> None:
    """Pack a course: a Markdown bundle, a site that works offline.

    KCREATE_EXPORT_TO and KCREATE_EXPORT_OUT, then `export: {to: [...], out: ...}` in course.yaml, stand in for the
    options.
    """
    from ..core.course.folder import load_course
    from ..core.export.export import export_course

    loaded = load_course(course)
    settings = (loaded.about.model_extra or {}).get("export")
    settings = settings if isinstance(settings, dict) else {}
    formats = to or _names(os.environ.get("KCREATE_EXPORT_TO")) or _names(settings.get("to")) or ["html"]
    target = out or Path(os.environ.get("KCREATE_EXPORT_OUT") or str(settings.get("out") or "dist"))
    with console.progress(quiet) as progress:
        written = export_course(loaded, _names(formats), target, progress)
    if as_json:
        console.result_json({"course": str(course), "written": {name: str(path) for name, path in written.items()}})
    else:
        for path in written.values():
            console.result(str(path))


def _names(value: Any) -> list[str]:
    """Format names out of 'markdown,html', a list of such, or nothing."""
    if isinstance(value, str):
        return [name.strip() for name in value.split(",") if name.strip()]
    return [name for one in value for name in _names(one)] if isinstance(value, list) else []
