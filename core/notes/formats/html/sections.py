"""Blocks of a page put right where the page only looked structured: bold lines as headings, bullets typed by hand."""

import re
from collections.abc import Iterable

_BOLD = re.compile(r"\*\*(?P<title>(?![*\s])[^*\n]{1,78}?(?<!\s))\*\*[:：]?")
_CHAPTER = re.compile(
    r"(?:第[〇零一二三四五六七八九十百\d]+[章讲课篇回]|(?:Chapter|Lesson|Part|Unit) [\dIVX]+\b)[^\n。！；，,.;!]{0,40}"
)
_SECTION = re.compile(r"(?:第[〇零一二三四五六七八九十百\d]+节|[一二三四五六七八九十]+、)[^\n。！；，;!]{1,40}")
_NOTES = re.compile(
    r"(#{2,6}) (?:references|(?:foot|end)?notes|citations|参考(?:文献|资料)?|注释|脚注|附注|尾注|註釋|參考資料)", re.I
)
_NO_TITLE = re.compile(r"[.。!！;；,，]$|[:：]$|^(?:注|Note)\b")


def settled(blocks: Iterable[str]) -> list[str]:
    """The blocks of one page or document, put right in every way that this file knows."""
    return without_empty_notes(with_numbered_headings(with_bold_headings(merged_lists(list(blocks)))))


def with_bold_headings(blocks: list[str]) -> list[str]:
    """Paragraphs that are nothing but bold, where several stand alone, as headings below those there are."""
    found: list[tuple[int, int]] = []
    level = 1
    for number, block in enumerate(blocks):
        if heading := re.match(r"(#{1,6}) ", block):
            level = len(heading[1])
        elif (match := _BOLD.fullmatch(block)) and not _NO_TITLE.search(match["title"]) and not block.startswith("**["):
            followed = number + 1 < len(blocks) and not blocks[number + 1].startswith("#")
            if followed and not _BOLD.fullmatch(blocks[number + 1]):
                found.append((number, level))
    if len(found) > 1:
        for number, level in found:
            match = _BOLD.fullmatch(blocks[number])
            assert match is not None
            blocks[number] = f"{'#' * min(level + 1, 6)} {match['title']}"
    return blocks


def with_numbered_headings(blocks: list[str]) -> list[str]:
    """Short lines numbered as chapters and sections are (第一章, 一、, Chapter 1), as headings where a text has no others."""
    if any(re.match(r"##+ ", block) for block in blocks) or sum(block.startswith("# ") for block in blocks) > 1:
        return blocks
    chapters = [number for number, block in enumerate(blocks) if _CHAPTER.fullmatch(block)]
    sections = [number for number, block in enumerate(blocks) if _SECTION.fullmatch(block)]
    if len(chapters) + len(sections) < 2:
        return blocks
    for number in chapters + sections:
        blocks[number] = f"{'###' if chapters and number in sections else '##'} {blocks[number]}"
    return blocks


def merged_lists(blocks: list[str]) -> list[str]:
    """Items that stood as paragraphs with a bullet in front as one list; rules only between other blocks."""
    merged: list[str] = []
    for number, block in enumerate(blocks):
        if block == "***" and (not merged or merged[-1] == "***" or number + 1 == len(blocks)):
            continue
        hand_made = block.startswith("- ") and "\n" not in block
        if hand_made and merged and re.fullmatch(r"(?:- [^\n]*\n?)+", merged[-1]):
            merged[-1] += f"\n{block}"
        else:
            merged.append(block)
    return merged


def without_empty_notes(blocks: list[str]) -> list[str]:
    """No heading over footnotes that have been taken to the places which refer to them."""
    kept = []
    for number, block in enumerate(blocks):
        if match := _NOTES.fullmatch(block):
            after = re.match(r"#+", blocks[number + 1]) if number + 1 < len(blocks) else None
            if number + 1 == len(blocks) or (after is not None and len(after[0]) <= len(match[1])):
                continue
        kept.append(block)
    return kept
