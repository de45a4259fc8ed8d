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
_MASS = re.compile(
    r"(?P<first>[a-z-]+) (?:[a-z-]+ ){0,3}?(?:that|which|who|of|for|in|from|between|made|used|with|against|through|across|without|into)\b"
)
_NOT_A_KIND = re.compile(
    r"(?:\w+(?:ed|ing)|made|kept|found|held|built|set|put|taken|given|known|born|shown|seen|written|worn|sold|"
    r"valid|good|bad|better|best|worse|worst|ready|responsible|safe|full|free|aware|different|useful|useless|due|easy|hard|rich|poor|true|typical|"
    r"common|rare|important|not|also|often|always|never|usually|only|still|now|too|so|as|at|in|on|by|up|out|about|from|more|most|less|very|far|near|"
    r"close|open|due|able|likely|similar|equal|part|worth|enough|here|there)$"
)
_NO_MEANING = re.compile(
    r"^an? (?:exception|example|case|matter|question|must|mistake|problem|reason|result)\b|^the (?:word|name|term|case|same|reason|result|way|problem|point|question|opposite|following)\b|\b(?:this|these|those)$|"
    r"^the (?:best|worst|most|only|first|second|third|last|main|biggest|other|next)(?: \S+){0,2}$|"
    r"^(?:an? |the )?(?:one |only |\S+est |most \S+ )?(?:thing|something|stuff|points|things|ones|places)\b(?! (?:beyond|outside)\b)|"
    r"^[^,;]*\b(?:that|which) (?:it|they|he|she)\b",
    re.IGNORECASE,
)
"""What tells of a thing without saying what it is; "the dome that it makes" needs the sentence before."""
_SUPERLATIVE = re.compile(
    r"^the (?:most|least|best|worst|(?!forest|test|request|interest|harvest|guest|west)[a-z]+est)\b"
)
_SAID_OF_ONE = re.compile(r"^the [a-z]+est (?:\S+ ){1,2}(?:(?:at |in |by |to |on )?(?:that|which)|of)\b")
"""A superlative defines where it goes on to say of what: "the smallest unit that …", not "the most rewarding planet"."""
_OF = re.compile(r"^(?P<term>\S+(?: \S+)?) of (?:an? |the )?[\w-]+(?: [\w-]+)?$")
_BARE_PLURAL = re.compile(r"(?:[a-z-]+ ){0,2}[a-z]{2,}s (?:[a-z]+ed|built|made|held|kept|that|which|who|where)\b")
_FIRM = re.compile(r"^(?:an?|the) (?:[a-z-]+ ){1,2}?(?:(?:at|in|by|to) which|that|which|who|of|between)\b")
_NOMINAL = re.compile(r"[a-z]{3,}(?:tion|sion|sis|ity|ment|ness|ance|ence|ism|ysis|ship)$", re.IGNORECASE)
_APPOSED = re.compile(
    r"(?P<mark>\*{1,2}|(?<!\w)_)(?P<term>[A-Za-z][^*_`]{2,38}?)(?P=mark)(?: \([^()]*\))?, (?P<meaning>(?:an?|the) [^.;:]*?\b(?:that|which|who|of|for|in|from|between)\b[^.;:]{5,})(?=[.;:]|$)"
)
"""A stressed term and what it is right behind it: "a lot of **amylase**, an enzyme that turns starch into sugar"."""
CALLED = re.compile(
    r"\b(?:called|known as|termed|named|nicknamed|call (?:this|it|them|these))\s+(?:an?\s+|the\s+)?(?:\*{1,2}|_|\[|[\"“])(?P<term>[^*`\[\]_\"”]{2,40})",
    re.IGNORECASE,
)
CALLED_PLAINLY = re.compile(
    r"\b(?:(?:is|are|was|were) |also |sometimes |often |usually )(?:called|known as|termed) (?:an? |the )?(?P<term>[a-z][a-z-]{3,}(?: [a-z-]{3,}){0,2})(?=[.,;:)]|$)|"
    r"\b(?:we|one|people|authors) call (?:this|it|them|these|that) (?:an? |the )?(?P<ours>[a-z][a-z-]{3,}(?: [a-z-]{3,}){0,2})(?=[.,;:)]|$)|"
    r"\b[Aa]n? (?:[a-z-]+ )?[a-z-]+ called an? (?P<kind>[a-z][a-z-]{3,})(?=[ .,;:)]|$)"
)
"""Names given without any mark: "… is called oven spring.", "we call this a scald.", "a passport called a paiza let …"."""
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
_IDLE = re.compile(
    r"(?:kept|held|found|made|sold|not|also|often|always|never|usually|only|still|used|put|set|\w+ed (?:in|by|at|on|with|from|to))\b"
)
_CLAUSE = frozenset({"of", "is", "are", "was", "were", "that", "which", "to", "when", "if"})


