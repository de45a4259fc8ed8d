"""The program `kcreate`: its commands, and how every failure becomes one sentence and an exit code."""

import os
import sys

import typer
from typer.exceptions import TyperException

from ..core.errors import KcreateError
from . import bench, draft, export, finetune, models, notes, prompts, review
from .console import say

app = typer.Typer(
    name="kcreate",
    help="Turn your own notes into a course, on your own machine.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("draft")(draft.draft)
app.command("finetune")(finetune.finetune)
app.command("review")(review.review)
app.command("export")(export.export)
app.command("bench")(bench.bench)
app.add_typer(notes.app, name="notes")
app.add_typer(prompts.app, name="prompts")
app.add_typer(models.app, name="models")

_STOPPED = (129, 130, 143)
"""The exit codes of SIGHUP, Ctrl-C and SIGTERM."""


@app.callback(invoke_without_command=True)
def program(version: bool = typer.Option(False, "--version", help="Show the version and stop.")) -> None:
    """Turn your own notes into a course, on your own machine."""
    if version:
        from importlib.metadata import version as installed

        print(f"kcreate {installed('kcreate')}")
        raise typer.Exit


def run(arguments: list[str]) -> int:
    """Run the command line on `arguments` and return the exit code: 0 done, 1 to 5 and above 128 as in the README."""
    try:
        code = app(args=arguments, prog_name="kcreate", standalone_mode=False)
    except (typer.Abort, KeyboardInterrupt):
        code = 130
    except SystemExit as stop:
        code = stop.code
    except TyperException as error:
        if sentence := error.format_message().rstrip("."):
            say(f"{sentence}; see 'kcreate --help'.", "error")
        return 2
    except KcreateError as error:
        return _fail(str(error), error.exit_code)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except MemoryError:
        return _fail("Memory ran out; use a smaller model or fewer notes.", 5)
    except OSError as error:
        where = error.filename if isinstance(error.filename, str) else "A file"
        return _fail(f"{where} cannot be read or written ({error.strerror or error}); mend that and run it again.", 1)
    except Exception as error:
        return _fail(f"Unexpected {type(error).__name__}: {error}; set KCREATE_DEBUG=1 for the details to report.", 1)
    if code in _STOPPED and arguments[:1] in (["draft"], ["finetune"], ["notes"]):
        say("Interrupted; what was finished is on disk, and the same command goes on from there.")
    elif code in _STOPPED:
        say("Interrupted.")
    return code if isinstance(code, int) else 0


def _fail(sentence: str, code: int) -> int:
    if os.environ.get("KCREATE_DEBUG"):
        raise
    say(sentence, "error")
    return code
