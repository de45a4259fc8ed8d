"""Questions that a teacher would keep: no absurd falsehoods, no gap without its context, none that answers another."""

import random
import re

import pytest

from kcreate.core.course.quiz import Item, Option
from kcreate.core.drafting.aims import CourseMaterial, gather
from kcreate.core.drafting.items import ItemWriter
from kcreate.core.drafting.items.figures import has_name, near_misses
from kcreate.core.drafting.items.judging import falsified
from kcreate.core.drafting.items.soundness import gives_away, is_claim, is_sound
from kcreate.core.drafting.items.source import Draft, SaidBy, Source
from kcreate.core.notes.document import Document
from kcreate.core.notes.language import Language
from kcreate.core.notes.passages import passages


def source_of(text: str, language: Language = "en") -> Source:
    course = gather([("a", "A", passages(Document("a.md", text)))], language)
    return Source(course, course.lessons[0], SaidBy(course), random.Random(0))


def claims(text: str, language: Language = "en") -> list[bool]:
    source = source_of(text, language)
    return [is_claim(source.said(one), one, source) for one in source.material.statements]


@pytest.mark.parametrize(
    "sentence",
    [
        "You can look up your own address in the email settings.",
        "To move to the next page of the manual, press the space bar.",
        "Mix the rye flour with the same weight of water.",
        "One option is a server that the whole department runs for its members.",
        "She keeps her own version of the recipes in another folder.",
        "It is good to be sure that the copy of the team is updated before work.",
    ],
)
def test_advice_instructions_and_stories_are_no_claims(sentence: str) -> None:
    assert claims(f"# A\n\n{sentence}\n") == [False]
    assert claims("# A\n\nThe orbit of Mercury is smaller than the orbit of Venus.\n") == [True]


@pytest.mark.parametrize(
    "sentence",
    ["你可以在设置里查看自己的邮箱地址。", "先把面粉和同样重的水搅匀再盖好。", "我们应该在修改之前更新自己的副本。"],
)
def test_chinese_advice_is_no_claim(sentence: str) -> None:
    assert claims(f"# 甲\n\n{sentence}\n", "zh") == [False]
    assert claims("# 甲\n\n水星的轨道比金星的轨道小得多。\n", "zh") == [True]


def test_an_ingredient_is_no_claim() -> None:
    assert not any(claims("# A\n\n- 1 jar, about 1 litre in size\n- Gap: the dark space between two bright rings.\n"))


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Repositories can be kept in sync across different computers of a group."),
        ("en", "Git takes the files into the set of a commit before the commit is made."),
        ("en", "A flag tells the program if the conflicts of the branch are not resolved."),
        ("zh", "每个像素可以取二百五十六个灰度值中的一个。"),
        ("zh", "因为手动计算梯度很枯燥而且容易出错，所以没有人会手动计算梯度。"),
    ],
)
def test_what_is_possible_is_not_denied_and_time_not_turned(language: Language, text: str) -> None:
    source = source_of(f"# A\n\n{text}\n", language)
    assert [falsified(one, source) for one in source.material.statements] == [[]]


@pytest.mark.parametrize(
    ("language", "text"),
    [("en", "A phase of the Moon is not the shadow of the whole Earth."), ("zh", "月相不是地球投在月面的影子。")],
)
def test_a_misconception_that_the_notes_deny_is_a_falsehood(language: Language, text: str) -> None:
    source = source_of(f"# A\n\n{text}\n", language)
    made = [each for one in source.material.statements for each in falsified(one, source)]
    assert made and not any("not" in each or "不" in each for each in made)


def figure(sentence: str, number: str) -> tuple[str, tuple[int, int]]:
    at = sentence.index(number)
    return sentence, (at, at + len(number))


@pytest.mark.parametrize(
    ("sentence", "number", "named"),
    [
        ("Mare Tranquillitatis, where Apollo 11 landed.", "11", True),
        ("Binoculars of 7×50 shake less.", "50", True),
        ("The Moon landing was on 20 July 1969.", "20", True),
        ("It vanishes about 27 or 28 minutes earlier.", "28", True),
        ("1969年7月20日登月。", "20", True),
        ("The sky turns by about 15 degrees.", "15", False),
        ("The caves hold 492 pictures.", "492", False),
        ("鲜叶含水量约为 75%。", "75", False),
    ],
)
def test_a_figure_of_a_name_a_date_or_a_range_is_none_to_know(sentence: str, number: str, named: bool) -> None:
    assert has_name(*figure(sentence, number)) is named


@pytest.mark.parametrize(
    "sentence",
    ["After 1998 the border was closed.", "1998年边境关闭。", "Since the 1980s it was closed.", "In 2015 it closed."],
)
def test_no_year_to_come_and_no_share_above_all(sentence: str) -> None:
    number = next(iter(re.findall(r"\d{4}", sentence)))
    made = near_misses(*figure(sentence, number))
    assert made and all(1900 < float(one) <= 2015 for one in made)
    assert all(float(one) < 100 for one in near_misses(*figure("About 80% of it is water.", "80")))


