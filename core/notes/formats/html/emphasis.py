"""Bold, italics and strikethrough so that CommonMark reads them as such (CommonMark 0.31, 6.2), in Chinese too."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

Kind = Literal["text", "raw", "open", "close", "break"]


@dataclass
class Atom:
    """A piece of a line: text to be escaped, finished Markdown, an opening or closing mark, or a line break."""

    kind: Kind
    text: str = ""


def with_sound_marks(atoms: list[Atom]) -> list[Atom]:
    """Marks that CommonMark will read as marks: none empty or doubled, blanks outside, and punctuation too where a letter
    without a blank follows or goes before, as is usual in Chinese (`**重要**：内容`)."""
    atoms = _without_inner_doubles(atoms)
    number = 0
    while number + 1 < len(atoms):
        replaced = _mended(atoms, number)
        if replaced is None:
            number += 1
        else:
            atoms[number : number + 2] = replaced
            number = max(0, number - 2)
    return atoms


def _mended(atoms: list[Atom], number: int) -> list[Atom] | None:
    """What stands for an atom and the next one where one of them is a mark that cannot stay as it is."""
    first, second = atoms[number], atoms[number + 1]
    kinds = (first.kind, second.kind)
    if kinds in {("open", "close"), ("close", "open")} and first.text == second.text:
        return []
    if kinds in {("open", "break"), ("break", "close")}:
        return [second, first]
    if kinds == ("open", "text") and (outside := _outside(second.text, atoms, number, -1)):
        rest = second.text[len(outside) :]
        return [Atom("text", outside), first, *([Atom("text", rest)] if rest else [])]
    if kinds == ("text", "close") and (outside := _outside(first.text, atoms, number + 1, 1)):
        rest = first.text[: -len(outside)]
        return [*([Atom("text", rest)] if rest else []), second, Atom("text", outside)]
    return None


def _outside(text: str, atoms: list[Atom], mark: int, side: int) -> str:
    """What of `text` has to leave the mark beside it: blanks always, punctuation where the other side is a letter."""
    blanks = re.match(r"\s+", text) if side < 0 else re.search(r"\s+$", text)
    if blanks:
        return blanks[0]
    other = atoms[mark + side] if 0 <= mark + side < len(atoms) else None
    if other is None or other.kind == "break":
        return ""
    beside = "x" if other.kind in {"raw", "open", "close"} else other.text[0 if side > 0 else -1]
    if beside.isspace() or _is_punctuation(beside):
        return ""
    run = len(text)
    while run and _is_punctuation(text[len(text) - run] if side < 0 else text[run - 1]):
        run -= 1
    return text[: len(text) - run] if side < 0 else text[run:]


def _is_punctuation(character: str) -> bool:
    return unicodedata.category(character)[0] in "PS"


def _without_inner_doubles(atoms: list[Atom]) -> list[Atom]:
    depth: dict[str, int] = {}
    kept = []
    for atom in atoms:
        if atom.kind == "open":
            depth[atom.text] = depth.get(atom.text, 0) + 1
            if depth[atom.text] > 1:
                continue
        elif atom.kind == "close":
            depth[atom.text] -= 1
            if depth[atom.text] > 0:
                continue
        kept.append(atom)
    return kept
