"""Tokenizers out of GGUF metadata against the ones transformers makes of the same vocabulary."""

from pathlib import Path
from typing import Any

import pytest
from tokenizers import Tokenizer as Backend
from tokenizers import decoders, models, pre_tokenizers, trainers

from kcreate.core.errors import ModelUnavailableError
from kcreate.core.model.gguf_tokenizer import tokenizer_json
from kcreate.core.model.tokenizer import Tokenizer

HERE = Path("model.gguf")
CORPUS = [
    "The cat sat on the mat, and it's the cat's mat; we'll see what they've done in 1999 and 2024.",
    "版本控制会记录每一次修改。你好，世界！今天是二〇二四年。",
    "def area(radius: float) -> float:\n    return 3.14159 * radius ** 2\n\n\nprint(area(12))",
]
TEXTS = [
    *CORPUS,
    'ordinary English text, with punctuation... and "quotes" — even dashes',
    "混合 mixed 文本 with English，和中文。",
    "for i in range(10):\n\tif i % 2 == 0:\n\t\tprint(f'{i:>5}')\n",
    "🙂 emoji 👩‍👩‍👧‍👦 flags 🇨🇳 and é vs é",
    "spaces   in    runs  \n\n\n   and\ttabs\t\t ",
    "1 12 123 1234 12345 3.14 ١٢٣ ½",
    " leading space",
    "",
    "ALL CAPS don't WE'LL",
]


def byte_level_fields(rule: str) -> dict[str, Any]:
    """A byte-level vocabulary of 600 tokens as a GGUF file describes it."""
    tokenizer = Backend(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    tokenizer.train_from_iterator(
        CORPUS * 3, trainers.BpeTrainer(vocab_size=600, initial_alphabet=alphabet, show_progress=False)
    )
    return gguf_fields(tokenizer, rule)


def gguf_fields(tokenizer: Backend, rule: str) -> dict[str, Any]:
    import json

    model = json.loads(tokenizer.to_str())["model"]
    tokens = [*sorted(model["vocab"], key=model["vocab"].get), "<|im_start|>", "<|im_end|>", "<think>"]
    return {
        "tokenizer.ggml.model": "gpt2",
        "tokenizer.ggml.pre": rule,
        "tokenizer.ggml.tokens": tokens,
        "tokenizer.ggml.token_type": [1] * (len(tokens) - 3) + [3, 3, 4],
        "tokenizer.ggml.merges": [" ".join(merge) for merge in model["merges"]],
    }


def sentencepiece_fields() -> dict[str, Any]:
    """A SentencePiece vocabulary: pieces with scores, 256 byte tokens, no merges."""
    pieces = ["<unk>", "<s>", "</s>", *(f"<0x{byte:02X}>" for byte in range(256))]
    kinds = [2, 3, 3] + [6] * 256
    learned = Backend(models.BPE())
    learned.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="first", split=False)
    learned.train_from_iterator(CORPUS * 3, trainers.BpeTrainer(vocab_size=400, show_progress=False))
    ranked = sorted(learned.get_vocab().items(), key=lambda item: item[1])
    multiple = [piece for piece, _ in ranked if len(piece) > 1]
    single = [piece for piece, _ in ranked if len(piece) == 1]
    pieces += multiple + single
    kinds += [1] * len(multiple + single)
    scores = [0.0] * 259 + [-float(rank) for rank in range(len(multiple) + len(single))]
    return {
        "tokenizer.ggml.model": "llama",
        "tokenizer.ggml.tokens": pieces,
        "tokenizer.ggml.token_type": kinds,
        "tokenizer.ggml.scores": scores,
    }


def by_transformers(fields: dict[str, Any]) -> Backend:
    """The tokenizer that transformers makes of the same metadata."""
    from transformers import AddedToken
    from transformers.models.gpt2 import GPT2Tokenizer
    from transformers.models.llama import LlamaTokenizer

    tokens = fields["tokenizer.ggml.tokens"]
    vocabulary = {token: index for index, token in enumerate(tokens)}
    if fields["tokenizer.ggml.model"] == "gpt2":
        merges = [tuple(merge.split(" ")) for merge in fields["tokenizer.ggml.merges"]]
        made: Any = GPT2Tokenizer(vocab=vocabulary, merges=merges, unk_token=None, bos_token=None, eos_token=None)
    else:
        from transformers.tokenization_utils_base import generate_merges

        scores = dict(zip(tokens, fields["tokenizer.ggml.scores"], strict=True))
        made = LlamaTokenizer(vocab=vocabulary, merges=generate_merges(vocabulary, scores))
    control = [token for token, kind in zip(tokens, fields["tokenizer.ggml.token_type"], strict=True) if kind == 3]
    made.add_special_tokens({"additional_special_tokens": [AddedToken(token, normalized=False) for token in control]})
    made.add_tokens([AddedToken(token, normalized=False) for token in ("<think>",) if token in vocabulary])
    backend: Backend = made.backend_tokenizer
    return backend


