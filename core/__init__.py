"""The Python interface of kcreate: the jobs of the command line for people who script.

Names load when they are first used, so that `import kcreate.core` costs nothing and no torch.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .course.folder import load_course as load_course
    from .decoding.model import Completion as Completion
    from .decoding.model import open_model as open_model
    from .drafting.draft import draft_course as draft_course
    from .export.export import export_course as export_course
    from .notes.adding import add_notes as add_notes
    from .notes.reading import read_notes as read_notes
    from .notes.support import support as support
    from .review.review import review_course as review_course
    from .training.finetune import finetune as finetune

_HOMES = {
    "add_notes": ".notes.adding",
    "Completion": ".decoding.model",
    "draft_course": ".drafting.draft",
    "export_course": ".export.export",
    "finetune": ".training.finetune",
    "load_course": ".course.folder",
    "open_model": ".decoding.model",
    "read_notes": ".notes.reading",
    "review_course": ".review.review",
    "support": ".notes.support",
}

__all__ = [*_HOMES]


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(_HOMES[name], __name__), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(_HOMES)
