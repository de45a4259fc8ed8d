"""What questions are made from: the facts and sentences of all lessons, and which of them stand near to each other."""

import random
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from ...course.quiz import Item
from ...notes.language import language_of, size
from ...notes.sentences import sentence_spans
from ...notes.words import STOPWORDS, content_words
from ...notes.words import words as stems
from ..aims import CourseMaterial, LessonMaterial, section_of
from ..facts import Fact
from ..statements import CLAUSE_NUMBER, Statement, leans
from .words import WORDS, QuestionWords

_FILE = re.compile(r"^[\w./-]*\w\.(?:md|txt|pdf|docx?|png|jpe?g|csv|html?|ipynb|pptx?)$", re.IGNORECASE)
_PERSONAL = re.compile(r"(?<![\w'’])(?:I|I['’]m|I['’]ve|my|me|mine)(?![\w'’])|我(?!们|国)|咱", re.IGNORECASE)
_POINTS = re.compile(
    r"\b(?:this|these|those|such an?|here|the (?:former|latter|above))\b|\b(?:of|in|with|to|for|by|from|at|on|use|see|like) that\b(?! \w+ \w*s\b)|"
    r"\b(?:above|below|following|as follows|likewise)\b(?! \w)|\b(?:now|again|let['’]s|we['’]ll|we will|as you can see|remember|click|first of all)\b|"
    r"如下|下面|上面|上述|下图|上图|下表|如图|本[节章文书]|前面|后面|(?<![㐀-鿿])这|[在把对由从以用使让于和与是]这|那[里样些个种]|该[^死]|我们|现在|接下来|^(?:如(?![果何今])|之[后前]|随后|此时|那么|有时)|^.{0,5}[它其](?!实|他)|[㐀-鿿] +[㐀-鿿]",
    re.IGNORECASE,
)
"""What points outside the sentence, or at the moment of the class; a last resort."""
_POINTS_OUT = re.compile(
    r"\b[㐀-鿿] +[㐀-鿿]|(?:above|below|following|as follows) *[:.]|\b(?:this|that) (?:page|section|chapter|figure|table|lesson)\b|如下|下图|上图|下表|如图|本[节章文书]|前面|后面",
    re.IGNORECASE,
)
_OPENERS = re.compile(
    r"^(?:note(?: that|:)|whoops[:!,]|oops[:!,]|further,|moreover,|recall that|remember that|fortunately,|luckily,|in fact,|of course,|as we (?:saw|know),|first of all,|well,|so,|okay,|as (?:you|we) (?:might|can|may|could) [^,]{3,40},|as its name (?:says|suggests|implies),|by default,) +|"
    r"^(?:请?注意|回顾一下|回想一下|幸运的是|值得注意的是|值得一提的是|需要注意的是|首先|其实|事实上|实际上|当然|显然|众所周知|一般来说|接下来)[，,：:]\s*",
    re.IGNORECASE,
)
"""What a sentence opens with for the flow of the text and can do without."""
_NAMES_TWO = re.compile(r"[(（]|\b(?:also|or|called)\b|又|或|即|也叫|简称")
_ALSO = re.compile(
    r"\W{0,3}(?:\(|（|or |also |又称|也叫|即|或称?|简称|也?称为)\W{0,3}(?:called |known as )?\W{0,2}(?:[a-z ,-]{2,40}）[、，或]{1,2})?"
)
GLOSS = re.compile(r"^\*{0,2}[”」]?\s?(?:（(?P<wide>[A-Za-z][^（）]{1,60})）|\((?P<half>[A-Za-z][^()]{1,60})\))")
"""The name in brackets behind a term."""
_OTHER_NAMES = {
    "en": (
        r"TERM,? (?:is )?(?:\(|\bor |\b)?(?:also|sometimes|often)(?: called| known as| named)? (?:the |an? )?[\"“]?(?P<other>[A-Za-z0-9][\w'’-]*(?: [\w'’-]+){0,2}?)[\"”]?(?=[,.;:)]| is\b| are\b)",
        r"(?:^|\b(?:an?|the) |[,;] )TERM \((?:or |also |called |the )*[\"“]?(?P<other>[A-Za-z][\w'’-]*(?: [\w'’-]+){0,2})[\"”]?\)",
        r"(?P<other>\b[A-Z][\w'’-]*(?: [A-Z][\w'’-]+){0,2}),? (?:also|sometimes) (?:called|known as) (?:the |an? )?TERM",
        r"(?P<other>\b[A-Z][\w'’-]*(?: [A-Z][\w'’-]+){0,2}) \(TERM\)",
    ),
    "zh": (
        r"TERM(?:（[^（）]{1,60}）)?[，,]?(?:又称为?|也称为?|也叫做?|又叫做?|简称为?|或称|亦称|俗称)[“「]?(?P<other>[㐀-鿿A-Za-z-]{2,8}?)[”」]?(?=[，。；、）（,是])",
        r"TERM（(?:又称为?|也称为?|也叫做?|又叫做?|简称为?|亦称|俗称)(?P<other>[㐀-鿿]{2,8})）",
        r"(?:^|[。；“])(?P<other>[㐀-鿿]{2,8})(?:（[^（）]{1,30}）)?[，,]?(?:又称为?|也称为?|也叫做?|又叫做?|简称为?|亦称)[“「]?TERM",
    ),
}
_ENDS = re.compile(r"(?:[：:]|[，,；;])\s*$")


