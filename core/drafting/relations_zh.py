"""What Chinese notes say beyond definitions: purposes of functions, reasons, members of a class, ways to do things."""

import re

_STOP = re.compile(
    r"^(?:我们|我|你|它|他|她|这|那|其|该|此|可|就|要|也|还|需|应|能|会|才|都|只|不|没|并|且|但|而|即|则|再|又|从|在|把|将|使|让|于|因|如|当|若|有|是|为)"
)
_CODE = r"`(?P<code>[^`\n]{2,40})`"
_KIND = r"(?:函数|命令|方法|类|模块|选项|参数)?"
_DO = r"(?P<do>[一-鿿A-Za-z][^，。；：`（）]{2,24})"
_PURPOSES = (
    re.compile(rf"(?:使用|调用|运行|通过|利用|用){_CODE}{_KIND}(?:来|去|可以|能够|能)?{_DO}"),
    re.compile(rf"(?:为了|要|想要){_DO}，?(?:我们|可以|需要|就|只需|应)*(?:使用|调用|运行|用){_CODE}"),
)
_DOES = re.compile(
    r"^(?:用于|用来|可以|将|会|能)?(?P<do>(?:返回|计算|生成|创建|定义|实现|读取|存储|指定|初始化|设置|更新|删除|显示|打印|清除|下载|加载|转换|保存|删去|合并)[^，。；：]{2,26})"
)
_BECAUSE = (
    re.compile(r"^(?P<effect>[^，。；：]{5,32})，(?:这)?(?:主要)?是?因为(?P<reason>.{4,})$"),
    re.compile(r"^(?P<effect>[^，。；：]{5,32})，(?:这)?是由于(?P<reason>.{4,})$"),
    re.compile(
        r"^(?P<subject>[^，。；：]{2,10})之所以(?P<effect>[^，。；：]{3,30})，?(?:就)?是?因为(?P<reason>.{4,})$"
    ),
    re.compile(r"^(?:因为|由于)(?P<reason>[^。；]{4,60}?)，(?:所以|因此|因而)?(?P<effect>[^，。；：]{5,32})[。，；]?"),
    re.compile(r"^(?P<reason>[^。；]{5,70}?)[，；](?:因此|所以|因而)，?(?P<effect>[^，。；：]{5,32})[。，；]?"),
)
_MEMBERS = re.compile(
    r"^(?P<subject>[^，。；：有分]{2,14}?)(?:一?共|主要|通常|大致|可以|可|又)?(?:有|分为|分成|分作|包括|包含)(?:以下|如下)?(?P<number>[两二三四五六七八九十\d]+)(?P<measure>大?(?:个阶段|个部分|个步骤|个方面|部分|阶段|步骤|方面|因素|层次|种|类|步|层))"
)
_USE_WHEN = re.compile(
    r"(?:如果|当|若|要是).{2,40}(?:就|则|应当?|要|可以|宜)?(?:用|选用?|使用|采用)|适[合用]于|更适合|宜用|首选|应选"
)
_FORMULA = re.compile(r"除以|乘以|之比|的乘积|计算公式|[=＝] ?[^=＝]*[×÷*/^]")
_ACTION = re.compile(
    r"^(?:如何|怎样|怎么)?(?P<do>(?:读取|初始化|定义|计算|训练|生成|实现|选择|预测|创建|配置|安装|使用|制作|冲泡|测量|评估|处理|下载|访问|提交|搭建|准备|设置|构建|编写|部署|运行|清洗|加载|保存|存储|观察|记录|判断|区分|识别|绘制|求解|求|推导|证明)[^？?]{2,20})[？?]?$"
)
_HOW = re.compile(r"^(?:如何|怎样|怎么)(?P<do>[^？?]{2,20})[？?]?$")


def purpose(text: str, code: str, meaning: str) -> str:
    """What one does with a function or a command, as a verb phrase: 「计算矩阵乘积」; empty where the notes do not say."""
    if meaning and (does := _DOES.match(meaning)):
        return _trimmed(does["do"])
    for pattern in _PURPOSES:
        for match in pattern.finditer(text):
            if match["code"] == code and (what := _trimmed(match["do"])) and not _STOP.match(what):
                return what
    return ""


def reason(plain: str) -> tuple[str, str]:
    """(effect, reason) of a sentence that gives one; two empty strings where it gives none that stands alone."""
    for pattern in _BECAUSE:
        if match := pattern.match(plain):
            effect = (match.groupdict().get("subject") or "") + match["effect"]
            if (
                not _STOP.match(effect)
                and len(effect) >= 6
                and not re.search(r"[“”（）$`]|我们|下面|本[节章书文]|这|考量|为了|就", effect)
            ):
                return effect, match["reason"].rstrip("。；，")
    return "", ""


def members(plain: str) -> tuple[str, str]:
    """(what is enumerated, empty) in a sentence that says how many there are: 「叶绿体中的色素有哪四种」."""
    match = _MEMBERS.match(plain)
    if not match or _STOP.match(match["subject"]):
        return "", ""
    return f"{match['subject']}有哪{match['number']}{match['measure']}", ""


def is_choice(plain: str) -> bool:
    """Whether a sentence says when to use something."""
    return bool(_USE_WHEN.search(plain))


def has_formula(plain: str) -> bool:
    """Whether a sentence tells how to calculate something."""
    return bool(_FORMULA.search(plain))


def way_to(title: str) -> str:
    """What a heading tells how to do: 「读取数据集」「如何选择模型」; empty where it names a thing."""
    match = _HOW.match(title) or _ACTION.match(title)
    return (
        match["do"]
        if match and not re.search(r"(?:步骤|方法|过程|原理|实验|结果|技巧|要点|函数|标准)$", match["do"])
        else ""
    )


def _trimmed(text: str) -> str:
    text = re.sub(r"(?:的|了|时|后|等|来|和|与|并|即可|就可以)+$", "", text.strip())
    return text if 3 <= len(text) <= 24 and text.count("$") % 2 == 0 and "*" not in text else ""
