"""An entailment model as an option: does a text entail a sentence, asked of a classifier from a local folder.

Any transformers model for sequence classification with safetensors weights whose `config.json` names its labels: the three
of natural language inference (entailment, neutral, contradiction) or two such as supported and unsupported, as MiniCheck has
(Tang et al., "MiniCheck: Efficient Fact-Checking of LLMs on Grounding Documents", 2024, https://arxiv.org/abs/2404.10774).
"""

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import ModelUnavailableError

if TYPE_CHECKING:
    import torch

_ENTAILS = re.compile(r"^(?:entail\w*|support(?:s|ed)?|consistent|faithful|true|yes)$", re.IGNORECASE)
_LONGEST = 512
_OVERLAP = 64


class Entailment:
    """A classifier of pairs of texts. `open` makes one; `name` tells it from another."""

    def __init__(self, model: Any, tokenizer: Any, entails: int, longest: int, name: str = "") -> None:
        self.name = name
        self._model, self._tokenizer = model, tokenizer
        self._entails = entails
        self._longest = longest

    @classmethod
    def open(cls, folder: Path | str) -> "Entailment":
        """The model of a folder, on the processor; nothing is downloaded and no code of the folder is run.

        Raises:
            ModelUnavailableError: the folder is missing, holds no such model, or says of no label that it means entailment.
        """
        folder = Path(folder)
        if not (folder / "config.json").is_file():
            raise ModelUnavailableError(
                f"{folder} holds no entailment model (no config.json); give the folder of a sequence-classification model."
            )
        if not any(folder.glob("*.safetensors")):
            raise ModelUnavailableError(
                f"{folder} has no safetensors weights; download the model again in that format."
            )
        entails = _entailing_label(folder)
        from transformers import AutoModelForSequenceClassification, AutoTokenizer

        options: dict[str, Any] = {"local_files_only": True, "trust_remote_code": False}
        try:
            tokenizer = AutoTokenizer.from_pretrained(folder, **options)
            model = AutoModelForSequenceClassification.from_pretrained(
                folder, use_safetensors=True, dtype="float32", **options
            )
        except Exception as error:  # transformers, safetensors and tokenizers raise whatever their parsers raise
            raise ModelUnavailableError(
                f"{folder} holds no entailment model that can be read ({type(error).__name__}); download it again."
            ) from error
        longest = int(getattr(model.config, "max_position_embeddings", _LONGEST) or _LONGEST)
        return cls(model.eval(), tokenizer, entails, max(16, min(longest - 2, _LONGEST)), folder.resolve().name)

    def score(self, sentence: str, passages: Sequence[str]) -> float:
        """The probability, 0 to 1, that the passages taken together entail the sentence.

        What is longer than the model reads is read in overlapping parts, of which the best counts.
        """
        import torch

        evidence = "\n".join(passage for passage in passages if passage.strip())
        if not evidence:
            return 0.0
        with torch.inference_mode():
            return max(self._entailed(part, sentence) for part in self._parts(evidence, sentence))

    def _parts(self, evidence: str, sentence: str) -> list[str]:
        room = max(_OVERLAP + 1, self._longest - len(self._tokenizer.tokenize(sentence)) - 4)
        ids = self._tokenizer.encode(evidence, add_special_tokens=False)
        if len(ids) <= room:
            return [evidence]
        starts = range(0, len(ids) - _OVERLAP, room - _OVERLAP)
        return [self._tokenizer.decode(ids[start : start + room]) for start in starts]

    def _entailed(self, premise: str, sentence: str) -> float:
        asked = self._tokenizer(
            premise, sentence, truncation="only_first", max_length=self._longest, return_tensors="pt"
        )
        logits: torch.Tensor = self._model(**asked).logits[0]
        return float(logits.softmax(-1)[self._entails])


def _entailing_label(folder: Path) -> int:
    """The number of the label that means entailment, from `id2label`.

    Raises:
        ModelUnavailableError: the configuration cannot be read or names no such label.
    """
    try:
        labels = json.loads((folder / "config.json").read_text("utf-8")).get("id2label") or {}
        found = [int(number) for number, label in labels.items() if _ENTAILS.match(str(label))]
    except (OSError, ValueError, AttributeError) as error:
        raise ModelUnavailableError(f"{folder / 'config.json'} cannot be read; download the model again.") from error
    if not found:
        named = ", ".join(str(label) for label in labels.values()) or "none"
        raise ModelUnavailableError(
            f"{folder / 'config.json'} names no label that means entailment (it names {named}); choose a model whose id2label has "
            "one such as entailment or supported."
        )
    return found[0]
