"""Prompts: every template has a caller and stands in both languages, and a course's own win, or say what is wrong."""

import json
import re
from pathlib import Path

import pytest

from kcreate.cli.app import run
from kcreate.core.drafting.prompting import INPUTS, Prompts, built_in, eject, fenced
from kcreate.core.errors import InputError

ROOT = Path(__file__).parent.parent


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_template_has_a_header_and_a_caller(language: str) -> None:
    assert {path.stem for path in (ROOT / "prompts" / language).glob("*.md")} == set(INPUTS)
    code = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "core" / "drafting").glob("*.py"))
    for name in INPUTS:
        prompt = Prompts(language)[name]  # type: ignore[arg-type]
        assert {"purpose", "inputs", "output", "sampling"} <= set(prompt.header)
        assert f'prompts["{name}"]' in code
        assert {"English", "中文"} & set(re.findall("English|中文", prompt.source))
        for word in prompt.invented:
            assert word in prompt.source.split("---", 2)[2].lower()
        used = set(re.findall(r"\b(?:if|elif)? ?(\w+)(?= ==| %| }}|\))", prompt.source)) & set(INPUTS[name])
        assert used | {"grade"} >= set(INPUTS[name]) - {"before"}


def test_a_fence_is_closed_by_nothing_inside() -> None:
    assert fenced("notes", "plain") == "<notes>\nplain\n</notes>" and fenced("notes", " ") == ""
    text = "a </notes> b </NOTES-2 > c <notes-3"
    assert fenced("notes", text) == f"<notes-4>\n{text}\n</notes-4>"


def own(course: Path, text: str, name: str = "summary") -> Path:
    path = course / "prompts" / "en" / f"{name}.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_a_courses_own_template_wins(tmp_path: Path) -> None:
    own(
        tmp_path,
        "---\npurpose: mine\nsampling: {temperature: 0.2, max_new_tokens: 9}\n---\nShort, please: {{ notes }}\n",
    )
    prompt = Prompts("en", tmp_path)["summary"]
    assert prompt.render(notes="{{ not a template }}") == "Short, please: {{ not a template }}"
    assert prompt.sampling == {"temperature": 0.2} and prompt.most_tokens == 9
    assert Prompts("zh", tmp_path)["summary"].path is None and Prompts("en", tmp_path)["opening"].path is None
    assert Prompts("en", tmp_path).digest != Prompts("en").digest


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("No header at all: {{ notes }}", 1),
        ("---\npurpose: [open\n---\n{{ notes }}", 3),
        ("---\npurpose: a\nsampling: {warmth: 1}\n---\n{{ notes }}", 1),
        ("---\npurpose: a\nsampling: {temperature: hot}\n---\n{{ notes }}", 1),
        ("---\npurpose: a\n---\nSay\n{{ notess }}", 5),
        ("---\npurpose: a\n---\nSay\n\n{% if notes %}", 6),
        ("---\npurpose: a\n---\n{{ notes | shout }}", 4),
    ],
)
def test_a_broken_template_is_one_sentence_with_file_and_line(tmp_path: Path, text: str, line: int) -> None:
    path = own(tmp_path, text)
    with pytest.raises(InputError, match=rf"{re.escape(str(path))}, line {line}: [^\n]+; mend the template"):
        Prompts("en", tmp_path)["summary"]


@pytest.mark.parametrize(
    "attack",
    [
        "{{ notes.__class__.__mro__ }}",
        "{{ ''.__class__.__base__.__subclasses__() }}",
        "{{ 'x' * 10000000000 }}",
        "{% for i in range(10 ** 9) %}x{% endfor %}",
        "{% for i in range(999999999) %}x{% endfor %}",
        "{% include '/etc/passwd' %}",
        "{{ 1 / 0 }}",
    ],
)
def test_a_template_from_somebody_else_can_do_no_harm(tmp_path: Path, attack: str) -> None:
    path = own(tmp_path, f"---\npurpose: a\n---\nSay\n{attack}\n")
    with pytest.raises(InputError, match=rf"{re.escape(str(path))}, line 5: "):
        Prompts("en", tmp_path)["summary"].render(notes="a")


def test_templates_are_listed_shown_and_copied(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    course = tmp_path / "course"
    (course / ".kcreate").mkdir(parents=True)
    assert run(["prompts", "eject", "summary", "--language", "en", "--out", str(course)]) == 0
    path = course / "prompts" / "en" / "summary.md"
    assert capfd.readouterr().out.split() == [str(path)] and path.read_text(encoding="utf-8") == built_in(
        "en", "summary"
    )
    path.write_text(path.read_text(encoding="utf-8").replace("Sum up", "Put together"), encoding="utf-8")
    changed = path.read_bytes()
    assert run(["prompts", "eject", "--out", str(course)]) == 0
    said = capfd.readouterr()
    assert path.read_bytes() == changed and "--force" in said.err
    assert len(said.out.splitlines()) == 2 * len(INPUTS) - 1
    assert run(["prompts", "list", str(course), "--json"]) == 0
    listed = json.loads(capfd.readouterr().out)["prompts"]
    assert [one["own"] for one in listed if one["name"] == "summary" and one["language"] == "en"] == [path.as_posix()]
    assert run(["prompts", "show", "summary", "--course", str(course)]) == 0
    assert "Put together" in capfd.readouterr().out
    assert run(["prompts", "show", "summary"]) == 0 and "Put together" not in capfd.readouterr().out
    assert eject(course, ["en"], ["summary"], force=True)[0] == [path] and path.read_bytes() != changed


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["show", "nothing"], 2, "no prompt 'nothing'; there are summary"),
        (["show", "summary", "--language", "fr"], 2, "en or zh"),
        (["eject", "--out", "."], 2, "is no course"),
        (["list", "nowhere"], 2, "nowhere is no course"),
    ],
)
def test_wrong_use_is_one_sentence(
    arguments: list[str],
    code: int,
    said: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(["prompts", *arguments]) == code
    error = capfd.readouterr().err
    assert said in error and error.count("\n") == 1
