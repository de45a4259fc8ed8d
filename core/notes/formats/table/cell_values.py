"""A spreadsheet's values as a person sees them: the number formats (ISO/IEC 29500-1, 18.8.31) that change what is read."""

import datetime
import re
from decimal import ROUND_HALF_UP, Decimal

_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"|\\(?P<escaped>.)|\[\$(?P<currency>[^\]-]*)[^\]]*\]|(?P<other>\[[^\]]*\]|_.|\*.)'
    r"|(?P<digits>[0#?](?:[0#?.,]*[0#?])?(?P<scale>,*))|(?P<sign>[$¥€£￥%])|."
)
"""The parts of a number format: literals, a currency, what only spaces or colours, the digits, signs."""


def shown(value: object, number_format: str | None) -> str:
    """The text of a cell; empty for an empty one. Dates are written as ISO 8601 has them, whatever their format."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, datetime.datetime):
        return value.strftime("%Y-%m-%d" if value.time() == datetime.time() else "%Y-%m-%d %H:%M:%S").removesuffix(
            ":00"
        )
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, datetime.time):
        return value.strftime("%H:%M:%S").removesuffix(":00")
    if isinstance(value, datetime.timedelta):
        seconds = round(value.total_seconds())
        return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}".removesuffix(":00")
    if isinstance(value, (int, float)):
        return _number(value, number_format or "General")
    return str(value).strip()


def _number(value: int | float, number_format: str) -> str:
    if value != value or value in (float("inf"), float("-inf")):
        return str(value)
    sections = number_format.split(";")
    section = sections[1] if value < 0 and len(sections) > 1 and "0" in sections[1] else sections[0]
    tokens = list(_TOKEN.finditer(section))
    digits = [token for token in tokens if token["digits"]]
    if scientific := re.fullmatch(r"0(?:\.(0+))?E\+0+", section):
        return f"{value:.{len(scientific[1] or '')}E}"
    if len(digits) != 1 or re.search(r"[0#?]\s*/|E[+-]", section, re.IGNORECASE) or abs(value) >= 1e15:
        return _general(value)
    before, after = "", ""
    for token in tokens:
        literal = token["quoted"] or token["escaped"] or token["currency"] or (token["sign"] or "").replace("%", "")
        before, after = (before + literal, after) if token.start() < digits[0].start() else (before, after + literal)
    percent = any(token["sign"] == "%" for token in tokens)
    text = _digits(value * (100 if percent else 1), digits[0]["digits"], len(digits[0]["scale"]))
    minus = "-" if text.startswith("-") else ""
    return f"{minus}{before.strip()}{text.removeprefix('-')}{'%' if percent else ''}{after}".strip()


def _digits(value: int | float, pattern: str, scale: int) -> str:
    """A number by its pattern of digits: how many after the point, at least and at most, and what stands between thousands."""
    whole, _, fraction = pattern.rstrip(",").partition(".")
    least, most = fraction.count("0"), len(fraction)
    number = (Decimal(str(value)) / 1000**scale).quantize(Decimal(1).scaleb(-most), ROUND_HALF_UP)
    text = f"{number:,f}" if "," in whole else f"{number:f}"
    start, point, end = text.partition(".")
    end = end[:least] + end[least:].rstrip("0")
    start = start if "," in whole else start.zfill(whole.count("0") + start.startswith("-"))
    return f"{start}{point if end else ''}{end}"


def _general(value: int | float) -> str:
    """A number without a format: whole ones in full, others without the noise of binary fractions."""
    if isinstance(value, int) or (value.is_integer() and abs(value) < 1e15):
        return str(int(value))
    return f"{value:.10g}"
