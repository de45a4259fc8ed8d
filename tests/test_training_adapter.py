"""An adapter of ours is an adapter of peft's: same file names, same tensor names, same logits everywhere."""

import copy
import json
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from kcreate.core.model.adapter import merge_adapter
from kcreate.core.model.checkpoint import load_checkpoint
from kcreate.core.training.lora import LoraSettings, add_lora, save_adapter

SETTINGS = LoraSettings(rank=4, alpha=8)


@pytest.fixture
def saved(tiny_llama: Path, tmp_path: Path) -> tuple[torch.nn.Module, Path]:
    """Our model with a random adapter in it, and the folder the adapter was saved to."""
    transformer = load_checkpoint(tiny_llama).transformer
    torch.manual_seed(1)
    parameters = add_lora(transformer, SETTINGS)
    for parameter in parameters.values():
        torch.nn.init.normal_(parameter, std=0.1)
    save_adapter(tmp_path / "voice", dict(parameters), SETTINGS, "tiny-llama")
    return transformer, tmp_path / "voice"


def test_logits_agree_while_training_after_merging_and_in_peft_with_transformers(
    tiny_llama: Path, saved: tuple[torch.nn.Module, Path]
) -> None:
    from peft import PeftModel
    from transformers import AutoModelForCausalLM

    trained, folder = saved
    ids = torch.randint(0, 259, (2, 40), generator=torch.Generator().manual_seed(3))
    merged = load_checkpoint(tiny_llama).transformer
    base = merged.logits(merged(ids))
    merge_adapter(merged, folder)
    reference = AutoModelForCausalLM.from_pretrained(tiny_llama, dtype=torch.float32)
    reference = PeftModel.from_pretrained(reference, str(folder)).eval()
    with torch.no_grad():
        theirs = reference(ids).logits
        ours = merged.logits(merged(ids))
        in_training = trained.logits(trained(ids))
    assert (theirs - base).abs().max() > 0.1
    assert (theirs - ours).abs().max() < 1e-4
    assert (theirs - in_training).abs().max() < 1e-4


def test_the_folder_is_in_pefts_layout(saved: tuple[torch.nn.Module, Path]) -> None:
    _, folder = saved
    config = json.loads((folder / "adapter_config.json").read_text())
    assert (config["peft_type"], config["task_type"]) == ("LORA", "CAUSAL_LM")
    assert config["base_model_name_or_path"] == "tiny-llama" and config["inference_mode"] is True
    assert (config["r"], config["lora_alpha"]) == (4, 8)
    weights = load_file(folder / "adapter_model.safetensors")
    assert weights["base_model.model.model.layers.1.mlp.down_proj.lora_A.weight"].shape == (4, 96)
    assert weights["base_model.model.model.layers.0.self_attn.q_proj.lora_B.weight"].shape == (64, 4)
    assert len(weights) == 2 * 7 * 2


def test_only_the_adapter_is_trained_and_it_changes_nothing_at_first(tiny_llama: Path) -> None:
    transformer = load_checkpoint(tiny_llama).transformer
    ids = torch.arange(30)[None]
    before = transformer(ids).detach()
    parameters = add_lora(transformer, SETTINGS)
    trained = {id(parameter) for parameter in transformer.parameters() if parameter.requires_grad}
    assert trained == {id(parameter) for parameter in parameters.values()}
    assert torch.equal(transformer(ids), before)


def test_the_same_seed_gives_the_same_adapter(tiny_llama: Path) -> None:
    weights = []
    for _ in range(2):
        torch.manual_seed(5)
        weights.append(copy.deepcopy(add_lora(load_checkpoint(tiny_llama).transformer, SETTINGS)))
    assert all(torch.equal(weights[0][name], weights[1][name]) for name in weights[0])
