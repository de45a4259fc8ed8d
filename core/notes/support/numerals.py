"""Numbers and units as one reads them: 12, twelve and 十二 are the same number, kg and 公斤 the same unit."""

import re
from functools import cache

_DIGITS = r"[-−]?\d+(?:[.,]\d+)*(?:\s?(?:/|⁄)\s?\d+(?![.,]?\d))?"
_SMALL = {
    word: value
    for value, word in enumerate(
        [
            "zero",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen",
        ]
    )
}
_TENS = {
    word: 10 * value
    for value, word in enumerate(["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], 2)
}
_SCALES = {"hundred": 100, "thousand": 1000, "million": 10**6, "billion": 10**9, "dozen": 12}
_FRACTIONS = {"half": 2, "halves": 2, "third": 3, "thirds": 3, "quarter": 4, "quarters": 4, "fifth": 5, "fifths": 5, "tenth": 10, "tenths": 10}  # fmt: skip
_WORD = "|".join([*_SMALL, *_TENS])
_SPELLED = (
    rf"(?:(?:a|an|one|two|three|four)[ -](?:{'|'.join(_FRACTIONS)})\b(?! (?:time|person|party|step)\b)|\bhalf\b|"
    rf"\b(?:(?:{_WORD})|a(?= (?:hundred|thousand|million|billion|dozen)\b))(?:-(?:{_WORD}))?"
    rf"(?:[ -](?:{'|'.join(_SCALES)})\b(?: (?:and )?(?:{_WORD})\b(?:-(?:{_WORD}))?)?)*\b)"
)
_HAN_DIGITS = {character: value for value, character in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_HAN_SCALES = {"十": 10, "百": 100, "千": 1000, "万": 10**4, "亿": 10**8}
_HAN_NUMBER = "[零〇一二两三四五六七八九十百千万亿]"
_MEASURE = "[个位名条只本张件种次人年月天日周小分秒克千公米厘毫吨升元块倍度层岁项步章节点号帧维届座台间根颗粒滴行列组类段腔样挡档孔篇首幅句字词页户口家头匹辆艘架支枝片把双对套场部门级期代世行回遍趟成寸尺里亩斤两公封轮盏股面笔声股眼封口瓶杯碗锅勺滴欧伏安瓦帧转弦]"
_HAN_SPELLED = (
    rf"(?:百分之[\d.]+|(?:百|{_HAN_NUMBER}+)分之{_HAN_NUMBER}+|{_HAN_NUMBER}{{2,}}|半(?={_MEASURE})|"
    rf"[二两三四五六七八九十](?=多|余|几|[到至]|{_MEASURE})|一(?=[到至][二三四五六七八九十]|[分秒小克公厘毫])|(?<=第){_HAN_NUMBER}+)"
)
NUMBER = re.compile(
    rf"(?P<digits>{_DIGITS})(?P<scale>\s?[万亿](?!里)|\s(?:million|billion|thousand)\b)?|(?P<en>{_SPELLED})|(?P<zh>{_HAN_SPELLED})",
    re.IGNORECASE,
)
"""One number, in digits or in words, English or Chinese. A lone `one` or 一 is mostly an article and left to `value`."""

_UNITS = """
m: m metre metres meter meters 米
km: km kilometre kilometres kilometer kilometers 公里 千米
cm: cm centimetre centimetres centimeter centimeters 厘米
mm: mm millimetre millimetres millimeter millimeters 毫米
mile: mile miles 英里
inch: inch inches 英寸
foot: foot feet ft 英尺
g: g gram grams gramme grammes 克
kg: kg kilogram kilograms kilo kilos 公斤 千克
mg: mg milligram milligrams 毫克
t: tonne tonnes ton tons 吨
l: l litre litres liter liters 升
ml: ml millilitre millilitres milliliter milliliters 毫升
s: s sec secs second seconds 秒 秒钟
ms: ms millisecond milliseconds 毫秒
min: min mins minute minutes 分钟
h: h hr hrs hour hours 小时 钟头
day: day days daily 天 日
week: week weeks weekly 周 星期 礼拜
month: month months monthly 个月 月
year: year years yearly annually annual 年
century: century centuries 世纪
%: % percent per-cent 百分之 ％
$: $ dollar dollars usd 美元
€: € euro euros eur 欧元
£: £ pound pounds gbp 英镑
¥: ¥ yuan rmb cny 元 块 人民币
°C: °c ℃ celsius 摄氏度
°F: °f fahrenheit 华氏度
hz: hz hertz 赫兹 赫
khz: khz kilohertz 千赫
v: v volt volts 伏 伏特
a: amp amps ampere amperes 安培
ohm: ohm ohms Ω 欧 欧姆
w: w watt watts 瓦 瓦特
kw: kw kilowatt kilowatts 千瓦
pa: pa pascal pascals 帕 帕斯卡
bar: bar bars 巴
n: newton newtons 牛顿
j: joule joules 焦耳
byte: byte bytes 字节
kb: kb kilobyte kilobytes
mb: mb megabyte megabytes 兆
gb: gb gigabyte gigabytes
bit: bit bits 比特
"""


@cache
def _units() -> dict[str, str]:
    return {
        spelling.lower(): unit
        for line in _UNITS.strip().splitlines()
        for unit, spellings in [line.split(": ")]
        for spelling in spellings.split()
    }


def unit(word: str) -> str | None:
    """The one name of a unit of measure (`kilograms` → `kg`), None for other words."""
    return _units().get(word.lower())


def value(match: "re.Match[str]") -> float | None:
    """What a match of `NUMBER` stands for; None where it is no number after all (`one of them`)."""
    if match["digits"]:
        written = match["digits"].replace("−", "-").replace(" ", "").replace("⁄", "/")
        top, _, bottom = written.partition("/")
        number = _decimal(top) / (_decimal(bottom) or 1) if bottom else _decimal(top)
        scale = (match["scale"] or "").strip().lower()
        return abs(number * (_HAN_SCALES.get(scale) or _SCALES.get(scale) or 1))
    if match["en"]:
        return _english(match["en"].lower())
    return _chinese(match["zh"])


def _decimal(written: str) -> float:
    if re.search(r",\d{3}(?:\D|$)", written) or written.count(".") > 1:
        written = written.replace(",", "")
    parts = written.replace(",", ".").split(".")
    return float(parts[0] + ("." + "".join(parts[1:]) if len(parts) > 1 else "") or 0)


def _english(written: str) -> float | None:
    words = re.findall(r"[a-z]+", written)
    if words[-1] in _FRACTIONS:
        return (_SMALL.get(words[0], 1) if len(words) > 1 else 1) / _FRACTIONS[words[-1]]
    if words == ["one"]:
        return None
    total = current = 0
    for word in words:
        if word in _SCALES:
            current = max(1, current) * _SCALES[word]
            if _SCALES[word] >= 1000:
                total, current = total + current, 0
        else:
            current += _SMALL.get(word, _TENS.get(word, 0))
    return total + current


def _chinese(written: str) -> float | None:
    if "分之" in written:
        bottom, _, top = written.partition("分之")
        above = float(top) if re.fullmatch(r"[\d.]+", top) else _chinese_whole(top)
        return above if bottom == "百" else above / (_chinese_whole(bottom) or 1)
    if written == "半":
        return 0.5
    if set(written) <= {"万", "千", "百", "亿"}:
        return None  # 千万 as in 千万不要
    return _chinese_whole(written)


def _chinese_whole(written: str) -> float:
    if len(written) > 1 and all(character in _HAN_DIGITS for character in written):
        return float("".join(str(_HAN_DIGITS[character]) for character in written))  # 一九四九
    total = section = digit = 0
    for character in written:
        if character in _HAN_DIGITS:
            digit = _HAN_DIGITS[character]
        elif _HAN_SCALES[character] >= 10**4:
            total += (section + digit or 1) * _HAN_SCALES[character]
            section = digit = 0
        else:
            section += (digit or 1) * _HAN_SCALES[character]
            digit = 0
    return float(total + section + digit)
