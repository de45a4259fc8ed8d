"""Hugging Face folders: whole and in shards, what goes with the weights, and what is refused."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file, save_file

from kcreate.core.errors import ModelUnavailableError
from kcreate.core.model.checkpoint import load_checkpoint


@pytest.fixture
def folder(tiny_llama: Path, tmp_path: Path) -> Path:
    """A copy of the tiny model that a test may spoil."""
    return Path(shutil.copytree(tiny_llama, tmp_path / "model"))


def edit(path: Path, **change: Any) -> None:
    path.write_text(json.dumps(json.loads(path.read_text()) | change))


def test_what_a_folder_says_besides_weights(folder: Path) -> None:
    (folder / "generation_config.json").write_text('{"eos_token_id": [2, 77]}')
    checkpoint = load_checkpoint(folder)
    assert checkpoint.name == "model"
    assert checkpoint.stop_ids == {0, 2, 77}
    assert checkpoint.special_tokens["eos_token"] == "<|im_end|>"
    assert checkpoint.chat_template is not None
    assert "<|im_start|>" in checkpoint.chat_template
    assert checkpoint.prefix_ids == ()
    assert not checkpoint.transformer.training


def test_the_template_may_be_a_file_of_its_own(folder: Path) -> None:
    (folder / "chat_template.jinja").write_text("{{ messages }}")
    assert load_checkpoint(folder).chat_template == "{{ messages }}"


def test_shards_give_the_same_weights(folder: Path) -> None:
    whole = load_checkpoint(folder).transformer.state_dict()
    weights = load_file(folder / "model.safetensors")
    names = list(weights)
    shards = {"model-1.safetensors": names[::2], "model-2.safetensors": names[1::2]}
    for shard, held in shards.items():
        save_file({name: weights[name] for name in held}, folder / shard)
    (folder / "model.safetensors").unlink()
    mapped = {name: shard for shard, held in shards.items() for name in held}
    (folder / "model.safetensors.index.json").write_text(json.dumps({"weight_map": mapped}))
    again = load_checkpoint(folder).transformer.state_dict()
    assert all(torch.equal(weight, again[name]) for name, weight in whole.items())
    (folder / "model-2.safetensors").unlink()
    with pytest.raises(ModelUnavailableError, match=r"model-2\.safetensors is missing"):
        load_checkpoint(folder)


def test_a_shard_outside_the_folder_is_refused(folder: Path) -> None:
    (folder / "model.safetensors.index.json").write_text('{"weight_map": {"model.norm.weight": "../x.safetensors"}}')
    with pytest.raises(ModelUnavailableError, match="not a list of shards"):
        load_checkpoint(folder)


def test_a_folder_of_transformers_4_reads_alike(folder: Path) -> None:
    edit(folder / "config.json", rope_theta=777.0, rope_scaling={"type": "linear", "factor": 2.0})
    rope = load_checkpoint(folder).spec.rope
    assert rope.theta == 777.0
    assert rope.scaling is not None
    assert (rope.scaling.kind, rope.scaling.factor) == ("linear", 2.0)


def test_weights_of_the_bare_model_load(folder: Path) -> None:
    weights = load_file(folder / "model.safetensors")
    whole = load_checkpoint(folder).transformer.state_dict()
    save_file({name.removeprefix("model."): weight for name, weight in weights.items()}, folder / "model.safetensors")
    again = load_checkpoint(folder).transformer.state_dict()
    assert all(torch.equal(weight, again[name]) for name, weight in whole.items())


def drop_tensor(folder: Path) -> None:
    weights = load_file(folder / "model.safetensors")
    del weights["model.layers.1.mlp.up_proj.weight"]
    save_file(weights, folder / "model.safetensors")


def add_tensor(folder: Path) -> None:
    weights = load_file(folder / "model.safetensors")
    save_file(weights | {"model.layers.0.self_attn.q_norm.weight": torch.ones(16)}, folder / "model.safetensors")


def reshape_tensor(folder: Path) -> None:
    weights = load_file(folder / "model.safetensors")
    save_file(weights | {"model.norm.weight": torch.ones(65)}, folder / "model.safetensors")


def whole_numbers(folder: Path) -> None:
    weights = load_file(folder / "model.safetensors")
    save_file({name: weight.to(torch.int8) for name, weight in weights.items()}, folder / "model.safetensors")


def cut(folder: Path) -> None:
    content = (folder / "model.safetensors").read_bytes()
    (folder / "model.safetensors").write_bytes(content[:-100])


def pickle_renamed(folder: Path) -> None:
    torch.save({"model.norm.weight": torch.ones(64)}, folder / "model.safetensors")


def pickle_only(folder: Path) -> None:
    (folder / "model.safetensors").unlink()
    torch.save({}, folder / "pytorch_model.bin")


SPOILED: list[tuple[Callable[[Path], object], str]] = [
    (drop_tensor, r"lacks the tensor model\.layers\.1\.mlp\.up_proj\.weight"),
    (add_tensor, r"q_norm\.weight, for which a llama model has no place"),
    (reshape_tensor, r"model\.norm\.weight in the shape 65 where 64 is due"),
    (whole_numbers, "int8"),
    (cut, "cut short"),
    (pickle_renamed, "not a safetensors file"),
    (pickle_only, r"only as pytorch_model\.bin"),
    (lambda folder: (folder / "model.safetensors").unlink(), "holds no weights"),
    (lambda folder: (folder / "config.json").unlink(), r"no config\.json"),
    (lambda folder: (folder / "config.json").write_text("{"), "no valid JSON"),
    (lambda folder: (folder / "config.json").write_text("[]"), "no JSON object"),
    (lambda folder: (folder / "tokenizer.json").unlink(), r"no tokenizer\.json"),
    (lambda folder: (folder / "tokenizer.json").write_text("{}"), r"tokenizer\.json holds no tokenizer"),
    (lambda folder: edit(folder / "config.json", model_type="t5"), "architecture t5"),
    (lambda folder: edit(folder / "config.json", hidden_act="mish"), "mish"),
    (lambda folder: edit(folder / "config.json", num_key_value_heads=3), "cannot share"),
    (lambda folder: edit(folder / "config.json", hidden_size="wide"), "cannot be loaded"),
    (lambda folder: edit(folder / "config.json", quantization_config={"bits": 4}), "quantised"),
    (lambda folder: edit(folder / "config.json", rope_scaling={"rope_type": "yarn", "factor": 2}), "yarn"),
]


@pytest.mark.parametrize(("spoil", "complaint"), SPOILED, ids=[complaint for _, complaint in SPOILED])
def test_a_spoiled_folder_is_refused_in_one_sentence(
    folder: Path, spoil: Callable[[Path], object], complaint: str
) -> None:
    spoil(folder)
    with pytest.raises(ModelUnavailableError, match=complaint) as refusal:
        load_checkpoint(folder)
    assert str(folder) in str(refusal.value)
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize("suffix", [".bin", ".pt", ".pth", ".ckpt"])
def test_pickled_files_are_never_opened(tmp_path: Path, suffix: str) -> None:
    (tmp_path / f"model{suffix}").write_bytes(b"\x80\x02")
    with pytest.raises(ModelUnavailableError, match="pickled"):
        load_checkpoint(tmp_path / f"model{suffix}")


def test_a_path_to_nothing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailableError, match="is not there"):
        load_checkpoint(tmp_path / "nowhere.gguf")
