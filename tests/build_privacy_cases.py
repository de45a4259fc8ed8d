"""Builds tests/data/privacy: made-up private data in made-up notes, and what only looks like it, with gold spans.

    python tests/build_privacy_cases.py

Values are drawn with a fixed seed by the generators here; nobody's data is among them. A template names a value as
`{phone}`, and what must not be found as `{-order}`. The held-out half has other sentences (privacy_templates.py). It was
looked at once the recognisers stood: recall 0.974 and precision 0.996 in English, 0.976 and 0.996 in Chinese. What that
showed has been mended since, so today's figures for it are those of a development set; privacy_faker.py measures on
values and prose of another maker. examined-{en,zh}.jsonl are 600 cases each by another hand, which this file does not build:
at their first look recall was 0.894 and 0.889, precision 0.966 and 0.946; they are a development set since. Students'
numbers in them were no private data to their author and are marked now.
"""

import json
import random
import re
from collections.abc import Callable
from pathlib import Path

import privacy_templates as templates
from privacy_values import NEGATIVES, VALUES

FOLDER = Path(__file__).parent / "data" / "privacy"
Case = tuple[str, list[tuple[int, int, str]]]


def fill(template: str, draw: random.Random) -> Case:
    """A case out of a template: its text and the spans of its private values."""
    text, spans, end = "", [], 0
    for hole in re.finditer(r"\{(-?)(\w+)(?::(\w+))?\}", template):
        text += template[end : hole.start()]
        end = hole.end()
        if hole[1]:
            text += NEGATIVES[hole[2]](draw)
            continue
        generator = VALUES[f"{hole[2]}:{hole[3]}" if hole[3] else hole[2]]
        value = generator(draw)
        spans.append((len(text), len(text) + len(value), hole[2]))
        text += value
    return text + template[end:], spans


def line_of(case: Case) -> str:
    """A case as a line of JSON. The first two characters of a secret are written as escapes, so that programs which look for
    leaked keys in repositories do not take the made-up ones for real."""
    text, spans = case
    written = "".join(
        f"\\u{ord(character):04x}"
        if any(kind == "secret" and start <= place < start + 2 for start, _, kind in spans)
        else json.dumps(character, ensure_ascii=False)[1:-1]
        for place, character in enumerate(text)
    )
    return f'{{"text": "{written}", "spans": {json.dumps(spans)}}}'


def build(name: str, lines: list[str], count: int, make: Callable[[str, random.Random], Case] = fill) -> None:
    """Write `count` cases, every template about equally often, no text twice."""
    draw = random.Random(name)
    seen: dict[str, Case] = {}
    rounds = 0
    while len(seen) < count and rounds < 200:
        for template in lines:
            case = make(template, draw)
            if len(seen) < count:
                seen.setdefault(case[0], case)
        rounds += 1
    (FOLDER / f"{name}.jsonl").write_text("".join(line_of(case) + "\n" for case in seen.values()), encoding="utf-8")
    print(f"{name}: {len(seen)} cases from {len(lines)} templates")


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    build("en-development", templates.EN_DEVELOPMENT, 900)
    build("en-held-out", templates.EN_HELD_OUT, 500)
    build("zh-development", templates.ZH_DEVELOPMENT, 900)
    build("zh-held-out", templates.ZH_HELD_OUT, 500)


if __name__ == "__main__":
    main()
