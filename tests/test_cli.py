"""The program as a shell calls it: one sentence and an exit code for what goes wrong, and signals that lose nothing."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from sample_course import chinese_course

from kcreate.cli.app import run

KCREATE = [sys.executable, "-m", "kcreate.cli"]


def stop_at(text: str, number: int, *arguments: str, folder: Path) -> tuple[int, str]:
    """Run kcreate, send it the signal when `text` has come on stderr; its exit code and all it said."""
    with subprocess.Popen(
        [*KCREATE, *arguments],
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    ) as process:
        assert process.stderr is not None
        said = ""
        for line in process.stderr:
            said += line
            if text in line:
                process.send_signal(number)
                text = "\0"
        return process.wait(), said


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_stopped_training_goes_on_where_it_was(tiny_llama: Path, tmp_path: Path, number: int, code: int) -> None:
    notes = tmp_path / "notes"
    notes.mkdir()
    for name in "abc":
        (notes / f"{name}.md").write_text(f"# {name}\n\n" + f"The {name} is a letter of the lesson. " * 80)
    arguments = ["finetune", "notes", "-o", "voice", "--model", str(tiny_llama), "--minutes", "0", "--epochs", "400"]
    found, said = stop_at("held-out notes before", number, *arguments, folder=tmp_path)
    assert found == code and "the same command goes on from there" in said
    assert (tmp_path / "voice" / ".kcreate" / "checkpoint.safetensors").is_file()
    found, said = stop_at("going on from step", number, *arguments, folder=tmp_path)
    assert found == code and "going on from step" in said


@pytest.mark.skipif(os.name == "nt", reason="closing a stream is a shell's way")
@pytest.mark.parametrize("closed", [">&-", "2>&-", ">&- 2>&-"])
def test_closed_streams_do_not_matter(tmp_path: Path, closed: str) -> None:
    chinese_course(tmp_path / "tea")
    command = (
        f'"{sys.executable}" -m kcreate.cli export tea {closed} && "{sys.executable}" -m kcreate.cli models {closed}'
    )
    subprocess.run(command, shell=True, cwd=tmp_path, check=True, timeout=60)
    assert (tmp_path / "dist/html/index.html").is_file()


def test_a_locale_without_chinese_does_not_matter(tmp_path: Path) -> None:
    chinese_course(tmp_path / "茶 🌙")
    done = subprocess.run(
        [*KCREATE, "export", "茶 🌙", "--json"],
        cwd=tmp_path,
        capture_output=True,
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["course"] == "茶 🌙"


@pytest.mark.skipif(sys.platform != "linux", reason="a folder in which nothing can be made")
def test_what_the_system_refuses_is_named(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    chinese_course(tmp_path / "tea")
    assert run(["export", str(tmp_path / "tea"), "--out", "/proc/nothing"]) == 1
    said = capfd.readouterr().err.splitlines()
    assert len(said) == 2 and said[1].startswith("error: /proc/nothing") and "Unexpected" not in said[1]
