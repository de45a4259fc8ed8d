"""The base model that an adapter is trained on: on its device, told apart from others, and how it marks documents."""

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import torch

from ..errors import ModelUnavailableError, OutOfMemoryError, UsageError
from ..model.checkpoint import Checkpoint, load_checkpoint
from ..model.locate import locate
from ..progress import Event, Progress
from .data import Marks


def load_base(model: str, device: str, progress: Progress) -> tuple[Checkpoint, Any]:
    """The base model on its device, and the accelerator: float32 on a CPU, bfloat16 with float32 adapters on CUDA."""
    if model.startswith("openai:"):
        raise UsageError(f"--model {model} is on a server and cannot be trained from here; give a local one.")
    progress(Event("loading the model"))
    from accelerate import Accelerator

    path = locate(model, progress)
    if device == "cuda" and not torch.cuda.is_available():
        raise UsageError("There is no CUDA device on this machine; leave the device at auto or give cpu.")
    cuda = device != "cpu" and torch.cuda.is_available()
    accelerator = Accelerator(cpu=not cuda, mixed_precision="bf16" if cuda else "no")
    if accelerator.num_processes > 1:
        raise UsageError("finetune trains in one process; start it without 'accelerate launch' or torchrun.")
    dtype = torch.bfloat16 if cuda else torch.float32
    return load_checkpoint(path, dtype, accelerator.device), accelerator


def marks_of(checkpoint: Checkpoint) -> Marks:
    """What stands around a document: what ended texts in the first training where that is known, never a turn's end."""
    control = checkpoint.tokenizer.control_tokens
    candidates = ["<|endoftext|>", "<|end_of_text|>", checkpoint.special_tokens.get("eos_token")]
    ends = [control[token] for token in candidates if token in control]
    if not ends and not checkpoint.prefix_ids:
        raise ModelUnavailableError(f"{checkpoint.name} has no token that ends a text; take another model.")
    end = ends[0] if ends else checkpoint.prefix_ids[-1]
    return Marks(start=checkpoint.prefix_ids[-1] if checkpoint.prefix_ids else end, end=end)


def weights_digest(checkpoint: Checkpoint) -> str:
    """A fingerprint of the base model: every parameter's name, shape and first values."""
    return text_digest(
        f"{name} {tuple(parameter.shape)} {parameter.detach().flatten()[:64].tolist()}"
        for name, parameter in checkpoint.transformer.named_parameters()
    )


def text_digest(parts: Iterable[str]) -> str:
    """SHA-256 of the parts, one after the other."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part.encode("utf-8"))
    return digest.hexdigest()


@contextmanager
def memory_errors(model: str) -> Iterator[None]:
    """torch's ways of saying that memory ran out, as the one error of ours."""
    try:
        yield
    except (MemoryError, RuntimeError) as error:
        words = str(error).lower()
        if isinstance(error, MemoryError) or "out of memory" in words or "can't allocate memory" in words:
            raise OutOfMemoryError(
                f"Memory does not suffice to train {model}; close other programs or take a smaller model."
            ) from error
        raise
