"""What English notes say beyond definitions: purposes of commands, reasons, members of a class, ways to do things."""

import re

from .lexicon import Lexicon

_VERB_STOP = frozenset([
    "is", "was", "has", "does", "means", "refers", "tells", "says", "needs", "takes", "contains", "goes", "comes", "looks",
    "seems", "exists", "lets", "allows", "makes", "gives", "us", "this", "its", "works", "consists", "stands", "points", "belongs",
])  # fmt: skip
_NO_ACTION = re.compile(
    r"^(?:the|a|an|be|it|this|that|these|do|have|us|me|our|your|his|her|their|which|what|if|see|know|make sure|understand|avoid)\b"
)
_CODE = r"`(?P<code>[^`\n]{2,40})`"
_KIND = r"(?: (?:command|option|flag|function|method|keyword|statement|file|subcommand|argument))?"
_DO = r"(?P<do>[a-z][^.;:()\n]{3,80})"
_PURPOSES = (
    re.compile(
        rf"\b(?:[Uu]se|[Uu]ses|[Uu]sing|[Uu]sed|[Rr]un|[Rr]unning|[Tt]ype|[Cc]all|[Ee]nter|with|via) (?:the )?(?:command )?{_CODE}{_KIND} (?:in order )?to {_DO}"
    ),
    re.compile(
        rf"\b(?:[Tt]o|in order to) (?P<do>[a-z][^.;:()`\n]{{3,70}}?),? (?:(?:we|you|I|one|they|just|simply|can|could|will|then|first|need to|have to|now|also) )*"
        rf"(?:use|run|type|call|enter|issue|execute|write|add|try) (?:the )?(?:[a-z]+ ){{0,2}}{_CODE}"
    ),
    re.compile(
        rf"^(?P<do>[A-Z][a-z]+ [^.;:()`,\n]{{3,60}}?) (?:with|using|by running|by using|by typing) (?:the )?{_CODE}"
    ),
)
_LEAD = re.compile(
    r"(?:\b(?:we|you|let['’]s|let us)(?: (?:can|could|will|now|need to|have to|want to|would like to|also|then|next|first|just|simply))*(?: (?:tell|ask) \w+ to)? |^To |, to )(?P<do>(?!(?:see|get|are|is|look|have|had|do|did|use|run|type|want|need|know|find)\b)[a-z]+ [^.;:()]{4,70})"
)
_DOES = re.compile(r"^(?P<verb>[a-z]+s) (?P<rest>[^.;:()]{4,70})")
_TAIL = re.compile(
    r"(?:,| \\?--| — | so that| because| which| when | where | while | if | and then| before | since| – | - | and (?:we|you|it|the)\b| but ).*$"
)
_MODAL = re.compile(
    r"^(?:(?:you|we|I|can|could|will|would|should|may|might|also|then|now|just|simply|first|need to|have to|want to) )+"
)
_SOMEBODYS = re.compile(r" (?:in|into|on|onto|to|from|at|with) (?:her|his|their) .*$")
"""Whose it is in the author's story: "clone the repo into her folder"."""
_DANGLING = re.compile(
    r"(?: (?:and|or|to|of|the|a|an|in|on|for|with|by|from|at|as|than|that|it|this|them|these|also|be))+$"
)
_IMPERATIVE = re.compile(
    r"^(?:use|don['’]t|do not|never|always|keep|make|put|add|let|note|remember|avoid|learn|choose|check|be|try|take|give|set|please|in|on|at|if|when|for|to|with|as|and|but|so|by|from)\b",
    re.IGNORECASE,
)
_BECAUSE = re.compile(r"^(?P<effect>[A-Z“\"][^;:()]{14,110}?),? because (?!of\b)(?P<reason>.{10,})$")
_REASON_IS = re.compile(
    r"^The (?:main |only )?reason (?:why |that )?(?P<effect>[^;:()]{12,90}?) is (?:that |because )(?P<reason>.{8,})$"
)
_NUMBER = r"(?:two|three|four|five|six|seven|eight|nine|ten|\d{1,2})"
_CLASSES = (
    r"(?:kinds?|types|sorts|forms|ways|parts|stages|states|phases|reasons|rules|classes|groups|levels|steps|components|elements|layers|factors|"
    r"principles|properties|features|functions|methods|definitions|causes|conditions|categories|families|modes|areas|zones)"
)
_VAGUE = re.compile(r" (?:more|other|most|next|last|first|main|such|these)\b")
_MEMBERS = re.compile(
    rf"\b(?P<what>{_NUMBER} (?:[a-z-]+ ){{0,2}}{_CLASSES}(?: (?:of|to|in|for) (?:an? |the )?[a-z-]+(?: [a-z-]+)?)?)\b"
)
_HAS = re.compile(
    rf"^(?:An? |The )?(?P<subject>[A-Za-z][\w-]*(?: [\w-]+){{0,2}}) (?:has|have|consists? of|falls? into|comes? in|is divided into|are divided into) (?P<what>{_NUMBER} (?:[a-z-]+ ){{0,2}}{_CLASSES})\b"
)
_USE_WHEN = re.compile(
    r"\b(?:use|choose|prefer|pick|take|works? best|is best|are best|is better|suits?)\b.{0,60}\b(?:when|if|for|where|unless)\b|^(?:if|when)\b.{5,80}\b(?:use|choose|prefer|pick)\b",
    re.IGNORECASE,
)
_FORMULA = re.compile(r"\b(?:calculated as|computed as|divided by|multiplied by|the product of)\b|\w [×÷*/] \w")


