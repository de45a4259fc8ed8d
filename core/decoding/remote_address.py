"""Where a model server is and the key it gets: from what the user wrote to an address and a header's content."""

import os

from urllib3.exceptions import LocationParseError
from urllib3.util import Url, parse_url

from ..errors import UsageError


def server_url(base_url: str) -> str:
    """The address of the protocol's root: `/v1` is added where no part of the path is a version.

    Raises:
        UsageError: it is no http or https address, or holds a password.
    """
    try:
        url = parse_url(base_url.strip())
    except LocationParseError:
        url = Url()
    if url.auth:
        raise UsageError("--base-url holds a user or password; leave it out and put the key into KCREATE_API_KEY.")
    if url.scheme not in ("http", "https") or not url.host or url.query or url.fragment:
        raise UsageError(f"--base-url {base_url}: give an address such as http://127.0.0.1:8000/v1.")
    segments = [segment for segment in (url.path or "").split("/") if segment]
    for ending in (["chat", "completions"], ["completions"], ["models"]):
        if segments[-len(ending) :] == ending:
            segments = segments[: -len(ending)]
    if not any(segment[:1] == "v" and segment[1:2].isdigit() for segment in segments):
        segments.append("v1")
    return Url(url.scheme, None, url.host, url.port, "/".join(["", *segments])).url


def api_key(url: str) -> str | None:
    """The key for the server: `KCREATE_API_KEY`, else `OPENAI_API_KEY`; set but empty, the former means none.

    `OPENAI_API_KEY` was made for another service and is not sent unencrypted to another machine.

    Raises:
        UsageError: the key cannot stand in a header.
    """
    name = "KCREATE_API_KEY" if "KCREATE_API_KEY" in os.environ else "OPENAI_API_KEY"
    key = os.environ.get(name, "").strip()
    if not (key.isascii() and key.isprintable()):
        raise UsageError(f"{name} holds characters that no key has; set it anew.")
    if name == "OPENAI_API_KEY" and not url.startswith("https:") and not is_loopback(url):
        return None
    return key or None


def is_loopback(url: str) -> bool:
    """Whether the address is on this machine."""
    host = (parse_url(url).host or "").strip("[]")
    return host in ("localhost", "::1") or (host.startswith("127.") and host.replace(".", "").isdigit())


def check_server_decides(name: str, device: str, quantize: str, processes: int) -> None:
    """Refuse, for the model `name` on a server, what the server settled when it loaded the model.

    Raises:
        UsageError: an option is not at its default.
    """
    asked = {"--device": (device, "auto"), "--quantize": (quantize, "auto"), "--processes": (str(processes), "1")}
    for option, (value, default) in asked.items():
        if value != default:
            raise UsageError(
                f"{option} {value} cannot be used with {name}: where and in which numbers a model on a server runs was "
                "settled when the server loaded it; leave it out and tell the server."
            )
