"""Chains: the author's sentences in the pieces that stand or fall together, so that what is left out leaves no hole.

A sentence that leans on the one before it ("This …", 「因此……」) is nothing without it; a question is nothing without its
answer, hearsay without what the author says to it, an example without its result.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ..notes.language import size
from .statements import Statement

_GOES_ON = re.compile(
    r"^(?:no|yes)\b[.,:!]|^(?:but|yet|however|not so|in (?:fact|reality|truth)|actually|instead|rather|on the contrary)\b|"
    r"^(?:不|不是|不行|不能|是的|对|可以)[，。！]|^(?:但|可是|然而|不过|其实|实际上|事实上|相反|并非|而是)",
    re.IGNORECASE,
)
"""How a sentence begins that answers or takes back the one before it."""
_EXAMPLE = re.compile(
    r"^(?:worked example|(?:an |one )?example|for (?:example|instance)|take|suppose|imagine|say you|consider|let (?:us|me|[a-z]\b))\b|"
    r"^(?:举例|例如|比如|譬如|例：|假设|假如|设想|想象|试想|(?:最后，|再|先)?考虑(?:一[个下种]|这样)|有一?[个位次]|设 ?[$A-Za-z]|取 ?[$0-9])",
    re.IGNORECASE,
)
_HEARSAY = re.compile(
    r"\b(?:(?:are|is|were|was|get|often|always) (?:told|taught)|people (?:say|think|believe)|(?:beginners?|students?|learners?|many|most people|some) "
    r"(?:say|think|believe|assume|expect)|(?:you|one|we) (?:might|may|would|could) (?:think|expect|believe|assume)|it (?:seems|looks|sounds)|"
    r"myth|legend has it|at first (?:sight|glance)|used to (?:think|believe))\b|"
    r"(?:有人|很多人|许多人|不少人|人们|初学者|学生|大家)(?:常|往往|都|总|会|也)*(?:说|认为|以为|觉得|误以为)|传说|据说|乍一看|看起来|似乎|表面上",
    re.IGNORECASE,
)
_STEP = re.compile(
    r"^\W*(?:day|step|week|stage|phase|part|round|hour|minute) ?\d|^\W*第[一二三四五六七八九十\d]+[步天周日阶步轮]",
    re.IGNORECASE,
)
_DO = re.compile(
    r"^(?:then |now |next,? |finally,? |carefully |slowly |gently )?(?:add|adjust|allow|apply|ask|attach|avoid|bake|begin|boil|bring|build|call|change|check|choose|clean|"
    r"click|close|collect|combine|compare|connect|cook|cool|copy|cover|create|cut|delete|describe|divide|do|don['’]t|double-click|drag|draw|drop|dry|enter|fill|find|fold|"
    r"follow|give|go|grind|heat|hold|insert|install|keep|knead|label|leave|let|lift|list|listen|look|make|mark|measure|mix|move|multiply|name|never|open|paste|peel|"
    r"place|pour|press|pull|push|put|read|record|remove|repeat|replace|rest|rinse|roll|rotate|run|save|scroll|select|set|shake|show|sift|slice|soak|spread|stand|start|stay|"
    r"stir|stop|store|subtract|switch|take|tap|test|throw|tie|touch|try|turn|type|use|wait|walk|warm|wash|watch|weigh|wipe|work|write)\b(?! (?:is|are|was|were|has|can|does)\b)|"
    r"^(?:先|再|接着|然后|最后)?(?:把|将|点击|打开|加入|放入|倒入|取出|取|按|选择|输入|运行|关闭|搅拌|加热|冷却|等待|静置|盖上|注水|冲泡|洗净|切|揉|涂|测量|记录|写下|保存|双击)",
    re.IGNORECASE,
)
"""How an instruction begins: a verb without a subject."""
_COUNTS = re.compile(
    r"^(?:one|another|the (?:first|second|third|fourth|last|other)|a (?:second|third)) (?:\w+ )?(?:option|way|reason|method|kind|type|advantage|approach|example|step|case|possibility)\b|"
    r"^(?:第[一二三四五]|其[一二三四]|首先|其次|再次|另一[个种]|一[个种]是)",
    re.IGNORECASE,
)
_FIRST = re.compile(r"^(?:one|the first)\b|^(?:第一|其一|首先|一[个种]是)", re.IGNORECASE)
"""How the members of an enumeration that runs through a text are told, and the first of them."""
LONGEST_EXAMPLE = 6
"""Sentences of a paragraph that an opened example, or a step, holds together at most."""
SHORT = 30
"""Words up to which a paragraph stays in one piece."""


@dataclass(frozen=True)
class Segment:
    """Statements of one paragraph that are kept together or not at all.

    Attributes:
        needs: index of the segment that this one cannot stand without, among all of the lesson's; None where it can: what it
            leans on, else how its paragraph begins.
    """

    statements: tuple[Statement, ...]
    needs: int | None = None


def segments(paragraphs: Sequence[Sequence[Statement]], follows: Sequence[bool]) -> list[Segment]:
    """The paragraphs' statements as segments, in order; asides and what leans on them are left out.

    Args:
        follows: for each paragraph whether it comes right after the one before it, with no block or heading between.
    """
    found: list[Segment] = []
    for paragraph, after in zip(paragraphs, follows, strict=True):
        before = len(found) - 1 if after and found else None
        found += _of_paragraph(paragraph, len(found), before)
    return [replace(one, needs=_counted_before(found, index) or one.needs) for index, one in enumerate(found)]


def _counted_before(found: Sequence[Segment], index: int) -> int | None:
    """Where the member before is told, of a segment that tells the next of several: "Another option …" after "One option …"."""
    match = _COUNTS.match(found[index].statements[0].plain)
    if not match or _FIRST.match(match[0]):
        return None
    for before in range(index - 1, max(-1, index - 12), -1):
        if _COUNTS.match(found[before].statements[0].plain):
            return before
    return None


def _of_paragraph(paragraph: Sequence[Statement], start: int, before: int | None) -> list[Segment]:
    """The segments of one paragraph; `start` is the index of its first, `before` of what its opening may lean on."""
    found: list[Segment] = []
    whole = sum(size(one.text) for one in paragraph if not one.aside) <= SHORT
    held: list[Statement] = []
    dropped = False
    needs: int | None = None

    def close() -> None:
        if held and not held[-1].asks:
            found.append(Segment(tuple(held), needs))
        held.clear()

    for one in paragraph:
        if one.aside and not one.asks:
            if held and _waits(held):
                held.clear()
            close()
            dropped = True
            continue
        if dropped and one.leans:
            continue  # it leaned on the aside
        dropped = False
        if held and (whole or _glued(held, one)):
            held.append(one)
            continue
        close()
        needs = start if found else None
        if one.leans:
            needs = start + len(found) - 1 if found else before
        held.append(one)
    close()
    return found


def _waits(held: Sequence[Statement]) -> bool:
    """Whether what is held promises more: a question, hearsay, or an example that has only been opened."""
    last = held[-1]
    return last.asks or bool(_HEARSAY.search(last.plain)) or (len(held) == 1 and bool(_EXAMPLE.match(last.plain)))


def _glued(held: Sequence[Statement], one: Statement) -> bool:
    """Whether what is held cannot do without `one` that comes after it."""
    last = held[-1]
    if last.asks or _HEARSAY.search(last.plain):
        return True
    opened = _EXAMPLE.match(held[0].plain) or _STEP.match(held[0].plain)
    if (opened or _DO.match(one.plain)) and len(held) < LONGEST_EXAMPLE:
        return True
    return bool(_GOES_ON.match(one.plain)) and one.leans


def is_instruction(one: Statement) -> bool:
    """Whether a statement tells the learner to do something."""
    return bool(_DO.match(one.plain))


def is_step(one: Statement) -> bool:
    """Whether a statement is a step of a procedure told in paragraphs ("**Day 2.** …", 「第一步，……」), which is kept whole."""
    return bool(_STEP.match(one.plain))


def is_example(segment: Segment) -> bool:
    """Whether the segment opens an example."""
    return bool(_EXAMPLE.match(segment.statements[0].plain))
