"""How much of the private data in a set of cases is found, and how much of what is found is private."""

import json
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from kcreate.core.notes.privacy import Finding, find

CASES = Path(__file__).parent / "data" / "privacy"
Case = tuple[str, list[tuple[int, int, str]]]


@dataclass
class Measure:
    """Counts by kind.

    Attributes:
        gold: spans that are private.
        hit: those of them that a finding of the same kind covers, four fifths of the characters of both together in common.
        found: findings.
        true: findings that hit a span.
        misses: the cases with what was missed or found wrongly, to look at.
    """

    gold: Counter[str] = field(default_factory=Counter)
    hit: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    true: Counter[str] = field(default_factory=Counter)
    misses: list[tuple[str, list[str], list[str]]] = field(default_factory=list)

    def recall(self, kind: str = "") -> float:
        return _share(self.hit, self.gold, kind)

    def precision(self, kind: str = "") -> float:
        return _share(self.true, self.found, kind)


def _share(part: Counter[str], whole: Counter[str], kind: str) -> float:
    return (part[kind] / whole[kind] if whole[kind] else 1.0) if kind else part.total() / max(1, whole.total())


def load(name: str) -> list[Case]:
    lines = (CASES / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    return [
        (case["text"], [(start, end, kind) for start, end, kind in case["spans"]]) for case in map(json.loads, lines)
    ]


def measure(cases: list[Case]) -> Measure:
    result = Measure()
    for text, spans in cases:
        findings = find(text)
        missed = [span for span in spans if not any(_same(finding, span) for finding in findings)]
        wrong = [finding for finding in findings if not any(_same(finding, span) for span in spans)]
        result.gold.update(kind for _, _, kind in spans)
        result.hit.update(kind for _, _, kind in spans)
        result.hit.subtract(kind for _, _, kind in missed)
        result.found.update(finding.kind for finding in findings)
        result.true.update(finding.kind for finding in findings)
        result.true.subtract(finding.kind for finding in wrong)
        if missed or wrong:
            result.misses.append(
                (
                    text,
                    [f"{kind} {text[start:end]!r}" for start, end, kind in missed],
                    [f"{finding.kind} {finding.text!r}" for finding in wrong],
                )
            )
    return result


def _same(finding: Finding, span: tuple[int, int, str]) -> bool:
    start, end, kind = span
    common = min(end, finding.end) - max(start, finding.start)
    union = max(end, finding.end) - min(start, finding.start)
    return finding.kind == kind and common >= 0.8 * union


def table(name: str, result: Measure) -> str:
    kinds = sorted(result.gold | result.found)
    rows = [
        f"{kind:10} {result.gold[kind]:6} {result.recall(kind):8.3f} {result.precision(kind):10.3f}" for kind in kinds
    ]
    head = f"{name}\n{'kind':10} {'gold':>6} {'recall':>8} {'precision':>10}"
    return "\n".join(
        [head, *rows, f"{'all':10} {result.gold.total():6} {result.recall():8.3f} {result.precision():10.3f}"]
    )


if __name__ == "__main__":
    import sys

    for name in sys.argv[1:] or sorted(path.stem for path in CASES.glob("*.jsonl")):
        result = measure(load(name.removesuffix("!")))
        print(table(name, result), end="\n\n")
        if name.endswith("!"):
            for text, missed, wrong in result.misses[:60]:
                print("-", repr(text[:170]), "| MISSED", missed, "| WRONG", wrong)
