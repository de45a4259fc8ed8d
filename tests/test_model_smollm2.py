"""The real SmolLM2 from its GGUF file: the same logits and the same tokens as transformers gives it."""

from pathlib import Path
from typing import Any

import pytest
import torch

from kcreate.core.decoding.cache import KVCache
from kcreate.core.model.checkpoint import Checkpoint, load_checkpoint

TEXTS = [
    "Version control keeps every change that was ever made to a file, and who made it.",
    "版本控制会记录每一次修改。你好，世界！",
    "def fibonacci(n: int) -> int:\n    if n < 2:\n        return n\n    return fibonacci(n - 1) + fibonacci(n - 2)\n",
    "A family 👩‍👩‍👧‍👦, a smile 🙂 and a flag 🇨🇳.",
    "runs   of    spaces,\ttabs\t\tand\n\n\n\nempty lines   \n",
    "1999, 3.14159 and 1,000,000; it's 42% of 7e10",
    "<|im_start|>user\nWhat is Git?<|im_end|>\n<|im_start|>assistant\n",
]


@pytest.fixture(scope="module")
def checkpoint(smollm2: Path) -> Checkpoint:
    return load_checkpoint(smollm2)


def test_logits_are_those_of_transformers(checkpoint: Checkpoint, reference_smollm2: tuple[Any, Any]) -> None:
    reference, _ = reference_smollm2
    transformer = checkpoint.transformer
    with torch.inference_mode():
        for text in TEXTS:
            ids = torch.tensor([checkpoint.tokenizer.encode(text)])
            theirs = reference(ids).logits
            assert (transformer.logits(transformer(ids)) - theirs).abs().max() < 1e-3
            cache = KVCache.empty(checkpoint.spec)
            steps = (ids[:, :5], ids[:, 5:-3], *ids[:, -3:].split(1, dim=1))
            hidden = torch.cat([transformer(step, cache) for step in steps], dim=1)
            assert (transformer.logits(hidden) - theirs).abs().max() < 1e-3


def test_tokens_are_those_of_transformers(checkpoint: Checkpoint, reference_smollm2: tuple[Any, Any]) -> None:
    _, reference = reference_smollm2
    for text in TEXTS:
        ids = checkpoint.tokenizer.encode(text)
        assert ids == reference.encode(text, add_special_tokens=False)
        assert checkpoint.tokenizer.decode(ids, special=True) == text
    assert checkpoint.tokenizer.vocab_size == len(reference) == checkpoint.spec.vocab_size


def test_numbered_lists_are_cut_as_transformers_reads_the_file(
    checkpoint: Checkpoint, reference_smollm2: tuple[Any, Any]
) -> None:
    _, reference = reference_smollm2
    text = "Steps:\n\n1. one\n2. two\n\n    12  34\n"
    assert checkpoint.tokenizer.encode(text) == reference(text, add_special_tokens=False)["input_ids"]


def test_what_the_file_says(checkpoint: Checkpoint, reference_smollm2: tuple[Any, Any]) -> None:
    _, reference = reference_smollm2
    assert checkpoint.chat_template == reference.chat_template
    assert checkpoint.special_tokens["eos_token"] == reference.eos_token == "<|im_end|>"
    assert reference.eos_token_id in checkpoint.stop_ids
    assert checkpoint.prefix_ids == ()
    assert checkpoint.spec.max_length == 8192
