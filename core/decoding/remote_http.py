"""Talking to one model server: JSON over HTTP with time limits, retries and a key that stays between the two.

Only the server that the user named is contacted: redirects are not followed and proxy variables not read.
"""

import json
import random
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, TypeVar

import urllib3
from urllib3.exceptions import HTTPError, InvalidHeader, ReadTimeoutError, SSLError
from urllib3.util import Retry, Timeout

from ..errors import KcreateError, ModelUnavailableError
from .remote_errors import OutOfReachError, refusal

ANSWER_BYTES = 64 * 2**20
"""More than any answer needs; what is longer is no answer."""
LONGEST_WAIT = 120.0
"""Seconds between two tries at most; a server that asks for more is given up."""
_AGAIN = frozenset({408, 409, 425, 429})
"""Refusals that another try may not meet, besides 5xx."""

Result = TypeVar("Result")


class _Passing(Exception):
    """A try failed in a way that the next may not: with what, and after how many seconds the server wants to be asked."""

    def __init__(self, failure: KcreateError, wait: float | None = None) -> None:
        self.failure = failure
        self.wait = wait


@dataclass
class ModelServer:
    """A server that speaks OpenAI's protocol.

    Attributes:
        url: where its `/models` and `/chat/completions` lie, usually ending in `/v1`.
        key: sent as a bearer token; None sends none.
        connect_timeout, read_timeout: seconds to be reached, and between two signs of life; a server is silent while
            it writes an answer that is not streamed.
        retries: tries after the first, on connection errors, answers that break off, and 408, 429 or 5xx.
        backoff: seconds before the second try; doubled for each further one, shortened at random by up to a half.
        connections: kept open between requests.
    """

    url: str
    key: str | None = field(default=None, repr=False)
    connect_timeout: float = 10.0
    read_timeout: float = 600.0
    retries: int = 4
    backoff: float = 0.5
    connections: int = 8

    def __post_init__(self) -> None:
        timeout = Timeout(connect=self.connect_timeout, read=self.read_timeout)
        self._pool = urllib3.PoolManager(num_pools=2, maxsize=self.connections, retries=False, timeout=timeout)
        self._headers = {"Accept": "application/json, text/event-stream", "User-Agent": "kcreate"}
        if self.key:
            self._headers["Authorization"] = f"Bearer {self.key}"

    def get(self, path: str, retries: int | None = None) -> Any:
        """The JSON at `path`, such as `/models`.

        Raises:
            As `post`.
        """
        return self._retried(lambda: self._json("GET", self.url + path, None), retries)

    def post(
        self, path: str, body: Mapping[str, Any], retries: int | None = None, cancelled: threading.Event | None = None
    ) -> Any:
        """The JSON that answers `body`; `path` may be a full address of the same server.

        Args:
            retries: instead of the server's own.
            cancelled: once set, nothing is tried again.

        Raises:
            ModelUnavailableError: the server cannot be reached, refuses the key, does not have the model, or keeps
                failing.
            TooLongError (an InputError): the prompt is longer than the model takes.
            UsageError: the server does not know an option of `body`.
            RequestRefusedError: it refuses the request for another reason.
        """
        url = path if path.startswith("http") else self.url + path
        return self._retried(lambda: self._json("POST", url, body), retries, cancelled)

    def stream(self, path: str, body: Mapping[str, Any]) -> Iterator[Any]:
        """The events that answer `body`, as they arrive; tried again only while none has.

        Raises:
            As `post`, at once; ModelUnavailableError while the events are read, where they break off.
        """
        return self._streamed(self._retried(lambda: self._respond("POST", self.url + path, body), None))

    def _streamed(self, response: urllib3.BaseHTTPResponse) -> Iterator[Any]:
        try:
            for data in _events(_lines(response)):
                if data == "[DONE]":
                    return
                yield self._parsed(data.encode(), response)
        except ReadTimeoutError as error:
            raise self._too_slow() from error
        except HTTPError as error:
            raise self.broken_off() from error
        finally:
            response.close()

    def broken_off(self) -> OutOfReachError:
        """The error for an answer that ends before it should."""
        return OutOfReachError(f"The answer of the server at {self.url} broke off; ask again.")

    def _retried(
        self, attempt: Callable[[], Result], retries: int | None, cancelled: threading.Event | None = None
    ) -> Result:
        """What `attempt` returns, tried again with growing pauses (full of jitter, so that many do not come at once)."""
        cancelled = cancelled or threading.Event()
        tries = 1 + (self.retries if retries is None else retries)
        for number in range(tries):
            try:
                return attempt()
            except _Passing as passing:
                wait = passing.wait
                if wait is None:
                    wait = min(self.backoff * 2.0**number, LONGEST_WAIT) * random.uniform(0.5, 1.0)
                if number + 1 == tries or wait > LONGEST_WAIT or cancelled.wait(wait):
                    raise passing.failure from passing.__cause__
        raise AssertionError("the last try returns or raises")

    def _json(self, method: str, url: str, body: Mapping[str, Any] | None) -> Any:
        """One try for a whole answer."""
        response = self._respond(method, url, body)
        try:
            return self._parsed(_content(response), response)
        except ReadTimeoutError as error:
            raise self._too_slow() from error
        except HTTPError as error:
            raise _Passing(self.broken_off()) from error
        finally:
            response.close()  # a connection whose answer was read to the end is back in the pool already

    def _respond(self, method: str, url: str, body: Mapping[str, Any] | None) -> urllib3.BaseHTTPResponse:
        """One try for a response with status 200, its content not read yet."""
        content = None if body is None else json.dumps(body).encode()
        headers = self._headers | ({} if body is None else {"Content-Type": "application/json"})
        try:
            response = self._pool.urlopen(
                method, url, body=content, headers=headers, redirect=False, preload_content=False
            )
        except ReadTimeoutError as error:
            raise self._too_slow() from error
        except SSLError as error:
            raise ModelUnavailableError(
                f"The certificate of the server at {self.url} is not accepted; check --base-url, or name the file with "
                "your authority's certificate in SSL_CERT_FILE."
            ) from error
        except HTTPError as error:
            failure = OutOfReachError(
                f"The server at {self.url} cannot be reached ({type(error).__name__}); start it, or check --base-url."
            )
            raise _Passing(failure) from error
        if response.status == 200:
            return response
        try:
            failed = self._refusal(response, body or {})
        finally:
            response.close()
        if response.status in _AGAIN or response.status >= 500:
            raise _Passing(failed, _retry_after(response))
        raise failed

    def _refusal(self, response: urllib3.BaseHTTPResponse, body: Mapping[str, Any]) -> KcreateError:
        if 300 <= response.status < 400:
            return ModelUnavailableError(
                f"The server at {self.url} sends elsewhere ({response.status}), which is not followed; "
                "give the final address with --base-url."
            )
        said = ""
        with suppress(HTTPError):
            said = _content(response).decode("utf-8", "replace")
        if self.key:
            said = said.replace(self.key, "…")
        return refusal(self.url, response.status, said, body, with_key=bool(self.key))

    def _parsed(self, content: bytes, response: urllib3.BaseHTTPResponse) -> Any:
        try:
            return json.loads(content)
        except (ValueError, RecursionError) as error:
            kind = str(response.headers.get("Content-Type", "without a type")).split(";")[0][:40]
            raise ModelUnavailableError(
                f"The server at {self.url} does not answer in JSON ({kind}); check --base-url, which usually ends in /v1."
            ) from error

    def _too_slow(self) -> OutOfReachError:
        return OutOfReachError(
            f"The server at {self.url} has given no sign for {self.read_timeout:g} s; see whether it is overloaded, "
            "and run it again."
        )


