"""Phone numbers: Chinese mobile and landline, international, and local ones where the words or the shape say so.

Shapes follow E.164 (at most 15 digits) and the national plans of China (11 digits from 1[3-9]; area code from 0), North
America (NXX-NXX-XXXX) and the United Kingdom. Numbers are not looked up in tables of assigned ranges: made-up and old
numbers are private too.
"""

import re
from collections.abc import Iterator

from .finding import Span
from .surroundings import SEPARATOR, Regions, before, counts_something_else, each, lines_with

_LONG = re.compile(r"\d(?:[ .()/-]{0,3}\d){6}")
_START = r"(?<![\d+])(?<![\d][.:/-])(?<!\d,(?=\d{3}(?![\d.-])))(?<![A-Za-z_][.-])"
_END = r"(?!\d|[.:/]\d|-\d|,\d{3}(?!\d))"
_EXTENSION = r"(?:[ ,]{0,2}(?:ext\.?|extension|x|转|分机号?)[ .:]{0,2}\d{1,6}|-\d{1,4}(?!\d))?"
_LABEL = re.compile(
    r"(?:(?<![A-Za-z])(?:tele)?phones?|(?<![A-Za-z])tel\.?|mobile|(?<![A-Za-z])(?:mob|ph)\.?|(?<![A-Za-z])cell(?:phone)?|(?<![A-Za-z])fax|whats ?app|"
    r"(?<![A-Za-z])call(?:ing|ed)?(?: (?:me|us|him|her|them|(?:the )?[a-z]{4,12}|[A-Z][\w'.]*(?: [A-Z][\w'-]+){0,2}))?(?: back)?(?: at| on)?|(?<![A-Za-z])(?:text|ring|dial|reach|phone|sms|message)(?: (?:me|us|him|her|them|[A-Z]\w+))?"
    r"(?: at| on)?|contact(?: (?:me|us|him|her|them|number|no\.?))?(?: at| on)?|hotline|landline|viber|my number|number's|(?<![A-Za-z])(?:home|work|office|emergency) number|"
    r"(?<![A-Za-z0-9])[TMPHC](?=[.:])|☎️?|📞|📱|✆|电话|電話|手机|手機|座机|固话|移动|联系方式|联络方式|联系人?|聯絡|致电|致電|拨打|撥打|拨|传真|傳真|热线|来电|打给|短信|通话|号码|微信同号|tel)"
    r"(?:[^\d\n+.。!?;]|\.(?! )){0,6}?(?:号码?|號碼?|numbers?|no\.?|nr\.?|是|为|同号|微信|（[^）\n]{1,8}）|\([^)\n]{1,12}\)|[\[\]]){0,3}"
    + SEPARATOR
    + r"(?:\+|\()?$",
    re.IGNORECASE,
)
_HEADER = re.compile(r"phone|mobile|\btel|\bcell|fax|whatsapp|电话|電話|手机|手機|联系方式|座机|传真", re.IGNORECASE)