def with_split(backend: Backend, rule: str) -> Backend:
    """The reference, cut as transformers cuts the families' own tokenizers."""
    if rule == "llama-bpe":
        from transformers.convert_slow_tokenizer import TikTokenConverter

        pattern = TikTokenConverter(vocab_file="unused").pattern
    elif rule == "qwen2":
        from transformers.models.qwen2.tokenization_qwen2 import PRETOKENIZE_REGEX as pattern
    else:
        if rule == "starcoder":
            backend.pre_tokenizer = pre_tokenizers.Sequence(
                [pre_tokenizers.Digits(individual_digits=True), pre_tokenizers.ByteLevel(add_prefix_space=False)]
            )
        return backend
    from tokenizers import Regex, normalizers

    split = pre_tokenizers.Split(Regex(pattern), behavior="isolated")
    byte_level = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    backend.pre_tokenizer = pre_tokenizers.Sequence([split, byte_level])
    if rule == "qwen2":
        backend.normalizer = normalizers.NFC()
    return backend


@pytest.mark.parametrize("rule", ["gpt-2", "default", "smollm", "starcoder", "llama-bpe", "qwen2"])
def test_byte_level_vocabularies_match_transformers(rule: str) -> None:
    fields = byte_level_fields(rule)
    ours = Tokenizer.from_json(tokenizer_json(fields, HERE), HERE)
    theirs = with_split(by_transformers(fields), rule)
    for text in [*TEXTS, "<|im_start|>user\nhi<|im_end|>", "<think>hm"]:
        ids = ours.encode(text)
        assert ids == theirs.encode(text, add_special_tokens=False).ids, text
        if rule != "qwen2":  # whose normal form joins accents
            assert ours.decode(ids, special=True) == text


def test_sentencepiece_vocabularies_match_transformers() -> None:
    fields = sentencepiece_fields()
    ours = Tokenizer.from_json(tokenizer_json(fields, HERE), HERE)
    theirs = by_transformers(fields)
    for text in [*TEXTS, "<s>hello</s> world"]:
        ids = ours.encode(text)
        assert ids == theirs.encode(text, add_special_tokens=False).ids, text
        assert ours.decode(ids) == theirs.decode(ids, skip_special_tokens=True)
        assert ours.decode(ids).lstrip() == text.replace("<s>", "").replace("</s>", "").lstrip()


def test_sentencepiece_without_the_prefix_space() -> None:
    fields = sentencepiece_fields() | {"tokenizer.ggml.add_space_prefix": False}
    tokenizer = Tokenizer.from_json(tokenizer_json(fields, HERE), HERE)
    assert tokenizer.decode(tokenizer.encode(" two words")) == " two words"
    assert tokenizer.decode(tokenizer.encode("two words")) == "two words"
    assert len(tokenizer.encode("cat")) < len(tokenizer.encode(" cat")) + 1


def test_control_tokens_in_foreign_text_are_plain_text() -> None:
    tokenizer = Tokenizer.from_json(tokenizer_json(byte_level_fields("smollm"), HERE), HERE)
    end = tokenizer.token_id("<|im_end|>")
    note = "a note with <|im_end|> in it"
    assert end in tokenizer.encode(note)
    assert end not in tokenizer.encode(note, special=False)
    assert tokenizer.decode(tokenizer.encode(note, special=False)) == note
    assert end in tokenizer.encode(note)  # the plain reading leaves no trace


def test_decoding_leaves_control_tokens_out_unless_asked() -> None:
    tokenizer = Tokenizer.from_json(tokenizer_json(byte_level_fields("smollm"), HERE), HERE)
    ids = tokenizer.encode("<|im_start|>the cat<|im_end|>")
    assert tokenizer.decode(ids) == "the cat"
    assert tokenizer.decode(ids, special=True) == "<|im_start|>the cat<|im_end|>"


def test_sizes_and_names() -> None:
    fields = byte_level_fields("gpt-2")
    tokenizer = Tokenizer.from_json(tokenizer_json(fields, HERE), HERE)
    assert tokenizer.vocab_size == len(fields["tokenizer.ggml.tokens"])
    assert set(tokenizer.control_tokens) == {"<|im_start|>", "<|im_end|>"}
    assert tokenizer.token(tokenizer.control_tokens["<|im_end|>"]) == "<|im_end|>"
    assert tokenizer.token_id("no such token") is None
    assert tokenizer.prefix == ()


def test_a_rule_that_puts_a_token_first_is_known() -> None:
    from tokenizers import processors

    backend = Backend(models.BPE(vocab={"<s>": 0, "a": 1}, merges=[]))
    backend.add_special_tokens(["<s>"])
    backend.decoder = decoders.ByteLevel()
    backend.post_processor = processors.TemplateProcessing(single="<s> $A", special_tokens=[("<s>", 0)])
    tokenizer = Tokenizer(backend)
    assert tokenizer.prefix == (0,)
    assert tokenizer.encode("a") == [1]


def test_text_that_is_no_tokenizer_is_refused() -> None:
    with pytest.raises(ModelUnavailableError, match=r"model\.gguf holds no tokenizer"):
        Tokenizer.from_json("{}", HERE)
