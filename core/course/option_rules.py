"""Item-writing rules on the options: right ones that stand out, wrong ones that nobody takes.

Each takes an item and its language and says how the item breaks it; empty where it does not.
"""

import re
from collections.abc import Callable

from .item_words import Language, is_chinese, length, likeness, plain, shape, terms
from .quiz import Item
from .stem_rules import CHOICE, TYPED

_ALL = re.compile(
    r"^\W*(?:all|both|each|any) of (?:the|these|those)\b|^\W*(?:a and b|all) (?:are|is) (?:true|correct|right)|以上(?:都|皆|全|各项|所有).{0,4}(?:对|正确|是)|^都对|^全部?(?:正确|都)|上述(?:都|各项)(?!不)",
    re.IGNORECASE,
)
_NONE = re.compile(
    r"^\W*(?:none|neither|no one|nothing) of (?:the|these|those)\b|^\W*none$|以上(?:都|皆|均)(?:不|错|没)|^都不|^均不|没有正确",
    re.IGNORECASE,
)
_K_TYPE = re.compile(
    r"^\W*(?:only |both )?(?:[a-e]|[1-5]|i{1,3}v?|[①-⑨])(?:(?:\s*(?:,|，|、|and|&|和|与)\s*)(?:[a-e]|[1-5]|i{1,3}v?|[①-⑨]))+(?: only)?\W*$|^[①-⑨]{2,}$",
    re.IGNORECASE,
)
_ABSOLUTE = re.compile(
    r"\b(?:always|never|all|every|only|none|nobody|nothing|completely|entirely|must|impossible|exclusively)\b|总是|从不|从来|所有|全部|一定|绝对|必须|只能|完全|永远|任何|唯一",
    re.IGNORECASE,
)
_VAGUE = re.compile(
    r"\b(?:sometimes|usually|often|frequently|occasionally|rarely|generally|mostly|many|several|various|some|a few|roughly)\b|通常|经常|往往|有时|常常|大概|可能|一般|许多|若干|不少|有些",
    re.IGNORECASE,
)
_STOP = re.compile(r"[.。!！]$")


def _keys(item: Item) -> tuple[list[str], list[str]]:
    """Right and wrong options."""
    right = [option.text for option in item.options if option.correct]
    return right, [option.text for option in item.options if not option.correct]


def _one_right(item: Item, language: Language) -> str:
    texts = [option.text for option in item.options]
    if item.kind in CHOICE and not any(option.correct for option in item.options):
        return "No option is marked as right."
    if item.kind == "multiple" and all(option.correct for option in item.options):
        return "Every option is right, so there is nothing to choose."
    if item.kind == "ordering" and sorted(letter for (letter,) in item.answers) != [
        chr(65 + n) for n in range(len(texts))
    ]:
        return "The answer does not name every step once."
    for place, one in enumerate(texts):
        for other in texts[:place]:
            if likeness(one, other) >= 0.8:
                return f"Two options say the same: “{other}” and “{one}”."
    return ""


def _longest(item: Item, language: Language) -> str:
    right, wrong = _keys(item)
    if item.kind not in CHOICE or not right or not wrong or shape(right[0]) == "number":
        return ""
    shortest, longest = min(map(length, right)), max(map(length, wrong))
    return "The right answer is the longest." if shortest > max(1.15 * longest, longest + 4) else ""


def _all_of_the_above(item: Item, language: Language) -> str:
    return _any(item, _ALL, "“{}” lets half knowledge answer.")


def _none_of_the_above(item: Item, language: Language) -> str:
    return _any(item, _NONE, "“{}” tests what is not so.")


def _k_type(item: Item, language: Language) -> str:
    return _any(item, _K_TYPE, "“{}” combines other options.")


def _any(item: Item, pattern: re.Pattern[str], words: str) -> str:
    if item.kind not in CHOICE:
        return ""
    found = next(
        (
            option.text
            for option in item.options
            if pattern.search(option.text.strip()) or pattern.search(plain(option.text))
        ),
        "",
    )
    return words.format(found) if found else ""


def _absolute(item: Item, language: Language) -> str:
    if item.kind == "true_false":
        false = any(
            option.correct and plain(option.text).lower() in {"false", "错误", "错", "不正确"}
            for option in item.options
        )
        found = _ABSOLUTE.search(plain(item.stem)) if false else None
        return f"“{found[0]}” gives away that the statement is false." if found else ""
    right, wrong = _keys(item)
    if item.kind not in CHOICE or any(_ABSOLUTE.search(text) for text in right):
        return ""
    found = next((hit for text in wrong if (hit := _ABSOLUTE.search(re.sub(r"`[^`]*`", "", text)))), None)
    return f"“{found[0]}” stands in wrong answers only." if found else ""


