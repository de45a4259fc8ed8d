"""Condensing: a sentence of the notes in fewer of its own words, so that a lesson reads tighter and says the same.

Only what says nothing goes: openers that speak of the text, padded phrases, brackets that add no name, number or code.
Code, formulas and links are never touched, and what comes out has to be carried by what went in.
"""

import re
from functools import lru_cache

from ..notes.language import Language, size
from ..notes.support import CARRIED, support

_OPENERS = {
    "en": re.compile(
        r"^(?:(?:please )?note(?:,)? that|(?:please |do )?(?:keep|bear) in mind(?:,)? that|(?:please )?remember(?:,)? that|"
        r"it (?:is|should be|must be) (?:also )?(?:worth (?:noting|mentioning|remembering)|noted|important to (?:note|remember|understand)|"
        r"interesting to note|clear|obvious|well known)(?:,)? that|it turns out that|as (?:you|we) (?:can|will|may) (?:see|imagine|guess|know),|"
        r"as (?:mentioned|noted|said|discussed|shown|described|explained)(?: (?:above|before|earlier|previously))?,|"
        r"(?:you|we) (?:can|will) (?:see|notice|observe) that|what this means is that|the (?:fact|truth|point|thing) is that|"
        r"(?:of course|obviously|clearly|basically|actually|essentially|needless to say|interestingly|fortunately|luckily|first of all|to begin with|"
        r"in other words|as a matter of fact|generally speaking|well|okay|ok|so|now),)\s+(?=\S)",
        re.IGNORECASE,
    ),
    "zh": re.compile(
        r"^(?:(?:这里|在此|另外|同时)?(?:需要|值得|应当|应该|必须|请)?(?:注意|指出|一提|强调|说明)的?是[，,：:]?|请?注意[，,：:]|值得注意的是[，,]|"
        r"(?:我们|大家|你)?(?:可以|能够|不难|容易)(?:看到|看出|发现|想到|注意到)[，,：:]?|(?:正如|如)(?:前面|前文|上文|上面)?(?:所述|提到的|所说)[，,]|"
        r"(?:众所周知|显然|很显然|毫无疑问|毋庸置疑|当然|总的来说|总而言之|简单来说|简而言之|简单地说|回想一下|我们知道|不用说|事实上|实际上)[，,])(?=\S)"
    ),
}
_PADDED = {
    "en": [
        (re.compile(rf"\b{long}\b", re.IGNORECASE), short)
        for long, short in (
            ("in order to", "to"),
            ("so as to", "to"),
            ("due to the fact that", "because"),
            ("because of the fact that", "because"),
            ("in spite of the fact that", "although"),
            ("despite the fact that", "although"),
            ("in the event that", "if"),
            ("at this point in time", "now"),
            ("at the present time", "now"),
            ("for the purpose of", "for"),
            ("with the exception of", "except"),
            ("in the vicinity of", "near"),
            ("in close proximity to", "near"),
            ("has the ability to", "can"),
            ("have the ability to", "can"),
            ("is able to", "can"),
            ("are able to", "can"),
            ("a large number of", "many"),
            ("the majority of", "most of"),
            ("on a regular basis", "regularly"),
            ("each and every", "every"),
            ("as well as", "and"),
            ("whether or not", "whether"),
            ("make use of", "use"),
            ("makes use of", "uses"),
            ("prior to", "before"),
            ("subsequent to", "after"),
        )
    ],
    "zh": [
        (re.compile(long), short)
        for long, short in (
            ("的时候", "时"),
            ("能够(?!为)", "能"),
            ("可以用来", "可用来"),
            ("(?<![不])可以被用(?:来|于)", "可用于"),
            ("之所以([^，。；]{2,20})，?是因为", r"\1，是因为"),
            ("的(?:一)?个过程", "的过程"),
            ("如果([^，。；]{2,20})的话", r"如果\1"),
            ("非常(?=[\u4e00-\u9fff])", "很"),
            ("通过使用", "用"),
            (
                "(?:来|去)?进行(?=(?:计算|训练|测试|预测|分类|比较|分析|处理|调整|优化|更新|学习|操作|检查|实验|讨论|观察|测量)[，。；和、])",
                "",
            ),
        )
    ],
}
_BRACKET = {
    "en": re.compile(
        r" \((?!(?:if|unless|when|where|or|not|no|only|also|which|called|known|except|provided|at least|at most)\b)"
        r"(?![^()]*[\d`$A-Z*_\"“])(?=[^()]* )[^()]{8,120}\)(?=[\s.,;:!?])"
    ),
    "zh": re.compile(
        r"（(?!如果|若|当|除|简称|又|即|也|或|其|只|不|非|仅|但|假)(?![^（）]*[\dA-Za-z`$*“「])[^（）]{5,60}）"
    ),
}
_KEPT_WHOLE = re.compile(r"(`[^`]*`|\$[^$]*\$|\[[^\[\]]*\]\([^)]*\)|\"[^\"]*\"|“[^”]*”|「[^」]*」)")


@lru_cache(maxsize=8192)
def condensed(text: str, language: Language) -> str:
    """The sentence in fewer words, or as it is where nothing can go or what is left would say something else."""
    opener = _OPENERS[language].match(text)
    short = text[opener.end() :] if opener else text
    parts = _KEPT_WHOLE.split(short)
    for number in range(0, len(parts), 2):
        for long, brief in _PADDED[language]:
            parts[number] = long.sub(brief, parts[number])
    short = _BRACKET[language].sub("", "".join(parts))
    if short == text:
        return text
    short = short[:1].upper() + short[1:] if text[:1].isupper() else short
    if size(short) < 4 or not short.strip() or support(short, [text]) < CARRIED:
        return text
    return short
