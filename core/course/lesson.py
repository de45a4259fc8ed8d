"""A lesson: front matter that says what it is for, and the Markdown a learner reads."""

import re
from dataclasses import dataclass, field
from io import StringIO
from typing import Literal, get_args

from ..errors import InputError
from .citation import Citation, read_citations
from .quiz import Item, read_items, split_quiz

Status = Literal["draft", "edited", "approved"]
_FRONT = re.compile(r"\A---\r?\n(.*?)\r?\n---\r?\n", re.DOTALL)


@dataclass(frozen=True)
class Objective:
    """What a learner can do afterwards; `text` is the whole phrase and begins with the Bloom verb `verb`."""

    id: str
    verb: str
    text: str


@dataclass
class Lesson:
    """One lesson as it stands in `lessons/NN-id.md`.

    Attributes:
        body: everything after the front matter, as written: prose, quiz section, footnote definitions.
        requires: ids of lessons a learner should have done before.
        access: `free` or `paid`, for those who sell the course.
        file: its file's name in `lessons/`, empty for a lesson that was not read from disk.
    """

    id: str
    title: str
    objectives: list[Objective] = field(default_factory=list)
    requires: list[str] = field(default_factory=list)
    access: str = "free"
    status: Status = "draft"
    body: str = ""
    file: str = field(default="", compare=False)

    @property
    def prose(self) -> str:
        """The body without its quiz section; footnote definitions stay."""
        return split_quiz(self.body)[0]

    @property
    def items(self) -> list[Item]:
        """The questions of the quiz section, in order."""
        return read_items(self.body, {objective.id for objective in self.objectives})

    @property
    def citations(self) -> dict[str, Citation]:
        """Footnote label → cited lines, in the order of their definitions."""
        return dict(read_citations(self.body))

    def to_markdown(self) -> str:
        """The file's text: YAML front matter, then the body."""
        from ruamel.yaml import YAML
        from ruamel.yaml.comments import CommentedMap

        objectives = []
        for objective in self.objectives:
            entry = CommentedMap({"id": objective.id, "verb": objective.verb, "text": objective.text})
            entry.fa.set_flow_style()
            objectives.append(entry)
        front = CommentedMap({"id": self.id, "title": self.title, "objectives": objectives})
        front["requires"] = list(self.requires)
        front["access"], front["status"] = self.access, self.status
        yaml = YAML()
        yaml.width = 10_000
        yaml.indent(mapping=2, sequence=4, offset=2)
        if not self.requires:
            front["requires"] = _flow_list([])
        out = StringIO()
        yaml.dump(front, out)
        return f"---\n{out.getvalue()}---\n\n{self.body.strip()}\n"

    @classmethod
    def from_markdown(cls, text: str, name: str) -> "Lesson":
        """Read a lesson; `name` is the file the errors speak of.

        Raises:
            InputError: the front matter is missing, is not YAML, or lacks an id.
        """
        from ruamel.yaml import YAML
        from ruamel.yaml.error import YAMLError

        text = text.removeprefix("\ufeff")
        match = _FRONT.match(text)
        if not match:
            raise InputError(
                f"{name} has no front matter; begin it with a block between two --- lines that gives an id."
            )
        try:
            front = YAML(typ="safe").load(match[1])
        except YAMLError as error:
            line = getattr(getattr(error, "problem_mark", None), "line", 0) + 2
            raise InputError(f"{name}, line {line}: the front matter is not valid YAML; mend it.") from error
        if not isinstance(front, dict) or not front.get("id"):
            raise InputError(f"{name} has no id in its front matter; give it one, as in 'id: first-steps'.")
        status = str(front.get("status", "draft"))
        if status not in get_args(Status):
            raise InputError(f"{name}: status is '{status}'; use draft, edited or approved.")
        return cls(
            id=str(front["id"]),
            title=str(front.get("title") or front["id"]),
            objectives=[
                _objective(entry, number, name) for number, entry in enumerate(front.get("objectives") or [], 1)
            ],
            requires=[str(other) for other in front.get("requires") or []],
            access=str(front.get("access", "free")),
            status=status,  # type: ignore[arg-type]
            body=text[match.end() :].strip("\r\n") + "\n",
            file=name.rpartition("/")[2],
        )


def _objective(entry: object, number: int, name: str) -> Objective:
    """An objective from front matter, where an author may also have written a bare sentence."""
    if isinstance(entry, str) and entry.strip():
        return Objective(f"o{number}", entry.split()[0].lower(), entry.strip())
    if isinstance(entry, dict) and entry.get("text"):
        text = str(entry["text"])
        return Objective(str(entry.get("id", f"o{number}")), str(entry.get("verb", text.split()[0].lower())), text)
    raise InputError(
        f"{name}: objective {number} has no text; write it as '{{id: o{number}, verb: explain, text: ...}}'."
    )


def _flow_list(values: list[str]) -> object:
    from ruamel.yaml.comments import CommentedSeq

    sequence = CommentedSeq(values)
    sequence.fa.set_flow_style()
    return sequence
