"""Choosing the questions of a lesson: one for every objective, of mixed kinds, the best that the notes allow.

Every candidate is held against the item-writing rules; positions of right answers are dealt out over the course, and no
stem comes twice in it.
"""

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from ...course.answers import Kind
from ...course.item_rules import flaws, same_question
from ...course.item_words import likeness
from ...course.quiz import Item
from ...course.stem_rules import said
from ...notes.language import size
from ..aims import Aim, CourseMaterial, LessonMaterial, section_of
from ..brief import Brief
from ..facts import Fact
from ..statements import Statement
from .defining import definition, described
from .judging import judged
from .ordering import ordering
from .placing import Places, placed
from .sections import belongs, members, one_true, several_true
from .soundness import given_away, is_sound
from .source import Draft, SaidBy, Source
from .typing_in import cloze, figure, gap_choice, short_answer

FEWEST_ITEMS = 2
MOST_ITEMS = 8
"""Beyond one for each aim, a lesson gets more questions the longer it is, up to this many."""
_WORDS_AN_ITEM = 160
_JUDGED_SHARE = 4
"""One in so many items may be a statement to be judged, and one in a lesson of fewer."""
_MOST_SURPLUS = 2
"""So many true statements more than false ones, or the other way round, may a course have to be judged."""
_RECALL = frozenset({"short", "cloze", "numeric", "ordering"})
_COST = {"definition": 0.0, "several": 0.3, "ordering": -0.6, "figure": 0.0, "short": 0.2, "described": 0.3, "cloze": 0.4, "gap": 0.2,
         "members": 0.2, "true": 2.4, "false": 1.6, "one_true": 0.5, "belongs": 5.0}  # fmt: skip
"""How much each form is to be avoided where another can be made."""

Question = tuple[Item, Statement]


