"""Notebooks: prose, code and outputs of the versions that are about, written here as the JSON that they are."""

import base64
import json
from pathlib import Path
from typing import Any

import pytest

from kcreate.core.errors import InputError
from kcreate.core.notes.formats.converted import Part
from kcreate.core.notes.formats.notebook.reader import read

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
ENCODED = base64.b64encode(PNG).decode()


def test_prose_and_code_come_cell_by_cell(tmp_path: Path) -> None:
    parts = cells(
        tmp_path,
        prose("# Means\n\nA *mean* is\n", "a sum."),
        code("import math\nmath.sqrt(2)"),
        prose(""),
        prose("End."),
    )
    assert [(part.text, part.place and part.place.value) for part in parts] == [
        ("# Means\n\nA *mean* is\na sum.", "1"),
        ("```python\nimport math\nmath.sqrt(2)\n```", "2"),
        ("End.", "4"),
    ]


@pytest.mark.parametrize(
    ("metadata", "source", "fence"),
    [
        ({"kernelspec": {"name": "ir", "language": "R"}}, "x <- 1", "```r"),
        ({"language_info": {"name": "julia"}}, "x = 1", "```julia"),
        ({"kernelspec": {"name": "julia-1.9"}}, "x = 1", "```julia"),
        ({}, "%%bash\nls", "```bash"),
        ({}, "%%timeit\nf()", "```python"),
        ({"kernelspec": {"language": "C++17 `rm`"}}, "int x;", "```c++17rm"),
        ({}, 'text = """\n```\n"""', "````python"),
    ],
)
def test_code_is_fenced_in_its_language(tmp_path: Path, metadata: dict[str, Any], source: str, fence: str) -> None:
    (part,) = cells(tmp_path, code(source), metadata=metadata)
    assert part.text.split("\n")[0] == fence
    assert source in part.text


def test_printed_lines_are_kept_cut_and_free_of_terminal_codes(tmp_path: Path) -> None:
    long = {"output_type": "stream", "name": "stdout", "text": [f"line {n}\n" for n in range(50)]}
    noise = {"output_type": "stream", "name": "stderr", "text": "FutureWarning: old\n"}
    bar = {"output_type": "stream", "name": "stdout", "text": "10%\r50%\r100%\n\x1b[31mdone\x1b[0m\n"}
    first, second = cells(tmp_path, code("run()", long, noise), code("train()", bar))
    assert first.text.startswith("```python\nrun()\n```\n\n```text\nline 0\n")
    assert first.text.endswith("line 29\n… (20 more lines left out)\n```") and "FutureWarning" not in first.text
    assert second.text.endswith("```text\n100%\ndone\n```")


def test_results_come_in_the_format_that_markdown_can_carry(tmp_path: Path) -> None:
    frame = result({"text/html": "<table><tr><td>1</td></tr></table>", "text/plain": "   a\n0  1"})
    formula = result({"text/latex": "$\\displaystyle x^{2}$", "text/plain": "x**2"})
    drawn = result({"image/png": ENCODED, "text/plain": "<Figure size 640x480 with 1 Axes>"})
    handle = result({"text/plain": "[<matplotlib.lines.Line2D at 0x7f0c>]"})
    only_html = result({"text/html": "<script>alert(1)</script>"})
    marked = result({"text/markdown": "**bold**", "text/plain": "bold"})
    (part,) = cells(tmp_path, code("show()", frame, formula, drawn, handle, only_html, marked))
    blocks = part.text.split("\n\n")[1:]
    assert blocks == ["```text\n   a\n0  1\n```", "$$x^{2}$$", "![Output of cell 1](cell1-1.png)", "**bold**"]
    assert [(image.name, image.data) for image in part.images] == [("cell1-1.png", PNG)]


def test_of_a_traceback_the_last_line_is_kept(tmp_path: Path) -> None:
    failed = {
        "output_type": "error",
        "ename": "ValueError",
        "evalue": "bad value\nmore",
        "traceback": ["\x1b[0;31m---"] * 40,
    }
    (part,) = cells(tmp_path, code("f()", failed))
    assert part.text == "```python\nf()\n```\n\n```text\nValueError: bad value\n```"


def test_attached_and_inlined_pictures_become_files(tmp_path: Path) -> None:
    cell = prose(f"![a plot](attachment:plot.png)\n\n![](data:image/png;base64,{ENCODED})\n\n![x](attachment:gone.png)")
    cell["attachments"] = {"plot.png": {"image/png": ENCODED}}
    (part,) = cells(tmp_path, cell)
    assert part.text == "![a plot](cell1-1.png)\n\n![](cell1-2.png)\n\n![x](attachment:gone.png)"
    assert [image.data for image in part.images] == [PNG, PNG]
    assert part.warning.startswith("cell 1 shows a picture that is not in the file")


