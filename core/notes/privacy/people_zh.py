"""Chinese names: a surname and one or two characters that names are made of, told from words by what each costs.

A run of Chinese characters is cut into words and names along the cheapest path (Viterbi over unigram costs, as in Sproat
et al. 1996, "A stochastic finite-state word-segmentation algorithm for Chinese"). What stands beside a candidate
(老师, 我叫, 联系人：, a verb of speaking) makes it cheaper; alone it has to be cheaper by a margin.
"""

import re
from collections.abc import Iterator

from .finding import Span
from .gazetteers import chinese_names, chinese_words

_RUN = re.compile(r"[一-鿿]+(?:[·•][一-鿿]+)*")
_TITLE = (
    r"(?:老师|同学|先生|女士|小姐|教授|博士|医生|大夫|护士|经理|总监|主任|主管|院长|校长|处长|科长|部长|局长|书记|律师|师傅|阿姨|叔叔|大爷|大妈|奶奶|爷爷|院士|工程师|讲师|助教|导师|助理|班长|组长|队长|"
    r"女生|男生|学长|学姐|师兄|师姐|学弟|学妹|董事长|总经理|会长|秘书|记者|编辑|老師|同學|醫生|經理|主講|总|工|董)"
)
_TITLE_AFTER = re.compile(_TITLE + r"(?![一-鿿]*(?:工具|工作|工程(?!师)|总之|总是|总共|总数|总结|总体))")
_LEFT = re.compile(
    r"(?:联系人|聯絡人|收件人|收货人|寄件人|负责人|责任人|申请人|经办人|持卡人|户名|收款人|付款人|法定代表人|客户|用户|学生|同学|老师|教师|讲师|主讲人?|作者|编者|译者|主编|编辑|"
    r"记录人|主持人|发言人|汇报人|报告人|导师|指导教师|指导老师|班主任|辅导员|助教|家长|监护人|患者|病人|医生|护士|员工|候选人|应聘者|面试官|学员|组长|组员|成员|队长|队员|"
    r"我叫|我是|我名叫|名叫|叫做|叫|本人|敬爱的|亲爱的|尊敬的|此致|谢谢|感谢|联系|找|请|由|给|问|跟|让|替|陪|邀请|通知|转告|告诉|发给|交给|寄给|转账给|认识|遇到|采访|任命|@|同事|朋友|同桌|邻居|室友|"
    r"妻子|丈夫|儿子|女儿|父亲|母亲|爸爸|妈妈|哥哥|姐姐|弟弟|妹妹|爱人|嘉宾|选手|教练|经理|主任|校长|院长|教授|博士|先生|女士|小姐|\d{7}[（(]|咨询|致电|打给|拜访|接待|录用|恭喜|祝贺|表扬|批评|抄送)"
    r"[ \t]*(?:[:：=|]|是|为|叫|\*\*|\"|'|「|“)*[ \t*\"'「]*$|(?:敬礼|此致|祝好|谨启|谨上|敬上)[！!。]?\n[ \t]*$"
)
_WEAK_LEFT = re.compile(
    r"(?:^|[\n,，。；;、：:（(|>\"'「“ \t@/]|[和与及同对把被向是有但而]|昨天|今天|明天|上午|下午|晚上|周[一二三四五六日])$"
)
_FIELD = re.compile(
    r"(?:姓名|名字|联系人|聯絡人|contact|author|from|teacher|student|收件人|收货人|寄件人|负责人|责任人|申请人|经办人|持卡人|户名|开户人|收款人|付款人|法人|法定代表人|客户|学生|教师|讲师|主讲人?|作者|编者|译者|主编|撰稿人?|撰写人?|记录人?|主持人?|汇报人|报告人|导师|"
    r"指导教师|指导老师|任课老师|授课教师|主讲老师|班主任|辅导员|助教|家长|监护人|患者|紧急联系人|候选人|签名|签字人?|署名|学员|组长|组员|成员|队长|发件人|抄送|发信人|寄信人|老师|整理|整理人|录入人?|审核人?|批准人?|制表人?|值班|值班人|出席|参会人员?|与会|嘉宾|name|我叫|名叫|本名|真名|姓氏)"
    r"(?:（[^）\n]{1,8}）|\([^)\n]{1,12}\))?[ \t]*\**[\"']?[ \t]*[:=|][ \t]*\**[ \t\"']*$|(?:我叫|名叫|叫做|我的名字是|我的名字叫|名字叫|本人)[ ]?$",
    re.IGNORECASE,
)
_RIGHT = re.compile(
    r"(?:说|問|问|答道|表示|认为|告诉|负责|主讲|授课|讲解|主持|编写|撰写|整理|提问|回答|回复|指出|补充|写道|发来|发了|提交|邀请|家长|收[,，）)]|参加|加入|报名|住在|毕业|出生|来自|同意|签字|签名|打电话|的(?:手机|电话|邮箱|邮件|身份证|"
    r"银行卡|卡号|地址|微信|密码|账号|联系方式|作业|成绩|学号|论文|简历|护照|QQ|号码|住址|妈妈|爸爸|母亲|父亲|老师|家长|家|工号|生日|女儿|儿子|妻子|丈夫)|[ ]?[(（](?:男|女|电话|手机|微信|1[3-9]\d)|[,，](?:男|女)[,，]|"
    r"[ ,，:：'\"|]{0,4}1[3-9]\d{9}|[ ]?<|(?:电话|手机|邮箱|微信|联系))"
)
_WEAK_RIGHT = re.compile(
    r"(?:和|与|及|、|在|是|曾|已|将|也|把|从|去|到|向|给|于|对|因|每|请|昨天|今天|明天|刚|正|就|都|还|先|打|发|用|拿|收|做|写|想|会|等|一起|同时|的|"
    r"[,，。；;！!？?：:（(|/\"'」）)\s@\d]|$)"
)
_NAMED = re.compile(
    r"(?:姓名|联系人|收件人|收货人|户名|持卡人|患者|学生|老师|主讲人?)[:：=]\s{0,2}[\"']?(?P<name>[一-鿿]{2,3})(?![一-鿿])"
)
_AFTER_SHORT_TITLE = re.compile(r"[,，。；;！：:\s]|$|说|的|来|在|和|、")
_BEFORE_ADDRESSED = re.compile(r"(?:^|[^一-鿿]|[和与及由请找问给跟叫是对向让的了在把被见到按听]|联系|感谢|通知|咨询)$")
_LISTED = re.compile(
    r"(?:出席|参会|与会|参加|名单|成员|组员|学生|学员|作者|嘉宾|抄送|人员|同学|老师|教师|联系人|负责人|讲师|助教|评委|选手|值日|值班)(?:人员?|者|名单|学生|同学|成员)?(?:有|包括|如下)?[:：]\s{0,2}(?:[一-鿿]{2,4}[、,， ]{1,2}){1,20}$"
)
_ENUMERATION = re.compile(r"(?<![一-鿿])[一-鿿]{2,4}(?:[、/,，] ?[一-鿿]{2,4})+(?![一-鿿])")
_ITEM_BEFORE = re.compile(r"(?<![一-鿿])(?P<name>[一-鿿]{2,4})、$")
_SPEECH = re.compile(r"(?:^|\n)[ \t>*\[\]\d:：/年月日.-]{0,30}$")
_NOT_GIVEN = frozenset(
    "的了吗呢吧啊是在有和与或就都也还很不没能会要把被对从到给让为这那哪什么怎几个们写说问讲做看听走去给叫请找打吃喝买卖用收时后前处里只又再更最太已将并且但而则所以因虽我你他她它"
)
_DOUBTFUL = frozenset("于时应经全和能从那向别才步都查来")
_STOCK = frozenset({
    "张三", "李四", "王五", "赵六", "孙七", "周八", "吴九", "郑十", "韩梅梅", "李雷"
})  # fmt: skip
_PUBLIC_SUFFIX = re.compile(
    r"(?:[省市县区镇乡村路街道河湖江山岛桥寺庙站港湾峰岭]|大学|中学|小学|医院|公司|集团|银行|定理|定律|方程|公式|矩阵|函数|分布|变换|效应|算法|猜想|不等式|法则|系数|茶|镇)"
)
MARGIN = 4.5
MARGIN_SHORT = 7.5
"""What a name of three characters, and one of two, must be cheaper by than the words it might be."""


