"""Candidates: stretches of the notes that may become lessons, before it is decided how many there will be."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from ..notes.language import size
from ..notes.passages import Passage

_WEIGHTS = {"heading": 0.0, "code": 0.5, "math": 0.5, "figure": 0.0}


@dataclass
class Candidate:
    """What a lesson could stand on: whole passages, in order.

    Attributes:
        stem: the name of the file it begins with, without folders and ending; it names the lesson where no title can.
        whole: names of the files all of whose passages are in it.
        subjects: the titles of what was put together in it, empty where it is one thing.
    """

    title: str
    passages: list[Passage]
    stem: str = ""
    whole: frozenset[str] = frozenset()
    subjects: tuple[str, ...] = ()

    @property
    def words(self) -> int:
        """How much there is to read."""
        return words_in(self.passages)

    @property
    def sources(self) -> list[str]:
        """Its passages as whole files (`file.md`) or runs of lines (`file.md#L1-L40`)."""
        runs: list[tuple[str, int, int]] = []
        for passage in self.passages:
            if runs and runs[-1][0] == passage.file and (passage.file in self.whole or _follows(runs[-1][2], passage)):
                runs[-1] = (passage.file, runs[-1][1], passage.last)
            else:
                runs.append((passage.file, passage.first, passage.last))
        return [file if file in self.whole else f"{file}#L{first}-L{last}" for file, first, last in runs]


@dataclass
class Group:
    """A module to be: candidates under one name of the notes' own."""

    title: str
    candidates: list[Candidate] = field(default_factory=list)


def words_in(passages: Sequence[Passage]) -> int:
    """How many words there are to read; a word of code or of a formula counts half."""
    return round(sum(size(passage.text) * _WEIGHTS.get(passage.kind, 1.0) for passage in passages))


def _follows(last: int, passage: Passage) -> bool:
    """Whether nothing was left out between a line and a passage: blank lines and markers of places apart."""
    return passage.first - last <= 4
