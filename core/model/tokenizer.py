"""Text to token ids and back."""

from pathlib import Path
from threading import Lock

import tokenizers

from ..errors import ModelUnavailableError


class Tokenizer:
    """A checkpoint's tokenizer. Nothing is ever added around the text: templates and callers say what stands there."""

    def __init__(self, backend: tokenizers.Tokenizer) -> None:
        self._backend = backend
        self._backend.no_truncation()
        self._backend.no_padding()
        self._lock = Lock()

    @classmethod
    def from_json(cls, text: str, path: Path) -> "Tokenizer":
        """From the text of a `tokenizer.json`; `path` is named when it is broken.

        Raises:
            ModelUnavailableError: the text is no tokenizer.
        """
        try:
            return cls(tokenizers.Tokenizer.from_str(text))
        except Exception as error:  # tokenizers raises bare Exception for whatever it cannot parse
            raise ModelUnavailableError(f"{path} holds no tokenizer that can be read; download it again.") from error

    def to_json(self) -> str:
        """The whole tokenizer as the text of a `tokenizer.json`."""
        return self._backend.to_str()

    def encode(self, text: str, special: bool = True) -> list[int]:
        """Ids of `text`.

        Args:
            special: recognise control tokens that are spelled out, as in a rendered chat template. False for text that
                somebody else wrote: `<|im_end|>` in it is ten characters, not the end of a turn.
        """
        if special:
            return self._encode(text)
        with self._lock:
            self._backend.encode_special_tokens = True
            try:
                return self._encode(text)
            finally:
                self._backend.encode_special_tokens = False

    def decode(self, ids: list[int], special: bool = False) -> str:
        """Text of `ids`; control tokens are left out unless `special`. Bytes that are no UTF-8 become U+FFFD."""
        return self._backend.decode(ids, skip_special_tokens=not special)

    def token_id(self, token: str) -> int | None:
        """The id of one token as the vocabulary spells it, or None."""
        return self._backend.token_to_id(token)

    def token(self, token_id: int) -> str | None:
        """The vocabulary's spelling of one id, or None."""
        return self._backend.id_to_token(token_id)

    @property
    def vocab_size(self) -> int:
        """Tokens in the vocabulary, added ones included; the model's may be larger (padded)."""
        return self._backend.get_vocab_size(with_added_tokens=True)

    @property
    def control_tokens(self) -> dict[str, int]:
        """The special tokens and their ids."""
        added = self._backend.get_added_tokens_decoder()
        return {token.content: index for index, token in added.items() if token.special}

    @property
    def prefix(self) -> tuple[int, ...]:
        """The ids that the tokenizer's own rule puts before a text (`<s>` in most Llamas), often none."""
        return tuple(self._backend.encode("", add_special_tokens=True).ids)

    def _encode(self, text: str) -> list[int]:
        return self._backend.encode(text, add_special_tokens=False).ids
