"""What a course takes of the notes: what teaches, in the course's language; the rest is named and stays in `notes/`."""

from collections.abc import Iterator, Sequence

from ..notes.document import Document, Notes
from ..notes.language import Language, said_in, size
from ..notes.passages import Passage, passages
from ..notes.teaching import teaches
from ..progress import Event, Progress
from .structure import Part

_NAMES = {"en": "English", "zh": "Chinese", None: "another language"}
_SHOWN = 4


def parts_of(notes: Notes, language: Language, progress: Progress) -> list[Part]:
    """The documents a course is made of, without sections that teach nothing or are in another language.

    A course speaks one language: documents in another are left out and named, since lessons of two languages serve
    neither reader; they make a course of their own. Notes none of which are in the course's language are all taken.
    """
    languages = {document.name: said_in(_prose(document)) for document in notes.documents}
    own = [document for document in notes.documents if languages[document.name] == language]
    if not own:
        _say(progress, f"None of the notes are in {_NAMES[language]}; the lessons keep the notes' own language.")
        return [Part(one, tuple(passages(one))) for one in notes.documents]
    for other in ("zh", "en", None):
        names = [name for name, spoken in languages.items() if spoken == other != language]
        if names:
            way = f"a course of them: --language {other} and another --out" if other else "translate them first"
            _say(progress, f"In {_NAMES[other]} and so in no lesson of this course: {_listed(names)} ({way}).")
    parts = []
    idle = []
    for document in own:
        kept = tuple(one for section in _sections(passages(document)) for one in _taken(section, language))
        if any(one.kind != "heading" and teaches(one) for one in kept):
            parts.append(Part(document, kept))
        else:
            idle.append(document.name)
    if not parts:
        return [Part(one, tuple(passages(one))) for one in own]
    if idle:
        _say(progress, f"Nothing in them teaches, so they are in no lesson: {_listed(idle)}.")
    return parts


def _prose(document: Document) -> str:
    """What a document says in sentences; all of it where it has none."""
    said = [one.text for one in passages(document) if one.kind in {"paragraph", "list", "quote", "heading"}]
    return "\n".join(said) or document.text


def _sections(parts: Sequence[Passage]) -> Iterator[list[Passage]]:
    """Each heading with what stands right below it."""
    section: list[Passage] = []
    for one in parts:
        if one.kind == "heading" and section:
            yield section
            section = []
        section.append(one)
    if section:
        yield section


def _taken(section: Sequence[Passage], language: Language) -> Sequence[Passage]:
    """The section, or nothing of one that teaches nothing by its heading or is in another language as a whole."""
    if section[0].kind == "heading" and not teaches(section[0]):
        return ()
    prose = [one for one in section if one.kind in {"paragraph", "list"} and size(one.text) >= 4]
    foreign = [one for one in (*section[:1], *prose) if said_in(one.text) != language]
    return () if prose and len(foreign) == len({section[0], *prose}) else section


def _listed(names: Sequence[str]) -> str:
    more = len(names) - _SHOWN
    return ", ".join(names[:_SHOWN]) + (f" and {more} more" if more > 0 else "")


def _say(progress: Progress, message: str) -> None:
    progress(Event("making the outline", message=message, warning=True))
