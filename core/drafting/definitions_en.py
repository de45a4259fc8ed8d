"""How English notes define things: "A pod is the smallest unit that …", "“HR” means …", "… is called a sidecar"."""

import re
from collections.abc import Callable

from ..notes.words import STOPWORDS
from .definition import Definition
from .lexicon import Lexicon

_TERM = r"[\"“]?(?P<term>[A-Za-z][\w’'.+#/-]*(?: [\w’'.+#/-]+){0,4})[\"”]?"
_LEAD = r"^(?:\d+(?:\.\d+)+\.?\s+)?"
"""A clause number, as policies and laws have them: `4.1 Misconduct means …`."""
_DEFINITION = re.compile(
    _LEAD + rf"(?:(?P<article>An?|The)\s+)?{_TERM}(?: \((?P<also>[^()]*)\))?,? (?P<which>which )?"
    r"(?P<verb>is|are|was|were|means|refers to|stands for|describes|measures) (?P<meaning>\S.{14,})$"
)
_KIND = re.compile(r"(?:an?|the|any|one|two|how|what|when|where|whatever|simply an?|just an?)\b")
_MASS = re.compile(r"(?P<first>[a-z-]+) (?:[a-z-]+ ){0,3}?(?:that|which|who|of|for|in|from|between|made|used|with)\b")
_NOT_A_KIND = re.compile(
    r"(?:\w+(?:ed|ing)|made|kept|found|held|built|set|put|taken|given|known|born|shown|seen|written|worn|sold|"
    r"valid|good|bad|better|best|worse|worst|ready|responsible|safe|full|free|aware|different|useful|useless|due|easy|hard|rich|poor|true|typical|"
    r"common|rare|important|not|also|often|always|never|usually|only|still|now|too|so|as|at|in|on|by|up|out|about|from|more|most|less|very|far|near|"
    r"close|open|due|able|likely|similar|equal|part|worth|enough|here|there)$"
)
_NO_MEANING = re.compile(
    r"^an? (?:exception|example|case|matter|question|must|mistake|problem|reason|result)\b|^the (?:word|name|term|case|same|reason|result|way|problem|point|question|opposite|following)\b|\b(?:this|these|those)$|"
    r"^the (?:best|worst|most|only|first|second|third|last|main|biggest|other|next)(?: \S+){0,2}$",
    re.IGNORECASE,
)
CALLED = re.compile(
    r"\b(?:called|known as|termed|named|nicknamed|call (?:this|it|them|these))\s+(?:an?\s+|the\s+)?(?:\*{1,2}|_|\[|[\"“])(?P<term>[^*`\[\]_\"”]{2,40})",
    re.IGNORECASE,
)
CALLED_PLAINLY = re.compile(
    r"\b(?:(?:is|are|was|were) |also |sometimes |often |usually )(?:called|known as|termed) (?:an? |the )?(?P<term>[a-z][a-z-]{3,}(?: [a-z-]{3,}){0,2})(?=[.,;:)]|$)|"
    r"\b(?:we|one|people|authors) call (?:this|it|them|these|that) (?:an? |the )?(?P<ours>[a-z][a-z-]{3,}(?: [a-z-]{3,}){0,2})(?=[.,;:)]|$)"
)
"""Names given without any mark: "… is called oven spring.", "we call this a scald."."""
SUBJECT_STOP = frozenset([
    "advantage", "aim", "all", "answer", "any", "anything", "bad", "best", "both", "case", "catch", "chapter", "code",
    "common", "default", "difference", "disadvantage", "each", "easiest", "effect", "everybody", "everyone",
    "everything", "evidence", "exam", "example", "exercise", "fact", "figure", "file", "first", "following",
    "formula", "goal", "good", "he", "here", "hint", "i", "idea", "important", "it", "key", "kind", "last", "lesson",
    "line", "list", "main", "many", "most", "name", "new", "next", "nobody", "note", "notes", "nothing", "number",
    "old", "one", "only", "other", "output", "overall", "page", "part", "people", "phase", "phases", "point",
    "problem", "purpose", "question", "reason", "rest", "result", "rule", "same", "second", "section", "set", "she",
    "simplest", "some", "something", "sort", "source", "sources", "step", "steps", "such", "sum", "summary", "table",
    "that", "there", "these", "they", "thing", "third", "this", "those", "time", "tip", "total", "trick", "type",
    "warning", "way", "we", "what", "which", "who", "word", "worst", "you",
])  # fmt: skip
_CLAUSE = frozenset({"of", "is", "are", "was", "were", "that", "which", "to", "when", "if"})


def english_definition(plain: str, is_marked: Callable[[str], bool], lexicon: Lexicon) -> Definition | None:
    """What a sentence without its marks defines; `is_marked` says whether the author emphasised a term in it."""
    match = _DEFINITION.match(plain)
    if not match:
        return None
    term, verb, article, meaning = match["term"], match["verb"], (match["article"] or "").lower(), match["meaning"]
    head = term.lower().split()
    ends = {head[0], head[-1]}
    if len(head) > 4 or ends & (SUBJECT_STOP | STOPWORDS) or _CLAUSE & set(head) or head[-1].endswith("ly"):
        return None
    meaning = (meaning.split(",")[0] if match["which"] else meaning).rstrip(".")
    if _NO_MEANING.search(meaning) or not (verb in {"means", "stands for"} or _says_a_kind(meaning, article)):
        return None
    quoted = bool(re.match(_LEAD + r"[\"“]", plain))
    named = article == "the" and len(head) > 1 and all(word[:1].isupper() for word in term.split())
    if not is_marked(term) and not quoted and not named:
        # "The result is a …" and "Sharing is the …" define nothing; a term of the subject comes again in the notes.
        ordinary = (article == "the" and verb != "means") or (not article and len(head) == 1 and term.endswith("ing"))
        if ordinary or (lexicon.count(re.sub("s$", "", term)) < 2 and not (article and verb in {"is", "are"})):
            return None
        if verb in {"was", "were"} and not article and not head[-1].endswith("s"):
            return None  # a name of history: "Wudi was the seventh emperor of …" is told, not defined
    told = verb in {"is", "are", "was", "were", "means"}
    return Definition(term, meaning if told else "", article, plural=verb in {"are", "were"})


def _says_a_kind(meaning: str, article: str) -> bool:
    """Whether the meaning names a kind of thing and not a property: "valid for six months" defines no voucher."""
    if _KIND.match(meaning):
        return True
    mass = _MASS.match(meaning)
    return bool(mass) and not article and not _NOT_A_KIND.match(mass["first"] if mass else "")
