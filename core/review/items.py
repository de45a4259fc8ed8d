"""Quiz items: the item-writing rules each one breaks, stems that come again, and where the right answers stand."""

from ..course.item_rules import flaws, key_balance, repeated_stems
from .finding import Finding, Measured, share
from .material import Material

MOST_FLAWS = 1
"""Rules an acceptable item may break (Moore et al., SAQUET, 2024)."""


def items(material: Material) -> Measured:
    """`items_acceptable`, `flaws_per_item` and `key_balance`.

    `items_acceptable`: items that break at most one rule of item writing, of all (Moore et al. 2024, arXiv 2405.20529, after Haladyna, Downing
    and Rodriguez 2002); a stem that another item has counts as one. `key_balance`: p of a χ² test that the right answers are spread evenly
    over the positions; small says that guessing by place pays.
    """
    measured = Measured()
    everything = [(page, number, item) for page in material.lessons for number, item in enumerate(page.items, 1)]
    again = {second: first for first, second in reversed(repeated_stems([item for _, _, item in everything]))}
    by_lesson: dict[str, list[int]] = {}
    for place, (page, _, item) in enumerate(everything):
        broken = [one.text for one in flaws(item, material.language)]
        if place in again:
            other, its_number, _ = everything[again[place]]
            broken.append(f"Question {its_number} of {other.file} asks nearly the same.")
        by_lesson.setdefault(page.lesson, []).append(len(broken))
        for message in broken:
            line = page.line_of(item)
            unit = page.unit_at(line) if len(broken) > MOST_FLAWS else ""  # one flaw is no reason to ask anew
            measured.findings.append(Finding(page.file, line, "items_acceptable", message, unit, item.stem))
    for lesson, counts in by_lesson.items():
        measured.of_lesson(lesson, "items_acceptable", share(sum(one <= MOST_FLAWS for one in counts), len(counts)))
        measured.of_lesson(lesson, "flaws_per_item", share(sum(counts), len(counts)))
        measured.of_lesson(lesson, "items", len(counts))
    counts = [one for each in by_lesson.values() for one in each]
    measured.course["items"] = len(counts)
    if counts:
        measured.course["items_acceptable"] = sum(one <= MOST_FLAWS for one in counts) / len(counts)
        measured.course["flaws_per_item"] = sum(counts) / len(counts)
        measured.course["key_balance"] = key_balance([item for _, _, item in everything])
    return measured
