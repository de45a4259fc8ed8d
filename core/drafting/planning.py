"""Planning: from a lesson's material to its plan, by selection under a budget of words and the notes' own order."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import zip_longest
from posixpath import dirname, join, normpath
from urllib.parse import unquote

from ..course.quiz import HEADINGS
from ..notes.language import size
from ..notes.passages import Passage
from ..notes.words import content_words
from .brief import Brief
from .emphasis import Emphasis
from .facts import Fact
from .jottings import is_jotted, left_out
from .keeping import UNBROKEN, before_block, must_stay
from .material import CourseMaterial, LessonMaterial, section_of
from .plan import Block, Heading, Paragraph, Part, Plan, Section
from .selection import Choice, select
from .statements import LIST_ITEM, Statement, is_reminder
from .summary import words_of_points

SHARE = 0.635
"""Words of a lesson's prose, its summary among them, relative to the notes'; what must stay may exceed it."""
SHARE_OF_SHORT = 0.85
"""The same for notes of up to 80 words, which say little twice; between these and 250 words it falls to `SHARE`."""
LONG_LIST = 60
"""Words from which the items of a list that does not number steps are cut to what they say first."""
SHORT_PARAGRAPH = 45
"""Words up to which a paragraph that selection left short is joined with its neighbour."""
_IMAGE = re.compile(r"!\[[^\]]*\]\((?P<target>[^()\s]+)(?:\s+\"[^\"]*\")?\)")


def plan_lesson(
    material: LessonMaterial,
    relevance: Mapping[Statement, float],
    brief: Brief,
    course: CourseMaterial | None = None,
    asked: Sequence[Statement] = (),
) -> Plan:
    """The plan of one lesson.

    Args:
        relevance: how much each statement is about the lesson's subject, in standard deviations; may be empty.
        course: tells what in the notes contradicts itself, which stays and is shown with what it contradicts, and what
            earlier lessons say already.
        asked: what the lesson's questions stand on; it is taught.
    """
    titles = list(dict.fromkeys([material.title, *(section_of(one, material) for one in material.statements)]))
    emphasis = Emphasis.of(brief)
    lists = _lists(material, emphasis, asked)
    choice = _choice(material, relevance, titles, lists, emphasis)
    choice.must = [*choice.must, *(one for one in asked if not one.item)]
    if course:
        choice.must = [*choice.must, *(one for one in material.statements if one in course.disputes)]
        choice.repeats = course.repeats
    kept = select(choice, emphasis)
    chosen: dict[int, list[Statement]] = {}
    for one in kept:
        chosen.setdefault(one.passage, []).append(one)
    parts = _parts(material, chosen, titles, lists)
    disputes = course.disputes if course else {}
    shown = {one: others for one, others in disputes.items() if one in kept}
    return Plan(material, _sections(material, titles), tuple(parts), shown)


def _choice(
    material: LessonMaterial,
    relevance: Mapping[Statement, float],
    titles: Sequence[str],
    lists: Mapping[int, Block],
    emphasis: Emphasis,
) -> Choice:
    """What selection may choose from and what it has to keep."""
    said = [one for one in material.statements if not one.item]
    grouped: dict[int, list[Statement]] = {}
    for one, following in zip_longest(said, said[1:]):
        last = following is None or following.passage != one.passage
        if one.leads and last and before_block(one, material):
            grouped.setdefault(one.passage, []).append(replace(one, aside=False))
        elif not one.leads:  # else what it leads into is not there
            grouped.setdefault(one.passage, []).append(one)
    follows = [index - 1 in grouped for index in grouped]
    openings = {
        place for place, index in enumerate(grouped) if index == 0 or material.passages[index - 1].kind == "heading"
    }
    # Lists and quotations use up part of what may be said.
    along = sum(size(one.text) for one in material.passages if one.kind == "quote")
    along += round(sum(_words_along(block) for block in lists.values()))
    budget = _words(material) * _share(material, emphasis) - along - words_of_points(material.aims)
    return Choice(
        paragraphs=list(grouped.values()),
        follows=follows,
        openings=frozenset(openings),
        must=must_stay(material, grouped),
        budget=budget,
        naming=_naming(material.facts),
        title_words=frozenset(content_words(" ".join(titles))),
        holds=Counter(fact.statement for fact in material.facts),
        relevance=relevance,
    )


def _naming(facts: Sequence[Fact]) -> dict[Statement, str]:
    """The first statement that introduces each term: defines it, or says that something is called so."""
    terms: dict[str, Statement] = {}
    for one in facts:
        if one.kind == "definition" and not one.statement.item and len(one.term) > (1 if one.term[0] > "㐀" else 3):
            terms.setdefault(one.term, one.statement)
    return {statement: term for term, statement in reversed(terms.items())}


def _words(material: LessonMaterial) -> int:
    """The words of the notes' prose: paragraphs, lists and quotations."""
    return sum(size(one.text) for one in material.passages if one.kind in {"paragraph", "list", "quote"})


def _share(material: LessonMaterial, emphasis: Emphasis) -> float:
    """How much of its notes' prose a lesson keeps."""
    share = SHARE + (SHARE_OF_SHORT - SHARE) * max(0.0, min(1.0, (250 - _words(material)) / 170))
    return min(0.95, share * emphasis.share)


