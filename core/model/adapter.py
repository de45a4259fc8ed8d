"""A LoRA adapter in peft's layout, merged into the weights it was trained for."""

import json
import warnings
from pathlib import Path
from typing import Any

from safetensors import SafetensorError
from torch import Tensor, nn

from ..errors import InputError
from .transformer import Transformer

CONFIG_FILE = "adapter_config.json"
WEIGHTS_FILE = "adapter_model.safetensors"


def merge_adapter(transformer: Transformer, folder: Path) -> None:
    """Add the adapter in `folder` to the weights of `transformer`, in place.

    The folder is what `peft.PeftModel.save_pretrained` writes for a Hugging Face Llama: `adapter_config.json` (LoRA in
    any form peft can merge: rsLoRA, DoRA, rank patterns) and `adapter_model.safetensors`.

    Raises:
        InputError: a file is missing, damaged or pickled, or the adapter belongs to another model; the weights are
            as they were.
    """
    folder = Path(folder)
    config, weights = _config(folder), _weights(folder)
    if transformer.spec.tied and any("embed_tokens" in name for name in weights):
        raise InputError(f"{folder} changes the embeddings, which the model's output shares; train it without them.")
    wrong_base = InputError(
        f"{folder} was trained for another model than this one ({config.base_model_name_or_path or 'it names none'}); "
        "give --model the one it was trained on."
    )
    wrapped = _HuggingFaceNames(transformer)
    try:
        adapted = _attach(wrapped, config, weights)
        if adapted is None:
            raise wrong_base
        adapted.merge_and_unload()
    finally:
        wrapped.give_back()


class _HuggingFaceNames(nn.Module):
    """The transformer with its modules under the names they have in `LlamaForCausalLM`, which adapters refer to."""

    def __init__(self, transformer: Transformer) -> None:
        super().__init__()
        if not transformer.spec.tied:
            self.lm_head = transformer.lm_head
            del transformer.lm_head
        self.model = transformer

    def give_back(self) -> None:
        """Put the head, or what peft made of it, back into the transformer."""
        if not self.model.spec.tied:
            self.model.lm_head = self.lm_head


def _config(folder: Path) -> Any:
    """peft's LoraConfig of the folder."""
    from peft import LoraConfig

    path = folder / CONFIG_FILE
    if not folder.is_dir():
        raise InputError(f"{folder} is no adapter folder; `kcreate finetune` writes one.")
    if not path.exists():
        raise InputError(f"{folder} has no {CONFIG_FILE}; give a folder that `kcreate finetune` or peft wrote.")
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(said, dict):
            raise ValueError("not an object")
        if said.get("peft_type") != "LORA":
            raise InputError(f"{folder} is an adapter of the kind {said.get('peft_type')}; kcreate merges LoRA.")
        if said.get("megatron_config"):
            raise InputError(f"{path} asks for Megatron layers, which the model has not.")
        return LoraConfig.from_pretrained(str(folder), inference_mode=True)
    except (ValueError, TypeError, OSError) as error:
        raise InputError(f"{path} is damaged; copy the adapter again.") from error


def _weights(folder: Path) -> dict[str, Tensor]:
    from safetensors.torch import load_file

    path = folder / WEIGHTS_FILE
    if not path.exists():
        if any(folder.glob("adapter_model.*")):
            raise InputError(
                f"{folder} holds its weights only pickled, which can run code when opened; save it as {WEIGHTS_FILE}."
            )
        raise InputError(f"{folder} has no {WEIGHTS_FILE}; the training may not have finished.")
    try:
        weights = load_file(path)
    except (SafetensorError, OSError) as error:
        raise InputError(f"{path} is damaged, cut short or not a safetensors file; copy the adapter again.") from error
    if not all(tensor.isfinite().all() for tensor in weights.values()):
        raise InputError(f"{path} holds numbers that are not finite; train the adapter again.")
    return weights


def _attach(wrapped: nn.Module, config: Any, weights: dict[str, Tensor]) -> Any:
    """peft's model around `wrapped` with the adapter's weights in it, or None where they do not fit."""
    from peft import PeftModel, set_peft_model_state_dict

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            adapted = PeftModel(wrapped, config)
        except ValueError:
            return None
        try:
            result = set_peft_model_state_dict(adapted, weights)
            missing = [name for name in result.missing_keys if "lora_" in name or "modules_to_save" in name]
            if not missing and not result.unexpected_keys:
                return adapted
        except (RuntimeError, KeyError):
            pass
    adapted.unload()
    return None
