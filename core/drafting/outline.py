"""The outline: documents and their headings become modules and lessons, in an order that teaches."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from ..course.course import CourseFile, LessonEntry, Module
from ..errors import InputError
from ..notes.document import Document, Notes
from ..notes.language import Language, size
from ..notes.passages import Passage, passages
from .statements import unmarked

SMALLEST = 80
"""Words below which a document is too little for a lesson of its own and joins its neighbour."""
LARGEST = 2400
"""Words above which a document is split at its headings into several lessons."""

_SOURCE = re.compile(r"^(?P<file>.+?)#L(?P<first>\d+)-L(?P<last>\d+)$")
_LETTERS = str.maketrans(
    {"ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "ß": "ss", "æ": "ae", "Æ": "Ae", "œ": "oe", "ı": "i"}
)
_INDEX = re.compile(r"^(?:index|readme|_index|toc|contents|summary|overview)$", re.IGNORECASE)


@dataclass
class LessonPlan:
    """What a lesson will stand on: whole passages, in order."""

    title: str
    passages: list[Passage]
    group: str = ""

    @property
    def words(self) -> int:
        """How much there is to read; a word of code or of a formula counts half."""
        weights = {"heading": 0.0, "code": 0.5, "math": 0.5}
        return round(sum(size(passage.text) * weights.get(passage.kind, 1.0) for passage in self.passages))

    @property
    def sources(self) -> list[str]:
        """Its passages as runs of lines: `file.md#L1-L40`."""
        runs: list[tuple[str, int, int]] = []
        for passage in self.passages:
            if runs and runs[-1][0] == passage.file:
                runs[-1] = (passage.file, runs[-1][1], passage.last)
            else:
                runs.append((passage.file, passage.first, passage.last))
        return [f"{file}#L{first}-L{last}" for file, first, last in runs]


@dataclass
class _Group:
    name: str
    title: str
    lessons: list[LessonPlan] = field(default_factory=list)


def outline(notes: Notes, language: Language, title: str | None = None) -> CourseFile:
    """Modules and lessons for the notes, by their own structure.

    A document is a lesson; a long one is split at its headings, a very short one joins the next. Folders, or the
    beginning that file names share, make modules; an index file gives its module's title and the order in it.

    Args:
        notes: `source` is what the course is called where neither `title` nor the notes say it.

    Raises:
        InputError: there is nothing in the notes to teach from.
    """
    check_teachable(notes)
    groups = _groups(notes)
    for group in groups:
        group.lessons = [part for plan in _merge_small(group.lessons) for part in _split_large(plan)]
    groups = [group for group in groups if group.lessons]
    taken: set[str] = set()
    modules = []
    for group in groups:
        entries = []
        for plan in group.lessons:
            entries.append(LessonEntry(id=_free_id(plan, taken), title=plan.title, sources=plan.sources))
        modules.append(Module(title=group.title, lessons=entries))
    course_title = title or _course_title(notes, groups, language)
    if len(modules) == 1:
        modules[0].title = course_title
    return CourseFile(title=course_title, language=language, modules=modules)


def check_teachable(notes: Notes) -> None:
    """Refuse notes of code, formulas and headings alone.

    Raises:
        InputError: there is no paragraph, list, table or quotation in them.
    """
    kinds = {passage.kind for document in notes.documents for passage in passages(document)}
    if not kinds & {"paragraph", "list", "table", "quote"}:
        raise InputError(f"{notes.source} holds no paragraph to teach from; add some sentences to the notes.")


def passages_of(entry: LessonEntry, documents: Sequence[Document]) -> list[Passage]:
    """The passages that a lesson's `sources` name.

    Raises:
        InputError: a source names no file of the notes, or is not of the form `file.md#L1-L40`.
    """
    by_name = {document.name: document for document in documents}
    found: list[Passage] = []
    for source in entry.sources:
        match = _SOURCE.match(source)
        name = match["file"] if match else source.partition("#")[0]
        if name not in by_name or ("#" in source and not match):
            raise InputError(
                f"course.yaml: the source '{source}' of lesson '{entry.id}' is not a file of notes/ with lines, as in 'a.md#L1-L40'."
            )
        first, last = (int(match["first"]), int(match["last"])) if match else (1, 10**9)
        found += [one for one in passages(by_name[name]) if one.first >= first and one.last <= last]
    return found


def _groups(notes: Notes) -> list[_Group]:
    """The documents as lessons to be, grouped by folder or by the beginning of their names, index files applied."""
    prefixes = _shared_prefixes([document.name for document in notes.documents])
    groups: dict[str, _Group] = {}
    orders: dict[str, list[str]] = {}
    for document in notes.documents:
        name = prefixes[document.name]
        group = groups.setdefault(name, _Group(name, _words_of_name(name)))
        parts = passages(document)
        stem = _own_stem(document.name, name)
        named = _words_of_name(stem)
        says_nothing = len(re.findall(r"[^\W\d_]", named)) < 3 and not re.search(r"[一-鿿]{2}", named)
        title = _title_of(parts) or ((says_nothing and _opening_words(parts)) or named)
        plan = LessonPlan(title, parts, stem)
        if _INDEX.match(stem):
            group.title = title
            orders[name] = _listed(document.text)
            group.lessons.insert(0, plan)
        else:
            group.lessons.append(plan)
    for name, order in orders.items():
        rank = {stem: position for position, stem in enumerate(order)}
        groups[name].lessons.sort(key=lambda plan: -1 if _INDEX.match(plan.group) else rank.get(plan.group, len(rank)))
    return list(groups.values())


def _shared_prefixes(names: list[str]) -> dict[str, str]:
    """For each name its module's name: the folder, else the longest run of words that a neighbour begins with too."""
    folders = {name: str(PurePosixPath(name).parent) for name in names}
    if len(set(folders.values())) > 1:
        return {name: "" if folder == "." else folder for name, folder in folders.items()}
    stems = [PurePosixPath(name).stem for name in names]
    prefix: dict[str, str] = {}
    for name, stem in zip(names, stems, strict=True):
        pieces = stem.split("-")
        if re.match(r"\d", stem) or len(pieces) < 2:
            prefix[name] = ""
            continue
        index_prefix = [other.rpartition("-")[0] for other in stems if _INDEX.match(other.rpartition("-")[2])]
        matching = [one for one in index_prefix if one and stem.startswith(f"{one}-")]
        prefix[name] = max(matching, key=len) if matching else ""
    return prefix


