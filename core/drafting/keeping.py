"""Keeping: what selection may not leave out, because the lesson would be wrong or cut off without it."""

import re
from collections.abc import Mapping, Sequence

from ..notes.passages import Passage
from .aims import LessonMaterial
from .chains import is_step
from .statements import CLAUSE_NUMBER, Statement

UNBROKEN = frozenset({"code", "table", "math"})
_LABEL = r"^\W*(?:{})(?:\s*[\d一二三四五六七八九十]+(?:\.\d+)*)?\s*(?:\*\*|__)?\s*(?:[.:：、（(]|\s|$)"
_EXAMPLE = re.compile(_LABEL.format("worked example|example|例题?|算例"), re.IGNORECASE)
_SOLUTION = re.compile(_LABEL.format("solution|proof|answer|result|证明?|解答?|答|分析"), re.IGNORECASE)
_WHERE = re.compile(r"^(?:where|here|with)\b|^(?:其中|这里|式中|此处)", re.IGNORECASE)
_WARNS = re.compile(
    r"^\W*(?:safety|warning|caution|danger|careful|beware|attention)\b|\b(?:never (?:look|touch|mix|use|leave|open|put|pour|heat|eat|share|do)|"
    r"do(?: not|n['’]t) ever|dangerous(?:ly)?|poison(?:ous)?|toxic|can (?:kill|blind|injure|burn)|spoilage|throw (?:it |everything )?away)\b|"
    r"^\W*(?:警告|注意安全|安全提示|危险|切记|切勿|严禁|禁止)|切勿|千万(?:不|别)|危险|有毒|严禁",
    re.IGNORECASE,
)
"""What a learner can come to harm without."""
_ANNOUNCES = re.compile(
    r"\b(?:this (?:lesson|chapter|section|course|unit|page|lecture|week|post)|in this (?:lesson|chapter|section|unit|lecture))\b|(?:这一|本)(?:课|章|节|讲|单元)",
    re.IGNORECASE,
)


def must_stay(material: LessonMaterial, paragraphs: Mapping[int, Sequence[Statement]]) -> list[Statement]:
    """What the aims stand on, clauses and steps, the opening, what leads into a block or reads a formula, worked examples.

    Args:
        paragraphs: the statements of each paragraph, by index of its passage.
    """
    must = [aim.facts[0].statement for aim in material.aims if not aim.facts[0].statement.item]
    must += [one for group in paragraphs.values() for one in group if CLAUSE_NUMBER.match(one.text) or is_step(one)]
    must += [one for group in paragraphs.values() for one in group if _WARNS.search(one.plain) and not one.aside]
    must += _opening(paragraphs)
    for index, group in paragraphs.items():
        able = [one for one in group if not one.aside]
        if able and before_block(able[-1], material):
            must.append(able[-1])
        if able and _WHERE.match(able[0].plain) and index and material.passages[index - 1].kind == "math":
            must.append(able[0])
    worked = _worked(material.passages)
    return must + [one for index in worked for one in paragraphs.get(index, ()) if not one.aside]


def before_block(one: Statement, material: LessonMaterial) -> bool:
    """Whether code, a table, a formula, a list or a quotation comes right after the statement's paragraph."""
    following = material.passages[one.passage + 1 : one.passage + 2]
    return bool(following) and following[0].kind in {*UNBROKEN, "list", "quote"}


def _opening(paragraphs: Mapping[int, Sequence[Statement]]) -> list[Statement]:
    """How the lesson begins, and what its first paragraph says is to come."""
    for group in paragraphs.values():
        able = [one for one in group if not one.aside and not one.leans and not one.asks]
        if able:
            return [able[0], *(one for one in group if not one.aside and _ANNOUNCES.search(one.plain))]
    return []


def _worked(passages: Sequence[Passage]) -> list[int]:
    """The paragraphs of worked examples: what is labelled as one, and its solution with all up to the next paragraph."""
    found: list[int] = []
    inside = False
    for index, passage in enumerate(passages):
        if passage.kind == "heading":
            # A heading may be the label: "Example 2", 「例 1」.
            inside = bool(_EXAMPLE.match(passage.title))
        elif passage.kind == "paragraph":
            labelled = _EXAMPLE.match(passage.text) or (found and _SOLUTION.match(passage.text))
            goes_on = found and found[-1] == index - 1 and passage.text.rstrip().endswith(("∎", "□", "■"))
            follows_formula = bool(found) and passages[index - 1].kind == "math" and found[-1] >= index - 3
            if labelled or inside or goes_on or (follows_formula and passage.text[:1].islower()):
                found.append(index)
    return found
