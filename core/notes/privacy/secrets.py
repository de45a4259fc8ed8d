"""Keys, tokens and passwords: by the shape their issuer gave them, inside addresses, and as values of what is called a
password or a key. What only stands for one (`<your-token>`, `os.environ[...]`, `***`) is left."""

import math
import re
from collections import Counter
from collections.abc import Iterator

from .finding import Span
from .surroundings import each, lines_with

_EDGE = r"(?<![A-Za-z0-9_-])"
_END = r"(?![A-Za-z0-9_-])"
_SHAPES = re.compile(
    _EDGE + r"(?:"
    r"(?:A3T[A-Z0-9]|AKIA|ASIA|AGPA|AIDA|AROA|ANPA|ABIA|ACCA)[A-Z0-9]{16}"  # AWS
    r"|gh[pousr]_[A-Za-z0-9]{30,255}|github_pat_[A-Za-z0-9_]{22,255}"
    r"|gl(?:pat|dt|rt|cbt|ptt|ft|soat|agent)-[A-Za-z0-9_-]{16,64}"
    r"|sk-(?:proj|svcacct|admin|ant|or|lf|None)-[A-Za-z0-9_-]{16,255}|sk-[A-Za-z0-9]{20,128}"
    r"|(?:gsk|xai|pplx|r8|nvapi|fw|tgp_v1|jina|tvly|csk|ark|lsv2_pt|lsv2_sk|voyage|pa|e2b|bce-v3)[_-](?=[A-Za-z0-9_-]{0,40}\d)[A-Za-z0-9_-]{24,200}"
    r"|hf_[A-Za-z0-9]{30,64}|api_org_[A-Za-z0-9]{30,64}"
    r"|AIza[A-Za-z0-9_-]{30,48}|ya29\.[A-Za-z0-9_-]{20,300}|GOCSPX-[A-Za-z0-9_-]{20,40}|1//0[A-Za-z0-9_-]{30,120}"
    r"|xox[abeoprs]-[A-Za-z0-9-]{10,250}|xapp-\d-[A-Za-z0-9-]{20,200}|xoxe\.xox[bp]-[A-Za-z0-9-]{20,250}"
    r"|(?:sk|rk|pk)_(?:live|test|prod)_[A-Za-z0-9]{10,150}|whsec_[A-Za-z0-9+/=]{20,80}"
    r"|eyJ[A-Za-z0-9_-]{8,4000}\.eyJ[A-Za-z0-9_-]{8,8000}(?:\.[A-Za-z0-9_-]{4,4000})?|eyJ[A-Za-z0-9_-]{15,4000}\.[A-Za-z0-9_-]{15,8000}\.[A-Za-z0-9_-]{10,4000}"
    r"|npm_[A-Za-z0-9]{30,48}|pypi-[A-Za-z0-9_-]{40,250}|rubygems_[a-f0-9]{40,60}|dckr_pat_[A-Za-z0-9_-]{20,40}|oy2[a-z0-9]{43}"
    r"|SG\.[A-Za-z0-9_-]{16,32}\.[A-Za-z0-9_-]{16,64}|key-[a-f0-9]{32}|[a-f0-9]{32}-us\d{1,2}|xkeysib-[a-f0-9]{64}-[A-Za-z0-9]{16}|re_[A-Za-z0-9]{8}_[A-Za-z0-9]{20,32}"
    r"|(?:SK|AC)[a-f0-9]{32}|do[opr]_v1_[a-f0-9]{40,80}|hvs\.[A-Za-z0-9_-]{20,200}|AGE-SECRET-KEY-1[A-Z0-9]{50,60}"
    r"|shp(?:at|ca|pa|ss)_[a-fA-F0-9]{32}|sq0[a-z]{3}-[A-Za-z0-9_-]{22,60}|EAAA[A-Za-z0-9_-]{50,80}|dapi[a-f0-9]{32}(?:-\d)?|PMAK-[a-f0-9]{24}-[a-f0-9]{34}"
    r"|secret_[A-Za-z0-9]{40,50}|ntn_[A-Za-z0-9]{40,60}|lin_api_[A-Za-z0-9]{32,48}|figd_[A-Za-z0-9_-]{36,60}|pat[A-Za-z0-9]{14}\.[a-f0-9]{64}"
    r"|ATATT3[A-Za-z0-9_=-]{40,250}|ATCTT3[A-Za-z0-9_=-]{40,250}|NRAK-[A-Z0-9]{27}|sntrys_[A-Za-z0-9_=+/-]{30,200}|glsa_[A-Za-z0-9]{32}_[a-f0-9]{8}|eyJrIjoi[A-Za-z0-9+/=]{40,200}"
    r"|LTAI[A-Za-z0-9]{12,26}|AKID[A-Za-z0-9]{24,40}|AKLT[A-Za-z0-9]{30,60}|\d{8,10}:AA[A-Za-z0-9_-]{32,34}|[MN][A-Za-z0-9_-]{23,27}\.[A-Za-z0-9_-]{6}\.[A-Za-z0-9_-]{27,40}"
    r"|rpa_[A-Z0-9]{36,50}|wandb_v1_[A-Za-z0-9_]{40,100}|supabase_[a-z]+_[A-Za-z0-9_]{20,60}|sbp_[a-f0-9]{40}|vercel_[A-Za-z0-9]{24}|CFPAT-[A-Za-z0-9_-]{40,50}"
    r")" + _END
)  # fmt: skip
_PEM = re.compile(
    r"-----BEGIN (?P<what>[A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?)-----(?:(?!-----BEGIN)[\s\S]){1,20000}?-----END (?P=what)-----"
)
_PEM_CUT = re.compile(
    r"-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----(?:(?:\s{1,6}|\\n)[A-Za-z0-9+/=]{16,120}(?![^\s\"'`\\])){1,400}"
)
_LOGIN = re.compile(
    r"[A-Za-z][A-Za-z0-9+.-]{1,30}://[^\s:/@<>\"'`，。；]{0,80}:(?P<value>[^\s/<>\"'`，。；]{1,100})@(?=[A-Za-z0-9\[_-])"
)
_HOOK = re.compile(
    r"hooks\.slack\.com/(?:services|workflows)/(?P<a>[A-Za-z0-9/_-]{20,100})|discord(?:app)?\.com/api/webhooks/\d{8,22}/(?P<b>[A-Za-z0-9_-]{20,100})|"
    r"webhook\.office\.com/\S{0,80}/IncomingWebhook/(?P<c>[A-Za-z0-9/-]{30,100})|open\.(?:feishu\.cn|larksuite\.com)/open-apis/bot/v2/hook/(?P<d>[A-Za-z0-9-]{16,60})|"
    r"qyapi\.weixin\.qq\.com/cgi-bin/webhook/send\?key=(?P<e>[A-Za-z0-9-]{16,60})|api\.telegram\.org/(?:file/)?bot(?P<f>\d{6,12}:[A-Za-z0-9_-]{20,60})"
)
_QUERY = re.compile(
    r"[?&;#](?:[a-z0-9_-]{0,20}(?:token|secret|signature|password|passwd|pwd|apikey|api_key|api-key|accesskey|access_key)|key|sig|auth|sessionid|session_id|appid|sid|jwt|code)="
    r"(?P<value>[A-Za-z0-9%._~+/-]{6,2000}={0,2})",
    re.IGNORECASE,
)
_HEADER_VALUE = re.compile(
    r"(?:(?<![A-Za-z])Bearer|(?<=authorization: )token|(?<=Authorization: )token|(?<=Authorization: )Basic|(?<=Authorization: )Token|(?<=authorization: )Basic|X-[A-Za-z-]{0,20}(?:Key|Token|Secret)\"?'?:)[ \"']{1,3}"
    r"(?P<value>[A-Za-z0-9._~+/-]{12,2000}={0,2})(?![A-Za-z0-9(])"
)
_COMMAND = re.compile(
    r"(?:(?<=\s)-u[ ]?['\"]?[A-Za-z0-9._@-]{1,60}:(?P<a>[^\s'\"$<{]{3,100})|(?:mysql|mysqldump|mysqladmin|mariadb)[^\n]{0,80}? -p(?P<b>[^\s'\"<$-][^\s'\"]{3,60})(?=\s|$)|"
    r"sshpass -p ?['\"]?(?P<c>[^\s'\"$<]{3,100})|(?:IDENTIFIED (?:WITH \w+ )?BY|PASSWORD) ['\"](?P<d>[^'\"\n]{3,100})['\"]|--(?:password|passwd|pass|token|api-key|secret|access-token)(?:=|[ ])['\"]?(?P<e>[^\s'\"<$-][^\s'\"]{3,200})|"
    r"machine \S{1,80} login \S{1,80} password (?P<f>\S{3,100})|redis-cli[^\n]{0,60} -a ['\"]?(?P<g>[^\s'\"$<]{3,100})|(?:echo|printf) ['\"]?(?P<h>[^\s'\"$<]{4,100})['\"]? ?\| ?sudo -S|"
    r"(?:chpasswd <<< ?|echo )['\"]\w{1,30}:(?P<i>[^\s'\"$<]{4,80})['\"] ?(?:\| ?(?:sudo )?chpasswd)?)",
    re.IGNORECASE,
)
_HOOKED = re.compile(r"hook|api\.telegram")
_COMMANDED = re.compile(
    r" -[ua]|--|mysql|mariadb|pass|PASS|IDENTIFIED|identified|machine|redis-cli|echo|printf|ECHO|chpasswd"
)
_XML = re.compile(
    r"<(?P<tag>[A-Za-z:_-]{0,20}(?:password|passwd|pwd|secret|token|apikey|api_key))>(?P<value>[^<>\s]{3,200})</(?P=tag)>",
    re.IGNORECASE,
)
_ASSIGNMENT = re.compile(
    r"(?P<name>(?:(?<![A-Za-z0-9])(?:[A-Za-z0-9_.]{1,40}[_.-]|[A-Za-z0-9]{1,20}(?=password|passwd|pwd|secret|token|apikey|accesskey))?|(?=[一-鿿]))"
    r"(?:api[_ .-]?(?:key|token|secret)|access[_ .-]?(?:key(?:[_ .-]?(?:id|secret))?|token)|secret(?:[_ .-]?(?:access)?[_ .-]?key|[_ .-]?id|[_ .-]?token)?|auth(?:entication|orization)?[_ .-]?(?:token|key|code)|"
    r"(?:client|app|consumer|shared|webhook|signing|jwt|oauth|session|bot|user|deploy|refresh|id|personal access|encryption|account|storage|license|licence|private|master|admin|service|subscription|registry|csrf|github|gitlab|openai|anthropic|deepseek|dashscope|aws|azure|google|stripe|slack|hugging ?face)[_ .-]?(?:secret|token|key|pat)(?:[_ .-]?(?:base|key|hash))?|"
    r"tokens?|app[_ ]?key|credentials?|pass[_ ]?phrase|pass[_ ]?code|passwords?|passwort|passwd|passw|pwd|pass|psk|wpa[_-]?psk|密码|密碼|口令|密钥|密鑰|秘钥|令牌|暗号|解锁码|访问密钥|私钥|授权码|pin(?: ?code)?|wi-?fi key|network key|secret key|login code)"
    r"(?:[_-]?\d{1,2})?)(?:(?<=[码碼令钥鑰])|(?![A-Za-z0-9_]))"
    r"(?:（[^）\n]{1,12}）|\([^)\n=]{1,24}\)|(?<=[dDsSeEkKnN]) (?:for|in|of|to|at|on|from) (?:[A-Za-z0-9'-]{1,16} ?){1,5}(?:(?=\**[:=] )|(?<= )(?=is )))?"
    r"(?P<sign>\**[\"'`]?\]?\**[ \t]*(?:(?P<colon>[:=](?!=)|:=|=>|->)|(?P<word>[是为]:|是|为|都是|改为|改成|设为|设置为|统一为|默认为|仍是|还是|就是|is now|is still|is set to|was changed to|set to|changed to|is|was)|(?P<gap>(?:(?<=[码碼令钥鑰])|(?<=word)(?=[ \t]))(?=[ \t]*[!-~]{0,40}\d)))[ \t]*\**[ \t]*)"
    r"(?P<quote>[\"'`「]?|b[\"']|f[\"'])(?P<value>[!-~]{3,300})",
    re.IGNORECASE,
)  # fmt: skip
_NAMED = re.compile(
    r"pass|pwd|token|secret|key|cred|auth|psk|pin|pat|code|密|口令|令牌|秘钥|暗号|解锁码|私钥|授权码", re.IGNORECASE
)
_PASSWORD = re.compile(r"pass|pwd|psk|密码|密碼|口令|暗号|解锁码|pin|wi-?fi|network key|login code", re.IGNORECASE)
_STAND_IN = re.compile(
    r"your|x{3,}|\*{3,}|•|\.{3,}|…|^<|^\$|\$\{|\{\{|^\{|%\(|%s|example(?!\w)|changeme|change_me|placeholder|redacted|^none$|^null$|^nil$|^true$|^false$|^todo|^fixme|^undefined$|insert|replace|"
    r"^\[|^█|^‹|secret_here|_here$|^my[_-]?(?:password|token|secret|key|api[_-]?key)$|^(?:password|passwd|pwd|token|secret|key|str|string|int|bytes|bool|text|optional|required|hidden|any|object|number|char|varchar.*)\W*$",
    re.IGNORECASE,
)
_CODE = re.compile(
    r"^(?:self|os|sys|process|env|config|settings|request|req|args|ctx|this|params|options|input|getpass|secrets|st|app|data|user|form|body|event|keyring|userdata|tokenizer|torch|np|random|hashlib|vocab|re|doc|nlp|model|line|text|word|row)\b[.\[(]|"
    r"^[A-Za-z_][\w.]*[(\[]|^[a-z_]+\.[a-z_]+(?:\.[a-z_]+)*$|^[A-Z_]{3,}$|^[a-z]+(?:_[a-z]+)+[,;)]*$|=>|^lambda|^\(|^(?:len|int|str|list|set|dict|map|sum|max|min)\b|^[a-z]+\[|==(?!$)|^[-+<>=&|]+$|^\w+\($|^new$"
)  # fmt: skip
_PROSE = re.compile(r"^[A-Za-z]+(?:['-][A-Za-z]+)*[.,;:!?)]*$")