def chinese_people(text: str) -> Iterator[Span]:
    """Names in runs of Chinese characters."""
    names = chinese_names()
    found: list[Span] = []
    for run in _RUN.finditer(text):
        if "·" in run[0] or "•" in run[0]:
            for part in re.finditer(r"[^和与及]+", run[0]):
                if "·" in part[0] or "•" in part[0]:
                    found += _transliterated(part[0], run.start() + part.start())
            continue
        if any(character in names.surnames for character in run[0]):
            found += _in_run(text, run.start(), run.end())
    for value in _NAMED.finditer(text):
        if (
            value["name"] not in chinese_words()
            and _NOT_GIVEN.isdisjoint(value["name"])
            and value["name"][-1] not in "处部室科组司校院会厂店局所系班"
        ):
            yield Span("person", *value.span("name"))
    yield from found
    yield from _beside(text, {span.start for span in found})


def _beside(text: str, known: set[int]) -> Iterator[Span]:
    """The other items of an enumeration (王芳、李强、赵敏) of which at least one is a name, where all of them can be."""
    for place in known:
        if beside := _ITEM_BEFORE.search(text, max(0, place - 6), place):
            name = beside["name"]
            if _cost(name) < 24 and name not in chinese_words():
                yield Span("person", *beside.span("name"))
    for run in _ENUMERATION.finditer(text):
        items = [(run.start() + item.start(), item[0]) for item in re.finditer(r"[一-鿿]+", run[0])]
        if any(start in known for start, _ in items) and all(_cost(item) < 24 for _, item in items):
            yield from (Span("person", start, start + len(item)) for start, item in items)