def _lists(material: LessonMaterial, emphasis: Emphasis, asked: Sequence[Statement]) -> dict[int, Block]:
    """The lists of the notes, by index of their passage: jottings with some left out, long ones brief."""
    must = [*asked, *(aim.facts[0].statement for aim in material.aims)]
    found = {}
    for index, passage in enumerate(material.passages):
        lines = [line for line in passage.text.split("\n") if line.strip()]
        if passage.kind != "list" or all(is_reminder(line) for line in lines):
            continue
        said = [one for one in material.statements if one.passage == index]
        gone: frozenset[int] = frozenset()
        if is_jotted(material.passages, index):
            gone = left_out(passage, said, material.facts, must, _share(material, emphasis))
        numbered = bool(re.match(r"\s*\d", passage.text))
        found[index] = Block((passage,), brief=not numbered and size(passage.text) >= LONG_LIST, left_out=gone)
    return found


def _words_along(block: Block) -> float:
    """About how many words of a list a lesson takes over."""
    passage = block.passages[0]
    items = max(1, len(re.findall(LIST_ITEM.pattern, passage.text, re.MULTILINE)))
    return size(passage.text) * (1 - len(block.left_out) / items) * (0.85 if block.brief else 1.0)


def _parts(
    material: LessonMaterial, chosen: Mapping[int, list[Statement]], titles: Sequence[str], lists: Mapping[int, Block]
) -> list[Part]:
    """The passages in order: kept sentences as paragraphs, all else unbroken, headings where something stands below."""
    passages = material.passages
    ranks = _ranks(material)
    parts: list[Part] = []
    pending: list[Passage] = []
    index = 0
    while index < len(passages):
        passage = passages[index]
        run = _run(passages, index)
        if passage.kind == "heading":
            if passage.title != material.title and passage.title not in HEADINGS.values():
                pending = [one for one in pending if one.level < passage.level] + [passage]
        else:
            after = parts[-1] if parts and not pending and index - 1 in chosen else None
            if made := _made(run, chosen.get(index, []), material, titles, after) or _listed(lists.get(index)):
                parts += [Heading(ranks[one.level], one.title) for one in pending]
                if isinstance(made[0], Block) and made[0].led:
                    parts[-1] = replace(after, leads=True) if isinstance(after, Paragraph) else parts[-1]
                pending = []
                parts += made
        index += len(run)
    return _joined(parts)


def _made(
    run: Sequence[Passage],
    said: Sequence[Statement],
    material: LessonMaterial,
    titles: Sequence[str],
    after: Part | None,
) -> list[Part]:
    """The part a passage, or a run of blocks, becomes, and the pictures in it; `after` is the part right before it."""
    passage = run[0]
    if passage.kind == "paragraph":
        if not said:
            return []
        section = titles.index(section_of(said[0], material))
        return [Paragraph(section, tuple(said)), *_pictures(passage)]
    if passage.kind == "figure":
        return [*_pictures(passage)]
    if passage.kind in UNBROKEN:
        return [Block(tuple(run), led=isinstance(after, Paragraph) and after.statements[-1].file == passage.file)]
    return [Block((passage,))] if passage.kind == "quote" else []


def _listed(block: Block | None) -> list[Part]:
    """A list with the pictures in it."""
    return [block, *_pictures(block.passages[0])] if block else []


def _run(passages: Sequence[Passage], index: int) -> list[Passage]:
    """The passage at `index`; code, tables and formulas with those that follow at once: a command and its output."""
    run = [passages[index]]
    for following in passages[index + 1 :] if run[0].kind in UNBROKEN else []:
        if following.kind not in UNBROKEN or following.file != run[0].file:
            break
        run.append(following)
    return run


def _pictures(passage: Passage) -> list[Block]:
    """The pictures of a passage that lie in the course's `assets/`, their links led there from a lesson.

    Pictures on the web stay out: a course is not to call on other people's servers when it is read.
    """
    found = []
    for match in _IMAGE.finditer(passage.text):
        path = normpath(join("notes", dirname(passage.file), unquote(match["target"])))
        if path.startswith("assets/"):
            start, end = match.span("target")
            link = join("..", normpath(join("notes", dirname(passage.file), match["target"])))
            shown = passage.text[match.start() : start] + link + passage.text[end : match.end()]
            found.append(Block((replace(passage, kind="figure", text=shown),)))
    return found


def _joined(parts: Sequence[Part]) -> list[Part]:
    """Neighbouring paragraphs of one section that are short after selection as one."""
    joined: list[Part] = []
    for part in parts:
        last = joined[-1] if joined else None
        if (
            isinstance(part, Paragraph)
            and isinstance(last, Paragraph)
            and last.section == part.section
            and last.statements[-1].file == part.statements[0].file
            and sum(size(one.text) for one in (*last.statements, *part.statements)) <= 2 * SHORT_PARAGRAPH
            and min(sum(size(one.text) for one in each.statements) for each in (last, part)) <= SHORT_PARAGRAPH / 2
        ):
            joined[-1] = replace(part, statements=last.statements + part.statements)
        else:
            joined.append(part)
    return joined


def _sections(material: LessonMaterial, titles: Sequence[str]) -> tuple[Section, ...]:
    """All that each section says, up to about 300 words."""
    grouped: dict[str, list[Statement]] = {title: [] for title in titles}
    for one in material.statements:
        group = grouped[section_of(one, material)]
        if not one.aside and not one.leads and sum(size(each.text) for each in group) < 300:
            group.append(one)
    return tuple(Section(title, tuple(group)) for title, group in grouped.items())


def _ranks(material: LessonMaterial) -> dict[int, int]:
    """For each heading level of the notes the one in the lesson: the highest becomes 2."""
    used = {one.level for one in material.passages if one.kind == "heading" and one.title != material.title}
    return {level: min(2 + place, 6) for place, level in enumerate(sorted(used))}
