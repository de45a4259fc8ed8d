"""`kcreate finetune`: an adapter that has learned the author's voice from notes."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from .console import progress, result, result_json


def finetune(
    notes: Annotated[
        Path,
        typer.Argument(help="Folder or file with your notes.", metavar="NOTES", show_default=False, readable=False),
    ],
    out: Annotated[
        Path,
        typer.Option(
            "--out",
            "-o",
            envvar="KCREATE_FINETUNE_OUT",
            help="Folder for the adapter: new, or one trained before.",
            show_default=False,
        ),
    ],
    model: Annotated[
        str,
        typer.Option("--model", envvar="KCREATE_MODEL", help="A name, a folder, a .gguf file or a Hugging Face id."),
    ] = "smollm2-135m",
    minutes: Annotated[
        float, typer.Option("--minutes", envvar="KCREATE_MINUTES", help="Time it may take in all; 0: no limit.")
    ] = 10.0,
    epochs: Annotated[
        float, typer.Option("--epochs", envvar="KCREATE_EPOCHS", help="Passes over the notes at most.")
    ] = 2.0,
    rank: Annotated[
        int, typer.Option("--rank", envvar="KCREATE_RANK", help="Size of the adapter: more learns and memorises more.")
    ] = 16,
    learning_rate: Annotated[
        float, typer.Option("--learning-rate", envvar="KCREATE_LEARNING_RATE", help="The highest step size.")
    ] = 1e-3,
    seed: Annotated[
        int, typer.Option("--seed", envvar="KCREATE_SEED", help="Chooses the notes held out and the order of the rest.")
    ] = 0,
    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", envvar="KCREATE_QUIET", help="Warnings and errors only.")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Learn the author's voice from NOTES, for 'kcreate draft --adapter'.

    About a tenth of the notes is held out; what each of its bytes costs to predict, before and after, is printed.
    Stopped at any moment, the same command goes on from there.
    """
    from ..core.training.finetune import finetune as train

    with progress(quiet) as callback:
        done = train(
            notes,
            out,
            model,
            minutes=minutes or None,
            epochs=epochs,
            rank=rank,
            learning_rate=learning_rate,
            seed=seed,
            progress=callback,
        )
    if json:
        result_json({**asdict(done), "adapter": str(done.adapter), "improved": done.improved})
        return
    before, after = done.bits_per_byte_before, done.bits_per_byte_after
    result(
        f"{done.adapter}: held-out notes {before:.3f} → {after:.3f} bits per byte ({after / before - 1:+.1%}), "
        f"held out: {', '.join(done.held_out_documents)}"
    )
