"""Putting a new version of one unit into a lesson, with its footnotes, and leaving every other byte as it was."""

import re
from dataclasses import dataclass

from .lesson import body_start
from .unit import Unit, find, spans

_DEFINITION = re.compile(
    r"^\[\^(?P<label>[^\]\s]+)\]:[ \t]*(?P<text>.*(?:\n(?:[ \t]+\S.*|[ \t]*(?=\n[ \t]+\S)))*)\n?", re.M
)
_CODE_OR_MARK = re.compile(
    r"(?P<code>^[ \t>]*(?P<fence>`{3,}|~{3,})[^\n]*\n.*?(?:^[ \t>]*(?P=fence)[`~]*[ \t\r]*$|\Z)|(?P<tick>`+)(?!`).+?(?<!`)(?P=tick)(?!`))"
    r"|\[\^(?P<label>[^\]\s]+)\](?!:)",
    re.MULTILINE | re.DOTALL,
)


@dataclass(frozen=True)
class _Note:
    """A footnote definition: its text behind the label, and where the whole of it stands."""

    text: str
    start: int
    end: int


def replace_unit(text: str, unit: Unit, fresh: str, fresh_part: str | None = None) -> str:
    """`text` with the unit as `fresh`, another version of the lesson, has it.

    What the rest cites keeps its labels; a citation that the rest has too takes that label, another one the lowest free
    number. Definitions that only the old version used go; everything else stays byte for byte.

    Args:
        fresh_part: the part of `fresh` to take where it has another name there.

    Raises:
        UsageError: one of the two has no such part.
    """
    start, end = find(text, unit)
    at, until = find(fresh, Unit(unit.lesson, unit.part if fresh_part is None else fresh_part))
    return put(text, (start, end), fresh[at:until], definitions(fresh))


def put(text: str, span: tuple[int, int], piece: str, notes: dict[str, str]) -> str:
    """`text` with `piece` at `span`; `notes` are the definitions, label → text, of the footnotes that `piece` marks."""
    start, end = span
    old = _notes(text)
    used_before = set(labels(text[start:end]))
    used_by_rest = set(labels(_without(text[:start] + "\n" + text[end:])))
    orphaned = {label for label in used_before - used_by_rest if label in old}
    by_text = {one.text: label for label, one in reversed(old.items())}
    marked = [label for label in labels(piece) if label in notes]
    new = {label: by_text[notes[label]] for label in marked if notes[label] in by_text}
    taken = (set(old) - orphaned) | used_by_rest | set(new.values())
    for label in marked:
        if label not in new:
            new[label] = _lowest_free(taken)
            taken.add(new[label])
    fresh = {new[label]: notes[label] for label in marked if new[label] not in old or new[label] in orphaned}
    piece = _CODE_OR_MARK.sub(lambda match: _relabelled(match, new), piece)
    ends = "\r\n" if "\r\n" in text else "\n"
    piece = piece.replace("\r\n", "\n").replace("\n", ends)
    spliced = text[:start] + piece + text[end:]
    return _with_definitions(spliced, orphaned, fresh, ends)


def labels(text: str) -> list[str]:
    """The footnotes that a text marks, each once, in order; what stands in code marks none."""
    found = [match["label"] for match in _CODE_OR_MARK.finditer(text) if match["label"] is not None]
    return list(dict.fromkeys(found))


def definitions(text: str) -> dict[str, str]:
    """The footnote definitions of a lesson, label → text behind it."""
    return {label: one.text for label, one in _notes(text).items()}


def parts_of(text: str) -> dict[str, str]:
    """Every part of a lesson by name, each with the definitions of the footnotes it marks: what a change to it changes.

    The front matter is the part `""`.
    """
    notes = definitions(text)
    found = {"": text[: body_start(text)]}
    for name, (start, end) in spans(text).items():
        piece = text[start:end]
        found[name] = "\n".join([piece, *(f"[^{one}]: {notes[one]}" for one in labels(piece) if one in notes)])
    return found


def _relabelled(match: re.Match[str], new: dict[str, str]) -> str:
    label = match["label"]
    return match[0] if label is None or label not in new else f"[^{new[label]}]"


def _notes(text: str) -> dict[str, _Note]:
    found: dict[str, _Note] = {}
    fences = [match.span() for match in _CODE_OR_MARK.finditer(text) if match["fence"]]
    for match in _DEFINITION.finditer(text, body_start(text)):
        if any(start <= match.start() < end for start, end in fences):
            continue
        found.setdefault(match["label"], _Note(match["text"].strip(), match.start(), match.end()))
    return found


def _without(text: str) -> str:
    """The text without its definitions, whose labels are no marks."""
    return _DEFINITION.sub("\n", text)


def _with_definitions(text: str, gone: set[str], fresh: dict[str, str], ends: str) -> str:
    """The text without the definitions `gone`, the fresh ones put in by number among those that close it."""
    for label, one in sorted(_notes(text).items(), key=lambda each: -each[1].start):
        if label in gone:
            text = text[: one.start] + text[one.end :]
    for label, said in sorted(fresh.items(), key=lambda each: _rank(each[0])):
        there = sorted(_notes(text).items(), key=lambda each: each[1].start)
        line = f"[^{label}]: {said}{ends}"
        after = next((one.start for other, one in there if _rank(other) > _rank(label)), None)
        if after is not None:
            text = text[:after] + line + text[after:]
        elif there:
            last = there[-1][1].end
            text = text[:last] + ("" if text[:last].endswith("\n") else ends) + line + text[last:]
        else:
            text = text.rstrip() + ends + ends + line
    return text


def _rank(label: str) -> tuple[int, str]:
    return (int(label), "") if label.isdigit() else (10**9, label)


def _lowest_free(taken: set[str]) -> str:
    number = 1
    while str(number) in taken:
        number += 1
    return str(number)
