"""The house itself: what is packaged, who may import whom, and what starts without torch."""

import ast
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parent.parent
FLOORS = {
    "model": 1,
    "decoding": 2,
    "training": 2,
    "notes": 2,
    "course": 2,
    "drafting": 3,
    "export": 3,
    "review": 3,
    "benchmark": 3,
}


def test_every_package_folder_is_listed_for_installation() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]
    found = {
        ".".join(["kcreate", *init.parent.relative_to(ROOT).parts])
        for top in ("cli", "core", "prompts")
        for init in (ROOT / top).rglob("__init__.py")
    }
    assert set(settings["packages"]) == found


def _imports(path: Path) -> list[str]:
    """Modules a file imports, relative ones spelled out from the top (`core.notes.reading`)."""
    package = path.relative_to(ROOT).parts[:-1]
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = list(package[: len(package) - node.level + 1]) if node.level else []
            found += [".".join([*base, *(node.module or "").split(".")]).strip(".")]
    return found


def test_rooms_import_only_from_floors_below() -> None:
    for path in (ROOT / "core").rglob("*.py"):
        room = path.relative_to(ROOT / "core").parts[0]
        for module in _imports(path):
            assert module.split(".")[0] not in {"typer", "rich", "cli"}, f"{path} reaches for the terminal"
            parts = module.split(".")
            if parts[0] != "core" or len(parts) < 2 or parts[1] not in FLOORS or room not in FLOORS or parts[1] == room:
                continue
            if (path.name, parts[1]) == ("finetune.py", "notes"):
                continue  # the public `finetune` takes a path; the reading of it is imported where it is needed
            assert FLOORS[parts[1]] < FLOORS[room], f"{path} imports {module}, which is not on a floor below"


def test_help_and_export_start_without_torch() -> None:
    code = (
        "import sys; from kcreate.cli.app import run; code = run(['--help']); run(['export', '--help']);"
        "heavy = {'torch', 'transformers', 'accelerate', 'peft', 'jinja2'} & set(sys.modules);"
        "assert code == 0 and not heavy, heavy"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "draft" in done.stdout and "finetune" in done.stdout and "export" in done.stdout


def test_public_names_of_core_are_there() -> None:
    import kcreate.core as core

    for name in (
        "add_notes",
        "open_model",
        "read_notes",
        "draft_course",
        "load_course",
        "export_course",
        "finetune",
        "support",
    ):
        assert callable(getattr(core, name))
