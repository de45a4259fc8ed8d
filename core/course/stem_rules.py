"""Item-writing rules on the stem: what it asks, in which words, and whether it gives the answer away.

Each takes an item and its language and says how the item breaks it; empty where it does not.
"""

import re

from .answers import BLANK, read_number
from .item_words import Language, is_chinese, length, plain, terms
from .quiz import Item

CHOICE = frozenset({"single", "multiple"})
TYPED = frozenset({"cloze", "short", "numeric"})
MOST_STEM = 420
"""Letters of prose in a stem, a Chinese character as two."""

_QUOTED = re.compile(r"[“\"「](?P<said>.+?)[”\"」]\s*$")
_CODE = re.compile(r"```.*?```|~~~.*?~~~", re.DOTALL)
_LEANS = {
    "en": re.compile(
        r"^(?:it|its|this|that|these|those|they|their|he|she|his|her|here|such|the (?:former|latter|above|same|other)|as (?:above|mentioned)|however|therefore|"
        r"but|so|then|thus|and|or|also)\b(?! (?:is|was) (?:known|possible|important|the))",
        re.IGNORECASE,
    ),
    "zh": re.compile(
        r"^(?:这|那[些个种时样]|该|此|其(?!实|他|余)|它|他|她|上述|上面|前者|后者|两者|因此|所以|但|而且|并且|然后|于是)"
    ),
}
_NEGATIVE = {
    "en": re.compile(r"\b(?:not|except|never|incorrect|false|untrue|least)\b|n['’]t\b"),
    "zh": re.compile(r"不正确|错误|不属于|不是|不包括|不符|不会|没有|除.{1,10}[外以]|不对"),
}
_ASKS = re.compile(
    r"[?？]|\b(?:which|what|who|when|where|why|how|name|give|state|choose|select|fill|put|arrange|order|true or false|decide|calculate|write|complete)\b|"
    r"什么|哪|多少|几|谁|何|怎|如何|为什么|选出|填|写出|说出|排列|排序|判断|补全|计算|是[:：]?$",
    re.IGNORECASE,
)
_GENERIC = re.compile(
    r"^\W*(?:which (?:one )?of (?:these|the following)(?: \w+)? (?:is|are) (?:true|correct|right|false|wrong|not true|not correct)|"
    r"which (?:statement|sentence|answer)s? (?:is|are) (?:true|correct|right|false|wrong)|"
    r"which (?:one )?of (?:these|the following)(?: \w+)? belongs? to\b.*|"
    r"(?:关于本[课节章].*)?(?:下列|以下|下面)(?:哪[一些个]?[项句个]?|各?项?)?(?:说法|叙述|描述|表述)?(?:中)?[,，]?(?:正确|错误|不正确|对|属于.*)的?(?:一项|内容)?(?:是|有)?.*)\W*$",
    re.IGNORECASE,
)


def asked(item: Item) -> str:
    """The stem's prose without code blocks."""
    return plain(_CODE.sub("", item.stem))


def said(item: Item) -> str:
    """What a stem quotes to be completed or described, or the whole where it quotes nothing at its end."""
    shown = asked(item)
    quoted = _QUOTED.search(shown)
    return quoted["said"] if quoted else shown


def _ambiguous(item: Item, language: Language) -> str:
    quoted = said(item)
    if item.kind in TYPED | {"true_false"} or quoted != asked(item):
        leaning = _LEANS["zh" if is_chinese(quoted[:4]) else "en"].match(quoted)
        if leaning:
            return f"The sentence begins with “{leaning[0]}”, and nothing before it says what that is."
    if item.kind in ("cloze", "short"):
        long = [one for accepted in item.answers for one in accepted[:1] if length(one) > 60]
        if long:
            return f"Nobody types “{long[0]}” just so; ask for less or offer a choice."
    return ""


def _unfocused(item: Item, language: Language) -> str:
    shown = asked(item)
    if item.kind == "true_false":
        return "" if len(terms(shown)) >= 2 else "The statement says too little to be true or false."
    if item.kind == "cloze":
        return "" if len(terms(BLANK.sub("", shown))) >= 2 else "Too little stands around the gap to tell what goes in."
    if not BLANK.search(item.stem) and not _ASKS.search(shown):
        return "The stem asks nothing; it can be answered from the options alone, if at all."
    return "" if terms(shown) or _CODE.search(item.stem) else "The stem does not say what the question is about."


def _negative(item: Item, language: Language) -> str:
    if item.kind not in CHOICE:
        return ""
    question = _QUOTED.sub("", re.sub(r"`[^`]*`", "", item.stem))
    negative = _NEGATIVE["zh" if is_chinese(question) else "en"].search(question)
    if not negative:
        return ""
    emphasised = re.search(rf"(?:\*\*|__)[^*_]*{re.escape(negative[0])}[^*_]*(?:\*\*|__)", question)
    return "" if emphasised else f"The stem asks negatively (“{negative[0]}”) and does not stress it."


def _gratuitous(item: Item, language: Language) -> str:
    return "The stem tells more than the question needs." if length(asked(item)) > MOST_STEM else ""


def _gap_inside(item: Item, language: Language) -> str:
    if item.kind not in CHOICE:
        return ""
    gap = BLANK.search(item.stem)
    inside = gap is not None and len(re.sub(r"\W", "", BLANK.sub("", item.stem[gap.end() :]))) > 1
    return "The gap is in the middle of the sentence; put it at the end, or have the answer typed." if inside else ""


def _true_false(item: Item, language: Language) -> str:
    if item.kind != "single" or not _GENERIC.match(asked(item)):
        return ""
    sentences = all(length(option.text) > 20 for option in item.options)
    return "The options are statements to be judged true or false each by itself." if sentences else ""


def _logical_cue(item: Item, language: Language) -> str:
    shown = asked(item).lower()
    if item.kind in TYPED:
        around = BLANK.sub(" ", shown)
        for accepted in item.answers:
            for one in accepted[:1]:
                if plain(one).lower() in around and not (item.kind == "numeric" and read_number(one) is None):
                    standing = rf"(?<![\w.]){re.escape(plain(one).lower())}(?![\w.]|\s?\d)"
                    if is_chinese(one) or re.search(standing, around):
                        return f"The stem already holds the answer, “{one}”."
        return ""
    if item.kind == "ordering":
        if tuple(letter for (letter,) in item.answers) == tuple(sorted(letter for (letter,) in item.answers)):
            return "The steps are shown in the right order already."
        return "The steps say their own place." if _numbered(item) else ""
    if item.kind in CHOICE:
        for option in item.options:
            if option.correct and length(option.text) > 3 and plain(option.text).lower() in shown:
                return f"The stem already holds the answer, “{option.text}”."
    return ""


def _numbered(item: Item) -> bool:
    opens = re.compile(
        r"^(?:\d+[.)、]|first(?:ly)?\b|finally\b|last(?:ly)?\b|step \d|首先|最后|第[一二三四五六七八九十\d]+步?)",
        re.IGNORECASE,
    )
    return any(opens.match(plain(option.text)) for option in item.options)


STEM_RULES = {
    "ambiguous information": _ambiguous,
    "unfocused stem": _unfocused,
    "negative stem": _negative,
    "gratuitous information": _gratuitous,
    "gap in the middle": _gap_inside,
    "true or false in disguise": _true_false,
    "logical cue": _logical_cue,
}
