"""The Markdown bundle: a course folder without what is private, whose links work."""

import re
from pathlib import Path
from urllib.parse import unquote

import pytest
from sample_course import ENGLISH, chinese_course, english_course

from kcreate.core.course.folder import load_course
from kcreate.core.export.export import export_course
from kcreate.core.export.material import address, links_in
from kcreate.core.markdown import parser


@pytest.mark.parametrize("build", [english_course, chinese_course])
def test_every_relative_link_of_the_bundle_resolves(build, tmp_path: Path) -> None:
    bundle = export_course(build(tmp_path / "course"), ["markdown"], tmp_path / "dist")["markdown"]
    followed = 0
    for page in bundle.rglob("*.md"):
        for token in links_in(parser().parse(page.read_text(encoding="utf-8"), {})):
            target = unquote(address(token).partition("#")[0])
            if target and not re.match(r"[a-z]+:", target) and "lost.pdf" not in target and "99-diary" not in target:
                assert (page.parent / target).is_file(), f"{page.name}: {target}"
                followed += 1
    assert followed > 8


def test_the_readme_lists_modules_lessons_and_objectives_in_order(tmp_path: Path) -> None:
    bundle = export_course(english_course(tmp_path / "course"), ["markdown"], tmp_path / "dist")["markdown"]
    readme = (bundle / "README.md").read_text(encoding="utf-8")
    wanted = [
        "# Reading the Weather",
        "- Author: Ida Holm",
        "### What air does",
        "- [Pressure and wind](lessons/01-pressure.md)",
        "  - Explain why air moves",
        "- [Moving air & `fronts`](lessons/02-moving-air.md)",
        "### From numbers to a forecast",
        "[Glossary](glossary.md)",
    ]
    places = [readme.index(text) for text in wanted]
    assert places == sorted(places)


def test_lessons_are_what_the_author_wrote_and_private_files_stay_home(tmp_path: Path) -> None:
    bundle = export_course(english_course(tmp_path / "course"), ["markdown"], tmp_path / "dist")["markdown"]
    lesson = (bundle / "lessons/01-pressure.md").read_text(encoding="utf-8")
    assert lesson == ENGLISH["lessons/01-pressure.md"] and "reviewed-by: Per" in lesson
    names = {path.relative_to(bundle).as_posix() for path in bundle.rglob("*") if path.is_file()}
    assert "notes/01-air.md" in names and "assets/fronts map.png" in names and "notes/img/breeze.png" in names
    assert not any("diary" in name or name.startswith(".kcreate/") or name == "course.yaml" for name in names)


def test_a_lesson_changed_in_memory_is_exported_as_changed(tmp_path: Path) -> None:
    course = load_course(english_course(tmp_path / "course"))
    course.lessons[3].body = "New words.\n"
    bundle = export_course(course, ["markdown"], tmp_path / "dist")["markdown"]
    text = (bundle / "lessons/04-verifying.md").read_text(encoding="utf-8")
    assert "New words." in text and "afterwards" not in text
