"""Gold: what a good course on the same notes has, from a file: titles, objectives, key points, terms."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..errors import InputError

_TITLES = ("title", "titles")
_OBJECTIVES = ("objectives", "objective")
_POINTS = ("keypoints", "key_points", "summary", "summaries")
_TERMS = ("terms", "glossary")


@dataclass(frozen=True)
class Term:
    """A term with its other spellings."""

    name: str
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True)
class Gold:
    """What a course is compared with; what the file does not give is empty."""

    titles: tuple[str, ...]
    objectives: tuple[str, ...]
    points: tuple[str, ...]
    terms: tuple[Term, ...]


def read_gold(path: Path) -> Gold:
    """Read `title(s)`, `objectives`, `keypoints` or `summary`, and `terms` wherever they stand in a JSON file.

    A term is a string or `{term, aliases}`.

    Raises:
        InputError: the file is not there, is no JSON, or has none of these.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise InputError(f"--gold {path} cannot be read ({error.strerror}); name a JSON file.") from error
    except (ValueError, RecursionError) as error:
        raise InputError(f"--gold {path} is not JSON in UTF-8; mend it.") from error
    gold = Gold(
        tuple(_texts(content, _TITLES)),
        tuple(_texts(content, _OBJECTIVES)),
        tuple(_texts(content, _POINTS)),
        tuple({one.name.lower(): one for one in _terms(content)}.values()),
    )
    if not any((gold.titles, gold.objectives, gold.points, gold.terms)):
        raise InputError(f"--gold {path} has none of title, objectives, keypoints, summary, terms; give it one.")
    return gold


def _under(value: Any, keys: tuple[str, ...]) -> Iterator[Any]:
    """Every value at one of `keys`, at any depth, in order."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key in keys:
                yield inner
            else:
                yield from _under(inner, keys)
    elif isinstance(value, list):
        for inner in value:
            yield from _under(inner, keys)


def _texts(content: Any, keys: tuple[str, ...]) -> Iterator[str]:
    for value in _under(content, keys):
        for one in value if isinstance(value, list) else [value]:
            text = one.get("text") if isinstance(one, dict) else one
            if isinstance(text, str) and text.strip():
                yield text.strip()


def _terms(content: Any) -> Iterator[Term]:
    for value in _under(content, _TERMS):
        for one in value if isinstance(value, list) else [value]:
            name = one.get("term") or one.get("name") if isinstance(one, dict) else one
            aliases = one.get("aliases") or [] if isinstance(one, dict) else []
            if isinstance(name, str) and name.strip():
                yield Term(name.strip(), tuple(str(each) for each in aliases if isinstance(aliases, list)))
