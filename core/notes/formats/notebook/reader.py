"""Jupyter notebooks (nbformat 3 and 4): prose, code and what it printed and drew; nothing is run.

The files are read as the JSON that they are: https://nbformat.readthedocs.io/en/latest/format_description.html. A notebook
that breaks its schema in one cell is read all the same.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ....errors import InputError
from ...encoding import decode
from ...language import language_of
from ..converted import Image, Part, Place
from ..markdown_writing import fence
from .outputs import Outputs, text_of_source

_MAGICS = {
    "bash": "bash", "sh": "bash", "script": "bash", "html": "html", "javascript": "javascript", "js": "javascript",
    "latex": "latex", "markdown": "markdown", "perl": "perl", "ruby": "ruby", "sql": "sql", "r": "r", "svg": "xml",
}  # fmt: skip
_ATTACHMENT = re.compile(
    r"(?<=\]\()attachment:(?P<name>[^)\s]+)(?=[\s)])|(?<=\]\(<)attachment:(?P<bracketed>[^>\n]+)(?=>)"
)
_DATA = re.compile(r"(?<=\]\()data:(?P<type>image/[\w.+-]+);base64,(?P<data>[A-Za-z0-9+/=\s]+?)(?=\))")
_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})(.*)$")


def read(file: Path, shown_as: str) -> Iterator[Part]:
    """The cells of a notebook that have something in them, one part each.

    Raises:
        InputError: the file cannot be opened, is no notebook, is broken or empty.
    """
    notebook = _loaded(file, shown_as)
    cells = [cell for cell in _cells(notebook) if isinstance(cell, dict)]
    prose = "\n".join(text_of_source(cell.get("source")) for cell in cells if cell.get("cell_type") == "markdown")
    outputs = Outputs(chinese=language_of(prose or _sources(cells)) == "zh")
    language = _language(notebook)
    written = False
    for number, cell in enumerate(cells, 1):
        images: list[Image] = []
        problems: list[str] = []
        text = _markdown(cell, number, language, outputs, images, problems)
        if text.strip() or problems:
            written = True
            warning = f"cell {number} {'; '.join(dict.fromkeys(problems))}" if problems else ""
            yield Part(text, Place("cell", str(number)), tuple(images), warning)
    if not written:
        raise InputError(f"{shown_as} is a notebook with nothing in it; write in it or leave it out.")


def _loaded(file: Path, shown_as: str) -> dict[str, Any]:
    try:
        data = file.read_bytes()
    except OSError as error:
        raise InputError(
            f"{shown_as} cannot be read ({error.strerror}); mend its permissions or move it away."
        ) from error
    if not data.strip():
        raise InputError(f"{shown_as} is empty; write something in it or leave it out.")
    text, _ = decode(data, shown_as)
    del data
    try:
        notebook = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InputError(
            f"{shown_as} is not valid JSON ({_reason(error)}); open it in Jupyter and save it again."
        ) from error
    if not isinstance(notebook, dict) or not (isinstance(notebook.get("cells"), list) or "worksheets" in notebook):
        raise InputError(f"{shown_as} is JSON but no Jupyter notebook; leave it out or give it its right ending.")
    return notebook


def _reason(error: Exception) -> str:
    return f"line {error.lineno}: {error.msg}" if isinstance(error, json.JSONDecodeError) else "it is nested too deeply"


def _cells(notebook: dict[str, Any]) -> list[Any]:
    """The cells; up to version 3 they lay in worksheets."""
    if isinstance(notebook.get("cells"), list):
        return list(notebook["cells"])
    sheets = notebook["worksheets"] if isinstance(notebook["worksheets"], list) else []
    return [cell for sheet in sheets if isinstance(sheet, dict) for cell in sheet.get("cells") or []]


def _sources(cells: list[dict[str, Any]]) -> str:
    return "\n".join(text_of_source(cell.get("source", cell.get("input"))) for cell in cells)


def _language(notebook: dict[str, Any]) -> str:
    """The kernel's language in the word that fences use."""
    metadata = notebook.get("metadata")
    metadata = metadata if isinstance(metadata, dict) else {}
    for holder, key in (("language_info", "name"), ("kernelspec", "language"), ("kernelspec", "name")):
        found = metadata.get(holder)
        if isinstance(found, dict) and isinstance(found.get(key), str) and found[key].strip():
            return _fence_word(found[key])
    return "python"


