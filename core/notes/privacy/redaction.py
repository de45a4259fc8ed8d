"""Private data taken out of a text: masked, or replaced by stand-ins that are the same over the whole course.

Stand-ins are written in angle quotes (`‹phone 1›`, `‹电话 1›`, `‹Person A›`, `‹某甲›`), masks without a number (`‹phone›`):
Markdown, TeX, HTML and programming languages give these signs no meaning, where `[phone 1]` before a colon would become
the definition of a link and vanish. A stretch over several lines leaves a stand-in on each, so that no line is lost.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from .finding import Finding, Kind, Span, without_overlaps
from .folding import Folded, fold
from .gazetteers import chinese_words, words_of
from .ledger import Ledger, label, plainest
from .recognition import find

How = Literal["mask", "replace"]

STAND_IN = re.compile("‹[^‹›\n]{1,40}›")
_NUMBER = re.compile(r"\+?\d(?:[ .()/-]{0,3}\d){5,40}[Xx]?|(?<![A-Za-z0-9])[A-Z]{2}\d{2}(?:[ -]?[A-Z0-9]){10,30}")
_NUMBERS: tuple[Kind, ...] = ("phone", "id_number", "bank_card", "iban")
_WORDED: tuple[Kind, ...] = ("secret", "id_number", "email", "account", "address", "person")
_HAN = re.compile("[一-鿿]")


def redact(text: str, how: How, ledger: Ledger, *, names: bool = False) -> tuple[str, list[Finding]]:
    """`text` without its private data, and what was taken out, in offsets of the text as it came.

    Every original is written into `ledger`, which also knows what other texts of the course held: such an original is
    taken out here however it is spelled (a phone number with other gaps, an address with other blanks). Code and
    formulas are no exception. The number of lines stays, and a text that was redacted before comes back unchanged.

    Args:
        text: any notes.
        how: `mask` says only what stood there, `replace` also which one of them it was.
        ledger: grows by what is found; save it where no export reaches.
        names: take names of people out too; by default they are left.
    """
    findings: list[Finding] = []
    done = _Rewriting(text, [], [])
    for _ in range(_ROUNDS):
        fresh = [done.original(finding) for finding in _all(done.text, ledger, names)]
        if not fresh:
            break
        findings = sorted([*findings, *fresh], key=lambda finding: finding.start)
        done = _rewritten(text, findings, how, ledger)
    return done.text, findings


_ROUNDS = 5
"""With one thing gone, its neighbour may read differently; a second look finds nothing new in all but odd texts."""


@dataclass(frozen=True)
class _Rewriting:
    """A text with stand-ins in it, and where its untouched stretches begin in it and began before."""

    text: str
    starts: list[int]
    began: list[int]

    def original(self, finding: Finding) -> Finding:
        """A finding in an untouched stretch, in the offsets of the text as it came."""
        if not self.starts:
            return finding
        index = bisect_right(self.starts, finding.start) - 1
        shift = self.began[index] - self.starts[index]
        return Finding(finding.kind, finding.start + shift, finding.end + shift, finding.text)


def _rewritten(text: str, findings: list[Finding], how: How, ledger: Ledger) -> _Rewriting:
    pieces: list[str] = []
    starts, began = [0], [0]
    length = 0
    for finding in findings:
        chinese = _in_chinese(text, finding)
        stand_in = ledger.stand_in(finding.kind, finding.text, chinese=chinese)
        shown = stand_in if how == "replace" else f"‹{label(finding.kind, chinese=chinese)}›"
        if re.search(r"\]\([^()\s]*$", text[max(0, finding.start - 200) : finding.start]):
            shown = shown.replace(" ", "-")  # a blank would end the target of a link
        pieces += [text[began[-1] : finding.start], _over_lines(finding.text, shown)]
        length += len(pieces[-2]) + len(pieces[-1])
        starts.append(length)
        began.append(finding.end)
    return _Rewriting("".join([*pieces, text[began[-1] :]]), starts, began)


def _all(text: str, ledger: Ledger, names: bool) -> list[Finding]:
    """What the recognisers find and what the ledger knows, stand-ins of an earlier run left alone."""
    folded = fold(text)
    spans = [Span(finding.kind, finding.start, finding.end) for finding in find(text, names=names)]
    known = [*_known(folded, ledger, names)]
    # an original known already is also looked for where this text holds it in another spelling
    fresh = Ledger({kind: dict(found) for kind, found in ledger.entries.items()})
    for span in spans:
        fresh.stand_in(span.kind, text[span.start : span.end], chinese=False)
    known += _known(folded, fresh, names)
    old = [match.span() for match in STAND_IN.finditer(text)]
    kept = [
        span
        for span in without_overlaps([*spans, *known])
        if not any(start < span.end and span.start < end for start, end in old)
    ]
    return [Finding(span.kind, span.start, span.end, text[span.start : span.end]) for span in kept]


def _known(folded: Folded, ledger: Ledger, names: bool) -> Iterator[Span]:
    """Where originals of the ledger stand, spelled in any way that `plainest` sees through."""
    text = folded.text
    numbers = {plain: kind for kind in _NUMBERS for plain in ledger.entries.get(kind, {}) if len(plain) >= 7}
    for match in _NUMBER.finditer(text) if numbers else ():
        for start, end in _stretches(match):
            kind = next((kind for kind in _NUMBERS if numbers.get(plainest(kind, text[start:end])) == kind), None)
            if kind:
                yield Span(kind, *folded.original(start, end))
    lowered = text.lower()
    if len(lowered) != len(text):
        lowered = text
    for kind in _WORDED if names else _WORDED[:-1]:
        for plain in ledger.entries.get(kind, {}):
            if not _is_telling(kind, plain):
                continue
            where = text if kind == "secret" else lowered
            parts = (plain.lower() if kind == "id_number" else plain).split()
            if any(part not in where for part in parts):
                continue
            for match in re.finditer(_EDGE[0] + r"\s+".join(map(re.escape, parts)) + _EDGE[1], where):
                if kind != "person" or not text[match.start()].islower():
                    yield Span(kind, *folded.original(*match.span()))


_EDGE = ("(?<![A-Za-z0-9])", "(?![A-Za-z0-9])")


def _is_telling(kind: Kind, plain: str) -> bool:
    """Whether an original is its owner's wherever it stands: `123456` and a name that is also a word are not."""
    if kind == "person":
        return len(plain) > 1 and plain not in chinese_words() and plain not in words_of("words_en.txt")
    if kind == "secret":
        return len(plain) >= 6 and not plain.isalpha() and not (plain.isdigit() and len(plain) < 8)
    return len(plain) >= 5 and bool(plain.strip())


