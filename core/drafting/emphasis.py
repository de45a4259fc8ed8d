"""Emphasis: what a brief asks of selection, which every model can follow since it only chooses among the notes' sentences."""

import re
from dataclasses import dataclass

from ..notes.words import content_words
from .brief import Brief

_SHORTER = re.compile(
    r"\b(?:short(?:er)?|brief(?:er|ly)?|concise|condense|tight(?:er)?|fewer words|cut)\b|简短|更短|精简|压缩|简洁|短一",
    re.I,
)
_LONGER = re.compile(
    r"\b(?:longer|more detail(?:ed|s)?|in (?:more )?depth|elaborate|expand|fuller)\b|详细|更长|展开|深入|扩充", re.I
)
_EXAMPLES = re.compile(r"\bexamples?\b|\billustrat|例子|举例|实例|案例", re.I)
_PLAINER = re.compile(r"\b(?:simpl(?:e|er|y|ify)|easier|plain(?:er)?|beginners?)\b|简单|通俗|易懂|浅", re.I)
_FIGURES = re.compile(
    r"\b(?:numbers?|figures|data|formal|formulas?|rigou?r(?:ous)?|technical)\b|数字|数据|公式|严谨|技术", re.I
)
_TECHNICAL = re.compile(r"`[^`]+`|\$[^$]+\$|\d")
_SAYS_WHAT = re.compile(r"\b(?:is|are|means|called|refers to)\b|是指|指的是|称为|叫做|就是|也就是说|意思是")


@dataclass(frozen=True)
class Emphasis:
    """Weights of selection.

    Attributes:
        share: the words kept of what the notes say, relative to the usual share.
        examples: what an example is worth more.
        technical: what a sentence with code, a formula or a figure is worth more.
        basic: what a sentence that says what something is is worth more; long sentences lose as much.
        subjects: content words of the audience and the instruction; a sentence that has some is worth more.
        version: which redo this is; another one chooses otherwise.
    """

    share: float = 1.0
    examples: float = 0.0
    technical: float = 0.0
    basic: float = 0.0
    subjects: frozenset[str] = frozenset()
    version: int = 0

    @classmethod
    def of(cls, brief: Brief) -> "Emphasis":
        """What the audience, its level and the author's instruction ask for."""
        asked, grade = brief.instruction, brief.grade
        plainer = grade == "beginner" or bool(_PLAINER.search(asked))
        deeper = grade == "advanced" or bool(_FIGURES.search(asked))
        return cls(
            share=(0.75 if _SHORTER.search(asked) else 1.3 if _LONGER.search(asked) else 1.0)
            * {"beginner": 1.1, "advanced": 0.9}.get(grade, 1.0),
            examples=1.5 * bool(_EXAMPLES.search(asked)) + 0.4 * plainer - 0.4 * (grade == "advanced"),
            technical=0.9 * deeper - 0.6 * plainer,
            basic=0.8 * plainer - 0.6 * (grade == "advanced"),
            subjects=frozenset(content_words(f"{brief.audience} {asked}")),
            version=brief.version,
        )

    def weight(self, plain: str) -> float:
        """What a sentence gains or loses."""
        long = len(plain) > (70 if re.search(r"[一-鿿]", plain) else 160)
        return (
            self.technical * bool(_TECHNICAL.search(plain))
            + self.basic * (bool(_SAYS_WHAT.search(plain)) - long)
            + 0.3 * min(len(self.subjects & set(content_words(plain))), 2)
        )
