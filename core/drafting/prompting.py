"""Prompts: templates of `kcreate.prompts`, by language, each with a header that says its purpose and its sampling."""

import re
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

from ..notes.language import Language

_HEADER = re.compile(r"\A---\n(.*?)\n---\n", re.DOTALL)


@dataclass(frozen=True)
class Prompt:
    """A template and how its answer is to be sampled (keyword arguments of `Model.generate`)."""

    name: str
    template: str
    sampling: dict[str, Any]

    def render(self, **inputs: str) -> str:
        """The text of one user message. Inputs are put in as data: nothing in them is read as a template."""
        from jinja2 import Environment, StrictUndefined

        environment = Environment(undefined=StrictUndefined, autoescape=False, keep_trailing_newline=False)
        return environment.from_string(self.template).render(**inputs).strip()


@lru_cache(maxsize=32)
def load_prompt(language: Language, name: str) -> Prompt:
    """The template `prompts/<language>/<name>.md`."""
    from ruamel.yaml import YAML

    text = files("kcreate.prompts").joinpath(language, f"{name}.md").read_text(encoding="utf-8")
    match = _HEADER.match(text)
    header = YAML(typ="safe").load(match[1]) if match else {}
    return Prompt(name, text[match.end() :] if match else text, dict(header.get("sampling") or {}))
