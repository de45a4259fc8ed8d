"""Lines in a font of one width as fenced code: what stands in which column is kept."""

import re
from statistics import median

from .lines import CJK, Line, pitch


def fenced(lines: list[Line]) -> str:
    """Lines of one width with their indentation, as fenced code; a gap between them stays an empty line."""
    widths = [(word.x1 - word.x0) / len(word.text) for line in lines for word in line.words if word.text.isascii()]
    width = median(widths) if widths else 0.6 * lines[0].size
    left = min(line.x0 for line in lines)
    step = pitch(lines)
    written: list[str] = []
    for index, line in enumerate(lines):
        if index:
            gap = (line.baseline - lines[index - 1].baseline) / line.size
            written += [""] * max(0, min(3, round(gap / step) - 1))
        text = ""
        for word in line.words:
            column = round((word.x0 - left) / max(0.1, width))
            text += (
                " " * max(1 if text and (word.spaced or column > len(text)) else 0, column - _columns(text)) + word.text
            )
        written.append(text)
    fence = "`" * max(3, 1 + max((len(run) for run in re.findall(r"`+", "\n".join(written))), default=0))
    return "\n".join([fence, *written, fence])


def _columns(text: str) -> int:
    """What a text takes up in columns of one width; a Chinese character takes nearly two."""
    return len(text) + len(CJK.findall(text))
