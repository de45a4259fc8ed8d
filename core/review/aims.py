"""What a good course reaches: each measure's name as an author reads it, its aim, and which way is better."""

from dataclasses import dataclass
from typing import Literal

Form = Literal["share", "count", "score", "grade"]


@dataclass(frozen=True)
class Aim:
    """A measure and what is aimed at.

    Attributes:
        limit: the value to reach; None where the measure only informs.
        less: whether less is better.
        form: how it is written: a share of 1 as per cent, a count, a score to 100, a number with one decimal.
        meaning: what it says, in a line.
    """

    name: str
    title: str
    limit: float | None
    form: Form
    meaning: str
    less: bool = False

    def reached(self, value: float) -> bool | None:
        """Whether a value is good enough; None where nothing is aimed at."""
        return None if self.limit is None else not self.worse(value, self.limit)

    def worse(self, value: float, limit: float) -> bool:
        """Whether a value is on the wrong side of a limit."""
        return value > limit + 1e-9 if self.less else value < limit - 1e-9

    def shown(self, value: float) -> str:
        """A value as a person reads it."""
        if self.form == "share":
            return f"{100 * value:.1f} %"
        return (
            f"{value:.0f}" if self.form == "count" else f"{value:.2f}" if self.name == "key_balance" else f"{value:.1f}"
        )


AIMS = (
    Aim("citation_recall", "Citation recall", 0.95, "share", "sentences that the lines they cite support"),
    Aim("citation_precision", "Citation precision", 0.90, "share", "citations that are true and needed"),
    Aim("needs_source", "Marked [needs source]", 0, "count", "sentences that still need a source", less=True),
    Aim("objective_alignment", "Objectives aligned", 1.0, "share", "objectives that are taught and asked"),
    Aim("source_coverage", "Source coverage", 0.7, "share", "passages of the notes that are cited"),
    Aim("repetition", "Repetition", 0.03, "share", "of what is said was said by an earlier lesson", less=True),
    Aim("length_score", "Length score", 80, "score", "of 100, how close to the length that was wanted"),
    Aim("words", "Words", None, "count", "of prose; characters in Chinese"),
    Aim("items", "Questions", None, "count", "in all quizzes"),
    Aim("items_acceptable", "Questions with at most one flaw", 0.95, "share", "by the rules of item writing"),
    Aim("flaws_per_item", "Flaws per question", None, "grade", "rules of item writing broken", less=True),
    Aim("key_balance", "Balance of right answers", 0.05, "grade", "p of a χ² test of their positions"),
    Aim(
        "language_purity", "Language purity", 0.98, "share", "of the words stand in sentences of the course's language"
    ),
    Aim("sentence_length", "Sentence length", None, "grade", "words of a sentence; characters in Chinese"),
    Aim("reading_grade", "Reading grade", None, "grade", "Flesch–Kincaid: years of school", less=True),
    Aim("rare_words", "Rare words", None, "share", "of the Chinese words", less=True),
    Aim("verbatim_share", "Word for word", None, "share", "of the prose stands in the notes as it is", less=True),
    Aim(
        "condensation",
        "Condensation",
        0.7,
        "share",
        "words of the prose to words of the passages it was drafted from",
        less=True,
    ),
    Aim("unbroken_blocks", "Blocks unbroken", 1.0, "share", "code, formulas and tables byte for byte"),
    Aim("private_data", "Private data", 0, "count", "addresses, numbers, accounts in the lessons", less=True),
    Aim("heading_soft_recall", "Headings (gold)", None, "share", "soft recall of the gold headings"),
    Aim("objective_soft_recall", "Objectives (gold)", None, "share", "soft recall of the gold objectives"),
    Aim("keypoint_soft_recall", "Key points (gold)", None, "share", "soft recall of the gold key points"),
    Aim("term_recall", "Terms (gold)", 0.7, "share", "gold terms that the course defines"),
    Aim("terms_named", "Terms named (gold)", None, "share", "gold terms that a lesson names"),
)
BY_NAME = {aim.name: aim for aim in AIMS}
