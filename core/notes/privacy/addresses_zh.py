"""Chinese postal addresses: from the province, or from the road where no place is named, down to the room.

A road or an estate with a house number is looked for; what belongs to it on its left is read backwards from there, up to
the first place of a chain (province, city, district) or to the word that led to the address (住在, 寄到, 地址：).
"""

import re
from collections.abc import Iterator
from importlib.resources import files

from .finding import Span
from .surroundings import before, each, lines_with

_HAN = r"[一-鿿]"
_REGION = "|".join(
    sorted((files(__package__) / "regions_zh.txt").read_text(encoding="utf-8").split(), key=len, reverse=True)
)
_DIGITS = r"(?:\d{1,5}|[一二三四五六七八九十百零〇两]{1,5})"
_UNIT = r"(?:号楼|號樓|号院|號院|号|號|弄|巷|栋|棟|幢|座|室|楼|樓|层|層|单元|單元|门|房|户|组)"
_HOUSE = rf"(?:第?[A-Za-z]?-?{_DIGITS}(?:[-/之]{_DIGITS}){{0,2}}[A-Za-z]?[ ]?{_UNIT}|[A-Za-z甲乙丙丁东南西北](?:座|栋|幢|区)(?!{_HAN}*[的和])|[A-Za-z]\d{{0,2}}(?:-[A-Za-z]\d?)?[座栋幢])"
_ESTATE = r"(?:小区|社区|花园|花苑|大厦|大樓|大楼|广场|廣場|公寓|家园|新村|园区|科技园|产业园|软件园|校区|宿舍|大院|中心|山庄|别墅|名城|新城|华庭|雅苑|嘉园|豪庭|国际|苑|府|湾|村|城|园|庭|院|厦|轩|阁|居|邸|学院|大学)"
_ROAD = r"(?:路|街|大道|大街|道|巷|胡同|弄|里|公路|大路|环路|马路|村|屯|段)"
_SIDE = rf"(?:[东南西北中](?!{_HAN}*[座区])|[东南西北一二三四五六七八九十]{{1,2}}段|{_DIGITS}段|{_DIGITS}巷)?"
_PHASE = r"(?:[一二三四五六七八九十\d]{1,2}[区期]|[东南西北中][区苑])?"
_ROOMS = r"(?:\d{1,3}-\d{1,3}-\d{2,4}(?![\d-])|\d{1,3}(?:号楼|號樓|栋|棟|幢|座|单元|單元|号院)[ -]?\d)"
_TAIL = (
    rf"(?:[ ,]?{_HOUSE}|[ ]?{_HAN}{{2,9}}?{_PHASE}(?=[ ]?{_ROOMS})|[ ]?(?:{_HAN}{{1,10}}?{_ESTATE}(?=[ ]?[A-Za-z]?-?[\d一二三四五六七八九十]|[A-Za-z][座栋]|[东南西北][区座])|[东南西北]区))*"
    r"(?:[ -]?[A-Za-z]?-?\d{1,5}(?:-\d{1,5}){0,2}(?![\d.%:/年月日时分秒个元块人岁米公千万亿只条本次页行章节点度届期班]))?"
)
_ANCHOR = re.compile(
    rf"(?:(?P<road>{_ROAD}){_SIDE}[ ,]?(?P<house>{_HOUSE}|\d{{1,5}}(?:-\d{{1,4}})?(?=[ ,;。]|$))|(?P<estate>{_ESTATE}{_PHASE})[ ]?(?P<block>{_HOUSE}))"
    rf"{_TAIL}(?:[ ,(]{{0,2}}(?:邮编|邮政编码)?[: ]{{0,2}}\d{{6}}\)?(?!\d))?",
    re.MULTILINE,
)
_IN_ESTATE = re.compile(
    rf"(?P<estate>(?<=[市区區县縣镇鎮乡鄉道州]){_HAN}{{2,9}}?(?:\d{{1,2}}[区期])?)[ ]?(?={_ROOMS})(?P<rooms>\d{{1,3}}-\d{{1,3}}-\d{{2,4}}|(?:{_HOUSE}[ -]?){{1,4}}(?:\d{{2,4}}(?!\d))?)(?:[ ,(]{{0,2}}(?:邮编|邮政编码)?[: ]{{0,2}}\d{{6}}\)?(?!\d))?"
    rf"|(?P<named>{_ESTATE}{_PHASE})[ ]?\d{{1,3}}-\d{{1,3}}-\d{{2,4}}(?![\d-])(?:[ ,(]{{0,2}}(?:邮编|邮政编码)?[: ]{{0,2}}\d{{6}}\)?(?!\d))?"
)
_BLOCKS = re.compile(
    r"(?<![A-Za-z\d第])\d{1,3}(?:号楼|栋|幢|座)(?:\d{1,2}单元|[A-Za-z甲乙丙丁]单元)?(?:\d{1,3}(?:层|楼))?\d{3,4}(?:室|房|号)|(?<![A-Za-z\d第])\d{1,3}(?:号楼|栋|幢|座)\d{1,2}单元\d{3,4}(?:室|号)?"
)
_RUN = re.compile(rf"{_HAN}(?:{_HAN}|[·\d]|[ ,](?={_HAN}))*$")
_LEVEL = r"(?:省|市|区|區|县|縣|旗|州|盟|镇|鎮|乡|鄉|街道|村|屯|社区)"
_CHAIN = re.compile(rf"(?:中国|中國)?(?:{_REGION})(?!路|街|大道|大街|巷)")
_COUNTY = re.compile(
    rf"(?:苗族|侗族|藏族|羌族|彝族|回族|蒙古族?|布依族|土家族|壮族|傣族|景颇族|白族|哈尼族|傈僳族|朝鲜族|哈萨克|柯尔克孜){{1,3}}自治州|(?:(?<=[省市州盟])|(?<=自治区)|(?<=地区)|(?<=[县縣区區旗]))(?![在到往去住给请了是])(?:{_HAN}{{1,2}}|{_HAN}{{2,6}}?(?:自治)?)(?:县|縣|区|區|旗|镇|鎮|乡|鄉|街道)(?!域)"
)
_SIGNED = re.compile(
    rf"[一-鿿][ ,]?第?[A-Za-z]?-?(?:\d|[一二三四五六七八九十百零〇两]{{1,5}}{_UNIT}|[A-Za-z甲乙丙丁东南西北]\d{{0,2}}[座栋幢区])"
)
_CUT = re.compile(
    r".*(?:住在|住址|地址|位于|坐落于|坐落在|居住在|住于|寄到|寄往|寄至|送到|送至|发到|搬到|搬至|迁至|来到|前往|到达|填写|改为|家住|老家|现居|现住|租住|入住|户籍|籍贯|单位|公司|宿舍|(?<=[^\d])家|[在到是为去往至从于请的了给住])(?=.)",
    re.DOTALL,
)
_CUE = re.compile(
    r"(?:地址|住址|住在|家住|家在|家是|搬去|搬进|搬入|搬往|租在|租的|住|寄到|寄往|寄至|送到|送至|快递|收件|收货|位于|搬到|户籍|居住|家庭|通讯|通信|办公|宿舍)[^\n]{0,16}$"
)
_PUBLIC = re.compile(r"\d{1,4}[号楼](?:公交|线|车|出口|入口|站台|展|选手|机|测试|样本|节点|服务器)")
_FIGURATIVE = re.compile(
    r"(?:线路|铁路|电路|网络|思路|道路|知道|通道|频道|管道|步道|味道|赛道|轨道|手段|阶段|字段|片段|时段|公里|哪里|这里|那里|心里|手里|家里|里面|地铁|高速|国道|省道|公交|链路|支路|岔路|套路|一路|半路)$"
)


