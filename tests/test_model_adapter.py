"""LoRA folders that peft wrote: merged they give peft's logits; what does not fit is refused."""

import json
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file, save_file

from kcreate.core.errors import InputError
from kcreate.core.model.adapter import merge_adapter
from kcreate.core.model.checkpoint import load_checkpoint

ALL = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]
VARIANTS: dict[str, dict[str, Any]] = {
    "attention": {"target_modules": ["q_proj", "v_proj"]},
    "all": {"target_modules": ALL},
    "rslora": {"target_modules": ALL, "use_rslora": True},
    "dora": {"target_modules": ALL, "use_dora": True},
    "pattern": {"target_modules": ALL, "rank_pattern": {"model.layers.1.mlp.up_proj": 2}},
    "path": {"target_modules": r"model\.layers\.0\..*q_proj"},
    "head": {"target_modules": ["q_proj", "lm_head"]},
    "whole head": {"target_modules": ["q_proj"], "modules_to_save": ["lm_head"]},
}


def untied(tiny_llama: Path, folder: Path) -> Path:
    """The tiny model with an output head of its own."""
    folder.mkdir()
    for file in tiny_llama.iterdir():
        (folder / file.name).write_bytes(file.read_bytes())
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps(config | {"tie_word_embeddings": False}))
    weights = load_file(folder / "model.safetensors")
    weights["lm_head.weight"] = torch.randn(weights["model.embed_tokens.weight"].shape) / 8
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})
    return folder


def write_adapter(base: Path, folder: Path, **settings: Any) -> Any:
    """peft's model of `base` with a random adapter, which is saved to `folder`."""
    from peft import LoraConfig, get_peft_model
    from transformers import AutoModelForCausalLM

    torch.manual_seed(1)
    reference = AutoModelForCausalLM.from_pretrained(base, dtype=torch.float32)
    adapted = get_peft_model(reference, LoraConfig(r=4, lora_alpha=16, task_type="CAUSAL_LM", **settings))
    for name, parameter in adapted.named_parameters():
        if "lora_" in name or "modules_to_save" in name:
            torch.nn.init.normal_(parameter, std=0.2)
    adapted.save_pretrained(str(folder))
    return adapted.eval()


@pytest.mark.parametrize("settings", VARIANTS.values(), ids=VARIANTS.keys())
@torch.inference_mode()
def test_merged_it_gives_pefts_logits(settings: dict[str, Any], tiny_llama: Path, tmp_path: Path) -> None:
    base = untied(tiny_llama, tmp_path / "base")
    with torch.inference_mode(False):
        reference = write_adapter(base, tmp_path / "adapter", **settings)
        transformer = load_checkpoint(base).transformer
    names = list(transformer.state_dict())
    ids = torch.randint(0, 300, (2, 19))
    before = transformer.logits(transformer(ids))
    merge_adapter(transformer, tmp_path / "adapter")
    ours = transformer.logits(transformer(ids))
    assert (ours - reference(ids).logits).abs().max() < 1e-4
    assert (ours - before).abs().max() > 1e-2
    assert list(transformer.state_dict()) == names


def wrong_shape(adapter: Path) -> None:
    weights = load_file(adapter / "adapter_model.safetensors")
    save_file(
        {name: weight[..., :3].contiguous() for name, weight in weights.items()}, adapter / "adapter_model.safetensors"
    )


def more_layers(adapter: Path) -> None:
    weights = load_file(adapter / "adapter_model.safetensors")
    deeper = {name.replace("layers.1.", "layers.7."): weight for name, weight in weights.items()}
    save_file(deeper, adapter / "adapter_model.safetensors")


def not_finite(adapter: Path) -> None:
    weights = load_file(adapter / "adapter_model.safetensors")
    save_file({name: weight * float("nan") for name, weight in weights.items()}, adapter / "adapter_model.safetensors")


def other_modules(adapter: Path) -> None:
    change_config(adapter, target_modules=["c_attn"])


def prefix_tuning(adapter: Path) -> None:
    change_config(adapter, peft_type="PREFIX_TUNING")


def change_config(adapter: Path, **change: Any) -> None:
    path = adapter / "adapter_config.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | change))


def pickled(adapter: Path) -> None:
    torch.save(load_file(adapter / "adapter_model.safetensors"), adapter / "adapter_model.bin")
    (adapter / "adapter_model.safetensors").unlink()


def pickle_renamed(adapter: Path) -> None:
    torch.save(load_file(adapter / "adapter_model.safetensors"), adapter / "adapter_model.safetensors")


SPOILED = [
    (wrong_shape, "another model"),
    (more_layers, "another model"),
    (other_modules, "another model"),
    (not_finite, "not finite"),
    (prefix_tuning, "PREFIX_TUNING"),
    (pickled, "only pickled"),
    (pickle_renamed, "not a safetensors file"),
    (lambda adapter: (adapter / "adapter_model.safetensors").unlink(), r"no adapter_model\.safetensors"),
    (lambda adapter: (adapter / "adapter_config.json").unlink(), r"no adapter_config\.json"),
    (lambda adapter: (adapter / "adapter_config.json").write_text("{"), "damaged"),
]


@pytest.mark.parametrize(("spoil", "complaint"), SPOILED, ids=[complaint for _, complaint in SPOILED])
def test_what_does_not_fit_is_refused_and_changes_nothing(
    spoil: Any, complaint: str, tiny_llama: Path, tmp_path: Path
) -> None:
    write_adapter(tiny_llama, tmp_path / "adapter", target_modules=["q_proj", "up_proj"])
    spoil(tmp_path / "adapter")
    transformer = load_checkpoint(tiny_llama).transformer
    before = {name: weight.clone() for name, weight in transformer.state_dict().items()}
    with pytest.raises(InputError, match=complaint):
        merge_adapter(transformer, tmp_path / "adapter")
    after = transformer.state_dict()
    assert list(after) == list(before)
    assert all(torch.equal(weight, after[name]) for name, weight in before.items())


def test_a_missing_folder_is_refused(tiny_llama: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no adapter folder"):
        merge_adapter(load_checkpoint(tiny_llama).transformer, tmp_path / "nowhere")


def test_changed_embeddings_of_a_tied_model_are_refused(tiny_llama: Path, tmp_path: Path) -> None:
    write_adapter(tiny_llama, tmp_path / "adapter", target_modules=["q_proj", "embed_tokens"])
    with pytest.raises(InputError, match="embeddings"):
        merge_adapter(load_checkpoint(tiny_llama).transformer, tmp_path / "adapter")
