"""The outline: what becomes a lesson, in which order, of what size, for what; and what an author changes stays."""

from pathlib import Path

import pytest

from kcreate.core.course.course import CourseFile, LessonEntry, Size
from kcreate.core.course.folder import read_course_file, write_course_file
from kcreate.core.drafting.aims import CourseMaterial, gather
from kcreate.core.drafting.brief import Brief
from kcreate.core.drafting.outline import outline
from kcreate.core.drafting.prerequisites import requirements, teaching_order
from kcreate.core.drafting.sizing import minutes_of
from kcreate.core.drafting.sources import passages_of
from kcreate.core.drafting.titles import joined
from kcreate.core.errors import InputError
from kcreate.core.notes.document import Document, Notes
from kcreate.core.notes.language import Language
from kcreate.core.notes.reading import read_notes
from kcreate.core.progress import Event

EXAMPLES = Path(__file__).parent.parent / "examples"

PLANTS = (
    "Photosynthesis is the process in which a plant makes sugar from light, water and carbon dioxide. "
    "The chloroplasts in the leaves hold the green chlorophyll that takes up the light. "
    "A plant in the dark makes no sugar and lives on what it stored. "
)
BREAD = (
    "A sourdough starter is a mix of flour and water in which wild yeast lives. "
    "The baker feeds the starter with fresh flour every day and keeps it warm in the kitchen. "
    "A strong starter doubles its volume in six hours after it was fed. "
)
COINS = (
    "A mint is a place where coins are struck from blanks of metal. "
    "The Roman mint at Lyon struck silver coins for the whole of Gaul during the first century. "
    "Every coin shows the head of the emperor on one side. "
)


def notes(source: str = "field-trips", **texts: str) -> Notes:
    """Notes of files, `__` in a name for a slash."""
    return Notes(tuple(Document(f"{name.replace('__', '/')}.md", text) for name, text in texts.items()), source)


def made(given: Notes, language: Language = "en", **options: object) -> tuple[CourseFile, list[str]]:
    """The outline and what was said while it was made."""
    said: list[Event] = []
    about = outline(given, language, progress=said.append, **options)  # type: ignore[arg-type]
    return about, [event.message for event in said]


def material(text: str, language: Language = "en", title: str = "A", **options: object) -> CourseMaterial:
    entry = LessonEntry(id="a", title=title, sources=["a.md"])
    parts = passages_of(entry, [Document("a.md", text)])
    return gather([("a", title, parts)], language, **options)  # type: ignore[arg-type]


def objectives(text: str, language: Language = "en", level: str = "") -> list[str]:
    return [one.text for one in material(text, language, brief=Brief(level=level)).lessons[0].objectives]


def titles(about: CourseFile) -> list[str]:
    return [entry.title for entry in about.entries()]


def test_numbered_files_keep_their_order_and_folders_become_modules() -> None:
    about, _ = made(
        notes(
            **{
                "01-plants__02-bread": BREAD * 3,
                "01-plants__03-coins": COINS * 3,
                "02-more__01-plants": PLANTS * 3,
                "02-more__02-bread": BREAD * 4,
            }
        )
    )
    assert titles(about) == ["Bread", "Coins", "Plants", "Bread"]
    assert about.modules[0].title == "Plants" and all(module.title for module in about.modules)


def test_a_heap_is_brought_together_by_what_it_means() -> None:
    scraps = {
        "stuff__zz": f"# Leaves\n\n{PLANTS}",
        "old__b": f"# Feeding a starter\n\n{BREAD}",
        "misc__k": f"# Light\n\n{PLANTS.replace('Photosynthesis', 'The light reaction of photosynthesis')}",
        "old__a": f"# Roman coins\n\n{COINS}",
        "misc__c": f"# Yeast\n\n{BREAD.replace('A sourdough starter', 'A young sourdough starter')}",
        "stuff__y": f"# The mint at Lyon\n\n{COINS.replace('A mint', 'A Roman mint')}",
    }
    about, _ = made(notes(source="notes2", **scraps))
    together = [frozenset(source.partition("#")[0] for source in entry.sources) for entry in about.entries()]
    assert sorted(map(sorted, together)) == [
        ["misc/c.md", "old/b.md"],
        ["misc/k.md", "stuff/zz.md"],
        ["old/a.md", "stuff/y.md"],
    ]
    assert "notes2" not in about.title.lower() and len(about.title) > 3
    assert all(entry.objectives for entry in about.entries())


