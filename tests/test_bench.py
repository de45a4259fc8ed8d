"""`kcreate bench`: engines in processes of their own take turns, and their samples become ratios and a table."""

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from kcreate.cli.app import run
from kcreate.cli.bench import _draw
from kcreate.core.benchmark import benchmark as benchmark_module
from kcreate.core.benchmark.benchmark import benchmark
from kcreate.core.benchmark.figures import Sample, ratio
from kcreate.core.benchmark.machine import busy
from kcreate.core.benchmark.peers import environment
from kcreate.core.benchmark.report import as_json, as_table
from kcreate.core.benchmark.settings import Settings
from kcreate.core.benchmark.shapes import SHAPES, hugging_face_config, random_model
from kcreate.core.benchmark.worker import Worker
from kcreate.core.errors import KcreateError, OutOfMemoryError, UsageError
from kcreate.core.model.spec import TransformerSpec
from kcreate.core.model.transformer import Transformer

SERVE = str(Path(benchmark_module.__file__).with_name("serve.py"))
FAKE = """
import os, sys, time

class Engine:
    def load(self, **told):
        print("a library talks on standard output")
        return {"seconds": 1.0, "version": "9", "weights": "int8", "weight_bytes": 1000, "kv_bytes": 10,
                "device": "cpu", "vocab_size": 50, "max_length": 4096, "speculates": True}
    def encode(self, chat):
        return {"ids": list(range(1, 21))}
    def prefill(self, ids):
        return self._work(len(ids))
    def decode(self, ids, rows, new_tokens, speculate=False):
        return self._work(rows * new_tokens * (3 if speculate else 1))
    def copy(self):
        return {"seconds": 0.5, "bytes": 2_000_000}
    def sleep(self):
        time.sleep(60)
    def fall(self):
        print("the disk is on fire", file=sys.stderr, flush=True)
        os._exit(3)
    def exhaust(self):
        raise MemoryError("32 rows")
    def _work(self, tokens):
        with open("LOG", "a") as log:
            log.write("begin PACE\\n")
        time.sleep(0.01)
        with open("LOG", "a") as log:
            log.write("end PACE\\n")
        return {"seconds": PACE, "tokens": tokens}
"""


def fake_engine(folder: Path, pace: float) -> list[str]:
    """The command of an engine for which each task takes `pace` seconds by its own account."""
    file = folder / f"engine-{pace}.py"
    file.write_text(FAKE.replace("LOG", str(folder / "log")).replace("PACE", str(pace)), encoding="utf-8")
    return [sys.executable, SERVE, str(file)]


def fake_worker(folder: Path) -> Worker:
    return Worker("fake", fake_engine(folder, 1.0), environment(1, own=False))


def test_a_worker_answers_and_says_what_memory_it_took(tmp_path: Path) -> None:
    with fake_worker(tmp_path) as worker:
        assert worker.ask("load", device="cpu")["version"] == "9"
        assert worker.ask("prefill", ids=[1, 2, 3]) == {"seconds": 1.0, "tokens": 3}
        assert worker.ask("exit")["peak_bytes"] > 2**20


def test_a_worker_that_fails_is_one_sentence(tmp_path: Path) -> None:
    with fake_worker(tmp_path) as worker:
        with pytest.raises(OutOfMemoryError, match="fake failed: MemoryError: 32 rows"):
            worker.ask("exhaust")
        with pytest.raises(KcreateError, match=r"fake ended during 'fall': the disk is on fire$"):
            worker.ask("fall")


def test_an_interruption_ends_a_worker_at_work(tmp_path: Path) -> None:
    start = time.monotonic()
    with pytest.raises(KeyboardInterrupt), fake_worker(tmp_path) as worker:
        process = worker._process
        assert process.stdin is not None
        process.stdin.write('{"task": "sleep"}\n')
        process.stdin.flush()
        raise KeyboardInterrupt
    assert process.returncode is not None and time.monotonic() - start < 30


def test_a_ratio_is_taken_within_each_round() -> None:
    own = [Sample(1.0, 100), Sample(2.0, 100), Sample(1.0, 100)]
    peer = [Sample(2.0, 100), Sample(4.0, 100), Sample(5.0, 100)]
    found = ratio(own, peer)
    assert (found.median, found.least, found.most) == (2.0, 2.0, 5.0) and found.rounds == (2.0, 2.0, 5.0)
    assert ratio([Sample(1.0, 160)], [Sample(1.0, 40)]).median == 4.0
    with pytest.raises(ValueError):
        ratio(own, peer[:2])


