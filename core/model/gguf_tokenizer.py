"""The vocabulary of a GGUF file to a `tokenizer.json`, by way of `tokenizers` alone.

Two kinds of vocabulary are in use: byte-level BPE (`gpt2` in the file) and SentencePiece (`llama`). The file names
the rule that cuts text before BPE merges (`tokenizer.ggml.pre`) without writing it down, so the rules stand here.
"""

from pathlib import Path
from typing import Any

from tokenizers import AddedToken, Regex, Tokenizer, decoders, normalizers, pre_tokenizers
from tokenizers.models import BPE

from ..errors import ModelUnavailableError

VOCABULARY_KEYS = frozenset(
    f"tokenizer.ggml.{name}" for name in ("tokens", "scores", "token_type", "merges", "precompiled_charsmap")
)
"""The metadata that a `tokenizer.json` makes superfluous."""

_UNKNOWN, _CONTROL, _USER_DEFINED = 2, 3, 4

_LLAMA3 = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}"
    r"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)
_QWEN2 = _LLAMA3.replace(r"\p{N}{1,3}", r"\p{N}")
_TEKKEN = (
    r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+"
    r"|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*"
    r"|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)
_SPLITS = {
    "llama-bpe": _LLAMA3,
    "llama-v3": _LLAMA3,
    "llama3": _LLAMA3,
    "qwen2": _QWEN2,
    "deepseek-r1-qwen": _QWEN2,
    "tekken": _TEKKEN,
}
_WHOLE_WORDS = {"llama-bpe", "llama-v3", "llama3", "tekken"}
"""Vocabularies in which a word that is a token is that token, whatever the merges say."""

_GPT2_LIKE = {"gpt-2", "gpt2", "default", "smollm"}
"""`smollm` too, as transformers reads such a file; the model's own tokenizer cuts digits first, which differs only where
several spaces or line ends stand before a digit."""
_DIGITS_FIRST = {"starcoder", "refact", "command-r", "codeshell", "exaone", "minerva-7b"}
"""Each digit stands alone before anything else is cut; then as in GPT-2."""


def tokenizer_json(fields: dict[str, Any], path: Path) -> str:
    """The `tokenizer.json` that a GGUF file's metadata describes.

    Raises:
        ModelUnavailableError: the vocabulary is of another kind, or a part of it is missing.
    """
    kind = fields.get("tokenizer.ggml.model")
    try:
        if kind == "gpt2":
            tokenizer = _byte_level(fields, path)
        elif kind == "llama":
            tokenizer = _sentencepiece(fields)
        else:
            raise ModelUnavailableError(f"{path} has a tokenizer of the kind {kind}, which kcreate cannot read.")
        _add_tokens(tokenizer, fields)
    except ModelUnavailableError:
        raise
    except Exception as error:  # tokenizers raises bare Exception for vocabularies that contradict themselves
        raise ModelUnavailableError(f"{path} has a broken tokenizer; download it again.") from error
    return tokenizer.to_str()


def _byte_level(fields: dict[str, Any], path: Path) -> Tokenizer:
    rule = fields.get("tokenizer.ggml.pre", "default")
    vocabulary = {token: index for index, token in enumerate(fields["tokenizer.ggml.tokens"])}
    merges = [_pair(merge) for merge in fields["tokenizer.ggml.merges"]]
    tokenizer = Tokenizer(BPE(vocab=vocabulary, merges=merges, ignore_merges=rule in _WHOLE_WORDS))
    if rule in _SPLITS:
        tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
            [
                pre_tokenizers.Split(Regex(_SPLITS[rule]), behavior="isolated"),
                pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
            ]
        )
    elif rule in _DIGITS_FIRST:
        tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
            [pre_tokenizers.Digits(individual_digits=True), pre_tokenizers.ByteLevel(add_prefix_space=False)]
        )
    elif rule in _GPT2_LIKE:
        tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    else:
        raise ModelUnavailableError(
            f"{path} cuts its text by the rule {rule}, unknown to kcreate; use the model's Hugging Face folder."
        )
    if rule in ("qwen2", "deepseek-r1-qwen"):
        tokenizer.normalizer = normalizers.NFC()
    tokenizer.decoder = decoders.ByteLevel()
    return tokenizer


def _pair(merge: str) -> tuple[str, str]:
    left, right = merge.split(" ")
    return left, right


def _sentencepiece(fields: dict[str, Any]) -> Tokenizer:
    """SentencePiece's BPE: pieces with scores, unknown characters as bytes, spaces as `▁`."""
    tokens: list[str] = fields["tokenizer.ggml.tokens"]
    kinds: list[int] = fields.get("tokenizer.ggml.token_type") or [1] * len(tokens)
    vocabulary = {token: index for index, token in enumerate(tokens)}
    if "tokenizer.ggml.merges" in fields:
        merges = [_pair(merge) for merge in fields["tokenizer.ggml.merges"]]
    else:
        merges = _merges_by_score(vocabulary, fields["tokenizer.ggml.scores"])
    unknown = next((token for token, kind in zip(tokens, kinds, strict=True) if kind == _UNKNOWN), None)
    tokenizer = Tokenizer(BPE(vocab=vocabulary, merges=merges, unk_token=unknown, fuse_unk=True, byte_fallback=True))
    prefix = fields.get("tokenizer.ggml.add_space_prefix", True)
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="first" if prefix else "never", split=False)
    steps = [decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse()]
    if prefix:
        steps.append(decoders.Strip(content=" ", left=1))
    tokenizer.decoder = decoders.Sequence(steps)
    return tokenizer


def _merges_by_score(vocabulary: dict[str, int], scores: list[float]) -> list[tuple[str, str]]:
    """The merges that scores imply: every way to build a piece of two, the best piece first."""
    ranked = []
    for piece, index in vocabulary.items():
        for cut in range(1, len(piece)):
            left, right = piece[:cut], piece[cut:]
            if left in vocabulary and right in vocabulary:
                ranked.append((-scores[index], index, vocabulary[left], vocabulary[right], left, right))
    return [(left, right) for *_, left, right in sorted(ranked)]


def _add_tokens(tokenizer: Tokenizer, fields: dict[str, Any]) -> None:
    """Control tokens become special, user-defined ones are taken whole wherever they stand."""
    tokens = fields["tokenizer.ggml.tokens"]
    kinds = fields.get("tokenizer.ggml.token_type") or [1] * len(tokens)
    added = [(token, kind) for token, kind in zip(tokens, kinds, strict=True) if kind in (_CONTROL, _USER_DEFINED)]
    tokenizer.add_special_tokens([AddedToken(token, normalized=False) for token, kind in added if kind == _CONTROL])
    tokenizer.add_tokens(
        [AddedToken(token, normalized=False, special=False) for token, kind in added if kind == _USER_DEFINED]
    )
