"""Compiled programs compute what the int8 model computes; they are used only whole, and never needed."""

import json
import os
import pickle
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from torch import Tensor

from kcreate.cli.app import run
from kcreate.core.decoding.cache import KVCache
from kcreate.core.errors import KcreateError
from kcreate.core.model.compiled import LIST, CompiledBlock, is_compiled, program_folder, use_compiled
from kcreate.core.model.compiling import compile_programs
from kcreate.core.model.programs import NAMES
from kcreate.core.model.quantisation import quantise_int8
from kcreate.core.model.spec import TransformerSpec
from kcreate.core.model.transformer import Transformer
from kcreate.core.progress import Event

SPEC = TransformerSpec(
    family="llama", vocab_size=96, width=64, layers=2, heads=4, kv_heads=2, head_dim=16, mlp_width=96, max_length=256,
    qkv_bias=True,
)  # fmt: skip
COMPILER = next(filter(None, map(shutil.which, (os.environ.get("CXX", "g++"), "g++", "clang++"))), None)
needs_compiler = pytest.mark.skipif(COMPILER is None, reason="compiling takes a C++ compiler")


def tiny(window: int | None = None) -> Transformer:
    torch.manual_seed(5)
    transformer = Transformer(replace(SPEC, window=window)).eval().requires_grad_(False)
    transformer.fuse()
    quantise_int8(transformer, list(range(90)))
    return transformer


@pytest.fixture(scope="module")
def compiled_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A cache with programs for the tiny shape; the only place where the suite compiles."""
    folder, temporary = tmp_path_factory.mktemp("cache"), tmp_path_factory.mktemp("tmp")
    events: list[Event] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KCREATE_CACHE", str(folder))
        patch.setenv("TMPDIR", str(temporary))
        patch.delenv("TORCHINDUCTOR_CACHE_DIR", raising=False)
        patch.setattr(tempfile, "tempdir", str(temporary))
        made = compile_programs(tiny(), events.append)
        assert "TORCHINDUCTOR_CACHE_DIR" not in os.environ
    assert sorted(path.name for path in made.iterdir()) == sorted([LIST, *(f"{name}.pt2" for name in NAMES)])
    assert [path.name for path in made.parent.iterdir()] == [made.name]
    assert not [path for path in temporary.iterdir() if "inductor" in path.name]
    assert [(event.done, event.total) for event in events] == [(done, len(NAMES)) for done in range(len(NAMES) + 1)]
    yield folder


@pytest.fixture
def own_cache(compiled_cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of it that a test may damage; returns the folder of the programs."""
    shutil.copytree(compiled_cache, tmp_path / "cache")
    monkeypatch.setenv("KCREATE_CACHE", str(tmp_path / "cache"))
    return program_folder(tiny())


def logits(transformer: Transformer, forwards: list[Tensor], lengths: list[int], known: int = 0) -> Tensor:
    """The logits of several forwards through one cache whose rows begin with `lengths` random positions."""
    torch.manual_seed(9)
    dtype = transformer.cache_dtype or torch.float32
    cache = KVCache.empty(transformer.spec, len(lengths), dtype, room=max(lengths) + 40)
    if max(lengths):
        prompts = torch.randint(0, 90, (len(lengths), max(lengths)))
        transformer(prompts, cache, torch.tensor(lengths))
    with torch.inference_mode():
        return torch.cat([transformer.logits(transformer(ids, cache)) for ids in forwards], dim=1)


CASES = {
    "one row, token by token": ([torch.tensor([[token]]) for token in range(7)], [5]),
    "one row from nothing": ([torch.tensor([[token]]) for token in range(3)], [0]),
    "three unequal rows": ([torch.tensor([[1], [2], [3]]) + step for step in range(6)], [3, 30, 11]),
    "three equal rows": ([torch.tensor([[1], [2], [3]]) + step for step in range(3)], [8, 8, 8]),
    "a prompt in pieces": ([torch.arange(20)[None], torch.arange(13)[None], torch.arange(2)[None]], [0]),
    "unequal rows in pieces": ([torch.arange(24).view(3, 8), torch.arange(9).view(3, 3)], [4, 12, 7]),
}


@needs_compiler
@pytest.mark.parametrize("window", [None, 8])
@pytest.mark.parametrize("case", CASES)
def test_compiled_programs_give_the_logits_of_the_int8_model(
    compiled_cache: Path, monkeypatch: pytest.MonkeyPatch, case: str, window: int | None
) -> None:
    monkeypatch.setenv("KCREATE_CACHE", str(compiled_cache))
    plain, compiled = tiny(window), tiny(window)
    assert use_compiled(compiled)
    assert is_compiled(compiled)
    assert all(isinstance(layer, CompiledBlock) for layer in compiled.layers)
    wanted, found = logits(plain, *CASES[case]), logits(compiled, *CASES[case])
    # Sums in another order may round an activation to the next of its 255 steps: seldom, and by so much.
    difference = (found - wanted).abs()
    assert float(difference.median()) < 1e-3 * float(wanted.std())
    assert float(difference.max()) < 0.05 * float(wanted.std())


