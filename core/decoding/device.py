"""Where a model runs and in which numbers, and what running out of memory there is called."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal, cast

import torch

from ..errors import OutOfMemoryError, UsageError


def choose_device(device: str) -> torch.device:
    """`auto` (CUDA where there is one, else the CPU), `cpu`, `cuda`, `cuda:N` or `mps`.

    Raises:
        UsageError: the name is none of these, or this machine has no such device.
    """
    if device == "auto":
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")
    kind, _, number = device.partition(":")
    if kind not in ("cpu", "cuda", "mps") or (number and not (kind == "cuda" and number.isdecimal())):
        raise UsageError(f"--device {device} is not known; give auto, cpu, cuda, cuda:N or mps.")
    available = {"cpu": 1, "cuda": torch.cuda.device_count(), "mps": int(torch.backends.mps.is_available())}[kind]
    if int(number or 0) >= available:
        raise UsageError(f"--device {device} is not on this machine; give --device auto or cpu.")
    return torch.device(device)


Scheme = Literal["none", "int8", "int4"]


def choose_numbers(quantize: str, device: torch.device) -> tuple[torch.dtype, Scheme]:
    """What a model is computed in: the numbers of its activations, and how its weights are quantised.

    `auto` is what is fastest at next to no loss: int8 on a CPU, bfloat16 on CUDA, float32 elsewhere.

    Raises:
        UsageError: `quantize` is not known, or not to be had on this device.
    """
    if quantize not in ("auto", "none", "int8", "int4"):
        raise UsageError(f"--quantize {quantize} is not known; give auto, none, int8 or int4.")
    if device.type == "mps" and quantize in ("int8", "int4"):
        raise UsageError(f"--quantize {quantize} is not available on {device}; give auto or none, or --device cpu.")
    dtype = torch.bfloat16 if device.type == "cuda" else torch.float32
    if quantize == "auto":
        return dtype, "int8" if device.type == "cpu" else "none"
    return dtype, cast(Scheme, quantize)


@contextmanager
def memory_named(what: str, way_out: str = "a smaller model, shorter prompts or --device cpu") -> Iterator[None]:
    """Turn every way in which torch says that memory ran out into one error; `what` was being done.

    Raises:
        OutOfMemoryError: it ran out.
    """
    try:
        yield
    except (MemoryError, RuntimeError) as error:
        if not ran_out(error):
            raise
        raise OutOfMemoryError(f"Memory ran out while {what}; take {way_out}.") from error


def ran_out(error: BaseException) -> bool:
    """Whether torch, or Python, says with `error` that there is no memory left."""
    named = "not enough memory" in str(error) or "can't allocate memory" in str(error)
    return isinstance(error, torch.OutOfMemoryError | MemoryError) or (isinstance(error, RuntimeError) and named)


def free_memory() -> None:
    """Give back what torch keeps for later, so that a smaller attempt has all there is."""
    gc.collect()
    if torch.cuda.is_available():
        torch.cuda.empty_cache()
