"""Tables of contents are left out: they say again what the headings say."""

import re

from .blocks import Block
from .marks import CONTENTS

_TITLE = re.compile(
    r"(?:table of )?contents|inhalt(?:sverzeichnis)?|table des matières|sommaire|índice|目\s*[录錄次]", re.IGNORECASE
)


def without_contents(blocks: list[Block]) -> list[Block]:
    """The blocks of a page without a table of contents: entries with dots, or what follows its title and ends in numbers."""
    titles = {
        place for place, block in enumerate(blocks) if _TITLE.fullmatch(block.text.strip()) and len(block.text) < 30
    }
    dropped = {place for place, block in enumerate(blocks) if CONTENTS.search(block.text)}
    for title in titles:
        for place in range(title + 1, len(blocks)):
            if not _is_entry(blocks[place]):
                break
            dropped.add(place)
    if sum(blocks[place].text.count("\n") + 1 for place in dropped) < 3:
        return blocks
    return [block for place, block in enumerate(blocks) if place not in dropped | titles]


def _is_entry(block: Block) -> bool:
    """Whether a block, or each row of a table, is a title with the number of its page."""
    if block.kind == "table":
        rows = block.text.split("\n")
        return all(re.search(r"\|\s*[\divxlc]{1,5}\s*\|$", row, re.IGNORECASE) for row in [rows[0], *rows[2:]])
    return len(block.text) < 150 and bool(re.search(r"[\s.…]\d{1,4}$", block.text))
