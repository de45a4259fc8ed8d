"""Samplers on a handful of logits: what each removes, what is drawn how often, and whose random numbers are whose."""

from collections import Counter

import pytest
import torch

from kcreate.core.decoding.sampling import (
    Sampler,
    Sampling,
    draw,
    keep_min_p,
    keep_top_k,
    keep_top_p,
    penalise,
    request_seed,
)
from kcreate.core.errors import UsageError

PROBABILITIES = torch.tensor([0.1, 0.4, 0.05, 0.3, 0.15])
LOGITS = PROBABILITIES.log()


def kept(logits: torch.Tensor) -> set[int]:
    return set(torch.isfinite(logits).nonzero().flatten().tolist())


def frequencies(sampling: Sampling, draws: int = 4000) -> list[float]:
    sampler = Sampler(sampling, [])
    counts = Counter(sampler.choose(LOGITS) for _ in range(draws))
    return [counts[token] / draws for token in range(len(LOGITS))]


def test_each_filter_keeps_the_tokens_it_should() -> None:
    assert kept(keep_top_k(LOGITS, 2)) == {1, 3}
    assert kept(keep_top_k(LOGITS, 9)) == {0, 1, 2, 3, 4}
    assert kept(keep_top_p(LOGITS, 0.5)) == {1, 3}
    assert kept(keep_top_p(LOGITS, 0.39)) == {1}
    assert kept(keep_top_p(LOGITS, 0.71)) == {1, 3, 4}
    assert kept(keep_top_p(LOGITS, 1.0)) == {0, 1, 2, 3, 4}
    assert kept(keep_min_p(LOGITS, 0.3)) == {1, 3, 4}
    assert kept(keep_min_p(LOGITS, 0.0)) == {0, 1, 2, 3, 4}


def test_a_penalty_makes_seen_tokens_less_likely_whatever_their_sign() -> None:
    logits = torch.tensor([2.0, -2.0, 1.0])
    assert penalise(logits, {0, 1}, 2.0).tolist() == [1.0, -4.0, 1.0]
    assert logits.tolist() == [2.0, -2.0, 1.0]


def test_the_interval_of_a_draw_is_its_probability() -> None:
    assert [draw(LOGITS, u) for u in (0.0, 0.09, 0.11, 0.49, 0.51, 0.56, 0.84, 0.86, 0.999)] == [
        0,
        0,
        1,
        1,
        2,
        3,
        3,
        4,
        4,
    ]
    assert draw(torch.tensor([1.0, -torch.inf]), 1 - 2**-53) == 0


def test_draws_follow_the_probabilities() -> None:
    assert frequencies(Sampling(temperature=1.0)) == pytest.approx(PROBABILITIES.tolist(), abs=0.03)
    sharp = (LOGITS / 0.5).softmax(-1).tolist()
    assert frequencies(Sampling(temperature=0.5, seed=1)) == pytest.approx(sharp, abs=0.03)
    assert frequencies(Sampling(temperature=1.0, top_k=2)) == pytest.approx([0, 4 / 7, 0, 3 / 7, 0], abs=0.03)


def test_greedy_takes_the_first_choice_and_a_penalty_can_change_it() -> None:
    assert Sampler(Sampling(), []).choose(LOGITS) == 1
    penalised = Sampler(Sampling(repetition_penalty=2.0), [1])
    assert [penalised.choose(LOGITS), penalised.choose(LOGITS)] == [3, 1]


def test_the_same_seed_draws_the_same_and_another_does_not() -> None:
    def drawn(seed: int) -> list[int]:
        sampler = Sampler(Sampling(temperature=1.0, seed=seed), [])
        return [sampler.choose(LOGITS) for _ in range(50)]

    assert drawn(5) == drawn(5)
    assert drawn(5) != drawn(6)
    assert len({request_seed(seed, index) for seed in range(10) for index in range(10)}) == 100


@pytest.mark.parametrize(
    ("name", "value"),
    [("temperature", -0.1), ("top_k", 0), ("top_p", 0.0), ("top_p", 1.1), ("min_p", 2.0), ("repetition_penalty", 0.0)],
)
def test_values_out_of_range_are_refused_by_name(name: str, value: float) -> None:
    with pytest.raises(UsageError, match=f"{name} is {value}"):
        Sampling(**{name: value})