def test_a_lesson_of_several_small_files_is_not_named_after_the_first() -> None:
    about, _ = made(
        notes(
            **{
                "01-flame": "# Flame tests\n\nSodium burns yellow in the flame.",
                "02-plants": f"# Plants\n\n{PLANTS * 3}",
            }
        )
    )
    assert titles(about) == ["Plants"]


@pytest.mark.parametrize("wanted", [1, 2, 3, 5, 8])
def test_as_many_lessons_as_asked_for(wanted: int) -> None:
    texts = {
        f"{place:02d}-{name}": "".join(f"## {name} {part}\n\n{text * 3}\n\n" for part in "abc")
        for place, (name, text) in enumerate([("plants", PLANTS), ("bread", BREAD), ("coins", COINS)])
    }
    about, said = made(notes(**texts), size=Size(lessons=wanted))
    assert len(about.entries()) == wanted and not said
    files = {source.partition("#")[0] for entry in about.entries() for source in entry.sources}
    assert files == {f"{name}.md" for name in texts}
    assert about.size == Size(lessons=wanted)


def test_more_lessons_than_the_notes_carry_are_told_of() -> None:
    about, said = made(notes(a=PLANTS * 2), size=Size(lessons=40))
    assert 1 <= len(about.entries()) < 40
    assert any("40" in message and str(len(about.entries())) in message for message in said)


def test_titles_that_say_nothing_make_none() -> None:
    assert joined(["", ""], "en") == "" == joined([], "zh")
    assert joined(["Tea", "Pots"], "en") == "Tea and Pots"


def test_hours_ask_for_fewer_lessons() -> None:
    given = read_notes(EXAMPLES / "night-sky" / "notes")
    every, _ = made(given)
    short, said = made(given, size=Size(hours=0.5))
    long, warned = made(given, size=Size(hours=50))
    assert len(short.entries()) < len(every.entries()) <= len(long.entries())
    assert not said and any("50" in message for message in warned)
    assert minutes_of(1200) == pytest.approx(1200 * 0.7 / 120 * 1.5)


def test_a_course_speaks_one_language_and_names_what_is_in_another() -> None:
    chinese = "# 光合作用\n\n光合作用是绿色植物利用光能把二氧化碳和水变成有机物的过程。叶绿体里的叶绿素吸收光能。" * 2
    japanese = "# 中和\n\n酸とアルカリが反応して塩と水ができる反応を中和という。塩酸と水酸化ナトリウムからできる。"
    mixed = notes(a=f"# Plants\n\n{PLANTS * 3}", b=chinese, c=japanese)
    english, said = made(mixed)
    assert {source.partition("#")[0] for entry in english.entries() for source in entry.sources} == {"a.md"}
    assert any("b.md" in message and "--language zh" in message for message in said)
    assert any("c.md" in message for message in said)
    other, _ = made(mixed, "zh")
    assert {source.partition("#")[0] for entry in other.entries() for source in entry.sources} == {"b.md"}


def test_what_does_not_teach_is_in_no_lesson() -> None:
    text = f"# Plants\n\nBy Ann Lee, 3 May 2021\n\n{PLANTS * 2}\n\n## Contact\n\nAnn Lee, ann@example.org\n\n## To do\n\n- [ ] order lamps"
    about, _ = made(notes(a=text))
    [parts] = [passages_of(entry, notes(a=text).documents) for entry in about.entries()]
    assert not any("lamps" in one.text or "@" in one.text for one in parts)
    lesson = material(text).lessons[0]
    assert not any("Ann Lee" in one.plain for one in lesson.statements)


def test_chats_lend_no_names_to_lessons_or_terms() -> None:
    chat = "\n\n".join(
        f"**{name}:** {said}"
        for name, said in [
            ("Dev Patel", "Morning!"),
            ("Maya Iyer", PLANTS.split(". ")[0] + "."),
            ("Dev Patel", "Chlorophyll is the green dye that takes up light in a leaf."),
            ("Maya Iyer", "The leaf is green because chlorophyll takes up red and blue light."),
        ]
    )
    lesson = material(chat).lessons[0]
    assert not any("Patel" in fact.term or "Iyer" in fact.term for fact in lesson.facts)
    assert not any("Patel" in one.text for one in lesson.statements)
    about, _ = made(notes(source="chat", **{"chat-export": chat}))
    assert "Patel" not in " ".join(titles(about)) and "chat" not in titles(about)[0].lower()


