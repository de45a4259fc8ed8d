"""Our transformer against transformers' on tiny random Llamas: prefill, cached decode, unequal rows, windows."""

from pathlib import Path
from typing import Any

import pytest
import torch

from kcreate.core.decoding.cache import KVCache
from kcreate.core.model.checkpoint import Checkpoint, load_checkpoint
from kcreate.core.model.spec import TransformerSpec
from kcreate.core.model.transformer import Transformer

LLAMA3 = {
    "rope_type": "llama3",
    "rope_theta": 500.0,
    "factor": 8.0,
    "low_freq_factor": 1.0,
    "high_freq_factor": 4.0,
    "original_max_position_embeddings": 32,
}
VARIANTS: dict[str, dict[str, Any]] = {
    "plain": {},
    "one head each": {"num_key_value_heads": 4},
    "one head for all": {"num_key_value_heads": 1},
    "tied": {"tie_word_embeddings": True},
    "biased": {"attention_bias": True, "mlp_bias": True},
    "attention biased, tied": {"attention_bias": True, "tie_word_embeddings": True},
    "wide heads": {"head_dim": 24},
    "llama3 scaling": {"rope_parameters": LLAMA3},
    "linear scaling": {"rope_parameters": {"rope_type": "linear", "factor": 4.0, "rope_theta": 1000.0}},
    "gelu": {"hidden_act": "gelu_pytorch_tanh"},
}


@pytest.fixture(params=VARIANTS.values(), ids=VARIANTS.keys())
def pair(request: pytest.FixtureRequest, tmp_path: Path, tiny_llama: Path) -> tuple[Checkpoint, Any]:
    """A random Llama as we load it from its folder, and transformers' own."""
    from transformers import LlamaConfig, LlamaForCausalLM

    sizes = {"vocab_size": 120, "hidden_size": 64, "intermediate_size": 96, "num_hidden_layers": 3}
    heads = {"num_attention_heads": 4, "num_key_value_heads": 2, "max_position_embeddings": 256}
    return save_and_load(LlamaForCausalLM(LlamaConfig(**(sizes | heads | request.param))), tmp_path, tiny_llama)


def save_and_load(reference: Any, folder: Path, tokenizer: Path) -> tuple[Checkpoint, Any]:
    """Random weights that are not near zero, biases included, through files."""
    torch.manual_seed(0)
    for name, parameter in reference.named_parameters():
        torch.nn.init.normal_(parameter, mean=float("norm" in name), std=0.2)
    reference.save_pretrained(folder)
    for name in ("tokenizer.json", "tokenizer_config.json"):
        (folder / name).write_bytes((tokenizer / name).read_bytes())
    return load_checkpoint(folder), reference.eval()


def difference(ours: torch.Tensor, theirs: torch.Tensor) -> float:
    return (ours - theirs).abs().max().item()


@torch.inference_mode()
def test_prefill_agrees(pair: tuple[Checkpoint, Any]) -> None:
    checkpoint, reference = pair
    ids = torch.randint(0, 120, (3, 41))
    ours = checkpoint.transformer.logits(checkpoint.transformer(ids))
    assert ours.shape == (3, 41, 120)
    assert difference(ours, reference(ids).logits) < 1e-4


@torch.inference_mode()
def test_cached_decode_agrees(pair: tuple[Checkpoint, Any]) -> None:
    checkpoint, reference = pair
    transformer = checkpoint.transformer
    ids = torch.randint(0, 120, (2, 30))
    cache = KVCache.empty(checkpoint.spec, rows=2)
    steps = [ids[:, :13], ids[:, 13:20], *ids[:, 20:].split(1, dim=1)]  # prefill, a second chunk, token by token
    hidden = torch.cat([transformer(step, cache) for step in steps], dim=1)
    assert difference(transformer.logits(hidden), reference(ids).logits) < 1e-4
    assert cache.lengths.tolist() == [30, 30]


