"""Private data in notes: found in English, Chinese and where the two touch, and taken out so that the text still reads."""

from .finding import Finding, Kind
from .ledger import Ledger
from .recognition import find
from .redaction import How, redact

__all__ = ["Finding", "How", "Kind", "Ledger", "find", "redact"]
