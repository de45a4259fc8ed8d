"""Where a model runs and in which numbers, and what running out of memory there is called."""

from collections.abc import Iterator
from contextlib import contextmanager

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


def choose_dtype(quantize: str, device: torch.device) -> torch.dtype:
    """The numbers a model is computed in: bfloat16 on CUDA, float32 elsewhere.

    Raises:
        UsageError: `quantize` asks for what is not there.
    """
    if quantize not in ("auto", "none"):
        raise UsageError(f"--quantize {quantize} is not available in this version; give auto or none.")
    return torch.bfloat16 if device.type == "cuda" else torch.float32


@contextmanager
def memory_named(what: str) -> Iterator[None]:
    """Turn every way in which torch says that memory ran out into one error; `what` was being done.

    Raises:
        OutOfMemoryError: it ran out.
    """
    try:
        yield
    except (torch.OutOfMemoryError, MemoryError) as error:
        raise _out_of_memory(what) from error
    except RuntimeError as error:
        if "not enough memory" in str(error) or "can't allocate memory" in str(error):
            raise _out_of_memory(what) from error
        raise


def _out_of_memory(what: str) -> OutOfMemoryError:
    return OutOfMemoryError(f"Memory ran out while {what}; take a smaller model, shorter prompts or --device cpu.")
