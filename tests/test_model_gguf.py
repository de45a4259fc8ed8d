"""GGUF files made for the test: every quantisation, the kept index, the tokenizer inside, and what is refused."""

import json
from pathlib import Path
from typing import Any

import gguf
import numpy as np
import pytest
import torch

from kcreate.core.errors import ModelUnavailableError
from kcreate.core.model import gguf_index
from kcreate.core.model.checkpoint import load_checkpoint
from kcreate.core.model.dequantize import dequantize
from kcreate.core.model.gguf_file import GGUFFile
from kcreate.core.storage import cache_folder

Kind = gguf.GGMLQuantizationType
QUANTISED_BY_GGUF = ["F32", "F16", "BF16", "Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q8_0"]
UNPACKED_BY_GGUF = ["Q2_K", "Q3_K", "Q4_K", "Q5_K", "Q6_K"]


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KCREATE_CACHE", str(tmp_path / "cache"))


def permuted(weight: np.ndarray, heads: int) -> np.ndarray:
    """The rows of q or k as llama.cpp's converter stores them."""
    halves = weight.reshape(heads, 2, weight.shape[0] // heads // 2, *weight.shape[1:])
    return halves.swapaxes(1, 2).reshape(weight.shape)


def write_gguf(
    path: Path,
    folder: Path,
    kind: str = "F32",
    change: dict[str, Any] | None = None,
    extra: dict[str, np.ndarray] | None = None,
) -> None:
    """The Llama of a Hugging Face folder as a GGUF file.

    `change` replaces metadata, or drops it with None; `extra` adds tensors by their GGUF names.
    """
    from safetensors.numpy import load_file

    config = json.loads((folder / "config.json").read_text())
    weights = load_file(folder / "model.safetensors")
    bpe = json.loads((folder / "tokenizer.json").read_text())
    vocabulary = sorted(bpe["model"]["vocab"], key=bpe["model"]["vocab"].get)
    special = {token["content"] for token in bpe["added_tokens"]}
    fields: dict[str, Any] = {
        "llama.block_count": config["num_hidden_layers"],
        "llama.context_length": config["max_position_embeddings"],
        "llama.embedding_length": config["hidden_size"],
        "llama.feed_forward_length": config["intermediate_size"],
        "llama.attention.head_count": config["num_attention_heads"],
        "llama.attention.head_count_kv": config["num_key_value_heads"],
        "llama.rope.dimension_count": config["head_dim"],
        "llama.rope.freq_base": float(config["rope_theta"]),
        "llama.attention.layer_norm_rms_epsilon": config["rms_norm_eps"],
        "tokenizer.ggml.model": "gpt2",
        "tokenizer.ggml.pre": "gpt-2",
        "tokenizer.ggml.tokens": vocabulary,
        "tokenizer.ggml.token_type": [3 if token in special else 1 for token in vocabulary],
        "tokenizer.ggml.merges": [" ".join(merge) for merge in bpe["model"]["merges"]],
        "tokenizer.ggml.bos_token_id": 1,
        "tokenizer.ggml.eos_token_id": 2,
        "tokenizer.chat_template": "{{ messages[0].content }}",
    }
    change = dict(change or {})
    writer = gguf.GGUFWriter(path, change.pop("general.architecture", "llama"))
    for name, value in (fields | change).items():
        if isinstance(value, int):
            writer.add_uint32(name, value)
        elif isinstance(value, float):
            writer.add_float32(name, value)
        elif isinstance(value, str):
            writer.add_string(name, value)
        elif isinstance(value, list):
            writer.add_array(name, value)
    for name, weight in weights.items():
        add_tensor(writer, name, weight, kind, config)
    for name, weight in (extra or {}).items():
        writer.add_tensor(name, weight)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def add_tensor(writer: gguf.GGUFWriter, name: str, weight: np.ndarray, kind: str, config: dict[str, Any]) -> None:
    names = gguf.get_tensor_name_map(gguf.MODEL_ARCH.LLAMA, config["num_hidden_layers"])
    if "q_proj" in name:
        weight = permuted(weight, config["num_attention_heads"])
    if "k_proj" in name:
        weight = permuted(weight, config["num_key_value_heads"])
    layout = Kind.F32 if weight.ndim == 1 else Kind[kind]
    stored = gguf.quants.quantize(weight.astype(np.float32), layout)
    writer.add_tensor(names.get_name(name, (".weight",)), stored, raw_dtype=layout)


@pytest.mark.parametrize("kind", QUANTISED_BY_GGUF)
@torch.inference_mode()
def test_every_stored_kind_gives_transformers_logits(kind: str, tiny_llama: Path, tmp_path: Path) -> None:
    from transformers import AutoModelForCausalLM

    write_gguf(tmp_path / "model.gguf", tiny_llama, kind)
    checkpoint = load_checkpoint(tmp_path / "model.gguf")
    reference = AutoModelForCausalLM.from_pretrained(tiny_llama, dtype=torch.float32).eval()
    rounded = {
        name: torch.from_numpy(gguf.quants.dequantize(gguf.quants.quantize(weight.numpy(), Kind[kind]), Kind[kind]))
        for name, weight in reference.state_dict().items()
        if weight.ndim == 2
    }
    reference.load_state_dict(rounded, strict=False)
    ids = torch.tensor([checkpoint.tokenizer.encode("the lesson is about version control")])
    ours = checkpoint.transformer.logits(checkpoint.transformer(ids))
    assert (ours - reference(ids).logits).abs().max() < 1e-4


@pytest.mark.parametrize("kind", QUANTISED_BY_GGUF)
def test_unpacking_is_that_of_gguf(kind: str) -> None:
    values = np.random.default_rng(0).normal(size=(300, 256)).astype(np.float32)
    stored = gguf.quants.quantize(values, Kind[kind])
    ours = dequantize(torch.from_numpy(stored.reshape(-1).view(np.uint8).copy()), kind, (300, 256), torch.float32)
    assert np.array_equal(ours.numpy(), gguf.quants.dequantize(stored, Kind[kind]))


@pytest.mark.parametrize("kind", UNPACKED_BY_GGUF)
def test_k_quants_are_unpacked(kind: str) -> None:
    block, size = gguf.GGML_QUANT_SIZES[Kind[kind]]
    stored = np.random.default_rng(0).integers(0, 60, size=(6, 2 * size), dtype=np.uint8)  # small bytes: finite scales
    ours = dequantize(torch.from_numpy(stored.reshape(-1)), kind, (6, 2 * block), torch.float32)
    assert np.array_equal(ours.numpy(), gguf.quants.dequantize(stored, Kind[kind]))
    assert ours.abs().max() > 0


def test_an_unknown_kind_is_named() -> None:
    with pytest.raises(ValueError, match="Q9_X"):
        dequantize(torch.zeros(64, dtype=torch.uint8), "Q9_X", (2, 32), torch.float32)


def test_what_a_gguf_file_says_besides_weights(tiny_llama: Path, tmp_path: Path) -> None:
    write_gguf(tmp_path / "small.gguf", tiny_llama)
    checkpoint = load_checkpoint(tmp_path / "small.gguf", dtype=torch.bfloat16)
    assert checkpoint.name == "small"
    assert checkpoint.chat_template == "{{ messages[0].content }}"
    assert checkpoint.special_tokens == {"bos_token": "<|im_start|>", "eos_token": "<|im_end|>"}
    assert checkpoint.stop_ids == {0, 2}  # <|endoftext|> ends an answer too
    assert checkpoint.spec.tied
    assert checkpoint.transformer.embed_tokens.weight.dtype == torch.bfloat16


def test_linear_scaling_in_the_file_is_used(tiny_llama: Path, tmp_path: Path) -> None:
    scaling = {"llama.rope.scaling.type": "linear", "llama.rope.scaling.factor": 2.0}
    write_gguf(tmp_path / "plain.gguf", tiny_llama)
    write_gguf(tmp_path / "half.gguf", tiny_llama, change=scaling)
    plain = load_checkpoint(tmp_path / "plain.gguf").transformer.rotary.frequencies
    half = load_checkpoint(tmp_path / "half.gguf").transformer.rotary.frequencies
    assert torch.equal(plain / 2, half)


def test_frequency_divisors_in_the_file_are_used(tiny_llama: Path, tmp_path: Path) -> None:
    divisors = np.array([1, 1, 1, 2, 4, 8, 8, 8], dtype=np.float32)
    write_gguf(tmp_path / "plain.gguf", tiny_llama)
    write_gguf(tmp_path / "llama3.gguf", tiny_llama, extra={"rope_freqs.weight": divisors})
    plain = load_checkpoint(tmp_path / "plain.gguf").transformer.rotary.frequencies
    divided = load_checkpoint(tmp_path / "llama3.gguf").transformer.rotary.frequencies
    assert torch.equal(plain / torch.from_numpy(divisors), divided)


def test_the_second_load_reads_the_kept_index(
    tiny_llama: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_gguf(tmp_path / "model.gguf", tiny_llama)
    first = load_checkpoint(tmp_path / "model.gguf")
    monkeypatch.setattr(gguf, "GGUFReader", None)  # would fail if it were used
    second = load_checkpoint(tmp_path / "model.gguf")
    assert second.spec == first.spec
    assert second.stop_ids == first.stop_ids
    assert second.tokenizer.encode("lesson") == first.tokenizer.encode("lesson")
    for name, weight in first.transformer.state_dict().items():
        assert torch.equal(weight, second.transformer.state_dict()[name])


@pytest.mark.parametrize("entry", ["", "[]", "{}", '{"stamp": 1}', "tensors", "bounds"])
def test_a_broken_index_is_made_anew(entry: str, tiny_llama: Path, tmp_path: Path) -> None:
    write_gguf(tmp_path / "model.gguf", tiny_llama)
    expected = load_checkpoint(tmp_path / "model.gguf").transformer.state_dict()
    (kept,) = (cache_folder() / "index").iterdir()
    content = json.loads(kept.read_text())
    if entry == "tensors":
        content["tensors"] = {"token_embd.weight": {"kind": "F32"}}
        entry = json.dumps(content)
    elif entry == "bounds":
        content["tensors"]["token_embd.weight"]["offset"] = 10**9
        entry = json.dumps(content)
    kept.write_text(entry)
    again = load_checkpoint(tmp_path / "model.gguf").transformer.state_dict()
    assert all(torch.equal(weight, again[name]) for name, weight in expected.items())


def test_a_replaced_file_is_read_anew(tiny_llama: Path, tmp_path: Path) -> None:
    write_gguf(tmp_path / "model.gguf", tiny_llama)
    assert load_checkpoint(tmp_path / "model.gguf").spec.max_length == 256
    write_gguf(tmp_path / "model.gguf", tiny_llama, change={"llama.context_length": 999})
    assert load_checkpoint(tmp_path / "model.gguf").spec.max_length == 999


def test_it_loads_without_a_writable_cache(tiny_llama: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_gguf(tmp_path / "model.gguf", tiny_llama)
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("KCREATE_CACHE", str(tmp_path / "file"))
    assert load_checkpoint(tmp_path / "model.gguf").spec.layers == 2


@pytest.mark.parametrize("keep", [3, 10, 200, 5000, 0.5, 0.999])
def test_a_truncated_file_is_refused(keep: float, tiny_llama: Path, tmp_path: Path) -> None:
    path = tmp_path / "model.gguf"
    write_gguf(path, tiny_llama)
    whole = path.read_bytes()
    path.write_bytes(whole[: int(keep if keep > 1 else keep * len(whole))])
    with pytest.raises(ModelUnavailableError, match=r"model\.gguf .*download it again"):
        load_checkpoint(path)


@pytest.mark.parametrize("seed", range(12))
def test_a_corrupt_header_never_ends_in_a_traceback(seed: int, tiny_llama: Path, tmp_path: Path) -> None:
    path = tmp_path / "model.gguf"
    write_gguf(path, tiny_llama)
    content = bytearray(path.read_bytes())
    random = np.random.default_rng(seed)
    for position in random.integers(4, 6000, size=40):
        content[position] = random.integers(0, 256)
    path.write_bytes(content)
    with pytest.raises(ModelUnavailableError, match=r"model\.gguf"):
        load_checkpoint(path)


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"general.architecture": "mamba"}, "architecture mamba"),
        ({"llama.block_count": 3}, r"lacks the tensor blk\.2"),
        ({"llama.block_count": 10**9}, "1000000000 layers"),
        ({"llama.block_count": 1}, r"has the tensor blk\.1"),
        ({"llama.feed_forward_length": 97}, r"96×64 where 97×64"),
        ({"llama.attention.head_count": None}, r"llama\.attention\.head_count"),
        ({"llama.rope.scaling.type": "yarn"}, "yarn"),
        ({"llama.expert_count": 4}, "mixture of experts"),
        ({"llama.rope.dimension_count": 8}, "part of each head"),
        ({"tokenizer.ggml.tokens": None}, "no tokenizer"),
        ({"tokenizer.ggml.merges": None}, "broken tokenizer"),
        ({"tokenizer.ggml.merges": ["no such"]}, "broken tokenizer"),
        ({"tokenizer.ggml.model": "rwkv"}, "rwkv"),
        ({"tokenizer.ggml.pre": "martian"}, "martian"),
    ],
)
def test_what_cannot_be_honoured_is_refused(
    change: dict[str, Any], complaint: str, tiny_llama: Path, tmp_path: Path
) -> None:
    write_gguf(tmp_path / "model.gguf", tiny_llama, change=change)
    with pytest.raises(ModelUnavailableError, match=complaint):
        load_checkpoint(tmp_path / "model.gguf")


@pytest.mark.parametrize("content", [b"PK\x03\x04rest of a zip", b"\x80\x02pickle", b"<html>", b""])
def test_what_is_no_gguf_is_refused(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "model.gguf").write_bytes(content)
    complaint = "pickled" if content[:1] in (b"P", b"\x80") else "not a GGUF"
    with pytest.raises(ModelUnavailableError, match=complaint):
        GGUFFile(tmp_path / "model.gguf")


def test_the_index_is_small_and_holds_no_weights(tiny_llama: Path, tmp_path: Path) -> None:
    write_gguf(tmp_path / "model.gguf", tiny_llama)
    index = gguf_index.read_index(tmp_path / "model.gguf")
    assert "tokenizer.ggml.tokens" not in index.metadata
    (kept,) = (cache_folder() / "index").iterdir()
    assert kept.stat().st_size < 60_000 < (tmp_path / "model.gguf").stat().st_size
