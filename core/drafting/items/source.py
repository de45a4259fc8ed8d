"""What questions are made from: the facts and sentences of all lessons, and which of them stand near to each other."""

import random
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

from ...course.quiz import Item
from ...notes.language import language_of, size
from ...notes.words import content_words, is_function_word
from ...notes.words import words as stems
from ..aims import CourseMaterial, LessonMaterial, section_of
from ..facts import Fact
from ..statements import CLAUSE_NUMBER, Statement
from .words import WORDS, QuestionWords

_FILE = re.compile(r"^[\w./-]*\w\.(?:md|txt|pdf|docx?|png|jpe?g|csv|html?|ipynb|pptx?)$", re.IGNORECASE)
_PERSONAL = re.compile(r"(?<![\w'’])(?:I|I['’]m|I['’]ve|my|me|mine)(?![\w'’])|我(?!们|国)|咱", re.IGNORECASE)
_POINTS = re.compile(
    r"\b(?:this|that|these|those) (?:one|way|time|case|example|figure|table|page|section|chapter|is why|means)\b|\b(?:above|below|following|as follows)\b|"
    r"如下|下面|上面|上述|下图|上图|下表|如图|本[节章文书]|前面|后面|这[里样些个种一]|那[里样些个种]|该[^死]",
    re.IGNORECASE,
)
_ENDS = re.compile(r"(?:[：:]|[，,；;])\s*$")


@dataclass(frozen=True)
class Draft:
    """A question that a form made.

    Attributes:
        item: with the right answers first where there are options to choose from; `Source` puts them in places.
        statement: the sentence that answers it.
        wrong: wrong answers to choose from, best first; the item's own options hold the right ones only.
    """

    item: Item
    statement: Statement
    wrong: tuple[str, ...] = ()


@dataclass
class Source:
    """The course as questions see it.

    Attributes:
        order: for what is chosen by chance; the same lesson gets the same.
    """

    course: CourseMaterial
    material: LessonMaterial
    order: random.Random = field(default_factory=random.Random)

    @property
    def words(self) -> QuestionWords:
        """The words questions are asked in."""
        return WORDS[self.course.language]

    @property
    def chinese(self) -> bool:
        """Whether the course is in Chinese."""
        return self.course.language == "zh"

    @cached_property
    def speakers(self) -> set[str]:
        """Labels that come again and again before all sorts of sentences: people in a chat, `Q:` and `A:`."""
        counts = Counter(fact.key for other in self.course.lessons for fact in other.facts if fact.labelled)
        return {key for key, count in counts.items() if count >= 3}

    def nameable(self, fact: Fact) -> bool:
        """Whether a fact's term can be asked for: no file, nobody who speaks, in the language of the course."""
        if fact.kind in ("section", "number"):
            return True
        if fact.kind == "code":
            return not _FILE.match(fact.term)
        if fact.key in self.speakers or _FILE.match(fact.term) or len(fact.term) > 40:
            return False
        return self.chinese or not re.search(r"[㐀-鿿]", fact.term)

    def said(self, statement: Statement) -> str:
        """A statement as a sentence of its own, without marks, clause number and the colon it leads on with."""
        plain = CLAUSE_NUMBER.sub("", statement.plain)
        if _ENDS.search(plain):
            plain = _ENDS.sub("。" if self.chinese else ".", plain)
        return plain

    def stands_alone(self, statement: Statement) -> bool:
        """Whether a sentence says something by itself, in the course's language, to anybody."""
        plain = statement.plain
        code = sum(len(piece) for piece in re.findall(r"`[^`]*`|\$[^$]*\$", plain))
        return (
            not (statement.leans or statement.aside or statement.leads)
            and 5 <= size(plain) <= 45
            and code < 0.5 * len(plain)
            and language_of(plain) == self.course.language
            and len(content_words(plain)) >= 3
            and not (_PERSONAL.search(plain) or _POINTS.search(plain) or "http" in plain or "|" in plain)
            and bool(re.search(r"[.。!！）)”\"]$", plain.rstrip("*_ ")))
            and plain.count("(") == plain.count(")")
            and plain.count("（") == plain.count("）")
        )

    def siblings(self, fact: Fact, fits: Callable[[Fact], bool]) -> list[Fact]:
        """Facts of other terms that fit, nearest first: same section, same lesson, lessons that speak of the same."""
        here = self._place
        subject = set(content_words(fact.statement.plain)) | set(content_words(fact.meaning))
        found: list[tuple[float, int, Fact]] = []
        for place, other in enumerate(self.course.lessons):
            for each in other.facts:
                if fits(each) and self.nameable(each) and not same_thing(fact, each):
                    shared = len(subject & set(content_words(each.statement.plain)))
                    same_section = other is self.material and section_of(each.statement, other) == self._section(fact)
                    near = 2.0 * same_section + 1.5 * (other is self.material) - 0.15 * min(8, abs(place - here))
                    near += 0.4 * min(shared, 4) + 0.5 * (each.kind == fact.kind)
                    found.append((-near, len(found), each))
        return [each for _, _, each in sorted(found, key=lambda one: one[:2])]

    def _section(self, fact: Fact) -> str:
        return section_of(fact.statement, self.material)

    @cached_property
    def _place(self) -> int:
        return next((place for place, one in enumerate(self.course.lessons) if one is self.material), 0)

    @cached_property
    def _sentences(self) -> list[set[str]]:
        return [set(content_words(one.plain)) for other in self.course.lessons for one in other.statements]

    def is_said(self, sentence: str) -> bool:
        """Whether some sentence of the notes says nearly that, so that it may be true."""
        claimed = {word for word in content_words(sentence) if not is_function_word(word)}
        return any(len(claimed & said) >= 0.9 * len(claimed) for said in self._sentences) if claimed else True

    def together(self, one: str, other: str) -> bool:
        """Whether a sentence of the notes names both as one thing: `a, also called b`, `a (b)`, `a 又称 b`."""
        pair = rf"{re.escape(one)}\W{{0,3}}(?:\(|（|or |also|又称|也叫|即|或称?|简称)\W{{0,3}}(?:called |known as )?{re.escape(other)}"
        back = rf"{re.escape(other)}\W{{0,3}}(?:\(|（|or |also|又称|也叫|即|或称?|简称)\W{{0,3}}(?:called |known as )?{re.escape(one)}"
        return self.course.lexicon.count(one) > 0 and any(
            re.search(pair, said.plain, re.IGNORECASE) or re.search(back, said.plain, re.IGNORECASE)
            for lesson in self.course.lessons
            for said in lesson.statements
            if one.lower() in said.plain.lower()
        )


def same_thing(one: Fact, other: Fact) -> bool:
    """Whether two terms name the same or one contains the other, which would make two right answers."""
    left, right = one.key.lower(), other.key.lower()
    return left in right or right in left or stems(left) == stems(right)


def whole(term: str, chinese: bool) -> str:
    """A pattern for a term that is no part of a longer word."""
    return re.escape(term) if chinese or "`" in term else rf"(?<![\w-]){re.escape(term)}(?![\w-])"


def sentence_case(text: str) -> str:
    """With a capital in front."""
    return text[:1].upper() + text[1:] if text[:1].isalpha() else text
