"""A small HTTP server on loopback that answers as a test says: whole, in pieces, broken off, late or not at all."""

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Request:
    """What arrived, and when."""

    path: str
    body: Any
    headers: dict[str, str]
    at: float = field(default_factory=time.monotonic)


@dataclass
class Reply:
    """What is sent back.

    Attributes:
        content: JSON where it is no text.
        pieces: sent chunk by chunk in place of `content`.
        cut: the connection ends before the content does.
        hang_up: the connection ends without an answer.
    """

    content: Any = ""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    pieces: list[bytes] | None = None
    cut: bool = False
    hang_up: bool = False


@dataclass
class Loopback:
    """The running server: its address and every request that came."""

    url: str
    requests: list[Request] = field(default_factory=list)

    def posted(self) -> list[Request]:
        return [request for request in self.requests if request.body is not None]


def says(text: str, finish: str = "stop", **more: Any) -> Reply:
    """The answer of a chat."""
    choice = {"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": finish} | more
    return Reply({"choices": [choice], "usage": {"prompt_tokens": 7, "completion_tokens": 3}})


def streams(*pieces: str, finish: str | None = "stop", end: bytes = b"data: [DONE]\n\n") -> Reply:
    """The same piece by piece."""
    events: list[dict[str, Any]] = [
        {"choices": [{"delta": {"content": piece}, "finish_reason": None}]} for piece in pieces
    ]
    if finish:
        events.append({"choices": [{"delta": {}, "finish_reason": finish}]})
        events.append({"choices": [], "usage": {"prompt_tokens": 7}})
    lines = [f"data: {json.dumps(event, ensure_ascii=False)}\n\n".encode() for event in events]
    return Reply(pieces=[*lines, end])


@contextmanager
def loopback(answer: Callable[[Request], Reply], models: Any = None) -> Iterator[Loopback]:
    """A server that answers each POST by `answer`, and GET with `models`, the entries of its list, or with a `Reply`."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._serve(None)

        def do_POST(self) -> None:
            self._serve(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))

        def _serve(self, body: Any) -> None:
            request = Request(self.path, body, dict(self.headers.items()))
            running.requests.append(request)
            if body is not None:
                reply = answer(request)
            else:
                reply = models if isinstance(models, Reply) else Reply({"data": models or [{"id": "m"}]})
            if reply.hang_up:
                self.connection.shutdown(socket.SHUT_RDWR)
                self.close_connection = True
                return
            self.send_response(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            if reply.pieces is not None:
                self._pieces(reply)
            else:
                self._whole(reply)

        def _pieces(self, reply: Reply) -> None:
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            for piece in reply.pieces or []:
                self.wfile.write(f"{len(piece):x}\r\n".encode() + piece + b"\r\n")
            if reply.cut:
                self.close_connection = True
            else:
                self.wfile.write(b"0\r\n\r\n")

        def _whole(self, reply: Reply) -> None:
            text = reply.content if isinstance(reply.content, str) else json.dumps(reply.content)
            content = text.encode()
            self.send_header("Content-Length", str(len(content) + (100 if reply.cut else 0)))
            self.end_headers()
            self.wfile.write(content)
            self.close_connection = reply.cut

        def log_message(self, *arguments: Any) -> None:
            pass

    class Server(ThreadingHTTPServer):
        def handle_error(self, request: Any, client_address: Any) -> None:
            """A client that has left is no news."""

    server = Server(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    running = Loopback(f"http://127.0.0.1:{server.server_port}/v1")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield running
    finally:
        server.shutdown()
        server.server_close()
