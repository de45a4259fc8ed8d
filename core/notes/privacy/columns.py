"""Cells of Markdown tables and of lines of CSV with the words that head their column."""

import re
from collections.abc import Iterator
from typing import NamedTuple

_RULE = re.compile(r"^\s*\|?\s*:?-{2,}:?\s*(?:\|\s*:?-{2,}:?\s*)*\|?\s*$")
_KNOWN = re.compile(
    r"(?:student |full |first |last |user ?|contact )?(?:(?:sur|first|last|full|given|family)_?name(?:_\w{1,12})?|name_?(?:last|first)|pupil|guardian|parent|teacher|student|employee|name|email|e-mail|phone|mobile|tel|address|password|passwd|id|ssn|age|gender|sex|class|city|zip|score|grade|passport|card|account|wechat|qq|token|api[_ ]?key|birthday|date|notes?|department|role|title)|"
    r"姓名|名字|学生|老师|教师|联系人|电话|手机|手机号|手机号码|联系电话|联系方式|邮箱|电子邮件|地址|住址|身份证|身份证号|身份证号码|密码|性别|年龄|班级|学号|微信|微信号|QQ|QQ号|成绩|备注|职务|部门|银行卡|卡号|护照|护照号|账号|序号|家长|监护人|车牌|车牌号|车牌号码|工号|单位|籍贯",
    re.IGNORECASE,
)

_WORDED = re.compile(r"[^\W\d](?:[^\W\d]|[ _.()-]){0,24}")


class Cell(NamedTuple):
    """A cell: its column's header (empty where none is known), where its text stands, and the row it is in."""

    header: str
    start: int
    end: int
    row: int


def cells(text: str) -> Iterator[Cell]:
    """Cells of pipe tables, and of comma- or tab-separated lines below a line that names columns or beside others like it."""
    headers: list[str] = []
    separator = ""
    offset = 0
    previous: list[tuple[str, int, int]] = []
    for row, line in enumerate(text.split("\n")):
        sign = (
            "|"
            if line.count("|") >= 2
            else "\t"
            if line.count("\t") >= 1
            else ","
            if line.count(",") >= 2
            else "，"
            if line.count("，") >= 2
            else ""
        )
        if not sign:
            headers, separator, previous = [], "", []
        elif _RULE.match(line) and sign == "|":
            headers, separator = [cell[0] for cell in previous], sign
        else:
            parts = _parts(line, sign, offset)
            named = sum(bool(_KNOWN.fullmatch(part[0])) for part in parts)
            first = named >= 1 and not previous and all(_WORDED.fullmatch(part[0]) for part in parts)
            if first or (named >= 2 and named * 2 >= len(parts)):
                headers, separator = [part[0] for part in parts], sign
            else:
                fits = sign == separator and len(parts) == len(headers)
                for index, (_, start, end) in enumerate(parts):
                    if start < end:
                        yield Cell(headers[index] if fits else "", start, end, row)
            previous = parts
        offset += len(line) + 1


def _parts(line: str, sign: str, offset: int) -> list[tuple[str, int, int]]:
    """The cells of a line with their places, outer bars, blanks, quotes and emphasis taken off."""
    begin = len(line) - len(line.lstrip()) + 1 if sign == "|" and line.lstrip().startswith("|") else 0
    stop = line.rstrip().rfind("|") if sign == "|" and line.rstrip().endswith("|") else len(line)
    parts = []
    for piece in _pieces(line[begin:stop], sign):
        inner = piece.strip(" \t\r\"'*`")
        start = offset + begin + (piece.find(inner) if inner else 0)
        parts.append((inner, start, start + len(inner)))
        begin += len(piece) + 1
    return parts


def _pieces(line: str, sign: str) -> list[str]:
    """A line cut at its signs; in comma-separated values (RFC 4180) not at those between quotation marks."""
    if sign != "," or '"' not in line:
        return line.split(sign)
    pieces, begin, quoted = [], 0, False
    for place, character in enumerate(line):
        if character == '"':
            quoted = not quoted
        elif character == sign and not quoted:
            pieces.append(line[begin:place])
            begin = place + 1
    return line.split(sign) if quoted else [*pieces, line[begin:]]
