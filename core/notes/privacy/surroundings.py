"""What stands around a number and says what it is: labels before it, links and formulas it is part of."""

import re
from bisect import bisect_right
from collections.abc import Iterator

SEPARATOR = r"[ \t]*(?:[:=#>]|=>|->|是|为|is|are|was|\*\*|\"|'|`|\||,|;|-)*[ \t\"'`*:=(<]*"
"""What may stand between a label and its value: `phone: `, `"phone": "`, `电话是`, `**Phone:** `."""

_OTHER_NUMBER = re.compile(
    r"(?:订单|单号|编号|流水号?|运单|快递|发票|条形?码|序列号|工单|版本|书号|批号|商品|货号|票号|车次|学号|工号|时间戳|随机数|种子|行号|编码|案号|税号|合同|"
    r"(?<![a-z])(?:isbn(?:-1[03])?|issn|doi|arxiv|pmid|order|invoice|tracking|serial|sku|part|model|ticket|ref(?:erence)?|issue|build|"
    r"version|commit|revision|batch|lot|item|product|barcode|ean|upc|imei|asset|transaction|txn|receipt|parcel|timestamp|"
    r"epoch|seed|checksum|offset|line|row|record|lcsh|oclc|patent|case|flight|gtin|uuid|guid|hash|size|population|total|"
    r"memory|bytes?|count|amount|capacity|limit|length|duration|nanos|micros|millis|value|sum|result|random|integer|constant|prime|id))"
    r"(?:号码?|编号| ?(?:no\.?|numbers?|num|id|code|#))?" + SEPARATOR + r"(?:[A-Z]{1,5}-?)?$",
    re.IGNORECASE,
)
_LINK = re.compile(
    r"(?:https?|ftp|wss?)://[^\s<>\"'，。；、）】》一-鿿]{1,2000}|(?<=doi:)10\.\S{1,200}|(?<![\d.])10\.\d{4,9}/[^\s，。；）]{1,200}"
)
_DISPLAY = re.compile(
    r"\$\$.{1,4000}?\$\$|\\\[.{1,4000}?\\\]|\\begin\{(equation|align|gather|matrix)\*?\}.{1,4000}?\\end", re.DOTALL
)
_INLINE = re.compile(r"(?<![\\$A-Za-z0-9])\$(?![\s$])([^$\n]{1,300}?)(?<![\s\\])\$(?![\d$])|\\\(([^\n]{1,300}?)\\\)")
_TEX = re.compile(r"\\[A-Za-z]|[\^_{}=<>+*/]|^\s*-?[\d.,]+\s*$|^\s*[A-Za-z]\s*$")


def before(text: str, start: int, length: int = 40) -> str:
    """The end of what stands before `start` in its line."""
    head = text[max(0, start - length) : start]
    return head[head.rfind("\n") + 1 :]


def counts_something_else(text: str, start: int) -> bool:
    """Whether the words before a number say that it is an order, a version, a book, a seed …"""
    return bool(_OTHER_NUMBER.search(before(text, start, 32)))


def lines_with(trigger: re.Pattern[str], text: str, more: int = 0) -> list[tuple[int, int]]:
    """The lines in which `trigger` is found, lines side by side as one stretch: a slow pattern need look nowhere else.
    With each come `more` of the lines below it."""
    stretches: list[tuple[int, int]] = []
    place = 0
    while found := trigger.search(text, place):
        start = text.rfind("\n", 0, found.start()) + 1
        stop = text.find("\n", found.end())
        place = len(text) if stop < 0 else stop + 1
        for _ in range(more):
            stop = text.find("\n", place)
            place = len(text) if stop < 0 else stop + 1
        if stretches and stretches[-1][1] == start:
            start = stretches.pop()[0]
        stretches.append((start, place))
        if place >= len(text):
            break
    return stretches


def each(pattern: re.Pattern[str], text: str, stretches: list[tuple[int, int]]) -> Iterator[re.Match[str]]:
    """The matches of `pattern` in these stretches of `text`."""
    for start, stop in stretches:
        yield from pattern.finditer(text, start, stop)


class Regions:
    """Stretches of a text, asked whether they hold an offset."""

    def __init__(self, spans: Iterator[tuple[int, int]]) -> None:
        self._spans = sorted(spans)
        self._starts = [start for start, _ in self._spans]

    def holds(self, offset: int) -> bool:
        index = bisect_right(self._starts, offset) - 1
        return index >= 0 and offset < self._spans[index][1]


def links(text: str) -> Regions:
    """Addresses of the web and DOIs: the digits in them are nobody's phone."""
    return Regions(match.span() for match in _LINK.finditer(text))


def formulas(text: str) -> Regions:
    """TeX formulas; a pair of prices (`$5 or $10`) is none."""
    inline = (match.span() for match in _INLINE.finditer(text) if match[1] is None or _TEX.search(match[1]))
    return Regions(iter([*(match.span() for match in _DISPLAY.finditer(text)), *inline]))
