"""Bank cards (ISO/IEC 7812: issuer's prefix, 13 to 19 digits, Luhn), IBANs (ISO 13616, MOD 97-10), and bank accounts
where a word says so."""

import re
from collections.abc import Iterator

from .finding import Span
from .surroundings import SEPARATOR, before, counts_something_else, each, lines_with

_CARD = re.compile(
    r"(?<![\d.+])(?:(?<![A-Za-z_][.-])|(?<=[Nn]o\.))(?<!\d[/:-])(?<!\d,(?=\d{3}(?!\d)))"
    r"(?:\d{12,19}|\d{4}([ -])\d{4}\1\d{4}\1\d{1,7}(?:\1\d{1,3})?|\d{4}([ -])\d{6}\2\d{4,5}|\d{6}[ -]\d{7,13}|\d{4}  \d{4}  \d{4}  \d{4})(?![\d]|\.\d|,\d{3}(?!\d)|[ -]\d{4})"
)
_LABEL = re.compile(
    r"(?:卡号|卡號|银行卡|銀行卡|信用卡|储蓄卡|借记卡|工资卡|银联|(?:credit|debit|bank|payment)? ?card|visa|master ?card|amex|american express|discover|unionpay|jcb|(?<![A-Za-z])(?:cc|pan)(?![A-Za-z]))"
    r"[^\d\n]{0,20}$",
    re.IGNORECASE,
)
_ACCOUNT = re.compile(
    r"(?<!\d)(?<!\d[.,-])\d{8,25}(?!\d|[.,]\d)|(?<!\d)\d{3,6}(?:[ -]\d{3,6}){1,5}(?!\d)",
)
_ACCOUNT_LABEL = re.compile(
    r"(?:银行账[号户]|银行帳[號戶]|收款账[号户]|付款账[号户]|对公账[号户]|开户账号|结算账[号户]|账[号户](?:号码)?(?="
    + SEPARATOR
    + r"$)|"
    r"bank (?:account|acct)|account (?:no\.?|numbers?)|acct\.? ?(?:no\.?|#)|a/c(?: no\.?)?)(?:号码?| ?(?:no\.?|numbers?|#))?"
    + SEPARATOR
    + "$",
    re.IGNORECASE,
)
_BANK = re.compile(r"银行|开户|汇款|转账|收款|打款|bank|sort code|routing|transfer|swift|payee", re.IGNORECASE)
_LONG = re.compile(r"\d(?:[ -]{0,2}\d){6}")
_IBAN = re.compile(
    r"(?:(?<![A-Za-z0-9])|(?<=IBAN))([A-Z]{2}\d{2}(?:[ -]?[A-Z0-9]{4}){2,7}(?:[ -]?[A-Z0-9]{1,3})?)(?![A-Z0-9])"
)
_IBAN_LENGTHS = {
    "AD": 24, "AE": 23, "AL": 28, "AT": 20, "AZ": 28, "BA": 20, "BE": 16, "BG": 22, "BH": 22, "BR": 29, "BY": 28, "CH": 21,
    "CR": 22, "CY": 28, "CZ": 24, "DE": 22, "DK": 18, "DO": 28, "EE": 20, "EG": 29, "ES": 24, "FI": 18, "FO": 18, "FR": 27,
    "GB": 22, "GE": 22, "GI": 23, "GL": 18, "GR": 27, "GT": 28, "HR": 21, "HU": 28, "IE": 22, "IL": 23, "IQ": 23, "IS": 26,
    "IT": 27, "JO": 30, "KW": 30, "KZ": 20, "LB": 28, "LC": 32, "LI": 21, "LT": 20, "LU": 20, "LV": 21, "LY": 25, "MC": 27,
    "MD": 24, "ME": 22, "MK": 19, "MR": 27, "MT": 31, "MU": 30, "NL": 18, "NO": 15, "PK": 24, "PL": 28, "PS": 29, "PT": 25,
    "QA": 29, "RO": 24, "RS": 22, "SA": 24, "SC": 31, "SE": 24, "SI": 19, "SK": 24, "SM": 27, "ST": 25, "SV": 28, "TL": 23,
    "TN": 24, "TR": 26, "UA": 29, "VA": 22, "VG": 24, "XK": 20,
}  # fmt: skip


def cards(text: str) -> Iterator[Span]:
    """Card numbers that pass Luhn under a known prefix, and account numbers after their label."""
    stretches = lines_with(_LONG, text)
    for match in each(_CARD, text, stretches):
        digits = re.sub(r"\D", "", match[0])
        if not is_card(digits) or counts_something_else(text, match.start()):
            continue
        glued = re.search(r"[A-Za-z_]\Z", text[max(0, match.start() - 1) : match.start()]) or re.match(
            r"[A-Za-z_]", text[match.end() : match.end() + 1]
        )
        if (len(digits) < 14 or glued) and not _LABEL.search(before(text, match.start())):
            continue  # thirteen digits are far more often a book's or an article's
        yield Span("bank_card", *match.span())
    for match in each(_ACCOUNT, text, stretches):
        head = before(text, match.start(), 60)
        label = _ACCOUNT_LABEL.search(head)
        digits = re.sub(r"\D", "", match[0])
        if (
            label
            and 8 <= len(digits) <= 25
            and (not re.match(r"账", label[0]) or _BANK.search(head) or len(digits) >= 16)
        ):
            yield Span("bank_card", *match.span())


def ibans(text: str) -> Iterator[Span]:
    """International bank account numbers of the registry's length whose check is right."""
    for match in _IBAN.finditer(text):
        end = match.end()
        while end > match.start():
            number = re.sub(r"[ -]", "", text[match.start() : end])
            length = _IBAN_LENGTHS.get(number[:2], 0)
            if len(number) <= length or not length:
                break
            end = max(text.rfind(" ", match.start(), end), text.rfind("-", match.start(), end))
        else:
            continue
        if len(number) == length and _mod_97(number) == 1:
            yield Span("iban", match.start(), end)


def is_card(digits: str) -> bool:
    """Whether a prefix of a card network stands before a right length, and Luhn's sum (ISO/IEC 7812-1, annex B) is right."""
    size, six = len(digits), int(digits[:6])
    four, two = six // 100, six // 10000
    known = (
        (digits[0] == "4" and size in (13, 16, 19))
        or (size == 16 and (51 <= two <= 55 or 2221 <= four <= 2720))
        or (size == 15 and (two in (34, 37) or four in (1800, 2131)))
        or (16 <= size <= 19 and (four == 6011 or two == 65 or 644 <= six // 1000 <= 649 or two == 35))
        or (14 <= size <= 19 and (300 <= six // 1000 <= 305 or two in (36, 38, 39)) and size != 15)
        or (16 <= size <= 19 and (two == 62 or two == 81 or four in (9558, 6033, 6013) or two in (60, 69)))
        or (12 <= size <= 19 and two in (50, 56, 57, 58, 63, 67) and size in (12, 16, 18, 19))
    )
    return known and luhn(digits) and len(set(digits)) > 1


def luhn(digits: str) -> bool:
    """Whether the sum of the digits, every second one from the right doubled, ends in 0."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def _mod_97(number: str) -> int:
    rearranged = number[4:] + number[:4]
    return int("".join(str(int(character, 36)) for character in rearranged)) % 97
