"""Plain text becomes Markdown: paragraphs, titles and lists as the author meant them, the words unchanged."""

from pathlib import Path

from kcreate.core.notes.plain_text import markdown_of_plain_text as markdown
from kcreate.core.notes.reading import read_notes


def test_hard_wrapped_lines_stay_one_paragraph() -> None:
    text = (
        "Goods moved in short stages: a merchant sold\nat Dunhuang, a Sogdian carried on and took\nthe rest to Merv.\n"
    )
    assert markdown(text) == text


def test_one_paragraph_a_line_is_told_from_wrapping() -> None:
    text = "第一节 酶\n酶是活细胞产生的有机物，绝大多数是蛋白质。\n酶的特性：\n1、高效性。比无机催化剂快得多。\n2、专一性。只催化一类反应。\n"
    assert markdown(text).split("\n\n") == [
        "# 第一节 酶",
        "酶是活细胞产生的有机物，绝大多数是蛋白质。",
        "酶的特性：",
        "1. 高效性。比无机催化剂快得多。\n2. 专一性。只催化一类反应。\n",
    ]


def test_indented_first_lines_begin_paragraphs() -> None:
    text = "　　唐朝从公元618年建立，\n到907年灭亡。\n　　玄武门之变发生在626年。\n"
    assert markdown(text) == "唐朝从公元618年建立，\n到907年灭亡。\n\n玄武门之变发生在626年。\n"


def test_fragments_below_each_other_are_a_list_and_reminders_no_titles() -> None:
    assert (
        markdown("parcel sizes\nsingle 10 kg\ncouple 15 kg\n") == "## parcel sizes\n\n- single 10 kg\n- couple 15 kg\n"
    )
    assert markdown("TODO find the map\n\nWhy did it start?\n\nIt began.\n").split("\n\n") == [
        "TODO find the map",
        "## Why did it start?",
        "It began.\n",
    ]


def test_a_transcript_on_one_line_is_broken_after_sentences() -> None:
    sentence = "The kettle boils the water until it sings and then it is taken off the fire. "
    broken = markdown(sentence * 100).split("\n\n")
    assert len(broken) > 5 and all(part.strip().endswith("fire.") for part in broken)
    assert " ".join(" ".join(broken).split()) == (sentence * 100).strip()


def test_chapters_are_read_in_the_order_of_their_chinese_numbers(tmp_path: Path) -> None:
    for name in ("第十一讲.md", "第三讲.md", "第二讲.md", "第十讲.md", "第一讲.md"):
        (tmp_path / name).write_text(f"{name}：茶是一种饮料。\n", encoding="utf-8")
    names = [document.name for document in read_notes(tmp_path).documents]
    assert names == ["第一讲.md", "第二讲.md", "第三讲.md", "第十讲.md", "第十一讲.md"]