_CHINESE_MOBILE = re.compile(
    r"(?<![\d+])(?<!\d[.:/-])(?<![A-Za-z_]-)(?<![=]0x)"
    r"(?:(?:\((?:\+|00)?86\)|(?:\+|00)?86)[ -]{0,2})?(?:\(1[3-9]\d\)|1[3-9]\d)(?:[ .-]?\d{4}[ .-]?\d{4}|[ -]?\d{3}[ -]?\d{5}| \d{2} \d{3} \d{3})(?!\d|\.\d|-\d)"
)  # fmt: skip
_CHINESE_LANDLINE = re.compile(
    _START
    + r"(?:(?:\((?:\+|00)86\)|(?:\+|00)86)[ -]{0,2})?(?:\(0(?:10|2[0-57-9]|[3-9]\d{2})\)[ -]?|0(?:10|2[0-57-9]|[3-9]\d{2})[ -]{1,2})"
    r"[2-9]\d{2,3}[ -]?\d{4}" + _EXTENSION + r"(?!\d|\.\d)"
)
_CHINESE_PLAIN = re.compile(_START + r"0(?:10|2[0-57-9]|[3-9]\d{2})[2-8]\d{6,7}" + _END)
_SERVICE = re.compile(_START + r"[48]00(?:[ -]\d{3}[ -]\d{4}|[ -]\d{4}[ -]\d{3}|[ -]?\d{7})" + _END)
_INTERNATIONAL = re.compile(
    r"(?<![A-Za-z0-9_+])(?:\+|\(\+)[ ]?\d{1,3}\)?(?:[ .()/-]{0,3}\d){6,13}" + _EXTENSION + r"(?!\d)"
)
_DOUBLE_ZERO = re.compile(_START + r"00[1-9]\d{0,2}[ .-](?:[ .()-]{0,2}\d){6,12}" + _EXTENSION + r"(?!\d)")
_NORTH_AMERICAN = re.compile(
    _START + r"(?:(?:\+?1|001)[ .-]{1,2})?(?:\([2-9]\d{2}\)[ .-]?\d{3}[ .-]\d{4}|[2-9]\d{2}([.-])\d{3}\1\d{4}|1-\d{3}-\d{3}-\d{4})"
    + _EXTENSION + r"(?!\d|-\d|\.\d)"
)  # fmt: skip
_BRITISH = re.compile(
    _START + r"(?:\(0(?:20|[1-9]\d{2,4})\)[ -]?\d{3,4}[ -]?\d{3,4}|020[ -]\d{4}[ -]\d{4}|07\d{3}[ -]\d{3}[ -]?\d{3}|"
    r"0(?:11\d|1\d1)[ -]\d{3}[ -]\d{4}|01\d{3}[ -]\d{3}[ -]?\d{3}|0[389]\d{2}[ -]\d{3}[ -]\d{4})" + _EXTENSION + _END
)
_LEADING_ZERO = re.compile(_START + r"0\d{1,3}-\d{3,4}-\d{3,4}" + _END)
_HONG_KONG = re.compile(_START + r"(?:852|853|886)[ -](?:\d[ -]?)?\d{3,4}[ -]\d{3,4}" + _END)
_ANY = re.compile(r"(?<![\d+])(?<!\d[.,:/-])[(]?\+?\d(?:[ .()/-]{0,2}\d){6,14}" + _EXTENSION + r"(?!\d|[,:]\d)")
_DATE = re.compile(
    r"(?:19|20)\d{2}[ ./-]\d{1,2}[ ./-]\d{1,2}|\d{1,2}[./-]\d{1,2}[./-](?:19|20)?\d{2}$|(?:19|20)\d{2}-(?:19|20)\d{2}$"
)
_CALLING_CODES = frozenset({
    "1", "7", "20", "27", "30", "31", "32", "33", "34", "36", "39", "40", "41", "43", "44", "45", "46", "47", "48",
    "49", "51", "52", "53", "54", "55", "56", "57", "58", "60", "61", "62", "63", "64", "65", "66", "81", "82",
    "84", "86", "90", "91", "92", "93", "94", "95", "98", "211", "212", "213", "216", "218", "220", "221", "222",
    "223", "224", "225", "226", "227", "228", "229", "230", "231", "232", "233", "234", "235", "236", "237", "238",
    "239", "240", "241", "242", "243", "244", "245", "246", "247", "248", "249", "250", "251", "252", "253", "254",
    "255", "256", "257", "258", "260", "261", "262", "263", "264", "265", "266", "267", "268", "269", "290", "291",
    "297", "298", "299", "350", "351", "352", "353", "354", "355", "356", "357", "358", "359", "370", "371", "372",
    "373", "374", "375", "376", "377", "378", "380", "381", "382", "383", "385", "386", "387", "389", "420", "421",
    "423", "500", "501", "502", "503", "504", "505", "506", "507", "508", "509", "590", "591", "592", "593", "594",
    "595", "596", "597", "598", "599", "670", "672", "673", "674", "675", "676", "677", "678", "679", "680", "681",
    "682", "683", "685", "686", "687", "688", "689", "690", "691", "692", "800", "808", "850", "852", "853", "855",
    "856", "870", "878", "880", "881", "882", "883", "886", "888", "960", "961", "962", "963", "964", "965", "966",
    "967", "968", "970", "971", "972", "973", "974", "975", "976", "977", "979", "992", "993", "994", "995", "996",
    "998"
})  # fmt: skip


