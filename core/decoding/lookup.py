"""Prompt lookup: guesses of the next tokens from where the latest ones stood before (Saxena 2023, prompt lookup decoding).

A drafted answer copies much of its notes, so a guess is often right, and checking several guessed tokens in one forward
costs little more than making one.
"""

from collections.abc import Sequence

LONGEST = 4
"""Tokens of context that a guess is looked up by at most; the longest context known wins."""
SHORTEST = 2
PATIENCE = 32
"""Most steps that a row makes without guessing after guesses that were all wrong."""


class Lookup:
    """What followed each run of `SHORTEST` to `LONGEST` tokens, where it was seen last."""

    def __init__(self, sources: Sequence[Sequence[int]], text: Sequence[int]) -> None:
        """`sources` are texts that may be copied from; `text` is the prompt, which grows by `push`."""
        self._known: dict[tuple[int, ...], tuple[list[int], int]] = {}
        self._rest, self._pause = 0, 1
        for source in sources:
            own: list[int] = []
            for token in source:
                self._note(own, token)
        self._text: list[int] = []
        for token in text:
            self._note(self._text, token)

    def push(self, token: int) -> None:
        """The text went on with `token`."""
        self._note(self._text, token)

    def propose(self, count: int) -> list[int]:
        """Up to `count` guesses of what comes next; none where nothing like it was seen, or guessing went badly."""
        if self._rest > 0:
            self._rest -= 1
            return []
        for length in range(min(LONGEST, len(self._text)), SHORTEST - 1, -1):
            found = self._known.get(tuple(self._text[-length:]))
            if found is not None:
                where, place = found
                return where[place : place + count]
        return []

    def judge(self, right: int) -> None:
        """`right` guesses of a proposal were right: after one that was all wrong, pause, longer each time in a row."""
        if right:
            self._pause = 1
        else:
            self._rest, self._pause = self._pause, min(PATIENCE, self._pause * 2)

    def _note(self, text: list[int], token: int) -> None:
        """Note `token` behind what `text` ends with, and add it there."""
        for length in range(SHORTEST, min(LONGEST, len(text)) + 1):
            self._known[tuple(text[-length:])] = text, len(text)
        text.append(token)