def chinese_addresses(text: str) -> Iterator[Span]:
    """Addresses in Chinese characters, with the postcode that follows them."""
    stretches = lines_with(_SIGNED, text)
    for match in each(_ANCHOR, text, stretches):
        sign = match.end("road") if match["road"] else match.end("estate")
        start = _beginning(text, match.start(), sign)
        if start is not None:
            yield Span("address", start, match.start() + len(match[0].rstrip(" ,-(")))
    for match in each(_IN_ESTATE, text, stretches):
        if (start := _estate_beginning(text, match)) is not None:
            yield Span("address", start, match.start() + len(match[0].rstrip(" ,-(")))
    for match in each(_BLOCKS, text, stretches):
        yield Span("address", *match.span())


def _estate_beginning(text: str, match: re.Match[str]) -> int | None:
    """Where the address of an estate's flat begins; None where no place of a chain stands before the estate, and its own
    name says nothing."""
    anchor = match.start("estate" if match["estate"] else "named")
    sign = match.end("estate" if match["estate"] else "named")
    run = _RUN.search(text, max(0, anchor - 48), anchor)
    if not run:
        return None
    if (chain := _last_chain(run[0] + text[anchor:sign])) is not None and chain <= len(run[0]):
        return run.start() + chain
    if not match["named"]:
        return None
    head = cut[0] if (cut := _CUT.match(run[0])) else ""
    rest = run[0][len(head) :].lstrip("0123456789· ,")
    cue = _CUE.search(before(text, anchor, 60)) or re.search(r"[市区區县縣镇鎮乡鄉]", rest)
    return anchor - len(rest) if cue and 1 <= len(rest) <= 16 else None


