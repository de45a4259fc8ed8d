"""How well support tells sentences that passages carry from others: `python tests/measure_support.py [--model NAME]`.

On the pairs of tests/data/support: the area under the ROC curve by language, for all that is unfaithful and for each kind
of it, against all that is faithful; what the threshold lets through; and the time that a pair takes.
"""

import argparse
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kcreate.core.notes.support import CARRIED, support

DATA = Path(__file__).parent / "data" / "support"
LANGUAGES = ("en", "zh")


@dataclass(frozen=True)
class Pair:
    """A sentence, the passages it may rest on, whether they carry it (1) or not (0), and what was done to it."""

    sentence: str
    passages: list[str]
    label: int
    kind: str
    subject: str
    split: str


def pairs(language: str, split: str | None = None) -> list[Pair]:
    lines = (DATA / f"{language}.jsonl").read_text(encoding="utf-8").splitlines()
    found = [Pair(**json.loads(line)) for line in lines]
    return [pair for pair in found if split in (None, pair.split)]


def roc_auc(faithful: Sequence[float], unfaithful: Sequence[float]) -> float:
    """The chance that a faithful sentence scores above an unfaithful one, ties counting half."""
    won = sum((good > bad) + 0.5 * (good == bad) for good in faithful for bad in unfaithful)
    return won / (len(faithful) * len(unfaithful))


def aucs(asked: Sequence[Pair], scores: Sequence[float]) -> dict[str, float]:
    """The area under the curve for `all` and for each kind of unfaithful sentence, against all faithful ones."""
    good = [score for pair, score in zip(asked, scores, strict=True) if pair.label]
    found = {"all": roc_auc(good, [score for pair, score in zip(asked, scores, strict=True) if not pair.label])}
    for kind in sorted({pair.kind for pair in asked if not pair.label}):
        found[kind] = roc_auc(good, [score for pair, score in zip(asked, scores, strict=True) if pair.kind == kind])
    return found


def report(language: str, split: str, model: Any) -> None:
    asked = pairs(language, split)
    began = time.perf_counter()
    scores = [support(pair.sentence, pair.passages, model) for pair in asked]
    milliseconds = 1000 * (time.perf_counter() - began) / len(asked)
    passed = [pair for pair, score in zip(asked, scores, strict=True) if score >= CARRIED]
    good = sum(pair.label for pair in passed)
    found = aucs(asked, scores)
    print(
        f"| {language} {split} | {len(asked)} | "
        + " | ".join(f"{kind} {auc:.3f}" for kind, auc in found.items())
        + " |"
    )
    print(
        f"  at {CARRIED}: recall {good / sum(pair.label for pair in asked):.3f}, "
        f"precision {good / max(1, len(passed)):.3f}; {milliseconds:.1f} ms a pair"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", help="a model whose log-probabilities are weighed in, such as smollm2-135m")
    parser.add_argument("--split", choices=["dev", "held-out", "fresh"], action="append")
    options = parser.parse_args()
    model = None
    if options.model:
        from kcreate.core import open_model

        model = open_model(options.model)
    for language in LANGUAGES:
        for split in options.split or ["dev", "held-out", "fresh"]:
            report(language, split, model)


if __name__ == "__main__":
    main()
