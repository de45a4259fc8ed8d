"""Language purity: how much of the course is in the language it says it is in."""

import re
from collections.abc import Iterator

from ..notes.language import Language, han_share, size
from ..notes.words import STOPWORDS
from .finding import Finding, Measured, share
from .material import Material, Page

_CODE = re.compile(r"`[^`]*`|\$[^$]*\$|(?<=\])\([^()\s]*\)|https?://\S+|[“\"《「][^”\"》」]*[”\"》」]")
_LATIN_WORD = re.compile(r"[A-Za-zÀ-ɏ]+(?:['’-][A-Za-zÀ-ɏ]+)*")
_WORD_LETTER = re.compile(r"[^\W\d_]")
_OTHER_SCRIPT = re.compile(r"[\u0400-\u1cff\u3040-\u30ff\uac00-\ud7a3]")
"""Cyrillic, Hebrew, Arabic, the scripts of India and South-East Asia, kana, hangul."""
_FEWEST_WORDS = 4
_MANY_WORDS = 8
_ELSEWHERE = frozenset(
    re.findall(
        r"\w+",
        "le la les des une du au aux est sont dans qui que ne pas avec sur ce cette nous vous il elle der das und ist sind nicht ein eine einen dem mit für auf von "
        "sich wird werden oder auch el los las una unos del por para con pero como más se su lo il gli dei della di che è sono non più em não um uma "
        "het een niet dat og er på ikke att och som är inte det",
    )
)
"""Function words of the languages that share the Latin alphabet and are met most (French, German, Spanish, Italian, Portuguese, Dutch, Nordic)."""


def purity(material: Material) -> Measured:
    """`language_purity`: words that stand in sentences of the course's language / all words, code, formulas and links left out.

    Judged by the sentence, so that names of things in Latin letters do not count against Chinese: a Chinese course's sentence is foreign where most of it
    (a character weighs as three letters) is Latin and at least four of its words, half of them, begin small. In an English course a sentence is foreign where half of it is in
    Chinese characters, or where function words of other European languages outnumber the English ones, two at least. Headings, objectives, questions and answers count.
    Language share after Marchisio et al., "Understanding and Mitigating Language Confusion in LLMs", EMNLP 2024, arXiv 2406.20052 (line-level pass rate).
    """
    measured = Measured()
    pure_all = words_all = 0
    for page in material.pages:
        pure = words = 0
        for line, text in _texts(page):
            weight = size(_CODE.sub(" ", text))
            words += weight
            if is_foreign(text, material.language):
                message = f"This is not in {'Chinese' if material.language == 'zh' else 'English'}."
                measured.findings.append(Finding(page.file, line, "language_purity", message, page.unit_at(line), text))
            else:
                pure += weight
        if page.content:
            measured.of_lesson(page.lesson, "language_purity", share(pure, words))
        pure_all, words_all = pure_all + pure, words_all + words
    if (value := share(pure_all, words_all)) is not None:
        measured.course["language_purity"] = value
    return measured


def is_foreign(text: str, language: Language) -> bool:
    """Whether a sentence is in another language than `language`; what has too few words to tell is not."""
    bare = _CODE.sub(" ", text)
    if len(_OTHER_SCRIPT.findall(bare)) > len(_WORD_LETTER.findall(bare)) / 2:
        return True
    words = _LATIN_WORD.findall(bare)
    small = sum(word[0].islower() for word in words)
    if language == "zh":
        enough = _MANY_WORDS if han_share(bare) > 0 else _FEWEST_WORDS
        return han_share(bare) < 0.5 and small >= enough and 2 * small >= len(words)
    if han_share(bare) >= 0.5:
        return True
    elsewhere = sum(word.lower() in _ELSEWHERE for word in words)
    return elsewhere >= 2 and elsewhere > sum(word.lower() in STOPWORDS for word in words)


def _texts(page: Page) -> Iterator[tuple[int, str]]:
    """Every piece of text a learner reads on a page, with its line."""
    if page.content:
        yield 1, page.content.title
        for objective in page.content.objectives:
            yield 1, objective.text
    for heading in page.text.headings:
        yield heading.line, heading.text
    for one in page.text.sentences:
        if not one.quiz:
            yield one.first, one.text
    for item in page.items:
        line = page.line_of(item)
        yield line, item.stem
        for option in item.options:
            yield line, option.text
        yield line, item.explanation
