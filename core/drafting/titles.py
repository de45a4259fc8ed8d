"""Titles of lessons, modules and the course, in the notes' own words."""

import re
from collections import Counter
from collections.abc import Sequence
from pathlib import PurePosixPath

from ..notes.language import Language, size
from ..notes.passages import Passage
from ..notes.words import STOPWORDS, stem
from .statements import unmarked

_OPENING = 12
LONGEST = 60
"""Characters of a title that is put together from others."""
_GENERIC = frozenset([
    "exercise", "exercises", "worksheet", "quiz", "test", "problem", "problems", "question", "questions", "handout", "notes",
    "note", "src", "source", "sources", "docs", "doc", "documents", "content", "contents", "text", "texts", "md", "markdown",
    "txt", "data", "misc", "miscellaneous", "various", "other", "others", "stuff", "old", "new", "temp", "tmp", "untitled",
    "folder", "files", "file", "download", "downloads", "desktop", "bad", "archive", "backup", "copy", "copies", "chat",
    "chats", "slide", "slides", "subs", "subtitles", "web", "html", "word", "pdf", "pdfs", "lecture", "lectures", "lesson",
    "lessons", "course", "class", "material", "materials", "draft", "drafts", "my", "final", "week", "day", "part", "chapter",
    "unit", "session", "export", "exports", "input", "in", "out", "笔记", "资料", "文档", "文件", "新建文件夹", "讲义", "课件",
    "素材", "备份", "副本", "下载", "桌面", "中文", "中文讲义", "作业", "聊天记录", "杂", "其他",
])  # fmt: skip
"""Names of files and folders that tell of no subject."""
_OF_THE_NOTES = re.compile(
    r"\b(?:lecture|training|class|course|study|meeting|lesson|reading) notes\b|\b(?:spring|autumn|fall|summer|winter) (?:term|semester)\b|^(?:week|day|lecture|session|unit|part) \d+$|^(?:notes|draft|handout|slides)\b|^[vV]\d[\d.]*$",
    re.IGNORECASE,
)
"""What a heading says of the notes and not of their subject."""
_LONGEST_SUBJECT = 80


def title_of(parts: Sequence[Passage]) -> str:
    """A document's title: its highest heading, unless that is one of several sections, or a section that comes late."""
    headings = [one for one in parts if one.kind == "heading"]
    if not headings:
        return ""
    top = min(one.level for one in headings)
    highest = [one for one in headings if one.level == top]
    sections = False
    if len({one.title for one in highest}) > 2 and parts[0] is highest[0]:
        below = parts[1 : parts.index(highest[1])]
        sections = sum(size(one.text) for one in below) >= _OPENING  # fewer words are a title slide
    comes_late = top > 1 and parts.index(highest[0]) > 1
    if sections or comes_late:
        return ""
    return highest[0].title


def bare_title(title: str) -> str:
    """A heading without its number: `2. Annual leave`, `一、贞观之治`, `1.3 收敛数列的性质`."""
    return re.sub(r"^(?:\d+(?:\.\d+)*[.、．)]?\s+|[一二三四五六七八九十]+、\s*)(?=\S{2})", "", title)


def subject_of(title: str) -> str:
    """What a heading is of, for use inside a phrase: its number, emoji, version and words for the notes themselves go.

    `THE SILK ROAD - lecture notes, spring term` → `THE SILK ROAD`; empty where nothing of a subject is left.
    """
    text = re.sub(r"[\U0001F000-\U0001FAFF\u2600-\u27BF\uFE0F]", "", bare_title(title)).strip()
    parts = re.split(r"\s+[-–—|]\s+|\s*——\s*", text)
    kept = [part for part in parts if not _OF_THE_NOTES.search(part)]
    kept = [re.sub(r"(?<=[一-鿿]{2})(?:课堂|学习)?(?:讲义|笔记|课件)$", "", part) for part in kept]
    text = re.sub(r"\s*\b[vV]\d+(?:\.\d+)*\b\s*", " ", " – ".join(kept)).strip(" ,-–—")
    return text if len(text) * (2.5 if re.search(r"[一-鿿]", text) else 1) <= _LONGEST_SUBJECT else ""


