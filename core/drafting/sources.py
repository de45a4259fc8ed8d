"""The sources of a lesson: from the lines that `course.yaml` names to passages, or by search where it names none."""

import re
from collections.abc import Sequence

from ..course.course import LessonEntry
from ..errors import InputError
from ..notes.document import Document, Notes
from ..notes.language import size
from ..notes.passages import Passage, passages

_SOURCE = re.compile(r"^(?P<file>.+?)#L(?P<first>\d+)-L(?P<last>\d+)$")
_FOUND_WORDS = 600
"""Words of passages that a search brings together for a lesson without sources."""
_NEAR = 0.6
"""How close to the best passage another has to be, by cosine, to be taken."""


def check_teachable(notes: Notes) -> None:
    """Refuse notes of code, formulas and headings alone.

    Raises:
        InputError: there is no paragraph, list, table or quotation in them.
    """
    kinds = {passage.kind for document in notes.documents for passage in passages(document)}
    if not kinds & {"paragraph", "list", "table", "quote"}:
        raise InputError(f"{notes.source} holds no paragraph to teach from; add some sentences to the notes.")


def passages_of(entry: LessonEntry, documents: Sequence[Document]) -> list[Passage]:
    """The passages that a lesson's `sources` name; for a lesson without any, those that its title and objectives find.

    Raises:
        InputError: a source names no file of the notes, or is not of the form `file.md#L1-L40`.
    """
    if not entry.sources:
        return _found("\n".join([entry.title or entry.id, *entry.objectives]), documents)
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


def _found(question: str, documents: Sequence[Document]) -> list[Passage]:
    """The passages closest to a title and objectives, in the notes' order, the headings above them with them."""
    from ..notes.search.encoder import open_encoder

    everything = [one for document in documents for one in passages(document)]
    able = [place for place, one in enumerate(everything) if one.kind != "heading" and size(one.text) >= 4]
    if not able:
        return []
    encoder = open_encoder()
    texts = [" ".join([*everything[place].headings, everything[place].text]) for place in able]
    likeness = encoder.encode_passages(texts) @ encoder.encode_query(question)
    ranked = sorted(range(len(able)), key=lambda index: (-float(likeness[index]), index))
    chosen: set[int] = set()
    words = 0
    for index in ranked:
        if chosen and (likeness[index] < _NEAR * likeness[ranked[0]] or words >= _FOUND_WORDS):
            break
        chosen.add(able[index])
        words += size(everything[able[index]].text)
    for place in sorted(chosen):
        chosen |= set(_headings_above(place, everything))
    return [everything[place] for place in sorted(chosen)]


def _headings_above(place: int, everything: Sequence[Passage]) -> list[int]:
    """Where the headings stand that are above a passage."""
    one, wanted, found = everything[place], list(everything[place].headings), []
    while wanted and place > 0 and everything[place - 1].file == one.file:
        place -= 1
        if everything[place].kind == "heading" and everything[place].title == wanted[-1]:
            found.append(place)
            wanted.pop()
    return found
