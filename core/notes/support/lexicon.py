"""The small words that turn a sentence around: opposites, negation, scope, cause and comparison, in both languages."""

import re
from functools import cache
from importlib.resources import files

from ..words import stem

NEGATION = re.compile(
    r"\b(?:no|not|never|none|nobody|nothing|neither|nor|cannot|without)\b|n['’]t\b|"
    r"不(?!过|仅|但|光|只是|同|断|锈|久|妨|论|管|得不|等式|动产|良|幸|足)|没(?!收|落)|無|(?<![从本])无(?!论|线|数|花|锡|机)|未(?!来|必|成年)|(?<![并除])非(?!常|洲|金属|法)|勿|莫(?!斯|扎)|别(?=[再要去用把])",
    re.IGNORECASE,
)
"""Words that deny. Chinese 不 in words that deny nothing (不过, 不仅) is left out."""

SOFT_NEGATION = re.compile(
    r"\b(?:unless|except|avoid\w*|prevent\w*|refus\w+|fail\w*|stop\w*|forbid\w*|ban\w*|rare\w*|hardly|seldom|scarce\w*|unlike|instead|lack\w*|"
    r"un(?:able|likely|used|known|changed|til)|lose\w*|lost|alone|only|free of|rather than|neither|too|irrelevant|differ\w*|im?mutable|ends?)\b|"
    r"除非|除了|避免|防止|以免|以防|阻止|拒绝|失败|停止|禁止|很少|难以|难|缺|失效|作废|不如|只|仅|才|否则|相反|忌|挡|免|废|失去",
    re.IGNORECASE,
)
"""Words by which a sentence says without a negation what another says with one."""

SCOPE = {
    "all": re.compile(
        r"\b(?:all|every|always|any|everyone|everybody|everything|each|entire|never|invariably|without exception|no matter)\b|"
        r"所有|全部|一切|任何|每[一个次种项]|都(?!市|城|会)|总是|永远|一律|从不|从来|始终|凡是|一定|必然|无一",
        re.IGNORECASE,
    ),
    "only": re.compile(
        r"\b(?:only|solely|alone|exclusively|merely|nothing but|just)\b|只(?!要)|仅|唯一|才(?!能|华|干)|单单|限",
        re.IGNORECASE,
    ),
    "some": re.compile(
        r"\b(?:some|most|many|several|often|usually|sometimes|mostly|mainly|generally|normally|typically|frequently|tends?|may|might|can|could|perhaps|probably|"
        r"almost|nearly|partly|few|rarely|in most cases|at first|up to)\b|"
        r"有些|部分|多数|大多|多半|往往|通常|一般|常常|经常|有时|可能|也许|或许|几乎|主要|许多|不少|很少|起初|最多",
        re.IGNORECASE,
    ),
    "must": re.compile(
        r"\b(?:must|has to|have to|required?|needs? to|obliged|mandatory|compulsory)\b|必须|务必|一定要|应当|强制|必需|不得不",
        re.IGNORECASE,
    ),
    "may": re.compile(
        r"\b(?:may|might|can|could|allowed|permitted|optional)\b|可以|可能|能够|允许|可选", re.IGNORECASE
    ),
}
"""How far a sentence reaches and how strictly it binds."""

CAUSE_AFTER = re.compile(
    r"\b(?:because(?: of)?|since|due to|owing to|thanks to|caused by|results? from|resulted from|as a result of|on account of|given that)\b|(?:(?<=, )|^)(?:as|for)\b(?! (?:well|long|soon|example|instance|far|much|many|at|all|one|two|\d|the (?:first|last)))|"
    r"因为|由于|是因为|起因于|归因于|(?<=[，,])因(?![此而])|^因(?![此而])",
    re.IGNORECASE,
)
"""After these words stands the cause."""
EFFECT_AFTER = re.compile(
    r"(?:[,;] ?so(?! that)|\band so|\btherefore|\bthus|\bhence|\bconsequently|\bas a result(?! of)|(?:which|that) is why|\bcaus(?:es|ed|ing)|\bleads? to|\bled to|\bresult(?:s|ed|ing)? in|\bmak(?:es|ing)|\bmade possible|\bfor this reason|\bwhich (?:means|makes|made|keeps?|stops?))\b|"
    r"所以|因此|因而|从而|于是|故而|使得?(?!用)|导致|引起|造成|以致|正因(?:为|如此)",
    re.IGNORECASE,
)
"""After these words stands the effect."""
WEAK_CAUSE_AFTER = re.compile(
    r"\b(?:when|whenever|if|once|as soon as|where|after)\b|(?<![适相])当(?!地|作|成|时的)|如果|若|一旦|凡是",
    re.IGNORECASE,
)
WEAK_EFFECT_AFTER = re.compile(r"\bthen\b|就|便(?!宜)|[时后][，,]", re.IGNORECASE)
JUXTAPOSED = re.compile(
    r"[;:；：]|\b(?:so that|in order to|to|which|and|or|otherwise|as)\b|——|以免|以便|为了|否则|也|则", re.IGNORECASE
)
"""Marks by which a reason may stand beside what it is given for, in either order."""
STRONG_CAUSE = re.compile(
    r"\b(?:because|therefore|thus|hence|consequently|due to|owing to|caused?|causes|results? (?:in|from)|leads? to|led to)\b|[,;] so\b|因为|由于|所以|因此|因而|导致|造成|引起|从而",
    re.IGNORECASE,
)

