"""Planning a lesson: what is kept together, what is left out, what is carried over as it is."""

import re
from pathlib import Path

import pytest

from kcreate.core.drafting.aims import LessonMaterial, gather
from kcreate.core.drafting.blocks import listing
from kcreate.core.drafting.brief import Brief
from kcreate.core.drafting.chains import segments
from kcreate.core.drafting.condensing import condensed
from kcreate.core.drafting.contradictions import contradictions
from kcreate.core.drafting.fragments import spoken
from kcreate.core.drafting.plan import Block, Heading, Plan
from kcreate.core.drafting.planning import plan_lesson
from kcreate.core.drafting.statements import statements
from kcreate.core.notes.document import Document
from kcreate.core.notes.language import Language, size
from kcreate.core.notes.passages import passages

NOTES = Path(__file__).parent.parent / "examples" / "night-sky" / "notes"


def material(text: str, language: Language = "en") -> LessonMaterial:
    [one] = gather([("one", "Lesson", passages(Document("n.md", text)))], language).lessons
    return one


def planned(text: str, language: Language = "en", brief: Brief | None = None) -> Plan:
    return plan_lesson(material(text, language), {}, brief or Brief())


def said(plan: Plan) -> str:
    return "\n".join(one.plain for part in plan.paragraphs for one in part.statements)


def pieces(text: str, language: Language = "en") -> list[list[str]]:
    found = statements(passages(Document("n.md", text)), language)
    return [[one.plain for one in each.statements] for each in segments([found], [False])]


def test_a_belief_is_not_told_without_what_the_author_says_to_it() -> None:
    text = (
        "Telescopes gather light with a lens or with a mirror of some size. Beginners are told that the Moon spoils the whole night for them. "
        "It only drowns the faint nebulae. Craters look best at half Moon, when shadows along the line of sunrise are long. "
    )
    found = pieces(text)
    assert [
        "Beginners are told that the Moon spoils the whole night for them.",
        "It only drowns the faint nebulae.",
    ] in found
    assert len(found) == 3


@pytest.mark.parametrize(
    ("language", "text", "together"),
    [
        ("en", "Filler words stand here to make the paragraph long enough to be cut in two somewhere, which takes more than thirty of them altogether. Why does bread rise? Yeast makes gas from sugar and the gluten in the dough holds it.", 2),
        ("en", "Filler words stand here to make the paragraph long enough to be cut in two somewhere, which takes more than thirty of them altogether. Suppose the rate is 5 %. A loan of 200 costs 10 a year. After two years it has cost 20.", 3),
        ("zh", "这里先写一些别的话，让这一段足够长，可以在某处断开，不会整段保留。为什么面包会发起来？酵母把糖变成气体，面筋把气体留在面团里，所以面团会变大。", 2),
        ("zh", "这里先写一些别的话，让这一段足够长，可以在某处断开，不会整段保留，也不会整段去掉。假设年利率是百分之五。借两百元，一年的利息就是十元。两年就是二十元。", 3),
    ],
)  # fmt: skip
def test_questions_keep_their_answers_and_examples_their_results(language: Language, text: str, together: int) -> None:
    assert [len(piece) for piece in pieces(text, language)] == [1, together]


def test_what_leans_on_an_aside_goes_with_it() -> None:
    text = "Lenses bend light towards the axis of the tube by refraction. We will see in the next section how mirrors work. They fold the path of the light and keep the tube of the telescope short for that reason."
    assert pieces(text) == [["Lenses bend light towards the axis of the tube by refraction."]]


@pytest.mark.parametrize("folder", ["night-sky", "gongfu-tea"])
def test_a_lesson_is_shorter_than_its_notes_and_keeps_what_the_aims_stand_on(folder: str) -> None:
    notes = NOTES.parent.parent / folder / "notes"
    language: Language = "zh" if folder == "gongfu-tea" else "en"
    lessons = [
        (path.stem, path.stem, passages(Document(path.name, path.read_text(encoding="utf-8"))))
        for path in sorted(notes.glob("*.md"))
    ]
    for one in gather(lessons, language).lessons:
        plan = plan_lesson(one, {}, Brief())
        kept = [each for part in plan.paragraphs for each in part.statements]
        able = [each for each in one.statements if not each.item]
        assert sum(size(each.text) for each in kept) <= 0.75 * sum(size(each.text) for each in able)
        assert all(aim.facts[0].statement in kept for aim in one.aims if not aim.facts[0].statement.item)
        assert kept == sorted(kept, key=one.statements.index) or kept[1:] == sorted(kept[1:], key=one.statements.index)


