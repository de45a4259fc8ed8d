"""Fragments: a label and its meaning, as notes jot them down, spoken as a sentence where grammar allows it.

`**Pod** – a group of containers` becomes "A **pod** is a group of containers."; where it cannot be told how the sentence
would go, the fragment stays as the author left it.
"""

import re

from ..notes.language import Language

_LABEL = re.compile(
    r"^(?P<mark>\*{2}|__|`)(?P<term>[^*_`]{2,40}?)(?:[:：](?P=mark)\s*|(?P=mark)\s*(?:[:：]\s*|\s[-–—=]\s+|——|—\s*))(?P<meaning>\S.{5,})$"
)
_COUNTABLE = re.compile(r"an? (?!few|lot|little|bit)")
_DOES = re.compile(
    r"[a-z]{3,}(?:s|es) (?:the|an?|all|its|their|how|what|when|whether|that|every|each|some|up|out|into|from|to)\b"
)
_NAMES = re.compile(r"[A-Z]\w*[A-Z]|\w* [A-Z]")
_ZH_IS = re.compile(r"^(?:一[种个类条项门些组位]|指)")
_ZH_DOES = re.compile(r"^(?:用来|用于|负责|表示|能|可以|会|让|使)")


def spoken(text: str, language: Language) -> str:
    """An item of a list, or a paragraph, that is a label and a meaning, as a sentence; any other text as it is."""
    match = _LABEL.match(text)
    if (
        not match
        or re.search(r"[.。!?！？](?=\s|\S)", match["meaning"].rstrip(".。 "))
        or match["term"].endswith(("?", "？"))
    ):
        return text
    term, meaning, mark = match["term"].strip(), match["meaning"].rstrip(".。；; "), match["mark"]
    if language == "zh":
        if not re.search(r"[㐀-鿿]", meaning):
            return text
        verb = "" if _ZH_DOES.match(meaning) or meaning.startswith("指") else "是" if _ZH_IS.match(meaning) else None
        return text if verb is None else f"{mark}{term}{mark}{verb}{meaning}。"
    if mark == "`":
        return f"`{term}` {meaning}." if _DOES.match(meaning) else text
    name = term if _NAMES.search(term) or term.isupper() else term[:1].lower() + term[1:]
    if _COUNTABLE.match(meaning) and not re.search(r"(?<![sui])s$", term):
        article = "An" if re.match(r"[aeiou]", name) else "A"
        return f"{article} {mark}{name}{mark} is {meaning}."
    if _DOES.match(meaning) and not re.search(r"(?<![sui])s$", term) and " " not in term:
        return f"The {mark}{name}{mark} {meaning}."
    return text
