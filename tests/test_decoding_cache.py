"""The KV cache: what it holds after trimming, reordering, repeating and a round trip through a file."""

from dataclasses import replace
from pathlib import Path

import pytest
import torch

from kcreate.core.decoding.cache import BATCH_BYTES, KVCache, batch_positions
from kcreate.core.errors import InputError
from kcreate.core.model.spec import TransformerSpec
from kcreate.core.model.transformer import Transformer

SPEC = TransformerSpec(
    family="llama", vocab_size=97, width=32, layers=2, heads=4, kv_heads=2, head_dim=8, mlp_width=48, max_length=512
)


@pytest.fixture(scope="module")
def model() -> Transformer:
    torch.manual_seed(3)
    return Transformer(SPEC).eval()


def ids(*shape: int, seed: int = 0) -> torch.Tensor:
    return torch.randint(0, 97, shape, generator=torch.Generator().manual_seed(seed))


@torch.inference_mode()
def test_a_cached_continuation_is_the_whole_text(model: Transformer) -> None:
    text = ids(2, 40)
    cache = KVCache.empty(SPEC, rows=2, room=8)
    pieces = [model(piece, cache) for piece in text.split((17, 1, 1, 21), dim=1)]
    assert torch.allclose(torch.cat(pieces, 1), model(text), atol=1e-5)
    assert cache.lengths.tolist() == [40, 40]


@torch.inference_mode()
def test_rows_of_unequal_length_go_on_as_if_alone(model: Transformer) -> None:
    text, more, lengths = ids(3, 12), ids(3, 5, seed=1), [12, 3, 7]
    cache = KVCache.empty(SPEC, rows=3, room=4)
    model(text, cache, torch.tensor(lengths))
    assert cache.lengths.tolist() == lengths
    together = model(more, cache)
    for row, length in enumerate(lengths):
        alone = model(torch.cat((text[row, :length], more[row]))[None])
        assert torch.allclose(together[row], alone[0, length:], atol=1e-5)


@torch.inference_mode()
def test_trimming_forgets_the_end(model: Transformer) -> None:
    text, other = ids(2, 20), ids(2, 4, seed=1)
    cache = KVCache.empty(SPEC, rows=2)
    model(text, cache)
    cache.trim([9, 15])
    together = model(other, cache)
    assert torch.allclose(together[0], model(torch.cat((text[0, :9], other[0]))[None])[0, 9:], atol=1e-5)
    assert torch.allclose(together[1], model(torch.cat((text[1, :15], other[1]))[None])[0, 15:], atol=1e-5)
    with pytest.raises(ValueError, match="cannot be trimmed"):
        cache.trim(40)


@pytest.mark.parametrize("rows", [[0, 2], [3, 1, 2], [2], [2, 0, 1, 3], [1, 1, 0, 3, 3]])
def test_selected_rows_keep_their_own_positions(model: Transformer, rows: list[int]) -> None:
    text, lengths, more = ids(4, 9), torch.tensor([9, 4, 6, 2]), ids(len(rows), 3, seed=2)
    with torch.inference_mode():
        cache = KVCache.empty(SPEC, rows=4)
        model(text, cache, lengths)
    cache.select(rows)
    assert cache.rows == len(rows)
    with torch.inference_mode():
        together = model(more, cache)
        for place, row in enumerate(rows):
            whole = torch.cat((text[row, : lengths[row]], more[place]))
            assert torch.allclose(together[place], model(whole[None])[0, -3:], atol=1e-5)


@torch.inference_mode()
def test_one_prefix_serves_many_rows_and_stays_as_it_was(model: Transformer) -> None:
    prefix, more = ids(1, 11), ids(3, 4, seed=4)
    cache = KVCache.empty(SPEC, room=11)
    model(prefix, cache)
    together = model(more, cache.expanded(3, more=4))
    for row in range(3):
        assert torch.allclose(together[row], model(torch.cat((prefix[0], more[row]))[None])[0, 11:], atol=1e-5)
    assert cache.lengths.tolist() == [11]
    with pytest.raises(IndexError):
        cache.select([1])


@torch.inference_mode()
def test_a_saved_cache_serves_only_its_own_model_and_prompt(model: Transformer, tmp_path: Path) -> None:
    text, lengths, more = ids(2, 6), [6, 4], ids(2, 2, seed=5)
    tokens = [text[row, :length].tolist() for row, length in enumerate(lengths)]
    cache = KVCache.empty(SPEC, rows=2)
    model(text, cache, torch.tensor(lengths))
    path = tmp_path / "prompt.kv"
    cache.save(path, "tiny", tokens)
    loaded = KVCache.load(path, SPEC, "tiny", tokens)
    assert torch.equal(model(more, loaded), model(more, cache))

    with pytest.raises(InputError, match="another model or another prompt"):
        KVCache.load(path, SPEC, "other", tokens)
    with pytest.raises(InputError, match="another model or another prompt"):
        KVCache.load(path, SPEC, "tiny", [tokens[0], tokens[0]])
    with pytest.raises(InputError, match="number type"):
        KVCache.load(path, SPEC, "tiny", tokens, dtype=torch.bfloat16)
    path.write_bytes(path.read_bytes()[:100])
    with pytest.raises(InputError, match=r"prompt\.kv"):
        KVCache.load(path, SPEC, "tiny", tokens)
    with pytest.raises(ValueError, match="exactly the ids"):
        cache.save(path, "tiny", tokens)


def test_the_size_of_a_batch_is_bounded_by_bytes() -> None:
    per_position = 2 * 2 * 2 * 8 * 4
    assert batch_positions(SPEC, torch.float32, torch.device("cpu")) == BATCH_BYTES // per_position
    assert batch_positions(SPEC, torch.bfloat16, torch.device("cpu")) == 2 * BATCH_BYTES // per_position
    assert batch_positions(replace(SPEC, layers=10**9), torch.float32, torch.device("cpu")) == 1


def test_rows_are_added_and_placed() -> None:
    generator = torch.Generator().manual_seed(2)
    cache, other = KVCache.empty(SPEC, rows=2), KVCache.empty(SPEC, rows=2)
    for each, length in ((cache, 5), (other, 300)):
        each.update(0, *torch.randn(2, 2, 2, length, 8, generator=generator))
        each.update(1, *torch.randn(2, 2, 2, length, 8, generator=generator))
        each.advance(None, length)
    kept = cache.buffers(1)[0][1, :, :5].clone()
    cache.widen(1)
    cache.place(2, other, 1)
    cache.place(0, other, 0)
    assert cache.lengths.tolist() == [300, 5, 300]
    assert torch.equal(cache.buffers(1)[0][1, :, :5], kept)
    for layer in range(2):
        for mine, theirs in zip(cache.buffers(layer), other.buffers(layer), strict=True):
            assert torch.equal(mine[2, :, :300], theirs[1, :, :300])
            assert torch.equal(mine[0, :, :300], theirs[0, :, :300])
    cache.shorten([0, 2], 4)
    assert cache.lengths.tolist() == [296, 5, 296]