def test_a_redo_comes_out_otherwise_and_twice_the_same() -> None:
    text = (NOTES / sorted(path.name for path in NOTES.glob("*.md"))[1]).read_text(encoding="utf-8")
    first, again = planned(text, brief=Brief(version=1)), planned(text, brief=Brief(version=1))
    assert said(first) == said(again) != said(planned(text))


def test_level_and_instruction_change_what_is_chosen() -> None:
    text = (NOTES / sorted(path.name for path in NOTES.glob("*.md"))[1]).read_text(encoding="utf-8")
    plain, short = planned(text), planned(text, brief=Brief(instruction="Make it shorter."))
    assert size(said(short)) < size(said(plain))
    beginners, experts = planned(text, brief=Brief(level="beginners")), planned(text, brief=Brief(level="advanced"))
    assert said(beginners) != said(experts)
    longer = planned(text, brief=Brief(instruction="写得更详细一些"))
    assert size(said(longer)) > size(said(plain))


def test_a_sentence_that_leads_to_nothing_is_left_out() -> None:
    text = "# T\n\nThe kiln heats the clay until it is hard for ever. The curve looks like this:\n\n## Next\n\nGlaze melts above one thousand degrees and covers the pot with glass."
    assert "looks like this" not in said(planned(text))


def test_what_leads_into_a_block_stays_last_and_the_block_is_led() -> None:
    text = "# T\n\nA kiln is an oven that fires clay at more than a thousand degrees. Type the command:\n\n```sh\nfire --cone 6\n```\n\n```output\nready\n```\n"
    plan = planned(text)
    [block] = [part for part in plan.parts if isinstance(part, Block)]
    assert plan.paragraphs[-1].leads and plan.paragraphs[-1].statements[-1].text == "Type the command:"
    assert block.led and [one.kind for one in block.passages] == ["code", "code"]


def test_pictures_of_the_notes_come_along_and_pictures_on_the_web_do_not() -> None:
    text = "# T\n\nThe kiln has a door, a damper and a small spy hole for the cones inside.\n\n![A kiln](../assets/n/kiln%201.png)\n\n![Tracker](https://example.com/p.png)\n"
    shown = [one.text for part in planned(text).parts if isinstance(part, Block) for one in part.passages]
    assert shown == ["![A kiln](../assets/n/kiln%201.png)"]


def test_jottings_are_chosen_from_and_enumerations_are_not() -> None:
    items = (
        "".join(f"- cell part number {name} does its own small job\n" for name in "abcdefgh")
        + "- ribosome no organelle??\n"
    )
    jotted = next(part for part in planned(f"# T\n\n## Parts\n\n{items}").parts if isinstance(part, Block))
    led = next(
        part
        for part in planned(f"# T\n\nThere are nine of them in every cell:\n\n{items}").parts
        if isinstance(part, Block)
    )
    assert 1 <= len(jotted.left_out) <= 4 and max(jotted.left_out) == 13 and not led.left_out
    shown = listing(jotted, lambda citation: f"[{citation.first}]", "en")
    assert "??" not in shown and shown.count("\n") == 8 - len(jotted.left_out)


def test_headings_stand_only_above_what_is_left() -> None:
    plan = planned(
        "# T\n\n## Empty\n\n## Full\n\nGlaze melts above one thousand degrees and covers the pot with glass.\n"
    )
    assert [part.title for part in plan.parts if isinstance(part, Heading)] == ["T", "Full"] or [
        part.title for part in plan.parts if isinstance(part, Heading)
    ] == ["Full"]