def is_chinese_name(cell: str) -> bool:
    """Whether all of `cell` can be a Chinese name: a table's cell beside a phone number."""
    return bool(re.fullmatch(r"[一-鿿]{2,4}", cell)) and cell not in chinese_words() and _cost(cell) < 99


def _transliterated(spelled: str, at: int) -> Iterator[Span]:
    """A foreign name with its dot (列奥纳多·达·芬奇), which no list knows; what is said after it is cut off."""
    parts = re.split(r"[·•]", spelled)
    if len(parts) > 4 or not all(1 <= len(part) <= 6 for part in parts[1:-1]):
        return
    words, last, first = chinese_words(), parts[-1], parts[0]
    stop = next(
        (
            size
            for size in range(2, len(last))
            if last[size] in _NOT_GIVEN or (size + 2 <= len(last) and last[size : size + 2] in words)
        ),
        len(last),
    )
    begin = next(
        (
            size
            for size in range(len(first) - 1, 0, -1)
            if first[size - 1] in _NOT_GIVEN or (size > 1 and first[size - 2 : size] in words)
        ),
        0,
    )
    if stop <= 6 and 1 <= len(first) - begin <= 6:
        yield Span("person", at + begin, at + len(spelled) - len(last) + stop)


def _cost(name: str) -> float:
    """How dear a name is by itself: infinite where it does not open with a surname and go on with one or two characters."""
    names = chinese_names()
    size = 2 if name[:2] in names.surnames and len(name) > 2 else 1
    given = name[size:]
    if name in _STOCK:
        return 11.0
    if name[:size] not in names.surnames or not 1 <= len(given) <= 2 or not _NOT_GIVEN.isdisjoint(given):
        return 99.0
    cost = names.surnames[name[:size]] + sum(names.given.get(character, 9.0) for character in given)
    if given in names.pairs:
        return names.surnames[name[:size]] + 10.5
    return cost + (4.4 if len(given) == 1 else 3.4)


