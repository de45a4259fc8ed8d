"""Tokens to text as they come: no character is ever shown broken, and a stop string never shows its beginning."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ..errors import UsageError

BROKEN = "\N{REPLACEMENT CHARACTER}"
LONG = 32
"""Tokens after which an unfinished character is looked at more closely; real ones end within four bytes."""


class IncrementalText:
    """The text of a growing list of ids, piece by piece; the pieces together are the text of the whole.

    A piece is the difference between two decodings of a short window that begins at the end of a character, so the work
    per token does not grow with the text. An unfinished character at the very end is left out.
    """

    def __init__(self, decode: Callable[[list[int]], str]) -> None:
        """`decode` turns ids into text and writes `U+FFFD` for bytes that are no character (yet)."""
        self._decode = decode
        self._context: list[int] = []
        self._context_text = ""
        self._pending: list[int] = []
        self._shown = 0

    def push(self, token: int) -> str:
        """The characters that `token` completes; may be empty."""
        self._pending.append(token)
        text = self._pending_text()
        piece, self._shown = text.rstrip(BROKEN)[self._shown :], max(self._shown, len(text.rstrip(BROKEN)))
        if not text.endswith(BROKEN):
            self._settle(text)
        elif len(self._pending) > LONG:
            piece += self._give_up(text)
        return piece

    def finish(self) -> str:
        """What is left, without an unfinished character."""
        return self._pending_text().rstrip(BROKEN)[self._shown :]

    def _pending_text(self) -> str:
        return self._decode(self._context + self._pending)[len(self._context_text) :]

    def _settle(self, text: str) -> None:
        """Everything pending is out. Ids without text (special tokens) cannot serve as context and are dropped."""
        if text:
            self._context, self._context_text = self._pending, self._decode(self._pending)
        self._pending, self._shown = [], 0

    def _give_up(self, text: str) -> str:
        """Bytes that will never be a character: settle all but the last few tokens, where that changes no character."""
        for tail in range(1, 5):
            head, rest = self._pending[:-tail], self._pending[-tail:]
            head_text = self._decode(self._context + head)[len(self._context_text) :]
            last = head[-1:]
            if head_text + self._decode(last + rest)[len(self._decode(last)) :] == text:
                piece = head_text[self._shown :]
                self._context, self._context_text = last, self._decode(last)
                self._pending, self._shown = rest, 0
                return piece
        return ""


@dataclass
class StopStrings:
    """Passes text through until one of `stops` is complete; holds back what may still become one.

    The match that is complete first wins, and of several complete at once the longest; the text ends before it.
    """

    stops: Sequence[str]
    stopped: bool = False
    _held: str = ""

    def __post_init__(self) -> None:
        if any(not stop for stop in self.stops):
            raise UsageError("A stop string is empty; give at least one character or leave it out.")

    def push(self, piece: str) -> str:
        """The text that is now certain to stand before any stop string; sets `stopped` when one is complete."""
        if self.stopped:
            return ""
        self._held += piece
        found = [(self._held.index(stop) + len(stop), -len(stop)) for stop in self.stops if stop in self._held]
        if found:
            self.stopped = True
            end, negative_length = min(found)
            text, self._held = self._held[: end + negative_length], ""
            return text
        keep = max((_overlap(self._held, stop) for stop in self.stops), default=0)
        cut = len(self._held) - keep
        text, self._held = self._held[:cut], self._held[cut:]
        return text

    def finish(self) -> str:
        """What was held back and did not become a stop string."""
        text, self._held = self._held, ""
        return text


def _overlap(text: str, stop: str) -> int:
    """How many characters at the end of `text` are a beginning of `stop`, which is not complete in it."""
    for length in range(min(len(stop) - 1, len(text)), 0, -1):
        if text.endswith(stop[:length]):
            return length
    return 0


class TextStream:
    """Both of the above for one request: tokens in, showable text out."""

    def __init__(self, decode: Callable[[list[int]], str], stops: Sequence[str] = ()) -> None:
        self._text = IncrementalText(decode)
        self._stops = StopStrings(stops)

    @property
    def stopped(self) -> bool:
        """A stop string is complete: nothing more will come."""
        return self._stops.stopped

    def push(self, token: int) -> str:
        """The text that can be shown now that `token` is known."""
        return self._stops.push(self._text.push(token))

    def finish(self) -> str:
        """The rest, once no token follows."""
        rest = self._stops.push(self._text.finish())
        return rest + self._stops.finish()