def _retry_after(response: urllib3.BaseHTTPResponse) -> float | None:
    """Seconds of the header `Retry-After` (RFC 9110), which gives a number or a date."""
    with suppress(InvalidHeader, ValueError, OverflowError):
        return Retry().get_retry_after(response)
    return None


def _content(response: urllib3.BaseHTTPResponse) -> bytes:
    content = response.read(ANSWER_BYTES + 1)
    if len(content) > ANSWER_BYTES:
        raise ModelUnavailableError(f"The server's answer is longer than {ANSWER_BYTES} bytes; check --base-url.")
    return content


def _lines(response: urllib3.BaseHTTPResponse) -> Iterator[str]:
    """The lines of a response as soon as they are complete."""
    pending = b""
    while piece := response.read1():
        *lines, pending = (pending + piece).split(b"\n")
        if len(pending) > ANSWER_BYTES:
            raise ModelUnavailableError("The server streams a line without end; check --base-url.")
        for line in lines:
            yield line.decode("utf-8", "replace").removesuffix("\r")


def _events(lines: Iterator[str]) -> Iterator[str]:
    """The data of server-sent events (WHATWG HTML, "Server-sent events"); comments and other fields are dropped."""
    data: list[str] = []
    for line in lines:
        if not line and data:
            yield "\n".join(data)
            data = []
        elif line.startswith("data:"):
            data.append(line.removeprefix("data:").removeprefix(" "))