def _own_stem(name: str, group: str) -> str:
    stem = PurePosixPath(name).stem
    return stem.removeprefix(f"{group}-") if group else stem


def _listed(text: str) -> list[str]:
    """The file stems that an index lists, one a line or as links, in order."""
    found = re.findall(
        r"^[ \t]*(?:[-*+\d.]+[ \t]+)?(?:\[[^\]]*\]\()?(?:\./)?([\w-]+)(?:\.md)?\)?[ \t]*$", text, re.MULTILINE
    )
    return list(dict.fromkeys(found))


def _title_of(parts: list[Passage]) -> str:
    """A document's title: its highest heading, unless that is one of several sections, or a section that comes late."""
    headings = [one for one in parts if one.kind == "heading"]
    if not headings:
        return ""
    top = min(one.level for one in headings)
    highest = [one for one in headings if one.level == top]
    sections = len(highest) > 2 and parts.index(highest[1]) > 1 and parts[0] is highest[0]
    comes_late = top > 1 and parts.index(highest[0]) > 1
    if sections or comes_late:
        return ""
    return highest[0].title


def _opening_words(parts: list[Passage]) -> str:
    """A title for a document that has neither a heading nor a name that says anything: how it begins."""
    text = next((unmarked(" ".join(one.text.split())) for one in parts if one.kind == "paragraph"), "")
    start = re.split(r"[.:;。：；，,!?！？]", text, maxsplit=1)[0].strip()
    if subject := re.match(r"(?:(?:An?|The) )?(?P<term>\S+(?: \S+){0,3}?) (?:is|are|was|were|means)\b", start):
        start = subject["term"][:1].upper() + subject["term"][1:]
    words = start.split(" ")
    return start[:24] if re.search(r"[一-鿿]", start) else " ".join([words[0][:1].upper() + words[0][1:], *words[1:8]])


