"""The lexicon of a course: how often the notes use a term, and whether it is written with a capital by right."""

import re
from collections.abc import Iterable


class Lexicon:
    """Answers about the words of all the notes together."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._text = "\n".join(texts)
        self._folded = self._text.lower()
        self._counts: dict[str, int] = {}

    def count(self, term: str) -> int:
        """How often the term stands in the notes, whatever its case."""
        key = term.lower()
        if key not in self._counts:
            self._counts[key] = self._folded.count(key)
        return self._counts[key]

    def in_sentence(self, term: str) -> str:
        """The term as it is written inside a sentence: a capital that it has only at a sentence's start goes."""
        if not re.match(r"[A-Z][a-z]", term) or re.search(r"[a-z][A-Z]|(?:ism|ian)$|[㐀-鿿]", term):
            return term
        lower = term[0].lower() + term[1:]
        if re.search(rf"(?<![\w-]){re.escape(lower)}", self._text):
            return lower
        inside = re.search(rf"(?<=[a-z0-9,;] )\*{{0,2}}{re.escape(term)}(?![\w-])", self._text)
        return term if inside or (" " in term and term.split()[1][:1].isupper()) else lower