@torch.inference_mode()
def test_unequal_rows_agree_with_each_alone(pair: tuple[Checkpoint, Any]) -> None:
    checkpoint, reference = pair
    transformer = checkpoint.transformer
    rows = [torch.randint(0, 120, (length,)) for length in (9, 17, 4)]
    first = [7, 12, 1]
    cache = KVCache.empty(checkpoint.spec, rows=3)
    seen: list[list[torch.Tensor]] = [[], [], []]
    for begins, ends in (([0, 0, 0], first), (first, [len(row) for row in rows])):
        counts = torch.tensor(ends) - torch.tensor(begins)
        padded = torch.zeros(3, int(counts.max()), dtype=torch.int64)
        for index, row in enumerate(rows):
            padded[index, : counts[index]] = row[begins[index] : ends[index]]
        hidden = transformer(padded, cache, counts)
        for index in range(3):
            seen[index].append(hidden[index, : counts[index]])
    for row, parts in zip(rows, seen, strict=True):
        assert difference(transformer.logits(torch.cat(parts)), reference(row[None]).logits[0]) < 1e-4


@pytest.mark.parametrize("window", [5, 64])
@torch.inference_mode()
def test_mistral_window_agrees(window: int, tmp_path: Path, tiny_llama: Path) -> None:
    from transformers import MistralConfig, MistralForCausalLM

    config = MistralConfig(
        vocab_size=120,
        hidden_size=64,
        intermediate_size=96,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=2,
        head_dim=16,
        sliding_window=window,
        max_position_embeddings=256,
    )
    checkpoint, reference = save_and_load(MistralForCausalLM(config), tmp_path, tiny_llama)
    transformer = checkpoint.transformer
    assert checkpoint.spec.window == window
    ids = torch.randint(0, 120, (2, 20))
    theirs = reference(ids).logits
    assert difference(transformer.logits(transformer(ids)), theirs) < 1e-4
    cache = KVCache.empty(checkpoint.spec, rows=2)
    hidden = torch.cat([transformer(step, cache) for step in (ids[:, :9], *ids[:, 9:].split(1, dim=1))], dim=1)
    assert difference(transformer.logits(hidden), theirs) < 1e-4


def test_gradients_agree(pair: tuple[Checkpoint, Any]) -> None:
    checkpoint, reference = pair
    ids = torch.randint(0, 120, (2, 11))
    transformer = checkpoint.transformer
    transformer.logits(transformer(ids)).logsumexp(-1).sum().backward()  # type: ignore[no-untyped-call]
    reference(ids).logits.logsumexp(-1).sum().backward()
    ours = transformer.get_parameter("layers.0.self_attn.k_proj.weight").grad
    theirs = reference.model.layers[0].self_attn.k_proj.weight.grad
    assert ours is not None
    assert difference(ours, theirs) < 1e-3 * max(1.0, theirs.abs().max().item())


def test_frequencies_stay_exact_when_the_model_is_cast() -> None:
    spec = TransformerSpec("llama", 10, 16, 1, 2, 2, 8, 16, 64)
    transformer = Transformer(spec)
    before = transformer.rotary.frequencies.clone()
    transformer.to(torch.bfloat16)
    assert transformer.rotary.frequencies.dtype == torch.float32
    assert torch.equal(transformer.rotary.frequencies, before)
    assert transformer(torch.tensor([[1, 2, 3]])).dtype == torch.bfloat16


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"kv_heads": 3}, "cannot share"),
        ({"head_dim": 7}, "even"),
        ({"layers": 0}, "layers"),
        ({"window": 0}, "window"),
    ],
)
def test_impossible_specs_are_refused(change: dict[str, int], complaint: str) -> None:
    sizes = {"vocab_size": 9, "width": 8, "layers": 1, "heads": 2, "kv_heads": 2, "head_dim": 4, "mlp_width": 8}
    with pytest.raises(ValueError, match=complaint):
        TransformerSpec(family="llama", max_length=16, **(sizes | change))
