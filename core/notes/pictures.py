"""The pictures that notes show: found beside Markdown files, named for the course's `assets/`, their links led there."""

import re
from collections.abc import Iterable
from pathlib import Path, PurePosixPath
from posixpath import normpath
from urllib.parse import quote, unquote

from .document import Asset
from .formats.converted import Image

SUFFIXES = frozenset({".png", ".jpg", ".jpeg", ".gif", ".webp", ".svg", ".avif"})
MAX_BYTES = 20_000_000
"""The largest picture that goes into a course."""

_LINK = re.compile(
    r"(?P<open>!\[(?:\\.|[^\]\\])*\]\()(?P<target><[^<>\n]+>|[^\s()<>]+(?:\([^\s()]*\)[^\s()]*)*)(?P<close>[^()\n]*\))"
)


def is_picture(name: str) -> bool:
    """Whether a file's name is one of a picture that browsers show."""
    return PurePosixPath(name).suffix.lower() in SUFFIXES


def assets_of(document: str) -> PurePosixPath:
    """Where in the course folder the pictures lie that came out of a document's original."""
    return PurePosixPath("assets", PurePosixPath(document).with_suffix(""))


def lead_to_assets(text: str, images: Iterable[Image], document: str) -> tuple[str, tuple[Asset, ...]]:
    """The Markdown with its links to `images` led to the course's assets, and these.

    Args:
        document: the document's name below `notes/`, which decides where its pictures lie.
    """
    assets = {image.name: Asset(f"{assets_of(document)}/{image.name}", image.data) for image in images}
    text = _relinked(text, {name: asset.path for name, asset in assets.items()}, document)
    return text, tuple(assets.values())


def beside(text: str, file: Path, root: Path, document: str) -> tuple[str, tuple[Asset, ...], list[str]]:
    """As `lead_to_assets` for the pictures that lie beside a Markdown file; links that leave `root` stay as they are.

    Returns:
        the text, the pictures, and a warning, one sentence, for each picture that cannot be taken along.
    """
    found: dict[str, Asset] = {}
    warnings: list[str] = []
    inside = root.resolve()
    for match in _LINK.finditer(text):
        target = _address(match["target"])
        if target in found or re.match(r"[a-z][a-z0-9+.-]*:|/|#", target, re.IGNORECASE) or not is_picture(target):
            continue
        try:
            path = (file.parent / target).resolve()
            if not path.is_relative_to(inside) or not path.is_file():
                continue
            if path.stat().st_size > MAX_BYTES:
                warnings.append(
                    f"the picture {target} is over {MAX_BYTES // 1_000_000} MB and was left out; make it smaller"
                )
                continue
            where = normpath(PurePosixPath("assets", PurePosixPath(document).parent, target))
            if where.startswith("assets/"):  # a folder that is a link can make it seem otherwise
                found[target] = Asset(where, path.read_bytes())
        except (OSError, ValueError):
            continue  # a link that cannot be a path, or a file that may not be read, stays what it was
    text = _relinked(text, {target: asset.path for target, asset in found.items()}, document)
    return text, tuple({asset.path: asset for asset in found.values()}.values()), warnings


def _relinked(text: str, paths: dict[str, str], document: str) -> str:
    """The text with the targets of its pictures replaced by paths of the course folder."""
    up = "../" * (len(PurePosixPath(document).parts))

    def lead(match: re.Match[str]) -> str:
        path = paths.get(_address(match["target"]))
        return match[0] if path is None else f"{match['open']}{up}{quote(path)}{match['close']}"

    return _LINK.sub(lead, text) if paths else text


def _address(target: str) -> str:
    return unquote(target.strip("<>")).partition("#")[0].partition("?")[0]
