"""`finetune` and `kcreate finetune` on a tiny model: the whole way, killed and gone on with, refused where due."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import torch
from filelock import FileLock
from safetensors.torch import load_file

from kcreate.cli.app import run
from kcreate.core.errors import InputError, KcreateError, UsageError
from kcreate.core.progress import Event
from kcreate.core.training.finetune import finetune

WORDS = [
    "a",
    "commit",
    "records",
    "what",
    "changed",
    "and",
    "why",
    "so",
    "that",
    "the",
    "author",
    "can",
    "return",
    "to",
    "any",
    "version",
    "of",
    "the",
    "lesson",
    "later",
]


@dataclass(frozen=True)
class Page:
    name: str
    text: str


@dataclass(frozen=True)
class Pages:
    documents: list[Page]


def pages(count: int = 8, sentences: int = 30) -> Pages:
    """Notes of the same voice and different sentences: more than 2,000 tokens of the tiny tokenizer."""
    return Pages(
        [
            Page(
                f"{n:02}-page.md",
                f"# Page {n}\n\n"
                + "\n\n".join(
                    f"{' '.join(WORDS[(n * n + s * (n + 2) + (n + 3) * w) % len(WORDS)] for w in range(8))}."
                    for s in range(sentences)
                ),
            )
            for n in range(count)
        ]
    )


@pytest.fixture(scope="module")
def folder_of_notes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("notes")
    for page in pages().documents:
        (folder / page.name).write_text(page.text, encoding="utf-8")
    return folder


@pytest.fixture
def train(tiny_llama: Path, tmp_path: Path) -> Callable[..., Any]:
    """`finetune` of the pages on the tiny model without a time budget, so that every run takes the same steps."""

    def finetune_pages(name: str = "voice", notes: Any = None, **options: Any) -> Any:
        settings: dict[str, Any] = {"minutes": None, "epochs": 4, "rank": 4, "learning_rate": 5e-3, **options}
        return finetune(notes or pages(), tmp_path / name, str(tiny_llama), **settings)

    return finetune_pages


class Killed(Exception):
    pass


def killed_at(step: int) -> Callable[[Event], None]:
    def callback(event: Event) -> None:
        if event.stage == "training" and event.done == step and not event.message:
            raise Killed

    return callback


def weights(folder: Path) -> dict[str, torch.Tensor]:
    return load_file(folder / "adapter_model.safetensors")


def test_held_out_notes_get_cheaper_and_the_folder_holds_adapter_and_report_only(train: Callable[..., Any]) -> None:
    events: list[Event] = []
    done = train(progress=events.append)
    assert done.improved and done.bits_per_byte_after < 0.9 * done.bits_per_byte_before
    assert sorted(path.name for path in done.adapter.iterdir()) == [
        "adapter_config.json",
        "adapter_model.safetensors",
        "training.json",
    ]
    assert set(done.train_documents).isdisjoint(done.held_out_documents)
    assert set(done.train_documents) | set(done.held_out_documents) == {page.name for page in pages().documents}
    report = json.loads((done.adapter / "training.json").read_text())
    assert report["bits_per_byte"] == {"before": done.bits_per_byte_before, "after": done.bits_per_byte_after}
    assert "commit" not in json.dumps(report), "notes are private: the report quotes nothing"
    assert any("bits per byte" in event.message for event in events)
    assert any(event.done == event.total for event in events if event.stage == "training")


def test_the_figure_after_is_that_of_the_adapter_on_disk(train: Callable[..., Any], tiny_llama: Path) -> None:
    from kcreate.core.model.adapter import merge_adapter
    from kcreate.core.model.checkpoint import load_checkpoint
    from kcreate.core.training.measure import bits_per_byte, held_out_windows

    done = train()
    checkpoint = load_checkpoint(tiny_llama)
    texts = [(page.name, page.text) for page in pages().documents if page.name in done.held_out_documents]
    start = checkpoint.tokenizer.control_tokens["<|endoftext|>"]
    if checkpoint.prefix_ids:
        start = checkpoint.prefix_ids[-1]
    held_out = held_out_windows(texts, checkpoint.tokenizer, start, 256)
    before = bits_per_byte(checkpoint.transformer, held_out, torch.device("cpu"))
    assert before == pytest.approx(done.bits_per_byte_before, abs=1e-5)
    merge_adapter(checkpoint.transformer, done.adapter)
    after = bits_per_byte(checkpoint.transformer, held_out, torch.device("cpu"))
    assert after == pytest.approx(done.bits_per_byte_after, abs=1e-4)


def test_a_killed_run_ends_with_the_weights_of_one_that_was_not(train: Callable[..., Any], tmp_path: Path) -> None:
    whole = train("whole")
    for step in (5, 14):
        with pytest.raises(Killed):
            train("broken", progress=killed_at(step))
        assert (tmp_path / "broken" / ".kcreate" / "checkpoint.safetensors").is_file()
    events: list[Event] = []
    broken = train("broken", progress=events.append)
    assert any("going on from step" in event.message for event in events)
    assert (broken.best_step, broken.steps) == (whole.best_step, whole.steps)
    assert weights(broken.adapter).keys() == weights(whole.adapter).keys()
    for name, tensor in weights(whole.adapter).items():
        assert torch.equal(weights(broken.adapter)[name], tensor)
    assert not (broken.adapter / ".kcreate").exists()


def test_a_process_killed_outright_goes_on_too(
    train: Callable[..., Any], tiny_llama: Path, folder_of_notes: Path, tmp_path: Path
) -> None:
    out = tmp_path / "voice"
    options = ["--minutes", "0", "--epochs", "16", "--rank", "4", "--learning-rate", "0.005"]
    command = ["finetune", str(folder_of_notes), "--out", str(out), "--model", str(tiny_llama), *options]
    process = subprocess.Popen([sys.executable, "-m", "kcreate.cli", *command], stderr=subprocess.DEVNULL)
    snapshot = out / ".kcreate" / "checkpoint.safetensors"
    for _ in range(600):
        if snapshot.exists() or process.poll() is not None:
            break
        time.sleep(0.1)
    process.send_signal(signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL
    assert run(command) == 0
    whole = train("whole", notes=folder_of_notes, epochs=16)
    for name, tensor in weights(whole.adapter).items():
        assert torch.equal(weights(out)[name], tensor)


def test_ctrl_c_saves_the_step_it_came_in(train: Callable[..., Any], tmp_path: Path) -> None:
    def interrupt(event: Event) -> None:
        if event.stage == "training" and event.done == 5 and not event.message:
            os.kill(os.getpid(), signal.SIGINT)

    with pytest.raises(KeyboardInterrupt):
        train(progress=interrupt)
    events: list[Event] = []
    train(progress=events.append)
    assert any("going on from step 5 " in event.message for event in events)


def test_going_on_with_other_settings_is_refused_and_says_how_to_start_afresh(train: Callable[..., Any]) -> None:
    with pytest.raises(Killed):
        train(progress=killed_at(6))
    with pytest.raises(UsageError, match=r"rank 4, now 8.*delete .*\.kcreate to start afresh"):
        train(rank=8)
    with pytest.raises(UsageError, match="notes"):
        train(notes=pages(9))


def test_another_base_model_is_refused(train: Callable[..., Any], tiny_llama: Path, tmp_path: Path) -> None:
    import shutil

    from safetensors.torch import save_file

    with pytest.raises(Killed):
        train(progress=killed_at(6))
    other = tmp_path / tiny_llama.name
    shutil.copytree(tiny_llama, other)
    tensors = load_file(other / "model.safetensors")
    tensors["model.embed_tokens.weight"] += 1
    save_file(tensors, other / "model.safetensors", metadata={"format": "pt"})
    with pytest.raises(UsageError, match="weights"):
        finetune(pages(), tmp_path / "voice", str(other), minutes=None, epochs=4, rank=4, learning_rate=5e-3)


def test_the_same_command_again_trains_nothing_and_other_notes_train_anew(train: Callable[..., Any]) -> None:
    first = train(epochs=1)
    before = (first.adapter / "adapter_model.safetensors").stat().st_mtime_ns
    assert train(epochs=1) == first
    assert (first.adapter / "adapter_model.safetensors").stat().st_mtime_ns == before
    assert train(epochs=1, notes=pages(9)).train_documents != first.train_documents


def test_where_nothing_gets_better_the_adapter_changes_nothing_and_it_is_said(
    train: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    figures = iter(1.0 + n / 10 for n in range(100))
    monkeypatch.setattr("kcreate.core.training.loop.bits_per_byte", lambda *_: next(figures))
    events: list[Event] = []
    done = train(progress=events.append)
    assert not done.improved and done.best_step == 0
    assert done.steps < 20, "it ends early when the held-out notes only get dearer"
    assert all(not tensor.any() for name, tensor in weights(done.adapter).items() if "lora_B" in name)
    assert any(event.warning and "changes nothing" in event.message for event in events)


def test_a_budget_ends_the_run_before_all_epochs(train: Callable[..., Any]) -> None:
    done = train(minutes=0.05, epochs=1000)
    assert 1 <= done.steps < 1000


def test_the_callers_random_numbers_are_left_alone(train: Callable[..., Any]) -> None:
    torch.manual_seed(11)
    wanted = torch.rand(3)
    torch.manual_seed(11)
    train(epochs=1)
    assert torch.equal(torch.rand(3), wanted)


def test_a_damaged_snapshot_is_named(train: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "voice" / ".kcreate").mkdir(parents=True)
    (tmp_path / "voice" / ".kcreate" / "checkpoint.safetensors").write_bytes(b"no tensors")
    with pytest.raises(InputError, match=r"checkpoint\.safetensors is damaged"):
        train()


def test_too_little_text_is_refused_with_the_number(train: Callable[..., Any], tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"The notes are \d+ tokens and training needs 2,000"):
        train(notes=pages(3, 4))
    assert not (tmp_path / "voice").exists()


def test_somebodys_folder_and_a_file_are_refused_and_left_as_they_are(
    train: Callable[..., Any], tmp_path: Path
) -> None:
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis" / "chapter.md").write_text("mine")
    with pytest.raises(UsageError, match="thesis holds files"):
        train("thesis")
    assert [path.name for path in (tmp_path / "thesis").iterdir()] == ["chapter.md"]
    with pytest.raises(UsageError, match="is a file"):
        train("thesis/chapter.md")


def test_two_runs_on_one_folder_are_one_too_many(train: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "voice" / ".kcreate").mkdir(parents=True)
    with FileLock(tmp_path / "voice" / ".kcreate" / "lock"), pytest.raises(KcreateError, match="Another run"):
        train()


def test_a_folder_that_cannot_be_made_is_said_before_the_model_is_loaded(
    train: Callable[..., Any], tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(KcreateError, match="cannot be written"):
        train("file/voice")


@pytest.mark.parametrize(
    "options",
    [["--minutes", "-1"], ["--epochs", "0"], ["--rank", "0"], ["--learning-rate", "3"], ["--learning-rate", "nan"]],
)
def test_senseless_options_are_wrong_usage(
    options: list[str], folder_of_notes: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["finetune", str(folder_of_notes), "--out", str(tmp_path / "voice"), *options]) == 2
    assert options[0] in capsys.readouterr().err


def test_the_command_prints_before_and_after(
    folder_of_notes: Path, tiny_llama: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: Any
) -> None:
    monkeypatch.setenv("KCREATE_RANK", "2")
    common = ["finetune", str(folder_of_notes), "--model", str(tiny_llama), "--epochs", "2", "--learning-rate", "0.005"]
    assert run([*common, "--out", str(tmp_path / "voice")]) == 0
    shown = capsys.readouterr()
    assert "→" in shown.out and "bits per byte" in shown.out and shown.out.count("\n") == 1
    assert "held-out notes before training" in shown.err
    assert json.loads((tmp_path / "voice" / "adapter_config.json").read_text())["r"] == 2
    assert run([*common, "--out", str(tmp_path / "other"), "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed["bits_per_byte_after"] < printed["bits_per_byte_before"] and printed["improved"] is True


def test_missing_notes_and_models_have_their_exit_codes(folder_of_notes: Path, tmp_path: Path) -> None:
    out = ["--out", str(tmp_path / "voice")]
    assert run(["finetune", str(tmp_path / "nowhere"), *out]) == 3
    assert run(["finetune", str(folder_of_notes), "--model", "no-such-model", *out]) == 4
    assert not (tmp_path / "voice").exists()
