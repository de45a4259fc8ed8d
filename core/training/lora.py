"""Low-rank adapters (Hu et al. 2021, arXiv 2106.09685): peft's layers in our model, saved in peft's layout.

Our modules are called as in Hugging Face's Llama without the leading `model.`, so one prefix makes the two agree.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from ..model.adapter import CONFIG_FILE, WEIGHTS_FILE
from ..storage import write_bytes, write_text

TARGETS = ("q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj")

_PREFIX = "base_model.model.model."
_ADAPTER = "default"


@dataclass(frozen=True)
class LoraSettings:
    """The shape of an adapter.

    Attributes:
        rank: columns of each low-rank pair.
        alpha: the pair's product is scaled by alpha / rank.
        dropout: share of a layer's inputs dropped on the way into the pair while training.
        targets: names of the linear layers that get one; all of them learn most for their size (arXiv 2405.09673).
    """

    rank: int = 16
    alpha: int = 32
    dropout: float = 0.0
    targets: tuple[str, ...] = TARGETS

    def config(self, base: str | None = None) -> Any:
        """The same as peft's `LoraConfig`; `base` is the checkpoint the adapter belongs to."""
        from peft import LoraConfig

        return LoraConfig(
            task_type="CAUSAL_LM",
            base_model_name_or_path=base,
            r=self.rank,
            lora_alpha=self.alpha,
            lora_dropout=self.dropout,
            target_modules=list(self.targets),
        )


def add_lora(transformer: nn.Module, settings: LoraSettings) -> dict[str, nn.Parameter]:
    """Put a fresh adapter into `transformer`, freeze everything else, and return what is to be trained.

    The adapter changes nothing until it is trained (its second factors are zero); the first factors come from torch's
    random numbers.

    Returns:
        The adapter's float32 parameters under the names they have in peft's files, in the order of the layers.
    """
    from peft import inject_adapter_in_model

    inject_adapter_in_model(settings.config(), transformer, adapter_name=_ADAPTER)
    parameters: dict[str, nn.Parameter] = {}
    for name, parameter in transformer.named_parameters():
        trained = ".lora_" in name
        parameter.requires_grad_(trained)
        if trained:
            parameter.data = parameter.data.float()
            parameters[_PREFIX + name.replace(f".{_ADAPTER}.", ".")] = parameter
    return parameters


def save_adapter(folder: Path, weights: dict[str, Tensor], settings: LoraSettings, base: str) -> None:
    """Write `adapter_model.safetensors` and then `adapter_config.json`, as `peft.PeftModel.from_pretrained` reads them.

    Raises:
        KcreateError: the folder cannot be written.
    """
    from safetensors.torch import save

    config = settings.config(base).to_dict()
    config["inference_mode"] = True
    plain = {key: sorted(value) if isinstance(value, set) else value for key, value in config.items()}
    tensors = {name: tensor.detach().to("cpu", torch.float32).contiguous() for name, tensor in weights.items()}
    write_bytes(folder / WEIGHTS_FILE, save(tensors, metadata={"format": "pt"}))
    write_text(folder / CONFIG_FILE, json.dumps(plain, indent=2, sort_keys=True) + "\n")
