"""The lexicon of a course: how often the notes use a term, and whether it is written with a capital by right."""

import re
from collections.abc import Iterable

from ..notes.words import STOPWORDS


class Lexicon:
    """Answers about the words of all the notes together."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._text = "\n".join(texts)
        self._folded = self._text.lower()
        self._prose = re.sub(r"(?s)```.*?```|~~~.*?~~~|`[^`\n]*`", " ", self._text)
        self._counts: dict[str, int] = {}

    def count(self, term: str) -> int:
        """How often the term stands in the notes, whatever its case."""
        key = term.lower()
        if key not in self._counts:
            self._counts[key] = self._folded.count(key)
        return self._counts[key]

    def has(self, phrase: str) -> bool:
        """Whether the notes' prose has the phrase inside a sentence, in small letters."""
        return phrase.lower() in self._prose

    def count_word(self, word: str) -> int:
        """How often a Latin word stands in the notes by itself, whatever its case."""
        return len(re.findall(rf"(?<![\w-]){re.escape(word.lower())}(?![\w-])", self._folded))

    def in_sentence(self, term: str) -> str:
        """The term as it is written inside a sentence: a capital that it has only at a sentence's start goes."""
        if term == "A":
            return "a"
        if not re.match(r"[A-Z][a-z]", term) or re.search(r"[a-z][A-Z]|(?:ism|ian)$|[㐀-鿿]", term):
            return term
        lower = term[0].lower() + term[1:]
        if lower in STOPWORDS:
            return lower
        inside = len(re.findall(rf"(?<=[a-z0-9,;] )\*{{0,2}}{re.escape(term)}(?![\w-])", self._prose))
        small = len(re.findall(rf"(?<![\w-]){re.escape(lower)}", self._prose))
        if small and small >= inside:
            return lower
        return term if inside or (" " in term and term.split()[1][:1].isupper()) else lower
