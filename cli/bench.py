"""`kcreate bench`: how fast a model writes on this machine, and how fast other engines are in turn with it."""

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from ..core.errors import UsageError
from .console import progress, result, result_json

if TYPE_CHECKING:
    from ..core.benchmark.report import Table


def bench(
    model: Annotated[
        str, typer.Option(help="A name, a folder, a .gguf file or a Hugging Face id.", envvar="KCREATE_MODEL")
    ] = "smollm2-135m",
    device: Annotated[str, typer.Option(help="auto, cpu, cuda, cuda:N or mps.", envvar="KCREATE_DEVICE")] = "auto",
    quantize: Annotated[
        str, typer.Option(help="How kcreate stores weights: auto, none, int8 or int4.", envvar="KCREATE_QUANTIZE")
    ] = "auto",
    random: Annotated[
        str | None,
        typer.Option(
            metavar="SHAPE", help="Random weights of a known shape instead of a model: llama-3.1-8b, qwen2.5-1.5b, …"
        ),
    ] = None,
    rows: Annotated[str, typer.Option(help="How many sequences to decode together, a list.")] = "1,4,16",
    against: Annotated[
        str, typer.Option(metavar="ENGINES", help="Measure these in turn with kcreate: transformers, llama-cpp.")
    ] = "",
    threads: Annotated[int, typer.Option(help="CPU threads of each engine; 0 takes every core.")] = 0,
    rounds: Annotated[int, typer.Option(help="How often the engines take their turns.")] = 5,
    new_tokens: Annotated[int, typer.Option(help="Tokens that each sequence gets.")] = 48,
    prompt_tokens: Annotated[int, typer.Option(help="Length of the prompt whose prefill is measured.")] = 1500,
    context: Annotated[int, typer.Option(help="Length of the prompts that are decoded; 0 takes a short question.")] = 0,
    llama_python: Annotated[
        str,
        typer.Option(
            metavar="PATH",
            help="The Python that has llama-cpp-python, where it is not this one.",
            envvar="KCREATE_BENCH_LLAMA_PYTHON",
        ),
    ] = "",
    compiled: Annotated[
        bool,
        typer.Option(
            "--compile/--no-compile", help="On a CPU, compile kcreate's programs first (once, about a minute)."
        ),
    ] = True,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object on stdout.")] = False,
    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", help="Warnings and errors only.", envvar="KCREATE_QUIET")
    ] = False,
) -> None:
    """Measure how fast a model writes here: first token, tokens per second, prefill, memory, share of the bandwidth."""
    from ..core.benchmark.benchmark import benchmark
    from ..core.benchmark.report import as_json as all_figures
    from ..core.benchmark.report import as_table
    from ..core.benchmark.settings import Settings

    settings = Settings(
        model=model,
        device=device,
        quantize=quantize,
        random=random,
        rows=_numbers(rows),
        against=tuple(dict.fromkeys(name.strip() for name in against.split(",") if name.strip())),
        threads=threads,
        rounds=rounds,
        new_tokens=new_tokens,
        prompt_tokens=prompt_tokens,
        context=context,
        llama_python=llama_python,
        compiled=compiled,
    )
    with progress(quiet) as show:
        done = benchmark(settings, show)
    if as_json:
        result_json(all_figures(done))
    else:
        _draw(as_table(done))


def _numbers(rows: str) -> tuple[int, ...]:
    try:
        return tuple(sorted({int(number) for number in rows.split(",")}))
    except ValueError:
        raise UsageError(f"--rows {rows} is no list of numbers; give one like 1,4,16.") from None


def _draw(table: "Table") -> None:
    """Lines above, an aligned table, lines below; bold on a terminal only, and never a cell cut or wrapped."""
    from rich.console import Console
    from rich.table import Table as Grid
    from rich.text import Text

    grid = Grid(box=None, header_style="bold", pad_edge=False, padding=(0, 2, 0, 0))
    for place, title in enumerate(table.header):
        grid.add_column(Text(title), justify="right" if place else "left", no_wrap=True)
    for row in table.rows:
        grid.add_row(*(Text(cell) for cell in row))
    for line in table.above:
        result(line)
    result("")
    console = Console(file=sys.stdout, width=10_000)
    with console.capture() as drawn:
        console.print(grid)
    result("\n".join(line.rstrip() for line in drawn.get().splitlines()))
    result("")
    for line in table.below:
        result(line)