def test_terms_come_before_they_are_used_where_the_notes_have_no_order() -> None:
    uses = (
        "# Using chlorophyll\n\n"
        + "The dye chlorophyll fades in the sun, and old chlorophyll smells. Good chlorophyll is green. " * 4
    )
    defines = (
        "# Dyes\n\nChlorophyll is the dye that takes up light in leaves. "
        + "Leaves turn brown in autumn when cold nights come. " * 6
    )
    lessons = gather(
        [("uses", "Uses", passages_of(LessonEntry(id="u", sources=["u.md"]), [Document("u.md", uses)])),
         ("defines", "Dyes", passages_of(LessonEntry(id="d", sources=["d.md"]), [Document("d.md", defines)]))],
        "en",
    ).lessons  # fmt: skip
    assert teaching_order(lessons) == [1, 0]
    assert requirements([lessons[1], lessons[0]]) == {"defines": [], "uses": ["defines"]}
    assert requirements(lessons)["uses"] == []


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("We use `git init` to create a repository. Everything is stored there. It has a hidden folder.", "Use `git init` to create a repository"),
        ("Lakes in granite regions lose their fish, because no rock there neutralises the acid.", "Explain why lakes in granite regions lose their fish"),
        ("# Method\n\n1. Mix the flour with the water.\n2. Knead the dough for ten minutes.\n3. Bake the loaf in a hot oven.", "Carry out the steps of “Method” in order"),
        ("The Bradford Factor is a score calculated as S × S × D for every employee.", "Calculate the Bradford Factor"),
        ("An open cluster is a loose group of young stars. A globular cluster is a dense ball of old stars.", "Distinguish an open cluster from a globular cluster"),
        ("# Keeping records\n\nWrite the date on every page of the book. Number the pages before you begin.", "Explain how to keep records"),
    ],
)  # fmt: skip
def test_objectives_name_what_the_notes_teach(text: str, wanted: str) -> None:
    assert wanted in objectives(text)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("升高温度促进水解，因为水解是吸热反应。稀释溶液也能够促进水解的进行。", "解释为什么升高温度促进水解"),
        ("# 冲泡绿茶\n\n1. 用热水烫一遍玻璃杯。\n2. 放入三克绿茶的干茶叶。\n3. 倒入八十度的热水到七分满。", "按步骤完成“冲泡绿茶”"),
        ("训练误差是指模型在训练数据上的误差大小。泛化误差是指模型在新的数据上的误差大小。", "区分训练误差与泛化误差"),
        ("# 如何选择茶具\n\n紫砂壶适合冲泡乌龙茶和普洱茶。玻璃杯适合观赏绿茶的形态。", "说明如何选择茶具"),
        ("pH小于5.6的降水称为酸雨。酸雨会使湖泊和土壤变酸。", "解释什么是酸雨"),
    ],
)  # fmt: skip
def test_objectives_in_chinese(text: str, wanted: str) -> None:
    assert wanted in objectives(text, "zh")


def test_every_aim_has_a_fact_that_a_question_can_stand_on() -> None:
    for folder, language in (("night-sky", "en"), ("gongfu-tea", "zh")):
        given = read_notes(EXAMPLES / folder / "notes")
        about, _ = made(given, language)
        lessons = [(one.id, one.title, passages_of(one, given.documents)) for one in about.entries()]
        kinds = {"definition", "term", "code", "number", "name", "section"}
        for lesson in gather(lessons, language).lessons:
            assert 2 <= len(lesson.aims) <= 5 and not lesson.unanswered
            assert all(
                aim.facts[0].kind in kinds and aim.facts[0].statement in lesson.statements for aim in lesson.aims
            )
            assert len({aim.objective.text for aim in lesson.aims}) == len(lesson.aims)
            assert all(aim.objective.text.lower().find(aim.objective.verb) in {0, 3} for aim in lesson.aims)


