"""The notes' own structure: folders, shared beginnings of file names, index files, numbers and dates."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from ..notes.document import Document
from ..notes.passages import Passage, passages
from ..notes.teaching import speakers, teaches, without_speaker
from .candidate import Candidate, Group
from .titles import opening_words, says_something, title_of, words_of_name

_INDEX = re.compile(r"^(?:index|readme|_index|toc|contents|summary|overview|目录|总览)$", re.IGNORECASE)
_NUMBERED = re.compile(
    r"^[a-z]?\d|^[一二三四五六七八九十]+[、.．]|第[〇零一二三四五六七八九十百\d]+[讲章节课周单元部分篇回期]|"
    r"\b(?:week|lecture|lesson|chapter|part|unit|module|day|session|episode|ch|lec)[ _-]?\d|[^\W\d_]\d{1,3}$",
    re.IGNORECASE,
)
_DATED = re.compile(r"^(\d{4})[-_.](\d{1,2})(?:[-_.](\d{1,2}))?(?!\d)")


@dataclass(frozen=True)
class Part:
    """What a course takes of a document: those of its passages that teach and are in the course's language."""

    document: Document
    passages: tuple[Passage, ...]

    @property
    def name(self) -> str:
        return self.document.name

    @property
    def is_whole(self) -> bool:
        """Whether nothing of it was left out."""
        return len(self.passages) == len(passages(self.document))


def has_order(names: Sequence[str]) -> bool:
    """Whether most files are numbered or dated, by their own names or their folders', or an index is among them."""
    numbered = sum(any(_NUMBERED.search(piece) for piece in _pieces(name)) for name in names)
    indexed = any(_INDEX.match(PurePosixPath(name).stem.rpartition("-")[2]) for name in names)
    return len(names) < 2 or indexed or 2 * numbered >= len(names)


def groups_of(parts: Sequence[Part]) -> list[Group]:
    """The documents as candidates, grouped by folder or by the beginning of their names, index files applied.

    Folders that hold one document each are no modules but the lessons' names.
    """
    parts = _by_date(parts)
    prefixes = _shared_prefixes([part.name for part in parts])
    sizes = [list(prefixes.values()).count(prefix) for prefix in set(prefixes.values())]
    if len(sizes) > 1 and sum(one == 1 for one in sizes) > 0.6 * len(sizes):
        prefixes = dict.fromkeys(prefixes, "")
    groups: dict[str, Group] = {}
    orders: dict[str, list[str]] = {}
    for part in parts:
        name = prefixes[part.name]
        group = groups.setdefault(name, Group(words_of_name(name) if says_something(words_of_name(name)) else ""))
        candidate = candidate_of(part, name)
        if _INDEX.match(candidate.stem):
            group.title = candidate.title
            orders[name] = _listed(part.document.text)
            group.candidates.insert(0, candidate)
        else:
            group.candidates.append(candidate)
    for name, order in orders.items():
        rank = {stem: position for position, stem in enumerate(order)}
        groups[name].candidates.sort(key=lambda one: -1 if is_index(one) else rank.get(one.stem, len(rank)))
    return list(groups.values())


def candidate_of(part: Part, group: str = "") -> Candidate:
    """A document as a lesson to be, titled by its heading, by its name or its folder's, or by how it begins."""
    stem = PurePosixPath(part.name).stem
    stem = stem.removeprefix(f"{group}-") if group else stem
    folder = words_of_name(str(PurePosixPath(part.name).parent)) if "/" in part.name else ""
    names = [one for one in (words_of_name(stem), folder) if says_something(one)]
    said = [one for one in part.passages if one.kind in {"paragraph", "list"}]
    who = speakers(said)
    talk = [one for one in said if without_speaker(one.text, who) != one.text]
    if 2 * len(talk) > len(said):
        names = []  # a chat is named by who talks in it and not by what about
        said = [replace(one, text=without_speaker(one.text, who)) for one in said]
    title = title_of(part.passages) or next(iter(names), "")
    title = title or opening_words([one for one in said if teaches(one)] or said) or words_of_name(stem)
    return Candidate(title, list(part.passages), stem, frozenset({part.name} if part.is_whole else ()))


def is_index(candidate: Candidate) -> bool:
    """Whether it is an index or a foreword, which opens what follows and is no lesson of its own unless it is long."""
    return bool(_INDEX.match(candidate.stem))


def _pieces(name: str) -> tuple[str, ...]:
    path = PurePosixPath(name)
    return (*path.parent.parts, path.stem)


def _by_date(parts: Sequence[Part]) -> Sequence[Part]:
    """In the order of their dates where every name begins with one; a month without a day comes before its days."""
    dates = [_DATED.match(PurePosixPath(part.name).stem) for part in parts]
    if any(date is None for date in dates):
        return parts
    keyed = [
        ([int(number or 0) for number in date.groups()], part) for date, part in zip(dates, parts, strict=True) if date
    ]
    return [part for _, part in sorted(keyed, key=lambda each: each[0])]


def _shared_prefixes(names: Sequence[str]) -> dict[str, str]:
    """For each name its module's name: the folder, else the beginning that it shares with an index file."""
    folders = {name: str(PurePosixPath(name).parent) for name in names}
    if len(set(folders.values())) > 1:
        return {name: "" if folder == "." else folder for name, folder in folders.items()}
    stems = [PurePosixPath(name).stem for name in names]
    prefix: dict[str, str] = {}
    for name, stem in zip(names, stems, strict=True):
        if re.match(r"\d", stem) or "-" not in stem:
            prefix[name] = ""
            continue
        index_prefix = [other.rpartition("-")[0] for other in stems if _INDEX.match(other.rpartition("-")[2])]
        matching = [one for one in index_prefix if one and stem.startswith(f"{one}-")]
        prefix[name] = max(matching, key=len) if matching else ""
    return prefix


def _listed(text: str) -> list[str]:
    """The file stems that an index lists, one a line or as links, in order."""
    found = re.findall(
        r"^[ \t]*(?:[-*+\d.]+[ \t]+)?(?:\[[^\]]*\]\()?(?:\./)?([\w-]+)(?:\.md)?\)?[ \t]*$", text, re.MULTILINE
    )
    return list(dict.fromkeys(found))
