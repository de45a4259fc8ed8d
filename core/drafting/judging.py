"""Judging: a model's answer to a request, line by line: what may stand, on which statements, and what is refused and why."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from ..notes.language import size
from ..notes.sentences import Sentence
from .answers import Line, first_sentence, lines
from .asking import Request
from .checking import Check, Refusal, carriers, is_copy, is_told, shown
from .statements import Statement, statement, unmarked

MOST_SUMMARY_WORDS = 45
OPENING_SENTENCES = 2


@dataclass(frozen=True)
class Judged:
    """A line of an answer.

    Attributes:
        refusal: why it cannot stay; empty where it can.
        named: the statements whose numbers it gives.
        carried_by: those of them that carry it; empty where it is refused, or where it says itself that nothing does.
        first: index of the first statement it names among those given; where it names none, that of the line before.
        copies: it stands in the notes word for word.
    """

    line: Line
    refusal: Refusal
    named: tuple[Statement, ...] = ()
    carried_by: tuple[Statement, ...] = ()
    first: int = 0
    copies: bool = field(default=False)


def judged(request: Request, answer: str, check: Check) -> list[Judged]:
    """What the lines of an answer are worth; of a summary its first sentence alone."""
    if request.part == "summary":
        return _summary(request, answer, check)
    given, found, reached = request.given, list[Judged](), 0
    for line in lines(answer, 2 * len(given) + 2):
        if not line.numbers and line.unsourced:
            refusal = check.unfit(line.text, _evidence(given))
            found.append(Judged(line, refusal, first=reached))
            continue
        inside = all(1 <= number <= len(given) for number in line.numbers)
        named = tuple(given[number - 1] for number in sorted(set(line.numbers))) if inside else ()
        line = Line(_plain(line.text), line.numbers)
        first = min(line.numbers) - 1 if named else reached
        refusal = check.refusal(line.text, named)
        carried = () if refusal else _carried(line.text, named)
        copies = is_copy(line.text, given)
        if not refusal:
            refusal = _refused_here(request, line, named, carried, first, reached, copies, check)
        if refusal:
            carried = ()
        else:
            reached = first
        found.append(Judged(line, refusal, named, carried, first, copies))
    return found


def _refused_here(
    request: Request,
    line: Line,
    named: Sequence[Statement],
    carried: Sequence[Statement],
    first: int,
    reached: int,
    copies: bool,
    check: Check,
) -> Refusal:
    """Why a sentence that is true cannot stand at this place of this part."""
    if not carried:
        return "unsupported"
    if request.part == "paragraph":
        if first < reached:
            return "order"
        return "form" if first == 0 and _leans(line.text, check) and not named[0].leans else ""
    if copies:
        return "copy"
    if _leans(line.text, check) and not reached:
        return "form"
    if request.part == "bridge":
        left = set(request.given[: request.before])
        return "" if left & set(carried) and set(carried) - left else "unsupported"
    return ""


def _summary(request: Request, answer: str, check: Check) -> list[Judged]:
    text = _plain(first_sentence(answer))
    if not text:
        return []
    refusal = check.refusal(text, request.given)
    if not refusal and (size(text) > MOST_SUMMARY_WORDS or _leans(text, check)):
        refusal = "form"
    carried = () if refusal else carriers(text, request.given)
    refusal = refusal or ("" if carried else "unsupported")
    return [Judged(Line(text), refusal, request.given, carried, copies=is_copy(text, request.given))]


def _carried(text: str, named: Sequence[Statement]) -> tuple[Statement, ...]:
    """The statements to cite: those that carry the sentence, and whatever else of the named it tells; none if none do."""
    enough = carriers(text, named)
    return tuple(one for one in named if one in enough or is_told(one, text)) if enough else ()


def _evidence(given: Sequence[Statement]) -> str:
    return "\n".join(shown(one) for one in given)


def _plain(text: str) -> str:
    """The sentence without emphasis marks; one with a link stays as it is."""
    return text if "](http" in text else unmarked(text)


def _leans(text: str, check: Check) -> bool:
    """Whether the sentence begins with a word that points at one before it."""
    made = statement(Sentence(text, "", 1, 1), 0, check.language)
    return made is not None and made.leans