def _beginning(text: str, anchor: int, sign: int) -> int | None:
    """Where the address that has its road's or estate's sign at `anchor` begins; None where it is none."""
    run = _RUN.search(text, max(0, anchor - 48), anchor)
    if not run or _FIGURATIVE.search(text, anchor - 2 if anchor > 2 else 0, sign):
        return None
    head_start = run.start()
    chain = _last_chain(run[0] + text[anchor:sign])
    cue = bool(_CUE.search(before(text, anchor, 60)))
    if chain is not None:
        return head_start + chain
    if _PUBLIC.match(text, sign):
        return None
    head = run[0]
    if cut := _CUT.match(head):
        head = head[cut.end() :]
    pieces = re.split(r"[ ,]", head)
    while len(pieces) > 1 and not re.search(_LEVEL + "$", pieces[-2]):
        pieces.pop(-2)
        head = pieces[-1] if len(pieces) == 1 else head[head.rfind(pieces[-2]) :]
    head = head.lstrip("0123456789· ,")
    start = anchor - len(head)
    digit = bool(re.match(r".{0,3}[ ]?[A-Za-z]?\d", text[sign : sign + 6]))
    levelled = bool(re.search(rf"[市区區县縣镇鎮乡鄉]{_HAN}*$", head))
    road = text[anchor:sign] in {"路", "街", "大道", "大街", "巷", "胡同", "弄", "公路", "环路", "马路"}
    if not 1 <= len(head) <= 20 or (len(head) < 2 and not levelled and not road):
        return None
    if road:
        follows = re.match(rf"{_SIDE}[ ]?\d{{1,5}}(?:-\d{{1,4}})?(?:号|號|弄)", text[sign : sign + 14])
        return start if levelled or cue or (follows and digit) else None
    houses = len(re.findall(_UNIT, text[sign : sign + 24]))
    return start if levelled or (cue and digit) or (houses >= 2 and digit) else None


def _last_chain(head: str) -> int | None:
    """Where the last chain of known places begins that reaches the end of `head`."""
    begin: int | None = None
    reach = 0
    for match in _CHAIN.finditer(head):
        if begin is None or re.search(r"[在到是为去往至从于请了给住和,]", head[reach : match.start()]):
            begin = match.start()
        reach = match.end()
    if begin is None:
        return None
    while county := _COUNTY.match(head, reach):
        reach = county.end()
    rest = head[reach:]
    return (
        begin
        if len(rest) <= 26
        and not re.search(r"[在到是为去往从于请了给住]|[。；]", re.sub(r"为民|自由|向阳|和平", "", rest))
        else None
    )