def _stretches(match: re.Match[str]) -> Iterator[tuple[int, int]]:
    """A number, and where it has gaps every run of its groups: two numbers may stand side by side."""
    yield match.span()
    groups = [group.span() for group in re.finditer(r"[0-9A-Za-z]+", match[0])]
    if 1 < len(groups) <= 12:
        for first, (start, _) in enumerate(groups):
            for _, end in groups[first:]:
                if end - start >= 7:
                    yield match.start() + start, match.start() + end


def _in_chinese(text: str, finding: Finding) -> bool:
    """Whether the line that a finding stands in has Chinese characters, or the name itself."""
    if finding.kind == "person":
        return bool(_HAN.search(finding.text))
    start = text.rfind("\n", 0, finding.start) + 1
    end = text.find("\n", finding.end)
    return bool(
        _HAN.search(text, max(start, finding.start - 200), min(end if end >= 0 else len(text), finding.end + 200))
    )


def _over_lines(original: str, stand_in: str) -> str:
    """The stand-in on each line of the original, blanks, quotation marks and line ends kept."""
    lines = original.splitlines(keepends=True)
    if len(lines) == 1:
        return stand_in
    return "".join(
        _LINE.sub(lambda line: f"{line['head']}{stand_in if line['body'] else ''}{line['end']}", line) for line in lines
    )


_LINE = re.compile(r"^(?P<head>[ \t>]*)(?P<body>.*?)(?P<end>\s*)\Z", re.DOTALL)
