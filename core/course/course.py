"""A course: what `course.yaml` says of it, and its lessons in order."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from .lesson import Lesson, is_lesson_id
from .slug import id_for

_AS_WRITTEN = ConfigDict(extra="allow", coerce_numbers_to_str=True)
"""Keys of the author's are kept, and a title may be 1984."""


class LessonEntry(BaseModel):
    """A lesson's place in the outline.

    Attributes:
        id: names its file; a lesson an author adds by its title alone gets one made of the title.
        sources: the parts of the notes it stands on, `file.md` or `file.md#L1-L40`; none has them found by search.
        objectives: what a learner can do afterwards, whole phrases with the verb first; none has them chosen.
        requires: ids of lessons a learner should have done before.
    """

    model_config = _AS_WRITTEN

    id: str
    title: str = ""
    sources: list[str] = Field(default_factory=list)
    objectives: list[str] = Field(default_factory=list)
    requires: list[str] = Field(default_factory=list)

    @model_validator(mode="before")
    @classmethod
    def _id_from_title(cls, value: object) -> object:
        if isinstance(value, dict) and "lessons" in value:
            raise ValueError(
                f"'{value.get('title', '')}' is a module inside a module's lessons; indent it as the others are"
            )
        if isinstance(value, dict) and not value.get("id") and str(value.get("title") or "").strip():
            return {**value, "id": id_for(str(value["title"]))}
        return value

    @field_validator("sources", "objectives", "requires", mode="before")
    @classmethod
    def _one_is_a_list(cls, value: object) -> object:
        if value is None:
            return []
        if isinstance(value, str):
            return [value]
        if isinstance(value, list):
            return [entry.get("text", entry) if isinstance(entry, dict) else entry for entry in value]
        return value

    @field_validator("id")
    @classmethod
    def _id_names_a_file(cls, value: str) -> str:
        if not is_lesson_id(value):
            raise ValueError(f"the id '{value}' cannot name a file")
        return value


class Module(BaseModel):
    """A part of the course: a title and its lessons in order. An author may list bare lesson ids."""

    model_config = _AS_WRITTEN

    title: str = ""
    lessons: list[LessonEntry] = Field(default_factory=list)

    @field_validator("lessons", mode="before")
    @classmethod
    def _ids_are_entries(cls, value: object) -> object:
        if isinstance(value, list):
            return [{"id": entry} if isinstance(entry, str) else entry for entry in value]
        return value


class Size(BaseModel):
    """How large the author wants the course: so many lessons, or so many hours of study; one of the two, or neither."""

    model_config = _AS_WRITTEN

    lessons: int | None = Field(default=None, ge=1)
    hours: float | None = Field(default=None, gt=0)


class CourseFile(BaseModel):
    """`course.yaml`. Keys the author adds are kept; `None` means not said, so a default or an option decides."""

    model_config = _AS_WRITTEN

    title: str
    language: str = "en"
    audience: str | None = None
    level: str | None = None
    author: str | None = None
    licence: str | None = None
    model: str | None = None
    adapter: str | None = None
    size: Size | None = None
    modules: list[Module] = Field(default_factory=list)

    def entries(self) -> list[LessonEntry]:
        """Every lesson's entry, modules flattened, in course order."""
        return [entry for module in self.modules for entry in module.lessons]

    @property
    def words(self) -> Literal["en", "zh"]:
        """Which set of words the course speaks to its learners in: `zh` for any Chinese (`zh-Hans`), else `en`."""
        return "zh" if self.language.lower().startswith("zh") else "en"


@dataclass
class Course:
    """A course folder in memory.

    Attributes:
        folder: where it lives.
        about: the contents of `course.yaml`.
        lessons: those in the outline that are on disk, in course order.
        missing: ids in the outline that have no file yet.
        glossary: the text of `glossary.md`, empty where there is none.
        flashcards: that of `flashcards.md`.
    """

    folder: Path
    about: CourseFile
    lessons: list[Lesson] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    glossary: str = ""
    flashcards: str = ""

    @property
    def language(self) -> Literal["en", "zh"]:
        """Which set of words the course speaks to its learners in."""
        return self.about.words

    @property
    def notes_folder(self) -> Path:
        """The notes the citations point into."""
        return self.folder / "notes"

    def lesson(self, lesson_id: str) -> Lesson | None:
        """The lesson of that id, or None."""
        return next((lesson for lesson in self.lessons if lesson.id == lesson_id), None)
