"""Definition: a term with what a sentence of the notes says it is, as the patterns of each language find it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Definition:
    """`meaning` is empty where the sentence uses the term and says no more; `article` and `plural` are for English."""

    term: str
    meaning: str
    article: str = ""
    plural: bool = False
