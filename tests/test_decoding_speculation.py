"""Speculation by prompt lookup: the same tokens in fewer forwards, under greedy choice and under sampling."""

import math
from collections import Counter

import pytest
import torch

from kcreate.core.decoding import loop as loop_module
from kcreate.core.decoding.lookup import PATIENCE, Lookup
from kcreate.core.decoding.loop import TokenLoop
from kcreate.core.decoding.request import Request
from kcreate.core.decoding.sampling import Sampling
from kcreate.core.model.spec import TransformerSpec
from kcreate.core.model.transformer import Transformer

SPEC = TransformerSpec(
    family="llama", vocab_size=24, width=32, layers=2, heads=4, kv_heads=2, head_dim=8, mlp_width=48, max_length=400
)


@pytest.fixture(scope="module")
def model() -> Transformer:
    torch.manual_seed(5)
    return Transformer(SPEC).eval()


def prompt(length: int, seed: int) -> list[int]:
    return torch.randint(0, 24, (length,), generator=torch.Generator().manual_seed(seed)).tolist()


def tokens_of(model: Transformer, requests: list[Request]) -> tuple[list[list[int]], int]:
    """The tokens of each request, and how many forwards they took."""
    forwards = 0

    def count(*_: object) -> None:
        nonlocal forwards
        forwards += 1

    hook = model.register_forward_pre_hook(count)
    found: list[list[int]] = [[] for _ in requests]
    for step in TokenLoop(model, requests, [23]):
        found[step.row].append(step.token)
    hook.remove()
    return found, forwards


def test_a_lookup_proposes_what_followed_the_longest_context_it_knows() -> None:
    lookup = Lookup([[7, 8, 9, 10, 11]], [1, 2, 3, 4, 5, 2, 3])
    assert lookup.propose(3) == [4, 5, 2]
    lookup.push(9)
    assert lookup.propose(3) == []  # 3, 9 was never seen
    for token in (8, 9):
        lookup.push(token)
    assert lookup.propose(8) == [10, 11]  # from the source
    lookup.push(10)
    lookup.push(12)
    lookup.push(9)
    lookup.push(10)
    assert lookup.propose(1) == [12]  # the same context, later


def test_wrong_guesses_make_a_lookup_pause_longer_and_a_right_one_ends_it() -> None:
    lookup = Lookup([], [1, 2, 3, 1, 2])
    pauses = []
    for _ in range(8):
        assert lookup.propose(1) == [3]
        lookup.judge(0)
        pauses.append(0)
        while not lookup.propose(1):
            pauses[-1] += 1
        lookup._rest = 0
    assert pauses == [1, 2, 4, 8, 16, 32, PATIENCE, PATIENCE]
    lookup.judge(1)
    assert lookup.propose(1) == [3]


@pytest.mark.parametrize("sampling", [Sampling(), Sampling(temperature=0.6, top_k=8, repetition_penalty=1.05, seed=9)])
@pytest.mark.parametrize("rows", [1, 3, 8])
def test_speculation_changes_no_token(model: Transformer, sampling: Sampling, rows: int) -> None:
    ids = [prompt(20 + 3 * row, row) for row in range(rows)]
    plain, alone = tokens_of(model, [Request(one, 90, sampling) for one in ids])
    sources = [tokens[3:] for tokens in plain]  # so that guesses are often right, and at times wrong
    guessed, together = tokens_of(model, [Request(one, 90, sampling, speculate=True, sources=sources) for one in ids])
    assert guessed == plain
    assert together < alone * 0.8


def test_speculation_goes_with_a_context_to_amplify(model: Transformer) -> None:
    request = Request(prompt(60, 1), 60, without=prompt(9, 2), contrast=0.5)
    [plain], alone = tokens_of(model, [request])
    guessing = Request(request.ids, 60, without=request.without, contrast=0.5, speculate=True, sources=[plain])
    assert tokens_of(model, [guessing])[0] == [plain]
    assert tokens_of(model, [guessing])[1] < alone


def test_wrong_guesses_never_change_a_token(model: Transformer, monkeypatch: pytest.MonkeyPatch) -> None:
    noise = torch.Generator().manual_seed(0)
    monkeypatch.setattr(
        loop_module.Lookup,
        "propose",
        lambda self, count: torch.randint(0, 24, (count,), generator=noise).tolist(),
    )
    request = Request(prompt(30, 4), 80, Sampling(temperature=0.9, seed=1))
    plain, _ = tokens_of(model, [request])
    assert tokens_of(model, [Request(request.ids, 80, request.sampling, speculate=True)])[0] == plain


def test_sampling_with_speculation_keeps_the_distribution(model: Transformer) -> None:
    """Pairs of tokens over 3,000 seeds against their exact probabilities, by Pearson's chi-squared test.

    The bound is three standard deviations above the mean of the distribution.
    """
    ids, runs = prompt(12, 8), 3000
    requests = [
        Request(ids, 2, Sampling(temperature=1.4, top_k=4, seed=seed), speculate=True, sources=[[*ids[-2:], 3, 5]])
        for seed in range(runs)
    ]
    found = Counter(tuple(tokens) for tokens in tokens_of(model, requests)[0])
    expected: dict[tuple[int, ...], float] = {}
    with torch.inference_mode():
        for first, likely in _choices(model, ids).items():
            if first == 23:
                expected[(first,)] = likely
                continue
            for second, then in _choices(model, [*ids, first]).items():
                expected[first, second] = likely * then
    assert set(found) <= set(expected)
    statistic = sum((found[pair] - runs * share) ** 2 / (runs * share) for pair, share in expected.items())
    freedom = len(expected) - 1
    assert statistic < freedom + 3 * math.sqrt(2 * freedom)


def _choices(model: Transformer, ids: list[int]) -> dict[int, float]:
    logits = model.logits(model(torch.tensor([ids])))[0, -1].double() / 1.4
    top = logits.topk(4)
    return dict(zip(top.indices.tolist(), top.values.softmax(-1).tolist(), strict=True))