@pytest.mark.parametrize(
    ("language", "sentence", "sound"),
    [
        ("en", "You can also combine the ＿＿＿ option with others.", False),
        ("en", "Let's add and commit ＿＿＿.", False),
        ("en", "Everyone who takes part in our ＿＿＿ ignores the same files of the project.", False),
        ("en", "A(n) ＿＿＿ is the one thing in the night sky that changes from week to week.", False),
        ("en", "The ＿＿＿ is the path of the Sun against the stars in a year.", True),
        ("zh", "这里＿＿＿。", False),
        ("zh", "＿＿＿是上述问题的一个特例，在实践里研究得很多。", False),
        ("zh", "＿＿＿是用高温破坏酶的活性、制止氧化的工序。", True),
    ],
)
def test_a_gap_needs_its_context(language: Language, sentence: str, sound: bool) -> None:
    text = (
        "# A\n\nThe ecliptic is the path of the Sun.\n"
        if language == "en"
        else "# 甲\n\n杀青是用高温制止氧化的工序。\n"
    )
    source = source_of(text, language)
    item = Item(f"Fill in: “{sentence}”", kind="cloze", answers=(("ecliptic",),))
    assert is_sound(Draft(item, source.material.statements[0]), source) is sound


def test_items_that_show_the_answer_of_another_are_told() -> None:
    asks = Item(
        "What is the term for this? “The splitting of one glucose into two pyruvate”",
        kind="short",
        answers=(("glycolysis",),),
    )
    tells = Item(
        "What is glycolysis?",
        (Option("The splitting of one glucose into two pyruvate", True), Option("The currency of the cell", False)),
    )
    other = Item(
        "What is mitosis?", (Option("The division of one nucleus into two", True), Option("The currency", False))
    )
    assert gives_away(asks, tells) and gives_away(tells, asks) and not gives_away(asks, other)
    gap = Item("填入缺少的术语：“＿＿＿是用高温制止氧化的工序。”", kind="cloze", answers=(("杀青",),))
    said = Item(
        "判断正误：杀青是用高温制止氧化的工序。", (Option("正确", True), Option("错误", False)), kind="true_false"
    )
    assert gives_away(gap, said) and not gives_away(
        gap, Item("什么是揉捻？", (Option("搓揉叶子的工序", True), Option("晒", False)))
    )


NOTES = """\
# Cells

Glycolysis is the splitting of one glucose into two pyruvate in the cytosol. The nucleus is the part of the cell that holds
the chromosomes. A ribosome is a particle of the cell that builds proteins from amino acids. The vacuole, also called the
cell sac, is a room of the cell that holds water and salts. Mitosis is the division of one nucleus into two nuclei.

Plant cells are larger than animal cells in most tissues. A bacterium has about 4000 genes on a single ring. The membrane of
a cell is thinner than the wall of a plant cell. The first microscope of Hooke was shown in 1665 to the Royal Society.
"""
ZH_NOTES = """\
# 工序

萎凋是把鲜叶摊开、让它慢慢失水变软的工序。杀青是用高温制止氧化的工序。揉捻是用力搓揉叶子、使它成条的工序。
闷黄又称堆黄，是趁叶子湿热堆起来、让它变黄的工序。渥堆是把叶子堆高洒水、让微生物转化它的工序。

绿茶的氧化程度低于红茶。鲜叶的含水量大约是百分之 75 左右。杀青锅的温度高于烘干的温度。陈椽在 1979 年提出六大茶类。
"""


def quiz(text: str, language: Language) -> tuple[CourseMaterial, list[Item]]:
    source = source_of(text, language)
    return source.course, [item for item, _ in ItemWriter(source.course).write(source.material)]


@pytest.mark.parametrize(("language", "text"), [("en", NOTES), ("zh", ZH_NOTES)])
def test_a_quiz_judges_little_repeats_no_sentence_and_answers_itself_nowhere(language: Language, text: str) -> None:
    course, items = quiz(text, language)
    judged = [item for item in items if item.kind == "true_false"]
    assert len(judged) <= max(1, len(items) // 4)
    assert sum(item.options[0].correct for item in judged) <= 1
    assert not [1 for place, one in enumerate(items) for other in items[:place] if gives_away(one, other)]
    assert {one for item in items for one in item.objectives} == {aim.objective.id for aim in course.lessons[0].aims}


@pytest.mark.parametrize(
    ("language", "text", "term", "other"), [("en", NOTES, "vacuole", "cell sac"), ("zh", ZH_NOTES, "闷黄", "堆黄")]
)
def test_the_other_name_that_the_notes_give_is_accepted(language: Language, text: str, term: str, other: str) -> None:
    assert source_of(text, language).also_called(term) == [other]
    assert source_of(text, language).also_called(other) in ([], [term])


def test_wrong_answers_come_from_the_lesson_where_it_has_enough() -> None:
    far = "# Sky\n\nThe ecliptic is the path of the Sun. The zenith is the point overhead. A nebula is a cloud of gas in space.\n"
    course = gather(
        [(name, name, passages(Document(f"{name}.md", text))) for name, text in (("a", NOTES), ("b", far))], "en"
    )
    for item, _ in ItemWriter(course).write(course.lessons[0]):
        shown = " ".join(option.text for option in item.options).lower()
        assert not any(word in shown for word in ("path of the sun", "overhead", "zenith", "ecliptic", "nebula"))
