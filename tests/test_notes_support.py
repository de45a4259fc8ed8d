"""Support: what the notes carry scores high, what they do not scores low, in both languages."""

import pytest
from measure_support import LANGUAGES, aucs, pairs

from kcreate.core import support
from kcreate.core.notes.support import CARRIED

GIT = "Git was created by Linus Torvalds in 2005 as an alternative to BitKeeper, one of the first distributed systems."
TEA = "杀青是用高温破坏酶的活性、制止氧化的工序。绿茶的含水量一般在 7% 以下。"


@pytest.mark.parametrize(
    ("good", "bad", "passage"),
    [
        ("Git was created by Linus Torvalds in 2005.", "Git was created by Linus Torvalds in 2015.", GIT),
        ("Linus Torvalds created Git in 2005.", "Linus Torvalds did not create Git in 2005.", GIT),
        ("Git was made as an alternative to BitKeeper.", "Git was made as an alternative to Mercurial.", GIT),
        ("Git is one of the distributed systems.", "Photosynthesis happens in green leaves.", GIT),
        ("杀青用高温破坏酶的活性。", "杀青用低温保护酶的活性。", TEA),
        ("绿茶的含水量一般在 7% 以下。", "绿茶的含水量一般在 17% 以下。", TEA),
        ("杀青是制止氧化的工序。", "杀青不是制止氧化的工序。", TEA),
    ],
)
def test_a_true_sentence_scores_clearly_above_a_changed_one(good: str, bad: str, passage: str) -> None:
    assert support(good, [passage]) > support(bad, [passage]) + 0.2


def test_the_authors_own_sentence_is_carried_and_an_empty_passage_carries_nothing() -> None:
    assert support(GIT, ["Before. " + GIT + " After."]) == 1.0
    assert support(TEA.split("。")[0] + "。", [TEA]) == 1.0
    assert support(GIT, []) == 0.0 and support(GIT, [" "]) == 0.0


def test_two_passages_carry_a_sentence_together() -> None:
    left, right = "The Moon orbits the Earth in 27.3 days.", "The Earth orbits the Sun in 365 days."
    both = "The Moon orbits the Earth in 27.3 days and the Earth orbits the Sun in 365 days."
    assert support(both, [left, right]) > support(both, [left])


def test_a_model_is_asked_when_one_is_given() -> None:
    class Score:
        def __init__(self, log_prob: float) -> None:
            self.log_prob, self.tokens = log_prob, 10

    class Model:
        def __init__(self, gain: float) -> None:
            self.gain = gain

        def score(self, prompt: str, texts: list[str]) -> list[Score]:
            return [Score(-30.0 + (self.gain if "BitKeeper" in prompt else 0.0)) for _ in texts]

    sentence = "Linus Torvalds created Git."
    assert support(sentence, [GIT], Model(25.0)) > support(sentence, [GIT], Model(-5.0))


FLOORS = {
    "all": 0.91,
    "number": 0.96,
    "negation": 0.93,
    "name": 0.9,
    "comparison": 0.92,
    "cause": 0.87,
    "roles": 0.84,
    "scope": 0.86,
}
"""Of all pairs; the fresh ones, to which nothing was fitted, have a floor of their own."""
FRESH = 0.89


@pytest.mark.parametrize("language", LANGUAGES)
def test_faithful_sentences_are_told_from_unfaithful_ones(language: str) -> None:
    asked = pairs(language)
    assert len(asked) >= 400 and {pair.split for pair in asked} == {"dev", "held-out", "fresh"}
    scores = [support(pair.sentence, pair.passages) for pair in asked]
    found = aucs(asked, scores)
    assert all(found[kind] >= floor for kind, floor in FLOORS.items()), found
    fresh = [index for index, pair in enumerate(asked) if pair.split == "fresh"]
    assert aucs([asked[index] for index in fresh], [scores[index] for index in fresh])["all"] >= FRESH


@pytest.mark.parametrize(
    ("sentence", "passage"),
    [
        (
            "**Rods**: the light cells for the night.",
            "- The **rods** are the light cells for the night. They see no\n  colour.",
        ),
        ("Read the [manual](x.md) before you start.", "Read the [manual](../notes/manual.md) before\nyou *start*."),
        (
            "The heap is a tree, and its root is the smallest.",
            "The heap is a tree, as we saw, and its root is the smallest.",
        ),
        ("The moon is a rock. The sun is a star.", "The sun is a star. The moon is a rock."),
        ("**杀青**：用高温破坏酶的活性、制止氧化的工序。", TEA),
        ("叶子摊开萎凋，然后揉捻。", "叶子摊开萎凋（图 3），\n然后揉捻。"),
        ("Well, that is so.", "Something else."),
        (
            "**训练误差**：模型在训练数据集上计算得到的误差。",
            "*训练误差*（training error）是指，模型在训练数据集上计算得到的误差。*泛化误差*是指，误差的期望。",
        ),
        (
            "**Osmosis**: the diffusion of water through a membrane.",
            "Cells drink. *Osmosis* is the diffusion of water through a membrane, which costs nothing.",
        ),
        ("**Tip**: save the file often.", "Work in small steps. Save the file often."),
    ],
)
def test_the_authors_own_words_are_carried_when_they_are_tidied(sentence: str, passage: str) -> None:
    assert support(sentence, [passage]) >= CARRIED


@pytest.mark.parametrize(
    ("sentence", "passage"),
    [
        ("Close the valve before you open the pump.", "Do not close the valve before you open the pump."),
        ("Users must log in.", "Users may log in."),
        ("The tank holds 40 l.", "The tank holds 40 ml."),
        ("The fox chased the dog.", "The dog chased the fox."),
        ("The river is longer than the canal.", "The canal is longer than the river."),
        ("所有学生都要交作业。", "有些学生要交作业。"),
        ("猫追狗。", "狗追猫。"),
        ("The loan is repaid.", "The loan is repaid only if the house is sold."),
        ("贷款会被偿还。", "如果卖掉房子，贷款会被偿还。"),
        ("偿还贷款。", "只有卖掉房子才偿还贷款。"),
        (
            "**Diffusion**: the flow of water through a membrane.",
            "*Osmosis* is the flow of water through a membrane. Diffusion is slow.",
        ),
        ("张华主持修建了京张铁路。", "京张铁路由李华主持修建。"),
        ("Green tea is left to oxidise fully.", "Green tea is steamed. Black tea is left to oxidise fully."),
        ("Tom does the test.", "| phase | owner |\n| --- | --- |\n| build | Tom |\n| test | Aisha |"),
        (
            'The "Tools" menu lets you browse to the program installed in the current directory.',
            'The "Tools" menu lets you browse to the program. It is installed once.',
        ),
        ("水箱容量为 40 升。", "水箱容量为 40 毫升。"),
        ("可以在雷雨天游泳。", "不可以在雷雨天游泳。"),
    ],
)
def test_a_changed_word_that_turns_the_sense_is_not_carried(sentence: str, passage: str) -> None:
    assert support(sentence, [passage]) < CARRIED


def test_numbers_are_the_same_in_digits_and_in_words() -> None:
    assert support("A dozen eggs cost $1,200.", ["Twelve eggs cost 1200 dollars."]) >= CARRIED
    assert support("全程十二公里，涨了百分之五。", ["全程 12 千米，涨了 5%。"]) >= CARRIED


def test_passages_without_words_carry_nothing_and_break_nothing() -> None:
    for passage in ["```\n```", "$$$", "| |", "…", "\n"]:
        assert support("The moon turns once in each orbit.", [passage]) < CARRIED
