"""Compiling the programs of an int8 model into the user's cache: takes a C++ compiler and about a minute, once."""

import json
import logging
import os
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

import torch
from torch import nn

from ..errors import KcreateError
from ..progress import Event, Progress, silent
from ..storage import write_text
from .checkpoint import load_checkpoint
from .compiled import LIST, file_sum, is_compiled, program_facts, program_folder, program_path
from .int8 import products_are_exact
from .locate import locate
from .programs import MOST, NAMES, After, Arguments, Before, Head, Step, block_arguments, layer_arguments
from .quantisation import quantise
from .transformer import Block, Transformer

_PART = ".part-"
_OPTIONS = {"aot_inductor.precompile_headers": False, "cpp_cache_precompile_headers": False}
"""Headers compiled ahead take 300 MB outside any folder one can name, and save nothing over so few programs."""


def compile_model(name: str, progress: Progress = silent) -> tuple[Path, bool]:
    """Compile what a model needs to run fast on this machine's CPU, unless that was done before.

    Returns:
        The folder that holds the programs, and whether they were made just now.

    Raises:
        ModelUnavailableError: the model is not here and cannot be fetched, or cannot be loaded.
        KcreateError: there is no working C++ compiler, or the cache cannot be written.
    """
    if not products_are_exact():
        raise KcreateError(
            "This processor cannot compute in int8, so there is nothing to compile; models run in float."
        )
    checkpoint = load_checkpoint(locate(name, progress))
    quantise(checkpoint, "int8")
    transformer = checkpoint.transformer
    if is_compiled(transformer):
        return program_folder(transformer), False
    return compile_programs(transformer, progress), True


def compile_programs(transformer: Transformer, progress: Progress = silent) -> Path:
    """Compile the programs for the shape of an int8 transformer, all or none of them.

    Returns:
        The folder that holds them.

    Raises:
        KcreateError: as `compile_model`.
    """
    folder = program_folder(transformer)
    with _new_folder(folder) as made, _quiet_compiler(made):
        _find_compiler()
        for done, name in enumerate(NAMES):
            progress(Event("compiling", done, len(NAMES)))
            _compile(transformer, name, program_path(made, name))
        sums = {name: file_sum(made, name) for name in NAMES}
        write_text(made / LIST, json.dumps({"facts": program_facts(transformer), "sums": sums}, indent=1) + "\n")
    progress(Event("compiling", len(NAMES), len(NAMES)))
    return folder


def _find_compiler() -> None:
    from torch._inductor.cpp_builder import get_cpp_compiler

    try:
        get_cpp_compiler()
    except Exception as error:
        raise KcreateError(
            "Compiling takes a C++ compiler, and none is to be found; install g++ (Linux) or the command line tools "
            "(macOS), name one in CXX, or go on without: compiled models are faster, not different."
        ) from error


def _compile(transformer: Transformer, name: str, path: Path) -> None:
    program, arguments, shapes = _example(transformer, name)
    try:
        with torch.no_grad():
            exported = torch.export.export(program, arguments, dynamic_shapes=shapes)
        torch._inductor.aoti_compile_and_package(exported, package_path=str(path), inductor_configs=_OPTIONS)
    except Exception as error:  # whatever the compiler or torch says, running uncompiled is the way out
        reason = (str(error).strip().splitlines() or [type(error).__name__])[0][:200].rstrip(".")
        raise KcreateError(
            f"The model could not be compiled ({reason}); try another C++ compiler, named in CXX, or go on without: "
            "compiled models are faster, not different."
        ) from error


@contextmanager
def _new_folder(folder: Path) -> Iterator[Path]:
    """A folder beside `folder` that takes its place if all goes well, and is gone otherwise."""
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        made = Path(tempfile.mkdtemp(dir=folder.parent, prefix=_PART))
    except OSError as error:
        raise KcreateError(
            f"{folder.parent} cannot be written ({error.strerror}); set KCREATE_CACHE to a folder you may write to."
        ) from error
    try:
        yield made
        shutil.rmtree(folder, ignore_errors=True)
        made.replace(folder)
    finally:
        shutil.rmtree(made, ignore_errors=True)


@contextmanager
def _quiet_compiler(folder: Path) -> Iterator[None]:
    """Torch's compiler with its own files inside `folder` for the while, and without its warnings."""
    names = ("TORCHINDUCTOR_CACHE_DIR", "TRITON_CACHE_DIR")
    before = {name: os.environ.get(name) for name in names}
    logger = logging.getLogger("torch")
    level = logger.level
    work = folder / "work"
    try:
        os.environ.update(dict.fromkeys(names, str(work)))
        logger.setLevel(logging.ERROR)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logger.setLevel(level)
        shutil.rmtree(work, ignore_errors=True)
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def _example(transformer: Transformer, name: str) -> tuple[nn.Module, Arguments, Any]:
    """The program, arguments of the right shapes, and which of their sizes vary."""
    spec, block = transformer.spec, cast(Block, transformer.layers[0])
    rows, room, seen = (1 if name == "step-one" else 4), 64, 48
    before, after = block_arguments(block, rows)
    stream, angles = torch.randn(rows, spec.width), torch.randn(rows, spec.head_dim)
    tokens = torch.export.Dim("tokens", min=2, max=MOST)
    if name == "head":
        head = layer_arguments(transformer.lm_head, rows)
        return Head(), (stream, *head), _varying({0: tokens}, rest=len(head))
    if name == "before":
        arguments: Arguments = (stream, angles, angles.clone(), *before)
        return Before(spec), arguments, _varying({0: tokens}, {0: tokens}, {0: tokens}, None, rest=len(before) - 1)
    if name == "after":
        arguments = (stream, torch.randn(rows, spec.heads * spec.head_dim), *after)
        return After(spec), arguments, _varying({0: tokens}, {0: tokens}, None, rest=len(after) - 1)
    dtype = transformer.cache_dtype or torch.float32
    buffers = [torch.zeros(rows, spec.kv_heads, room, spec.head_dim, dtype=dtype) for _ in range(2)]
    slots, bias = torch.full((rows, 1), seen - 1), torch.zeros(rows, seen)
    turns = angles[:, None, None]
    arguments = (stream[:, None], turns, turns.clone(), *buffers, slots, bias, *before, *after)
    each = {} if rows == 1 else {0: tokens}
    roomy = each | {2: torch.export.Dim("room", min=2, max=MOST)}
    wide = each | {1: torch.export.Dim("seen", min=2, max=MOST)}
    shapes = _varying(each, each, each, roomy, roomy, each, wide, rest=len(before) + len(after))
    return Step(spec, len(before)), arguments, shapes


def _varying(*named: Any, rest: int) -> tuple[Any, ...]:
    """The varying sizes of named arguments, and of `rest` more that do not vary."""
    return (*named, (None,) * rest)
