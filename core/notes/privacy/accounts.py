"""Chat accounts behind the name of their service: WeChat, QQ, Telegram, Skype, LINE, Discord and their kind."""

import re
from collections.abc import Iterator

from .finding import Span
from .surroundings import SEPARATOR, each, lines_with

_GAP = r"(?:[ \t]*[（(][ ]?(?:(?:ID|id|Id|账号|号)[ ]?[:=]?[ ]?|@)|[ \t]*(?:[:=>]|是|为|is|->|\*\*|\"|'|`|\||,)[ \t\"'`*:|]*|[ \t]+|(?<=[号號码])|(?<=信)(?=[A-Za-z][A-Za-z-]{0,15}[\d_]))"
_WECHAT = re.compile(
    r"(?:(?:个人|工作|老师|我的|助教|班主任)?(?:微信|薇信|威信|V信|v信|wechat|weixin|(?<![A-Za-z])(?:wx|vx|VX|WX))(?:/QQ)?(?:账?帐?号|號|号码)?(?: ?(?:id|account|handle|no\.?))?"
    r"(?:（[^）\n]{1,10}）|\((?! ?(?:ID|id|账号|号)[ :])[^)\n]{1,20}\))?(?:同号)?)"
    + _GAP
    + r"(?P<value>[A-Za-z][A-Za-z0-9_-]{4,19})(?![A-Za-z0-9_(.@/-])",
    re.IGNORECASE,
)
_ADD_WECHAT = re.compile(
    r"(?:加|添加)(?:我|老师|助教|客服|班主任)?的?(?:个人)?(?:微信|薇信|V信|v|V|wx|vx|VX)(?:号)?[:\s]{0,2}(?P<value>[A-Za-z][A-Za-z0-9_-]{5,19})(?![A-Za-z0-9_-])"
)
_QQ = re.compile(
    r"(?<![A-Za-z])(?:QQ|扣扣|企鹅|qq)(?:群主?|邮箱|交流群|班级群|家长群|好友|老师|群主)?(?:账?帐?号码?|群号|號)?(?: ?(?:id|no\.?|number|group))?(?:（[^）\n]{1,12}）|\([^)\n]{1,20}\))?"
    + _GAP.replace("[ \\t]+", "[ \\t]*")
    + r"(?P<value>[1-9]\d{4,10})(?![\d.]\d|\d|@|[A-Za-z](?!r(?![a-z])|nd(?![a-z])|eChat|echat|mail|hone|el(?![a-z])))"
)
_SERVICE = re.compile(
    r"信|QQ|扣扣|企鹅|wechat|weixin|wx|vx|qq|加|telegram|(?<![A-Za-z])tg|电报|B站|bilibili|slack|github|reddit|tiktok|skype|line|discord|ins|twitter|weibo|snapchat|kakao|icq|dingtalk|feishu|lark|signal|facebook|微博|钉钉|飞书|抖音|小红书|快手|支付宝|alipay|paypal|知乎",
    re.IGNORECASE,
)
_TAGGED = re.compile(r"(?<![A-Za-z])[Dd]iscord(?:[:： ]| is | ID ?)[ ]?(?P<value>[A-Za-z0-9_.]{2,32}#\d{4})(?!\d)")
_WXID = re.compile(r"(?<![A-Za-z0-9_])wxid_[a-z0-9]{10,20}(?![A-Za-z0-9_])")
_HANDLE = re.compile(
    r"(?<![A-Za-z])(?:telegram|tg|电报|B站|bilibili|slack|github|reddit|tiktok|skype|line|discord|instagram|ins|twitter|weibo|snapchat|kakao(?:talk)?|icq|dingtalk|feishu|lark|signal|facebook|微博|钉钉|飞书|抖音|小红书|快手|支付宝|alipay|paypal|知乎)"
    r"(?:账?帐?号码?| ?(?:id|handle|account|username|name))?(?:[ ]?(?:找|搜索?|上?联系|上?找我|私信|加|关注|上?的?我?是|(?:me )?(?:at|on|as|under|handle|is|to)(?= ?@))(?=[ ]?@))?"
    + SEPARATOR.replace("[ \\t]*(?:", "[ \\t]*(?:[:=]|是|为|is|").replace("是|为|is|are|was|", "", 1)
    + r"(?P<value>@?(?:live:)?[A-Za-z0-9][A-Za-z0-9_.#-]{3,31})(?![A-Za-z0-9_@(/])",
    re.IGNORECASE,
)
_WITH_ID = re.compile(r"号|id|account|handle|username|@|[:：]", re.IGNORECASE)
_WORDS = frozenset({
    "official", "group", "message", "messages", "payment", "payments", "channel", "account", "accounts", "number",
    "username", "handle", "wechat", "weixin", "public", "mini", "program", "miniprogram", "applet", "article",
    "articles", "login", "users", "please", "contact", "below", "moments", "public-account", "pay", "work", "and",
    "or", "the", "is", "are", "was", "id", "official-account", "video", "developer", "platform", "download",
    "version", "through", "using", "with", "search", "service", "services", "chat", "app", "apps"
})  # fmt: skip


_LOOSE = re.compile(
    r"(?:line|signal|ins)(?![a-z])(?![ _]?(?:id|handle|account|username|账?帐?号)|[^@]{0,4}@)", re.IGNORECASE
)


def accounts(text: str) -> Iterator[Span]:
    """Account names behind a service's name; a number that is a phone's is left to the phones, which go first."""
    stretches = lines_with(_SERVICE, text)
    for pattern in (_WECHAT, _ADD_WECHAT, _QQ):
        for match in each(pattern, text, stretches):
            if _is_account(match["value"], match[0]):
                yield Span("account", *match.span("value"))
    for match in each(_TAGGED, text, stretches):
        yield Span("account", *match.span("value"))
    for match in _WXID.finditer(text):
        yield Span("account", *match.span())
    for match in each(_HANDLE, text, stretches):
        label = match[0][: match.start("value") - match.start() + 1]
        if (
            _WITH_ID.search(label)
            and _is_account(match["value"], match[0])
            and re.search(r"[\d_@#.:]", match["value"])
            and not _LOOSE.match(match[0])
        ):
            yield Span(
                "account",
                match.start("value"),
                match.end("value") - len(match["value"]) + len(match["value"].rstrip(".-#")),
            )


def is_account_cell(header: str, cell: str) -> bool:
    """Whether a table's cell under this header is an account's name."""
    return bool(
        re.fullmatch(r"(?:微信|wechat|qq|weixin|wx|telegram|skype)(?:账?帐?号| ?id)?(?:码)?", header, re.IGNORECASE)
    ) and bool(re.fullmatch(r"@?[A-Za-z0-9][A-Za-z0-9_.-]{4,24}", cell))


def _is_account(value: str, whole: str) -> bool:
    lowered = value.lower().strip("-_")
    if lowered in _WORDS:
        return False
    label = whole[: len(whole) - len(value)]
    prose = value.isalpha() and value.islower() and label.endswith((" ", "\t")) and not _WITH_ID.search(label)
    return not prose  # "WeChat groups"