def secrets(text: str) -> Iterator[Span]:
    """Everything that opens a door: shapes, key blocks, logins in addresses, values of password-like names."""
    for pattern in (_SHAPES, _PEM):
        for match in pattern.finditer(text):
            if pattern is _PEM or not re.search(r"(?:x{6}|X{6}|\*{4}|EXAMPLEKEY0)", match[0]):
                yield Span("secret", *match.span())
    for match in _PEM_CUT.finditer(text):
        yield Span("secret", match.start(), match.start() + len(match[0].rstrip()))
    for match in _LOGIN.finditer(text):
        if (
            not _STAND_IN.search(match["value"])
            and len(match["value"]) > 3
            and match["value"] not in {"port", "user", "pass"}
        ):
            yield Span("secret", *match.span("value"))
    for pattern, stretches in ((_HOOK, lines_with(_HOOKED, text)), (_COMMAND, lines_with(_COMMANDED, text))):
        for match in each(pattern, text, stretches):
            group = next(name for name, value in match.groupdict().items() if value)
            if not _STAND_IN.search(match[group]) and not _CODE.search(match[group]):
                yield Span("secret", *match.span(group))
    for match in _QUERY.finditer(text):
        if _is_random(match["value"]) and "http" in text[max(0, match.start() - 600) : match.start()]:
            yield Span("secret", *match.span("value"))
    for match in _HEADER_VALUE.finditer(text):
        if (not _STAND_IN.search(match["value"]) and re.search(r"\d", match["value"])) or entropy(match["value"]) > 3.6:
            yield Span("secret", *match.span("value"))
    for match in _XML.finditer(text):
        if not _STAND_IN.search(match["value"]):
            yield Span("secret", *match.span("value"))
    yield from _assigned(text)