@needs_compiler
def test_training_forwards_and_single_tokens_work_compiled(own_cache: Path) -> None:
    plain, compiled = tiny(), tiny()
    assert use_compiled(compiled)
    with torch.inference_mode():
        for ids in (torch.tensor([[7]]), torch.arange(30).view(2, 15)):
            wanted, found = (each.logits(each(ids)) for each in (plain, compiled))
            assert float((found - wanted).abs().max()) < 0.05 * float(wanted.std())


@needs_compiler
def test_loading_unpickles_nothing_and_needs_no_compiler(own_cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*arguments: object, **options: object) -> None:
        raise AssertionError("unpickled or compiled")

    for module, name in ((pickle, "load"), (pickle, "loads"), (pickle, "Unpickler"), (torch, "load")):
        monkeypatch.setattr(module, name, refuse)
    monkeypatch.setattr(subprocess, "Popen", refuse)
    monkeypatch.setenv("PATH", "")
    assert use_compiled(tiny())


@needs_compiler
@pytest.mark.parametrize("damage", ["cut", "changed", "missing", "no list", "other facts", "broken list"])
def test_what_is_damaged_or_foreign_is_not_used(own_cache: Path, damage: str) -> None:
    program, listed = own_cache / "before.pt2", own_cache / LIST
    data = program.read_bytes()
    if damage == "cut":
        program.write_bytes(data[: len(data) // 2])
    elif damage == "changed":
        program.write_bytes(data[:5000] + bytes([data[5000] ^ 1]) + data[5001:])
    elif damage == "missing":
        program.unlink()
    elif damage == "no list":
        listed.unlink()
    elif damage == "broken list":
        listed.write_text('{"facts": [], "sums": 3}', encoding="utf-8")
    else:
        found = json.loads(listed.read_text(encoding="utf-8"))
        found["facts"]["threads"] += 1
        listed.write_text(json.dumps(found), encoding="utf-8")
    transformer = tiny()
    assert not use_compiled(transformer)
    assert not is_compiled(transformer)


def test_another_torch_shape_processor_or_number_of_threads_has_programs_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KCREATE_CACHE", str(tmp_path))
    transformer = tiny()
    folders = {program_folder(transformer)}
    assert program_folder(tiny(window=8)) in folders
    with monkeypatch.context() as patch:
        patch.setattr(torch, "__version__", "9.9")
        folders.add(program_folder(transformer))
    with monkeypatch.context() as patch:
        patch.setattr(torch, "get_num_threads", lambda: 99)
        folders.add(program_folder(transformer))
    with monkeypatch.context() as patch:
        patch.setattr("kcreate.core.model.compiled._processor", lambda: "another")
        folders.add(program_folder(transformer))
    transformer.spec = replace(SPEC, norm_eps=1e-6)
    folders.add(program_folder(transformer))
    assert len(folders) == 5
    assert not use_compiled(transformer)


@pytest.mark.parametrize("end", [KeyboardInterrupt, SystemExit])
def test_compiling_that_is_stopped_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, end: type[BaseException]
) -> None:
    monkeypatch.setenv("KCREATE_CACHE", str(tmp_path))
    monkeypatch.setattr("kcreate.core.model.compiling._find_compiler", lambda: None)

    def stop(*arguments: object) -> None:
        raise end

    monkeypatch.setattr("kcreate.core.model.compiling._compile", stop)
    transformer = tiny()
    with pytest.raises(end):
        compile_programs(transformer)
    assert list((tmp_path / "compiled").iterdir()) == []
    assert not use_compiled(transformer)


def test_a_compiler_that_fails_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KCREATE_CACHE", str(tmp_path))
    monkeypatch.setattr("kcreate.core.model.compiling._find_compiler", lambda: None)

    def fail(*arguments: object, **options: object) -> None:
        raise RuntimeError("cc1plus: out of memory.\nand much more")

    monkeypatch.setattr(torch.export, "export", fail)
    with pytest.raises(KcreateError, match=r"could not be compiled \(cc1plus: out of memory\); try another") as caught:
        compile_programs(tiny())
    assert "\n" not in str(caught.value)


def test_without_a_compiler_the_command_says_so(tiny_llama: Path, tmp_path: Path) -> None:
    environment = os.environ | {"CXX": str(tmp_path / "none"), "PATH": "", "KCREATE_CACHE": str(tmp_path)}
    command = [sys.executable, "-m", "kcreate.cli", "models", "compile", str(tiny_llama)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    assert done.returncode == 1
    assert "install g++" in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""
    assert list((tmp_path / "compiled").iterdir()) == []


def test_compiling_a_model_that_is_not_local_is_a_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["models", "compile", "openai:gpt"]) == 2
    assert "openai:gpt" in capsys.readouterr().err
