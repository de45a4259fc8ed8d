"""What a notebook's code cells put out, as Markdown: what was printed, cut where it is long, pictures, formulas, errors."""

import base64
import binascii
import re
from typing import Any

from ..converted import Image
from ..markdown_writing import fence
from ..picture_data import for_browsers

MAX_LINES = 30
"""Lines of one output that are kept."""
_MAX_COLUMNS = 400
_ANSI = re.compile(r"\x1b(?:\[[0-9;?]*[ -/]*[@-~]|[@-_])")
_OBJECT = re.compile(
    r"^\[?<[\w. ]+(?:object|figure|Figure|Axes|size|at 0x)[^\n]*>?\]?$|^(?:Text|Figure|FigureWidget)\([^\n]*\)$|^\[<matplotlib"
)
_PICTURES = ("image/png", "image/jpeg", "image/svg+xml", "image/gif", "image/webp", "png", "jpeg", "svg")
_VERSION_3 = {
    "text": "text/plain",
    "html": "text/html",
    "latex": "text/latex",
    "png": "image/png",
    "jpeg": "image/jpeg",
    "svg": "image/svg+xml",
}


def text_of_source(source: Any) -> str:
    """A cell's or an output's text, which a notebook keeps as one string or as a list of lines."""
    if isinstance(source, str):
        return source
    return "".join(line for line in source if isinstance(line, str)) if isinstance(source, list) else ""


class Outputs:
    """Writes the outputs of one notebook's cells."""

    def __init__(self, chinese: bool) -> None:
        """`chinese`: the notebook's prose is, and so is what is added to it."""
        self._chinese = chinese

    def blocks(self, outputs: Any, number: int, images: list[Image], problems: list[str]) -> list[str]:
        """The outputs of cell `number` as Markdown blocks; pictures go to `images`, broken ones to `problems`."""
        blocks: list[str] = []
        printed = ""
        for output in outputs if isinstance(outputs, list) else []:
            if not isinstance(output, dict):
                continue
            kind = output.get("output_type")
            if kind == "stream":
                if (output.get("name") or output.get("stream")) != "stderr":
                    printed += text_of_source(output.get("text"))
                continue
            blocks += self._printed(printed)
            printed = ""
            if kind in ("error", "pyerr"):
                blocks += self._printed(_error(output))
            elif kind in ("execute_result", "display_data", "pyout"):
                blocks += self._shown(_bundle(output), number, images, problems)
        return blocks + self._printed(printed)

    def picture(self, bundle: dict[str, Any], number: int, images: list[Image]) -> str:
        """The name of the picture in a bundle of one thing in several formats, its bytes added to `images`; else empty."""
        for kind in _PICTURES:
            if not (written := text_of_source(bundle.get(kind))):
                continue
            try:
                data = written.encode() if "svg" in kind else base64.b64decode("".join(written.split()), validate=True)
            except (binascii.Error, ValueError):
                continue
            if shown := for_browsers(data):
                images.append(Image(f"cell{number}-{len(images) + 1}{shown[1]}", shown[0]))
                return images[-1].name
        return ""

    def _shown(self, bundle: dict[str, Any], number: int, images: list[Image], problems: list[str]) -> list[str]:
        """One result in the best of its formats that Markdown can carry."""
        if any(bundle.get(kind) for kind in _PICTURES):
            if name := self.picture(bundle, number, images):
                alt = f"第 {number} 个单元格的输出" if self._chinese else f"Output of cell {number}"
                return [f"![{alt}]({name})"]
            problems.append("has a picture that is broken; run the cell again")
        if markdown := text_of_source(bundle.get("text/markdown")).strip():
            return [markdown]
        latex = text_of_source(bundle.get("text/latex")).strip()
        if formula := re.fullmatch(r"\$\$?(?:\\displaystyle)?\s*([^$]+?)\s*\$\$?", latex):
            return [f"$${' '.join(formula[1].split())}$$"]
        return self._printed(text_of_source(bundle.get("text/plain")))

    def _printed(self, text: str) -> list[str]:
        """What was printed as a fenced block, cut after `MAX_LINES` with a line that says how much is missing."""
        lines = [line.rpartition("\r")[2].rstrip() for line in _ANSI.sub("", text.replace("\r\n", "\n")).split("\n")]
        while lines and not lines[-1]:
            lines.pop()
        while lines and not lines[0]:
            del lines[0]
        if not lines or (len(lines) == 1 and _OBJECT.match(lines[0].strip())):
            return []
        kept = [line if len(line) <= _MAX_COLUMNS else f"{line[:_MAX_COLUMNS]}…" for line in lines[:MAX_LINES]]
        if missing := len(lines) - len(kept):
            kept.append(f"…（另有 {missing} 行未收录）" if self._chinese else f"… ({missing} more lines left out)")
        return [fence("\n".join(kept), "text")]


def _bundle(output: dict[str, Any]) -> dict[str, Any]:
    """The formats of a result by MIME type; version 3 had short names beside the other keys."""
    data = output.get("data")
    if isinstance(data, dict):
        return data
    return {mime: output[name] for name, mime in _VERSION_3.items() if name in output}


def _error(output: dict[str, Any]) -> str:
    """An error's last line, without the traceback."""
    name, value = str(output.get("ename") or ""), str(output.get("evalue") or "")
    value = value.strip().split("\n")[0]
    return f"{name}: {value}" if name and value else name or value
