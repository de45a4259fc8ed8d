"""What is said in the author's own words: verbatim, tidied, or with a part left out, which needs no weighing at all."""

import re
from collections.abc import Sequence

from .lexicon import COMPARED, CONDITION, NEGATION, SCOPE
from .reading import clauses, pieces, plain, tokens

_ENDS = "。.!！?？;；:：\n"
_LABELLED = re.compile(
    r"(?:[-+] |\* )?(?:\*\*|__|\*|_)?(?P<label>[^*:：\n]{1,60}?)(?:\*\*|__|\*|_)?\s*(?::\s|：|——|\s[—–]\s)\s*(?:\*\*|__)?\s*(?P<body>\S.*)$"
)
_CALLS = re.compile(
    r"(?:tips?|notes?|hints?|warnings?|caution|important|remember|attention|examples?|注意|提示|小贴士|贴士|警告|要点|说明|建议|例如?|重要|提醒)",
    re.IGNORECASE,
)
_DEFINING = r"(?:[,，:：]|——|[—–])?(?:是指|指的是|就是|即为|即|是|指|称为|isdefinedas|aredefinedas|referto|refersto|means?|is|are|was|were)?[,，:：]?"
_UNSAID = frozenset(["a", "an", "the", "be", "是"])
"""Articles and the copula: `**Rods**: the cells for the night` says what `The rods are the cells for the night` does."""
_JOINING = frozenset(["and", "but", "so", "whil", "whereas", "then", "also", "thus", "therefor", "henc", "而", "但", "但是", "所以", "因此", "则", "也", "就"])  # fmt: skip


def quoted(sentence: str, passages: Sequence[str]) -> bool:
    """Whether the sentence stands in a passage as a whole, Markdown's marks, line breaks and the final mark aside."""
    said = _flat(sentence).strip(_ENDS)
    if not said:
        return False
    for passage in passages:
        text = _flat(passage)
        start = text.find(said)
        while start >= 0:
            before, after = text[start - 1 : start] if start else "\n", text[start + len(said) :][:1] or "\n"
            if before in _ENDS and after in _ENDS + '）)”"':
                return True
            start = text.find(said, start + 1)
    return False


def defined(sentence: str, passages: Sequence[str]) -> bool:
    """Whether the sentence is a label and what it labels, and a passage says as much in the author's words.

    `**Osmosis**: the diffusion of water` stands for `*Osmosis* is the diffusion of water.`; a label such as `Tip` for nothing.
    """
    match = _LABELLED.match(" ".join(sentence.split()))
    if not match:
        return False
    label, body = match["label"].strip(), match["body"]
    if _CALLS.fullmatch(label):
        return quoted(body, passages) or shortened(body, passages)
    term = _flat(re.sub(r"[(（][^()（）]*[)）]", "", label))
    said = _flat(re.sub(r"^(?:the|an?) ", "", body, flags=re.IGNORECASE)).strip(_ENDS)
    if not term or len(said) < 4:
        return False
    form = re.compile(
        rf"(?:^|[{_ENDS}]|(?<=[,，]))(?:the|an?)?{re.escape(term)}(?:[(（][^()（）]*[)）])?{_DEFINING}"
        rf"(?:the|an?)?{re.escape(said)}(?P<rest>[^{_ENDS}]*)"
    )
    for passage in passages:
        match = form.search(_flat(passage))
        if match and (not match["rest"] or (match["rest"][0] in ",，(（" and not _limits(match["rest"]))):
            return True
    return False


def shortened(sentence: str, passages: Sequence[str]) -> bool:
    """Whether the sentence is one of the author's, or two of them joined, with whole clauses left out and nothing put in or moved.

    No clause may be missing that denies, limits, compares or makes a condition.
    """
    if len(_words(sentence)) < 3:
        return False
    given = [one for passage in passages for block in pieces(passage) for one in block]
    if any(_shortens(sentence, one, anywhere=True) for one in given):
        return True
    parts = clauses(sentence)
    halves = [("".join(parts[:cut]), "".join(parts[cut:])) for cut in range(1, len(parts))]
    return any(all(any(_shortens(half, one, anywhere=False) for one in given) for half in pair) for pair in halves)


def _shortens(claim: str, given: str, anywhere: bool) -> bool:
    """Whether the claim is made of clauses of a sentence, in order; `anywhere`: the first of them may be missing."""
    said, index, kept = _words(claim), 0, 0
    for number, part in enumerate(clauses(given)):
        words = _words(part)
        if words and said[index : index + len(words)] == words:
            index += len(words)
            kept += 1
        elif _limits(part) or not (anywhere or number) or (kept and index < len(said) and part.lstrip()[:1] in ";；"):
            return False
    return bool(said) and index == len(said)


def _words(text: str) -> list[str]:
    """All its words in order but articles, the copula and a joining word at the start."""
    found = [token.key for token in tokens(text) if token.key not in _UNSAID]
    return found[1:] if found and found[0] in _JOINING else found


def _limits(text: str) -> bool:
    patterns = [NEGATION, CONDITION, COMPARED, *SCOPE.values()]
    return any(pattern.search(text) for pattern in patterns)


def _flat(text: str) -> str:
    text = re.sub(r"\n\s*\n|\n(?=\s*(?:[-*+|#>]|\d+[.)])\s)", "。", text)
    return re.sub(r"\s+", "", re.sub(r"`", "", plain(text))).lower()
