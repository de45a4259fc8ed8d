"""Objectives' words: verbs of the revised taxonomy with their level, and the phrases that begin with them.

Anderson & Krathwohl (2001), "A Taxonomy for Learning, Teaching, and Assessing": 1 remember, 2 understand, 3 apply,
4 analyse, 5 evaluate, 6 create.
"""

import re
from dataclasses import dataclass
from typing import Literal

from ..notes.language import Language

AimType = Literal[
    "define", "term", "label", "use", "does", "code", "steps", "howto", "reason", "contrast", "members", "calculate",
    "decide", "figures", "question", "section",
]  # fmt: skip

LEVELS: dict[AimType, int] = {
    "define": 2, "term": 2, "label": 2, "use": 3, "does": 2, "code": 2, "steps": 3, "howto": 2, "reason": 2, "contrast": 4,
    "members": 1, "calculate": 3, "decide": 5, "figures": 1, "question": 2, "section": 2,
}  # fmt: skip

PHRASES: dict[Language, dict[AimType, str]] = {
    "en": {
        "define": "Explain what {article}{term} {be}",
        "term": "Explain the term “{term}”",
        "label": "Describe “{term}”",
        "use": "Use `{term}` to {what}",
        "does": "Explain what `{term}` does",
        "code": "Explain what `{term}` is for",
        "steps": "Carry out the steps of “{term}” in order",
        "howto": "Explain how to {what}",
        "reason": "Explain why {what}",
        "contrast": "Distinguish {term} from {what}",
        "members": "List {what}",
        "calculate": "Calculate {article}{term}",
        "decide": "Decide when to use {term}",
        "figures": "State the figures given for “{term}”",
        "question": "Answer the question “{term}”",
        "section": "Describe the main points of “{term}”",
    },
    "zh": {
        "define": "解释什么是{term}",
        "term": "解释术语“{term}”的含义",
        "label": "说明“{term}”的内容",
        "use": "使用 `{term}` {what}",
        "does": "说明 `{term}` 的作用",
        "code": "说明 `{term}` 的用途",
        "steps": "按步骤完成“{term}”",
        "howto": "说明如何{what}",
        "reason": "解释为什么{what}",
        "contrast": "区分{term}与{what}",
        "members": "说出{what}",
        "calculate": "计算{term}",
        "decide": "判断什么时候使用{term}",
        "figures": "说出“{term}”中给出的数字",
        "question": "回答问题“{term}”",
        "section": "概括“{term}”的要点",
    },
}
_ZH_VERB = r"能够|理解|了解|掌握|熟悉|解释|说明|说出|概括|回答|使用|运用|完成|区分|比较|列举|计算|判断|描述|识别|分析|评价|设计|应用|演示|选择|总结|归纳|阐述|定义|写出|实现|推导|证明|指出|列出|复述|配置|创建"


@dataclass(frozen=True)
class Wanted:
    """What an objective is about, before it is put into words: `term` and what else its phrase needs."""

    type: AimType
    term: str = ""
    what: str = ""
    article: str = ""
    be: str = "is"

    def phrase(self, language: Language) -> str:
        """The objective's words, the verb first."""
        article = f"{self.article} " if self.article else ""
        return PHRASES[language][self.type].format(term=self.term, what=self.what, article=article, be=self.be)


def verb_of(text: str, language: Language) -> str:
    """The verb that an objective begins with: its first word; in Chinese the first verb known, else two characters."""
    if language == "zh" and re.match(r"[一-鿿]", text):
        found = re.match(rf"(?:按步骤)?({_ZH_VERB})", text)
        return found[1] if found else text[:2]
    return text.split()[0].lower() if text.split() else ""
