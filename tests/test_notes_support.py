"""Support: what the notes carry scores high, what they do not scores low, in both languages."""

import pytest

from kcreate.core import support

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
