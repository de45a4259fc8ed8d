"""Proposals: everything a lesson could be for.

An objective names what the notes themselves teach: a term they define, what a command is used for, steps in order, a
reason, two things told apart. The main points of a section are the last resort.
"""

from ..notes.language import Language
from .bloom import Wanted
from .facts import Fact
from .lexicon import Lexicon
from .material import LessonMaterial
from .proposal import Proposal
from .section_proposals import section_proposals
from .term_proposals import term_proposals
from .titles import bare_title, subject_of

__all__ = ["Proposal", "last_resort", "proposals"]


def proposals(material: LessonMaterial, language: Language, lexicon: Lexicon) -> list[Proposal]:
    """Every objective that the lesson's statements can answer, in no order."""
    return [*term_proposals(material, language, lexicon), *section_proposals(material, language, lexicon)]


def last_resort(material: LessonMaterial) -> Proposal | None:
    """The lesson's main points, on whatever its sentences are; None where it has none."""
    said = sorted(material.statements, key=lambda one: (one.aside, one.leans, one.leads))[:3]
    facts = tuple(Fact("section", material.title, one) for one in said)
    wanted = Wanted("section", subject_of(material.title) or bare_title(material.title))
    return Proposal(wanted, f"section:{material.title}", facts, 0.0, material.title) if facts else None
