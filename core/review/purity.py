"""Language purity: how much of the course is in the language it says it is in."""

import re
from collections.abc import Iterator

from ..notes.language import Language, han_share, size
from ..notes.words import STOPWORDS
from .finding import Finding, Measured, share
from .material import Material, Page

_CODE = re.compile(r"`[^`]*`|\$[^$]*\$|(?<=\])\([^()\s]*\)|https?://\S+|[“\"《「][^”\"》」]*[”\"》」]")
_LATIN_WORD = re.compile(r"[A-Za-zÀ-ɏ]+(?:['’-][A-Za-zÀ-ɏ]+)*")
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
        for line, text, unit in _texts(page):
            weight = size(_CODE.sub(" ", text))
            words += weight
            if is_foreign(text, material.language):
                message = f"This is not in {'Chinese' if material.language == 'zh' else 'English'}."
                measured.findings.append(Finding(page.file, line, "language_purity", message, unit, text))
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
    words = _LATIN_WORD.findall(bare)
    small = sum(word[0].islower() for word in words)
    if language == "zh":
        enough = _MANY_WORDS if han_share(bare) > 0 else _FEWEST_WORDS
        return han_share(bare) < 0.5 and small >= enough and 2 * small >= len(words)
    if han_share(bare) >= 0.5:
        return True
    elsewhere = sum(word.lower() in _ELSEWHERE for word in words)
    return elsewhere >= 2 and elsewhere > sum(word.lower() in STOPWORDS for word in words)


def _texts(page: Page) -> Iterator[tuple[int, str, str]]:
    """Every piece of text a learner reads on a page, with its line and unit."""
    lesson = page.content
    if lesson:
        yield 1, lesson.title, page.lesson
        for objective in lesson.objectives:
            yield 1, objective.text, page.lesson
    for heading in page.text.headings:
        yield heading.line, heading.text, page.lesson
    for one in page.text.sentences:
        if not one.quiz:
            yield one.first, one.text, f"{page.lesson}/{one.section}" if lesson and one.section else page.lesson
    for number, item in enumerate(page.items, 1):
        unit, line = f"{page.lesson}/q{number}", page.line_of(item)
        yield line, item.stem, unit
        for option in item.options:
            yield line, option.text, unit
        yield line, item.explanation, unit
