"""The token loop on a tiny random model: rows alone and together, prefill in chunks, limits, seeds."""

from pathlib import Path

import pytest
import torch

from kcreate.core.decoding import prefill
from kcreate.core.decoding.graph import DecodeSteps
from kcreate.core.decoding.loop import TokenLoop
from kcreate.core.decoding.prefix_store import PrefixStore
from kcreate.core.decoding.request import Request
from kcreate.core.decoding.sampling import Sampling
from kcreate.core.decoding.score import score_ids
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


def store(model: Transformer, folder: Path) -> PrefixStore:
    return PrefixStore("tiny", model.spec, torch.float32, "cpu", folder)


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


@pytest.mark.parametrize("chunk", [1, 40, 1000])
def test_prefill_in_chunks_is_prefill_in_one(model: Transformer, chunk: int, monkeypatch: pytest.MonkeyPatch) -> None:
    requests = [Request(ids, 8) for ids in PROMPTS]
    plain = run(TokenLoop(model, requests, []), 5)
    monkeypatch.setattr(prefill, "CHUNK_CPU", chunk)
    assert run(TokenLoop(model, requests, []), 5) == plain


@pytest.mark.parametrize("rows", [1, 2, 3])
def test_a_waiting_request_takes_the_place_of_a_finished_one(model: Transformer, rows: int) -> None:
    requests = [Request(ids, 3 + 7 * (number % 3)) for number, ids in enumerate([*PROMPTS, *PROMPTS[:3]])]
    widths: list[int] = []
    hook = model.register_forward_pre_hook(
        lambda module, inputs: widths.append(len(inputs[0])) if inputs[0].shape[1] == 1 else None
    )
    found = run(TokenLoop(model, requests, [], rows), len(requests))
    hook.remove()
    assert found == [alone(model, request, []) for request in requests]
    steps = sum(request.max_new_tokens - 1 for request in requests)
    assert max(widths) == rows
    assert sum(widths) <= steps + 2  # nothing is computed for rows that have ended (a prompt of one token counts too)
    assert len(widths) < steps or rows == 1


def test_a_step_that_a_gpu_would_replay_gives_the_same_tokens(model: Transformer) -> None:
    steps = DecodeSteps(model)
    requests = [Request(ids, 3 + 7 * (number % 3), speculate=number == 1) for number, ids in enumerate(PROMPTS)]
    requests.append(Request(PROMPTS[0], 9, without=PROMPTS[2], contrast=0.5))
    plain = run(TokenLoop(model, requests, []), len(requests))
    for rows in (2, 3, 8, 2):
        assert run(TokenLoop(model, requests, [], rows, steps=steps), len(requests)) == plain


def test_prompts_that_begin_alike_are_computed_once(model: Transformer) -> None:
    shared = prompt(40, seed=99)
    requests = [Request(shared + ids, 6) for ids in PROMPTS[:3]] + [Request(shared, 6)]
    seen: list[tuple[int, int]] = []
    hook = model.register_forward_pre_hook(lambda module, inputs: seen.append(tuple(inputs[0].shape)))
    found = run(TokenLoop(model, requests, []), 4)
    hook.remove()
    assert seen[:2] == [(1, 40), (4, max(map(len, PROMPTS[:3])))]
    assert found == [alone(model, request, []) for request in requests]


def test_a_prompt_seen_before_starts_at_once(model: Transformer, tmp_path: Path) -> None:
    requests = [Request(prompt(100, seed=5), 6)]
    first = run(TokenLoop(model, requests, [], prefixes=store(model, tmp_path)), 1)
    assert not list(tmp_path.iterdir())  # a prompt of 100 is not worth a file

    known = store(model, tmp_path)
    long = [Request(prompt(121, seed=6), 6)]
    fresh = run(TokenLoop(model, long, [], prefixes=known), 1)
    for again in (known, known):
        seen: list[int] = []
        hook = model.register_forward_pre_hook(lambda module, inputs: seen.append(inputs[0].shape[1]))  # noqa: B023
        assert run(TokenLoop(model, long, [], prefixes=again), 1) == fresh
        hook.remove()
        assert max(seen) == 1
    assert first == run(TokenLoop(model, requests, []), 1)


def test_an_answer_is_gone_on_with_as_if_it_had_not_stopped(model: Transformer) -> None:
    for sampling in (Sampling(), Sampling(temperature=1.3, top_k=50, repetition_penalty=1.2, seed=4)):
        whole = alone(model, Request(PROMPTS[1], 30, sampling), [])[0]
        begun = alone(model, Request(PROMPTS[1], 17, sampling), [])[0]
        rest = alone(model, Request(PROMPTS[1], 30, sampling, written=begun), [])[0]
        assert [*begun, *rest] == whole


@torch.inference_mode()
def test_context_aware_decoding_amplifies_what_the_context_adds(model: Transformer) -> None:
    context, question = PROMPTS[4], PROMPTS[3]
    request = Request([*context, *question], 10, without=question, contrast=6.0)
    (tokens, _), (other, _) = run(TokenLoop(model, [request, Request(PROMPTS[0], 9)], []), 2)
    written: list[int] = []
    for token in tokens:
        seen, unseen = (model.logits(model(torch.tensor([[*ids, *written]])))[0, -1] for ids in (request.ids, question))
        assert token == int((7.0 * seen - 6.0 * unseen).argmax())
        written.append(token)
    assert other == alone(model, Request(PROMPTS[0], 9), [])[0]
    assert tokens != alone(model, Request(request.ids, 10), [])[0]


def test_steps_tell_the_log_probability_of_their_token(model: Transformer) -> None:
    request = Request(PROMPTS[1], 12, Sampling(temperature=1.5, seed=3), log_probs=True)
    steps = list(TokenLoop(model, [request], []))
    [score] = score_ids(model, PROMPTS[1], [[step.token for step in steps]])
    assert sum(step.log_prob for step in steps) == pytest.approx(score.log_prob, abs=1e-3)


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
