"""Numbers a state gives a person: the Chinese resident identity number (GB 11643, check by ISO 7064 MOD 11-2), the US
social security number, and passports, licences and other countries' numbers where a word says so."""

import re
from collections.abc import Iterator
from datetime import date

from .finding import Span
from .surroundings import SEPARATOR, before, counts_something_else, each, lines_with

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK = "10X98765432"
_PROVINCES = frozenset({
    "11", "12", "13", "14", "15", "21", "22", "23", "31", "32", "33", "34", "35", "36", "37", "41", "42", "43",
    "44", "45", "46", "50", "51", "52", "53", "54", "61", "62", "63", "64", "65", "71", "81", "82", "83"
})  # fmt: skip

_DIGITS = re.compile(r"\d\d[ -]?\d\d")
_EIGHTEEN = re.compile(
    r"(?<![\dA-Za-z])(?<!\d[.,-])([1-8]\d{5})([ -]?)((?:19|20)\d{2})([ -]?)(\d{2})([ -]?)(\d{2})([ -]?)(\d{3})[ -]?([\dXx])(?![\dA-WYZa-wyz]|\.\d)"
)
_FIFTEEN = re.compile(r"(?<!\d)(?<!\d[.,-])[1-8]\d{5}\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}(?!\d)")
_SSN = re.compile(r"(?<![\dA-Za-z])(?<!\d[.,-])(?!000|666)[0-8]\d{2}([- ])(?!00)\d{2}\1(?!0000)\d{4}(?![\d]|-\d|\.\d)")
_ITIN = re.compile(r"(?<![\dA-Za-z])9\d{2}-[5-9]\d-\d{4}(?![\d]|-\d)")
_NATIONAL_INSURANCE = re.compile(
    r"(?<![A-Za-z0-9])[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\d{2} ?\d{2} ?\d{2} ?[A-D](?![A-Za-z0-9])"
)
_CHINESE_LABEL = r"(?:身份证明?|身分證|身份證|身份号码|公民身份|证件|居民证|二代证|ID ?(?:card|number|no\.?)?|identity(?: card)?|resident id)"
_SSN_LABEL = re.compile(
    r"(?:(?<![A-Za-z])SSN|social(?: security)?|soc(?:ial)?\.? sec|tax(?:payer)?(?: id)?|ITIN|社会安全号?码?|社安号?码?|社保号?码?|社会保障号?码?)[^\n\d]{0,30}$",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"(?:护照|護照|passport|通行证|台胞证|回乡证|军官证|士兵证|驾驶?证|驾照|driver'?s?'? licen[cs]e|driving licen[cs]e|licen[cs]e (?:no|number)|居留证|居住证|社保卡?|社会保障|"
    r"身份证|身分證|身份證|证件|national id(?:entity)?|identity card|id card|ID ?number|(?<![A-Za-z])HKID|national insurance|(?<![A-Za-z])NI(?= ?(?:no|number))|(?<![A-Za-z])NINO|(?<![A-Za-z])visa (?:no|number)|green card|SSN|social security|aadhaar|(?<![A-Za-z])NHS)"
    r"(?:号码?|字號|號碼?|编号|证号|证件号| ?(?:card )?(?:no\.?|numbers?|num|id|#)(?![a-z])){0,2}(?:（[^）\n]{1,10}）|\([^)\n]{1,20}\))?"
    + SEPARATOR
    + r"(?:号码?是?)?$",
    re.IGNORECASE,
)
_ANY = re.compile(r"(?<![A-Za-z0-9])(?=[A-Z0-9 ()-]{0,10}\d{2})(?:[A-Z]\d{3}-\d{4}-\d{4}|[A-Z]{1,3}[- ]?\d{5,10}(?:\(\d\)|[A-Z])?|\d{2}[A-Z]{2}\d{5}|\d{8,9}|\d{4} \d{4} \d{4}|[A-Z]{1,2}\d{1,4}-?\d{3,8}|\d{3} ?\d{3} ?\d{3,4}|[A-Z]{5}\d{6}[A-Z0-9]{5}|军字第\d{6,8}号?|\d{17}[\dX]|\d{12})(?![A-Za-z0-9])")  # fmt: skip
_STUDENT = re.compile(
    r"(?:学号|學號|学籍号|准考证号?|考生号|(?<![A-Za-z])(?:student|pupil|candidate|matriculation|exam candidate)(?:'s)? ?(?:id|no\.?|numbers?|#)(?: (?:no\.?|number))?)(?:码|號)?"
    + SEPARATOR
    + r"(?P<number>(?<![A-Za-z0-9])[A-Z]{0,3}-?\d{5,15}|(?<=[号證证码])\d{6,15})(?![\dA-Za-z._/-]|[,:]\d)",
    re.IGNORECASE,
)
_PLATE = re.compile(
    r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][ ]?[A-HJ-NP-Z][ ]?[·•.-]?[ ]?(?=[A-HJ-NP-Z]{0,3}\d)[A-HJ-NP-Z0-9]{4,5}[A-HJ-NP-Z0-9挂学警港澳](?![A-Za-z0-9])"
)
_HEADER = re.compile(
    r"passport|护照|学号|學號|学籍号|准考证|^student (?:id|no|number)|身份证|证件号|^ssn$|social security|national id|driver|驾照|驾驶证",
    re.IGNORECASE,
)


