"""The log-probability of given text from a server that can echo a prompt with log-probabilities."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import takewhile
from threading import Event as Cancelled
from typing import Any

from ..errors import KcreateError, ModelUnavailableError
from .remote_errors import OutOfReachError
from .remote_http import ModelServer
from .remote_parallel import as_finished
from .remote_request import Body, ask
from .score import Score

Tokens = list[tuple[str, float]]
"""Each token of a text with its log-probability behind those before it."""

_COUNTING = "One, two, three, four, five, six, seven,"


@dataclass(frozen=True)
class EchoScoring:
    """Scores through `/completions` with `echo` and `logprobs`, which OpenAI's first models had and vLLM has.

    One token is generated with each echo, as not every server can write none.
    """

    server: ModelServer
    model: str

    def works(self) -> bool:
        """Whether echoed log-probabilities are to be had, and are right.

        A word that the model writes has to get, as part of a prompt, the log-probability it was written with: some servers
        ignore `echo`, and some shift the log-probabilities by a place.

        Raises:
            OutOfReachError: the server is not there, or overloaded.
        """
        try:
            written = self.server.post("/completions", self._body(_COUNTING), retries=1)
            log_probs = written["choices"][0]["logprobs"]
            word, expected = str(log_probs["tokens"][0]), float(log_probs["token_logprobs"][0])
            found = echoed(self.server.post("/completions", self._body(_COUNTING + word, echo=True), retries=1))
        except OutOfReachError:
            raise
        except (KcreateError, LookupError, TypeError, ValueError):
            return False
        # A tenth is more than the arithmetic of two runs differs by.
        return found is not None and len(found) >= 8 and found[-1][0] == word and abs(found[-1][1] - expected) < 0.1

    def scores(self, prompt: str, texts: Sequence[str], concurrency: int) -> list[Score]:
        """The score of each text behind `prompt`; a token across the border counts to the text.

        Raises:
            ModelUnavailableError: an answer has no log-probabilities.
        """

        def job(text: str) -> Callable[[Cancelled], Tokens]:
            return lambda cancelled: self._echo(text, cancelled)

        rows = dict(as_finished([job(prompt + text) for text in ["", *texts]], concurrency))
        before = [token for token, _ in rows[0]]
        scores = []
        for place, text in enumerate(texts, 1):
            same = zip(before, rows[place], strict=False)
            shared = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1][0], same))
            own = rows[place][shared:] if text else []
            scores.append(Score(sum(log_prob for _, log_prob in own), len(own)))
        return scores

    def _echo(self, text: str, cancelled: Cancelled) -> Tokens:
        found = echoed(ask(self.server, "/completions", self._body(text, echo=True), cancelled))
        if found is None:
            raise ModelUnavailableError(f"The server at {self.server.url} left out log-probabilities; run it again.")
        return found

    def _body(self, prompt: str, echo: bool = False) -> Body:
        body = {"model": self.model, "prompt": prompt, "max_tokens": 1, "temperature": 0.0, "logprobs": 1}
        return body | ({"echo": True} if echo else {})


def echoed(answer: Any) -> Tokens | None:
    """The tokens of an echoed prompt; 0 for the first, which has no log-probability. None where it is no such echo.

    What was generated behind the prompt is left out.
    """
    try:
        log_probs = answer["choices"][0]["logprobs"]
        pairs = list(zip(log_probs["tokens"], log_probs["token_logprobs"], strict=True))
        kept = pairs[: len(pairs) - answer["usage"]["completion_tokens"]]
        if not kept or any(value is None for _, value in kept[1:]):
            return None
        return [(str(token), float(value or 0.0)) for token, value in kept]
    except (LookupError, TypeError, ValueError):
        return None
