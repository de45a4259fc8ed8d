"""E-mail addresses (RFC 5322's dot-atoms), beside Chinese characters too, and those spelled out to hide from robots.

`git@host:path` is a login for fetching code and no address; `photo@2x.png` is a picture; a placeholder such as
`your_email@example.com` is nobody's. Any other address at example.com is found: who wrote it may have meant it.
"""

import re
from collections.abc import Iterator

from .finding import Span
from .surroundings import each, lines_with

_LOCAL = r"[A-Za-z0-9](?:(?:[A-Za-z0-9._%+-]|(?<=[A-Za-z])'(?=[A-Za-z])){0,62}[A-Za-z0-9_+-])?"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_TOP = r"(?:[A-Za-z]{2,24}|xn--[a-z0-9-]{2,30}|中国|公司|网络|集团|我爱你)"
_PLAIN = re.compile(
    rf"(?<![A-Za-z0-9._%+@-])(?:\"[^\"\s@]{{1,40}}\"|{_LOCAL})@(?:{_LABEL}\.){{1,6}}{_TOP}(?![A-Za-z0-9@]|-[A-Za-z0-9])"
)
_AFTER_SIGN = re.compile(rf"(?<=[/'])(?<![A-Za-z0-9][/'])({_LOCAL})@(?:{_LABEL}\.){{1,6}}{_TOP}(?![A-Za-z0-9@(])")
_IN_QUERY = re.compile(
    rf"(?<=[=/'])([A-Za-z0-9][A-Za-z0-9._+-]{{0,62}})(?:@|%40)(?:{_LABEL}\.){{1,6}}{_TOP}(?![A-Za-z0-9@(])"
)
_HIDDEN = re.compile(
    rf"(?<![A-Za-z0-9._%+-])[A-Za-z0-9][A-Za-z0-9._+-]{{1,62}}"
    rf"(?: ?[\[({{<] ?(?:at|AT|@|艾特|圈a) ?[\])}}>] ?| (?:AT|艾特|@) | at (?=[a-z0-9-]+ ?[\[({{<]? ?(?:dot|DOT)))"
    rf"{_LABEL}(?:(?: ?[\[({{<] ?(?:dot|DOT|\.|点) ?[\])}}>] ?| (?:dot|DOT|点) | ?\. ?|\.){_LABEL}){{0,4}}"
    rf"(?: ?[\[({{<] ?(?:dot|DOT|\.|点) ?[\])}}>] ?| (?:dot|DOT|点) |\.)(?:com|org|net|edu|cn|uk|de|fr|io|ai|jp|gov|info|me|co|in|ca|au|tw|hk|example)(?![A-Za-z0-9])"
)
_SIGN = re.compile("@|%40")
_HASH = re.compile("[A-Za-z0-9]#[A-Za-z0-9]")
_HASH_FOR_AT = re.compile(rf"(?<![A-Za-z0-9._%+#-]){_LOCAL}#(?:{_LABEL}\.){{1,4}}(?:com|cn|net|org|edu)(?![A-Za-z0-9])")
_FILE_NAME = re.compile(r"@\d+(?:\.\d+)?x\.|\.(?:png|jpe?g|gif|svg|webp|bmp|ico|pdf|css|html?|json|ya?ml|xml|txt|csv|docx?|pptx?|xlsx?|zip|ipynb|tsx|jsx|mp[34]|woff2?|lock|toml|cfg|local:\d+)$", re.IGNORECASE)  # fmt: skip
_PLACEHOLDER = re.compile(
    r"^(?:your?[._-]?(?:e-?mail|name|user(?:name)?|id|address)?|x{2,}|user_?name|some(?:one|body)|e-?mail|first\.last|ID\+username|username)@"
    r"(?:[a-z0-9-]+\.)*(?:example|domain|email|mail|your-?[a-z]+|company|x{2,}|host|server|noreply\.github|some[a-z]+)\.[a-z.]{2,12}$",
    re.IGNORECASE,
)
_CODE_TOP = frozenset({
    "shape", "weight", "bias", "dot", "inv", "sum", "mean", "conj", "transpose", "view", "reshape", "flatten",
    "grad", "data", "values", "matrix", "size", "detach", "numpy"
})  # fmt: skip


def emails(text: str) -> Iterator[Span]:
    """Addresses, with whatever closes the sentence left outside."""
    if "@" in text or "%40" in text:
        stretches = lines_with(_SIGN, text)
        for pattern in (_PLAIN, _IN_QUERY):
            for match in each(pattern, text, stretches):
                if _is_address(match[0], text, match.start(), match.end()):
                    yield Span("email", *match.span())
    for match in _HIDDEN.finditer(text):
        if not _PLACEHOLDER.match(match[0]):
            yield Span("email", *match.span())
    for match in each(_HASH_FOR_AT, text, lines_with(_HASH, text)):
        if re.search(r"#[^\n]{0,12}(?:@|换|替|改|at)", text[match.end() : match.end() + 24]):
            yield Span("email", *match.span())


def _is_address(address: str, text: str, start: int, end: int) -> bool:
    local, _, domain = address.replace("%40", "@").rpartition("@")
    rest = text[end : end + 2]
    if _FILE_NAME.search(address) or _PLACEHOLDER.match(address) or ".." in address or local.endswith("."):
        return False
    if rest.startswith(("(", "[")) and not re.match(r"\[(?:at|dot|\d)|\((?!\))[^)]*[\s一-鿿]", text[end : end + 20]):
        return rest.startswith("(") and not re.match(r"\([\w\s.,=]*\)", text[end : end + 40])
    if local in {"git", "hg", "svn"} or re.search(r"://[^\s/@]*$", text[max(0, start - 80) : start]):
        return False  # git@github.com:user/repo.git, https://user:password@host
    if re.match(r":[\w.~-]*/[\w./~-]", text[end : end + 60]):
        return False  # user@host.example.com:/srv/data
    top = domain.rpartition(".")[2].lower()
    return top not in _CODE_TOP and not (len(local) == 1 and local.isupper() and len(domain) < 6)