def is_secret_cell(header: str, cell: str) -> bool:
    """Whether a table's cell under this header is a password or a key."""
    named = re.fullmatch(
        r"(?:初始|默认|登录|登陆|wifi|wi-fi)? ?(?:密码|口令|password|passwd|pwd|pass|token|secret|api[ _]?key|密钥)",
        header,
        re.IGNORECASE,
    )
    return (
        bool(named)
        and bool(re.fullmatch(r"[!-~]{4,100}", cell))
        and not _STAND_IN.search(cell)
        and bool(re.search(r"\d|[^\w]", cell))
    )


def _assigned(text: str) -> Iterator[Span]:
    for match in each(_ASSIGNMENT, text, lines_with(_NAMED, text)):
        start, value = match.start("value"), match["value"]
        quote = match["quote"][-1:]
        if quote:
            closing = "」" if quote == "「" else quote
            cut = text.find(closing, start, start + 300)
            newline = text.find("\n", start, start + 300)
            if cut < 0 or (0 <= newline < cut):
                if quote != "`":
                    continue
            else:
                value = text[start:cut]
        if not quote or (quote == "`" and " " in value):
            value = re.split(r"[\"'`|<\\]|[,;](?=\s|$)|\)(?=[\s.,;]|$)|&(?=[A-Za-z_]+=)", value, maxsplit=1)[0]
            value = re.sub(r"(?:[.,;:?]|\*\*|(?<=\w)[)}\]]+)+$", "", value)
            if value.endswith("!") and re.match(r"[一-鿿]", text[start + len(value) :]):
                value = value.rstrip("!")
        if _is_value(match, value, text):
            yield Span("secret", start, start + len(value))