def identity_numbers(text: str) -> Iterator[Span]:
    """Resident identity numbers by checksum and date; the rest by shape and words."""
    stretches = lines_with(_DIGITS, text)
    for match in each(_EIGHTEEN, text, stretches):
        digits = re.sub(r"[ -]", "", match[0])
        dated = _is_date(digits[6:14]) and digits[:2] in _PROVINCES
        if dated and (has_valid_check(digits) or re.search(_CHINESE_LABEL + r"(?:号码?)?" + SEPARATOR + "$", before(text, match.start()), re.IGNORECASE)):  # fmt: skip
            yield Span("id_number", *match.span())
    for match in each(_FIFTEEN, text, stretches):
        if (
            re.search(_CHINESE_LABEL + r"[^\n\d]{0,12}$", before(text, match.start()), re.IGNORECASE)
            and match[0][:2] in _PROVINCES
        ):
            yield Span("id_number", *match.span())
    for pattern in (_SSN, _ITIN):
        for match in each(pattern, text, stretches):
            labelled = _SSN_LABEL.search(before(text, match.start(), 60))
            if labelled or (match[0][3] == "-" and not counts_something_else(text, match.start())):
                yield Span("id_number", *match.span())
    for match in each(_NATIONAL_INSURANCE, text, stretches):
        if re.search(r"insurance|NINO?\b|\bNI\b", before(text, match.start(), 60)) or match[0].count(" ") == 4:
            yield Span("id_number", *match.span())
    yield from _given_numbers(text, stretches)
    for match in each(_ANY, text, stretches):
        if _LABEL.search(before(text, match.start(), 60)) or (
            match[0].isdigit() and len(match[0]) == 9 and _SSN_LABEL.search(before(text, match.start(), 50))
        ):
            yield Span("id_number", *match.span())


def _given_numbers(text: str, stretches: list[tuple[int, int]]) -> Iterator[Span]:
    """Students' and employees' numbers behind their word, and number plates of Chinese cars."""
    for match in each(_STUDENT, text, stretches):
        yield Span("id_number", *match.span("number"))
    for match in _PLATE.finditer(text):
        yield Span("id_number", *match.span())


def is_identity_cell(header: str, cell: str) -> bool:
    """Whether a table's cell under this header is such a number."""
    return bool(_HEADER.search(header)) and bool(re.fullmatch(r"[A-Z]{0,3}[\d -]{6,20}[\dXx]", cell))


def has_valid_check(number: str) -> bool:
    """Whether the last character of 18 is the MOD 11-2 check of the first 17 (GB 11643-1999)."""
    total = sum(int(digit) * weight for digit, weight in zip(number[:17], _WEIGHTS, strict=True))
    return _CHECK[total % 11] == number[17].upper()


def _is_date(digits: str) -> bool:
    try:
        born = date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return False
    return 1900 <= born.year <= 2040
