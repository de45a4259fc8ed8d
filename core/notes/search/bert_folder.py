"""Any encoder of the BERT family as an option: a folder with safetensors weights and a `tokenizer.json`.

Read are the files that sentence-transformers writes: `modules.json` and `1_Pooling/config.json` say how tokens become one
vector (mean or the first token), `config_sentence_transformers.json` what stands before a question and a passage.
Reimers and Gurevych, "Sentence-BERT", 2019, https://arxiv.org/abs/1908.10084.
"""

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...errors import ModelUnavailableError

if TYPE_CHECKING:
    from .encoder import Vectors

_BATCH = 32
_LONGEST = 512


class BertFolder:
    """An encoder from a folder on this machine; nothing is fetched, and weights that need unpickling are not read.

    Raises:
        ModelUnavailableError: a file is missing or cannot be read, or the pooling is neither mean nor first token.
    """

    def __init__(self, folder: Path) -> None:
        if not (folder / "config.json").is_file() or not (folder / "tokenizer.json").is_file():
            raise ModelUnavailableError(
                f"{folder} has no config.json and tokenizer.json; give the folder of an encoder of the BERT family."
            )
        weights = sorted(folder.glob("*.safetensors"))
        if not weights:
            raise ModelUnavailableError(f"{folder} has no .safetensors weights; convert them, others are not read.")
        self._first_token = _pools_first_token(folder)
        prompts = _prompts(folder)
        self._query, self._passage = prompts.get("query", ""), _passage_prompt(prompts)
        self._model, self._tokenizer = _load(folder)
        self.dimensions = int(self._model.config.hidden_size)
        self._longest = _longest(folder, self._model.config)
        digest = hashlib.sha256()
        for file in [*weights, folder / "tokenizer.json"]:
            with file.open("rb") as opened:
                digest.update(hashlib.file_digest(opened, "sha256").digest())
        settings = (self._first_token, self._query, self._passage, self._longest)
        digest.update(json.dumps(settings).encode())
        self.name = f"bert {digest.hexdigest()[:32]}"

    def count(self, text: str) -> int:
        """Tokens of a text in the folder's own vocabulary."""
        return len(self._tokenizer.encode(text, add_special_tokens=False).ids)

    def encode_passages(self, texts: Sequence[str]) -> "Vectors":
        """Vectors of length 1, `(len(texts), dimensions)`."""
        return self._encode([self._passage + text for text in texts])

    def encode_query(self, text: str) -> "Vectors":
        """The vector of a question, `(dimensions,)`, of length 1."""
        vector: Vectors = self._encode([self._query + text])[0]
        return vector

    def _encode(self, texts: list[str]) -> "Vectors":
        """Batches of texts of like length, put back into their order."""
        import numpy as np
        import torch

        vectors: Vectors = np.zeros((len(texts), self.dimensions), np.float32)
        order = sorted(range(len(texts)), key=lambda number: len(texts[number]))
        for start in range(0, len(order), _BATCH):
            numbers = order[start : start + _BATCH]
            ids = [self._tokenizer.encode(texts[number]).ids[: self._longest] or [0] for number in numbers]
            width = max(len(one) for one in ids)
            mask = torch.tensor([[1] * len(one) + [0] * (width - len(one)) for one in ids])
            padded = torch.tensor([one + [0] * (width - len(one)) for one in ids])
            with torch.inference_mode():
                states = self._model(input_ids=padded, attention_mask=mask).last_hidden_state.float()
                if self._first_token:
                    pooled = states[:, 0]
                else:
                    pooled = (states * mask[..., None]).sum(1) / mask.sum(1, keepdim=True)
                vectors[numbers] = torch.nn.functional.normalize(pooled, dim=-1).numpy()
        return vectors


def _load(folder: Path) -> tuple[Any, Any]:
    """The model and its tokenizer, from the folder alone."""
    import tokenizers
    from transformers import AutoModel

    try:
        model = AutoModel.from_pretrained(
            folder, local_files_only=True, use_safetensors=True, trust_remote_code=False, dtype="float32"
        )
        tokenizer = tokenizers.Tokenizer.from_file(str(folder / "tokenizer.json"))
    except Exception as error:  # transformers, safetensors and tokenizers raise whatever their parsers raise
        raise ModelUnavailableError(
            f"{folder} holds no encoder that can be read ({type(error).__name__}); download it again."
        ) from error
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return model.eval(), tokenizer


def _pools_first_token(folder: Path) -> bool:
    """Whether a text's vector is that of its first token; else it is the mean of all.

    Raises:
        ModelUnavailableError: the folder says that it is something else.
    """
    modules = _json(folder / "modules.json", [])
    path = next((str(one.get("path")) for one in modules if str(one.get("type", "")).endswith("Pooling")), "1_Pooling")
    if any(
        str(one.get("type", "")).rpartition(".")[2] not in {"Transformer", "Pooling", "Normalize"} for one in modules
    ):
        raise ModelUnavailableError(f"{folder / 'modules.json'} asks for more than pooling; choose another encoder.")
    inside = (folder / path).resolve()
    pooling = _json(inside / "config.json", {}) if inside.is_relative_to(folder.resolve()) else {}
    modes = {name for name, chosen in pooling.items() if name.startswith("pooling_mode_") and chosen is True}
    if modes - {"pooling_mode_cls_token", "pooling_mode_mean_tokens"} or len(modes) > 1:
        raise ModelUnavailableError(
            f"{inside / 'config.json'} pools by {', '.join(sorted(modes))}; mean and first token can be used."
        )
    return modes == {"pooling_mode_cls_token"}


def _prompts(folder: Path) -> dict[str, str]:
    """What the folder says stands before texts; for an E5 model that says nothing, what its authors trained with."""
    said = _json(folder / "config_sentence_transformers.json", {}).get("prompts") or {}
    prompts = {str(name): text for name, text in said.items() if isinstance(text, str) and text}
    if (
        not prompts
        and "e5" in f"{folder.resolve().name} {_json(folder / 'config.json', {}).get('_name_or_path', '')}".lower()
    ):
        return {"query": "query: ", "passage": "passage: "}
    return prompts


def _passage_prompt(prompts: dict[str, str]) -> str:
    return next((prompts[name] for name in ("passage", "document") if name in prompts), "")


def _longest(folder: Path, config: Any) -> int:
    """Tokens that the model reads of a text."""
    said = _json(folder / "sentence_bert_config.json", {}).get("max_seq_length")
    can = getattr(config, "max_position_embeddings", _LONGEST)
    if getattr(config, "model_type", "") in {"roberta", "xlm-roberta", "camembert", "mpnet"}:
        can -= 2  # their positions begin after the padding's
    return max(8, min(int(said or _LONGEST), int(can)))


def _json(file: Path, missing: Any) -> Any:
    """A JSON file of the same kind as `missing`, which stands for a file that is not there.

    Raises:
        ModelUnavailableError: the file cannot be read.
    """
    if not file.is_file():
        return missing
    try:
        read = json.loads(file.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise ModelUnavailableError(f"{file} cannot be read; download the encoder again.") from error
    if not isinstance(read, type(missing)):
        raise ModelUnavailableError(f"{file} is not what an encoder's folder has there; download it again.")
    return read