@pytest.fixture
def measured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A benchmark of two fake engines: kcreate takes 0.5 s for whatever it does, transformers 2 s."""
    monkeypatch.setattr(benchmark_module, "own_command", lambda module: fake_engine(tmp_path, 0.5))
    monkeypatch.setattr(benchmark_module, "peer_command", lambda name, settings: fake_engine(tmp_path, 2.0))
    (tmp_path / "model").mkdir()
    settings = Settings(
        str(tmp_path / "model"), rows=(1, 4), against=("transformers",), rounds=2, threads=1, compiled=False
    )
    return benchmark(settings)


def test_a_busy_machine_is_warned_of() -> None:
    assert busy({"load": 1.6, "cores": 2}).startswith("This machine is busy (load 1.6 on 2 cores)")
    assert busy({"load": 0.4, "cores": 2}) == "" == busy({"load": None, "cores": 2})


def test_engines_take_turns_and_never_work_together(measured: Any, tmp_path: Path) -> None:
    log = (tmp_path / "log").read_text(encoding="utf-8").splitlines()
    for begin, end in zip(log[::2], log[1::2], strict=True):
        assert begin.split() == ["begin", end.split()[1]] and end.startswith("end")
    # Five tasks of both and one of kcreate alone; a round that does not count, then two.
    assert len(log) == 2 * 3 * 11
    firsts = [log[turn * 22].split()[1] for turn in range(3)]
    assert firsts == ["0.5", "2.0", "0.5"]
    assert all(len(samples) == 2 for engine in measured.engines for samples in engine.samples.values())


def test_figures_of_a_benchmark(measured: Any) -> None:
    found = json.loads(json.dumps(as_json(measured)))
    own, peer = found["engines"]["kcreate"], found["engines"]["transformers"]
    assert own["tasks"]["decode-4"]["tokens_per_second"] == 4 * 48 / 0.5
    assert peer["tasks"]["decode-4"]["tokens_per_second"] == 4 * 48 / 2.0
    assert [sample["seconds"] for sample in peer["tasks"]["prefill"]["rounds"]] == [2.0, 2.0]
    ratios = {key: value["median"] for key, value in found["ratios"]["transformers"].items()}
    assert ratios["decode-1"] == ratios["prefill"] == ratios["first-token"] == 4.0
    assert ratios["grounded-speculating"] == 12.0 and "grounded-speculating" not in peer["tasks"]
    assert ratios["together"] == 16.0
    # 1,000 bytes of weights and 10 for each of 20 + 24 positions, 96 tokens/s, a copy of 4 MB/s.
    assert own["bytes_per_token"] == 1440
    assert own["bandwidth_share"] == pytest.approx(1440 * 96 / 4e6)
    assert found["model"]["name"] == "model" and found["machine"]["processor"]


def test_the_table_is_plain_and_aligned(measured: Any, capsys: pytest.CaptureFixture[str]) -> None:
    _draw(as_table(measured))
    printed = capsys.readouterr().out
    assert "\x1b" not in printed and "model on cpu · 1 thread · 2 rounds, in turn" in printed
    lines = {line[:40].split("  ")[0].strip(): line for line in printed.splitlines()}
    row = lines["4 rows together, tokens/s"]
    assert row.split()[-4:] == ["384", "96.0", "4.00", "(4.00–4.00)"]
    assert lines["prefill of 1,500 tokens, tokens/s"].index("3,000") + 5 == row.index("384") + 3
    assert lines["first token after 1,500, ms"].split()[-4:] == ["500", "2,000", "4.00", "(4.00–4.00)"]


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--against", "vllm"], "--against vllm is no engine kcreate knows; give transformers or llama-cpp."),
        (["--against", "llama-cpp", "--llama-python", "true"], "--against llama-cpp needs a model in a .gguf file"),
        (["--random", "gpt-9"], "--random gpt-9 is no shape kcreate knows"),
        (["--rows", "one"], "--rows one is no list of numbers"),
        (["--rows", "0,4"], "--rows is 0; give 1 or more."),
        (["--rounds", "0"], "--rounds is 0; give 1 or more."),
    ],
)
def test_what_cannot_be_measured_is_refused_first(
    tiny_llama: Path, capfd: pytest.CaptureFixture[str], options: list[str], sentence: str
) -> None:
    assert run(["bench", "--model", str(tiny_llama), *options]) == 2
    said = capfd.readouterr()
    assert sentence in said.err and said.out == "" and "loading" not in said.err


def test_an_engine_that_is_not_installed_is_named(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "model.gguf").touch()
    python = tmp_path / "python"
    python.write_text("#!/bin/sh\nexit 1\n", encoding="utf-8")
    python.chmod(0o755)
    command = ["bench", "--model", str(tmp_path / "model.gguf"), "--against", "llama-cpp", "--llama-python"]
    assert run([*command, str(python)]) == 2
    assert "install it there with 'pip install llama-cpp-python', or give the Python" in capfd.readouterr().err
    assert run([*command, str(tmp_path / "nowhere")]) == 2
    assert "nowhere cannot be run (No such file or directory)" in capfd.readouterr().err


def test_bench_measures_kcreate_and_transformers(tiny_llama: Path, tmp_path: Path) -> None:
    sizes = [
        "--rows",
        "1,3",
        "--rounds",
        "1",
        "--new-tokens",
        "4",
        "--prompt-tokens",
        "40",
        "--threads",
        "1",
        "--no-compile",
    ]
    command = ["bench", "--json", "--model", str(tiny_llama), "--device", "cpu", "--against", "transformers", *sizes]
    done = subprocess.run([sys.executable, "-m", "kcreate.cli", *command], capture_output=True, encoding="utf-8")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["settings"]["threads"] == 1 and found["copy"]["bytes_per_second"] > 0
    for engine in found["engines"].values():
        assert {"decode-1", "decode-3", "grounded", "prefill", "first-token"} <= engine["tasks"].keys()
        assert all(task["tokens_per_second"] > 0 for task in engine["tasks"].values())
        assert engine["tasks"]["decode-3"]["rounds"][0]["tokens"] == 9
        assert engine["load_seconds"] > 0 and engine["peak_bytes"] > 0 and engine["bytes_per_token"] > 0
    assert all(value["median"] > 0 for value in found["ratios"]["transformers"].values())


def test_a_prompt_longer_than_the_model_is_refused(tiny_llama: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["bench", "--model", str(tiny_llama), "--device", "cpu"]) == 2
    assert "--prompt-tokens asks for 1501 tokens with the answer and the model takes 256" in capfd.readouterr().err


@pytest.mark.parametrize("name", SHAPES)
def test_shapes_are_those_of_the_models(name: str) -> None:
    """transformers builds the same number of weights from what describes the shape to it."""
    import torch
    from transformers import AutoConfig, AutoModelForCausalLM

    with torch.device("meta"):
        own = Transformer(SHAPES[name])
        config = AutoConfig.for_model(**hugging_face_config(SHAPES[name]))
        reference = AutoModelForCausalLM.from_config(config)
    count = sum(weight.numel() for weight in own.parameters())
    assert count == sum(weight.numel() for weight in reference.parameters())
    millions = {"smollm2-135m": 135, "qwen2.5-1.5b": 1544, "llama-3.1-8b": 8030}
    assert round(count / 1e6) == millions[name]
    scaling = SHAPES[name].rope.scaling
    assert config.rope_parameters["rope_type"] == ("default" if scaling is None else "llama3")
    assert config.rope_parameters["rope_theta"] == SHAPES[name].rope.theta


def test_random_weights_write(monkeypatch: pytest.MonkeyPatch) -> None:
    from kcreate.core.decoding.loop import TokenLoop
    from kcreate.core.decoding.request import Request

    tiny = TransformerSpec("qwen2", 90, 32, 2, 4, 2, 8, 48, 128, qkv_bias=True)
    monkeypatch.setitem(SHAPES, "tiny", tiny)
    model = random_model("tiny", "cpu", "none")
    steps = list(TokenLoop(model.checkpoint.transformer, [Request([1, 2, 3], 12)], ()))
    assert len(steps) == 12 and len({step.token for step in steps}) > 1
    with pytest.raises(UsageError, match="no shape kcreate knows; give one of smollm2-135m"):
        random_model("nothing")
