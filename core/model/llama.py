"""The Llama family: Llama 1 to 3, SmolLM2, Mistral and all else that calls itself `llama` or `mistral`.

GGUF files store the rows of q and k in pairs, (x0, x_half, x1, x_half+1, ...), for ggml's rotary layout; `from_gguf`
puts them back in halves.
"""

import re
from typing import Any

import torch
from torch import Tensor

from .gguf_file import GGUFFile
from .spec import Activation, Rope, RopeScaling, TransformerSpec

_ACTIVATIONS: dict[str, Activation] = {
    "silu": "silu",
    "swish": "silu",
    "gelu": "gelu",
    "gelu_new": "gelu_tanh",
    "gelu_pytorch_tanh": "gelu_tanh",
    "relu": "relu",
}

_TO_GGUF = {
    "embed_tokens": "token_embd",
    "norm": "output_norm",
    "lm_head": "output",
    "input_layernorm": "attn_norm",
    "self_attn.q_proj": "attn_q",
    "self_attn.k_proj": "attn_k",
    "self_attn.v_proj": "attn_v",
    "self_attn.o_proj": "attn_output",
    "post_attention_layernorm": "ffn_norm",
    "mlp.gate_proj": "ffn_gate",
    "mlp.up_proj": "ffn_up",
    "mlp.down_proj": "ffn_down",
}


def spec_from_config(config: dict[str, Any]) -> TransformerSpec:
    """The spec of a `LlamaConfig` or `MistralConfig`, as transformers 4 and 5 write them."""
    if "quantization_config" in config:
        raise ValueError("its weights are quantised in a way kcreate cannot read; take the full-precision folder")
    activation = config.get("hidden_act", "silu")
    if activation not in _ACTIVATIONS:
        raise ValueError(f"its activation {activation} is not known")
    width, heads = config["hidden_size"], config["num_attention_heads"]
    attention_bias = bool(config.get("attention_bias", False))
    return TransformerSpec(
        family="llama",
        vocab_size=config["vocab_size"],
        width=width,
        layers=config["num_hidden_layers"],
        heads=heads,
        kv_heads=config.get("num_key_value_heads") or heads,
        head_dim=config.get("head_dim") or width // heads,
        mlp_width=config["intermediate_size"],
        max_length=config.get("max_position_embeddings", 2048),
        norm_eps=config.get("rms_norm_eps", 1e-6),
        rope=_rope(config),
        window=config.get("sliding_window") if config.get("model_type") == "mistral" else None,
        activation=_ACTIVATIONS[activation],
        qkv_bias=attention_bias,
        output_bias=attention_bias,
        mlp_bias=bool(config.get("mlp_bias", False)),
        tied=bool(config.get("tie_word_embeddings", False)),
    )


def _rope(config: dict[str, Any]) -> Rope:
    """transformers 5 keeps all in `rope_parameters`, 4 in `rope_theta` and `rope_scaling` (with `type` before 4.43)."""
    rule = config.get("rope_parameters") or config.get("rope_scaling") or {}
    theta = float(rule.get("rope_theta") or config.get("rope_theta") or 10000.0)
    if (rule.get("partial_rotary_factor") or config.get("partial_rotary_factor") or 1.0) != 1.0:
        raise ValueError("it rotates only a part of each head, which is not known")
    kind = rule.get("rope_type") or rule.get("type") or "default"
    if kind == "default":
        return Rope(theta)
    if kind == "linear":
        return Rope(theta, RopeScaling("linear", float(rule["factor"])))
    if kind == "llama3":
        return Rope(
            theta,
            RopeScaling(
                "llama3",
                factor=float(rule["factor"]),
                low_frequency_factor=float(rule["low_freq_factor"]),
                high_frequency_factor=float(rule["high_freq_factor"]),
                original_max_length=int(rule["original_max_position_embeddings"]),
            ),
        )
    raise ValueError(f"its position scaling {kind} is not known")


def spec_from_gguf(file: GGUFFile) -> TransformerSpec:
    """The spec of a GGUF file of the architecture `llama`."""
    metadata, tensors = file.index.metadata, file.index.tensors

    def value(key: str, default: Any = None) -> Any:
        found = metadata.get(f"llama.{key}", default)
        if found is None:
            raise KeyError(f"llama.{key}")
        return found

    width, heads = value("embedding_length"), value("attention.head_count")
    head_dim = value("attention.key_length", width // heads)
    if value("rope.dimension_count", head_dim) != head_dim:
        raise ValueError("it rotates only a part of each head, which is not known")
    if value("expert_count", 0) > 0:
        raise ValueError("it is a mixture of experts, which is not known")
    scaling = value("rope.scaling.type", "none")
    if scaling not in ("none", "linear"):
        raise ValueError(f"its position scaling {scaling} is not known")
    divisors = None
    if "rope_freqs.weight" in tensors:
        divisors = tuple(file.tensor("rope_freqs.weight", torch.float32).tolist())
    return TransformerSpec(
        family="llama",
        vocab_size=tensors["token_embd.weight"].shape[0],
        width=width,
        layers=value("block_count"),
        heads=heads,
        kv_heads=value("attention.head_count_kv", heads),
        head_dim=head_dim,
        mlp_width=value("feed_forward_length"),
        max_length=value("context_length"),
        norm_eps=value("attention.layer_norm_rms_epsilon"),
        rope=Rope(
            theta=value("rope.freq_base", 10000.0),
            scaling=RopeScaling("linear", value("rope.scaling.factor")) if scaling == "linear" else None,
            divisors=divisors,
        ),
        window=metadata.get("llama.attention.sliding_window"),
        qkv_bias="blk.0.attn_q.bias" in tensors,
        output_bias="blk.0.attn_output.bias" in tensors,
        mlp_bias="blk.0.ffn_gate.bias" in tensors,
        tied="output.weight" not in tensors,
    )


def hugging_face_name(name: str) -> str:
    """`layers.0.mlp.up_proj.weight` to `model.layers.0.mlp.up_proj.weight`; the head stands outside `model.`."""
    return name if name.startswith("lm_head.") else f"model.{name}"


def own_name(hugging_face_name: str) -> str | None:
    """The reverse, also for checkpoints of the bare model; None for the frequencies that old checkpoints carry."""
    if hugging_face_name.endswith(".rotary_emb.inv_freq"):
        return None
    return hugging_face_name.removeprefix("model.")


def gguf_name(name: str) -> str:
    """`layers.0.mlp.up_proj.weight` to `blk.0.ffn_up.weight`."""
    module, _, kind = name.rpartition(".")
    if match := re.fullmatch(r"layers\.(\d+)\.(.+)", module):
        return f"blk.{match[1]}.{_TO_GGUF[match[2]]}.{kind}"
    return f"{_TO_GGUF[module]}.{kind}"


def from_gguf(name: str, stored: Tensor, spec: TransformerSpec) -> Tensor:
    """The rows of q and k back in halves; all else as it is."""
    if ".q_proj." in name or ".k_proj." in name:
        pairs = stored.view(-1, spec.head_dim // 2, 2, *stored.shape[1:])
        return pairs.transpose(1, 2).reshape(stored.shape)
    return stored