def test_a_fence_left_open_does_not_swallow_the_next_cell(tmp_path: Path) -> None:
    first, second = cells(tmp_path, prose("Look:\n\n```sh\nls"), prose("## Next"))
    assert first.text == "Look:\n\n```sh\nls\n```" and second.text == "## Next"


def test_tags_that_hide_cells_and_front_matter_are_heeded(tmp_path: Path) -> None:
    hidden, quiet, dry = code("setup()"), code("secret()", stream("shown")), code("said()", stream("not shown"))
    hidden["metadata"] = {"tags": ["remove-cell"]}
    quiet["metadata"] = {"tags": ["remove_input"]}
    dry["metadata"] = {"tags": ["remove-output"]}
    front = {"cell_type": "raw", "metadata": {}, "source": "---\ntitle: x\n---"}
    parts = cells(tmp_path, front, hidden, quiet, dry)
    assert [part.text for part in parts] == ["```text\nshown\n```", "```python\nsaid()\n```"]


def test_a_chinese_notebook_is_added_to_in_chinese(tmp_path: Path) -> None:
    drawn = result({"image/png": ENCODED})
    parts = cells(tmp_path, prose("# 平均数\n\n平均数是总和除以个数。"), code("f()", stream("行\n" * 33), drawn))
    assert "…（另有 3 行未收录）" in parts[1].text
    assert "![第 2 个单元格的输出](cell2-1.png)" in parts[1].text


def test_notebooks_of_version_3_are_read(tmp_path: Path) -> None:
    old = {
        "nbformat": 3,
        "worksheets": [
            {
                "cells": [
                    {"cell_type": "heading", "level": 2, "source": ["Old title"]},
                    {"cell_type": "markdown", "source": ["Words."]},
                    {
                        "cell_type": "code",
                        "language": "python",
                        "input": ["1 + 1"],
                        "outputs": [
                            {"output_type": "pyout", "text": ["2"]},
                            {"output_type": "display_data", "png": ENCODED},
                            {"output_type": "stream", "stream": "stdout", "text": "said\n"},
                            {"output_type": "pyerr", "ename": "E", "evalue": "v"},
                        ],
                    },
                ]
            }
        ],
    }
    parts = notebook(tmp_path, old)
    assert [part.text for part in parts[:2]] == ["## Old title", "Words."]
    assert parts[2].text.split("\n\n") == [
        "```python\n1 + 1\n```", "```text\n2\n```", "![Output of cell 3](cell3-1.png)", "```text\nsaid\n```", "```text\nE: v\n```",
    ]  # fmt: skip


def test_cells_that_break_the_schema_do_not_break_the_rest(tmp_path: Path) -> None:
    odd: list[Any] = [None, 7, {"cell_type": "code"}, {"cell_type": "markdown", "source": {"a": 1}}, {"source": "x"}]
    odd += [
        {
            "cell_type": "code",
            "source": "f()",
            "outputs": [None, {"output_type": "display_data", "data": {"image/png": "%%%"}}],
        }
    ]
    parts = cells(tmp_path, *odd, prose("fine"))
    assert [part.text for part in parts] == ["```python\nf()\n```", "fine"]
    assert "picture that is broken" in parts[0].warning


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "is empty"),
        (b'{"cells": [', r"not valid JSON \(line 1"),
        (b"[" * 100_000, "not valid JSON"),
        (b'{"a": 1}', "no Jupyter notebook"),
        (b"[1, 2]", "no Jupyter notebook"),
        (b'{"cells": [], "nbformat": 4}', "nothing in it"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "not text"),
    ],
)
def test_what_is_no_notebook_is_refused_in_a_sentence(tmp_path: Path, data: bytes, said: str) -> None:
    file = tmp_path / "a.ipynb"
    file.write_bytes(data)
    with pytest.raises(InputError, match=said):
        list(read(file, "a.ipynb"))


def prose(*lines: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "metadata": {}, "source": list(lines)}


def code(source: str, *outputs: dict[str, Any]) -> dict[str, Any]:
    return {"cell_type": "code", "metadata": {}, "execution_count": 1, "source": source, "outputs": list(outputs)}


def result(data: dict[str, str]) -> dict[str, Any]:
    return {"output_type": "execute_result", "execution_count": 1, "metadata": {}, "data": data}


def stream(text: str) -> dict[str, Any]:
    return {"output_type": "stream", "name": "stdout", "text": text}


def cells(folder: Path, *found: Any, metadata: dict[str, Any] | None = None) -> list[Part]:
    return notebook(folder, {"nbformat": 4, "nbformat_minor": 5, "metadata": metadata or {}, "cells": list(found)})


def notebook(folder: Path, content: dict[str, Any]) -> list[Part]:
    file = folder / "a.ipynb"
    file.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    return list(read(file, "a.ipynb"))
