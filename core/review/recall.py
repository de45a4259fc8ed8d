"""Recall of gold: how much of a good course's headings, objectives, key points and terms is in this one."""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from ..notes.words import stem
from .finding import Finding, Measured
from .gold import Gold, Term
from .material import Material

if TYPE_CHECKING:
    from ..notes.search.encoder import Encoder, Vectors

_HAN = re.compile(r"[㐀-鿿]")
_GLOSS = r"[*_`”\"]*(?:\s*[(（][^()（）]*[)）])?[*_`”\"」]*\s*"
_DEFINES_EN = (
    rf"{_GLOSS}(?:(?:is|was)\s+(?:an?|the|one|any|how|when|where|what|used|short for)\b|(?:are|were)\s+(?:the|those|\w+s\b|\w+\s\w+s\b)|"
    r"means?\b|refers?\s+to\b|denotes?\b|stands?\s+for\b|[:—–]|-\s)"
)
_DEFINES_ZH = rf"{_GLOSS}(?:是|指|即|为|：|——|，(?:即|也称|又称|是|指))"
_SAYS_ZH = rf"{_GLOSS}(?:是指|指的是|就是|意味着|称为|用来|用于)"
_CALLED = r"(?:mak(?:es?|ing) up|\((?:or|also)|call(?:ed|s)?|known as|term(?:ed)?|named?|称为|称作|叫做|叫作|叫|名为|所谓|即|简称|又称|也称|谓之)[的]?\s*(?:an?\s+|the\s+)?[*_`“「\"]*"


def recall(material: Material, gold: Gold, encoder: "Encoder") -> Measured:
    """`heading_soft_recall`, `objective_soft_recall`, `keypoint_soft_recall`, `term_recall`, `terms_named`; those whose gold is given.

    Soft recall: `(c(G) + c(P) - c(G ∪ P)) / c(G)` with the soft cardinality `c(A) = Σ_i 1 / Σ_j max(0, cos(A_i, A_j))` over sentence embeddings
    (Fränti and Mariescu-Istodor 2023; Shao et al., STORM, arXiv 2402.14207). G are the gold texts, P the course's: titles and headings, objectives, cited
    sentences of the lessons. Term recall: gold terms, by any of their spellings, that the glossary has or a lesson defines; `terms_named`: those that
    a lesson names at all (entity recall of FreshWiki).
    """
    measured = Measured()
    lessons = [page.content for page in material.lessons if page.content]
    headings = [page.title for page in material.lessons] + [
        one.text for page in material.lessons for one in page.text.headings
    ]
    said = [one.sentence.text for page in material.lessons for one in page.prose]
    compared = (
        ("heading_soft_recall", gold.titles, list(dict.fromkeys(headings))),
        ("objective_soft_recall", gold.objectives, [one.text for lesson in lessons for one in lesson.objectives]),
        ("keypoint_soft_recall", gold.points, said),
    )
    for name, wanted, there in compared:
        if wanted:
            measured.course[name] = soft_recall(wanted, there, encoder)
    if gold.terms:
        missing = [term for term in gold.terms if not _is_defined(term, material)]
        measured.course["term_recall"] = 1 - len(missing) / len(gold.terms)
        named = sum(
            any(re.search(_pattern(name), " ".join(said), re.IGNORECASE) for name in _names(term))
            for term in gold.terms
        )
        measured.course["terms_named"] = named / len(gold.terms)
        for term in missing:
            message = f"The term “{term.name}” is defined neither in the glossary nor in a lesson."
            measured.findings.append(Finding("glossary.md", 1, "term_recall", message))
    return measured


def soft_recall(gold: Sequence[str], found: Sequence[str], encoder: "Encoder") -> float:
    """The soft heading recall of STORM: 1 where everything in `gold` has its like in `found`, 0 where nothing is there."""
    if not gold or not found:
        return 0.0
    vectors = encoder.encode_passages([*gold, *found])
    count = len(gold)
    wanted, there, both = (_cardinality(part) for part in (vectors[:count], vectors[count:], vectors))
    return max(0.0, min(1.0, (wanted + there - both) / wanted))


def _cardinality(vectors: "Vectors") -> float:
    """How many different things the vectors, `(n, dimensions)` of length 1, stand for."""
    import numpy as np

    return float((1 / np.clip(vectors @ vectors.T, 0, None).sum(axis=1)).sum())


def _is_defined(term: Term, material: Material) -> bool:
    names = _names(term)
    for page in material.others:
        if page.lesson == "glossary" and any(_heads(name, one.sentence.text) for name in names for one in page.said):
            return True
    said = [one.sentence.text for page in material.lessons for one in page.said]
    return any(_defines(name, text) for name in names for text in said)


def _names(term: Term) -> list[str]:
    return [name for spelling in (term.name, *term.aliases) for name in _spellings(spelling)]


def _spellings(name: str) -> list[str]:
    """`version control (VC)` as both of its names."""
    inner = re.findall(r"[（(]([^（()）]+)[)）]", name)
    outer = re.sub(r"[（(][^（()）]+[)）]", "", name).strip()
    return [one.strip() for one in (outer, *inner) if one.strip()]


def _pattern(name: str) -> str:
    """A regular expression for a term in singular and plural, spaces and hyphens alike."""
    if _HAN.search(name):
        return re.escape(name)
    words = re.split(r"[\s-]+", name)
    forms = [re.escape(word) for word in words[:-1]]
    last = stem(words[-1].lower())
    forms.append(rf"(?:{re.escape(words[-1])}|{re.escape(last)})(?:e?s|y|ies)?" if last else re.escape(words[-1]))
    return r"(?<![\w-])" + r"[\s-]+".join(forms) + r"(?![\w-])"


def _heads(name: str, entry: str) -> bool:
    """Whether a glossary entry `**term** — …` is this term's."""
    head = re.match(r"(?P<mark>\*\*|__)(?P<term>.+?)(?P=mark)", entry)
    return head is not None and any(
        re.fullmatch(rf"(?:(?:an?|the)\s+)?{_pattern(name)}", one, re.IGNORECASE)
        for one in _spellings(head["term"].strip("`*_ "))
    )


def _defines(name: str, text: str) -> bool:
    """Whether a sentence says what a term is: `A term is …`, `… called a term`, `**term**`."""
    term = _pattern(name)
    opening = r"(?:^|[,，:：;；]\s*)(?:[\W_]|(?:an?|the|each|every|所谓|其中)\s*)*"
    patterns = (
        rf"(?<!\w)(?P<stress>\*\*|\*|__)[“「]?{term}[”」]?(?P=stress)(?!\w)",
        rf"{opening}{term}(?:{_DEFINES_ZH if _HAN.search(name) else _DEFINES_EN})",
        rf"{term}{_SAYS_ZH}" if _HAN.search(name) else rf"{opening}{term}{_DEFINES_ZH}",
        _CALLED + term,
    )
    return any(re.search(pattern, text, re.IGNORECASE) for pattern in patterns)
