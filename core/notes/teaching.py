"""Which parts of notes teach: not agendas, contacts, bylines, cues for the speaker, lists of links, or orders to a model.

A sentence that speaks of the notes, the class or the author and not of the subject is an *aside*; a passage of nothing
else teaches nothing. Both are judged by their own words, so that every room gets the same answer.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable

from .checking import instructions
from .language import Language, language_of, size
from .passages import Passage
from .sentences import sentences

_CLASS = {
    "en": re.compile(
        r"\b(?:as we (?:saw|have seen|said)|(?:see|in) (?:the )?(?:next|previous|following|last) (?:section|episode|chapter|lesson|exercise|file)|later (?:in|on)|"
        r"we(?:'|’)?ll (?:see|come back|return|discuss|learn|start)|we will (?:see|come back|discuss)|^to[- ]?do\b|TODO|FIXME|exercise|check out|check this|next (?:week|time|meeting|lecture|class)|"
        r"for a refresher|^see\b|see (?:also )?`?[\w-]+\.(?:md|txt)|^note to self|in this (?:lecture|lesson|chapter|section|episode|handout)\b.{0,30}\b(?:we|you)(?:'|’| )(?:ll|will))",
        re.IGNORECASE,
    ),
    "zh": re.compile(
        r"(?:本节|本章|上一节|下一节|前一节|后面的章节|后续章节|在.{0,6}节中|前面.{0,6}(?:提到|介绍|讨论)|稍后|我们鼓励|待补|待拍|待查|待写|TODO|练习|同学们|必考|[见看] ?`?[\w-]+\.(?:md|txt)|^[（(]略[）)])"
    ),
}
"""Words about the notes and the class."""
_CUE = re.compile(
    r"^\W*(?:welcome (?:them|everyone|all|the|to the)|remind (?:them|the|students|everyone|about)|thank (?:them|you|the)|thanks\b|good (?:morning|afternoon|evening)|morning\b|hello\b|hi\b|"
    r"(?:ask|tell|show) (?:them|the (?:class|students|group|audience|story|video|slide))|ask[:：]|hand (?:out|round)|pass (?:a|the|it|them)? ?round|pause (?:here|for)|click (?:on to|through|to the next)|"
    r"next slide|any questions|questions\?|please (?:reply|respond|send|bring|return|sign)|don(?:'|’)t forget to bring|call .{2,40} if the\b)|"
    r"^\W*(?:大家好|同学们好|老师好|各位(?:同学|老师|好)|收到|好的|谢谢|辛苦了|早上好|晚上好|提醒(?:学生|大家|同学)|欢迎(?:大家|同学)|(?:问|告诉|请)(?:学生|同学|大家)|板书[:：]|播放(?:视频|录像)|翻页|发讲义|点名)|"
    r"(?:明天|下周|下次|周[一二三四五六日]).{0,24}(?:记得|别忘|带上|交作业|上课|开会)|(?:记得|别忘了?)(?:带|交|提醒)|没交作业",
    re.IGNORECASE,
)
_EMAIL = r"[\w.+-]+@[\w-]+\.\w+"
_PHONE = r"(?:\+?\d[\d ()\u2013-]{6,}\d)"
_CONTACT = re.compile(
    rf"^\W*(?:{_EMAIL}|{_PHONE}|https?://\S+)\W*$|\b(?:tel|phone|mobile|fax|e-?mail|contact|call|ring|reach|write|mail|questions?|whatsapp|wechat|office)\b[^`]{{0,60}}(?:{_EMAIL}|{_PHONE})|"
    rf"(?:电话|手机|邮箱|邮件|微信|联系人|联络人|聯絡人|連絡先|联系方式|身份证|身分證|学号|收件人|快递地址|地址：|家住)[^`]{{0,40}}(?:{_EMAIL}|[\d*-]{{5,}})|"
    r"\b(?:IBAN|SSN|password|passcode)\b.{0,40}\d|密码[:：是].{0,30}\w{4}|加我微信",
    re.IGNORECASE,
)
_BYLINE = re.compile(
    r"^\W*(?:by [A-Z][\w.'’-]+(?: [A-Z][\w.'’-]+){0,3}(?:,? (?:on )?\d.*)?|(?:author|authors|lecturer|instructor|teacher|student|presenter|presented by|written by|edited by|prepared by|compiled by|"
    r"date|version|last (?:updated|modified|edited)|updated|present|attendees|attending|apologies|minutes|chair|copyright|source)\s*[:：].*|(?:\d{1,2} \w+,? )?present: .*|"
    r"©.*|all rights reserved.*|(?:作者|编者|编辑|撰文|整理|主讲|主讲人|授课教师|任课教师|讲师|学生|日期|时间|地点|版本|更新|与会|与会人员|出席|参会|参会人员|缺席|记录|记录人|主持|主持人|版权|来源)[:：].*)$",
    re.IGNORECASE,
)
_NO_SUBJECT = re.compile(
    r"(?:(?:useful |further |more |external |web )?links|references|bibliography|works cited|further reading|sources? and credits|credits|acknowledge?ments?|about (?:the )?(?:author|me|us)|"
    r"contacts?(?: (?:details|us|me|information))?|agenda|attendees|to[- ]?dos?(?: list)?|action items?|open questions|next meeting|homework|assignments?|exercises|practice (?:questions|problems)|"
    r"table of contents|contents|changelog|speaker notes|"
    r"参考(?:文献|资料|书目)?|相关链接|链接|延伸阅读|扩展阅读|额外阅读|拓展阅读|推荐阅读|致谢|鸣谢|关于作者|作者简介|联系方式|联系我们|联系|议程|会议议程|待办(?:事项)?|待解决(?:的)?问题|作业|课后作业|习题|课后习题|练习|练习题|思考题|目录|讨论|更新日志)\W*",
    re.IGNORECASE,
)
"""Headings above what is no lesson; the whole heading, a number before it apart."""
_HEADING_NUMBER = re.compile(r"^(?:\d+(?:\.\d+)*[.、．)]?\s+|[一二三四五六七八九十]+、\s*)")
_REGISTER = re.compile(
    r"\b(?:phone|mobile|e-?mail|telephone|student (?:id|no|number))\b|电话|手机|邮箱|学号|身份证|联系方式",
    re.IGNORECASE,
)
"""Columns of a list of people."""
_SPEAKER = re.compile(r"^\s*(?:(?P<mark>\*\*)(?P<name>[^*\n]{1,40}?)[:：](?P=mark)|(?P<shout>[A-Z]{3,20}):)\s+(?=\S)")
_CHECKBOX = re.compile(r"^\s*[-*+]\s+\[[ xX]\]")
_ITEM = re.compile(r"^\s*(?:[-*+]|\d+[.)])\s+")
_LINK_ONLY = re.compile(r"^\W*(?:\[[^\]]*\]\([^)]*\)|<?https?://\S+>?|\[\[[^\]]+\]\])\W*$")


def teaches(passage: Passage) -> bool:
    """Whether a learner gains anything of the subject from a passage: a heading's lesson, a block, or one real sentence."""
    if any(_is_no_subject(title) for title in (*passage.headings, passage.title) if title):
        return False
    if passage.kind in {"heading", "code", "math", "figure"}:
        return True
    if passage.kind == "table":
        return not _REGISTER.search(passage.text.split("\n", 1)[0])
    language = language_of(passage.text)
    if passage.kind == "list":
        items = [line for line in passage.text.split("\n") if _ITEM.match(line)]
        return any(_item_teaches(line, language) for line in items)
    text = re.sub(r"^\s*>\s?", "", passage.text, flags=re.MULTILINE) if passage.kind == "quote" else passage.text
    said = sentences(Passage("paragraph", text, passage.file, passage.first, passage.last))
    able = [one for one in said if not is_aside(one.text, language)]
    if passage.kind == "quote" and re.match(r"\W*(?:Notes|备注)[:：]", text):
        return len(able) > len(said) / 2  # what was meant for the speaker, shown as it stands
    return bool(able)