def _is_value(match: re.Match[str], value: str, text: str) -> bool:
    """Whether what stands behind the name is a secret and no code, no stand-in and no sentence that goes on."""
    if re.match(r"(?:~|[A-Za-z]:)?[/\\\\][^/\\\\]+[/\\\\]", value):
        return False  # PWD=/home/someone
    if len(value) < 3 or _STAND_IN.search(value) or re.search(r"[一-鿿]", value):
        return False
    quoted = bool(match["quote"])
    if match["gap"] is not None and not (
        re.fullmatch(r"(?![A-Z]+-?\d+$)(?=.*[A-Za-z])(?=.*\d)[^:/]{6,40}", value)
        or (not match["name"].isascii() and re.fullmatch(r"\d{6,12}", value))
    ):
        return False
    if _CODE.search(value) and not (quoted and re.search(r"\d", value)):
        return False
    if not _PASSWORD.search(match["name"]):
        return len(value) >= 8 and " " not in value and _is_random(value) and not re.fullmatch(r"[\d.,]+", value)
    if re.match(r"pin", match["name"], re.IGNORECASE):
        return bool(re.fullmatch(r"\d{4,8}", value)) and (
            "code" in match["name"].lower()
            or match["name"].isupper()
            or bool(re.search(r"(?:my|your|card|door|gate|the) $", text[max(0, match.start() - 6) : match.start()]))
        )
    if re.match(r"pass$", match["name"], re.IGNORECASE) and not re.search(r"[A-Z_.:=]", match["sign"] + match["name"]):
        return False
    if quoted:
        return (
            len(value) >= 4
            and (" " not in value or len(value.split()) <= 8)
            and not re.search(r"[:：] *$|\?$|^[A-Z][a-z]+ [a-z]+ ", value)
        )
    if re.fullmatch(r"\d{1,3}(?:\.\d+)?", value):
        return False
    if _PROSE.match(value):  # a plain word: a secret only where nothing follows and a sign, not a verb, leads to it
        rest = text[match.start("value") + len(value) :].split("\n", 1)[0].strip(" .,;。，；)）`*|'\"")
        in_text = bool(match["colon"]) and (
            not rest
            or re.match(
                r"[\u4e00-\u9fff]|[/|]|[,;] ?(?:[A-Za-z ]{2,16}[:=]|[一-鿿])",
                text[match.start("value") + len(value) :].lstrip(" "),
            )
        )
        return bool(in_text) and len(value) >= 5 and value.lower().strip(".,;:!?)") not in _ORDINARY
    return len(value) >= 4 or bool(re.search(r"\d", value))