CONDITION = re.compile(
    r"\b(?:if|unless|except|provided|as long as|even|although|though|however|but|till|until)\b|如果|要是|假如|倘若|若|除非|除了|只要|即使|虽然|尽管|但|直到",
    re.IGNORECASE,
)
"""What a sentence cannot lose without saying more than it did."""
CONDITION_SPAN = re.compile(
    r"\b(?:only |even )?(?:if|unless|provided that|provided|as long as|except|without|until|only (?:when|after|where|with|by))\b[^,;.，]*|"
    r"(?:如果|若(?!干)|要是|假如|只有|除非|只要|未经|没有(?=[^，。；]{2,}，))[^，。；]*?(?=才|[，。；]|$)|[^，。；]*[时后](?=才|方可)|[^，。；]+的(?=，)",
    re.IGNORECASE,
)
"""A condition with the words that mark it, to the end of its clause."""
LIGHT = frozenset(
    [
        "usually",
        "mostly",
        "mainly",
        "often",
        "roughly",
        "approximately",
        "around",
        "simply",
        "really",
        "completely",
        "quite",
        "rather",
        "almost",
        "nearly",
        "generally",
        "normally",
        "typically",
        "frequently",
        "already",
        "still",
        "even",
        "soon",
        "just",
        "well",
        "therefore",
        "thus",
        "hence",
        "however",
        "else",
        "instead",
        "about",
        "ought",
        "need",
        "would",
        "way",
        "thing",
    ]
)
"""Words that shade what is said rather than saying it; scope and cause are looked at apart."""

COMPARED = re.compile(
    r"\bthan\b|(?<![对相之百])比(?![如例喻赛方重较率特])|不如|不及(?![物时格])|没有.{1,12}那么|[高低大小长短多少远早晚重轻]于|胜过",
    re.IGNORECASE,
)
"""What stands between the two sides of a comparison."""

COMPARATIVE = re.compile(
    COMPARED.pattern
    + r"|\b(?:more|less|fewer|better|worse|below|above|beyond|exceed\w*|least|most|(?!(?:other|after|over|under|never|water|number|order)\b)\w{3,}(?:er|est))\b|更|越|较|最|超过|以上|以下|不足|两倍|差",
    re.IGNORECASE,
)
"""What a comparison may be read from."""

PASSIVE = re.compile(
    r"\b(?:is|are|was|were|be|been|being|gets?|got)\b(?:\s+\w+){0,2}?\s+\w+(?:ed|en|wn|ne|t|d)\b[^,.;:]*?\bby\b|被|由(?![于此来])|受到|为[^，。]{1,8}所",
    re.IGNORECASE,
)
"""By which the one who does a thing comes after it."""


@cache
def _poles() -> dict[str, frozenset[tuple[int, int]]]:
    found: dict[str, set[tuple[int, int]]] = {}
    text = files(__package__).joinpath("opposites.txt").read_text(encoding="utf-8")
    for number, line in enumerate(text.splitlines()):
        if "|" in line and not line.startswith("#"):
            for side, words in zip((1, -1), line.split("|"), strict=True):
                for word in words.split():
                    found.setdefault(stem(word) if word.isascii() else word, set()).add((number, side))
    return {word: frozenset(poles) for word, poles in found.items()}


@cache
def opposed(one: str, other: str) -> bool:
    """Whether two keys of tokens are of opposite meaning."""
    poles = _poles()
    return any((number, -side) in poles.get(other, ()) for number, side in poles.get(one, ())) and not same_pole(
        one, other
    )


@cache
def same_pole(one: str, other: str) -> bool:
    """Whether two keys stand on the same side of some opposition."""
    poles = _poles()
    return bool(poles.get(one, frozenset()) & poles.get(other, frozenset()))
