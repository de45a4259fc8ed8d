"""Prompts: templates of `kcreate.prompts` by language, of which a course may bring its own in its folder `prompts/`.

A template is Jinja2 behind a YAML header. It runs in Jinja's sandbox: a course folder may come from somebody else.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import InputError, UsageError
from ..journal import fingerprint
from ..notes.language import Language
from ..storage import write_text

if TYPE_CHECKING:
    from jinja2.environment import Template
    from jinja2.sandbox import SandboxedEnvironment

_WHERE = ("audience", "level", "example")
_LESSON = (*_WHERE, "wish", "statements")
INPUTS: Mapping[str, tuple[str, ...]] = {
    "summary": ("title", "notes", "audience", "level"),
    "opening": (*_LESSON, "objectives", "outline", "siblings"),
    "bridge": (*_LESSON, "before"),
    "paragraph": (*_LESSON, "grade", "outline", "siblings", "terms"),
    "again": ("refused", "missing"),
}
"""Every prompt there is, with what its template may refer to. What comes from the notes arrives in a fence."""

_HEADER = re.compile(r"\A---\r?\n(.*?)^---[ \t]*\r?\n", re.DOTALL | re.MULTILINE)
_SAMPLING = frozenset({"temperature", "top_k", "top_p", "min_p", "repetition_penalty", "max_new_tokens"})


@dataclass(frozen=True)
class Prompt:
    """A template with what its header says.

    Attributes:
        source: the whole file.
        path: the file, where it is a course's own; None for one of kcreate's.
    """

    name: str
    language: Language
    source: str
    path: Path | None = None

    @cached_property
    def header(self) -> dict[str, Any]:
        """The YAML header: `purpose`, `inputs`, `output`, `sampling`, and the `invented` words of its examples.

        Raises:
            InputError: it is not there, is no YAML, or asks for a sampling that there is not.
        """
        from ruamel.yaml import YAML
        from ruamel.yaml.error import MarkedYAMLError, YAMLError

        if (match := _HEADER.match(self.source)) is None:
            raise self._broken(1, "it does not begin with a header between two lines of ---")
        try:
            header = YAML(typ="safe").load(match[1])
        except MarkedYAMLError as error:
            mark = error.problem_mark
            raise self._broken(mark.line + 2 if mark else 1, f"{error.problem}") from error
        except YAMLError as error:
            raise self._broken(1, "its header is not YAML") from error
        header = header if isinstance(header, dict) else {}
        sampling = header.get("sampling") or {}
        for key, value in sampling.items() if isinstance(sampling, dict) else [(sampling, None)]:
            if key not in _SAMPLING or isinstance(value, bool) or not isinstance(value, int | float):
                raise self._broken(1, f"its sampling is {key}: {value}; numbers for {', '.join(sorted(_SAMPLING))} go")
        return header

    @property
    def sampling(self) -> dict[str, Any]:
        """How the answer is to be sampled, keyword arguments of `Model.generate` without `max_new_tokens`."""
        return {key: value for key, value in (self.header.get("sampling") or {}).items() if key != "max_new_tokens"}

    @property
    def most_tokens(self) -> int:
        """How long an answer may be at most."""
        return int((self.header.get("sampling") or {}).get("max_new_tokens", 200))

    @property
    def invented(self) -> frozenset[str]:
        """The made-up words of its examples, lower case, by which a sentence that repeats an example is known."""
        return frozenset(str(word).lower() for word in self.header.get("invented") or ())

    def render(self, **inputs: object) -> str:
        """The text of one message. Inputs are put in as data: nothing in them is read as a template.

        Raises:
            InputError: a course's own template fails; the sentence names its file and line.
        """
        from jinja2 import TemplateError

        try:
            text = self._template.render(dict.fromkeys(INPUTS[self.name], "") | inputs)
        except (TemplateError, ArithmeticError, LookupError, TypeError, ValueError, AttributeError) as error:
            raise self._broken(_line_of(error, self._label), str(error)) from error
        return re.sub(r"\n{3,}", "\n\n", text).strip()

    @cached_property
    def _template(self) -> "Template":
        from jinja2 import TemplateSyntaxError, nodes
        from jinja2.meta import find_undeclared_variables

        match = _HEADER.match(self.source)
        body = self.source[match.end() :] if match else self.source
        # Empty lines stand for the header, so that errors name the lines of the file.
        text = "\n" * (self.source.count("\n") - body.count("\n")) + body
        environment = _environment()
        try:
            tree = environment.parse(text, filename=self._label)
            for unknown in sorted(find_undeclared_variables(tree) - {*INPUTS[self.name], *environment.globals}):
                line = min((name.lineno for name in tree.find_all(nodes.Name) if name.name == unknown), default=1)
                raise self._broken(line, f"there is no input {unknown}; it has {', '.join(sorted(INPUTS[self.name]))}")
            code = environment.compile(tree, filename=self._label)
            return environment.template_class.from_code(environment, code, environment.globals)
        except TemplateSyntaxError as error:
            raise self._broken(error.lineno, error.message or "it is no template") from error

    @property
    def _label(self) -> str:
        return str(self.path or f"kcreate/prompts/{self.language}/{self.name}.md")

    def _broken(self, line: int, why: str) -> InputError:
        return InputError(
            f"{self._label}, line {line}: {why.rstrip('.')}; mend the template, or delete it to have kcreate's own."
        )


@dataclass(frozen=True)
class Prompts:
    """The prompts of one language; those in `course/prompts/<language>/` come before kcreate's own."""

    language: Language
    course: Path | None = None
    _loaded: dict[str, Prompt] = field(default_factory=dict, repr=False, compare=False)

    def __getitem__(self, name: str) -> Prompt:
        """The prompt `name`, checked.

        Raises:
            InputError: the course's own cannot be read or is broken; the sentence names its file and line.
        """
        if name not in self._loaded:
            own = own_template(self.course, self.language, name)
            prompt = Prompt(name, self.language, _read(own) if own else built_in(self.language, name), own)
            prompt.header, prompt._template  # noqa: B018 - what is broken is said before hours of work
            self._loaded[name] = prompt
        return self._loaded[name]

    @property
    def digest(self) -> str:
        """A fingerprint of all of them: a course drafted with others comes out otherwise."""
        return fingerprint([self[name].source for name in INPUTS])


