"""The chunked loss is the plain loss, and the schedule fits its budget."""

import math

import pytest
import torch
import torch.nn.functional as F

from kcreate.core.model.spec import TransformerSpec
from kcreate.core.model.transformer import Transformer
from kcreate.core.training.loss import cross_entropy
from kcreate.core.training.measure import HeldOut, bits_per_byte
from kcreate.core.training.plan import WARM_UP, Pace, fit, learning_rate, measure_every


@pytest.mark.parametrize("chunk", [1, 7, 100])
def test_loss_and_gradient_are_those_of_whole_logits(chunk: int) -> None:
    torch.manual_seed(0)
    head = torch.randn(50, 16)
    hidden, targets = torch.randn(31, 16, requires_grad=True), torch.randint(0, 50, (31,))
    plain = F.cross_entropy(hidden @ head.T, targets, reduction="sum")
    (wanted,) = torch.autograd.grad(plain, hidden)
    ours = cross_entropy(hidden, targets, lambda states: states @ head.T, chunk)
    (gradient,) = torch.autograd.grad(ours / 31, hidden)
    assert torch.allclose(ours, plain, rtol=1e-5)
    assert torch.allclose(gradient * 31, wanted, atol=1e-5)


def test_no_gradient_is_worked_out_where_none_is_wanted() -> None:
    hidden = torch.randn(5, 4)
    with torch.no_grad():
        loss = cross_entropy(hidden, torch.zeros(5, dtype=torch.int64), lambda states: states)
    assert not loss.requires_grad


def test_a_model_that_knows_nothing_needs_the_log_of_its_vocabulary_for_each_token() -> None:
    transformer = Transformer(
        TransformerSpec(
            "llama", vocab_size=64, width=16, layers=1, heads=2, kv_heads=1, head_dim=8, mlp_width=16, max_length=32
        )
    )
    torch.nn.init.zeros_(transformer.lm_head.weight)
    held_out = HeldOut([list(range(11)), list(range(11, 22))], bytes=40)
    assert bits_per_byte(transformer, held_out, torch.device("cpu")) == pytest.approx(20 * math.log2(64) / 40)
    assert transformer.training


def test_the_rate_warms_up_peaks_and_falls_to_nothing() -> None:
    rates = [learning_rate(1.0, step, 50) for step in range(51)]
    assert rates[0] == pytest.approx(1 / WARM_UP) and max(rates) == 1.0 == rates[WARM_UP]
    assert rates[WARM_UP:] == sorted(rates[WARM_UP:], reverse=True)
    assert rates[50] == pytest.approx(0)


def test_the_warm_up_does_not_depend_on_the_plan() -> None:
    assert [learning_rate(1.0, step, 10) for step in range(4)] == [learning_rate(1.0, step, 1000) for step in range(4)]


def test_a_run_is_planned_into_its_budget_measurements_included() -> None:
    pace = Pace(step=5.0, measurement=6.0)
    total = fit(step=3, most=10_000, budget=600, spent=30, pace=pace)
    every = measure_every(total, pace)
    took = 30 + (total - 3) * pace.step + math.ceil((total - 3) / every) * pace.measurement
    assert 0.85 * 600 < took <= 600


def test_slow_measurements_are_made_less_often() -> None:
    assert measure_every(100, Pace(step=1.0, measurement=100.0)) > measure_every(100, Pace(1.0, 1.0)) == 10


def test_a_plan_shrinks_when_the_machine_gets_slow_and_never_below_what_is_done() -> None:
    assert fit(20, 100, budget=600, spent=300, pace=Pace(5.0, 5.0), every=10) < 100
    assert fit(20, 100, budget=600, spent=900, pace=Pace(5.0, 5.0), every=10) == 20
    assert fit(3, 40, budget=60_000, spent=0, pace=Pace(1.0, 1.0)) == 40
