"""Citations: footnotes that lead to lines of a file under `notes/`."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote, unquote

DEFINITION = re.compile(
    r"^\[\^(?P<label>[^\]\s]+)\]:\s*\[(?:\\.|[^\]\\])*\]\((?P<up>(?:\.\./)*)notes/(?P<file>[^)#]+)#L(?P<first>\d+)(?:-L(?P<last>\d+))?\)\s*$",
    re.MULTILINE,
)
_TARGET = re.compile(r"^(?:\.\./)*notes/(?P<file>[^#]+)#L(?P<first>\d+)(?:-L(?P<last>\d+))?$")


@dataclass(frozen=True, order=True)
class Citation:
    """Lines `first` to `last` (from 1, both counted) of `notes/<file>`; `file` uses forward slashes."""

    file: str
    first: int
    last: int

    def label_text(self, language: str, origin: str = "") -> str:
        """What a reader sees: `01-basics.md, lines 21–24`, in Chinese `01-basics.md，第 21–24 行`.

        `origin` says what these lines were made from, `basics.pdf, page 3`; it follows in brackets.
        """
        span = str(self.first) if self.first == self.last else f"{self.first}–{self.last}"
        if language.startswith("zh"):
            return f"{self.file}，第 {span} 行" + (f"（{origin}）" if origin else "")
        return f"{self.file}, line{'' if self.first == self.last else 's'} {span}" + (f" ({origin})" if origin else "")

    def target(self, up: str = "../") -> str:
        """The link from a Markdown file of the course; `up` leads from its folder to the course's."""
        anchor = f"L{self.first}" if self.first == self.last else f"L{self.first}-L{self.last}"
        return f"{up}notes/{quote(self.file)}#{anchor}"

    def definition(self, label: str | int, language: str, up: str = "../", origin: str = "") -> str:
        """The footnote definition line that carries this citation; `origin` as for `label_text`."""
        text = re.sub(r"([\\\[\]`*<])", r"\\\1", self.label_text(language, origin))
        return f"[^{label}]: [{text}]({self.target(up)})"


def read_citations(markdown: str) -> Iterator[tuple[str, Citation]]:
    """Every citation defined in `markdown`, as (label, citation); other footnotes are left to the author."""
    for match in DEFINITION.finditer(markdown):
        first = int(match["first"])
        yield match["label"], Citation(unquote(match["file"]), first, int(match["last"] or first))


def read_target(link: str) -> Citation | None:
    """The citation a link address stands for, `../notes/01-basics.md#L21-L24`; None for any other address."""
    match = _TARGET.match(link)
    if not match:
        return None
    first = int(match["first"])
    return Citation(unquote(match["file"]), first, int(match["last"] or first))
