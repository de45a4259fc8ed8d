"""What tests share: the embedded model, transformers' copy of it as the reference, and a tiny random checkpoint."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
os.environ["TOKENIZERS_PARALLELISM"] = "false"
os.environ.setdefault("GOMP_SPINCOUNT", "20000")  # as `kcreate` sets it
for _name in [
    name for name in os.environ if name.startswith("KCREATE_") and name not in {"KCREATE_CACHE", "KCREATE_CORPORA"}
]:
    del os.environ[_name]
os.environ["KCREATE_PROMPT_CACHE"] = "off"

CHAT_TEMPLATE = (
    "{% for message in messages %}<|im_start|>{{ message['role'] }}\n{{ message['content'] }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
SPECIAL_TOKENS = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]


@pytest.fixture(scope="session")
def smollm2() -> Path:
    """The GGUF file of `smollm2-135m`, fetched into the user's cache the first time."""
    from kcreate.core.model.catalogue import fetch

    return fetch("smollm2-135m")


@pytest.fixture(scope="session")
def reference_smollm2(smollm2: Path) -> tuple[Any, Any]:
    """transformers' model (float32, eager to compare) and tokenizer of the same file; takes 20 s, once."""
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(smollm2.parent, gguf_file=smollm2.name)
    model = AutoModelForCausalLM.from_pretrained(smollm2.parent, gguf_file=smollm2.name, dtype=torch.float32)
    return model.eval(), tokenizer


@pytest.fixture(scope="session")
def tiny_llama(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Hugging Face folder of a random Llama: 2 layers, 4 heads on 2 KV heads, 256 positions, byte-level tokenizer."""
    folder = tmp_path_factory.mktemp("tiny-llama")
    vocabulary = _write_tokenizer(folder)
    config = {
        "architectures": ["LlamaForCausalLM"],
        "model_type": "llama",
        "vocab_size": vocabulary,
        "hidden_size": 64,
        "intermediate_size": 96,
        "num_hidden_layers": 2,
        "num_attention_heads": 4,
        "num_key_value_heads": 2,
        "head_dim": 16,
        "max_position_embeddings": 256,
        "rms_norm_eps": 1e-5,
        "rope_theta": 10000.0,
        "hidden_act": "silu",
        "tie_word_embeddings": True,
        "attention_bias": False,
        "mlp_bias": False,
        "bos_token_id": 1,
        "eos_token_id": 2,
        "torch_dtype": "float32",
    }
    (folder / "config.json").write_text(json.dumps(config), encoding="utf-8")
    _write_weights(folder, config)
    return folder


def _write_tokenizer(folder: Path) -> int:
    """A byte-level BPE with 256 bytes, a few merges and three special tokens; returns the size of its vocabulary."""
    from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers, trainers

    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=400,
        special_tokens=[AddedToken(token, special=True, normalized=False) for token in SPECIAL_TOKENS],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    text = ["the lesson is about version control, and the quiz asks what the lesson taught", "user assistant system"]
    tokenizer.train_from_iterator(text * 4, trainer)
    tokenizer.save(str(folder / "tokenizer.json"))
    settings = {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "bos_token": "<|im_start|>",
        "eos_token": "<|im_end|>",
        "pad_token": "<|endoftext|>",
        "chat_template": CHAT_TEMPLATE,
    }
    (folder / "tokenizer_config.json").write_text(json.dumps(settings), encoding="utf-8")
    return int(tokenizer.get_vocab_size())


def _write_weights(folder: Path, config: dict[str, Any]) -> None:
    """Random weights under Hugging Face's names, large enough that greedy choices are not ties."""
    import torch
    from safetensors.torch import save_file

    random = torch.Generator().manual_seed(7)
    width, inner = config["hidden_size"], config["intermediate_size"]
    queries = config["num_attention_heads"] * config["head_dim"]
    keys = config["num_key_value_heads"] * config["head_dim"]

    def matrix(rows: int, columns: int) -> torch.Tensor:
        return torch.randn(rows, columns, generator=random) * (2.0 / columns**0.5)

    weights = {
        "model.embed_tokens.weight": matrix(config["vocab_size"], width),
        "model.norm.weight": 1 + 0.1 * torch.randn(width, generator=random),
    }
    for layer in range(config["num_hidden_layers"]):
        stem = f"model.layers.{layer}"
        weights |= {
            f"{stem}.input_layernorm.weight": 1 + 0.1 * torch.randn(width, generator=random),
            f"{stem}.post_attention_layernorm.weight": 1 + 0.1 * torch.randn(width, generator=random),
            f"{stem}.self_attn.q_proj.weight": matrix(queries, width),
            f"{stem}.self_attn.k_proj.weight": matrix(keys, width),
            f"{stem}.self_attn.v_proj.weight": matrix(keys, width),
            f"{stem}.self_attn.o_proj.weight": matrix(width, queries),
            f"{stem}.mlp.gate_proj.weight": matrix(inner, width),
            f"{stem}.mlp.up_proj.weight": matrix(inner, width),
            f"{stem}.mlp.down_proj.weight": matrix(width, inner),
        }
    save_file(weights, str(folder / "model.safetensors"), metadata={"format": "pt"})