_BARE_VERBS = frozenset({
    "add", "allow", "throw", "apply", "avoid", "bake", "be", "begin", "boil", "bring", "build", "check", "choose", "click", "close", "commit",
    "compare", "consider", "cook", "copy", "count", "cover", "create", "cut", "delete", "divide", "do", "draw", "edit", "enter", "fill",
    "find", "fold", "get", "give", "go", "heat", "hold", "install", "keep", "knead", "leave", "let", "listen", "look", "make",
    "measure", "mix", "move", "note", "open", "pick", "pour", "preheat", "press", "pull", "push", "put", "read", "remember", "remove",
    "repeat", "replace", "rinse", "run", "save", "select", "set", "start", "stir", "store", "take", "think", "try", "turn", "type",
    "use", "verify", "wait", "warm", "wash", "watch", "weigh", "write",
})  # fmt: skip


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


class SaidBy:
    """All sentences of the notes by their words, to look up whether something is said."""

    def __init__(self, course: CourseMaterial) -> None:
        self._all = [one for lesson in course.lessons for one in lesson.statements]
        plains = [one.plain for one in self._all]
        self.naming = [plain.lower() for plain in plains if _NAMES_TWO.search(plain)]
        """The sentences in which one thing may get two names."""
        self.plains = [plain for plain in plains if _NAMES_TWO.search(plain)]
        self._words = [_words(plain) for plain in plains]
        self._having: dict[str, set[int]] = {}
        for place, words in enumerate(self._words):
            for word in words:
                self._having.setdefault(word, set()).add(place)
        counts = Counter(
            fact.term.lower() for one in course.lessons for fact in one.facts if fact.kind in ("definition", "term")
        )
        self.terms = [term for term in counts if len(term) > 2 and course.lexicon.count(term) >= 3]
        """What the notes define or stress and use again."""
        self.sentences: dict[tuple[int, str], str] = {}
        self.alone: dict[tuple[int, str, bool], bool] = {}
        """What was told of a statement already; statements live as long as the course."""
        self.falsified: dict[Statement, list[str]] = {}
        """What was made of a statement already, since several questions ask for it."""

    def times(self, statement: Statement) -> int:
        """How often the notes have a statement word for word."""
        return sum(one.plain == statement.plain for one in self._all)

    def covers(self, sentence: str, besides: Statement | None = None) -> bool:
        """Whether one sentence other than `besides` has nine tenths of the words of `sentence`, or it has none to compare."""
        claimed = set(content_words(sentence))
        if not claimed:
            return True
        rare = sorted(claimed, key=lambda word: (len(self._having.get(word, ())), word))
        may_miss = int(0.1 * len(claimed))
        able: set[int] = set().union(*(self._having.get(word, set()) for word in rare[: may_miss + 1]))
        return any(
            len(claimed & self._words[place]) >= 0.9 * len(claimed) for place in able if self._all[place] != besides
        )


