"""Copying and condensing: how much of the prose is the notes word for word, and how much shorter it is than they are."""

from ..course.citation import Citation
from .finding import Measured, share
from .length import words_of
from .material import Material, Page, words_in
from .tokens import copied_run, grams, tokens


def copying(material: Material) -> Measured:
    """`verbatim_share` and `condensation`, both of the prose outside the quiz.

    `verbatim_share`: words inside runs of at least 8 words (12 characters in Chinese) that stand in a file of the notes which the lesson
    cites, of all words; the share of extractive fragments (Grusky et al., Newsroom, arXiv 1804.11283: coverage, of long fragments only).

    `condensation`: words of the prose / words of the paragraphs, lists and quotations that the lesson was drafted from, its `sources`; where
    `course.yaml` names none, of those that it cites. 0.7 and less says that the lesson selects.
    """
    measured = Measured()
    length = copied_run(material.language)
    known = {document.name: set(grams(tokens(document.text), length)) for document in material.notes.documents}
    copied_all = units_all = words_all = cited_all = 0
    for page in material.lessons:
        copied = units = 0
        files = [known[name] for name in {one.file for one in page.citations.values()} if name in known]
        for one in page.prose:
            said = tokens(one.sentence.text)
            copied, units = copied + _inside_runs(said, files, length), units + len(said)
        words, cited = words_of(page), _words_of_sources(page) or _words_cited(material, page)
        measured.of_lesson(page.lesson, "verbatim_share", share(copied, units))
        measured.of_lesson(page.lesson, "condensation", share(words, cited))
        copied_all, units_all = copied_all + copied, units_all + units
        words_all, cited_all = words_all + (words if cited else 0), cited_all + cited
    for name, value in (
        ("verbatim_share", share(copied_all, units_all)),
        ("condensation", share(words_all, cited_all)),
    ):
        if value is not None:
            measured.course[name] = value
    return measured


def _inside_runs(said: list[str], files: list[set[tuple[str, ...]]], length: int) -> int:
    """How many units of a sentence lie in a run of `length` that one of the files has; a shorter sentence has none."""
    inside: set[int] = set()
    for place, gram in enumerate(grams(said, length)):
        if any(gram in file for file in files):
            inside.update(range(place, place + length))
    return len(inside)


def _words_of_sources(page: Page) -> int:
    return sum(words_in(one.text) for one in page.sources if one.kind in {"paragraph", "list", "quote"})


def _words_cited(material: Material, page: Page) -> int:
    """Words of the running text that the lesson's prose cites: paragraphs and quotations whole, lists by cited lines."""
    cited = {
        reference.citation
        for one in page.prose
        for reference in one.references
        if reference.citation and reference.text
    }
    total = 0
    for file in sorted({one.file for one in cited}):
        lines = _lines([one for one in cited if one.file == file])
        for passage in material.passages.get(file, []):
            inside = lines & set(range(passage.first, passage.last + 1))
            if passage.kind in {"paragraph", "quote"} and inside:
                total += words_in(passage.text)
            elif passage.kind == "list":
                source = passage.text.split("\n")
                total += words_in("\n".join(source[number - passage.first] for number in sorted(inside)))
    return total


def _lines(citations: list[Citation]) -> set[int]:
    return {number for one in citations for number in range(one.first, one.last + 1)}
