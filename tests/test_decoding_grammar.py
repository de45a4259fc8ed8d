"""Grammars: whatever a model that picks allowed tokens at random writes, keeps to the schema, expression or grammar."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from test_model_tokenizer import HERE, byte_level_fields, sentencepiece_fields

from kcreate.core.decoding.grammar import Grammar, GrammarCompiler, allowed
from kcreate.core.decoding.text import TextStream
from kcreate.core.errors import UsageError
from kcreate.core.model.gguf_tokenizer import tokenizer_json
from kcreate.core.model.tokenizer import Tokenizer

QUIZ = {
    "type": "object",
    "properties": {
        "title": {"type": "string", "maxLength": 12},
        "level": {"enum": ["易", "中", "难"]},
        "questions": {
            "type": "array",
            "minItems": 1,
            "maxItems": 2,
            "items": {
                "type": "object",
                "properties": {
                    "stem": {"type": "string", "pattern": "^[一-鿿]{1,6}？$"},
                    "points": {"type": "integer", "minimum": 1, "maximum": 20},
                    "open": {"type": "boolean"},
                },
                "required": ["stem", "points"],
                "additionalProperties": False,
            },
        },
    },
    "required": ["title", "level", "questions"],
    "additionalProperties": False,
}
LINES = r"""
start: line{1,4}
line: NUMBER ". " WORD (", " WORD)* "\n"
NUMBER: /[1-9][0-9]?/
WORD: /[a-z]{1,5}/ | /[一-鿿]{1,3}/
"""


def make(kind: str) -> tuple[Tokenizer, GrammarCompiler]:
    """A compiler over one of two small vocabularies, for a model with more rows than tokens."""
    fields = byte_level_fields("gpt-2") if kind == "byte-level" else sentencepiece_fields()
    tokenizer = Tokenizer.from_json(tokenizer_json(fields, HERE), HERE)
    stop = tokenizer.token_id("<|im_end|>" if kind == "byte-level" else "</s>")
    assert stop is not None
    return tokenizer, GrammarCompiler(tokenizer, tokenizer.vocab_size + 7, frozenset({stop}))


MADE = {kind: make(kind) for kind in ("byte-level", "sentencepiece")}


def walk(kind: str, grammar: Grammar, seed: int, limit: int = 400) -> tuple[str, bool]:
    """What a uniform model writes under the mask, as the loop would show it; whether it came to an end."""
    tokenizer, compiler = MADE[kind]
    constraint, stream, text = compiler.start(grammar), TextStream(tokenizer.decode), ""
    random = torch.Generator().manual_seed(seed)
    for _ in range(limit):
        logits = allowed(torch.zeros(compiler.vocab_size), constraint.mask())
        token = int(torch.multinomial(logits.softmax(-1), 1, generator=random))
        constraint.advance(token)
        if compiler.stops[token]:
            return text + stream.finish(), True
        text += stream.push(token)
    return text, False


def check_quiz(value: Any) -> None:
    """The schema above, spelled out by hand."""
    assert set(value) == {"title", "level", "questions"} and value["level"] in {"易", "中", "难"}
    assert isinstance(value["title"], str) and len(value["title"]) <= 12
    assert 1 <= len(value["questions"]) <= 2
    for question in value["questions"]:
        assert {"stem", "points"} <= set(question) <= {"stem", "points", "open"}
        assert re.fullmatch("[一-鿿]{1,6}？", question["stem"])
        assert type(question["points"]) is int and 1 <= question["points"] <= 20
        assert type(question.get("open", True)) is bool


@pytest.mark.parametrize("kind", MADE)
@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 2**31))
def test_random_tokens_under_a_schema_are_valid_json(kind: str, seed: int) -> None:
    text, ended = walk(kind, Grammar(json_schema=QUIZ), seed)
    assert ended
    check_quiz(json.loads(text))
    assert not re.search(r"\n {17}|\n\n", text)


@pytest.mark.parametrize("kind", MADE)
@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 2**31), cut=st.integers(1, 30))
def test_what_is_cut_short_is_a_beginning(kind: str, seed: int, cut: int) -> None:
    grammar = Grammar(json_schema=QUIZ)
    whole, _ = walk(kind, grammar, seed)
    beginning, ended = walk(kind, grammar, seed, limit=cut)
    assert not ended and whole.startswith(beginning)


@pytest.mark.parametrize("kind", MADE)
@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 2**31))
def test_random_tokens_under_an_expression_match_it(kind: str, seed: int) -> None:
    pattern = "(第[一二三四五六七八九十]{1,2}课|Lesson [1-9][0-9]?)：( |[^\x00-\x1f\x7f-\x9f ]){1,8}。"
    text, ended = walk(kind, Grammar(regex=pattern), seed)
    assert ended and re.fullmatch(pattern, text)


@pytest.mark.parametrize("kind", MADE)
@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 2**31))
def test_random_tokens_under_a_grammar_parse(kind: str, seed: int) -> None:
    text, ended = walk(kind, Grammar(lark=LINES), seed, limit=1500)
    line = "[1-9][0-9]?[.] ([a-z]{1,5}|[一-鿿]{1,3})(, ([a-z]{1,5}|[一-鿿]{1,3}))*\n"
    assert ended and re.fullmatch(f"({line}){{1,4}}", text)


@pytest.mark.parametrize("kind", MADE)
def test_a_chinese_character_may_come_byte_by_byte(kind: str) -> None:
    tokenizer, compiler = MADE[kind]
    constraint = compiler.start(Grammar(regex="鿿|龘"))
    ids = [token for token in tokenizer.encode("鿿") if tokenizer.token(token) != "▁"]
    assert len(ids) >= 2 and "鿿" not in tokenizer.decode(ids[:1])
    for token in ids:
        assert not constraint.finished and not compiler.stops[constraint.mask()].any()
        constraint.advance(token)
    assert constraint.finished and constraint.mask().tolist() == compiler.stops.tolist()


def test_the_end_is_allowed_exactly_where_the_text_is_whole() -> None:
    tokenizer, compiler = MADE["byte-level"]
    stop = int(compiler.stops.argmax())
    constraint = compiler.start(Grammar(regex="ab?"))
    with pytest.raises(ValueError, match="not allowed"):
        constraint.advance(stop)
    constraint.advance(tokenizer.encode("a")[0])
    assert constraint.mask()[stop] and not constraint.finished
    constraint.advance(tokenizer.encode("b")[0])
    assert constraint.finished
    constraint.advance(stop)
    assert constraint.finished and constraint.mask().nonzero().tolist() == [[stop]]


def test_a_forbidden_token_changes_nothing() -> None:
    tokenizer, compiler = MADE["byte-level"]
    constraint = compiler.start(Grammar(regex="ab"))
    for token in (tokenizer.encode("b")[0], compiler.vocab_size - 1, compiler.vocab_size, -1):
        with pytest.raises(ValueError, match=f"token {token} is not allowed"):
            constraint.advance(token)
    constraint.advance(tokenizer.encode("a")[0])
    constraint.advance(tokenizer.encode("b")[0])
    assert constraint.finished


def test_control_tokens_and_rows_without_a_token_are_never_allowed() -> None:
    tokenizer, compiler = MADE["byte-level"]
    mask = compiler.start(Grammar(regex="(.|\n){5,9}")).mask()
    assert mask[tokenizer.encode("the")[0]] and mask[tokenizer.encode("\n")[0]]
    assert not mask[tokenizer.vocab_size :].any()
    assert not mask[list(tokenizer.control_tokens.values())].any()


def test_several_tokens_may_end_an_answer() -> None:
    tokenizer, _ = MADE["byte-level"]
    stops = frozenset(tokenizer.control_tokens.values())
    assert len(stops) == 2
    constraint = GrammarCompiler(tokenizer, tokenizer.vocab_size, stops).start(Grammar(regex="a"))
    constraint.advance(tokenizer.encode("a")[0])
    for stop in stops:
        assert set(constraint.mask().nonzero().flatten().tolist()) == stops
        constraint.advance(stop)
    assert constraint.finished


def test_a_stop_token_with_text_of_its_own_is_only_ever_the_end() -> None:
    tokenizer, _ = MADE["byte-level"]
    first, stop = tokenizer.encode("x")[0], tokenizer.encode("z")[0]
    compiler = GrammarCompiler(tokenizer, tokenizer.vocab_size, frozenset({stop}))
    constraint = compiler.start(Grammar(regex="z?xz{0,3}"))
    assert not constraint.mask()[stop]
    constraint.advance(first)
    constraint.advance(stop)
    assert constraint.mask().tolist() == compiler.stops.tolist()


def test_rows_of_one_model_do_not_share_their_state() -> None:
    tokenizer, compiler = MADE["byte-level"]
    first, second = (compiler.start(Grammar(regex="ab")) for _ in range(2))
    first.advance(tokenizer.encode("a")[0])
    assert second.mask()[tokenizer.encode("a")[0]] and not first.mask()[tokenizer.encode("a")[0]]


def test_a_space_that_decoding_would_drop_is_not_offered() -> None:
    tokenizer, compiler = MADE["sentencepiece"]
    mask = compiler.start(Grammar(regex="( |x)a")).mask()
    assert {tokenizer.decode([token])[:1] for token in mask.nonzero().flatten().tolist()} == {"x"}


@pytest.mark.parametrize(
    ("grammar", "says"),
    [
        (Grammar(json_schema={"type": "text"}), "JSON schema cannot be used .*Invalid type: text"),
        (Grammar(json_schema={"type": "array", "uniqueItems": True}), "Unimplemented keys.*uniqueItems"),
        (Grammar(json_schema={"x-guidance": {"lenient": True}, "not": {}}), "Unimplemented keys.*not"),
        (Grammar(json_schema={"x-guidance": {"lenient": True}, "format": "poem"}), "cannot be used .*poem"),
        (Grammar(json_schema={"x-guidance": {"speed": 2}}), "JSON schema cannot be used .*speed"),
        (Grammar(json_schema={"enum": []}), "JSON schema cannot be used .*Unsatisfiable"),
        (Grammar(json_schema={"$ref": "https://example.org/schema"}), "JSON schema cannot be used"),
        (Grammar(json_schema={"$defs": {"x": {"$ref": "#/$defs/x"}}, "$ref": "#/$defs/x"}), "matches no text"),
        (Grammar(json_schema="[]"), "JSON schema cannot be used"),
        (Grammar(regex="(a"), "regular expression cannot be used .*unclosed group"),
        (Grammar(regex="a(?=b)"), "regular expression cannot be used .*look-ahead"),
        (Grammar(regex=r"[^\s\S]"), "regular expression matches no text"),
        (Grammar(lark="start: word"), "Lark grammar cannot be used .*unknown name"),
        (Grammar(lark=""), "Lark grammar cannot be used"),
    ],
)
def test_what_cannot_be_kept_is_refused_in_one_sentence(grammar: Grammar, says: str) -> None:
    with pytest.raises(UsageError, match=says) as refused:
        MADE["byte-level"][1].start(grammar)
    assert "\n" not in str(refused.value) and str(refused.value).endswith(".")


@pytest.mark.parametrize("wrong", [{}, {"regex": "a", "lark": "b"}, {"json_schema": "{"}, {"json_schema": {"a": {1}}}])
def test_a_grammar_is_one_of_three_and_its_schema_is_json(wrong: dict[str, Any]) -> None:
    with pytest.raises(UsageError):
        Grammar(**wrong)


def test_a_model_without_an_end_is_refused() -> None:
    with pytest.raises(UsageError, match="no token that ends"):
        GrammarCompiler(MADE["byte-level"][0], 500, frozenset())


def test_without_the_package_the_extra_is_named() -> None:
    code = (
        "import sys; sys.modules['llguidance'] = None\n"
        "from kcreate.core.decoding.grammar import GrammarCompiler, Grammar\n"
        "from kcreate.core.errors import UsageError\n"
        "try:\n    GrammarCompiler(None, 9, frozenset({1}))\n"
        "except UsageError as error:\n    print(error)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "pip install 'kcreate[grammar]'" in done.stdout


def test_the_embedded_model_s_vocabulary_carries_a_schema(smollm2: Path) -> None:
    from kcreate.core.model.gguf_file import GGUFFile

    text = GGUFFile(smollm2).index.tokenizer
    assert text is not None
    tokenizer = Tokenizer.from_json(text, smollm2)
    MADE["smollm2"] = tokenizer, GrammarCompiler(tokenizer, 49152, frozenset({2}))
    try:
        for seed in range(3):
            written, ended = walk("smollm2", Grammar(json_schema=QUIZ), seed)
            assert ended
            check_quiz(json.loads(written))
    finally:
        del MADE["smollm2"]
