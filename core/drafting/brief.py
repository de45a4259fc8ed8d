"""The brief: what the author wants of a unit beyond what the notes say; drafting and prompts both read it."""

import re
from dataclasses import dataclass
from typing import Literal

Level = Literal["", "beginner", "intermediate", "advanced"]

_LEVELS: tuple[tuple[Level, re.Pattern[str]], ...] = (
    (
        "beginner",
        re.compile(
            r"\b(?:beginn|novice|newcomer|introduct|elementary|basic|no prior|none|nothing|first[- ]time|school|child|kid|lay)|"
            r"初学|入门|零基础|新手|小白|初级|基础|小学|初中|儿童|没有",
            re.IGNORECASE,
        ),
    ),
    (
        "advanced",
        re.compile(
            r"\b(?:advanced|expert|experienced|professional|graduate|senior)|高级|进阶|专家|资深|研究生|专业", re.I
        ),
    ),
    (
        "intermediate",
        re.compile(r"\b(?:intermediate|some|improver|practition|undergrad)|中级|有一定|有些|本科", re.IGNORECASE),
    ),
)


@dataclass(frozen=True)
class Brief:
    """Whom a unit is for and how it is wanted.

    Attributes:
        audience: whom the course is for, in the author's words.
        level: what they know already, in the author's words.
        instruction: what the author asked of this unit (`--instruction`).
        example: the Markdown of a unit this one is to be more like (`--more-like-this`).
        version: 0 for a first draft; each redo counts up, so that something else comes out of the same seed.
    """

    audience: str = ""
    level: str = ""
    instruction: str = ""
    example: str = ""
    version: int = 0

    @property
    def grade(self) -> Level:
        """The level as one of three, told from the level's words and else from the audience's; empty where neither tells."""
        for text in (self.level, self.audience):
            for grade, words in _LEVELS:
                if words.search(text):
                    return grade
        return ""