def built_in(language: Language, name: str) -> str:
    """The template that kcreate brings."""
    return files("kcreate.prompts").joinpath(language, f"{name}.md").read_text(encoding="utf-8")


def own_template(course: Path | None, language: Language, name: str) -> Path | None:
    """Where the course has a template of its own, if it has."""
    path = course / "prompts" / language / f"{name}.md" if course else None
    return path if path and path.is_file() else None


def named(name: str) -> str:
    """`name`, if there is such a prompt.

    Raises:
        UsageError: there is none.
    """
    if name not in INPUTS:
        raise UsageError(f"There is no prompt '{name}'; there are {', '.join(INPUTS)}.")
    return name


def eject(
    course: Path, languages: Sequence[Language], names: Sequence[str] = (), force: bool = False
) -> tuple[list[Path], list[Path]]:
    """Copy templates into the course's `prompts/`: all where no `names` are given. The files written, and those kept.

    What is there stays unless `force` is given.
    """
    written, kept = list[Path](), list[Path]()
    for language in languages:
        for name in names or INPUTS:
            path = course / "prompts" / language / f"{name}.md"
            if path.exists() and not force:
                kept.append(path)
            else:
                write_text(path, built_in(language, name))
                written.append(path)
    return written, kept


def fenced(mark: str, text: str) -> str:
    """`text` between `<mark>` and `</mark>`, the mark numbered where the text itself spells it; nothing for no text.

    So nothing in the text can close the fence, and the text stays as it is, byte for byte.
    """
    if not text.strip():
        return ""
    spelled = {found.lower() for found in re.findall(rf"<\s*/?\s*({re.escape(mark)}[\w-]*)", text, re.IGNORECASE)}
    name, number = mark, 1
    while name in spelled:
        number += 1
        name = f"{mark}-{number}"
    return f"<{name}>\n{text}\n</{name}>"


def _environment() -> "SandboxedEnvironment":
    from jinja2 import StrictUndefined
    from jinja2.exceptions import SecurityError
    from jinja2.sandbox import SandboxedEnvironment

    class Sandbox(SandboxedEnvironment):
        """Without the products by which a short template fills the memory."""

        intercepted_binops = frozenset({"*", "**"})

        def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
            raise SecurityError(f"{operator} is not for prompts")

    return Sandbox(undefined=StrictUndefined, autoescape=False, trim_blocks=True, lstrip_blocks=True)


def _line_of(error: Exception, label: str) -> int:
    """The line of the template in which the error arose: Jinja puts it into the traceback."""
    import traceback

    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == label]
    return lines[-1] or 1 if lines else 1


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8").removeprefix("\ufeff")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path} cannot be read as UTF-8 text; mend the template, or delete it.") from error
