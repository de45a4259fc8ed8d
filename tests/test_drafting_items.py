"""Questions made from notes: of every kind, tied to objectives, without flaws, and false only where the notes say otherwise."""

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from kcreate.core.course.item_rules import flaws, key_balance, repeated_stems
from kcreate.core.course.quiz import Item
from kcreate.core.drafting.aims import CourseMaterial, gather
from kcreate.core.drafting.brief import Brief
from kcreate.core.drafting.flashcards import flashcards
from kcreate.core.drafting.glossary import glossary
from kcreate.core.drafting.items import ItemWriter
from kcreate.core.notes.document import Document
from kcreate.core.notes.passages import passages

EXAMPLES = Path(__file__).parent.parent / "examples"

BREW = """\
# Brewing

A **kettle** is a vessel in which water is heated for the tea. A **gaiwan** is a lidded bowl in which tea is steeped and
poured. A **pitcher** is a jug in which the tea of one steeping is mixed. A **tea tray** is a board with a drain for spilt
water.

The water for green tea should have 80 °C. Black tea can stand 95 °C. The lid must be tilted before the tea is poured.

## How to steep a pot

1. Warm the gaiwan with hot water
2. Put in the leaves
3. Pour the water over them
4. Let it stand for two minutes

## Mistakes

- Boiling water makes green tea sweet.

"""
ZH = """\
# 工序

萎凋是把鲜叶摊开、让它慢慢失水变软的工序。杀青是用高温制止氧化的工序。揉捻是用力搓揉叶子、使它成条的工序。
闷黄是趁叶子湿热堆起来、让它变黄的工序。

杀青的锅温大约是 220 ℃。绿茶的氧化程度低于红茶。这个数字很重要。

## 绿茶的加工步骤

1. 清晨在茶园采摘带露的鲜叶
2. 在铁锅里用高温杀青
3. 趁热用双手揉捻成条
4. 用小火慢慢烘干以后装罐
"""


def course_of(language: str, **texts: str) -> CourseMaterial:
    lessons = [(name, name, passages(Document(f"{name}.md", text))) for name, text in texts.items()]
    return gather(lessons, language)


def all_items(course: CourseMaterial, brief: Brief | None = None) -> list[tuple[Item, str]]:
    writer = ItemWriter(course)
    return [(item, said.text) for material in course.lessons for item, said in writer.write(material, brief)]


def shown(item: Item) -> str:
    return " ".join([item.stem, *(option.text for option in item.options)])


@pytest.mark.parametrize(("language", "text"), [("en", BREW), ("zh", ZH)])
def test_every_objective_has_a_question_of_mixed_kinds_and_few_flaws(language: str, text: str) -> None:
    course = course_of(language, brewing=text)
    made = all_items(course)
    aims = {aim.objective.id for aim in course.lessons[0].aims}
    assert {one for item, _ in made for one in item.objectives} == aims
    assert len({item.kind for item, _ in made}) >= 3
    assert all(len(flaws(item, language)) <= 1 for item, _ in made)
    assert not repeated_stems([item for item, _ in made])


@pytest.mark.parametrize(("language", "text", "first"), [("en", BREW, "Warm the gaiwan"), ("zh", ZH, "清晨在茶园")])
def test_numbered_steps_are_put_in_order(language: str, text: str, first: str) -> None:
    course = course_of(language, brewing=text)
    writer = ItemWriter(course)
    material = course.lessons[0]
    made = [item for item, _ in writer.write(material)]
    for _ in range(12):
        more = writer.another(material, replace(made[0], objectives=()), made, Brief(version=1))
        if more is None:
            break
        made.append(more[0])
    ordering = next(item for item in made if item.kind == "ordering")
    assert ordering.right[0].startswith(first)
    assert [option.text for option in ordering.options] != list(ordering.right)


def test_a_sentence_made_false_is_in_no_note_and_one_that_leans_is_never_asked() -> None:
    for language, text in (("en", BREW), ("zh", ZH)):
        course = course_of(language, brewing=text)
        for item, _ in everything(course):
            if item.kind == "true_false" and not item.options[0].correct:
                assert item.stem.split("? ")[-1].split("：", 1)[-1] not in text
            assert "这个数字" not in shown(item)


def everything(course: CourseMaterial) -> list[tuple[Item, str]]:
    """All that can be asked, by asking for another until there is none."""
    writer = ItemWriter(course)
    made = [(item, said.text) for item, said in writer.write(course.lessons[0])]
    for _ in range(30):
        existing = [item for item, _ in made]
        more = writer.another(course.lessons[0], replace(existing[0], objectives=()), existing, Brief(version=1))
        if more is None:
            return made
        made.append((more[0], more[1].text))
    return made


def test_another_question_is_for_the_same_objective_and_unlike_those_there_are() -> None:
    course = course_of("en", brewing=BREW)
    writer, material = ItemWriter(course), course.lessons[0]
    made = [item for item, _ in writer.write(material)]
    more = writer.another(material, made[0], made, Brief(version=1))
    assert more is not None and more[0].objectives == made[0].objectives
    assert not repeated_stems([*made, more[0]])


def test_what_stands_under_mistakes_is_no_truth() -> None:
    for item, _ in everything(course_of("en", brewing=BREW)):
        assert not (item.kind == "true_false" and "sweet" in item.stem)


