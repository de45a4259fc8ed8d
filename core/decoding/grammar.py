"""Structure: which tokens may come next so that the text keeps to a JSON schema, a regular expression or a grammar.

The parsing is `llguidance`'s (https://github.com/guidance-ai/llguidance); here a model's tokenizer is handed to it once
and every constrained request gets a `Constraint` of its own. A constraint that cannot be kept is refused, never ignored.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ..errors import KcreateError, UsageError
from ..model.tokenizer import Tokenizer

if TYPE_CHECKING:
    from llguidance import LLMatcher

WHITESPACE = r" |\n {0,16}"
"""What may stand between the parts of JSON: a space, or a line break with its indentation. Without a bound, a small model
that cannot decide writes blanks until its tokens are used up."""


@dataclass(frozen=True)
class Grammar:
    """What a text has to be; exactly one of the three is given, and the whole answer has to match.

    Attributes:
        json_schema: a JSON schema (https://json-schema.org, 2020-12) as an object or as text; kept as text. The
            properties come in the schema's order. An unsupported keyword is refused, an unknown one is an annotation.
        regex: a regular expression in the syntax of Rust's `regex` crate: no look-around, no back-references.
        lark: a context-free grammar in llguidance's dialect of Lark, with a rule `start`.

    Raises:
        UsageError: none or several are given, or `json_schema` is not JSON.
    """

    json_schema: Mapping[str, Any] | str | None = None
    regex: str | None = None
    lark: str | None = None

    def __post_init__(self) -> None:
        given = [name for name in ("json_schema", "regex", "lark") if getattr(self, name) is not None]
        if len(given) != 1:
            raise UsageError(
                f"A grammar is one of json_schema, regex and lark, not {' and '.join(given) or 'none of them'}; give one."
            )
        if self.json_schema is None:
            return
        try:
            schema = json.loads(self.json_schema) if isinstance(self.json_schema, str) else dict(self.json_schema)
            text = json.dumps(schema, ensure_ascii=False)
        except (TypeError, ValueError, RecursionError) as error:
            raise UsageError(f"The JSON schema is not JSON ({error}); correct it.") from error
        object.__setattr__(self, "json_schema", text)

    @property
    def kind(self) -> str:
        """The kind of grammar, for people."""
        named = {"JSON schema": self.json_schema, "regular expression": self.regex, "Lark grammar": self.lark}
        return next(name for name, text in named.items() if text is not None)


class GrammarCompiler:
    """Makes constraints for one model; building it takes a fraction of a second, so it is kept with the model.

    Attributes:
        vocab_size: entries of a row of logits.
        stops: (vocab_size,) bool, the tokens that end an answer.
        unspeakable: (vocab_size,) bool, the tokens whose text would not be theirs at the start of an answer.
    """

    def __init__(self, tokenizer: Tokenizer, vocab_size: int, stop_ids: frozenset[int]) -> None:
        """Hand the vocabulary to llguidance.

        Args:
            vocab_size: entries of a row of logits; may be more than the tokenizer's tokens, and the rest is never allowed.
            stop_ids: the tokens that end an answer.

        Raises:
            UsageError: llguidance is not installed, cannot read this kind of tokenizer, or the model has no stop token.
        """
        try:
            from llguidance import LLTokenizer
        except ImportError as error:
            raise UsageError(
                "A grammar needs the package llguidance; install it with: pip install 'kcreate[grammar]'"
            ) from error
        self.vocab_size = vocab_size
        self.stops = np.zeros(vocab_size, dtype=np.bool_)
        self.stops[[token for token in stop_ids if token < vocab_size]] = True
        if not self.stops.any():
            raise UsageError(
                "The model has no token that ends an answer, so it cannot keep to a grammar; take another."
            )
        tokens = max(vocab_size, tokenizer.vocab_size)
        try:
            self._tokenizer = LLTokenizer(tokenizer.to_json(), n_vocab=tokens, eos_token=sorted(stop_ids))
        except ValueError as error:
            raise UsageError(
                f"The model's tokenizer cannot carry a grammar ({_sentence(str(error))}); take another model."
            ) from error
        self.unspeakable = self._lost_at_the_start(tokenizer)

    def start(self, grammar: Grammar) -> "Constraint":
        """The state of an answer of which nothing is written.

        Raises:
            UsageError: the grammar has an error, asks for what llguidance does not support, or nothing can match it.
        """
        from llguidance import LLMatcher

        matcher = LLMatcher(self._tokenizer, _source(grammar), log_level=0)
        problem = matcher.get_error() or "; ".join(matcher.get_grammar_warnings())
        if problem:
            raise UsageError(f"The {grammar.kind} cannot be used ({_sentence(problem)}); correct or simplify it.")
        constraint = Constraint(matcher, self)
        try:
            constraint.mask()
        except KcreateError as error:
            raise UsageError(
                f"The {grammar.kind} matches no text that this model can write; correct or simplify it."
            ) from error
        return constraint

    def _lost_at_the_start(self, tokenizer: Tokenizer) -> NDArray[np.bool_]:
        """Tokens (vocab_size,) whose text differs at the start of an answer, where SentencePiece drops a space."""
        spaced = [token for token in range(self.vocab_size) if self._tokenizer.decode_bytes([token])[:1] == b" "]
        lost = np.zeros(self.vocab_size, dtype=np.bool_)
        if spaced and not tokenizer.decode(spaced[:1]).startswith(" "):
            lost[spaced] = True
        return lost


class Constraint:
    """How far one answer has come in its grammar."""

    def __init__(self, matcher: "LLMatcher", compiler: GrammarCompiler) -> None:
        """Made by `GrammarCompiler.start`."""
        self._matcher, self._compiler = matcher, compiler
        self._begun = False
        self._mask: NDArray[np.bool_] | None = None

    def mask(self) -> Tensor:
        """(vocab_size,) bool on the CPU, not to be changed: the tokens that may come next.

        Stop tokens are among them exactly where the text so far is a whole one.

        Raises:
            KcreateError: the grammar became too complex, or no token of the model leads on.
        """
        return torch.from_numpy(self._allowed())

    def advance(self, token: int) -> None:
        """Go on to behind `token`.

        Raises:
            ValueError: the mask forbids it; the state is as it was.
            KcreateError: as in `mask`.
        """
        if not 0 <= token < self._compiler.vocab_size or not self._allowed()[token]:
            raise ValueError(f"token {token} is not allowed here")
        if not self._matcher.consume_token(token):
            raise KcreateError(self._too_complex())
        self._begun, self._mask = True, None

    @property
    def finished(self) -> bool:
        """The text is a whole one and nothing but a stop token may follow."""
        return not (self._allowed() & ~self._compiler.stops).any()

    def _allowed(self) -> NDArray[np.bool_]:
        """The mask in numpy: torch would spread such short work over threads, which costs more on a busy machine."""
        if self._mask is None:
            self._mask = self._next()
        return self._mask

    def _next(self) -> NDArray[np.bool_]:
        bits = np.frombuffer(self._matcher.compute_bitmask(), dtype=np.uint8)
        if self._matcher.is_error():
            raise KcreateError(self._too_complex())
        size = self._compiler.vocab_size
        mask: NDArray[np.bool_] = np.unpackbits(bits, count=size, bitorder="little").view(np.bool_)
        if not self._begun:
            mask &= ~self._compiler.unspeakable
        mask[self._compiler.stops] = self._matcher.is_accepting()
        if not mask.any():
            raise KcreateError(
                "The answer cannot go on: no token of the model fits the grammar here; simplify it or take another model."
            )
        return mask

    def _too_complex(self) -> str:
        return f"The grammar is too complex here ({_sentence(self._matcher.get_error())}); simplify it."


def allowed(logits: Tensor, mask: Tensor) -> Tensor:
    """Logits (..., vocab_size) with what `mask` (..., vocab_size) forbids at minus infinity."""
    return logits.masked_fill(~mask.to(logits.device), -torch.inf)


def _source(grammar: Grammar) -> str:
    """The grammar in llguidance's own form.

    Raises:
        UsageError: an option that the schema gives llguidance (`x-guidance`) is none.
    """
    from llguidance import LLMatcher

    if grammar.regex is not None:
        return LLMatcher.grammar_from_regex(grammar.regex)
    if grammar.lark is not None:
        return LLMatcher.grammar_from_lark(grammar.lark)
    assert isinstance(grammar.json_schema, str)
    try:
        return LLMatcher.grammar_from_json_schema(grammar.json_schema, defaults={"whitespace_pattern": WHITESPACE})
    except ValueError as error:
        raise UsageError(
            f"The JSON schema cannot be used ({_sentence(str(error))}); correct or simplify it."
        ) from error


def _sentence(message: str) -> str:
    """The library's message in one line: its first, and the reason where that stands in a line of its own."""
    lines = [line.strip() for line in message.strip().splitlines() if line.strip()]
    reasons = [line.removeprefix("error:").strip() for line in lines[1:] if line.startswith("error:")]
    return " ".join([*lines[:1], *reasons]).rstrip(".:")
