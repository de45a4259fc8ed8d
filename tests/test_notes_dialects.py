"""Dialects of Markdown: what other tools read becomes what the house reads, line for line."""

import pytest

from kcreate.core.notes.dialects import one_dialect

CODE = "```text\n!!! note\n**Bold**\n\\(x\\) ==y==\n```"


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (
            '!!! note "Ratio"\n    One part starter.\n    Five parts flour.',
            "> **Ratio:**\n> One part starter.\n> Five parts flour.",
        ),
        ("> [!TIP]\n> Look at the band.", "> **Tip:**\n> Look at the band."),
        ("> [!NOTE]\n> 水温很重要，泡茶的时候要记得。", "> **说明：**\n> 水温很重要，泡茶的时候要记得。"),
        ("::: warning\nThrow it away.\n:::", "\nThrow it away.\n"),
        ("NodePort\n: opens a port", "- **NodePort**:\n  opens a port"),
        ("In [3]:\n\nText.", "\n\nText."),
        ("1. Scope\n--------\n\nText.", "## 1. Scope\n\n\nText."),
        (r"If \(b_n\to A\) then `\(x\)`.", r"If $b_n\to A$ then `\(x\)`."),
        ("\\[\ne=\\lim x\n\\]", "$$\ne=\\lim x\n$$"),
        ("Some ==marked== words.", "Some marked words."),
        (CODE, CODE),
        ("A list of things \\(not a formula\\).", "A list of things \\(not a formula\\)."),
    ],
)
def test_a_dialect_becomes_plain_markdown_once_and_for_all(written: str, read: str) -> None:
    assert one_dialect(written) == read
    assert one_dialect(read) == read


def test_bold_lines_that_come_again_are_headings_below_those_there_are() -> None:
    text = "# Photo\n\n**Exposure**\n\nText.\n\n**ISO**\n\n**Always** look.\n"
    assert one_dialect(text) == "# Photo\n\n## Exposure\n\nText.\n\n## ISO\n\n**Always** look.\n"
    assert one_dialect("Text.\n\n**Once**\n\nText.\n") == "Text.\n\n**Once**\n\nText.\n"