def phones(text: str, inside_links: Regions, inside_formulas: Regions) -> Iterator[Span]:
    """Phone numbers by shape, and whatever looks like one behind a word such as phone, call, 电话, 手机."""
    stretches = lines_with(_LONG, text)
    for pattern in (_CHINESE_MOBILE, _CHINESE_LANDLINE, _SERVICE, _NORTH_AMERICAN, _BRITISH, _LEADING_ZERO, _HONG_KONG):
        for match in each(pattern, text, stretches):
            start, end = match.span()
            labelled = _labelled(text, start)
            if not _stands_free(text, start, end, labelled) or (
                not labelled
                and (inside_links.holds(start) or inside_formulas.holds(start) or counts_something_else(text, start))
            ):
                continue
            if not _DATE.match(match[0]):
                yield Span("phone", start, end)
    for pattern in (_INTERNATIONAL, _DOUBLE_ZERO):
        for match in each(pattern, text, stretches):
            if _is_international(match[0]) and not inside_formulas.holds(match.start()):
                yield Span("phone", *match.span())
    for match in each(_CHINESE_PLAIN, text, stretches):
        start, end = match.span()
        if (
            _stands_free(text, start, end, _labelled(text, start))
            and not counts_something_else(text, start)
            and not inside_links.holds(start)
            and not inside_formulas.holds(start)
        ):
            yield Span("phone", start, end)
    for match in each(_ANY, text, stretches):
        start, end = match.span()
        while end > start and text[end - 1] in " .(/-":
            end -= 1
        if text[start] == "(" and ")" not in text[start:end]:
            start += 1
        if counts_something_else(text, start) or not _labelled(text, start):
            continue
        if _stands_free(text, start, end, True) and _can_be_local(text[start:end]):
            yield Span("phone", start, end)


def is_phone_cell(header: str, cell: str) -> bool:
    """Whether a table's cell under this header is a phone number whatever its shape."""
    return bool(_HEADER.search(header)) and _can_be_local(cell) and not re.search(r"[A-WYZa-wyz]{2}", cell)


def _labelled(text: str, start: int) -> bool:
    return bool(_LABEL.search(before(text, start)))


_GLUED = re.compile(r"(?:[A-Za-z_]|[\d=][+*/^]|[$€£¥￥])\Z")
_WORD_BEFORE = re.compile(
    r"(?<![A-Za-z])(?:at|to|on|is|or|no|tel|call|phone|mobile|cell|fax|ring|text|sms|whatsapp|dial|reach|contact|number|and|by|via)\Z",
    re.IGNORECASE,
)
_WORD_AFTER = re.compile(r"[A-Za-z]{2,14}(?![A-Za-z0-9_])")
_SUM = re.compile(r"[ ]?(?:[÷×*^=]|[+/-] )[ ]?[\d(=?]|[ ]?=(?![A-Za-z\"'])")
_SUM_BEFORE = re.compile(r"\d[ ]?[÷×*+^=/][ ]?\Z|[÷×][ ]?\Z")


def _stands_free(text: str, start: int, end: int, labelled: bool) -> bool:
    """Whether a number is no part of a longer word or of a sum. In Chinese text, or behind a label, words may touch it
    (`call我13800000000or`), a hash's letters may not."""
    head, tail = text[max(0, start - 10) : start], text[end : end + 16]
    if _SUM.match(tail) or _SUM_BEFORE.search(head):
        return False
    mixed = labelled or bool(re.search(r"[一-鿿]", text[max(0, start - 16) : start]))
    if _GLUED.search(head) and not _WORD_BEFORE.search(head):
        return False
    if re.match(r"[A-Za-z_]", tail):
        return mixed and bool(_WORD_AFTER.match(tail)) and bool(re.search(r"(?i:[aeiouy])", tail))
    return True


def _is_international(spelled: str) -> bool:
    """Whether the digits open with a country's calling code and are as many as a number there has."""
    core = re.split(r"ext|x|转|分机|,", spelled, maxsplit=1)[0]
    digits = re.sub(r"\D", "", core).removeprefix("00")
    if "." in core and re.fullmatch(r"\+\d+\.\d+", core) and not 9 <= len(digits) <= 13:
        return False
    if digits.startswith("1"):
        return len(digits) == 11 and digits[1] in "23456789"
    if digits.startswith("86"):
        return 10 <= len(digits) <= 14
    code = next((digits[:size] for size in (1, 2, 3) if digits[:size] in _CALLING_CODES), "")
    return bool(code) and 8 <= len(digits) <= 15 and len(set(digits[2:])) > 1


def _can_be_local(spelled: str) -> bool:
    digits = re.sub(r"\D", "", re.split(r"ext|x|转|分机", spelled, maxsplit=1)[0])
    return (
        7 <= len(digits) <= 15
        and not _DATE.match(spelled)
        and not re.fullmatch(r"\d+\.\d+|97[89]-?\d(?:-?\d){9}", spelled)
    )