def is_aside(text: str, language: Language) -> bool:
    """Whether a sentence speaks of the notes, the class, the author or the reader's machine and not of the subject.

    Questions count as asides, as does what is too short to say anything and what reads like an order to a model.
    """
    bare = without_speaker(text).strip().strip("*_ ")
    too_short = size(bare) < 3 and not bare.endswith((":", "："))  # "Uses:" leads into a list
    if bare.endswith(("?", "？")) or too_short or _LINK_ONLY.match(bare):
        return True
    unquoted = re.sub(r"`[^`]*`", " ", bare)
    patterns = (_CLASS[language], _CUE, _CONTACT, _BYLINE)
    return any(pattern.search(unquoted) for pattern in patterns) or bool(instructions(bare))


def without_speaker(text: str, known: Collection[str] = ()) -> str:
    """What is said in a message or a subtitle, without the name of who says it (`**Ann Lee:** …`, `TEACHER: …`)."""
    match = _SPEAKER.match(text)
    if not match:
        return text
    name = _name_in(match)
    return text[match.end() :] if name in known or match["shout"] or _is_person(name) else text


def speakers(passages: Iterable[Passage]) -> frozenset[str]:
    """Who speaks in a chat: labels in bold that open several paragraphs of a file, and those that name a person.

    A term that is explained behind its label is labelled once.
    """
    counts = Counter(
        (one.file, _name_in(match))
        for one in passages
        if one.kind == "paragraph" and (match := _SPEAKER.match(one.text))
    )
    return frozenset(name for (_, name), count in counts.items() if count > 1 or _is_person(name))


def _name_in(match: re.Match[str]) -> str:
    return str(match["name"] or match["shout"]).strip()


def _is_person(name: str) -> bool:
    """Whether a label names a person, as the finder of private data knows them."""
    from .privacy.recognition import find

    return any(one.kind == "person" for one in find(f"{name}: "))


def _is_no_subject(title: str) -> bool:
    return _NO_SUBJECT.fullmatch(_HEADING_NUMBER.sub("", title).strip()) is not None


def _item_teaches(line: str, language: Language) -> bool:
    text = _ITEM.sub("", line)
    if _CHECKBOX.match(line) or _LINK_ONLY.match(text):
        return False
    asides = (_CUE, _CONTACT, _BYLINE)
    return not (any(pattern.search(text) for pattern in asides) or instructions(text))
