"""Decode steps over a cache of fixed size: the same tokens as a plain loop, rows that come and go, room that ends."""

import sys
from contextlib import nullcontext
from types import ModuleType

import pytest
import torch
from torch import nn

from kcreate.core.decoding.cache import KVCache
from kcreate.core.decoding.graph import DecodeStep, DecodeSteps, fastest_operators
from kcreate.core.decoding.static_cache import StaticKVCache
from kcreate.core.model.operators import Operators
from kcreate.core.model.spec import TransformerSpec
from kcreate.core.model.transformer import Transformer

SIZES = {"vocab_size": 97, "width": 32, "layers": 2, "heads": 4, "kv_heads": 2, "head_dim": 8, "mlp_width": 48}


def model_with(window: int | None = None) -> Transformer:
    torch.manual_seed(3)
    return Transformer(TransformerSpec(family="llama", max_length=512, window=window, **SIZES)).eval()


def ids(length: int, seed: int) -> list[int]:
    return torch.randint(0, 97, (length,), generator=torch.Generator().manual_seed(seed)).tolist()


def prefilled(model: Transformer, prompt: list[int]) -> tuple[KVCache, int]:
    """A cache of the prompt, and the likeliest token behind it."""
    cache = KVCache.empty(model.spec)
    with torch.inference_mode():
        hidden = model(torch.tensor([prompt]), cache)
        return cache, int(model.logits(hidden[0, -1]).argmax())


def alone(model: Transformer, prompt: list[int], count: int) -> list[int]:
    """The prompt's likeliest continuation by plain calls."""
    cache, token = prefilled(model, prompt)
    tokens = [token]
    with torch.inference_mode():
        while len(tokens) < count:
            hidden = model(torch.tensor([tokens[-1:]]), cache)
            tokens.append(int(model.logits(hidden[0, -1]).argmax()))
    return tokens


@pytest.mark.parametrize("window", [None, 6])
def test_steps_write_what_each_row_would_alone(window: int | None) -> None:
    model = model_with(window)
    prompts = [ids(9, 1), ids(4, 2), ids(17, 3)]
    step = DecodeStep(model, StaticKVCache(model.spec, 4, 40))
    texts = []
    for row, prompt in enumerate(prompts):
        cache, token = prefilled(model, prompt)
        step.cache.widen(1)
        step.cache.place(row, cache)
        texts.append([token])
    for turn in range(12):
        step([text[-1] for text in texts] if turn % 2 == 0 else None)
        for text, token in zip(texts, step.likeliest(), strict=True):
            text.append(token)
    assert texts == [alone(model, prompt, 13) for prompt in prompts]
    assert step.cache.lengths.tolist() == [21, 16, 29]
    assert step.cache.positions.tolist() == [21, 16, 29, 0]


def test_rows_leave_and_others_take_their_place() -> None:
    model = model_with()
    step = DecodeStep(model, StaticKVCache(model.spec, 2, 64))
    prompts = [ids(5, 1), ids(11, 2), ids(7, 3)]
    texts = {}
    step.cache.widen(2)
    for row in (0, 1):
        cache, token = prefilled(model, prompts[row])
        step.cache.place(row, cache)
        texts[row] = [token]

    def go_on(rows: list[int], turns: int) -> None:
        for _ in range(turns):
            step([texts[row][-1] for row in rows])
            for row, token in zip(rows, step.likeliest(), strict=True):
                texts[row].append(token)

    go_on([0, 1], 4)
    step.cache.select([1])
    go_on([1], 3)
    cache, token = prefilled(model, prompts[2])
    step.cache.widen(1)
    step.cache.place(1, cache)
    texts[2] = [token]
    go_on([1, 2], 5)
    assert texts == {0: alone(model, prompts[0], 5), 1: alone(model, prompts[1], 13), 2: alone(model, prompts[2], 6)}


@torch.inference_mode()
def test_several_tokens_at_once_go_between_steps() -> None:
    model, text = model_with(), ids(20, 1)
    step = DecodeStep(model, StaticKVCache(model.spec, 1, 32))
    step.cache.widen(1)
    model(torch.tensor([text[:8]]), step.cache)
    first = step([text[8]]).clone()
    middle = model.logits(model(torch.tensor([text[9:19]]), step.cache))[0]
    last = step([text[19]])
    every = model.logits(model(torch.tensor([text])))[0]
    assert torch.allclose(torch.cat((first, middle, last)), every[8:], atol=1e-4)


def test_wrong_guesses_can_be_taken_back() -> None:
    model, text = model_with(), ids(9, 1)
    step = DecodeStep(model, StaticKVCache(model.spec, 1, 32))
    step.cache.widen(1)
    with torch.inference_mode():
        model(torch.tensor([text]), step.cache)
    expected = step([3]).clone()
    step([90])
    step.cache.shorten([0], 2)
    assert torch.equal(step([3]), expected)


def test_room_and_capacity_end_with_an_error() -> None:
    model = model_with()
    step = DecodeStep(model, StaticKVCache(model.spec, 1, 3))
    step.cache.widen(1)
    for _ in range(3):
        step([5])
    with pytest.raises(ValueError, match="room for 3"):
        step([5])
    with pytest.raises(ValueError, match="cache for 1"):
        step.cache.widen(1)
    with pytest.raises(ValueError, match="2 tokens for 1 rows"):
        step.cache.shorten([0], 1)
        step([1, 2])


def test_a_step_is_used_again_where_it_fits() -> None:
    steps = DecodeSteps(model_with())
    first = steps.take(3, 100)
    assert (first.cache.capacity, first.cache.room, first.cache.rows) == (4, 512, 0)
    first.cache.widen(3)
    first([1, 2, 3])
    steps.give_back(first)
    again = steps.take(4, 500)
    assert again is first
    assert again.cache.rows == 0
    assert again.cache.positions.tolist() == [0, 0, 0, 0]
    assert steps.take(4, 500) is not first
    steps.give_back(first)
    assert steps.take(8, 500) is not first


@pytest.mark.parametrize(
    ("capability", "kind"), [((9, 0), "own"), ((9, 0), "wrong"), ((9, 0), "broken"), ((7, 5), "own")]
)
def test_a_gpus_own_operations_serve_where_they_compute_what_torchs_do(
    capability: tuple[int, int], kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Own(Operators):
        def __init__(self, device: torch.device) -> None:
            self.device = device

        def add_projected(self, stream: torch.Tensor, inputs: torch.Tensor, projection: nn.Module) -> torch.Tensor:
            if kind == "broken":
                raise RuntimeError("no compiler")
            return super().add_projected(stream, -inputs if kind == "wrong" else inputs, projection)

    module = ModuleType("kcreate.core.model.triton_operators")
    module.TritonOperators = Own  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, module.__name__, module)
    monkeypatch.setattr(torch.cuda, "get_device_capability", lambda device: capability)
    model = model_with()

    def run() -> torch.Tensor:
        with torch.inference_mode():
            return model.logits(model(torch.tensor([[4, 8, 15]])))

    expects_warning = capability[0] >= 8 and kind != "own"
    with pytest.warns(UserWarning, match="torch's serve") if expects_warning else nullcontext():
        chosen = fastest_operators(model, run, torch.device("cpu"))
    assert isinstance(chosen, Own) == (kind == "own" and capability == (9, 0))
