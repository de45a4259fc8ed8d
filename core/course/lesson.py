"""A lesson: front matter that says what it is for, and the Markdown a learner reads."""

import re
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

from ..errors import InputError
from .citation import Citation, read_citations
from .quiz import Item, read_items, split_quiz
from .yaml_text import read_yaml, write_yaml

Status = Literal["draft", "edited", "approved"]
_FRONT = re.compile(r"---[ \t]*\r?\n(.*?)\r?\n---[ \t]*(?:\r?\n|\Z)", re.DOTALL)
_ID = re.compile(r"[^\s./\\][^/\\\x00-\x1f]*")


def is_lesson_id(text: str) -> bool:
    """Whether `text` can be a lesson's id, which becomes part of a file's name: no slash, no dot in front."""
    return _ID.fullmatch(text) is not None


def body_start(text: str) -> int:
    """Where the body begins in the text of a lesson's file, as a character offset; 0 where there is no front matter."""
    front = _FRONT.match(text, 1 if text.startswith("\ufeff") else 0)
    return front.end() if front else 0


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
        first_line: the line of that file on which the body begins, from 1.
    """

    id: str
    title: str
    objectives: list[Objective] = field(default_factory=list)
    requires: list[str] = field(default_factory=list)
    access: str = "free"
    status: Status = "draft"
    body: str = ""
    file: str = field(default="", compare=False)
    first_line: int = field(default=1, compare=False)

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
        from ruamel.yaml.comments import CommentedMap
        from ruamel.yaml.scalarstring import DoubleQuotedScalarString

        objectives = []
        for objective in self.objectives:
            # Other readers of YAML take a question mark before the bracket for a key.
            text = DoubleQuotedScalarString(objective.text) if "?" in objective.text else objective.text
            entry = CommentedMap({"id": objective.id, "verb": objective.verb, "text": text})
            entry.fa.set_flow_style()
            objectives.append(entry)
        front = CommentedMap({"id": self.id, "title": self.title, "objectives": objectives})
        front["requires"] = list(self.requires)
        front["access"], front["status"] = self.access, self.status
        return f"---\n{write_yaml(front)}---\n\n{self.body.strip()}\n"

    @classmethod
    def from_markdown(cls, text: str, name: str) -> "Lesson":
        """Read a lesson; `name` is the file the errors speak of.

        Raises:
            InputError: the front matter is missing, is not YAML, lacks an id, or a value has the wrong form.
        """
        text = text.removeprefix("\ufeff")
        match = _FRONT.match(text)
        if not match:
            raise InputError(
                f"{name} has no front matter; begin it with a block between two --- lines that gives an id."
            )
        front = read_yaml(match[1], name, first_line=2)
        if not isinstance(front, dict) or not front.get("id"):
            raise InputError(f"{name} has no id in its front matter; give it one, as in 'id: first-steps'.")
        lesson_id = str(front["id"])
        if not is_lesson_id(lesson_id):
            raise InputError(f"{name}: the id '{lesson_id}' cannot name a file; write it as in 'id: first-steps'.")
        status = str(front.get("status", "draft"))
        if status not in get_args(Status):
            raise InputError(f"{name}: status is '{status}'; use draft, edited or approved.")
        objectives = enumerate(_listed(front, "objectives", name), 1)
        below = text[match.end() :]
        blank = len(below) - len(below.lstrip("\r\n"))
        return cls(
            id=lesson_id,
            title=str(front.get("title") or lesson_id),
            objectives=[_objective(entry, number, name) for number, entry in objectives],
            requires=[str(other) for other in _listed(front, "requires", name)],
            access=str(front.get("access", "free")),
            status=status,  # type: ignore[arg-type]
            body=below.strip("\r\n") + "\n",
            file=name.rpartition("/")[2],
            first_line=text.count("\n", 0, match.end() + blank) + 1,
        )


def _listed(front: dict[str, Any], key: str, name: str) -> list[Any]:
    """The list at `key`, empty where nothing is said; a single sentence or id is a list of one."""
    value = front.get(key) or []
    if isinstance(value, str):
        return [value]
    if not isinstance(value, list):
        raise InputError(f"{name}: {key} is no list; write each on a line of its own, begun with a dash.")
    return value


def _objective(entry: object, number: int, name: str) -> Objective:
    """An objective from front matter, where an author may also have written a bare sentence."""
    if isinstance(entry, str) and entry.strip():
        return Objective(f"o{number}", entry.split()[0].lower(), entry.strip())
    if isinstance(entry, dict) and (text := str(entry.get("text") or "").strip()):
        return Objective(str(entry.get("id", f"o{number}")), str(entry.get("verb", text.split()[0].lower())), text)
    raise InputError(
        f"{name}: objective {number} has no text; write it as '{{id: o{number}, verb: explain, text: ...}}'."
    )
