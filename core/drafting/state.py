"""The course as a run finds and leaves it: its material, how each lesson stands, and how one is saved."""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from ..course.citation import Citation
from ..course.course import CourseFile, LessonEntry
from ..course.splicing import parts_of
from ..course.unit import spans
from ..errors import InputError
from ..journal import Journal, digest, fingerprint
from ..notes.document import Notes
from ..notes.entailment import Entailment
from ..notes.places import origin
from .aims import CourseMaterial, LessonMaterial, gather
from .brief import Brief
from .order import Ask
from .prerequisites import requirements
from .prompting import Prompts
from .sources import passages_of
from .staleness import prints
from .standing import Standing, standing
from .versions import keep_version
from .wishes import DEFAULT_MODEL, EDITION


@dataclass
class CourseState:
    """A course folder that a run holds."""

    folder: Path
    about: CourseFile
    notes: Notes
    journal: Journal
    seed: int
    entailment: Entailment | None = None

    @cached_property
    def material(self) -> CourseMaterial:
        """What every lesson can be written from."""
        entries = [
            (one.id, one.title or one.id, passages_of(one, self.notes.documents)) for one in self.entries.values()
        ]
        objectives = {one.id: one.objectives for one in self.entries.values()}
        return gather(entries, self.about.words, self.brief(Ask()), objectives)

    @cached_property
    def entries(self) -> dict[str, LessonEntry]:
        """The outline's lessons by id, in order."""
        return {entry.id: entry for entry in self.about.entries()}

    @cached_property
    def requires(self) -> dict[str, list[str]]:
        """By lesson, the lessons to be done before: as `course.yaml` says, else those whose terms it uses."""
        found = requirements(self.material.lessons)
        return {
            one.id: one.requires if "requires" in one.model_fields_set else found[one.id]
            for one in self.entries.values()
        }

    @cached_property
    def texts(self) -> dict[str, str]:
        """The notes by name."""
        return {document.name: document.text for document in self.notes.documents}

    @cached_property
    def adapter(self) -> str:
        """The digest of the adapter's weights, which no run changes; empty without one.

        Raises:
            InputError: its folder holds none.
        """
        if not self.about.adapter:
            return ""
        weights = self.folder / self.about.adapter / "adapter_model.safetensors"
        if not weights.is_file():
            raise InputError(
                f"The adapter {self.folder / self.about.adapter} has no adapter_model.safetensors; make it with 'kcreate finetune'."
            )
        return hashlib.sha256(weights.read_bytes()).hexdigest()

    @cached_property
    def prompts(self) -> str:
        """The digest of the templates that the course's lessons are asked for with."""
        return Prompts(self.about.words, self.folder).digest

    def origin(self, citation: Citation) -> str:
        """What the cited lines were made from, as a reader sees it."""
        found = origin(self.texts[citation.file], citation.first, citation.last)
        return found.label(self.about.language) if found else ""

    def standing(self, lesson: str) -> Standing:
        """How a lesson stands on disk."""
        return standing(self.folder, self.about, self.entries[lesson], self.journal)

    def brief(self, ask: Ask) -> Brief:
        """What the author wants of a unit, an example put in as the text that it has now."""
        example = ""
        if ask.like:
            lesson, _, part = ask.like.partition("/")
            text = self.standing(lesson).text if lesson in self.entries else ""
            start, end = spans(text).get(part, (0, 0)) if part else (0, len(text))
            example = text[start:end]
        return Brief(self.about.audience or "", self.about.level or "", ask.instruction, example, ask.version)

    def inputs(self, material: LessonMaterial, asked: dict[str, Ask]) -> str:
        """The fingerprint of all that decides how a lesson comes out; lines that only moved leave it as it is."""
        texts = [[passage.file, passage.text] for passage in material.passages]
        aims = [aim.objective.text for aim in material.aims]
        model = self.about.model or DEFAULT_MODEL
        about = [self.about.language, self.about.audience, self.about.level, model, self.adapter, self.prompts]
        about += [self.entailment.name] if self.entailment else []
        kept = {part: ask.as_kept() for part, ask in asked.items() if ask.as_kept()}
        return fingerprint(EDITION, material.title, texts, aims, about, self.seed, kept)

    def is_current(self, material: LessonMaterial, stands: Standing) -> bool:
        """Whether a lesson stands as it would be written now."""
        return self.journal.is_current(stands.unit, self.inputs(material, stands.asked))

    def save(
        self,
        material: LessonMaterial,
        stands: Standing,
        text: str,
        asked: dict[str, Ask],
        fresh: Collection[str] | None = None,
    ) -> None:
        """Keep the old version and write the new one; `fresh` are the parts that were written, None for all of them."""
        entry, pieces = stands.entry, parts_of(text)
        mine, cited, inputs = set(pieces), prints(text, self.texts), self.inputs(material, asked)
        if fresh is not None:
            mine &= stands.parts | set(fresh)
            before = entry.cited if entry else {}
            anew = {where for part in fresh for where in prints(pieces[part], {})}
            cited |= {where: sha for where, sha in before.items() if where in cited and where not in anew}
            if not self.is_current(material, stands):
                inputs = entry.inputs if entry else ""
        if text != stands.text:
            keep_version(self.folder, stands.unit, stands.file)
        self.journal.record(
            stands.unit,
            stands.file,
            text,
            inputs,
            parts={name: digest(piece) for name, piece in pieces.items() if name in mine},
            cited=cited,
            asked={name: ask.as_kept() for name, ask in asked.items() if ask.as_kept()},
            shared=fresh is not None and not stands.ours,
        )
