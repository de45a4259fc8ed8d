"""How good drafts are, beside two baselines: `python tests/measure_draft.py NOTES… [--gold FILE] [--model NAME]`.

For each folder of notes a course is drafted and reviewed; a course folder is taken as it is. The same model then writes each lesson of that outline from one
prompt, without the notes and with the lesson's notes in the prompt, greedily. A baseline cites nothing, so it is reviewed
twice: as written, and after every sentence was given the passage, of the five that search finds for it, that carries it best.
Gold is `--gold`, else a `gold.json` beside the folder of notes. One Markdown table for each folder goes to stdout.
"""

import argparse
import re
import shutil
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from kcreate.core import draft_course, load_course, open_model, read_notes, review_course, support
from kcreate.core.course.citation import Citation
from kcreate.core.course.course import Course, LessonEntry
from kcreate.core.course.lesson import Lesson, Objective
from kcreate.core.course.quiz import HEADINGS, quiz_lines, split_quiz
from kcreate.core.journal import is_course
from kcreate.core.notes.cited import CitedSentence, read_cited
from kcreate.core.notes.search.index import NotesIndex, open_index
from kcreate.core.review.aims import AIMS
from kcreate.core.review.review import Review

NOTES_CHARACTERS = {"en": 6000, "zh": 2400}
"""How much of a lesson's notes goes into the prompt: about 1,600 tokens, which leaves a context of 2,048 room to write."""
PENALTY = 1.15
"""Of repetition: greedy, a small model writes one line over and over, which would make any draft look good beside it."""
ASK = {
    "en": (
        "Write a lesson titled “{title}” for the course “{course}”, in Markdown. Begin with a line “Objectives:” and two or "
        "three bullet points of what the learner can do afterwards. Then teach it under headings. End with the heading "
        "“## Check your understanding” and two numbered questions, each with three options as “- [ ] option”, the right one "
        "ticked as “- [x] option”."
    ),
    "zh": (
        "请用中文为课程“{course}”写一课，标题是“{title}”，用 Markdown。先写一行“学习目标：”，再用两三个列表项写学完后会做什么；"
        "然后分小标题讲解；最后以“## 检查你的理解”为标题，出两道编号的题，每题三个选项，写作“- [ ] 选项”，正确的一项写作“- [x] 选项”。"
    ),
}
WITH_NOTES = {
    "en": "These are my notes:\n\n{text}\n\nFrom these notes: ",
    "zh": "下面是我的笔记：\n\n{text}\n\n依据这些笔记，",
}
"""What stands before the request: a small model follows what it read last."""
_OPTION = re.compile(r"^\s*(?:[-*+]\s*)?(?:\[(?P<tick>[ xX✓]?)\]|\(?(?P<letter>[A-Da-d])[.)、])\s*(?P<text>.+)$")
_ANSWER = re.compile(r"(?:answer|答案)\W*(?P<letter>[A-Da-d])\b", re.IGNORECASE)
_QUIZ = re.compile(r"^#*\s*\**(?:check your understanding|quiz|questions|检查你的理解|测验|练习)\W*$", re.IGNORECASE)


def baseline(model: Any, course: Course, folder: Path, tokens: int, with_notes: bool) -> None:
    """Copy `course` into `folder` with every lesson written anew from one prompt each."""
    shutil.copytree(course.folder, folder, ignore=shutil.ignore_patterns(".kcreate", "lessons"))
    (folder / "glossary.md").unlink(missing_ok=True)
    (folder / "flashcards.md").unlink(missing_ok=True)
    entries = course.about.entries()
    language = course.language
    prompts = []
    for entry in entries:
        text = _sources(course, entry)[: NOTES_CHARACTERS[language]] if with_notes else ""
        notes = WITH_NOTES[language].format(text=text) if text else ""
        ask = ASK[language].format(title=entry.title, course=course.about.title)
        prompts.append([{"role": "user", "content": notes + ask}])
    answers = model.generate(prompts, max_new_tokens=tokens, temperature=0.0, repetition_penalty=PENALTY)
    for number, (entry, answer) in enumerate(zip(entries, answers, strict=True), 1):
        save(lesson_of(entry, answer.text, language), folder, number)


def _sources(course: Course, entry: LessonEntry) -> str:
    """The lines of the notes that a lesson stands on."""
    parts = []
    for source in entry.sources:
        name, _, span = source.partition("#L")
        first, _, last = span.partition("-L")
        lines = (course.notes_folder / name).read_text(encoding="utf-8").split("\n")
        parts.append("\n".join(lines[int(first or 1) - 1 : int(last or first or len(lines))]))
    return "\n\n".join(parts)


def lesson_of(entry: LessonEntry, text: str, language: str) -> Lesson:
    """A lesson out of what a model answered, read generously: any list below “Objectives”, any options, any right letter."""
    objectives: list[Objective] = []
    kept: list[str] = []
    listing = False
    for line in re.sub(r"<think>.*?(?:</think>|\Z)", "", text, flags=re.DOTALL).split("\n"):
        bullet = re.match(r"\s*(?:[-*+]|\d+[.)])\s+(?P<text>.+)", line)
        if re.match(r"^\W*(?:(?:learning )?objectives?|学习目标|目标)\W*$", line, re.IGNORECASE):
            listing = True
        elif listing and bullet:
            words = bullet["text"].strip("* ")
            objectives.append(Objective(f"o{len(objectives) + 1}", words.split()[0].lower(), words))
        else:
            listing = listing and not line.strip()
            kept.append(f"## {HEADINGS[language]}" if _QUIZ.match(line) else line)
    body, section, _ = split_quiz("\n".join(kept))
    quiz = _quiz(section, [one.id for one in objectives])
    if quiz:
        body = f"{body.strip()}\n\n## {HEADINGS[language]}\n\n{quiz}\n"
    return Lesson(entry.id, entry.title, objectives, body=body.strip() + "\n")


