"""The lists that tell names from words, read once from the files beside this one."""

import math
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path

from ...errors import InputError

_RARE = 3
"""Words that the dictionary counted less often are no help: some are names."""


def _lines(name: str) -> list[str]:
    text = (files(__package__) / name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if not line.startswith("#")]


@cache
def rows_of(name: str) -> dict[str, str]:
    """The rows of a list whose lines begin with their name, such as `names_zh.txt`."""
    return dict(line.split(" ", 1) for line in _lines(name))


@cache
def words_of(name: str) -> frozenset[str]:
    """The words of a list such as `given_names.txt`, in lower case."""
    return frozenset(word.lower() for line in _lines(name) for word in line.split())


@cache
def given_names() -> frozenset[str]:
    """Given names in Latin letters, in lower case: of the United States, and of the rest of the world."""
    return words_of("given_names.txt") | frozenset(rows_of("names_world.txt")["given"].split())


@cache
def surnames() -> frozenset[str]:
    """Surnames in Latin letters, in lower case: of the United States, and of the rest of the world."""
    return words_of("surnames.txt") | frozenset(rows_of("names_world.txt")["surnames"].split())


@dataclass(frozen=True)
class ChineseNames:
    """What Chinese names are made of, each with its cost: minus the logarithm of how likely it is in a name.

    Attributes:
        surnames: of one character and of two.
        given: characters of given names.
        pairs: given names of two characters so common that some are words too.
        units: pieces of two or three characters of which Tibetan, Mongolian, Uyghur and Yi names are made.
        japanese: Japanese surnames of two and three characters.
        openings: characters that any name may begin with.
        pieces: the first two characters of `units` and `japanese`.
        places: provinces, cities and districts, none of them a person.
    """

    surnames: dict[str, float]
    given: dict[str, float]
    pairs: frozenset[str]
    units: frozenset[str]
    japanese: frozenset[str]
    places: frozenset[str]
    openings: frozenset[str]
    pieces: frozenset[str]


@cache
def chinese_names() -> ChineseNames:
    """Surnames and given names of `names_zh.txt`; its lists are in order of frequency, which Zipf's law turns into cost."""
    rows = rows_of("names_zh.txt")
    surnames = dict.fromkeys(rows["compound"].split(), 7.0)
    for place, surname in enumerate(rows["rare"]):
        surnames.setdefault(surname, 7.0 + place / 120)
    for place, surname in enumerate(rows["common"]):
        surnames[surname] = 2.6 + 0.7 * math.log1p(place)
    given = dict.fromkeys(rows["given3"], 7.6) | dict.fromkeys(rows["given2"], 6.6) | dict.fromkeys(rows["given1"], 5.2)
    pairs, units, japanese = (frozenset(rows[name].split()) for name in ("pairs", "units", "japanese"))
    pieces = frozenset(piece[:2] for piece in units | japanese)
    openings = frozenset(piece[0] for piece in pieces) | frozenset(surname[0] for surname in surnames)
    return ChineseNames(surnames, given, pairs, units, japanese, words_of("regions_zh.txt"), openings, pieces)


@cache
def chinese_words() -> dict[str, float]:
    """Common words with their cost, minus the logarithm of their share in running text.

    They are counted in the dictionary of jieba (MIT), a text file that is read without loading the package; what it takes
    for names of people is left out but for the words of `words_zh.txt`.
    """
    rows = rows_of("words_zh.txt")
    no_names = frozenset(rows["words"].split())
    total = math.log(60e6)
    costs: dict[str, float] = {}
    with _dictionary().open(encoding="utf-8") as lines:
        for line in lines:
            word, count, kind = line.split()
            if int(count) >= _RARE and len(word) <= 5 and (not kind.startswith("nr") or word in no_names):
                costs[word] = total - math.log(int(count))
    return costs | dict.fromkeys(rows["added"].split(), 12.0)


def _dictionary() -> Path:
    """Where jieba's dictionary lies."""
    found = find_spec("jieba")
    if found is None or found.origin is None:
        raise InputError("Names in Chinese notes are told from words by jieba; install it anew: pip install jieba.")
    return Path(found.origin).with_name("dict.txt")
