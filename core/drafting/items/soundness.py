"""What makes a question unfit although it breaks no form: no claim to judge, a gap anything fits, an answer shown next door.

A sentence that advises, permits, instructs or tells of one person is neither true nor false for a learner (Haladyna, Downing
and Rodriguez 2002: one clear problem an item, and none that cues another).
"""

import re
from collections.abc import Sequence

from ...course.answers import BLANK
from ...course.item_words import plain, terms
from ...course.quiz import Item
from ...course.stem_rules import said
from ..statements import Statement
from .source import Draft, Source

_ADVICE = {
    "en": re.compile(
        r"\b(?:you|we|one|i)(?:['’](?:ll|d|re))? (?:also |then |now )?(?:can|could|should|may|might|must|need|have|want|will|would|are|use|get|see)\b|"
        r"\b(?:should|ought to|let['’]s|let us|make sure|be sure|remember|don['’]t|do not (?!\w+s\b)|please)\b|"
        r"\bit (?:is|['’]s) (?:good|best|better|important|useful|worth|wise|easy|possible)\b|\byour?\b",
        re.IGNORECASE,
    ),
    "zh": re.compile(
        r"[你您请]|应该|应当|最好|建议|不要|不妨|务必|记得|注意|我们|咱们|^(?:[把将]|先|再|也|只有|因为|但|所以|如果)"
    ),
}
_STORY = re.compile(r"\b(?:he|she|his|her|hers|him)\b|[他她](?!们|人)", re.IGNORECASE)
_ONE_OF_SOME = re.compile(
    r"^(?:(?:one|another|a second|some|other) (?:option|way|idea|example|possibility|approach|reason|thing)s?\b|let['’]s\b|"
    r"(?:you|we) (?:can|could|may|might) also\b|also\b)|^(?:另一种|另一个|还可以|也可以|一种(?:办法|方法|想法|选择)|其中一[个种])",
    re.IGNORECASE,
)
_ANY_NOUN = re.compile(r"\b(?:our|your|my|his|her|their|some|other) ＿|[非不未]＿", re.IGNORECASE)
_PRAISED = re.compile(
    r"^(?:A\(n\) |An? |The )?＿+ (?:is|are|was) (?:the |an? )?(?:one|most|best|only|farthest|furthest)\b|^＿+是(?:上述|最)|^＿+ ?[\w ]{0,20}[:：]|→",
    re.IGNORECASE,
)
"""What is only praised could be much else; a label with a gap says nothing."""
_LABEL = re.compile(r"^[^:：.。]{1,40}(?:[:：]| [–—] )")
_ENDS = re.compile(r"[.!。！][）)”\"’]?$")
_HOLE = re.compile(r"[㐀-鿿] +[㐀-鿿]")
_FEWEST_WORDS = 4
"""Words of content beside a gap from which on it can be told what is missing."""


def is_claim(sentence: str, one: Statement, source: Source) -> bool:
    """Whether a sentence can be judged by who knows the subject: a whole one that advises nothing and tells no story."""
    if not _ENDS.search(sentence.rstrip("*_ ")) or _HOLE.search(sentence) or one.item == "step":
        return False
    if one.item and _LABEL.match(sentence):
        return False
    asks = _ADVICE[source.course.language].search(sentence) or _STORY.search(sentence)
    return not (asks or _ONE_OF_SOME.match(sentence) or source.instructs(one) or source.tells_mistakes(one))


def is_sound(draft: Draft, source: Source) -> bool:
    """Whether a question can be answered by who learned the lesson, and by nobody else."""
    item, sentence = draft.item, BLANK.sub("＿＿＿", said(draft.item))
    if item.kind == "true_false":
        return is_claim(re.sub(r"^(?:True or false\?|判断正误：)\s*", "", sentence), draft.statement, source)
    if not BLANK.search(sentence):
        return True
    if _ONE_OF_SOME.match(sentence) or _STORY.search(sentence) or _ANY_NOUN.search(sentence) or _HOLE.search(sentence):
        return False
    if _PRAISED.match(sentence):
        return False
    answer = item.right[0] if item.right else ""
    rest = set(terms(BLANK.sub(" ", sentence))) - set(terms(answer))
    return len(rest) >= _FEWEST_WORDS and not (source.chinese and _within_longer(sentence, answer, source))


def gives_away(one: Item, other: Item) -> bool:
    """Whether what `other` shows answers `one`: it has the answer and nearly all words of the question round it."""
    return _told_by(one, other) or _told_by(other, one)


def _told_by(one: Item, other: Item) -> bool:
    shown = set(terms(" ".join([other.stem, *(option.text for option in other.options)])))
    asked = set(terms(BLANK.sub(" ", said(one))))
    answers = [""] if one.kind in ("true_false", "ordering") else list(one.right)
    for answer in answers:
        key = set(terms(answer))
        told = key <= shown if key else plain(answer).lower() in plain(other.stem).lower()
        if one.kind == "multiple":
            if key and len(key & shown) >= 0.8 * len(key):
                return True
        elif told and len((asked | key) & shown) >= 0.75 * len(asked | key):
            return True
    return False


def given_away(item: Item, others: Sequence[Item]) -> bool:
    """Whether an item and one of the others answer each other."""
    return any(gives_away(item, other) for other in others)


def _within_longer(sentence: str, answer: str, source: Source) -> bool:
    """Whether the notes' gap is the end of a longer Chinese term: 随机＿＿＿ for 梯度下降."""
    before = re.search(r"([㐀-鿿]{2})＿", sentence)
    return (
        bool(before)
        and bool(terms(before[1] if before else ""))
        and (source.course.lexicon.count(f"{before[1] if before else ''}{answer}") >= 2)
    )
