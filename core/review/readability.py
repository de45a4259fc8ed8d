"""Readability: how long the sentences are, and how hard the words."""

import re
from functools import cache

from ..notes.privacy.gazetteers import chinese_words
from .finding import Finding, Measured
from .material import Material, Said, words_in

LONG = {"en": 45, "zh": 100}
"""Words (in Chinese, characters) from which on a sentence is pointed out."""
_RARE = 13.3
"""Cost of a word that comes about once in 600,000: minus the natural logarithm of its share in running text."""
_UNKNOWN = 20.0
_LONGEST = 5
_LATIN = re.compile(r"[A-Za-z]+(?:['’][a-z]+)?")
_HAN = re.compile(r"[㐀-䶿一-鿿豈-﫿]+")


def readability(material: Material) -> Measured:
    """`sentence_length`, and `reading_grade` in English, `rare_words` in Chinese; of the sentences outside the quiz.

    `sentence_length`: mean words (in Chinese, characters) of a sentence. `reading_grade`: Flesch–Kincaid grade, `0.39 words/sentence + 11.8
    syllables/word - 15.59` (Kincaid et al. 1975). `rare_words`: Chinese words of two characters and more that come less than once in
    600,000 words of jieba's dictionary, of all such words (as in the lexical features of Sung et al., CRIE, 2016).
    """
    measured = Measured()
    everything: list[Said] = []
    for page in material.lessons:
        everything += page.prose
        for name, value in _figures(page.prose, material.language).items():
            measured.of_lesson(page.lesson, name, value)
        for one in page.prose:
            length = words_in(one.sentence.text)
            if length > LONG[material.language]:
                unit = "characters" if material.language == "zh" else "words"
                message = f"{length} {unit} in one sentence."
                measured.findings.append(
                    Finding(one.file, one.sentence.first, "sentence_length", message, "", one.sentence.text)
                )
    measured.course = _figures(everything, material.language)
    return measured


def _figures(said: "list[Said] | tuple[Said, ...]", language: str) -> dict[str, float]:
    texts = [one.sentence.text for one in said if words_in(one.sentence.text)]
    if not texts:
        return {}
    counted = sum(words_in(text) for text in texts)
    figures = {"sentence_length": counted / len(texts)}
    if language == "zh":
        words = [word for text in texts for word in segment(text) if len(word) > 1]
        if words:
            figures["rare_words"] = sum(_costs().get(word, _UNKNOWN) > _RARE for word in words) / len(words)
        return figures
    words = [word for text in texts for word in _LATIN.findall(re.sub(r"`[^`]*`|\$[^$]*\$", " ", text))]
    if words:
        per_word = sum(syllables(word) for word in words) / len(words)
        figures["reading_grade"] = 0.39 * len(words) / len(texts) + 11.8 * per_word - 15.59
    return figures


def syllables(word: str) -> int:
    """How many syllables an English word has, by its groups of vowels; a silent e at the end has none."""
    bare = (
        re.sub(r"(?:es|ed|e)$", "", word.lower())
        if not re.search(r"(?:[^aeiouy]le|[td]ed|[sxz]es|[cs]hes|ges|ces)$", word.lower())
        else word.lower()
    )
    return max(1, len(re.findall(r"[aeiouy]+", bare)))


def segment(text: str) -> list[str]:
    """Chinese text cut into the words of jieba's dictionary that are likeliest together (a unigram model, by dynamic programming)."""
    found: list[str] = []
    costs = _costs()
    for run in _HAN.findall(re.sub(r"`[^`]*`|\$[^$]*\$", " ", text)):
        best: list[tuple[float, int]] = [(0.0, 0)]
        for end in range(1, len(run) + 1):
            best.append(
                min(
                    (best[start][0] + costs.get(run[start:end], _UNKNOWN * (end - start)), start)
                    for start in range(max(0, end - _LONGEST), end)
                    if end - start == 1 or run[start:end] in costs
                )
            )
        end, words = len(run), []
        while end:
            start = best[end][1]
            words.append(run[start:end])
            end = start
        found += reversed(words)
    return found


@cache
def _costs() -> dict[str, float]:
    return chinese_words()
