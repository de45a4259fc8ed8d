"""Figures in a sentence: which belong to a name and are none to know, and which ones somebody might remember instead."""

import re

_MONTH = r"(?:Jan|Febr)(?:uary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?|(?:Nov|Dec)(?:ember)?"
_NAME_BEFORE = re.compile(
    rf"(?<![.!?] )(?<!^)\b(?!(?:In|At|About|After|By|Since|From|Until|Before|Around|AD|BC|{_MONTH})\b)[A-Z][\w.]*[- ]$|"
    r"^(?:Day|Step|Figure|Table|Chapter|Lesson|Part|Version|Week|Apollo|No\.) $|\b(?:day|step|figure|table|chapter|lesson|part|version|week|no\.) $|"
    r"[A-Za-z×/*_^=#-]$|第 ?$"
)
_NAME_BEHIND = re.compile(rf"^(?:[×/*^_]|[xX]\d|-[A-Za-z]|(?:st|nd|rd|th)\b| (?:{_MONTH})\b|[月日号]|[、–—~～-]\d)")
_RANGE = re.compile(r"\d(?:\.\d+)?\s?(?:%|°)?\s?(?:or|to|and|[–—~～-]|至|到|或)\s?$")
_YEAR = re.compile(r"\b(?:in|since|by|until|from|around|AD|before|after|founded|year) $", re.IGNORECASE)
_LATEST = 2000


def has_name(sentence: str, span: tuple[int, int]) -> bool:
    """Whether a figure is part of a name, a model, a date or a range, and so no quantity to be known: `Apollo 11`, `7×50`."""
    before, behind = sentence[: span[0]], sentence[span[1] :]
    return bool(_NAME_BEFORE.search(before) or _NAME_BEHIND.match(behind) or _RANGE.search(before))


def is_year(sentence: str, span: tuple[int, int]) -> bool:
    """Whether a figure is a year there."""
    number, behind = sentence[slice(*span)], sentence[span[1] :]
    if re.match(r" ?年", behind):
        return True
    unit = re.match(r" ?(?:[°%℃×]|(?:[mck]m|[mk]g|m[lL]|ly|AU|Hz|[GMK]B|nm|[mghLVWK])\b)| [a-z]+s\b", behind)
    return number.isdigit() and not unit and (len(number) == 4 or bool(_YEAR.search(sentence[: span[0]])))


def near_misses(sentence: str, span: tuple[int, int]) -> list[str]:
    """Figures that someone who half remembers might give, written as the right one is; no year to come, no share above all."""
    number = sentence[slice(*span)]
    value = float(number.replace(",", ""))
    decimals = len(number.partition(".")[2])
    if decimals == 0 and 100 <= value <= 2100 and is_year(sentence, span):
        decade = sentence[span[1] :].startswith("s")
        nearby = [
            value - 20,
            value + (10 if decade else 12),
            value - (30 if decade else 35),
            value + (20 if decade else 25),
        ]
        nearby = [one for one in nearby if one < max(_LATEST, value)]
    elif decimals == 0 and value <= 12:
        nearby = [value + 2, value - 1, value + 3, value + 1]
    elif decimals == 0 and value % 10 == 0:
        step = 10.0 ** (len(str(int(value))) - 1)
        nearby = [round(one / step * 2) * step / 2 for one in (value * 1.5, value * 0.5, value * 2, value * 0.8)]
    else:
        nearby = [value * 1.5, value * 0.5, value * 2, value * 0.8]
    if re.match(r" ?%", sentence[span[1] :]):
        nearby = [one for one in nearby if one < 100]
    written = [f"{one:,.{decimals}f}" if "," in number else f"{one:.{decimals}f}" for one in nearby if one > 0]
    return [one for one in dict.fromkeys(written) if one != number]