_ORDINARY = frozenset({
    "required", "optional", "string", "hidden", "empty", "unknown", "forgotten", "reset", "minimum", "length",
    "strong", "weak", "correct", "incorrect", "wrong", "invalid", "valid", "expired", "changed", "none", "default",
    "please", "enter", "same", "above", "below", "never", "always", "encrypted", "hashed", "stored", "protected",
    "manager", "managers", "policy", "policies", "field", "input", "missing", "secure", "safe", "sensitive",
    "private", "public", "basic", "bearer", "login", "logout", "username", "email", "phone", "address", "admin",
    "user", "users", "enabled", "disabled", "success", "failed", "failure", "error", "errors", "blank", "unset",
    "removed", "deleted", "confidential", "internal"
})  # fmt: skip


def _is_random(value: str) -> bool:
    """Whether a value looks drawn rather than worded: letters with digits, or many letters without a pattern."""
    core = value.rstrip("=")
    if re.fullmatch(
        r"[a-z]+(?:[-_./][a-z]+)*|[A-Z]?[a-z]+(?:[A-Z][a-z]+)*|[A-Z]+(?:_[A-Z]+)*|v?\d+(?:\.\d+)+|(?:https?://|/|\./|~/)\S*",
        core,
    ):
        return len(core) >= 20 and not re.search(r"[-_./]", core) and entropy(core) > 3.7
    if re.search(r"\.(?:json|ya?ml|txt|pem|key|py|js|md|csv|cfg|ini|toml|html?)$", core):
        return False
    return (
        bool(re.search(r"\d", core)) and bool(re.search(r"[A-Za-z]", core)) and entropy(core) > 2.5
        if len(core) < 20
        else entropy(core) > 3.0
    )


def entropy(value: str) -> float:
    """Shannon's entropy of the characters, in bits a character."""
    return -sum(count / len(value) * math.log2(count / len(value)) for count in Counter(value).values())
