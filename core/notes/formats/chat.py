"""Chats exported as plain text (WhatsApp, Telegram, WeChat, QQ): who said what, in paragraphs grouped by speaker."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from ..language import language_of
from .converted import Part, Place
from .markdown_writing import paragraph, plain

_DATE = r"(?P<a>\d{1,4})[-/.年](?P<b>\d{1,2})[-/.月](?P<c>\d{1,4})日?"
_TIME = r"(?P<before>上午|下午|[AaPp]\.?[Mm]\.?)?\s*(?P<h>\d{1,2})[:：](?P<m>\d{2})(?:[:：](?P<s>\d{2}))?\s*(?P<after>[AaPp]\.?\s?[Mm]\.?)?"
_WHEN = rf"{_DATE},?\s+{_TIME}"
_NAME = r"(?P<name>[^\n:：]{1,60}?)"
_ONE_LINE = (
    re.compile(rf"^\[{_WHEN}\]\s*(?:{_NAME}[:：]\s?)?(?P<text>.*)$"),  # WhatsApp on iOS
    re.compile(rf"^{_WHEN}\s+[-–]\s+(?:{_NAME}[:：]\s)?(?P<text>.*)$"),  # WhatsApp on Android
)
_HEADED = (
    re.compile(rf"^(?P<name>.{{1,60}}?),\s\[{_WHEN}\]:?$"),  # Telegram
    re.compile(rf"^(?P<name>\S.{{0,59}}?)[:：]?\s+{_WHEN}$"),  # WeChat
    re.compile(rf"^{_WHEN}\s+(?P<name>\S.{{0,59}}?)$"),  # QQ
)
_INVISIBLE = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_ACCOUNT = re.compile(r"\s*[(（<]\s*(?:\d{5,12}|[^\s()<>]+@[^\s()<>]+)\s*[)）>]$")
_NOTHING = re.compile(
    r"^(?:<[^<>\n]*(?:omitted|attached|已忽略|未包含|edited)[^<>\n]*>|\S* ?(?:image|video|audio|sticker|GIF|document|Contact card) omitted"
    r"|.{1,80} \((?:file attached|文件已附加)\)|(?:图像|视频|音频|贴图|文档|图片|影片)(?:已忽略|已略去)"
    r"|(?:This message was deleted|You deleted this message|Missed (?:voice|video) call)\.?|(?:此消息已删除|您已删除此消息)。?"
    r"|(?:\[(?:图片|表情|动画表情|语音|视频|文件|链接|位置|红包|转账|名片|聊天记录|Photo|Sticker|Image|Voice|Video|File)[^\]]*\]\s*)+"
    r"|.{0,40}(?:撤回了一条消息|拍了拍.{0,30}|加入了?群聊|邀请.{1,60}加入了?群聊|修改群名为.{0,60}|退出了?群聊)。?"
    r"|.*(?:end-to-end encrypted|端到端加密).*)$",
    re.IGNORECASE,
)
_LOGGED = re.compile(r"\b(?:info|warn|warning|error|debug|trace|notice|fatal|critical)$", re.IGNORECASE)
_PAUSE = timedelta(minutes=15)
_LOOKED_AT = 300


@dataclass(frozen=True)
class _Message:
    name: str
    when: datetime
    lines: list[str]


def recognise(text: str) -> bool:
    """Whether a plain text is a chat's export: its lines open with a time and a name, or lines with these head the messages."""
    lines = [line for line in _INVISIBLE.sub("", text[:60_000]).split("\n")[:_LOOKED_AT] if line.strip()]
    if len(lines) < 3:
        return False
    names = [match["name"] for line in lines if (match := _opening(line, _ONE_LINE)) and match["name"]]
    opened = sum(not _LOGGED.search(name) for name in names)
    if opened >= 3 and 3 * opened >= len(lines):
        return True
    heads = [index for index, line in enumerate(lines) if _opening(line, _HEADED)]
    followed = sum(index + 1 < len(lines) and index + 1 not in heads for index in heads)
    return followed >= 2 and 5 * followed >= len(lines) and 5 * followed >= 4 * len(heads)


def read(text: str) -> Iterator[Part]:
    """What was said, one part for each turn of a speaker, its place the time; what the program itself wrote is left out."""
    messages = [message for message in _messages(text) if message.lines]
    chinese = language_of("\n".join(line for message in messages[:200] for line in message.lines)) == "zh"
    index = 0
    while index < len(messages):
        first = messages[index]
        end = index + 1
        while (
            end < len(messages)
            and messages[end].name == first.name
            and messages[end].when - messages[end - 1].when <= _PAUSE
        ):
            end += 1
        said = [line for message in messages[index:end] for line in message.lines]
        label = f"**{plain(first.name)}{'：' if chinese else ':'}** "
        blocks = [label + plain(said[0]), *(paragraph(line) for line in said[1:])]
        yield Part("\n\n".join(blocks), Place("time", first.when.strftime("%Y-%m-%d %H:%M")))
        index = end


def _opening(line: str, kinds: tuple[re.Pattern[str], ...]) -> re.Match[str] | None:
    return next((match for kind in kinds if (match := kind.match(line.strip()))), None)


def _messages(text: str) -> Iterator[_Message]:
    lines = _INVISIBLE.sub("", text.replace("\r\n", "\n")).split("\n")
    one_line = sum(bool(_opening(line, _ONE_LINE)) for line in lines[:_LOOKED_AT])
    headed = sum(bool(_opening(line, _HEADED)) for line in lines[:_LOOKED_AT])
    kinds = _ONE_LINE if one_line >= headed else _HEADED
    openings = [_opening(line, kinds) for line in lines]
    month_first = _is_month_first([match for match in openings if match])
    current: _Message | None = None
    for line, match in zip(lines, openings, strict=True):
        when = _time(match, month_first) if match else None
        if match is None or when is None:
            if current and line.strip() and not _NOTHING.match(line.strip()):
                current.lines.append(line.strip())
            continue
        if current:
            yield current
        said = match.groupdict().get("text", "")
        current = None
        if match["name"]:
            kept = [said.strip()] if said.strip() and not _NOTHING.match(said.strip()) else []
            current = _Message(_ACCOUNT.sub("", match["name"].strip()), when, kept)
    if current:
        yield current


def _is_month_first(matches: list[re.Match[str]]) -> bool:
    """Whether dates such as 3/12/24 begin with the month: told by numbers over 12, else by dates that would run backwards."""
    pairs = [(int(match["a"]), int(match["b"])) for match in matches if len(match["a"]) <= 2]
    if any(first > 12 for first, _ in pairs) or any(second > 12 for _, second in pairs):
        return not any(first > 12 for first, _ in pairs)
    falls = [
        sum(later < earlier for earlier, later in pairwise(keys))
        for keys in (pairs, [(second, first) for first, second in pairs])
    ]
    return falls[0] < falls[1] or (falls[0] == falls[1] and any(match["after"] for match in matches))


def _time(match: re.Match[str], month_first: bool) -> datetime | None:
    """When a message was sent; None where the numbers are no date, so that the line is text."""
    first, second, third = int(match["a"]), int(match["b"]), int(match["c"])
    if len(match["a"]) > 2:
        year, month, day = first, second, third
    else:
        year = third if third > 99 else 2000 + third
        month, day = (first, second) if month_first else (second, first)
    hour = int(match["h"])
    half = (match["before"] or match["after"] or "").lower()
    if half:
        hour = hour % 12 + (12 if half.startswith(("p", "下")) else 0)
    try:
        return datetime(year, month, day, hour, int(match["m"]), int(match["s"] or 0))
    except ValueError:
        return None
