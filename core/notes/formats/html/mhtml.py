"""Pages that browsers save whole in one file (MHTML, RFC 2557): the page itself, and its pictures by their addresses."""

import re
from email import message_from_bytes, policy
from urllib.parse import urljoin

from ....errors import InputError
from .images import Source


def is_mhtml(data: bytes) -> bool:
    """Whether the bytes begin with the head of such a file."""
    return bool(
        re.match(
            rb"(?:\s*(?:From|Snapshot-Content-Location|Subject|Date|MIME-Version|X-[\w-]+|Content-[\w-]+):)",
            data[:200],
            re.I,
        )
    ) and (re.search(rb"^content-type:\s*multipart/related", data[:5000], re.I | re.M) is not None)


def page_of_mhtml(data: bytes, shown_as: str) -> tuple[bytes, Source]:
    """The page's bytes, its encoding declared in them, and what reads the pictures that came with it.

    Raises:
        InputError: there is no page in it.
    """
    message = message_from_bytes(data, policy=policy.default)
    page, base, charset = b"", "", ""
    files: dict[str, bytes] = {}
    for part in message.walk():
        if part.is_multipart():
            continue
        try:
            content = part.get_payload(decode=True)
        except (LookupError, ValueError):
            continue
        if not isinstance(content, bytes):
            continue
        location = str(part.get("Content-Location") or "")
        if part.get_content_type() in {"text/html", "application/xhtml+xml"} and not page:
            page, base, charset = content, location, part.get_content_charset() or ""
        elif part.get_content_maintype() == "image":
            files[location] = content
            if identity := str(part.get("Content-ID") or "").strip("<>"):
                files[f"cid:{identity}"] = content
    if not page:
        raise InputError(f"{shown_as} has no page in it; save it again from the browser.")
    if charset and not re.search(rb"<meta[^>]{0,200}charset", page[:4096], re.I):
        page = f'<meta charset="{charset}">'.encode() + page
    if base:
        page = f"<!-- saved from url=(0000){base} -->".encode() + page
    return page, lambda address: files.get(address) or files.get(urljoin(base, address))