def _vague(item: Item, language: Language) -> str:
    if item.kind not in CHOICE:
        return ""
    found = next((hit for option in item.options if (hit := _VAGUE.search(plain(option.text)))), None)
    return f"“{found[0]}” in an option can mean anything." if found else ""


def _word_repeats(item: Item, language: Language) -> str:
    stem = set(terms(item.stem))
    if item.kind in CHOICE:
        right, wrong = _keys(item)
        elsewhere = {word for text in wrong for word in terms(text)}
        for text in right:
            told = next((word for word in terms(text) if word in stem and word not in elsewhere), "")
            if told:
                return f"“{told}” of the stem comes again in the right answer alone."
    if item.kind in TYPED and item.kind != "numeric":
        for accepted in item.answers:
            words = terms(accepted[0])
            told = next((word for word in words if word in stem and not is_chinese(word)), "")
            if told and len(words) > 1:
                return f"“{told}” of the answer stands in the stem."
    return ""


def _grammatical(item: Item, language: Language) -> str:
    right, wrong = _keys(item)
    if item.kind != "single" or not right or len(wrong) < 2:
        return ""
    tests: dict[str, Callable[[str], bool]] = {
        "ends with a full stop": lambda text: bool(_STOP.search(text)),
        "begins with a capital": lambda text: bool(re.match(r"\W*[A-Z]", plain(text))),
        "begins with an article": lambda text: bool(re.match(r"\W*(?:an?|the)\b", plain(text), re.IGNORECASE)),
        "begins with a verb in -s": lambda text: bool(re.match(r"\W*(?:it )?[a-z]{3,}(?<![su])s\b", plain(text))),
    }
    for words, test in tests.items():
        shares = [test(text) for text in wrong]
        if len(set(shares)) == 1 and test(right[0]) != shares[0] and not is_chinese(right[0]):
            return f"The right answer alone {'' if test(right[0]) else 'not '}{words}.".replace(
                "alone not ", "alone does not "
            )
    article = re.search(r"\b(?P<article>an?) (?:＿{2,}|_{3,})", item.stem)
    if article:
        vowels = article["article"] == "an"
        fits = [bool(re.match(r"\W*[aeiou]", text, re.IGNORECASE)) == vowels for text in wrong]
        if not all(fits):
            return f"“{article[0]}” fits some options only."
    plural = re.search(r"\b(?:are|were|these|two|three|several) (?:the )?(?:＿{2,}|_{3,})", item.stem)
    if plural and right[0].rstrip(".`").endswith("s") and not any(text.rstrip(".`").endswith("s") for text in wrong):
        return "The stem asks for a plural, and the right answer alone is one."
    return ""


def _implausible(item: Item, language: Language) -> str:
    right, wrong = _keys(item)
    if item.kind not in CHOICE or not right:
        return ""
    if len(item.options) < 3:
        return "There are fewer than three options."
    kinds = {shape(text) for text in right}
    for text in wrong:
        if shape(text) not in kinds:
            return f"“{text}” is of another kind than the right answer."
        if length(text) * 3 < min(map(length, right)) - 6 or length(text) > 3 * max(map(length, right)) + 12:
            return f"“{text}” is of quite another length than the right answer."
    return ""


def _sequence(item: Item, language: Language) -> str:
    texts = [plain(option.text) for option in item.options]
    if item.kind not in CHOICE or len(texts) < 3 or not all(shape(text) == "number" for text in texts):
        return ""
    values = [float(re.search(r"\d+(?:\.\d+)?", text.replace(",", ""))[0]) for text in texts]  # type: ignore[index]
    ordered = values in (sorted(values), sorted(values, reverse=True))
    return "" if ordered else "The figures are not in order."


def _convergence(item: Item, language: Language) -> str:
    right, wrong = _keys(item)
    if item.kind != "single" or len(right) != 1 or len(wrong) < 3:
        return ""
    stem = set(terms(item.stem))
    key = set(terms(right[0])) - stem
    others = [set(terms(text)) - stem for text in wrong]
    if not all(key & other for other in others):
        return ""
    apart = all(not one & other - key for place, one in enumerate(others) for other in others[:place])
    shared = [frozenset(key & other) for other in others]
    return (
        "Every wrong answer shares words with the right one and none with another."
        if apart and len(set(shared)) > 1
        else ""
    )


OPTION_RULES = {
    "more than one right answer": _one_right,
    "longest answer right": _longest,
    "all of the above": _all_of_the_above,
    "none of the above": _none_of_the_above,
    "k-type": _k_type,
    "absolute terms": _absolute,
    "vague terms": _vague,
    "word repeats": _word_repeats,
    "grammatical cue": _grammatical,
    "implausible distractors": _implausible,
    "lost sequence": _sequence,
    "convergence cue": _convergence,
}
