"""Drafting with a scripted model: what reaches a lesson, what survives, what is refused."""

import json
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from kcreate.core import draft_course, load_course, support
from kcreate.core.drafting.freedom import Measured
from kcreate.core.errors import InputError, KcreateError, ModelUnavailableError, UsageError

EXAMPLES = Path(__file__).parent.parent / "examples"


class Score:
    def __init__(self, log_prob: float, tokens: int) -> None:
        self.log_prob, self.tokens = log_prob, tokens


class Answer:
    def __init__(self, text: str) -> None:
        self.text = text


class ScriptedModel:
    """Answers by a function of the prompt; scores by length, so that every run is the same."""

    name = "scripted"

    def __init__(self, answer: Any = lambda prompt: "") -> None:
        self.answer = answer
        self.prompts: list[str] = []

    def score(self, prompt: str, texts: Sequence[str]) -> list[Score]:
        return [Score(-0.5 * len(text), max(1, len(text) // 4)) for text in texts]

    def generate(self, prompts: Sequence[Any], **options: Any) -> list[Answer]:
        self.prompts += [prompt[0]["content"] for prompt in prompts]
        return [Answer(self.answer(prompt[0]["content"])) for prompt in prompts]


def draft(source: Any, out: Any = None, answer: Any = lambda prompt: "", **options: Any) -> Any:
    return draft_course(source, out, model=ScriptedModel(answer), **options)


def cited_sentences(body: str) -> list[tuple[str, list[str]]]:
    """The sentences of a lesson's paragraphs with the labels behind each; headings, code and quizzes left out."""
    prose = re.sub(
        r"^(```.*?^```|\$\$.*?\$\$|\|.*?|#+ .*?|\[\^.*?)$",
        "",
        body.split("## Check")[0].split("## 检查")[0],
        flags=re.M | re.S,
    )
    found = []
    for paragraph in re.split(r"\n\s*\n", prose):
        for piece in re.findall(r"(.+?)((?:\[\^\d+\])+|\Z)", " ".join(paragraph.split())):
            if re.search(r"\w", piece[0]):
                found.append((piece[0].strip(), re.findall(r"\^(\d+)", piece[1])))
    return found


@pytest.mark.parametrize("name", ["night-sky", "gongfu-tea"])
def test_every_sentence_is_cited_and_its_lines_carry_it(tmp_path: Path, name: str) -> None:
    draft(EXAMPLES / name / "notes", tmp_path / "course")
    course = load_course(tmp_path / "course")
    assert course.lessons and not course.missing
    for lesson in course.lessons:
        lines = {path.name: path.read_text(encoding="utf-8").split("\n") for path in course.notes_folder.iterdir()}
        for text, labels in cited_sentences(lesson.body):
            assert labels, f"{lesson.id}: no citation behind: {text}"
            cited = [course_lines for label in labels for course_lines in _cited(lesson, label, lines)]
            assert support(text, ["\n".join(cited)]) > 0.9, text


def _cited(lesson: Any, label: str, lines: dict[str, list[str]]) -> list[str]:
    citation = lesson.citations[label]
    return lines[citation.file][citation.first - 1 : citation.last]


@pytest.mark.parametrize("name", ["night-sky", "gongfu-tea"])
def test_objectives_have_items_and_items_follow_the_rules(tmp_path: Path, name: str) -> None:
    draft(EXAMPLES / name / "notes", tmp_path / "course")
    lessons = load_course(tmp_path / "course").lessons
    positions = []
    for lesson in lessons:
        asked = {objective for item in lesson.items for objective in item.objectives}
        assert asked == {objective.id for objective in lesson.objectives} != set()
        assert len(lesson.items) >= 2
        for item in lesson.items:
            texts = [option.text for option in item.options]
            assert len(set(texts)) == len(texts) and item.right
            assert "[^" in item.explanation
            if item.kind == "single":
                assert len(texts) >= 3 and sum(option.correct for option in item.options) == 1
                positions.append(next(place for place, option in enumerate(item.options) if option.correct))
    assert max(positions.count(place) for place in range(4)) <= 0.4 * len(positions)


def test_blocks_of_the_notes_come_through_unbroken(tmp_path: Path) -> None:
    notes = EXAMPLES / "night-sky" / "notes"
    draft(notes, tmp_path / "course")
    bodies = "\n".join(lesson.body for lesson in load_course(tmp_path / "course").lessons)
    blocks = [
        block
        for path in notes.glob("*.md")
        for block in re.findall(r"^```.*?^```$|^\$\$.*?\$\$$", path.read_text(), re.M | re.S)
    ]
    assert len(blocks) > 5 and all(block in bodies for block in blocks)


@pytest.fixture
def sums_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """A model counts as found able to sum up sections, whatever it answers."""
    monkeypatch.setattr("kcreate.core.drafting.writer.measured", lambda model, prompts: Measured(1.0, 1.0))


def test_a_generated_sentence_is_used_only_if_its_passages_carry_it(tmp_path: Path, sums_up: None) -> None:
    truth = "On the Moon, the line between day and night is called the terminator."
    lie = "The terminator is the line on the Moon between 1969 and Jupiter."

    def answer(prompt: str) -> str:
        return truth if "terminator" in prompt and len(prompt) % 2 == 0 else truth if "terminator" in prompt else lie

    notes = tmp_path / "notes"
    notes.mkdir()
    for number in range(3):
        (notes / f"{number}.md").write_text(
            f"# Moon {number}\n\nThe line between day and night on the Moon is called the **terminator**. "
            + "Craters there throw long shadows that show every slope in great detail. " * 4
            + "\n\n## Earth\n\nThe **Earth** is the third planet from the Sun and the only one known to carry life. "
            + "Its day has twenty-four hours and its year has three hundred and sixty-five days. " * 4,
            encoding="utf-8",
        )
    draft(notes, tmp_path / "course", answer)
    text = "".join(lesson.body for lesson in load_course(tmp_path / "course").lessons)
    assert truth in text and lie not in text


def test_lessons_asked_for_together_come_out_as_one_by_one(
    tmp_path: Path, sums_up: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def summary(prompt: str) -> str:
        return next(iter(re.findall(r"^.{40,200}[.]$", prompt.split("<notes>")[1], flags=re.M)), "")

    class Counting(ScriptedModel):
        def generate(self, prompts: Sequence[Any], **options: Any) -> list[Answer]:
            calls.append(len(prompts))
            return super().generate(prompts, **options)

    courses, counts = [], []
    for together in (1, 3, 100):
        calls: list[int] = []
        monkeypatch.setattr("kcreate.core.drafting.draft.LESSONS_TOGETHER", together)
        out = tmp_path / str(together)
        draft_course(EXAMPLES / "night-sky" / "notes", out, model=Counting(summary), processes=2)
        courses.append([path.read_text(encoding="utf-8") for path in sorted((out / "lessons").iterdir())])
        counts.append(calls)
    assert len(courses[0]) > 3 and courses[0] == courses[1] == courses[2]
    assert [sum(calls) for calls in counts] == [sum(counts[0])] * 3
    assert len(counts[2]) == 1 < len(counts[1]) < len(counts[0])


def test_a_generated_sentence_may_not_widen_what_the_notes_narrow(tmp_path: Path, sums_up: None) -> None:
    wide = "Misconduct means conduct so serious that it justifies dismissal without notice."
    clause = "Appeals are heard by a manager who was not involved before in the matter at hand. " * 4
    (tmp_path / "a.md").write_text(
        f"# Conduct\n\nGross m{wide[1:]} {clause}\n\n## Appeals\n\n{clause * 2}", encoding="utf-8"
    )
    draft(tmp_path / "a.md", tmp_path / "course", lambda prompt: wide)
    [lesson] = load_course(tmp_path / "course").lessons
    assert not re.search(r"(?<!Gross m)isconduct means", lesson.body) and "Appeals" in lesson.body


def test_notes_reach_the_model_as_data_in_a_fence(tmp_path: Path, sums_up: None) -> None:
    (tmp_path / "a.md").write_text(
        "# A\n\n" + "Clay is praised as {{ title }} {% raw %} by every potter now. " * 12, encoding="utf-8"
    )
    model = ScriptedModel()
    draft_course(tmp_path / "a.md", tmp_path / "course", model=model)
    assert all(
        "<notes>" in prompt and "{{ title }}" in prompt and "not instructions" in prompt for prompt in model.prompts
    )
    assert model.prompts


def test_a_second_run_keeps_what_is_done_and_what_a_person_changed(tmp_path: Path) -> None:
    out = tmp_path / "course"
    first = draft(EXAMPLES / "gongfu-tea" / "notes", out)
    edited = sorted((out / "lessons").iterdir())[0]
    edited.write_text(edited.read_text(encoding="utf-8") + "\n我加的一句。\n", encoding="utf-8")
    before = edited.read_bytes()
    again = draft(out)
    assert again.drafted == [] and again.protected == first.drafted[:1] and again.kept == first.drafted[1:]
    with pytest.raises(UsageError, match="edited by hand"):
        draft(out, only=first.drafted[0])
    redone = draft(out, only=first.drafted[1])
    assert redone.drafted == [first.drafted[1]] and edited.read_bytes() == before


def test_approved_lessons_and_an_edited_outline_are_kept(tmp_path: Path) -> None:
    out = tmp_path / "course"
    first = draft(EXAMPLES / "gongfu-tea" / "notes", out)
    path = sorted((out / "lessons").iterdir())[1]
    path.write_text(path.read_text(encoding="utf-8").replace("status: draft", "status: approved"), encoding="utf-8")
    yaml = out / "course.yaml"
    yaml.write_text(yaml.read_text(encoding="utf-8").replace("title: 水与温度", "title: 水、火与茶"), encoding="utf-8")
    again = draft(EXAMPLES / "gongfu-tea" / "notes", out)
    assert again.drafted == [first.drafted[2]] and first.drafted[1] in again.protected
    assert "水、火与茶" in yaml.read_text(encoding="utf-8")


def test_an_adapter_once_given_is_remembered_beside_the_authors_comments(tmp_path: Path) -> None:
    out, voice = tmp_path / "course", tmp_path / "voice"
    draft(EXAMPLES / "gongfu-tea" / "notes", out)
    voice.mkdir()
    (voice / "adapter_model.safetensors").write_bytes(b"weights")
    yaml = out / "course.yaml"
    yaml.write_text("# my course\n" + yaml.read_text(encoding="utf-8"), encoding="utf-8")
    redone = draft(out, adapter=voice)
    assert len(redone.drafted) == 6
    text = yaml.read_text(encoding="utf-8")
    assert "adapter: ../voice" in text and text.startswith("# my course")
    assert draft(out).drafted == []


def test_a_model_given_as_a_path_is_found_again_from_anywhere(
    tmp_path: Path, tiny_llama: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.md").write_text(
        "# Tea\n\nTea is a drink made of leaves. Water for it should boil.\n", encoding="utf-8"
    )
    draft_course(tmp_path / "a.md", tmp_path / "course", model=str(tiny_llama))
    monkeypatch.chdir("/")
    assert draft_course(tmp_path / "course", only="tea").drafted == ["tea"]


def test_a_note_that_became_unreadable_costs_no_lesson(tmp_path: Path) -> None:
    out = tmp_path / "course"
    draft(EXAMPLES / "gongfu-tea" / "notes", out)
    before = (out / "course.yaml").read_bytes()
    (out / "notes" / "03-water-and-heat.md").write_bytes(b"\x00\x01" * 100)
    with pytest.raises(InputError, match="03-water-and-heat"):
        draft(out)
    assert (out / "course.yaml").read_bytes() == before and len(list((out / "lessons").iterdir())) == 6


def test_a_model_that_is_not_to_be_had_never_gets_into_the_course(tmp_path: Path) -> None:
    out = tmp_path / "course"
    draft(EXAMPLES / "gongfu-tea" / "notes", out)
    with pytest.raises(ModelUnavailableError):
        draft_course(out, model="no-such-model")
    assert "no-such-model" not in (out / "course.yaml").read_text(encoding="utf-8")


def test_without_the_private_folder_nothing_is_lost_or_overwritten(tmp_path: Path) -> None:
    out = tmp_path / "course"
    first = draft(EXAMPLES / "gongfu-tea" / "notes", out)
    (out / ".kcreate" / "journal.jsonl").unlink()
    before = {path: path.read_bytes() for path in out.rglob("*.md")}
    again = draft(out)
    assert again.protected == first.drafted
    assert {path: path.read_bytes() for path in before} == before


def test_changed_notes_redo_the_lessons_that_stand_on_them(tmp_path: Path) -> None:
    notes, out = tmp_path / "notes", tmp_path / "course"
    notes.mkdir()
    for path in (EXAMPLES / "gongfu-tea" / "notes").iterdir():
        (notes / path.name).write_bytes(path.read_bytes())
    first = draft(notes, out)
    last = notes / "06-keeping-and-history.md"
    last.write_text(
        last.read_text(encoding="utf-8") + "\n**冷泡**是用冷水长时间浸泡茶叶的方法，一般要四到六个小时。\n",
        encoding="utf-8",
    )
    again = draft(notes, out)
    assert again.drafted == first.drafted[-1:] and again.kept == first.drafted[:-1]


def test_a_killed_run_goes_on_and_ends_as_an_uninterrupted_one(tmp_path: Path) -> None:
    """Killed inside the model call of the third lesson, as by a lost battery: no clean-up runs."""
    code = (
        "import os, sys, pathlib\n"
        f"sys.path.insert(0, {str(Path(__file__).parent)!r})\n"
        "import test_drafting as t\n"
        "from kcreate.core.progress import Event\n"
        "def show(event):\n"
        "    if event.message.startswith('Drafted 3'): os._exit(9)\n"
        "t.draft(sys.argv[1], sys.argv[2], progress=show)\n"
    )
    notes = str(EXAMPLES / "night-sky" / "notes")
    killed = subprocess.run([sys.executable, "-c", code, notes, str(tmp_path / "night-sky")])
    assert killed.returncode == 9
    again = draft(notes, tmp_path / "night-sky")
    assert len(again.kept) == 3 and len(again.drafted) == 5
    draft(notes, tmp_path / "whole")

    def files(folder: Path) -> dict[str, bytes]:
        return {
            str(path.relative_to(folder)): path.read_bytes()
            for path in folder.rglob("*")
            if path.is_file() and ".kcreate" not in path.parts
        }

    assert files(tmp_path / "night-sky") == files(tmp_path / "whole")


def test_somebody_elses_folder_is_refused_and_left_alone(tmp_path: Path) -> None:
    full = tmp_path / "photos"
    full.mkdir()
    (full / "holiday.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(UsageError, match="no course of kcreate"):
        draft(EXAMPLES / "gongfu-tea" / "notes", full)
    assert [path.name for path in full.iterdir()] == ["holiday.txt"]
    draft(EXAMPLES / "gongfu-tea" / "notes", tmp_path / "tea")
    with pytest.raises(UsageError, match="other notes"):
        draft(EXAMPLES / "night-sky" / "notes", tmp_path / "tea")
    with pytest.raises(UsageError, match="--out"):
        draft(EXAMPLES / "night-sky" / "notes")
    with pytest.raises(UsageError, match="there is no such lesson"):
        draft(tmp_path / "tea", only="nothing")


def test_two_drafts_on_one_folder_do_not_meet(tmp_path: Path) -> None:
    out = tmp_path / "course"
    other = {}

    def second(event: Any) -> None:
        if event.message.startswith("Drafted 1"):
            with pytest.raises(KcreateError, match="wait until it is done") as caught:
                draft(EXAMPLES / "gongfu-tea" / "notes", out)
            other["exit_code"] = caught.value.exit_code

    draft(EXAMPLES / "gongfu-tea" / "notes", out, progress=second)
    assert other == {"exit_code": 1}


def test_notes_with_nothing_to_teach_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("```\nx = 1\n```\n", encoding="utf-8")
    with pytest.raises(InputError, match="no paragraph to teach from"):
        draft(tmp_path / "a.md", tmp_path / "course")


def test_one_sentence_of_notes_makes_a_small_honest_course(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("The kettle boils water at 100 degrees.\n", encoding="utf-8")
    done = draft(tmp_path / "a.md", tmp_path / "course", title="Kettles")
    course = load_course(done.folder)
    assert course.about.title == "Kettles" and len(course.lessons) == 1
    assert "The kettle boils water at 100 degrees.[^1]" in course.lessons[0].body


def test_lists_alone_make_a_lesson_with_questions(tmp_path: Path) -> None:
    (tmp_path / "week1.md").write_text(
        "# Cells\n\n- **osmosis** is the diffusion of water across a membrane\n- **mitosis** is the division of a nucleus\n"
        "- **prokaryote**: a cell without a nucleus\n- **ATP** is the energy currency of the cell\n"
        "- **glycolysis** is the splitting of glucose into pyruvate\n",
        encoding="utf-8",
    )
    draft(tmp_path / "week1.md", tmp_path / "course")
    [lesson] = load_course(tmp_path / "course").lessons
    assert "What is osmosis?" in [item.stem for item in lesson.items]
    assert len(lesson.citations) == 5 and "osmosis" in load_course(tmp_path / "course").glossary


def test_a_paragraph_copied_into_a_second_file_is_taught_once(tmp_path: Path) -> None:
    notes = tmp_path / "notes"
    notes.mkdir()
    same = (
        "Bisque firing is the first firing, at about 1000 degrees, and it leaves the pot hard but porous for the glaze."
    )
    own = "The {} needs a slow start, since water that turns to steam inside the clay bursts the wall of the pot. " * 6
    for name in ("kiln", "glaze"):
        (notes / f"{name}.md").write_text(f"# On the {name}\n\n{own.replace('{}', name)}\n\n{same}\n", encoding="utf-8")
    draft(notes, tmp_path / "course")
    prose = [lesson.prose for lesson in load_course(tmp_path / "course").lessons]
    assert sum(same in text for text in prose) == 1


def test_files_that_say_nothing_by_name_are_titled_by_how_they_begin(tmp_path: Path) -> None:
    notes = tmp_path / "pots"
    notes.mkdir()
    more = "It has to be clean and dry before anything else is done to it, and it is held by the foot only. " * 6
    (notes / "a.md").write_text(f"Glaze is a thin layer of glass on the pot. {more}", encoding="utf-8")
    (notes / "2024-03-26.md").write_text(f"Throwing on the wheel: wedge the clay first. {more}", encoding="utf-8")
    draft(notes, tmp_path / "course")
    titles = [lesson.title for lesson in load_course(tmp_path / "course").lessons]
    assert sorted(titles) == ["Glaze", "Throwing on the wheel"]


def test_scripts_and_marks_in_notes_stay_text(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(
        "# A\n\n<script>alert(1)</script>\n\nTea <script>alert(2)</script> is a drink. 1986 was a year.\n",
        encoding="utf-8",
    )
    draft(tmp_path / "a.md", tmp_path / "course")
    from kcreate.core.markdown import parser

    html = parser().render(load_course(tmp_path / "course").lessons[0].body)
    assert "<script" not in html and "alert(1)" not in html


def test_the_command_line_reports_json_and_exit_codes(tmp_path: Path) -> None:
    def run(*arguments: str, stdin: str = "") -> Any:
        return subprocess.run(
            [sys.executable, "-m", "kcreate.cli", *arguments], input=stdin, capture_output=True, text=True, cwd=tmp_path
        )

    missing = run("draft", "nowhere", "--out", "course")
    assert (
        missing.returncode == 3
        and missing.stderr.startswith("error: nowhere does not exist")
        and "Traceback" not in missing.stderr
    )
    wrong = run("draft", "nowhere", "--colour")
    assert wrong.returncode == 2 and "--colour" in wrong.stderr
    no_model = run(
        "draft", "-", "--out", "course", "--model", "no-such-model", stdin="# Tea\n\nTea is a drink made of leaves.\n"
    )
    assert no_model.returncode == 4 and "no-such-model" in no_model.stderr
    assert not (tmp_path / "course").exists()


def test_the_main_job_on_the_embedded_model(tmp_path: Path, smollm2: Path) -> None:
    """The real thing, on one file: model fetched or found, lesson written, JSON on stdout and nothing else there."""
    notes = EXAMPLES / "night-sky" / "notes" / "03-the-moon.md"
    done = subprocess.run(
        [sys.executable, "-m", "kcreate.cli", "draft", str(notes), "--out", "moon", "--json"],
        capture_output=True,
        text=True,
        cwd=tmp_path,
    )
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert report["drafted"] and report["items"] >= 3
    course = load_course(tmp_path / "moon")
    assert course.about.title == "The Moon" and "terminator" in course.glossary
    assert sum(len(lesson.citations) for lesson in course.lessons) > 20