def test_about_is_near_and_exact_is_exact() -> None:
    numeric = {
        item.answers[0][0]: item.tolerance
        for item, _ in everything(course_of("zh", brewing=ZH))
        if item.kind == "numeric"
    }
    assert numeric.get("220") == 11.0
    exact = {
        item.answers[0][0]: item.tolerance
        for item, _ in everything(course_of("en", brewing=BREW))
        if item.kind == "numeric"
    }
    assert exact and set(exact.values()) == {0.0}


def test_beginners_recognise_and_the_advanced_recall() -> None:
    course = course_of("en", brewing=BREW)
    recall = {"short", "cloze", "numeric", "ordering"}

    def share(level: str) -> int:
        return sum(item.kind in recall for item, _ in all_items(course, Brief(level=level)))

    assert share("beginner") < share("advanced")


@pytest.mark.parametrize("name", ["night-sky", "gongfu-tea"])
def test_a_course_is_balanced_and_lessons_come_out_alike_alone_and_together(name: str) -> None:
    language = "zh" if name == "gongfu-tea" else "en"
    texts = {path.stem: path.read_text(encoding="utf-8") for path in sorted((EXAMPLES / name / "notes").glob("*.md"))}
    course = course_of(language, **texts)
    made = all_items(course)
    items = [item for item, _ in made]
    assert sum(len(flaws(item, language)) <= 1 for item in items) >= 0.95 * len(items)
    assert key_balance(items) > 0.05 and not repeated_stems(items)
    assert len(Counter(item.kind for item in items)) >= 5
    asked = {
        (lesson.id, one)
        for lesson in course.lessons
        for item, _ in ItemWriter(course).write(lesson)
        for one in item.objectives
    }
    assert asked == {(lesson.id, aim.objective.id) for lesson in course.lessons for aim in lesson.aims}
    last = course.lessons[-1]
    assert ItemWriter(course).write(last) == [
        pair
        for material in [ItemWriter(course)]
        for lesson in course.lessons
        for pair in material.write(lesson)
        if lesson is last
    ]


def test_speakers_and_files_are_no_terms() -> None:
    chat = (
        "# Chat\n\n"
        + "\n\n".join(
            f"**Ruth:** The {thing} of the food bank is opened by two people every Monday.\n\n**Mark:** A {thing} is a {kind} that volunteers look after."
            for thing, kind in (("store", "room"), ("van", "car"), ("desk", "table"), ("freezer", "box"))
        )
        + "\n\n`plan.md` is the file in which every shift of the month is written down.\n"
    )
    course = course_of("en", chat=chat)
    for item, _ in everything(course):
        assert "Ruth" not in item.right and "Mark" not in item.right and "`plan.md`" not in item.right
    text = glossary(course, lambda _: "")
    assert "**Ruth**" not in text and "plan.md`**" not in text


def test_flashcards_ask_once_and_cite_what_they_say() -> None:
    course = course_of("zh", gongxu=ZH, zailai=ZH.replace("# 工序", "# 再来"))
    text = flashcards(course, lambda _: "")
    assert text.startswith("# 记忆卡片\n") and text.count("- **什么是萎凋？**\n\n  萎凋是把鲜叶摊开") == 1
    assert "[^1]: [gongxu.md" in text and "(notes/gongxu.md#L" in text
    assert "这个数字" not in text
    english = flashcards(course_of("en", brewing=BREW), lambda _: "")
    assert english.startswith("# Flashcards\n") and "- **What is a gaiwan?**\n\n  A gaiwan is a lidded bowl" in english


def test_a_term_named_after_it_is_told_is_in_the_glossary_with_both_sentences() -> None:
    text = "# Trade\n\nGoods moved in short stages from one merchant to the next. Relay trade is the word for this."
    found = glossary(course_of("en", trade=text), lambda _: "")
    assert "- **relay trade** — Goods moved in short stages from one merchant to the next. Relay trade is" in found
    zh = "# 政局\n\n地方节度使拥兵自重，不听中央号令。这种局面称为藩镇割据。"
    assert "- **藩镇割据**——地方节度使拥兵自重，不听中央号令。" in glossary(course_of("zh", a=zh), lambda _: "")


def test_the_glossary_leaves_out_what_only_opens_with_a_term() -> None:
    text = "# Tools\n\n**Binoculars** are named by magnification. Take the bowl and its two stars. They are called the *pointers*."
    found = glossary(course_of("en", a=text), lambda _: "")
    assert "- **" not in found


def test_flashcards_ask_what_their_backs_answer() -> None:
    text = (
        "# Why did silk travel west?\n\nA bolt was about 9 metres long and half a metre wide. The walls of the inn were high.\n\n"
        "# Silk\n\nSilk was useful because it was light and did not spoil. On the Moon Apollo 11 landed in a wide grey plain."
    )
    found = flashcards(course_of("en", a=text), lambda _: "")
    assert "**Why did silk travel west?**" not in found and "Apollo ＿" not in found
    assert "- **Why was silk useful?**\n\n  Silk was useful because" in found
    assert found.count("What should you remember") <= 1 and "What is meant by “silk was" not in found