def _merge_small(plans: list[LessonPlan]) -> list[LessonPlan]:
    """Plans too small for a lesson joined to the one before; the first ones, and an index, open the one after them."""
    merged: list[LessonPlan] = []
    waiting: list[LessonPlan] = []
    for plan in plans:
        opens = _INDEX.match(plan.group) and plan.words < 4 * SMALLEST
        if opens or (plan.words < SMALLEST and not merged):
            waiting.append(plan)
        elif plan.words < SMALLEST:
            merged[-1].passages = merged[-1].passages + plan.passages
        else:
            opening = [passage for each in waiting for passage in each.passages]
            merged.append(LessonPlan(plan.title, opening + plan.passages, plan.group))
            waiting = []
    rest = [passage for each in waiting for passage in each.passages]
    if any(passage.kind != "heading" for passage in rest):
        if merged:
            merged[-1].passages = merged[-1].passages + rest
        else:
            merged.append(LessonPlan(waiting[0].title, rest, waiting[0].group))
    return merged


def _split_large(plan: LessonPlan) -> list[LessonPlan]:
    """A long plan as several of even size, cut before headings of the highest rank there is below its title."""
    if plan.words <= LARGEST:
        return [plan]
    pieces = _cut(plan.passages)
    total = plan.words
    wanted = -(-total // LARGEST)
    target = total / wanted
    parts: list[list[Passage]] = [[]]
    filled = 0
    for piece in pieces:
        length = LessonPlan("", piece).words
        if parts[-1] and filled + length / 2 > target * len(parts) and len(parts) < wanted:
            parts.append([])
        parts[-1] += piece
        filled += length
    plans: list[LessonPlan] = []
    for number, part in enumerate(parts, 1):
        heading = next((one.title for one in part if one.kind == "heading" and one.title != plan.title), "")
        title = plan.title if number == 1 else (heading or f"{plan.title} ({number})")
        plans.append(LessonPlan(title, part, plan.group))
    return plans


def _cut(parts: list[Passage]) -> list[list[Passage]]:
    """Passages in pieces that belong together: sections, or single paragraphs with what they lead into."""
    ranks = sorted({one.level for one in parts if one.kind == "heading"})
    rank = ranks[1] if len(ranks) > 1 else (ranks[0] if ranks else 0)
    pieces: list[list[Passage]] = [[]]
    for index, one in enumerate(parts):
        starts = one.kind == "heading" and one.level <= rank if rank else one.kind == "paragraph" and index > 0
        if starts and any(each.kind != "heading" for each in pieces[-1]):
            pieces.append([])
        pieces[-1].append(one)
    return pieces


def _course_title(notes: Notes, groups: list[_Group], language: Language) -> str:
    """The course's title: the only document's, the modules' joined where they are few, else the folder's name."""
    titled = [group.title for group in groups if group.name]
    if len(groups) == 1 and (groups[0].title or len(groups[0].lessons) == 1):
        return groups[0].title or groups[0].lessons[0].title
    if 1 <= len(titled) <= 3 and len(titled) == len(groups):
        return "、".join(titled) if language == "zh" else " and ".join(titled)
    return _words_of_name(notes.source) or groups[0].lessons[0].title


def _words_of_name(name: str) -> str:
    """A file's or folder's name as words: `02-first_steps` → `First steps`."""
    text = re.sub(r"^(?:\d{4}[-_.]\d{1,2}(?:[-_.]\d{1,2})?(?!\d)|\d+)[-_. ]*", "", PurePosixPath(name).name)
    text = re.sub(r"[-_]+", " ", text).strip()
    return text[:1].upper() + text[1:]


def _free_id(plan: LessonPlan, taken: set[str]) -> str:
    """An id for file names, links and packages: the title in ASCII, else the file's name, else the title as it is."""
    stem = re.sub(r"^[\d\-_. ]+", "", plan.group)
    first = slug(plan.title) or slug(stem) or re.sub(r"[^\w]+", "-", plan.title).strip("-").lower()[:40] or "lesson"
    chosen, number = first, 2
    while chosen in taken:
        chosen = f"{first}-{number}"
        number += 1
    taken.add(chosen)
    return chosen


def slug(text: str) -> str:
    """`text` as lower-case ASCII words joined by hyphens; empty where letters of another script would be lost."""
    if re.search(r"[^\W\d_]", re.sub(r"[ -ɏ]", "", text)):
        return ""
    folded = unicodedata.normalize("NFKD", text.translate(_LETTERS)).encode("ascii", "ignore").decode().lower()
    words = re.findall(r"[a-z0-9]+", re.sub(r"['’]", "", folded))
    short = "-".join(words[:8])
    return short if not short[:1].isdigit() else f"n{short}"
