"""Where the links, pictures and footnotes of a page lead, and what of them can be kept."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import quote, urljoin

from .source import Element

Picture = Callable[[str], str | None]
"""From an address in a page to the name of the picture that is kept for it; None where there is none."""

_KEPT = re.compile(r"(?:https?://|mailto:|ftp://|doi:)\S", re.I)
_LAZY = ("data-src", "data-original", "data-lazy-src", "data-actualsrc", "data-original-src")
"""Where pages that load pictures late keep their address."""


def _no_picture(address: str) -> str | None:
    return None


@dataclass
class Targets:
    """What one page's addresses lead to.

    Attributes:
        base: the page's own address, if it tells one; relative links are kept only then.
        picture_named: the name of a picture that could be read.
        notes: the label of the footnote that an element refers to, by the element.
        asked: the labels that the text has used so far, in its order.
        draws_formulas: dollars in the text are formulas.
    """

    base: str = ""
    picture_named: Picture = _no_picture
    notes: dict[Element, str] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    draws_formulas: bool = False

    def note_of(self, node: Element) -> str:
        """`[^label]` if the element refers to a footnote, else nothing."""
        if not self.notes or node not in self.notes:
            return ""
        label = self.notes[node]
        if label not in self.asked:
            self.asked.append(label)
        return f"[^{label}]"

    def link(self, node: Element) -> str:
        """The address of a link as Markdown writes it; nothing where it leads nowhere outside the page."""
        return self.outside((node.get("href") or "").strip())

    def outside(self, address: str) -> str:
        """An address that can be followed from anywhere, written so that it fits between round brackets."""
        address = re.sub(r"[\x00-\x20]+", "", address) if re.match(r"\s*\w+\s*:", address) else address.strip()
        if not address or address.startswith("#"):
            return ""
        if self.base and not re.match(r"[a-z][a-z0-9+.-]*:", address, re.I):
            try:
                address = urljoin(self.base, address)
            except ValueError:
                return ""
        elif address.startswith("//"):
            address = f"https:{address}"
        if not _KEPT.match(address):
            return ""
        return (
            quote(address, safe="!#$%&'*+,/:;=?@[]~-._", encoding="utf-8", errors="replace")
            if re.search(r"[\s()<>\"\\\x7f]", address)
            else address
        )

    def picture(self, node: Element) -> str:
        """An `<img>` as Markdown: shown if its file is there, else a link to where it is, else its description."""
        alt = " ".join((node.get("alt") or "").split())
        shown = re.sub(r"([\[\]\\`*_$])", r"\\\1", alt)
        source = next((node.get(name) for name in _LAZY if node.get(name)), None) or node.get("src") or ""
        source = source or (node.get("srcset") or "").strip().split(" ")[0]
        if _is_tiny(node):
            return ""
        for address in dict.fromkeys([source, node.get("src") or ""]):
            if name := self.picture_named(address):
                return f"![{shown}]({quote(name)})"
        if not alt or re.search(r"\b(?:logo|icon|avatar|badge)\b|头像|图标", alt, re.I):
            return ""
        address = self.outside(source)
        return f"[{shown}]({address})" if address else f" {shown} "


def _is_tiny(node: Element) -> bool:
    """Pictures that count visitors, and spacers."""
    return any(re.match(r"[0-3](?:px)?$", (node.get(name) or "").strip()) for name in ("width", "height"))
