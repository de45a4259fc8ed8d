"""`kcreate export` as a shell calls it: what it prints, its exit codes, and that it loads no model library."""

import json
import subprocess
import sys
from pathlib import Path

from sample_course import chinese_course


def run(*arguments: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    import os

    program = (
        "import sys; from kcreate.cli.export import export; import typer\n"
        "from kcreate.core.errors import KcreateError\n"
        "app = typer.Typer(); app.command()(export)\n"
        "try: app(sys.argv[1:], standalone_mode=False)\n"
        "except KcreateError as error: print(error, file=sys.stderr); sys.exit(error.exit_code)\n"
        "heavy = {'torch', 'transformers', 'peft'} & set(sys.modules); assert not heavy, heavy\n"
    )
    return subprocess.run(
        [sys.executable, "-c", program, *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**os.environ, **environment},
        timeout=120,
    )


def test_it_prints_what_was_written_and_imports_no_model_library(tmp_path: Path) -> None:
    chinese_course(tmp_path / "tea")
    done = run("tea", "--to", "markdown,html", "--out", "dist", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == [str(Path("dist/markdown")), str(Path("dist/html/index.html"))]


def test_json_is_one_object(tmp_path: Path) -> None:
    chinese_course(tmp_path / "tea")
    done = run("tea", "--json", folder=tmp_path)
    assert json.loads(done.stdout) == {"course": "tea", "written": {"html": str(Path("dist/html/index.html"))}}


def test_options_come_from_the_environment_and_from_course_yaml(tmp_path: Path) -> None:
    course = chinese_course(tmp_path / "tea")
    with (course / "course.yaml").open("a", encoding="utf-8") as file:
        file.write("export: {to: [markdown], out: from-file}\n")
    assert run("tea", folder=tmp_path).stdout.split() == [str(Path("from-file/markdown"))]
    done = run("tea", folder=tmp_path, KCREATE_EXPORT_TO="html", KCREATE_EXPORT_OUT="from-variable")
    assert done.stdout.split() == [str(Path("from-variable/html/index.html"))]


def test_a_mistake_is_one_sentence_and_an_exit_code(tmp_path: Path) -> None:
    chinese_course(tmp_path / "tea")
    wrong = run("tea", "--to", "word", folder=tmp_path)
    assert wrong.returncode == 2 and wrong.stderr.strip().count("\n") == 0 and "markdown, html" in wrong.stderr
    assert run("nowhere", folder=tmp_path).returncode == 3
