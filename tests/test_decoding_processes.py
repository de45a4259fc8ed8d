"""A model held by two processes on the CPU: the answers of one, errors that come through, and nothing left behind."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch

from kcreate.cli.app import run
from kcreate.core import open_model
from kcreate.core.decoding.grammar import Grammar
from kcreate.core.decoding.model import Model
from kcreate.core.decoding.processes import SplitModel, balanced
from kcreate.core.decoding.workers import WorkerEndedError
from kcreate.core.errors import InputError, UsageError

CHAT = [{"role": "user", "content": "what is version control"}]
PROMPTS = ["the lesson", CHAT, "版本控制 😀", "the quiz asks what " * 4, "the lesson is about"]
SCRIPT = """
import os, sys, time
from kcreate.core import open_model
if __name__ == "__main__":
    with open_model(sys.argv[1], device="cpu", quantize="none", processes=2) as model:
        print(*model.workers.pids, flush=True)
        time.sleep(600)
"""


@pytest.fixture(scope="module")
def one(tiny_llama: Path) -> Model:
    model = open_model(str(tiny_llama), device="cpu", quantize="none")
    assert isinstance(model, Model)
    return model


@pytest.fixture(scope="module")
def two(tiny_llama: Path) -> Iterator[SplitModel]:
    model = open_model(str(tiny_llama), device="cpu", quantize="none", processes=2)
    assert isinstance(model, SplitModel)
    with model:
        yield model


def alive(pid: int) -> bool:
    """Whether the process runs; one that has ended and that nobody has asked after does not."""
    state = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True).stdout.strip()
    return bool(state) and not state.startswith("Z")


def gone(pids: list[int]) -> bool:
    """Whether the processes end within the next seconds."""
    for _ in range(100):
        if not any(alive(pid) for pid in pids):
            return True
        time.sleep(0.1)
    return False


def test_two_processes_answer_as_one(one: Model, two: SplitModel) -> None:
    for options in ({}, {"temperature": 1.2, "top_k": 40, "seed": 3}, {"stop": "e"}):
        assert two.generate(PROMPTS * 3, 12, **options) == one.generate(PROMPTS * 3, 12, **options)
    assert two.generate(PROMPTS[:1], 12) == one.generate(PROMPTS[:1], 12)
    assert two.generate([], 12) == []
    found, wanted = (model.n_best("the lesson", 4, max_new_tokens=8) for model in (two, one))
    assert [done.tokens for done in found] == [done.tokens for done in wanted]
    assert [done.log_prob for done in found] == pytest.approx([done.log_prob for done in wanted], abs=1e-4)
    assert list(two.stream(CHAT, 8)) == list(one.stream(CHAT, 8))
    assert (two.name, two.max_length, two.count_tokens("a quiz")) == (
        one.name,
        one.max_length,
        one.count_tokens("a quiz"),
    )


def test_answers_are_gone_on_with_and_keep_to_a_grammar_in_every_process(one: Model, two: SplitModel) -> None:
    short = two.generate(PROMPTS, 5, temperature=1.0)
    assert two.generate(PROMPTS, 15, temperature=1.0, so_far=short) == one.generate(PROMPTS, 15, temperature=1.0)
    pytest.importorskip("llguidance")
    grammar = Grammar(regex="[a-f]{3,6}")
    found = two.generate(PROMPTS, 12, grammar=grammar)
    assert found == one.generate(PROMPTS, 12, grammar=grammar)
    assert all(set(done.text) <= set("abcdef") for done in found)


def test_both_processes_have_a_share_of_the_work(two: SplitModel) -> None:
    with two.workers.asked("score", [None, ("the lesson", [" is about", " a quiz"])]) as others:
        pass
    assert [len(scores) for scores in others] == [2]
    assert all(score.log_prob < 0 for score in others[0])


def test_scores_are_those_of_one_process(one: Model, two: SplitModel) -> None:
    texts = [" about version", "", " 控制", " a quiz asks what the lesson taught", " is"]
    for some in (texts, texts[:1], []):
        found, wanted = two.score("the lesson", some), one.score("the lesson", some)
        assert [score.tokens for score in found] == [score.tokens for score in wanted]
        assert [score.log_prob for score in found] == pytest.approx([score.log_prob for score in wanted], abs=1e-4)


def test_an_error_of_any_process_arrives_and_the_model_goes_on(one: Model, two: SplitModel) -> None:
    with pytest.raises(InputError, match="takes 256"):
        two.generate(["the lesson", "the quiz asks what " * 200], 5)
    with pytest.raises(InputError, match="takes 256"):
        two.score("the lesson", [" is", " the quiz asks what " * 200])
    with pytest.raises(InputError, match="takes 256"), two.workers.asked("score", [None, ("a " * 400, ["b"])]):
        pass
    with pytest.raises(RuntimeError, match="in process 2"), two.workers.asked("score", [None, 7]):
        pass
    with pytest.raises(UsageError, match="close the other"):
        open_model(one.name, device="cpu", processes=2)
    assert two.generate(PROMPTS, 5) == one.generate(PROMPTS, 5)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL")
def test_a_killed_worker_is_told_at_once_and_nothing_is_left(two: SplitModel) -> None:
    [pid] = two.workers.pids
    with pytest.raises(WorkerEndedError, match=r"Process 2 of 2 .* SIGKILL"):
        two.generate(PROMPTS, 40, progress=lambda event: os.kill(pid, signal.SIGKILL))
    with pytest.raises(UsageError, match="open it again"):
        two.generate(PROMPTS, 5)
    assert gone([pid])
    assert not torch.distributed.is_initialized()


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL")
def test_workers_end_with_a_parent_that_is_killed(tiny_llama: Path, tmp_path: Path) -> None:
    (tmp_path / "script.py").write_text(SCRIPT)
    command = [sys.executable, str(tmp_path / "script.py"), str(tiny_llama)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        pids = [int(pid) for pid in parent.stdout.readline().split()]
        assert len(pids) == 1 and alive(pids[0])
        parent.kill()
    assert gone(pids)


def test_a_model_that_does_not_open_or_is_left_leaves_nothing(tiny_llama: Path, two: SplitModel) -> None:
    two.close()  # there is one group at a time; no test below this one can use it
    threads = torch.get_num_threads()
    with pytest.raises(UsageError, match="int9"):
        open_model(str(tiny_llama), device="cpu", quantize="int9", processes=2)
    assert not torch.distributed.is_initialized()
    third = open_model(str(tiny_llama), device="cpu", quantize="none", processes=3)
    assert isinstance(third, SplitModel)
    pids = third.workers.pids
    assert len(pids) == 2 and all(alive(pid) for pid in pids)
    with third, pytest.raises(KeyboardInterrupt):
        third.generate(PROMPTS, 5, progress=lambda event: signal.raise_signal(signal.SIGINT))
    assert gone(pids)
    assert torch.get_num_threads() == threads
    assert not torch.distributed.is_initialized()


def test_shares_are_balanced() -> None:
    assert balanced([9, 1, 1, 7, 2, 2], 2) == [[0, 5], [1, 2, 3, 4]]
    assert balanced([5], 3) == [[0], [], []]
    assert balanced([], 2) == [[], []]


@pytest.mark.parametrize("option", [["--processes", "2"], ["--device", "cpu"], ["--quantize", "int8"]])
def test_what_a_server_decides_is_refused(option: list[str], tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "notes.md").write_text("# Tea\n\nTea is a drink made from leaves.\n", encoding="utf-8")
    address = ["--model", "openai:m", "--base-url", "http://127.0.0.1:9/v1"]
    assert run(["draft", str(tmp_path / "notes.md"), "--out", str(tmp_path / "course"), *address, *option]) == 2
    assert " ".join(option) in capfd.readouterr().err
    assert not (tmp_path / "course").exists()
    values = {option[0].removeprefix("--"): int(option[1]) if option[1].isdigit() else option[1]}
    with pytest.raises(UsageError, match=option[0]):
        open_model("openai:m", base_url="http://127.0.0.1:9/v1", **values)


def test_numbers_of_processes_that_cannot_be_had_are_refused(tiny_llama: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UsageError, match="1 or more"):
        open_model(str(tiny_llama), processes=0)
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 2)
    with pytest.raises(UsageError, match="2 GPU"):
        open_model(str(tiny_llama), processes=3)
    with pytest.raises(UsageError, match="single device"):
        open_model(str(tiny_llama), device="cuda:1", processes=2)