def _quiz(section: str, objectives: Sequence[str]) -> str:
    """A quiz section in the course's own form; each question is taken to test the next objective."""
    lines: list[str] = []
    options: list[int] = []
    number = 0
    for line in section.split("\n"):
        question = re.match(r"^\s*\**(?P<number>\d+)[.)、]\s*(?P<text>.+?)\**$", line)
        if question:
            aim = f" ({objectives[number % len(objectives)]})" if objectives else ""
            number += 1
            options = []
            lines += ["", f"{number}. {question['text']}{aim}"]
        elif (answer := _ANSWER.search(line)) and options:
            place = ord(answer["letter"].upper()) - ord("A")
            if place < len(options):
                lines[options[place]] = lines[options[place]].replace("[ ]", "[x]")
        elif number and (option := _OPTION.match(line)):
            options.append(len(lines))
            lines.append(f"   - [{'x' if (option['tick'] or '').strip() else ' '}] {option['text']}")
    return "\n".join(lines).strip()


def save(lesson: Lesson, folder: Path, number: int) -> None:
    path = folder / "lessons" / f"{number:02d}-{lesson.id}.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(lesson.to_markdown(), encoding="utf-8")


def attribute(written: Path, folder: Path, index: NotesIndex) -> None:
    """Copy a course into `folder` with the best passage of the notes cited behind every sentence."""
    shutil.copytree(written, folder, ignore=shutil.ignore_patterns("lessons"))
    course = load_course(written)
    for number, lesson in enumerate(course.lessons, 1):
        text = read_cited(lesson.body, quiz=quiz_lines(lesson.body))
        quiz = split_quiz(lesson.body)[1]
        parts: list[tuple[int, str]] = [(one.line, f"{'#' * max(2, one.level)} {one.text}") for one in text.headings]
        parts = [one for one in parts if one[1][3:] not in HEADINGS.values()]
        parts += [(one.first, one.text) for one in text.blocks]
        cited: list[Citation] = []
        for one in text.sentences:
            if not one.quiz:
                citation = _best(one, index)
                cited += [citation] if citation else []
                parts.append((one.first, one.text + (f"[^{len(cited)}]" if citation else "")))
        body = [part for _, part in sorted(parts, key=lambda part: part[0])]
        body += [f"## {HEADINGS[course.language]}\n\n{quiz.strip()}"] if quiz.strip() else []
        body.append("\n".join(one.definition(label, course.language) for label, one in enumerate(cited, 1)))
        lesson.body = "\n\n".join(body).strip() + "\n"
        save(lesson, folder, number)


def _best(sentence: CitedSentence, index: NotesIndex) -> Citation | None:
    if not sentence.claims:
        return None
    hits = index.search(sentence.text, 5)
    if not hits:
        return None
    chunk = max((hit.chunk for hit in hits), key=lambda chunk: support(sentence.text, [chunk.text]))
    return Citation(chunk.file, chunk.first, chunk.last)


def table(reviews: dict[str, Review]) -> str:
    """One row a measure, one column a course."""
    lines = [f"| measure | aim | {' | '.join(reviews)} |", "|---|---|" + "---|" * len(reviews)]
    for aim in AIMS:
        values = [one.measures.get(aim.name) for one in reviews.values()]
        if any(value is not None for value in values):
            limit = "" if aim.limit is None else f"{'≤' if aim.less else '≥'} {aim.shown(aim.limit)}"
            cells = " | ".join("–" if value is None else aim.shown(value) for value in values)
            lines.append(f"| {aim.title} | {limit} | {cells} |")
    return "\n".join(lines)


def measure(notes: Path, gold: Path | None, model: Any, tokens: int, keep: Path) -> str:
    """The table for one folder of notes; the courses stay in `keep`."""

    def told(what: str, started: float) -> None:
        print(f"{notes}: {what}, {time.monotonic() - started:.0f} s", file=sys.stderr, flush=True)

    started = time.monotonic()
    if is_course(notes):
        shutil.copytree(notes, keep / "kcreate", ignore=shutil.ignore_patterns(".kcreate"))
    else:
        draft_course(read_notes(notes), keep / "kcreate", model=model)
        told("drafted", started)
    course = load_course(keep / "kcreate")
    texts = read_notes(keep / "kcreate").documents
    index = open_index(keep / "index", texts)
    places = {"kcreate": keep / "kcreate"}
    for name, with_notes in (("no notes", False), ("with notes", True)):
        started = time.monotonic()
        baseline(model, course, keep / name, tokens, with_notes)
        attribute(keep / name, keep / f"{name}, attributed", index)
        told(f"baseline {name}", started)
        places |= {name: keep / name, f"{name}, attributed": keep / f"{name}, attributed"}
    return table({name: review_course(place, gold=gold) for name, place in places.items()})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("notes", type=Path, nargs="+")
    parser.add_argument("--gold", type=Path)
    parser.add_argument("--model", default="smollm2-135m")
    parser.add_argument("--tokens", type=int, default=400, help="most tokens of a baseline's lesson")
    parser.add_argument("--keep", type=Path, help="an empty folder for the courses")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary, open_model(asked.model) as model:
        for number, notes in enumerate(asked.notes, 1):
            beside = notes.parent / "gold.json"
            gold = asked.gold or (beside if beside.is_file() else None)
            keep = (
                asked.keep or Path(temporary)
            ) / f"{number}-{notes.parent.name if notes.name == 'notes' else notes.name}"
            print(f"\n## {notes}\n\n{measure(notes, gold, model, asked.tokens, keep)}", flush=True)


if __name__ == "__main__":
    main()
