"""Foreign names written in Chinese with a dot between their parts, told from the text by the characters of their sounds."""

import re
from collections.abc import Iterator

from .beside_names_zh import NOT_GIVEN, TITLE_AFTER
from .finding import Span
from .gazetteers import chinese_words

DOTTED = re.compile(r"(?:(?![和与及])[一-鿿]){1,12}(?:[·•](?:(?![和与及])[一-鿿]){1,12})+")
_SOUNDS = frozenset(
    "不得阿艾埃安昂奥巴白拜班邦保鲍贝本比彼边宾波玻伯勃博卜布蔡查昌茨慈达大戴丹道德登邓狄迪蒂丁东杜顿多朵俄厄恩尔法凡范方芳菲费芬丰冯佛夫弗福盖甘冈戈哥格葛根贡古果哈海罕翰汉豪赫黑亨洪胡华怀惠霍基吉季加贾简姜杰捷金京久居喀卡开凯坎"
    "康考柯科可克肯库夸昆拉莱赖兰朗劳勒雷黎里利莉丽连良列烈林琳龙隆卢鲁路露伦罗洛吕玛迈麦满曼芒毛梅门蒙孟米密缅敏明莫墨姆穆木拿娜纳乃奈南内嫩妮尼宁牛纽农努诺欧帕潘庞佩彭皮平珀泼普齐契奇钱乔切琴青屈曲热仁日容茹儒瑞若撒萨塞赛桑瑟森沙"
    "山尚舍申圣盛施什史士舒斯丝松苏索塔泰坦汤唐陶特滕提田铁廷亭图吐托脱瓦万汪旺威韦维委魏温文沃乌吾武西希悉锡夏香肖辛欣兴雄休修逊雅亚延扬耶叶伊衣依因英尤于裕宰赞泽扎詹珍芝治朱兹佐马买合江孜依曼甫汗迦荷瓜黛缇妲珊珂琪翁约丘彼敦额兹娅亞婭莎蕾碧芙薇蓓茜霏宾呼勒其札伽娃波才让卓尕措央嘎珠堆顿吾甫祖农提热夏依拜都玉努孜别克奴哈桑亚森江"
)


def transliterated(spelled: str, at: int) -> Iterator[Span]:
    """A foreign name with its dot (列奥纳多·达·芬奇, 古丽娜尔·艾合买提), which no list knows: as far as its characters are
    those that foreign sounds are written with, and no word of a saying begins."""
    parts = re.split(r"[·•]", spelled)
    if len(parts) > 4 or not all(1 <= len(part) <= 7 for part in parts[1:-1]):
        return
    words, last, first = chinese_words(), parts[-1], parts[0]
    stop = 0
    while stop < min(len(last), 7) and (last[stop] in _SOUNDS or (stop < 2 and last[stop] not in NOT_GIVEN)):
        said = last[stop : stop + 2]
        if stop and (said in _SAID or TITLE_AFTER.match(last, stop)):
            break
        if stop >= 2 and len(said) == 2 and words.get(said, 99.0) < 9.6:
            break
        stop += 1
    begin = len(first)
    while begin and len(first) - begin < 7 and first[begin - 1] in _SOUNDS:
        begin -= 1
    while begin < len(first) - 1 and first[max(0, begin - 1) : begin + 1] in _LED and begin:
        begin += 1
    if stop and begin < len(first):
        yield Span("person", at + begin, at + len(spelled) - len(last) + stop)


_SAID = frozenset({
    "提出", "提到", "提供", "提前", "提议", "提醒", "提问", "提高", "开始", "开创", "开发", "明确", "明白", "因为", "因此", "于是", "可以", "可能", "大学", "奖金", "基金", "马上", "买了",
    "发现", "发明", "指出", "曾经", "达到", "达成", "保持", "保证", "本人", "本来", "比较", "加入", "加强", "道歉", "平时", "曾任", "来自", "金奖", "图书", "方程", "卡片", "里面", "于一"
})  # fmt: skip
_LED = frozenset({"同布", "兴奋", "家约", "大约"})
