"""Shapes of well-known models, to be filled with random weights: speed can be measured where no checkpoint is.

The numbers are those of the models' published `config.json`.
"""

from typing import TYPE_CHECKING, Any

from ..errors import UsageError
from ..model.spec import Rope, RopeScaling, TransformerSpec

if TYPE_CHECKING:
    from ..decoding.model import Model

SHAPES = {
    "smollm2-135m": TransformerSpec(
        family="llama",
        vocab_size=49_152,
        width=576,
        layers=30,
        heads=9,
        kv_heads=3,
        head_dim=64,
        mlp_width=1536,
        max_length=8192,
        rope=Rope(theta=100_000.0),
        tied=True,
    ),
    "qwen2.5-1.5b": TransformerSpec(
        family="qwen2",
        vocab_size=151_936,
        width=1536,
        layers=28,
        heads=12,
        kv_heads=2,
        head_dim=128,
        mlp_width=8960,
        max_length=32_768,
        norm_eps=1e-6,
        rope=Rope(theta=1_000_000.0),
        qkv_bias=True,
        tied=True,
    ),
    "llama-3.1-8b": TransformerSpec(
        family="llama",
        vocab_size=128_256,
        width=4096,
        layers=32,
        heads=32,
        kv_heads=8,
        head_dim=128,
        mlp_width=14_336,
        max_length=131_072,
        rope=Rope(
            theta=500_000.0,
            scaling=RopeScaling(
                kind="llama3",
                factor=8.0,
                low_frequency_factor=1.0,
                high_frequency_factor=4.0,
                original_max_length=8192,
            ),
        ),
    ),
}


def shape(name: str) -> TransformerSpec:
    """The shape `name`.

    Raises:
        UsageError: there is none of that name.
    """
    if name not in SHAPES:
        raise UsageError(f"--random {name} is no shape kcreate knows; give one of {', '.join(SHAPES)}.")
    return SHAPES[name]


def random_model(name: str, device: str = "auto", quantize: str = "auto") -> "Model":
    """A model of the shape `name` with random weights, made on the device: ids in, ids out, no words in its tokenizer.

    Raises:
        UsageError: the shape, `device` or `quantize` is not to be had.
        OutOfMemoryError: it does not fit.
    """
    import tokenizers
    import torch

    from ..decoding.device import choose_device, choose_numbers, memory_named
    from ..decoding.model import Model
    from ..model.checkpoint import Checkpoint
    from ..model.quantisation import quantise
    from ..model.tokenizer import Tokenizer
    from ..model.transformer import Transformer

    spec, where = shape(name), choose_device(device)
    dtype, scheme = choose_numbers(quantize, where)
    with memory_named(f"making random weights for {name}"), torch.device("meta"):
        transformer = Transformer(spec).to(dtype)
    with memory_named(f"making random weights for {name}"):
        transformer = transformer.to_empty(device=where).eval()
        fill(transformer)
    checkpoint = Checkpoint(
        spec=spec,
        transformer=transformer,
        tokenizer=Tokenizer(tokenizers.Tokenizer(tokenizers.models.BPE())),
        chat_template=None,
        special_tokens={},
        prefix_ids=(),
        stop_ids=frozenset(),
        name=name,
    )
    with memory_named(f"quantising {name}"):
        quantise(checkpoint, scheme)
    return Model(checkpoint, name)


def fill(transformer: Any, seed: int = 0) -> None:
    """Normal random weights, scaled so that the stream neither fades nor grows; norms at 1, biases at 0."""
    import torch

    with torch.no_grad():
        for number, (name, weight) in enumerate(transformer.named_parameters()):
            if weight.ndim == 2:
                random = torch.Generator(weight.device).manual_seed(seed + number)
                weight.normal_(0.0, weight.shape[1] ** -0.5, generator=random)
            else:
                weight.fill_(0.0 if name.endswith("bias") else 1.0)


def hugging_face_config(spec: TransformerSpec) -> dict[str, Any]:
    """The `config.json` that transformers needs to build the same shape."""
    scaling = spec.rope.scaling
    return {
        "model_type": spec.family,
        "vocab_size": spec.vocab_size,
        "hidden_size": spec.width,
        "intermediate_size": spec.mlp_width,
        "num_hidden_layers": spec.layers,
        "num_attention_heads": spec.heads,
        "num_key_value_heads": spec.kv_heads,
        "max_position_embeddings": spec.max_length,
        "rms_norm_eps": spec.norm_eps,
        "rope_theta": spec.rope.theta,
        "rope_scaling": None
        if scaling is None
        else {
            "rope_type": "llama3",
            "factor": scaling.factor,
            "low_freq_factor": scaling.low_frequency_factor,
            "high_freq_factor": scaling.high_frequency_factor,
            "original_max_position_embeddings": scaling.original_max_length,
        },
        "tie_word_embeddings": spec.tied,
    }
