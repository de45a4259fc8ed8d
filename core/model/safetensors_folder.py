"""A Hugging Face model folder: config.json, safetensors (whole or in shards), tokenizer.json and the rest."""

import json
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from torch import Tensor

from ..errors import ModelUnavailableError
from .tokenizer import Tokenizer

_TOKEN_NAMES = ("bos_token", "eos_token", "unk_token", "pad_token")


class SafetensorsFolder:
    """The files of a folder, opened as they are asked for.

    Raises:
        ModelUnavailableError: there is no config.json or no safetensors file, or one of them is broken.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        if not (path / "config.json").exists():
            raise ModelUnavailableError(f"{path} has no config.json; give the folder of a Hugging Face model.")
        self.config = self._json("config.json")
        self._files: dict[str, Any] = {}
        self.shapes: dict[str, tuple[int, ...]] = {}
        for shard in self._shards():
            self._open(shard)

    def tensor(self, name: str, dtype: torch.dtype) -> Tensor:
        """A tensor by its name in the files, as `dtype`."""
        tensor: Tensor = self._files[name].get_tensor(name)
        if not tensor.is_floating_point():
            raise ModelUnavailableError(f"{self.path} stores {name} as {tensor.dtype}; take the full-precision folder.")
        return tensor.to(dtype)

    def tokenizer(self) -> Tokenizer:
        """The folder's tokenizer.json."""
        path = self.path / "tokenizer.json"
        if not path.exists():
            raise ModelUnavailableError(
                f"{self.path} has no tokenizer.json; save the tokenizer there with transformers' `save_pretrained`."
            )
        return Tokenizer.from_json(self._text("tokenizer.json"), path)

    def chat_template(self) -> str | None:
        """The template named `default`, from chat_template.jinja or tokenizer_config.json."""
        if (self.path / "chat_template.jinja").exists():
            return self._text("chat_template.jinja")
        template = self._json("tokenizer_config.json").get("chat_template")
        if isinstance(template, list):
            template = next((one.get("template") for one in template if one.get("name") == "default"), None)
        return template if isinstance(template, str) else None

    def special_tokens(self) -> dict[str, str]:
        """bos_token, eos_token, ... as tokenizer_config.json spells them."""
        found = {}
        for name, token in self._json("tokenizer_config.json").items():
            text = token.get("content") if isinstance(token, dict) else token
            if name in _TOKEN_NAMES and isinstance(text, str):
                found[name] = text
        return found

    def end_ids(self) -> list[object]:
        """The ids that end a text: generation_config.json's, config.json's, and that of `eos_token`."""
        ids: list[object] = []
        for config in (self._json("generation_config.json"), self.config):
            said = config.get("eos_token_id")
            ids += said if isinstance(said, list) else [said]
        if eos := self.special_tokens().get("eos_token"):
            ids.append(self.tokenizer().token_id(eos))
        return ids

    def _shards(self) -> list[str]:
        if (self.path / "model.safetensors.index.json").exists():
            mapped = self._json("model.safetensors.index.json").get("weight_map")
            shards = sorted({str(name) for name in mapped.values()}) if isinstance(mapped, dict) else []
            if not shards or any(Path(name).name != name for name in shards):
                raise ModelUnavailableError(
                    f"{self.path / 'model.safetensors.index.json'} is not a list of shards; download it again."
                )
            return shards
        if (self.path / "model.safetensors").exists():
            return ["model.safetensors"]
        found = sorted(file.name for file in self.path.glob("*.safetensors"))
        if found == []:
            pickled = [*self.path.glob("*.bin"), *self.path.glob("*.pt"), *self.path.glob("*.pth")]
            reason = (
                f"holds its weights only as {pickled[0].name}, which can run code when it is opened"
                if pickled
                else "holds no weights"
            )
            raise ModelUnavailableError(f"{self.path} {reason}; take the model's safetensors files.")
        return found

    def _open(self, shard: str) -> None:
        path = self.path / shard
        try:
            file: Any = safe_open(path, framework="pt")
            for name in file.keys():  # noqa: SIM118 (not a dict)
                self._files[name] = file
                self.shapes[name] = tuple(file.get_slice(name).get_shape())
        except FileNotFoundError as error:
            raise ModelUnavailableError(f"{path} is missing; download it again.") from error
        except (SafetensorError, OSError) as error:
            raise ModelUnavailableError(
                f"{path} is damaged, cut short or not a safetensors file; download it again."
            ) from error

    def _json(self, name: str) -> dict[str, Any]:
        """A JSON file of the folder; empty where there is none."""
        if not (self.path / name).exists():
            return {}
        try:
            value = json.loads(self._text(name))
        except ValueError as error:
            raise ModelUnavailableError(f"{self.path / name} is no valid JSON; download it again.") from error
        if not isinstance(value, dict):
            raise ModelUnavailableError(f"{self.path / name} is no JSON object; download it again.")
        return value

    def _text(self, name: str) -> str:
        try:
            return (self.path / name).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise ModelUnavailableError(f"{self.path / name} cannot be read; download it again.") from error