def opening_words(parts: Sequence[Passage]) -> str:
    """A title for notes that have neither a heading nor a name that says anything: how they begin."""
    text = next((unmarked(" ".join(one.text.split())) for one in parts if one.kind in {"paragraph", "list"}), "")
    start = re.split(r"[.:;。：；，,!?！？]", re.sub(r"^[-*+\d.) ]+", "", text), maxsplit=1)[0].strip()
    if subject := re.match(r"(?:(?:An?|The) )?(?P<term>\S+(?: \S+){0,3}?) (?:is|are|was|were|means)\b", start):
        start = subject["term"][:1].upper() + subject["term"][1:]
    words = start.split(" ")
    return start[:24] if re.search(r"[一-鿿]", start) else " ".join([words[0][:1].upper() + words[0][1:], *words[1:8]])


def words_of_name(name: str) -> str:
    """A file's or folder's name as words: `02-first_steps` → `First steps`."""
    text = re.sub(r"^(?:\d{4}[-_.]\d{1,2}(?:[-_.]\d{1,2})?(?!\d)|\d+)[-_. ]*", "", PurePosixPath(name).name)
    text = re.sub(r"[-_]+", " ", text).strip()
    return text[:1].upper() + text[1:]


def says_something(words: str) -> bool:
    """Whether a name of a file or folder tells of a subject: "C", "notes2", "week 3" and 「资料」 do not."""
    pieces = re.findall(r"[^\W\d_]+", words.lower())
    telling = [one for one in pieces if one not in _GENERIC]
    return any(len(one) >= 3 or re.search(r"[一-鿿]{2}", one) for one in telling)


def joined(titles: Sequence[str], language: Language) -> str:
    """Several titles as one: `A, B and C`, `A、B、C`; of many the first ones; empty where none says anything."""
    shown = list(dict.fromkeys(bare_title(title) for title in titles if title))
    more = False
    while len(shown) > 1 and (len(shown) > 3 or len(" and ".join(shown)) > LONGEST):
        shown.pop()
        more = True
    if language == "zh":
        return "、".join(shown) + ("等" if more and len(shown) > 1 else "")
    if len(shown) <= 1:
        return "".join(shown)
    end = " and more" if more else f" and {shown[-1]}"
    return ", ".join(shown if more else shown[:-1]) + end


def shared_subject(titles: Sequence[str], language: Language) -> str:
    """What most of the titles speak of: the word, or the run of Chinese characters, that the most of them have."""
    if language == "zh":
        runs = [
            {text[start : start + length] for length in (2, 3, 4) for start in range(len(text) - length + 1)}
            for text in ("".join(re.findall(r"[一-鿿]", title)) for title in titles)
        ]
        counts = Counter(run for each in runs for run in each)
        best = max(counts, key=lambda run: (counts[run], len(run), run), default="")
        return best if best and counts[best] >= max(3, len(titles) / 3) else ""
    written: dict[str, Counter[str]] = {}
    for title in titles:
        for word in {word for word in re.findall(r"[A-Za-z][A-Za-z-]{2,}", title) if word.lower() not in STOPWORDS}:
            if word.lower() not in _GENERIC:
                written.setdefault(stem(word.lower()), Counter())[word] += 1
    best_stem = max(written, key=lambda one: (sum(written[one].values()), one), default="")
    if not best_stem or sum(written[best_stem].values()) < max(3, len(titles) / 3):
        return ""
    word = max(written[best_stem], key=lambda one: (written[best_stem][one], one.endswith("s"), one))
    return word[:1].upper() + word[1:]


def course_title(name: str, modules: Sequence[str], lessons: Sequence[str], language: Language) -> str:
    """The course's title where the notes give none: few modules joined, the folder's name, what the lessons share.

    Args:
        modules: titles that the notes' own structure gave, none where it gave none.
    """
    if 1 <= len(modules) <= 3:
        return joined(modules, language)
    if says_something(named := words_of_name(name)) and not PurePosixPath(name).name.lower().startswith("tmp"):
        return named
    return shared_subject([*modules, *lessons], language) or joined(lessons, language) or named
