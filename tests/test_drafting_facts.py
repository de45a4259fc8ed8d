"""What counts as a definition, and what a sentence takes with it: single sentences of notes, English and Chinese."""

import pytest

from kcreate.core.drafting.aims import gather
from kcreate.core.drafting.brief import Brief
from kcreate.core.drafting.facts import Fact
from kcreate.core.drafting.planning import plan_lesson
from kcreate.core.drafting.statements import statements
from kcreate.core.notes.document import Document
from kcreate.core.notes.language import language_of
from kcreate.core.notes.passages import passages


def defined(text: str) -> list[tuple[str, str]]:
    """(term, meaning) of every definition in the text."""
    parts = passages(Document("a.md", text))
    [material] = gather([("a", "A", parts)], language_of(text)).lessons
    return [(fact.term, fact.meaning) for fact in material.facts if _is_definition(fact)]


def _is_definition(fact: Fact) -> bool:
    return fact.kind == "definition"


@pytest.mark.parametrize(
    ("text", "term", "meaning"),
    [
        ("A pod is the smallest unit that Kubernetes schedules.", "pod", "the smallest unit that Kubernetes schedules"),
        (
            "4.1 Misconduct means behaviour that breaks the rules. Misconduct is bad.",
            "Misconduct",
            "behaviour that breaks the rules",
        ),
        (
            "3.5 The Bradford Factor is a score of absences in a year.",
            "Bradford Factor",
            "a score of absences in a year",
        ),
        ("- **Node** – a machine in the cluster\n- other", "Node", "a machine in the cluster"),
        ("NodePort rules.\n\n- **NodePort**:\n  opens a port on every node", "NodePort", "opens a port on every node"),
        ("均田制是指国家把无主的土地分给农民的制度。", "均田制", "国家把无主的土地分给农民的制度"),
        ("准确率（accuracy）是预测正确的样本占全部样本的比例。", "准确率", "预测正确的样本占全部样本的比例"),
        ("**链式法则**：复合函数的导数是各层导数的乘积。", "链式法则", "复合函数的导数是各层导数的乘积"),
        ("宋人爱喝茶。**斗茶**是比谁的沫更白的游戏。", "斗茶", "比谁的沫更白的游戏"),
    ],
)
def test_a_definition_is_found_with_its_meaning(text: str, term: str, meaning: str) -> None:
    assert (term, meaning) in defined(text)


@pytest.mark.parametrize(
    "text",
    [
        "A voucher is valid for three parcels. Show the voucher.",
        "Buddhism is the best documented passenger. Buddhism spread.",
        "Relay trade is the word for this. Relay trade was slow.",
        "Goods were kept in walled inns for the night. Goods moved on.",
        "1. **Day 1**: mix flour and water\n2. **Day 2**: stir the mix",
        "- evidence: own circular DNA",
        "李渊是隋朝的太原留守，他起兵攻入长安。李渊建立唐朝。",
    ],
)
def test_what_only_looks_like_a_definition_is_none(text: str) -> None:
    assert defined(text) == []


def lesson(text: str) -> str:
    """What a lesson would keep of the text."""
    [material] = gather([("a", "A", passages(Document("a.md", text)))], language_of(text)).lessons
    plan = plan_lesson(material, {}, Brief())
    return " ".join(one.text for part in plan.paragraphs for one in part.statements)


def test_labels_and_exclamations_stay_with_what_they_belong_to() -> None:
    said = statements(passages(Document("a.md", "**Day 3.** Bubbles! They come from bacteria. Throw all away.")), "en")
    assert said[0].text == "**Day 3.** Bubbles! They come from bacteria."


def test_a_question_of_the_notes_keeps_its_answer() -> None:
    text = (
        "The rules for gifts are simple and they are the same for everyone who helps here on any day.\n\n"
        "Lena asks whether we may give out home-made jam to the guests. No. Only food from registered businesses.\n"
    )
    kept = lesson(text)
    assert ("home-made jam" in kept) == ("No. Only food" in kept)


def test_units_end_sentences_and_initials_do_not() -> None:
    said = statements(
        passages(Document("a.md", "It bakes at 120 °C. The colour is brown. Ask J. Smith about it.")), "en"
    )
    assert [one.text for one in said] == ["It bakes at 120 °C.", "The colour is brown.", "Ask J. Smith about it."]


def test_a_sentence_with_a_hole_where_a_reference_stood_is_left_out() -> None:
    text = "训练数据包括 中的图像。我们对每张图像进行分类，并记录结果。在 中，我们介绍了正则化。\n"
    said = statements(passages(Document("a.md", text)), "zh")
    assert [one.text for one in said] == ["我们对每张图像进行分类，并记录结果。"]


@pytest.mark.parametrize(
    ("text", "term", "meaning"),
    [
        ("Rye also has a lot of **amylase**, an enzyme that turns starch into sugar.", "amylase", "an enzyme that turns starch into sugar"),
        ("Caravanserais were walled inns spaced a day's march apart.", "Caravanserais", "walled inns spaced a day's march apart"),
        ("A passport called a paiza let its bearer demand horses.", "paiza", ""),
        ("1. **Autolyse** (45 min). Mix flour and water. Autolyse is a rest in which flour takes up water.", "Autolyse", "a rest in which flour takes up water"),
        ("- **Meiosis** is the division that makes four cells", "Meiosis", "the division that makes four cells"),
        ("The **aperture** of an instrument is the diameter of its main lens.", "aperture", "the diameter of its main lens"),
        ("Resolution is the smallest angle at which two stars can be told apart.", "Resolution", "the smallest angle at which two stars can be told apart"),
    ],
)  # fmt: skip
def test_definitions_of_other_shapes_are_found(text: str, term: str, meaning: str) -> None:
    assert (term, meaning) in defined(text)


@pytest.mark.parametrize(
    "text",
    [
        "Jupiter is the most rewarding planet for a small telescope. Jupiter is big.",
        "A planet is the one thing in the sky that changes while you get to know it. A planet moves.",
        "Stars are points in any amateur telescope; planets have faces. Stars shine.",
        "**Skyglow** is the bright dome that it makes in the air.",
    ],
)
def test_a_superlative_or_a_bare_thing_is_no_genus(text: str) -> None:
    assert defined(text) == []
