"""How Chinese notes define things: 「均田制是指……的制度」「准确率（accuracy）是……」「拐点是……的点」。"""

import re

from .definition import Definition
from .lexicon import Lexicon

_TERM = r"(?P<term>[A-Za-z]{0,12} ?[\u4e00-\u9fff][\u4e00-\u9fffA-Za-z0-9-]{1,14}?|[A-Z][A-Za-z0-9+-]{1,10})"
_DEFINITION = re.compile(
    r"^(?:\d+(?:\.\d+)*[、.．]?\s*)?(?:所谓)?[“「]?(?P<open>\*{1,2})?"
    + _TERM
    + r"(?(open)\*{1,2})[”」]?(?P<gloss>（[^（）]{1,40}）|\([^()]{1,40}\))?，?"
    r"(?:就)?(?P<verb>是指|指的是|是说|是一|是(?=[^否不])|指(?!数|标|定|令|针|出|导|示)|即|意味着|又称|也叫|用于|用来|表示)[：:]?(?P<meaning>.{6,})$"
)
_NAMED = re.compile(
    r"^(?:我们|人们|通常|一般)?(?:把|将)?(?P<meaning>[^，。；：]{4,44}?)，?(?:就|被|统|也|又|常)?(?:称为|称作|叫做|叫作|称之为)[“「]?(?P<term>[\u4e00-\u9fff][\u4e00-\u9fffA-Za-z]{1,9})[”」]?(?=[。，；（(]|$)"
)
"""Names that come last: 「pH小于5.6的降水称为酸雨」「我们把这样的点叫做拐点」."""
_FIRM = frozenset({"是指", "指的是", "是一", "又称", "也叫"})
_GENUS = re.compile(
    r"的[\u4e00-\u9fff]{0,4}(?:方法|过程|现象|制度|官制|比例|比率|东西|工具|技术|状态|能力|规律|点|值|量|数|线|函数|算法|模型|物质|有机物|机构|局面|作用|能量|关系|概念|"
    r"方式|形式|部分|集合|操作|结构|单位|原理|长官|官职|官员|措施|政策|法则|定理|性质|指标|系统|程序|语言|文件|数据|变量|误差|距离|角度|温度|时间|"
    r"速度|行为|活动|反应|组织|器官|细胞|工艺|工序|步骤|茶|器具|仪器|设备|税法|法律|权利|义务|合同|费用|理论|学说|学科|思想|文体|数列|极限|总和|乘积)[。；]?$"
)
_POINTS = re.compile(r"^(?:这|那|它|他|她|其|该|此|也|又|上述|后者|前者)")
_NO_KIND = re.compile(r"^(?:为了|因为|在|从|对|可以|要|会|不|没|很|最|更|否|多少|什么|怎)")
_SUBJECT = re.compile(
    r"^(?P<term>[\u4e00-\u9fff]{2,6}?)(?:[（(][^（）()]*[）)])?(?:是|在|由|与|有|包括|分为|发生|规定|主要|负责|以)"
)
SUBJECT_STOP = re.compile(
    r"^(?:这|那|它|他|她|其|该|此|我|你|本|以|如|因|当|若|虽|尽|但|而|且|并|或|与|在|从|对|为|由|最|更|很|非|不|有|没|可|能|会|要|将|应|只|就|都|也|还|又|再|才|"
    r"所有|每|某|各|一|两|二|三|上面|下面|前面|后面|另|其中|例如|通常|首先|其次|然后|接|问题|原因|结果|目标|目的|关键|重点|方法|区别|优点|缺点|答案|意思|做法|好处|什么|哪|为什么|怎|事实|远离|注意)"
    r"|(?:的|地|得|了|着|过|都|也|还|就|不|很|最|更|是|可以|需要|必须|应该|能够|通常|往往|一般|只|会|要|之所以|主要|常|多|仅|均)$|的"
)


def chinese_definition(text: str, lexicon: Lexicon) -> Definition | None:
    """What a sentence, its emphasis marks still in it, defines: 「*暂退法*（dropout）是……」 tells a term by its marks."""
    if (named := _NAMED.match(text)) and not SUBJECT_STOP.search(named["term"]) and not _POINTS.match(named["meaning"]):
        return Definition(named["term"], named["meaning"])
    match = _DEFINITION.match(text)
    if not match or SUBJECT_STOP.search(match["term"]) or _NO_KIND.match(match["meaning"]):
        return None
    term, verb = match["term"], match["verb"]
    glossed = bool(match["gloss"] and re.match(r"[（(][A-Za-z]", match["gloss"]))
    genus = verb == "是" and bool(_GENUS.search(match["meaning"]))
    firm = verb in _FIRM or text.startswith("所谓") or (verb in {"是", "指", "即"} and f"{term}就是" in text)
    if not (match["open"] or firm or glossed or genus):
        return None
    if not match["open"] and not glossed:
        often = 1 if verb in {"是指", "指的是"} or (genus and len(term) > 3) else 2
        if len(term) > 10 or lexicon.count(term) < often or (verb == "是一" and lexicon.count(term) < 3):
            return None
    meaning = f"一{match['meaning']}" if verb == "是一" else match["meaning"]
    told = verb in {"是指", "指的是", "是一", "是", "指", "即", "是说"}
    return Definition(term, meaning if told else "")


def chinese_subject(plain: str, lexicon: Lexicon) -> str:
    """What a sentence begins by telling of, where the notes name it again; empty where that cannot be told."""
    match = _SUBJECT.match(plain)
    if not match or SUBJECT_STOP.search(match["term"]):
        return ""
    term = match["term"]
    return term if lexicon.count(term) >= 2 or re.search(r"[制法律学论派教]$", term) else ""
