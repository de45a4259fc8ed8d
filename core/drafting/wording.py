"""The words kcreate itself puts into a course, English and Chinese; everything else in it is the author's."""

from dataclasses import dataclass

from ..notes.language import Language


@dataclass(frozen=True)
class Wording:
    """Phrases of one language; braces are filled in by the code that uses them."""

    summary: str
    glossary: str
    joiner: str
    needs_source: str
    disagree: str


WORDING: dict[Language, Wording] = {
    "en": Wording(
        summary="In short",
        glossary="Glossary",
        joiner=" ",
        needs_source="[needs source]",
        disagree=" (The notes disagree: “{}”{})",
    ),
    "zh": Wording(
        summary="小结",
        glossary="术语表",
        joiner="",
        needs_source="[needs source]",
        disagree="（笔记说法不一：“{}”{}）",
    ),
}
