"""Citation recall and precision: do the cited lines of the notes carry each sentence, and is each citation needed?

Gao et al., "Enabling Large Language Models to Generate Text with Citations" (ALCE), EMNLP 2023, arXiv 2305.14627.
"""

import re
from collections.abc import Callable, Sequence

from ..notes.support import CARRIED
from ..progress import Progress
from .finding import Finding, Measured, share
from .material import Material, Said

Support = Callable[[str, Sequence[str]], float]
"""How well passages carry a sentence, 0 to 1."""
_ENTRY = re.compile(r"\*\*(?P<term>[^*\n]+)\*\*\s*(?:——|—|–|：|:)\s*(?=\S)")


def citations(material: Material, support: Support, progress: Progress) -> Measured:
    """`citation_recall`, `citation_precision`, and `needs_source`, the number of sentences marked so.

    Recall is the share of sentences whose cited lines, taken together, support them: `support >= CARRIED`. A sentence without a citation,
    with one that leads nowhere, or marked `[needs source]` counts 0. Questions, labels and headings state nothing and do not count.

    Precision is the share of citations, by sentence, that are true and needed: the sentence is supported, and not (the citation alone does not
    support it while the others do without it). Sentences of lessons, quiz explanations, glossary and flashcards all count.
    """
    from ..progress import Event

    measured = Measured()
    total = [0] * 4
    for done, page in enumerate(material.pages, 1):
        counts = [0] * 4
        for one in page.said:
            supported, true, finding = _judge(one, support)
            new = (1, int(supported), len(one.references), true)
            counts = [old + more for old, more in zip(counts, new, strict=True)]
            measured.findings += [finding] if finding else []
        marked = sum(one.sentence.needs_source for one in page.said)
        if page.content:
            measured.of_lesson(page.lesson, "citation_recall", share(counts[1], counts[0]))
            measured.of_lesson(page.lesson, "citation_precision", share(counts[3], counts[2]))
            measured.of_lesson(page.lesson, "needs_source", marked)
        total = [old + new for old, new in zip(total, counts, strict=True)]
        progress(Event("checking citations", done, len(material.pages)))
    said, carried, cited, precise = total
    if said:
        measured.course["citation_recall"] = carried / said
        # A course that cites nothing has no true citation.
        measured.course["citation_precision"] = precise / cited if cited else 0.0
        measured.course["needs_source"] = sum(one.sentence.needs_source for page in material.pages for one in page.said)
    return measured


def _judge(one: Said, support: Support) -> tuple[bool, int, Finding | None]:
    """Whether the sentence is supported, how many of its citations are precise, and what to tell the author."""

    def finding(message: str, measure: str = "citation_recall") -> Finding:
        return Finding(one.file, one.sentence.first, measure, message, one.unit, one.sentence.text, one.cited)

    if one.sentence.needs_source:
        return False, 0, finding("Marked [needs source]; cite the notes, rewrite it or take it out.", "needs_source")
    if not one.references:
        return False, 0, finding("No citation stands behind this sentence.")
    text = _claim(one.sentence.text)
    passages = [reference.text for reference in one.references if reference.text]
    score = support(text, passages) if passages else 0.0
    if score < CARRIED:
        lost = [reference for reference in one.references if not reference.text]
        if lost:
            return False, 0, finding(_leads_nowhere(lost[0].label, one))
        return False, 0, finding(f"The cited lines do not carry this sentence (support {int(100 * score) / 100:.2f}).")
    precise = 0
    worst: Finding | None = None
    for place, reference in enumerate(one.references):
        others = [each.text for index, each in enumerate(one.references) if index != place and each.text]
        if not reference.text:
            worst = worst or finding(_leads_nowhere(reference.label, one), "citation_precision")
        elif others and support(text, [reference.text]) < CARRIED and support(text, others) >= CARRIED:
            said = f"The citation [^{reference.label}] adds nothing to this sentence."
            worst = worst or finding(said, "citation_precision")
        else:
            precise += 1
    return True, precise, worst


def _claim(text: str) -> str:
    """What a sentence claims: of a glossary entry `**term** — A term is …` the definition alone where that names the term."""
    entry = _ENTRY.match(text)
    names_it = entry and entry["term"].strip("`*_ ").lower() in text[entry.end() :].lower()
    return text[entry.end() :] if entry and names_it else text


def _leads_nowhere(label: str, one: Said) -> str:
    reference = next(each for each in one.references if each.label == label)
    if reference.citation is None:
        return f"The citation [^{label}] is defined nowhere as lines of the notes."
    place = reference.citation
    return f"The citation [^{label}] leads to {place.file}, lines {place.first}–{place.last}, which are not there."