@pytest.mark.parametrize(
    ("language", "text", "short"),
    [
        ("en", "Note that the kiln has to cool before it is opened.", "The kiln has to cool before it is opened."),
        ("en", "It is important to note that `a (b c d e)` stays whole in order to run.", "`a (b c d e)` stays whole to run."),
        ("en", "Visitors (if they are under sixteen years old) pay half.", "Visitors (if they are under sixteen years old) pay half."),
        ("en", "The glaze (a thin coat of glass) seals the pot.", "The glaze seals the pot."),
        ("zh", "需要注意的是，窑要冷却以后才能打开。", "窑要冷却以后才能打开。"),
        ("zh", "釉（其实就是一层薄薄的玻璃）把陶器封住。", "釉（其实就是一层薄薄的玻璃）把陶器封住。"),
    ],
)  # fmt: skip
def test_condensing_drops_what_says_nothing(language: Language, text: str, short: str) -> None:
    assert condensed(text, language) == short


@pytest.mark.parametrize(
    ("language", "text", "sentence"),
    [
        ("en", "**Pod** – a group of containers", "A **pod** is a group of containers."),
        ("en", "**Scheduler**: assigns the pods to nodes", "The **scheduler** assigns the pods to nodes."),
        ("en", "**Nucleus** - stores the DNA of the cell", "The **nucleus** stores the DNA of the cell."),
        ("en", "**Prices**: 3 to 5 euros", "**Prices**: 3 to 5 euros"),
        ("en", "`git add` – see below", "`git add` – see below"),
        ("en", "`git add` – stages the change", "`git add` stages the change."),
        ("zh", "**容器组**：一组共享网络的容器", "**容器组**是一组共享网络的容器。"),
        ("zh", "**价格**：三到五元", "**价格**：三到五元"),
    ],
)  # fmt: skip
def test_fragments_are_spoken_where_grammar_allows(language: Language, text: str, sentence: str) -> None:
    assert spoken(text, language) == sentence


def test_every_block_of_the_example_stands_in_its_plan() -> None:
    for path in NOTES.glob("*.md"):
        text = path.read_text(encoding="utf-8")
        shown = {one.text for part in planned(text).parts if isinstance(part, Block) for one in part.passages}
        blocks = re.findall(r"^```.*?^```$|^\$\$.*?\$\$$", text, re.M | re.S)
        assert all(block in shown for block in blocks)


@pytest.mark.parametrize(
    ("language", "one", "other", "disagree"),
    [
        ("en", "The bisque kiln fires at about 1000 degrees.", "The bisque kiln fires at about 1200 degrees.", True),
        ("en", "Glaze is never put on wet clay by a potter.", "Glaze is put on wet clay by a potter.", True),
        ("en", "A lid on the pot makes the water boil.", "A lid on the pot does not make the water boil.", True),
        ("en", "In 1950 the town had 3000 people.", "In 2020 the town had 9000 people.", False),
        ("en", "The bisque kiln fires at about 1000 degrees.", "The glaze kiln melts ash at about 1200 degrees.", False),
        ("zh", "素烧的窑温大约是1000度，要烧八个小时。", "素烧的窑温大约是1200度，要烧八个小时。", True),
        ("zh", "湿的泥坯可以上釉再进窑烧制。", "湿的泥坯不可以上釉再进窑烧制。", True),
    ],
)  # fmt: skip
def test_notes_that_contradict_each_other_are_found(language: Language, one: str, other: str, disagree: bool) -> None:
    said = statements(passages(Document("a.md", f"{one}\n\n## Other\n\n{other}\n")), language)
    assert set(contradictions(said)) == (set(said) if disagree else set())


def test_every_paragraph_of_a_list_item_is_cited_and_its_code_is_not_touched() -> None:
    text = "# T\n\nDo this now and in this order:\n\n1. Mix the flour with water.\n\n   ```sh\n   mix\n\n   stir\n   ```\n\n   It is ready when it bubbles.\n2. Bake.\n"
    block = next(part for part in planned(text).parts if isinstance(part, Block))
    shown = listing(block, lambda citation: f"[^{citation.first}]", "en")
    assert shown == (
        "1. Mix the flour with water.[^5]\n\n   ```sh\n   mix\n\n   stir\n   ```\n\n   It is ready when it bubbles.[^5]\n2. Bake.[^14]"
    )
