"""Repetition: what one lesson says that an earlier one has said in the same words."""

from .finding import Finding, Measured, share
from .material import Material, Said
from .tokens import copied_run, grams, tokens

LENGTH = 5


def repetition(material: Material) -> Measured:
    """`repetition`: 5-grams of a lesson that an earlier lesson has, of all 5-grams of all lessons.

    Counted in sentences outside the quiz, no 5-gram reaching over a sentence's end; words, in Chinese characters. Repeated n-grams as a
    sign of degenerate text: Welleck et al. 2020, arXiv 1908.04319; across sections: Shao et al. (STORM), arXiv 2402.14207.
    """
    measured = Measured()
    first_said: dict[tuple[str, ...], Said] = {}
    repeated_all = counted_all = 0
    for page in material.lessons:
        repeated = counted = 0
        fresh: dict[tuple[str, ...], Said] = {}
        for one in page.prose:
            found = grams(tokens(one.sentence.text), LENGTH)
            again = [gram for gram in found if gram in first_said]
            repeated, counted = repeated + len(again), counted + len(found)
            for gram in found:
                fresh.setdefault(gram, one)
            if len(again) + LENGTH - 1 >= copied_run(material.language) * 3 // 2 and len(again) * 2 > len(found):
                before = first_said[again[0]]
                message = f"{before.file}, line {before.sentence.first}, says nearly the same: “{_short(before.sentence.text)}”"
                measured.findings.append(
                    Finding(one.file, one.sentence.first, "repetition", message, one.unit, one.sentence.text)
                )
        for gram, one in fresh.items():
            first_said.setdefault(gram, one)
        measured.of_lesson(page.lesson, "repetition", share(repeated, counted))
        repeated_all, counted_all = repeated_all + repeated, counted_all + counted
    if (value := share(repeated_all, counted_all)) is not None:
        measured.course["repetition"] = value
    return measured


def _short(text: str, most: int = 90) -> str:
    return text if len(text) <= most else f"{text[:most].rstrip()}…"
