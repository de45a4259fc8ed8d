"""An entailment model from a folder: opened offline, asked about sentences, refused in one sentence where it is none."""

import json
from pathlib import Path

import pytest

from kcreate.core import support
from kcreate.core.errors import ModelUnavailableError
from kcreate.core.notes.entailment import Entailment

PASSAGE = "The moon turns on its axis once in each orbit."
CLAIM = "One orbit of the moon sees it spin a single time."


def tiny_folder(folder: Path, labels: dict[int, str], favoured: int) -> Path:
    """A BERT of random weights whose last bias favours one label."""
    import torch
    from transformers import BertConfig, BertForSequenceClassification, BertTokenizerFast

    letters = [chr(code) for code in range(ord("a"), ord("z") + 1)]
    folder.mkdir()
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *letters, *(f"##{letter}" for letter in letters), "."]
    (folder / "vocab.txt").write_text("\n".join(words))
    tokenizer = BertTokenizerFast(str(folder / "vocab.txt"))
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=len(words), hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=16,
        max_position_embeddings=128, id2label=labels, label2id={label: number for number, label in labels.items()},
    )  # fmt: skip
    model = BertForSequenceClassification(config)
    with torch.no_grad():
        model.classifier.bias[favoured] = 4.0
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


@pytest.mark.parametrize(
    "labels",
    [{0: "contradiction", 1: "entailment", 2: "neutral"}, {0: "unsupported", 1: "supported"}, {0: "not", 1: "support"}],
)
def test_the_label_that_means_entailment_is_the_score(tmp_path: Path, labels: dict[int, str]) -> None:
    sure = Entailment.open(tiny_folder(tmp_path / "sure", labels, 1))
    denying = Entailment.open(tiny_folder(tmp_path / "denying", labels, 0))
    assert sure.score(CLAIM, [PASSAGE]) > 0.9 > 0.1 > denying.score(CLAIM, [PASSAGE])
    assert sure.score(CLAIM, []) == 0.0
    assert support(CLAIM, [PASSAGE], entailment=sure) > support(CLAIM, [PASSAGE]) + 0.05
    assert support(CLAIM, [PASSAGE], entailment=denying) < support(CLAIM, [PASSAGE]) - 0.05


def test_passages_longer_than_the_model_are_read_in_parts(tmp_path: Path) -> None:
    model = Entailment.open(tiny_folder(tmp_path / "model", {0: "entailment", 1: "neutral"}, 0))
    assert 0.0 <= model.score(CLAIM, ["the moon and the sun and the stars. " * 40]) <= 1.0


def test_a_folder_that_is_no_such_model_is_named_in_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailableError, match="no entailment model"):
        Entailment.open(tmp_path / "missing")
    wrong = tiny_folder(tmp_path / "wrong", {0: "positive", 1: "negative"}, 0)
    with pytest.raises(ModelUnavailableError, match="names no label that means entailment"):
        Entailment.open(wrong)
    (wrong / "model.safetensors").unlink()
    with pytest.raises(ModelUnavailableError, match="safetensors"):
        Entailment.open(wrong)
    broken = tiny_folder(tmp_path / "broken", {0: "entailment", 1: "neutral"}, 0)
    (broken / "model.safetensors").write_bytes(b"no weights")
    with pytest.raises(ModelUnavailableError, match="can be read"):
        Entailment.open(broken)
    (broken / "config.json").write_text(json.dumps([1]))
    with pytest.raises(ModelUnavailableError, match="cannot be read"):
        Entailment.open(broken)