def _in_run(text: str, start: int, end: int) -> Iterator[Span]:
    """The names on the cheapest path through one run of characters."""
    words = chinese_words()
    length = end - start
    best = [0.0] + [1e9] * length
    back: list[tuple[int, bool]] = [(0, False)] * (length + 1)
    offers: dict[tuple[int, int], float] = {}
    for here in range(length):
        reached = best[here]
        at = start + here
        for size in range(1, min(6, length - here) + 1):
            cost = words.get(text[at : at + size])
            if cost is None:
                if size > 1:
                    continue
                cost = 13.0
            if reached + cost < best[here + size]:
                best[here + size], back[here + size] = reached + cost, (here, False)
        for size, cost in _names_at(text, at, end):
            offers[here, here + size] = cost
            if reached + cost < best[here + size]:
                best[here + size], back[here + size] = reached + cost, (here, True)
    here = length
    found = []
    while here:
        before, is_name = back[here]
        if is_name:
            found.append((before, here))
        here = before
    for first, last in reversed(found):
        yield Span("person", start + first, start + last)


def _names_at(text: str, at: int, end: int) -> Iterator[tuple[int, float]]:
    """Candidates that begin at `at`, with what they cost where they stand."""
    names = chinese_names()
    size = 2 if text[at : at + 2] in names.surnames and at + 2 < end else 1
    if text[at : at + size] not in names.surnames:
        return
    field: bool | None = None
    for total in (size + 1, size + 2):
        name = text[at : at + total]
        if at + total > end:
            break
        cost = _cost(name)
        if cost >= 99 or (cost > 26 and total == size + 2):
            continue
        if field is None:
            head = text[max(0, at - 14) : at]
            field = bool(_FIELD.search(head))
            field = field or bool(_LISTED.search(text[max(0, at - 80) : at]))
            inside_word = (text[max(0, at - 1) : at + 1] in chinese_words() or text[at] in _DOUBTFUL) and not field
            left = -6.0 if _LEFT.search(head) and not inside_word else -1.5 if _WEAK_LEFT.search(head) else 0.0
        yield total, cost + (MARGIN if total > size + 1 else MARGIN_SHORT) + _bonus(text, at, at + total, field, left)
    if _is_addressed(text, at, at + size):
        yield size, 6.0


def _is_addressed(text: str, at: int, stop: int) -> bool:
    """Whether a surname with a title (王老师) is all that is said of a name here."""
    title = _TITLE_AFTER.match(text, stop)
    if not title or (title[0] in {"总", "工", "董"} and not _AFTER_SHORT_TITLE.match(text, title.end())):
        return False
    is_word = chinese_words().get(text[at : stop + 1], 99.0) <= 12
    return not is_word and bool(_BEFORE_ADDRESSED.search(text[max(0, at - 4) : at]))


def _bonus(text: str, at: int, stop: int, field: bool, left: float) -> float:
    """What the surroundings take off a name's cost, or add to it."""
    if field:
        alone = (
            not re.match(r"[一-鿿]", text[stop : stop + 1])
            or bool(_TITLE_AFTER.match(text, stop))
            or bool(_RIGHT.match(text, stop))
        )
        return -14.0 if alone else -6.0
    if _PUBLIC_SUFFIX.match(text, stop) and not _TITLE_AFTER.match(text, stop):
        return 11.0
    bonus = 0.0
    if _TITLE_AFTER.match(text, stop):
        bonus -= 9.0
    elif _RIGHT.match(text, stop):
        bonus -= 7.5
    elif _WEAK_RIGHT.match(text, stop):
        bonus -= 1.5
    bonus += left
    if re.match(r"[:：]", text[stop : stop + 1]) and _SPEECH.search(text[max(0, at - 34) : at]):
        bonus -= 3.0
    return bonus