@dataclass
class ItemWriter:
    """Writes the items of a course; the same course and seed give the same items, lesson by lesson or all at once.

    Attributes:
        course: every lesson's material; sibling terms come from here.
        seed: decides the order of options.
    """

    course: CourseMaterial
    seed: int = 0
    _made: dict[tuple[str, str], list[Question]] = field(default_factory=dict, repr=False)

    @cached_property
    def _said_by(self) -> SaidBy:
        return SaidBy(self.course)

    def write(self, material: LessonMaterial, brief: Brief | None = None) -> list[Question]:
        """At least one item for every aim that can carry one, each with the statement that answers it.

        Lessons before this one are asked first, so that no stem of theirs comes again.
        """
        brief = brief or Brief()
        first = replace(brief, version=0)
        for other in self.course.lessons:
            if other is material and brief.version:
                return self._lesson(material, brief, self._before(material, brief))
            if (other.id, brief.grade) not in self._made:
                self._made[other.id, brief.grade] = self._lesson(other, first, self._before(other, first))
            if other is material:
                break
        return self._made[material.id, brief.grade]

    def another(self, material: LessonMaterial, item: Item, existing: Sequence[Item], brief: Brief) -> Question | None:
        """Another item for the same objective, unlike `item` and those that exist; None where the notes give no other."""
        aims = [aim for aim in material.aims if aim.objective.id in item.objectives] or list(material.aims)
        source = Source(
            self.course, material, self._said_by, random.Random(f"{self.seed}:{material.id}:{brief.version}")
        )
        taken = [*existing, item]
        found: list[tuple[float, int, Item, Statement]] = []
        for aim in aims:
            for cost, draft in self._candidates(aim, source, brief, Counter(one.kind for one in existing)):
                if not any(same_question(draft.item, other) for other in taken):
                    made = placed(draft, source, Places(source.order), aim.objective.id)
                    if made:
                        found.append((cost + _penalty(made, source), len(found), made, draft.statement))
        if not found:
            return None
        found.sort(key=lambda one: one[:2])
        _, _, made, said = found[max(0, brief.version - 1) % min(len(found), 3)]
        return replace(made, objectives=item.objectives), said

    def _before(self, material: LessonMaterial, brief: Brief) -> list[Item]:
        found: list[Item] = []
        for other in self.course.lessons:
            if other is material:
                break
            found += [item for item, _ in self._made.get((other.id, brief.grade), [])]
        return found

    def _lesson(self, material: LessonMaterial, brief: Brief, before: list[Item]) -> list[Question]:
        order = random.Random(f"{self.seed}:{material.id}:{brief.version}")
        source = Source(self.course, material, self._said_by, order)
        index = next((place for place, one in enumerate(self.course.lessons) if one is material), 0)
        judged_before = [item.options[0].correct for item in before if item.kind == "true_false"]
        places = Places(order, index + self.seed, truths=sum(1 if true else -1 for true in judged_before))
        found: list[tuple[int, Question]] = []
        words = sum(size(one.text) for one in material.statements)
        wanted = max(FEWEST_ITEMS, min(MOST_ITEMS, words // _WORDS_AN_ITEM))
        for again in (False, True):
            for place, aim in enumerate(material.aims):
                if again and len(found) >= wanted:
                    break
                here = [one for _, one in found]
                judged_most = max(1, max(wanted, len(material.aims)) // _JUDGED_SHARE)
                made = self._best(aim, source, brief, here, before, places, again, judged_most)
                if made is None and not again:
                    if self._asked_with(aim, found):
                        continue
                    made = self._best(aim, source, brief, here, before, places) or self._best(
                        aim, replace(source, strict=False), brief, here, before, places
                    )
                if made:
                    found.append((place, made))
        for place, draft in _steps_and_figures(material, source):
            asked = [item for _, (item, _) in found]
            new = not any(same_question(draft.item, other) for other in (*asked, *before))
            sound = is_sound(draft, source) and not given_away(draft.item, asked) and not _penalty(draft.item, source)
            if new and sound and draft.item.kind not in {item.kind for item in asked}:
                told = replace(draft.item, objectives=(material.aims[place].objective.id,))
                found.append((place, (told, draft.statement)))
        return [one for _, one in sorted(found, key=lambda each: each[0])]

    def _asked_with(self, aim: Aim, found: list[tuple[int, Question]]) -> bool:
        """Whether an item that stands on a sentence of the aim already tests it as well; it is then tagged so."""
        said = {fact.statement for fact in aim.facts}
        for at, (before, (item, statement)) in enumerate(found):
            if statement in said:
                told = replace(item, objectives=(*item.objectives, aim.objective.id))
                found[at] = (before, (told, statement))
                return True
        return False

    def _best(
        self,
        aim: Aim,
        source: Source,
        brief: Brief,
        here: list[Question],
        before: list[Item],
        places: Places,
        again: bool = False,
        judged_most: int | None = None,
    ) -> Question | None:
        """The best question for an aim that asks nothing that was asked; a second one has to be without flaw.

        With `judged_most`, how many statements to be judged the lesson may have, it is a sound one or none; without it the
        least bad that there is.
        """
        used = Counter(item.kind for item, _ in here)
        asked = [item for item, _ in here]
        used_up = Counter(statement.plain for _, statement in here)
        shown = [text for item in asked for text in _statements(Draft(item, aim.facts[0].statement))]
        ranked: list[tuple[float, int, Item, Draft]] = []
        for cost, draft in self._candidates(aim, source, brief, used):
            if any(same_question(draft.item, other) for other in (*asked, *before)):
                continue
            typed = draft.item.kind != "true_false" and draft.item.right
            if again and any(typed == one.right for one in asked):
                continue  # a term that was asked for is not asked for once more
            if any(likeness(one, other) >= 0.8 for one in _statements(draft) for other in shown):
                continue
            made = placed(draft, source, places, aim.objective.id)
            if made is not None:
                fine = self._is_fine(draft, made, source, asked, used_up, judged_most)
                fine = fine and _penalty(made, source) < 6 and _against_balance(made, places) < _MOST_SURPLUS
                if not fine and judged_most is not None:
                    continue
                penalty = _penalty(made, source) + 1.8 * _against_balance(made, places)
                if not (again and (penalty >= 1 or draft.statement.plain in used_up)):
                    penalty += (6.0 if made.kind == "true_false" else 3.0) * (not fine)
                    ranked.append((cost + penalty + 4.0 * used_up[draft.statement.plain], len(ranked), made, draft))
        if not ranked:
            return None
        _, _, made, draft = min(ranked, key=lambda one: one[:2])
        places.use(made)
        return made, draft.statement

    def _is_fine(
        self,
        draft: Draft,
        made: Item,
        source: Source,
        asked: Sequence[Item],
        used_up: Counter[str],
        judged_most: int | None,
    ) -> bool:
        """Whether a question is sound by itself and beside those of its lesson."""
        if used_up[draft.statement.plain] or not is_sound(replace(draft, item=made), source):
            return False
        if made.kind == "true_false":
            truths = sum(one.kind == "true_false" and one.options[0].correct for one in asked)
            judged_so_far = sum(one.kind == "true_false" for one in asked)
            if judged_so_far >= (judged_most or 0) or (made.options[0].correct and truths):
                return False
        return not given_away(made, asked)

    def _candidates(self, aim: Aim, source: Source, brief: Brief, used: Counter[Kind]) -> Iterator[tuple[float, Draft]]:
        """Every question that the aim's facts can carry, each with what speaks against it."""
        for depth, fact in enumerate(_facts(aim, source)):
            for form, drafts in _forms(fact, source, aim):
                for number, draft in zip(range(3), drafts, strict=False):
                    kind = draft.item.kind
                    cost = _COST[form] + 0.15 * min(depth, 6) + 0.15 * number
                    cost += (1.6 if kind == "true_false" else 0.7) * used[kind]
                    if kind in ("true_false", "cloze") or form in ("several", "one_true", "belongs"):
                        cost -= 0.6 * source.worth(draft.statement)
                    recall = kind in _RECALL
                    cost += {"beginner": 0.8 * recall, "advanced": 0.8 * (not recall and kind != "multiple")}.get(
                        brief.grade, 0.0
                    )
                    yield cost + 0.8 * source.order.random() * bool(brief.version), draft


def _facts(aim: Aim, source: Source) -> list[Fact]:
    """The aim's own facts, then the numbers and sentences of its section, so that no aim goes without a question."""
    own = [fact for fact in aim.facts if source.nameable(fact)]
    title = section_of(aim.facts[0].statement, source.material)
    on_section = aim.facts[0].kind in ("section", "number")
    more = [
        fact
        for fact in source.material.facts
        if on_section
        and section_of(fact.statement, source.material) == title
        and source.nameable(fact)
        and fact not in own
    ]
    said = {fact.statement for fact in (*own, *more)}
    bare = [
        Fact("section", title, one)
        for one in source.material.statements
        if section_of(one, source.material) == title and one not in said
    ]
    term = aim.facts[0].term.lower()
    about = [fact for fact in bare if on_section or term in fact.statement.plain.lower()]
    about.sort(key=lambda fact: -source.worth(fact.statement))
    named = [one for each in (*own, *about[:4]) if each.kind == "section" for one in source.named_in(each.statement)]
    if not on_section:
        named = [one for one in named if one.key == aim.facts[0].key]
    again: list[Fact] = []
    if aim.facts[0].kind in ("definition", "term", "code"):
        again = [
            replace(aim.facts[0], kind="code" if aim.facts[0].kind == "code" else "term", statement=one, meaning="")
            for one in source.material.statements
            if one not in said and aim.facts[0].term in one.plain and source.nameable(aim.facts[0])
        ]
    return [*own[:4], *again[:5], *more[:5], *named[:6], *about[:4]]


def _steps_and_figures(material: LessonMaterial, source: Source) -> Iterator[tuple[int, Draft]]:
    """Orderings and figures, with the place of the aim they go with: its term is in them, or it is the section's."""
    steps: list[tuple[int, Draft]] = []
    figures: list[tuple[int, Draft]] = []
    titles = dict.fromkeys(section_of(one, material) for one in material.statements)
    for title in titles:
        first = next(one for one in material.statements if section_of(one, material) == title)
        for draft in ordering(Fact("section", title, first), source):
            steps += [(place, draft) for place in _aims_of(draft, title, material)[:1]]
    for fact in material.facts:
        if fact.kind == "number":
            for draft in figure(fact, source):
                title = section_of(fact.statement, material)
                figures += [(place, draft) for place in _aims_of(draft, title, material)[:1]]
    figures.sort(key=lambda each: -source.worth(each[1].statement))
    yield from steps
    yield from figures


def _aims_of(draft: Draft, title: str, material: LessonMaterial) -> list[int]:
    """Places of the aims that a question goes with, those whose term it has first."""
    text = " ".join([draft.item.stem, *(option.text for option in draft.item.options)]).lower()
    named = [place for place, aim in enumerate(material.aims) if aim.facts[0].term.lower() in text]
    here = [place for place, aim in enumerate(material.aims) if section_of(aim.facts[0].statement, material) == title]
    return [*named, *here]


def _forms(fact: Fact, source: Source, aim: Aim) -> Iterator[tuple[str, Iterator[Draft]]]:
    """The forms that a fact may take, named as in `_COST`."""
    if fact.kind in {"definition", "code"}:
        yield "definition", definition(fact, source)
        yield "described", described(fact, source)
        yield "short", short_answer(fact, source)
    if fact.kind in {"definition", "code", "term"}:
        yield "cloze", cloze(fact, source)
        yield "gap", gap_choice(fact, source)
    yield "figure", figure(fact, source)
    if fact.kind == "section" and aim.facts[0].kind in ("section", "number"):
        yield "ordering", ordering(fact, source)
        yield "several", several_true(fact, source)
        yield "members", members(fact, source)
        yield "one_true", one_true(fact, source)
        yield "belongs", belongs(fact, source)
    yield "false", judged(fact, source, false=True)
    yield "true", judged(fact, source, false=False)


def _statements(draft: Draft) -> list[str]:
    """The statements that a question shows to be judged, which would answer each other."""
    if draft.item.kind == "true_false":
        return [said(draft.item)]
    if draft.item.kind == "multiple":
        return [option.text for option in draft.item.options] + list(draft.wrong)
    return []


def _against_balance(item: Item, places: Places) -> int:
    """By how much a statement to be judged would make true ones, or false ones, too many."""
    if item.kind != "true_false":
        return 0
    return max(0, places.truths if item.options[0].correct else -places.truths)


def _penalty(item: Item, source: Source) -> float:
    """What flaws cost: one is acceptable and still worse than none, two are a last resort."""
    count = len(flaws(item, source.course.language))
    return 0.0 if not count else 1.2 if count == 1 else 6.0 * count
