"""Quiz items made of the author's own sentences: what a thing is, a gap to fill, where a sentence belongs.

The key is always the notes' own wording; distractors are what the notes say of sibling terms, so that they are
plausible and wrong. Where a language model is given it only ranks them.
"""

import random
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from ..course.quiz import Item, Option
from ..notes.language import size
from ..notes.support import Scorer
from .aims import Aim, CourseMaterial, LessonMaterial
from .facts import Fact
from .statements import CLAUSE_NUMBER, Statement, tidy, unmarked
from .titles import bare_title
from .wording import WORDING

OPTIONS = 4
FEWEST_ITEMS = 2
MOST_ITEMS = 6
"""Beyond one for each aim, a lesson gets more questions the longer it is, up to this many."""
_CANDIDATES = 12
_GLOSS = re.compile(r"\*{0,2}[”」]?(?:（[A-Za-z][^（）]*）|\([A-Za-z][^()]*\))")


@dataclass
class ItemWriter:
    """Writes the items of a course.

    Attributes:
        course: every lesson's material; sibling terms come from here.
        scorer: ranks distractors by how likely they read in the gap; None takes them in the notes' order.
        seed: decides the order of options, with the lesson's id, so that a lesson redone alone comes out the same.
    """

    course: CourseMaterial
    scorer: Scorer | None = None
    seed: int = 0

    def write(self, material: LessonMaterial) -> list[tuple[Item, Statement]]:
        """At least one item for every aim that can carry one, each with the statement that answers it."""
        order = random.Random(f"{self.seed}:{material.id}")
        start = order.randrange(OPTIONS)
        found: list[tuple[Item, Statement]] = []
        stems: set[str] = set()

        def add_one(aim: Aim, again: bool = False) -> None:
            for fact in aim.facts:
                made = self._item(fact, aim, material, order, (start + len(found)) % OPTIONS)
                said = [statement for _, statement in found]
                if (
                    made
                    and (made.stem not in stems or (fact.kind == "section" and again))
                    and fact.statement not in said
                ):
                    stems.add(made.stem)
                    found.append((made, fact.statement))
                    return

        for aim in material.aims:
            add_one(aim)
        wanted = max(FEWEST_ITEMS, min(MOST_ITEMS, sum(size(one.text) for one in material.statements) // 200))
        for aim in material.aims:
            if len(found) < wanted:
                add_one(aim, again=len(found) < FEWEST_ITEMS)
        return found

    def _item(self, fact: Fact, aim: Aim, material: LessonMaterial, order: random.Random, position: int) -> Item | None:
        """The first form of question that the fact and its siblings can fill."""
        forms = (self._belongs,) if fact.kind == "section" else (self._meaning, self._gap)
        for form in forms:
            made = form(fact, material)
            if made:
                stem, key, distractors = made
                chosen = _choose(key, distractors)
                if len(chosen) >= 2:
                    order.shuffle(chosen)
                    place = position % (len(chosen) + 1)
                    options = [Option(text, False) for text in chosen]
                    options.insert(place, Option(key, True))
                    return Item(stem, tuple(options), (aim.objective.id,))
        return None

    def _meaning(self, fact: Fact, material: LessonMaterial) -> tuple[str, str, list[str]] | None:
        """“What is X?” with what the notes say of other terms as wrong answers."""
        if not fact.meaning or len(fact.meaning) > 220 or fact.kind not in {"definition", "code"}:
            return None
        wording = WORDING[self.course.language]
        siblings = [
            other
            for other in self._siblings(material, lambda other: bool(other.meaning) and other.kind == fact.kind)
            if not _same_thing(other, fact)
            and fact.term.lower() not in other.meaning.lower()
            and other.statement is not fact.statement
            and other.labelled == fact.labelled
        ]
        fitting = [
            other.meaning
            for other in siblings
            if 0.4 * len(fact.meaning) <= len(other.meaning) <= 2.2 * len(fact.meaning)
        ]
        if len(fitting) < OPTIONS - 1:
            return None
        article = f"{fact.article} " if fact.article else ""
        code = fact.kind == "code"
        if fact.labelled:
            form = wording.which_describes_code if code else wording.which_describes
        else:
            form = wording.what_does if code else wording.what_is
        term = fact.term if code else self.course.lexicon.in_sentence(fact.term)
        stem = form.format(article=article, term=term, be="are" if fact.plural else "is")
        whole = wording.it_does.format if code and not fact.labelled else _sentence_case
        return stem, whole(fact.meaning), [whole(text) for text in dict.fromkeys(fitting)]

    def _gap(self, fact: Fact, material: LessonMaterial) -> tuple[str, str, list[str]] | None:
        """The sentence with the term taken out; wrong answers are sibling terms that are not in it."""
        stop = "。" if self.course.language == "zh" else "."
        plain = re.sub(r"(?:[：:]|[，,]?[即为有得])\s*$", stop, unmarked(tidy(fact.statement.text)))
        plain = CLAUSE_NUMBER.sub("", plain)
        wording = WORDING[self.course.language]
        code = fact.kind == "code"
        target = f"`{fact.term}`" if code else fact.term
        if target not in plain:
            return None
        whole = (
            re.escape(target) if code or self.course.language == "zh" else rf"(?<![\w-]){re.escape(target)}(?![\w-])"
        )
        gapped, count = re.subn(whole, wording.blank, plain, flags=re.IGNORECASE)
        gapped = re.sub(rf"\b([Aa])n? (?={wording.blank})", r"\1(n) ", gapped)  # the article must not tell the key
        gapped = re.sub(re.escape(wording.blank) + _GLOSS.pattern, wording.blank, gapped)
        if not count or count > 2 or fact.term.lower() in gapped.lower():
            return None
        if fact.kind == "number":
            return (
                wording.which_number.format(wording.quote.format(gapped)),
                fact.term,
                self._numbers(fact, material, plain),
            )
        siblings = self._siblings(material, lambda other: _fits_gap(fact, other))
        if len(siblings) < OPTIONS + 1:
            named = self._siblings(material, lambda other: other.kind == "name" and not code)
            siblings += sorted(named, key=lambda other: other.term[-1] != fact.term[-1])
        shape = len(fact.term.split()) > 2
        plural = fact.term.endswith("s")
        siblings.sort(key=lambda other: ((len(other.term.split()) > 2) != shape) + (other.term.endswith("s") != plural))
        names = [
            other.term for other in siblings if not _same_thing(other, fact) and other.term.lower() not in plain.lower()
        ]
        names = list(
            dict.fromkeys(name if code else _like(fact.term, self.course.lexicon.in_sentence(name)) for name in names)
        )[:_CANDIDATES]
        names = self._ranked(gapped, fact.term, names, wording.blank)
        ask = wording.which_code if code else wording.which_term
        if fact.labelled and fact.meaning and fact.term.lower() not in fact.meaning.lower():
            ask, gapped = wording.which_described, _sentence_case(fact.meaning)
        mark = "`{}`".format if code else str
        return ask.format(wording.quote.format(gapped)), mark(fact.term), [mark(name) for name in names]

    def _belongs(self, fact: Fact, material: LessonMaterial) -> tuple[str, str, list[str]] | None:
        """“Which of these belongs to the section?” with sentences of other lessons as wrong answers."""
        key = fact.statement
        whole_lesson = fact.term == material.title
        others = [
            one
            for other in self.course.lessons
            for one in (other.statements if not (whole_lesson and other is material) else [])
            if (other is not material or len(self.course.lessons) < 3)
            and fact.term not in (other.title if other is not material else "", *other.passages[one.passage].headings)
            and not (one.leans or one.aside or one.leads)
            and one.item == key.item
        ]
        for narrow in (0.6, 0.4, 0.25):
            fitting = [
                CLAUSE_NUMBER.sub("", one.plain)
                for one in others
                if narrow <= len(one.plain) / len(key.plain) <= 1 / narrow
            ]
            if len(fitting) >= OPTIONS - 1:
                step = max(1, len(fitting) // (OPTIONS + 2))
                return (
                    WORDING[self.course.language].which_about.format(title=bare_title(fact.term)),
                    CLAUSE_NUMBER.sub("", key.plain),
                    fitting[::step],
                )
        return None

    def _siblings(self, material: LessonMaterial, fits: Callable[[Fact], bool]) -> list[Fact]:
        """Facts that fit, of this lesson first, then of the others by distance in the course."""
        lessons = self.course.lessons
        here = next((index for index, other in enumerate(lessons) if other.id == material.id), 0)
        near = sorted(range(len(lessons)), key=lambda index: (abs(index - here), index))
        return [fact for index in near for fact in lessons[index].facts if fits(fact)]

    def _numbers(self, fact: Fact, material: LessonMaterial, plain: str) -> list[str]:
        """Wrong figures: those of the notes with as many digits, then near misses."""
        same_size = [
            other.term
            for other in self._siblings(material, lambda other: other.kind == "number")
            if len(other.term) == len(fact.term) and other.term != fact.term and other.term not in plain
        ]
        percent = bool(re.search(rf"{re.escape(fact.term)}\s?[%％]", plain))
        a_year = bool(
            re.search(
                rf"{re.escape(fact.term)} ?年|(?:in|since|by|until|from|around|about|AD|before|after) {re.escape(fact.term)}(?! ?(?:[°%]|[a-z]{{1,2}}\b|[a-z]+s\b))",
                plain,
            )
        )
        found = [*same_size[:2], *_near_misses(fact.term, a_year)]
        return [one for one in dict.fromkeys(found) if not percent or float(one.replace(",", "")) <= 100]

    def _ranked(self, gapped: str, key: str, names: list[str], blank: str) -> list[str]:
        """Likeliest in the gap first; a name that reads likelier than the key might be right as well and goes last."""
        if self.scorer is None or len(names) < OPTIONS:
            return names
        before, _, after = gapped.partition(blank)
        scored = self.scorer.score(before or "\n", [f"{name}{after}" for name in [key, *names]])
        by_name = {name: score.log_prob for name, score in zip(names, scored[1:], strict=True)}
        return sorted(names, key=lambda name: (by_name[name] > scored[0].log_prob, -by_name[name]))


def _choose(key: str, candidates: Iterable[str]) -> list[str]:
    """Three wrong answers, one of them at least as long as the key wherever there is one, so that length tells nothing."""
    pool = [one for one in dict.fromkeys(candidates) if one.lower() != key.lower()]
    chosen = pool[: OPTIONS - 1]
    if chosen and all(len(one) < len(key) for one in chosen):
        longer = next((one for one in pool[OPTIONS - 1 :] if len(one) >= len(key)), None)
        if longer:
            chosen[-1] = longer
    return chosen


def _same_thing(one: Fact, other: Fact) -> bool:
    """Whether two terms name the same or one contains the other, which would make two right answers."""
    left, right = one.key.lower(), other.key.lower()
    return left in right or right in left


def _fits_gap(fact: Fact, other: Fact) -> bool:
    """Whether two facts' terms could stand in the same gap: both names of things, or code of one shape."""
    if fact.kind == "code" or other.kind == "code":
        return fact.kind == other.kind and _code_shape(fact.term) == _code_shape(other.term)
    return other.kind in {"definition", "term"}


def _code_shape(code: str) -> str:
    if code.startswith("-"):
        return "option"
    if " " in code:
        return "command"
    if "(" in code:
        return "call"
    return "file" if re.search(r"\.\w+$|/|^\.", code) else "name"


def _like(model: str, name: str) -> str:
    """`name`, as it is written inside a sentence, with a capital where the key has one, so that case tells nothing."""
    return name[:1].upper() + name[1:] if model[:1].isupper() else name


def _near_misses(number: str, a_year: bool) -> list[str]:
    """Figures that someone who half remembers might give, written as the key is."""
    value = float(number.replace(",", ""))
    decimals = len(number.partition(".")[2])
    if a_year and decimals == 0 and 100 <= value <= 2100:
        nearby = [value - 10, value + 4, value - 25, value + 12]
    elif decimals == 0 and value <= 12:
        nearby = [value + 1, value - 1, value + 3, value + 2]
    else:
        nearby = [value * 1.5, value * 0.5, value * 2, value * 0.8, value * 0.3]
    written = [f"{one:,.{decimals}f}" if "," in number else f"{one:.{decimals}f}" for one in nearby if one > 0]
    return [one for one in dict.fromkeys(written) if one != number]


def _sentence_case(text: str) -> str:
    return text[:1].upper() + text[1:] if text[:1].isalpha() else text