def english_definition(plain: str, is_marked: Callable[[str], bool], lexicon: Lexicon) -> Definition | None:
    """What a sentence without its marks defines; `is_marked` says whether the author emphasised a term in it."""
    match = _DEFINITION.match(re.sub(r" \$[^$]{1,12}\$(?= (?:is|are) )", "", plain))
    if not match:
        return None
    term, verb, article, meaning = match["term"], match["verb"], (match["article"] or "").lower(), match["meaning"]
    if (of := _OF.match(term)) and is_marked(of["term"]):
        term = of["term"]
    head = term.lower().split()
    ends = {head[0], head[-1]}
    if len(head) > 4 or ends & (SUBJECT_STOP | STOPWORDS) or _CLAUSE & set(head) or head[-1].endswith("ly"):
        return None
    meaning = (meaning.split(",")[0] if match["which"] else meaning).rstrip(".")
    if _NO_MEANING.search(meaning) or not (
        verb in {"means", "stands for"}
        or _says_a_kind(meaning, article)
        or (is_marked(term) and re.match(r"[a-z]{3,}ing (?:an?|the|one|some) ", meaning))
    ):
        return None
    quoted = bool(re.match(_LEAD + r"[\"“]", plain))
    named = article == "the" and len(head) > 1 and all(word[:1].isupper() for word in term.split())
    if not is_marked(term) and not quoted and not named:
        # "The result is a …" and "Sharing is the …" define nothing; a term of the subject comes again in the notes.
        ordinary = (article == "the" and verb != "means") or (not article and len(head) == 1 and term.endswith("ing"))
        again = lexicon.count(re.sub("s$", "", term)) >= 2 or _is_firm(term, meaning)
        if ordinary or not (again or (article and verb in {"is", "are"})):
            return None
        if verb in {"was", "were"} and not article and not head[-1].endswith("s"):
            return None  # a name of history: "Wudi was the seventh emperor of …" is told, not defined
    told = verb in {"is", "are", "was", "were", "means"}
    return Definition(term, meaning if told else "", article, plural=verb in {"are", "were"})


def _says_a_kind(meaning: str, article: str) -> bool:
    """Whether the meaning names a kind of thing and not a property: "valid for six months" defines no voucher."""
    if _KIND.match(meaning):
        return not _SUPERLATIVE.match(meaning) or bool(_SAID_OF_ONE.match(meaning))
    mass = _MASS.match(meaning)
    if not article and _BARE_PLURAL.match(meaning) and not _IDLE.match(meaning):
        return True  # "walled inns spaced a day's march apart"
    return bool(mass) and not article and not _NOT_A_KIND.match(mass["first"] if mass else "")


def _is_firm(term: str, meaning: str) -> bool:
    """Whether a name that the notes use once is still defined: "Hydration is the weight of …", "Caravanserais were walled inns spaced …"."""
    if " " in term:
        return False
    return bool(
        (_NOMINAL.search(term) and _FIRM.match(meaning)) or (term.endswith("s") and _BARE_PLURAL.match(meaning))
    )


def apposed(text: str) -> Definition | None:
    """The stressed term of a sentence, its marks still in it, that is told right behind its name."""
    match = _APPOSED.search(text)
    if not match or _NO_MEANING.search(match["meaning"]) or _SUPERLATIVE.match(match["meaning"]):
        return None
    words = match["term"].lower().split()
    if len(words) > 4 or {words[0], words[-1]} & (SUBJECT_STOP | STOPWORDS):
        return None
    return Definition(match["term"], match["meaning"].strip(" ,"), "")