def test_the_level_changes_the_objectives() -> None:
    given = read_notes(EXAMPLES / "night-sky" / "notes")
    beginner, _ = made(given, brief=Brief(level="complete beginners"))
    advanced, _ = made(given, brief=Brief(level="advanced"))
    low = [text.split()[0] for entry in beginner.entries() for text in entry.objectives]
    high = [text.split()[0] for entry in advanced.entries() for text in entry.objectives]
    higher = {"Distinguish", "Carry", "Use", "Calculate", "Decide"}
    assert sum(verb in higher for verb in low) < sum(verb in higher for verb in high)


def test_an_authors_objectives_are_kept_word_for_word() -> None:
    given = ["Draw a leaf and name its parts", "Say where chlorophyll sits", "Repair a bicycle chain"]
    lesson = material(PLANTS, objectives={"a": given}).lessons[0]
    assert [one.text for one in lesson.objectives] == given
    assert "Repair a bicycle chain" in [one.text for one in lesson.unanswered]
    answered = {aim.objective.text: aim for aim in lesson.aims}
    assert "chlorophyll" in answered["Say where chlorophyll sits"].facts[0].statement.plain
    proposed = [one.text for one in material(PLANTS).lessons[0].objectives]
    again = material(PLANTS, objectives={"a": proposed}).lessons[0]
    assert again.aims == material(PLANTS).lessons[0].aims


def test_a_lesson_with_a_title_and_no_sources_finds_its_passages() -> None:
    documents = notes(a=f"# Plants\n\n{PLANTS}", b=f"# Bread\n\n{BREAD}", c=f"# Coins\n\n{COINS}").documents
    found = passages_of(LessonEntry(id="x", title="Feeding a sourdough starter"), documents)
    assert found and {one.file for one in found} == {"b.md"}
    assert [one.kind for one in found] == ["heading", "paragraph"]
    chinese = notes(a="# 光合作用\n\n光合作用把光能变成化学能。", b="# 货币\n\n唐代的铜钱叫做开元通宝。").documents
    assert {one.file for one in passages_of(LessonEntry(id="x", title="古代的钱"), chinese)} == {"b.md"}


def test_course_yaml_takes_a_lesson_by_its_title_alone_and_keeps_what_is_written(tmp_path: Path) -> None:
    text = (
        "title: T  # mine\nsize: {lessons: 3}\nmodules:\n- title: M\n  lessons:\n  - title: Branching out\n"
        "  - id: b\n    objectives: Name a branch\n    requires: branching-out\n    colour: red\n"
    )
    (tmp_path / "course.yaml").write_text(text, encoding="utf-8")
    about = read_course_file(tmp_path / "course.yaml")
    assert [(one.id, one.objectives, one.requires) for one in about.entries()] == [
        ("branching-out", [], []),
        ("b", ["Name a branch"], ["branching-out"]),
    ]
    assert about.size == Size(lessons=3)
    about.author = "Ann"
    write_course_file(tmp_path, about)
    again = (tmp_path / "course.yaml").read_text(encoding="utf-8")
    assert "# mine" in again and "colour: red" in again and "author: Ann" in again
    inside = "title: T\nmodules:\n- title: A\n  lessons:\n  - title: B\n    lessons: []\n"
    (tmp_path / "course.yaml").write_text(inside, encoding="utf-8")
    with pytest.raises(InputError, match="indent"):
        read_course_file(tmp_path / "course.yaml")
    (tmp_path / "course.yaml").write_text("title: T\nsize: {lessons: none}\n", encoding="utf-8")
    with pytest.raises(InputError, match="size"):
        read_course_file(tmp_path / "course.yaml")


def test_reasons_and_titles_are_of_the_subject() -> None:
    assert not any("output" in one for one in objectives("The output is cryptic because it is a series of commands."))
    assert not any(
        "wide" in one for one in objectives("The Moon is wide, which surprises us all, because it feels much bigger.")
    )
    title = "# Silk roads - lecture notes, spring term\n\nMerchants carried silk in short stages from town to town."
    assert "Describe the main points of “Silk roads”" in objectives(title)
    assert "概括“唐朝史”的要点" in objectives("# 唐朝史讲义\n\n李渊趁天下大乱起兵，攻入长安，建立唐朝。", "zh")