def _fence_word(name: str) -> str:
    word = re.sub(r"[^a-z0-9+#-]", "", name.lower())
    return {"ir": "r", "ipython": "python", "c++": "cpp", "c#": "csharp"}.get(
        word, re.sub(r"^(python|julia)[\d-].*", r"\1", word)
    )


def _markdown(
    cell: dict[str, Any], number: int, language: str, outputs: Outputs, images: list[Image], problems: list[str]
) -> str:
    """One cell as Markdown; its pictures go to `images`, what cannot be read to `problems`."""
    kind = cell.get("cell_type")
    source = text_of_source(cell.get("source", cell.get("input"))).replace("\r\n", "\n").strip("\n")
    metadata = cell.get("metadata")
    tags = metadata.get("tags", []) if isinstance(metadata, dict) else []
    tags = {str(tag).replace("_", "-") for tag in tags} if isinstance(tags, list) else set()
    if "remove-cell" in tags or (not source.strip() and not cell.get("outputs")):
        return ""
    if kind == "heading":  # version 3
        level = cell.get("level")
        return f"{'#' * (level if isinstance(level, int) and 1 <= level <= 6 else 1)} {' '.join(source.split())}"
    if kind in ("markdown", "html"):
        return _closed(_with_pictures(cell, source, number, outputs, images, problems))
    if kind == "raw":
        return "" if re.match(r"---\s*\n", source) else fence(source, "text")
    if kind != "code":
        return ""
    own = cell.get("language")
    blocks = (
        [_code(source, _fence_word(own) if isinstance(own, str) else language)]
        if source.strip() and "remove-input" not in tags
        else []
    )
    if "remove-output" not in tags:
        blocks += outputs.blocks(cell.get("outputs"), number, images, problems)
    return "\n\n".join(blocks)


def _code(source: str, language: str) -> str:
    """A code cell, in the language that its magic says if any; `%%markdown` and the like stay code."""
    magic = re.match(r"%%(\w+)", source)
    return fence(source, _MAGICS.get(magic[1].lower(), language) if magic else language)


def _with_pictures(
    cell: dict[str, Any], source: str, number: int, outputs: Outputs, images: list[Image], problems: list[str]
) -> str:
    """A Markdown cell with its attachments and inlined pictures as files."""
    attached = cell.get("attachments")
    attached = attached if isinstance(attached, dict) else {}

    def attachment(match: re.Match[str]) -> str:
        bundle = attached.get(match["name"] or match["bracketed"])
        return outputs.picture(bundle, number, images) if isinstance(bundle, dict) else ""

    def inlined(match: re.Match[str]) -> str:
        return outputs.picture({match["type"]: match["data"]}, number, images)

    def replaced(match: re.Match[str], name: str) -> str:
        if not name:
            problems.append("shows a picture that is not in the file or is broken; put it in again")
        return name or match[0][:40]

    source = _ATTACHMENT.sub(lambda match: replaced(match, attachment(match)), source)
    return _DATA.sub(lambda match: replaced(match, inlined(match)), source)


def _closed(source: str) -> str:
    """The source with a fence that it leaves open closed, so that it does not swallow the next cell."""
    opened = ""
    for line in source.split("\n"):
        if not (match := _FENCE.match(line)):
            continue
        if not opened:
            opened = match[1]
        elif match[1].startswith(opened) and not match[2].strip():
            opened = ""
    return f"{source}\n{opened}" if opened else source