@dataclass
class Source:
    """The course as questions see it.

    Attributes:
        order: for what is chosen by chance; the same lesson gets the same.
    """

    course: CourseMaterial
    material: LessonMaterial
    said_by: SaidBy
    order: random.Random = field(default_factory=random.Random)
    strict: bool = True
    """Whether only sentences count that point at nothing outside them; without it an objective may still get a question."""

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

    def said(self, statement: Statement, term: str = "") -> str:
        """A statement as a sentence of its own; see `_sentence`, which is asked once for each."""
        key = (id(statement), term)
        if key not in self.said_by.sentences:
            self.said_by.sentences[key] = self._sentence(statement, term)
        return self.said_by.sentences[key]

    def _sentence(self, statement: Statement, term: str) -> str:
        """A statement as a sentence of its own, without marks, clause number and the colon it leads on with.

        Of an item of a list that has several sentences it is the first that names the term and leans on none before it.
        """
        plain = sentence_case(_OPENERS.sub("", CLAUSE_NUMBER.sub("", statement.plain)))
        parts = [plain[start:end] for start, end in sentence_spans(plain)]
        if len(parts) > 1:
            able = [part for part in parts if size(part) >= 4 and term.lower() in part.lower()]
            plain = next((part for part in able if not leans(part, self.course.language)), plain)
        if _ENDS.search(plain):
            plain = _ENDS.sub("。" if self.chinese else ".", plain)
        return plain

    def stands_alone(self, statement: Statement, term: str = "") -> bool:
        """Whether a sentence says something by itself, in the course's language, to anybody."""
        key = (id(statement), term, self.strict)
        if key not in self.said_by.alone:
            self.said_by.alone[key] = self._is_whole(statement, term)
        return self.said_by.alone[key]

    def _is_whole(self, statement: Statement, term: str) -> bool:
        plain = self.said(statement, term)
        if not self.strict:
            return (
                not statement.aside
                and 4 <= size(plain) <= 60
                and len(content_words(plain)) >= 2
                and "http" not in plain
                and not re.search(r"[㐀-鿿] +[㐀-鿿]", plain)
            )
        code = sum(len(piece) for piece in re.findall(r"`[^`]*`|\$[^$]*\$", plain))
        return (
            not (statement.leans or statement.aside or statement.leads)
            and 5 <= size(plain) <= 45
            and code < 0.5 * len(plain)
            and language_of(plain) == self.course.language
            and len(content_words(plain)) >= 3
            and not (
                _PERSONAL.search(plain)
                or _POINTS.search(plain)
                or "http" in plain
                or "|" in plain
                or re.search(r"[(（][a1][)）]|①", plain)
            )
            and bool(re.search(r"[.。!！][）)”\"]?$", plain.rstrip("*_ ")))
            and not plain.startswith(("(", "（"))
            and plain.count("(") == plain.count(")")
            and plain.count("（") == plain.count("）")
        )

    def instructs(self, statement: Statement) -> bool:
        """Whether a sentence tells what to do and so is neither true nor false: it begins with a bare verb, or 请, 把."""
        said = self.said(statement)
        if self.chinese:
            return bool(re.match(r"(?:请|先|再|把|将|不要|别|勿|务必|取|加入|放入|打开|点击|选择|运行|输入)", said))
        said = re.sub(r"^(?:(?:To|If|When|Once|After|Before|While|By|For|On|In)\b[^,:]{2,80}[,:] )", "", said)
        verb = re.match(r"(?:Please |Then |Next, |Now |Do not |Don['’]t |Never |Always )?([A-Za-z]+)\b(?!,)", said)
        if verb and verb[1].lower() in _BARE_VERBS:
            return True
        verb = re.match(r"(?:Please |Then |Next, |Now )?([A-Z][a-z]+)\b(?!,)", self.said(statement))
        word = verb[1].lower() if verb else ""
        return bool(word) and word not in STOPWORDS and self.course.lexicon.count(f"to {word} ") >= 1

    def tells_mistakes(self, statement: Statement) -> bool:
        """Whether a statement stands in a list of errors, where what is written is not so."""
        heading = section_of(statement, self.material)
        return bool(
            re.search(
                r"mistake|error|pitfall|myth|misconception|wrong|don['’]?ts?\b|错误|误区|误解|易错|谬误",
                heading,
                re.IGNORECASE,
            )
        )

    def points(self, text: str) -> bool:
        """Whether a text points at something outside it."""
        return bool((_POINTS if self.strict else _POINTS_OUT).search(text))

    def siblings(self, fact: Fact, fits: Callable[[Fact], bool]) -> list[Fact]:
        """Facts of other terms that fit, nearest first: same section, same lesson, lessons that speak of the same."""
        here = self._place
        subject = _words(fact.statement.plain) | _words(fact.meaning)
        found: list[tuple[float, int, Fact]] = []
        for place, other in enumerate(self.course.lessons):
            if abs(place - here) > 1:
                continue  # what another part of the course tells of is ruled out at sight
            for each in other.facts:
                if fits(each) and self.nameable(each) and not same_thing(fact, each):
                    shared = len(subject & _words(each.statement.plain))
                    same_section = other is self.material and section_of(each.statement, other) == self._section(fact)
                    near = 2.0 * same_section + 1.5 * (other is self.material) - 0.15 * min(8, abs(place - here))
                    near += 0.4 * min(shared, 4) + 0.5 * (each.kind == fact.kind)
                    found.append((-near, len(found), each))
        return [each for _, _, each in sorted(found, key=lambda one: one[:2])]

    def nearest(
        self, fact: Fact, fits: Callable[[Fact], bool], alike: Callable[[Fact, Fact], bool] = lambda one, other: True
    ) -> list[Fact]:
        """Siblings of the lesson where it has two or more, else those of the lessons beside it that are alike as well."""
        found = self.siblings(fact, fits)
        own = [one for one in found if one in self.material.facts]
        return own if len({one.key for one in own}) >= 2 else [one for one in found if one in own or alike(fact, one)]

    def _section(self, fact: Fact) -> str:
        return section_of(fact.statement, self.material)

    @cached_property
    def _place(self) -> int:
        return next((place for place, one in enumerate(self.course.lessons) if one is self.material), 0)

    def named_in(self, statement: Statement) -> list[Fact]:
        """Terms of the course that a sentence uses once, as facts of the kind `term`."""
        plain = statement.plain
        found = []
        for term in self.said_by.terms:
            used = list(re.finditer(whole(term, self.chinese), plain, re.IGNORECASE))
            if len(used) == 1:
                found.append(Fact("term", used[0][0], statement))
        return [fact for fact in found if self.nameable(fact)]

    def worth(self, statement: Statement) -> float:
        """How much a sentence teaches, for choosing one to ask about: what it names counts, talk to the reader does not."""
        plain = self.said(statement)
        holds = sum(fact.statement == statement for fact in self.material.facts)
        worth = 0.5 * min(holds, 2)
        worth -= 0.5 * bool(re.search(r"\b(?:we|you|your|our)\b|[你您]", plain, re.IGNORECASE))
        worth -= 0.4 * bool(re.match(r"(?:If|When|While|Unless|Once|Since|Although)\b|如果|当|虽然", plain))
        return worth - 0.8 * self.instructs(statement)

    def is_said(self, sentence: str, besides: Statement | None = None) -> bool:
        """Whether some sentence of the notes, `besides` left out, says nearly that, so that it may be true."""
        return self.said_by.covers(sentence, besides)

    def also_called(self, term: str) -> list[str]:
        """The other names that the notes give a term: `X, also called Y`, `X (Y)`, `X is also Y`, `X 又称 Y`, and the other way round."""
        found: list[str] = []
        name = whole(term, self.chinese)
        for plain in self.said_by.plains:
            if term.lower() not in plain.lower():
                continue
            for pattern in _OTHER_NAMES[self.course.language]:
                for at in re.finditer(pattern.replace("TERM", name), plain, re.IGNORECASE):
                    other = re.sub(r"^(?:[Tt]he|[Aa]n?) ", "", at["other"].strip(' *_“”"'))
                    if re.search(r"[A-Za-z㐀-鿿]", other) and term.lower() not in other.lower():
                        found.append(other)
        return list(dict.fromkeys(found))[:4]

    def together(self, one: str, other: str) -> bool:
        """Whether a sentence of the notes names both as one thing: `a, also called b`, `a (b)`, `a 又称 b`."""
        left, right = one.lower(), other.lower()
        for said in self.said_by.naming:
            first, second = said.find(left), said.find(right)
            if first >= 0 and second >= 0:
                start, end = sorted(((first, first + len(left)), (second, second + len(right))))
                if _ALSO.fullmatch(said[start[1] : end[0]]):
                    return True
        return False


@lru_cache(maxsize=8192)
def _words(text: str) -> frozenset[str]:
    return frozenset(content_words(text))


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
