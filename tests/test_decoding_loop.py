"""The token loop on a tiny random model: rows alone and together, prefill in chunks, limits, seeds."""

import pytest
import torch

from kcreate.core.decoding.cache import KVCache
from kcreate.core.decoding.loop import Request, TokenLoop
from kcreate.core.decoding.sampling import Sampling
from kcreate.core.errors import InputError, UsageError
from kcreate.core.model.spec import TransformerSpec
from kcreate.core.model.transformer import Transformer

SPEC = TransformerSpec(
    family="llama", vocab_size=97, width=32, layers=2, heads=4, kv_heads=2, head_dim=8, mlp_width=48, max_length=128
)


@pytest.fixture(scope="module")
def model() -> Transformer:
    torch.manual_seed(3)
    return Transformer(SPEC).eval()


def prompt(length: int, seed: int = 0) -> list[int]:
    return torch.randint(0, 97, (length,), generator=torch.Generator().manual_seed(seed)).tolist()


PROMPTS = [prompt(length, seed=length) for length in (5, 31, 1, 18, 64)]


def run(loop: TokenLoop, rows: int) -> list[tuple[list[int], str | None]]:
    tokens: list[list[int]] = [[] for _ in range(rows)]
    finish: list[str | None] = [None] * rows
    for step in loop:
        assert finish[step.row] is None, "a finished row got another token"
        tokens[step.row].append(step.token)
        finish[step.row] = step.finish
    return list(zip(tokens, finish, strict=True))


def alone(model: Transformer, request: Request, stops: list[int]) -> tuple[list[int], str | None]:
    return run(TokenLoop(model, [request], stops), 1)[0]


@torch.inference_mode()
def test_greedy_takes_the_likeliest_token_of_the_whole_text(model: Transformer) -> None:
    tokens, finish = alone(model, Request(PROMPTS[0], 12), [])
    text = list(PROMPTS[0])
    for token in tokens:
        assert token == int(model.logits(model(torch.tensor([text])))[0, -1].argmax())
        text.append(token)
    assert (len(tokens), finish) == (12, "length")


def test_rows_of_a_batch_get_what_they_get_alone(model: Transformer) -> None:
    plain = [alone(model, Request(ids, 30), [])[0] for ids in PROMPTS]
    stops = [next(token for token in plain[0][2:] if any(token not in tokens for tokens in plain))]
    requests = [Request(ids, 30 - 4 * row) for row, ids in enumerate(PROMPTS)]
    together = run(TokenLoop(model, requests, stops), len(requests))
    assert together == [alone(model, request, stops) for request in requests]
    assert {finish for _, finish in together} == {"stop", "length"}
    assert together[0][0][-1] in stops


@pytest.mark.parametrize("chunk", [1, 7, 16, 1000])
def test_prefill_in_chunks_is_prefill_in_one(model: Transformer, chunk: int) -> None:
    requests = [Request(ids, 8) for ids in PROMPTS]
    assert run(TokenLoop(model, requests, [], prefill_chunk=chunk), 5) == run(TokenLoop(model, requests, []), 5)


def test_what_a_cache_holds_already_is_not_computed_again(model: Transformer) -> None:
    shared = prompt(40, seed=99)
    requests = [Request(shared + ids, 6) for ids in PROMPTS[:3]] + [Request(shared, 6)]
    cache = KVCache.empty(SPEC)
    with torch.inference_mode():
        model(torch.tensor([shared]), cache)
    seen: list[int] = []
    hook = model.register_forward_pre_hook(lambda module, inputs: seen.append(inputs[0].shape[1]))
    found = run(TokenLoop(model, requests, [], cache.expanded(4)), 4)
    hook.remove()
    assert seen[0] == max(map(len, PROMPTS[:3]))
    assert found == [alone(model, request, []) for request in requests]


def test_a_row_ended_by_the_caller_leaves_the_batch(model: Transformer) -> None:
    loop = TokenLoop(model, [Request(ids, 10) for ids in PROMPTS], [])
    rows = []
    for step in loop:
        rows.append(step.row)
        if step.row == 1:
            loop.end(1)
    assert rows.count(1) == 1
    assert rows.count(0) == rows.count(4) == 10


def test_an_answer_ends_where_the_models_positions_end(model: Transformer) -> None:
    tokens, finish = alone(model, Request(prompt(120), 50), [])
    assert (len(tokens), finish) == (8, "length")
    with pytest.raises(InputError, match=r"200 tokens.*128"):
        TokenLoop(model, [Request(prompt(200))], [])
    with pytest.raises(UsageError, match="empty"):
        TokenLoop(model, [Request([])], [])
    with pytest.raises(UsageError, match="max_new_tokens is 0"):
        TokenLoop(model, [Request([1], 0)], [])


def test_no_requests_make_no_steps(model: Transformer) -> None:
    assert list(TokenLoop(model, [], [])) == []


def test_a_seed_gives_its_row_the_same_tokens_in_any_company(model: Transformer) -> None:
    requests = [
        Request(ids, 15, Sampling(temperature=1.0 + row / 4, top_k=40, top_p=0.95, min_p=0.01, seed=row))
        for row, ids in enumerate(PROMPTS)
    ]
    together = run(TokenLoop(model, requests, []), 5)
    assert together == [alone(model, request, []) for request in requests]
    other = Request(PROMPTS[0], 15, Sampling(temperature=1.0, seed=77))
    assert alone(model, other, []) != together[0]
