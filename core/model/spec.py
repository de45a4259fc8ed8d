"""What a transformer is made of, as data: each family's adapter writes one of these and `Transformer` builds it."""

from dataclasses import dataclass
from typing import Literal

Activation = Literal["silu", "gelu", "gelu_tanh", "relu"]


@dataclass(frozen=True)
class RopeScaling:
    """How rotary frequencies are stretched for lengths beyond those of the first training.

    Attributes:
        kind: `linear` divides every frequency by `factor` (Chen et al. 2023, arXiv 2306.15595); `llama3` divides only
            the long wavelengths and blends between two thresholds (Llama 3.1 model card).
        factor: the stretch, at least 1.
        low_frequency_factor, high_frequency_factor, original_max_length: the thresholds of `llama3`.
    """

    kind: Literal["linear", "llama3"]
    factor: float
    low_frequency_factor: float = 1.0
    high_frequency_factor: float = 4.0
    original_max_length: int = 8192


@dataclass(frozen=True)
class Rope:
    """Rotary positions (Su et al. 2021, arXiv 2104.09864), halves rotated against each other as in GPT-NeoX.

    `divisors`, one for each of the head_dim / 2 frequencies, is what some GGUF files store instead of a scaling rule.
    """

    theta: float = 10000.0
    scaling: RopeScaling | None = None
    divisors: tuple[float, ...] | None = None


@dataclass(frozen=True)
class TransformerSpec:
    """A decoder of pre-normed blocks: RMS norm, attention with grouped heads, RMS norm, gated MLP.

    Attributes:
        family: the adapter that wrote the spec (`llama`), which also owns the tensor names.
        width: size of the residual stream.
        heads, kv_heads: query heads, and key-value heads that groups of them share.
        head_dim: size of one head; need not be width / heads.
        mlp_width: hidden size of the gated MLP.
        max_length: positions the checkpoint was made for.
        window: a token sees this many of the latest positions, itself included; None for all of them.
        qkv_bias, output_bias, mlp_bias: biases of the query, key and value projections, of the attention's output
            projection, and of the three projections of the MLP.
        tied: the output head is the embedding matrix.
    """

    family: str
    vocab_size: int
    width: int
    layers: int
    heads: int
    kv_heads: int
    head_dim: int
    mlp_width: int
    max_length: int
    norm_eps: float = 1e-5
    rope: Rope = Rope()
    window: int | None = None
    activation: Activation = "silu"
    qkv_bias: bool = False
    output_bias: bool = False
    mlp_bias: bool = False
    tied: bool = False

    def __post_init__(self) -> None:
        """Raises ValueError where the numbers cannot make a transformer."""
        sizes = ("vocab_size", "width", "layers", "heads", "kv_heads", "head_dim", "mlp_width", "max_length")
        for name in sizes:
            if getattr(self, name) < 1:
                raise ValueError(f"{name} is {getattr(self, name)}, expected at least 1")
        if self.heads % self.kv_heads:
            raise ValueError(f"{self.heads} query heads cannot share {self.kv_heads} key-value heads")
        if self.head_dim % 2:
            raise ValueError(f"head_dim is {self.head_dim}, rotary positions need an even one")
        if self.window is not None and self.window < 1:
            raise ValueError(f"window is {self.window}, expected at least 1")
