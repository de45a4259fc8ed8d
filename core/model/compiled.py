"""An int8 model that runs through compiled programs: looking for them on disk, and the modules that call them.

A token's step through a small model on a CPU is as much a matter of starting operations as of arithmetic. Torch's
ahead-of-time compiler joins norm, rounding, products, rotation and activation into machine code (`programs.py`), which
`kcreate models compile` makes and keeps (`compiling.py`). Without it the same functions run as they are.
"""

import hashlib
import json
import platform
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any, cast

import torch
from torch import Tensor, nn

from ..storage import cache_folder
from .attention import Sight, attend
from .kv import KeyValues
from .programs import FORMAT, NAMES, Arguments, block_arguments, layer_arguments
from .transformer import Block, Transformer

LIST = "programs.json"
"""What a folder of programs was compiled for, and the SHA-256 of each."""

Program = Callable[..., list[Tensor]]


class CompiledBlock(nn.Module):
    """A block of an int8 transformer that runs through compiled programs; takes the place of a `Block`."""

    def __init__(self, block: Block, programs: dict[str, Program]) -> None:
        super().__init__()
        self.block, self.programs = block, programs
        self.index, self.head_dim = block.self_attn.index, block.self_attn.head_dim
        self._before, self._after = (_tensors(each) for each in block_arguments(block, 2))
        self._one = [tensor for each in block_arguments(block, 1) for tensor in _tensors(each)]
        self._many = [*self._before, *self._after]

    def forward(self, hidden: Tensor, angles: tuple[Tensor, Tensor], sight: Sight, cache: KeyValues | None) -> Tensor:
        """As `Block.forward`."""
        batch, length, width = hidden.shape
        if length == 1 and cache is not None:
            name, weights = ("step-one", self._one) if batch == 1 else ("step-many", self._many)
            buffers = cache.buffers(self.index)
            return self.programs[name](hidden, *angles, *buffers, sight.positions, sight.bias, *weights)[0]
        tokens = batch * length
        if tokens == 1:
            return cast(Tensor, self.block(hidden, angles, sight, cache))
        turns = (each.expand(batch, -1, -1, -1).reshape(tokens, -1) for each in angles)
        stream = hidden.reshape(tokens, width)
        found = self.programs["before"](stream, *turns, *self._before)
        queries, keys, values = (each.view(batch, length, -1, self.head_dim).transpose(1, 2) for each in found)
        if cache is not None:
            keys, values = cache.update(self.index, keys, values)
        mixed = attend(queries, keys, values, sight).transpose(1, 2).reshape(tokens, -1)
        return self.programs["after"](stream, mixed, *self._after)[0].view(batch, length, width)


class CompiledHead(nn.Module):
    """An int8 head that computes the logits of several tokens through a compiled program."""

    def __init__(self, head: nn.Module, program: Program) -> None:
        super().__init__()
        self.head, self.program = head, program
        self._many = _tensors(layer_arguments(head, 2))

    def forward(self, hidden: Tensor) -> Tensor:
        """(..., width) to (..., vocab_size)."""
        tokens = hidden.reshape(-1, hidden.shape[-1])
        if len(tokens) < 2:
            return cast(Tensor, self.head(hidden))
        return self.program(tokens, *self._many)[0].view(*hidden.shape[:-1], -1)


def _tensors(arguments: Arguments) -> list[Tensor]:
    """A program takes tensors alone; what is None was left out when it was compiled."""
    return [each for each in arguments if each is not None]


def is_compiled(transformer: Transformer) -> bool:
    """Whether `use_compiled` found programs for the transformer."""
    return isinstance(transformer.lm_head, CompiledHead)


def use_compiled(transformer: Transformer) -> bool:
    """Run an int8 transformer through the programs that were compiled for its shape; False where there are none.

    Programs are shared libraries that this user compiled, trusted as any program in his or her cache. They are taken
    only as they were written: for this shape, torch and processor, whole, and with the sums that were noted. Loading
    one links it into the process; it unpickles nothing and needs no compiler.
    """
    programs = _load(program_folder(transformer), program_facts(transformer))
    if programs is None:
        return False
    for place, block in enumerate(transformer.layers):
        transformer.layers[place] = CompiledBlock(cast(Block, block), programs)
    transformer.lm_head = CompiledHead(cast(nn.Module, transformer.lm_head), programs["head"])
    return True


def _load(folder: Path, facts: dict[str, Any]) -> dict[str, Program] | None:
    """The programs in a folder; None where one of them is missing, damaged or made for something else."""
    try:
        known = json.loads((folder / LIST).read_text(encoding="utf-8"))
        if known["facts"] != facts or known["sums"] != {name: file_sum(folder, name) for name in NAMES}:
            return None
        return {name: _program(program_path(folder, name)) for name in NAMES}
    except (OSError, ValueError, KeyError, TypeError, RuntimeError):
        return None


def _program(path: Path) -> Program:
    # torch._inductor.aoti_load_package would do, but imports the compiler, which takes two seconds, unpickles models
    # that a package may hold beside the library, and reads the shape of the arguments again at every call.
    loader = torch._C._aoti.AOTIModelPackageLoader(str(path), "model", False, 1, -1)

    def run(*tensors: Tensor) -> list[Tensor]:
        return loader.boxed_run(list(tensors))

    return run


def program_path(folder: Path, name: str) -> Path:
    """The file of a program."""
    return folder / f"{name}.pt2"


def file_sum(folder: Path, name: str) -> str:
    """SHA-256 of a program's file."""
    return hashlib.sha256(program_path(folder, name).read_bytes()).hexdigest()


def program_folder(transformer: Transformer) -> Path:
    """Where the programs for this shape, torch and processor are kept; may be deleted at any time."""
    facts = json.dumps(program_facts(transformer), sort_keys=True)
    return cache_folder() / "compiled" / hashlib.sha256(facts.encode()).hexdigest()[:16]


def program_facts(transformer: Transformer) -> dict[str, Any]:
    """All that a program depends on: other facts, other programs."""
    block = next(each for each in (getattr(layer, "block", layer) for layer in transformer.layers))
    head = getattr(transformer.lm_head, "head", transformer.lm_head)
    spec = asdict(transformer.spec)
    for unused in ("family", "layers", "max_length", "rope", "window", "tied"):
        del spec[unused]
    before, after = block_arguments(cast(Block, block), 2)
    weights = (*before, *after, *layer_arguments(head, 2))
    return {
        "format": FORMAT,
        "torch": torch.__version__,
        "processor": _processor(),
        "threads": torch.get_num_threads(),
        "cache": str(transformer.cache_dtype),
        "spec": spec,
        "weights": [None if each is None else [str(each.dtype), *each.shape] for each in weights],
    }


def _processor() -> str:
    """The processor and what it can do: programs are compiled for just that."""
    named = [platform.system(), platform.machine(), torch.backends.cpu.get_cpu_capability()]
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        lines = [platform.processor()]
    named += sorted({line for line in lines if line.split("\t")[0] in ("model name", "flags", "Features", "CPU part")})
    return hashlib.sha256("\n".join(named).encode()).hexdigest()[:16]