def purpose(text: str, code: str, meaning: str) -> str:
    """What one does with a command, as a phrase after "to": "create a repository"; empty where the notes do not say."""
    if meaning and (does := _DOES.match(meaning)) and does["verb"] not in _VERB_STOP:
        return action(f"{_base(does['verb'])} {does['rest']}")
    for pattern in _PURPOSES:
        for match in pattern.finditer(text):
            if match["code"] == code and (what := action(match["do"][:1].lower() + match["do"][1:])):
                return what
    return ""


def led_purpose(plain: str) -> str:
    """What the commands do that a sentence leads into: "we tell Git to make `recipes` a repository:" → make …"""
    match = _LEAD.search(plain)
    return action(match["do"]) if match else ""


def action(text: str) -> str:
    """A verb phrase cut to what can stand in an objective; empty where it cannot."""
    text = _SOMEBODYS.sub("", _TAIL.sub("", f"{_MODAL.sub('', text)} "))
    phrase = _DANGLING.sub("", text.strip().rstrip(",.")).strip()
    words = phrase.split()
    able = 2 <= len(words) <= 11 and not _NO_ACTION.match(phrase) and phrase.count("`") % 2 == 0
    return (
        re.sub(r"\bour\b", "the", phrase) if able and not re.search(r"\b(?:us|we|I|my|it|her|his)\b|\*", phrase) else ""
    )


def reason(plain: str) -> tuple[str, str]:
    """(effect, reason) of a sentence that gives one; two empty strings where it gives none that stands alone."""
    match = _REASON_IS.match(plain) or _BECAUSE.match(plain)
    if not match:
        return "", ""
    effect = match["effect"].strip(" ,")
    if re.search(r", (?:which|who|where|and|but)\b", effect):
        return "", ""  # the reason is of what stands behind the comma
    words = effect.split()
    if (
        not 3 <= len(words) <= 18
        or _IMPERATIVE.match(effect)
        or effect.count('"') % 2
        or re.search(r"\b(?:not only|you|we|I|your|our)\b|\?$", effect, re.IGNORECASE)
    ):
        return "", ""
    return effect, match["reason"].rstrip(". ")


def members(plain: str) -> tuple[str, str]:
    """(what is enumerated, of what) in a sentence that says how many there are: ("three parts", "glaze")."""
    if match := _HAS.match(plain):
        subject = match["subject"]
        return match["what"], "" if subject.lower() in {
            "it",
            "they",
            "this",
            "these",
            "there",
            "we",
            "you",
        } else subject
    enumerates = re.search(r"[:：]|^There (?:are|is)\b", plain)
    match = _MEMBERS.search(plain) if enumerates else None
    return (match["what"], "") if match and not _VAGUE.search(match["what"]) else ("", "")


def is_choice(plain: str) -> bool:
    """Whether a sentence says when to use something."""
    return bool(_USE_WHEN.search(plain))


def has_formula(plain: str) -> bool:
    """Whether a sentence tells how to calculate something."""
    return bool(_FORMULA.search(plain))


def way_to(title: str, lexicon: Lexicon) -> str:
    """What a heading tells how to do, as a verb phrase: "Setting Up Git" → "set up Git"; empty where it names a thing."""
    if how := re.match(r"^How (?:to|do (?:I|you|we)) (?P<do>[^?]{4,60})\??$", title, re.IGNORECASE):
        return how["do"]
    match = re.match(
        r"^(?P<gerund>[A-Z][a-z]{1,14})ing (?P<rest>(?!of |is |in |on |and |vs |with |data\b).{2,60})$", title
    )
    if (
        not match
        or f"{match['gerund'].lower()}ing" in _NO_GERUND
        or re.search(r"\b(?:yourself|it|them|this)$", title, re.IGNORECASE)
    ):
        return ""
    if lexicon.has(f"the {title}") or lexicon.has(f"a {title}"):
        return ""  # "the staging area" is a thing
    rest = " ".join(lexicon.in_sentence(word) for word in match["rest"].split())
    return f"{_infinitive(match['gerund'].lower(), lexicon)} {rest}"


def _infinitive(root: str, lexicon: Lexicon) -> str:
    """The verb of a gerund without its ending: `sett` → set, `creat` → create, by the words of the notes, else by shape."""
    forms = [root, f"{root}e"]
    if len(root) > 2 and root[-1] == root[-2]:
        forms.insert(0, root[:-1])
    counts = [lexicon.count_word(form) for form in forms]
    if max(counts):
        return forms[counts.index(max(counts))]
    if len(forms) == 3:
        return forms[0] if root[-1] not in "lsz" else root
    silent = re.search(r"(?:[aiou][cgsvzt]|[iuo]r|rg|nc|ag|bl|pl|tl|u)$", root) and not re.search(
        r"[aeiou]{2}\w$|ait$|oit$|sit$|dit$", root
    )
    return f"{root}e" if silent else root


def _base(verb: str) -> str:
    """The third person without its ending: `copies` → copy, `pushes` → push."""
    if verb.endswith("ies") and len(verb) > 4:
        return f"{verb[:-3]}y"
    return verb[:-2] if verb.endswith(("shes", "ches", "sses", "xes", "zzes", "oes")) else verb[:-1]


_NO_GERUND = frozenset([
    "string", "thing", "during", "king", "spring", "ring", "wing", "training", "morning", "evening", "building", "meeting", "being",
    "nothing", "something", "anything", "everything", "leading", "following", "remaining", "missing", "existing", "using",
])  # fmt: skip
