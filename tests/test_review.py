"""Each measure of a review on a course small enough to work out by hand, in English and Chinese."""

import json
from pathlib import Path
from typing import Any

import pytest

from kcreate.core import review_course
from kcreate.core.errors import InputError

NOTES = """\
# Bread

Dough rises because yeast makes gas.

Salt slows the yeast down in every dough.

```bash
bake --hot
```

Bakers weigh flour on a scale before they start.
"""

FRONT = """\
---
id: bread
title: Bread
objectives:
  - {id: o1, verb: explain, text: Explain why dough rises}
---

"""

BODY = """\
Dough rises because yeast makes gas.[^1] Salt was found by 300 monks in Peru.[^2] Bread is very old.

```bash
bake --hot
```

## Check your understanding

1. Why does dough rise? (o1)
   - [x] yeast makes gas
   - [ ] flour makes heat
   - [ ] water makes salt

   > Dough rises because yeast makes gas.[^1]

[^1]: [a.md, line 3](../notes/a.md#L3)
[^2]: [a.md, line 5](../notes/a.md#L5)
"""


def course(folder: Path, bodies: dict[str, str], notes: str = NOTES, **about: Any) -> Path:
    """A course of lessons that stand on `notes/a.md`; `about` goes into course.yaml."""
    entries = [{"id": name, "title": name.title(), "sources": ["a.md#L1-L99"]} for name in bodies]
    values = {"title": "Bread", "language": "en", "modules": [{"title": "All", "lessons": entries}], **about}
    (folder / "lessons").mkdir(parents=True)
    (folder / "notes").mkdir()
    (folder / "course.yaml").write_text(json.dumps(values), encoding="utf-8")  # JSON is YAML
    (folder / "notes" / "a.md").write_text(notes, encoding="utf-8")
    for number, (name, body) in enumerate(bodies.items(), 1):
        text = body if body.startswith("---") else f"---\nid: {name}\n---\n\n{body}"
        (folder / "lessons" / f"{number:02d}-{name}.md").write_text(text, encoding="utf-8")
    return folder


def cite(*lines: str) -> str:
    """Footnote definitions 1, 2, … that lead to these lines of a.md, `3` or `3-5`."""
    found = ["", ""]
    for number, span in enumerate(lines, 1):
        first, _, last = span.partition("-")
        found.append(f"[^{number}]: [a.md](../notes/a.md#L{first}{f'-L{last}' if last else ''})")
    return "\n".join(found) + "\n"


def messages(found: Any, measure: str) -> list[tuple[str, int, str]]:
    return [(one.file, one.line, one.message) for one in found.findings if one.measure == measure]


def test_recall_counts_sentences_and_precision_counts_citations(tmp_path: Path) -> None:
    found = review_course(course(tmp_path / "c", {"bread": FRONT + BODY}))
    # Two of four sentences are supported (one in the quiz), two of three citations are true.
    assert found.measures["citation_recall"] == 2 / 4
    assert found.measures["citation_precision"] == pytest.approx(2 / 3)
    assert found.lessons["bread"]["citation_recall"] == 2 / 4
    lines = [(file, line) for file, line, _ in messages(found, "citation_recall")]
    assert lines == [("lessons/01-bread.md", 8)] * 2
    wrong = next(one for one in found.findings if one.sentence.startswith("Salt"))
    assert wrong.cited == (("a.md", 5, 5, "Salt slows the yeast down in every dough."),) and wrong.unit == "bread/bread"


def test_a_citation_that_adds_nothing_is_not_precise(tmp_path: Path) -> None:
    body = "Dough rises because yeast makes gas.[^1][^2]" + cite("3", "11")
    found = review_course(course(tmp_path / "c", {"bread": body}))
    assert found.measures["citation_recall"] == 1.0 and found.measures["citation_precision"] == 0.5
    assert "[^2] adds nothing" in messages(found, "citation_precision")[0][2]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("Dough rises because yeast makes gas.[^9]" + cite("3"), "[^9] is defined nowhere"),
        ("Dough rises because yeast makes gas.[^1]" + cite("70"), "lines 70–70, which are not there"),
        ("Dough rises because yeast makes gas.[^1]\n\n[^1]: My own footnote.\n", "[^1] is defined nowhere as lines"),
        ("Dough rises because yeast makes gas. [needs source]\n", "Marked [needs source]"),
        ("Dough rises because yeast makes gas.\n", "No citation stands behind"),
    ],
)
def test_a_course_edited_by_hand_is_told_what_it_lost(tmp_path: Path, body: str, said: str) -> None:
    found = review_course(course(tmp_path / "c", {"bread": body}))
    assert found.measures["citation_recall"] == 0.0
    assert any(said in one.message for one in found.findings)
    assert found.measures["needs_source"] == (1 if "needs" in said else 0)


def test_footnotes_renumbered_and_moved_change_nothing(tmp_path: Path) -> None:
    moved = "[^flour]: [x](../notes/a.md#L11)\n\nBakers weigh flour on a scale before they start.[^flour]\n\n## Rising\n\nDough rises because yeast makes gas.[^7]\n\n[^7]: [y](../notes/a.md#L3)\n"
    found = review_course(course(tmp_path / "c", {"bread": moved}))
    assert found.measures["citation_recall"] == found.measures["citation_precision"] == 1.0


def test_an_objective_needs_a_passage_and_a_question(tmp_path: Path) -> None:
    extra = FRONT.replace("rises}\n", "rises}\n  - {id: o2, verb: state, text: State the price of saffron}\n")
    found = review_course(course(tmp_path / "c", {"bread": extra + BODY}))
    assert found.measures["objective_alignment"] == 1 / 2
    assert messages(found, "objective_alignment") == [
        (
            "lessons/01-bread.md",
            1,
            "The objective o2, “State the price of saffron”, has neither a cited passage nor a question.",
        )
    ]


def test_coverage_counts_passages_that_teach(tmp_path: Path) -> None:
    notes = NOTES + "\nTODO: ask Ann.\n\n[a link](https://example.org)\n"
    # Lines 3 (6 words) and the two remarks teach nothing; line 5 is cited, the code and line 11 are not.
    body = "Salt slows the yeast down in every dough.[^1]" + cite("5")
    found = review_course(course(tmp_path / "c", {"bread": body}, notes))
    assert found.measures["source_coverage"] == pytest.approx(1 / 3)


def test_repetition_counts_five_grams_of_earlier_lessons(tmp_path: Path) -> None:
    first = "Dough rises because yeast makes gas.[^1]" + cite("3")  # 6 words: 2 five-grams
    second = "Dough rises because yeast makes warm gas.[^1]" + cite("3")  # 7 words: 3 five-grams, one known
    found = review_course(course(tmp_path / "c", {"one": first, "two": second}))
    assert found.measures["repetition"] == pytest.approx(1 / 5)
    assert found.lessons["one"]["repetition"] == 0.0 and found.lessons["two"]["repetition"] == pytest.approx(1 / 3)


def test_length_is_scored_as_longwriter_does(tmp_path: Path) -> None:
    body = "Dough rises because yeast makes gas.[^1]" + cite("3")
    folder = course(tmp_path / "c", {"bread": body})
    assert review_course(folder, words_wanted=6).measures["length_score"] == 100.0
    assert review_course(folder, words_wanted=9).measures["length_score"] == pytest.approx(100 * (1 - (9 / 6 - 1) / 2))
    assert review_course(folder, words_wanted=4).measures["length_score"] == pytest.approx(100 * (1 - (6 / 4 - 1) / 3))
    # The notes' prose has 6 + 8 + 9 words, of which 70 % are wanted.
    assert review_course(folder).measures["length_score"] == pytest.approx(100 * (1 - (0.7 * 23 / 6 - 1) / 2), abs=0.01)


def test_copied_words_are_those_in_runs_of_eight(tmp_path: Path) -> None:
    body = "Salt slows the yeast down in every dough.[^1] Bakers weigh flour.[^2]" + cite("5", "11")
    found = review_course(course(tmp_path / "c", {"bread": body}))
    assert found.measures["verbatim_share"] == pytest.approx(8 / 11)
    assert found.measures["condensation"] == pytest.approx(11 / (6 + 8 + 9))


def test_blocks_have_to_be_carried_over_byte_for_byte(tmp_path: Path) -> None:
    good = "Salt slows the yeast down in every dough:[^1]\n\n```bash\nbake --hot\n```" + cite("5-9")
    assert review_course(course(tmp_path / "a", {"bread": good})).measures["unbroken_blocks"] == 1.0
    found = review_course(course(tmp_path / "b", {"bread": good.replace("--hot", "-hot")}))
    assert found.measures["unbroken_blocks"] == 0.0
    assert messages(found, "unbroken_blocks") == [
        ("lessons/01-bread.md", 7, "This code block is not as in a.md, lines 7–9.")
    ]
    found = review_course(
        course(tmp_path / "c", {"bread": "Salt slows the yeast down in every dough.[^1]" + cite("5")})
    )
    assert messages(found, "unbroken_blocks")[0][2] == "The code block of a.md, lines 7–9 is missing."


def test_private_data_is_counted_once_each(tmp_path: Path) -> None:
    body = "Write to bob.miller@bakery-north.com or bob.miller@bakery-north.com today.\n"
    found = review_course(course(tmp_path / "c", {"bread": body}))
    assert found.measures["private_data"] == 1 and messages(found, "private_data")[0][1] == 5


def test_an_item_is_acceptable_with_one_flaw_and_findings_lead_to_it(tmp_path: Path) -> None:
    bad = BODY.replace("flour makes heat", "all of the above").replace("water makes salt", "none of the above")
    found = review_course(course(tmp_path / "c", {"bread": FRONT + BODY, "loaf": FRONT.replace("bread", "loaf") + bad}))
    assert found.lessons["bread"]["items_acceptable"] == 1.0 and found.measures["items"] == 2
    flawed = [one for one in found.findings if one.measure == "items_acceptable" and one.file == "lessons/02-loaf.md"]
    assert flawed and {one.line for one in flawed} == {16}
    assert any("asks nearly the same" in one.message for one in flawed)
    assert found.lessons["loaf"]["items_acceptable"] == 0.0 and {one.unit for one in flawed} == {"loaf/q1"}


CHINESE = """\
# 茶

绿茶用高温杀青，破坏酶的活性，制止叶子氧化。

红茶要让叶子完全氧化，所以颜色比绿茶深得多。
"""


def test_chinese_is_counted_in_characters(tmp_path: Path) -> None:
    first = "绿茶用高温杀青，破坏酶的活性，制止叶子氧化。[^1]" + cite("3")  # 19 characters, 15 five-grams
    second = "红茶要让叶子完全氧化。[^1]绿茶用高温杀青。[^2]" + cite("5", "3")  # 10 and 7: 6 + 3 five-grams, 3 known
    found = review_course(course(tmp_path / "c", {"a": first, "b": second}, CHINESE, language="zh"))
    assert found.measures["citation_recall"] == found.measures["citation_precision"] == 1.0
    assert found.measures["repetition"] == pytest.approx(3 / (15 + 9))
    assert found.measures["words"] == 36 and found.measures["sentence_length"] == pytest.approx(36 / 3)
    # Only the first sentence has runs of twelve characters; the notes have 19 + 20.
    assert found.measures["verbatim_share"] == pytest.approx(19 / 36)
    assert found.lessons["b"]["condensation"] == pytest.approx(17 / 39)
    assert "reading_grade" not in found.measures and 0 <= found.measures["rare_words"] <= 1


@pytest.mark.parametrize(
    ("sentence", "language", "pure"),
    [
        ("绿茶用高温杀青。", "zh", True),
        ("先用 PyTorch 的 DataLoader 读取 Fashion-MNIST 数据集。", "zh", True),
        ("运行 git remote add origin 即可。", "zh", True),
        ("Attention Is All You Need（Vaswani et al.）", "zh", True),
        ("The model memorises the noise in the data.", "zh", False),
        ("The kettle sings.", "en", True),
        ("cytokinesis: animal cell = cleavage furrow, plant cell = cell plate", "en", True),
        ("绿茶用高温杀青。", "en", False),
        ("Le chat est sur la table et il ne bouge pas.", "en", False),
        ("Green tea (绿茶) is heated first.", "en", True),
    ],
)
def test_purity_is_judged_by_the_sentence(sentence: str, language: str, pure: bool) -> None:
    from kcreate.core.review.purity import is_foreign

    assert is_foreign(sentence, language) is not pure  # type: ignore[arg-type]


def test_readability_of_english_is_flesch_kincaid(tmp_path: Path) -> None:
    body = "The cat sat.[^1] A hungry baker ate bread.[^1]" + cite("3")
    found = review_course(course(tmp_path / "c", {"bread": body}))
    # 8 words in 2 sentences, with 3 + 7 syllables.
    assert found.measures["reading_grade"] == pytest.approx(0.39 * 4 + 11.8 * 10 / 8 - 15.59)


def test_gold_compares_titles_objectives_points_and_terms(tmp_path: Path) -> None:
    body = FRONT + BODY.replace("Bread is very old.", "A **sourdough** is a culture.")
    folder = course(tmp_path / "c", {"bread": body})
    (folder / "glossary.md").write_text(
        "# Glossary\n\n- **yeasts** — Yeast makes gas.[^1]\n\n[^1]: [a](notes/a.md#L3)\n", encoding="utf-8"
    )
    gold = {
        "episodes": [{"title": "Bread", "objectives": ["Explain why dough rises"], "keypoints": ["Yeast makes gas."]}],
        "terms": [{"term": "Yeast"}, {"term": "sourdough"}, {"term": "salt"}, "gluten (wheat protein)"],
    }
    (tmp_path / "gold.json").write_text(json.dumps(gold), encoding="utf-8")
    found = review_course(folder, gold=tmp_path / "gold.json")
    assert found.measures["heading_soft_recall"] > 0.95 and found.measures["objective_soft_recall"] == pytest.approx(1)
    assert found.measures["keypoint_soft_recall"] > 0.5
    assert found.measures["term_recall"] == 2 / 4 and found.measures["terms_named"] == 3 / 4
    assert messages(found, "term_recall")[0][2].startswith("The term “salt”")


def test_soft_recall_is_storms() -> None:
    import numpy as np

    from kcreate.core.review.recall import soft_recall

    class Axes:
        """Each text is a direction of its own; equal texts are equal."""

        name, dimensions = "axes", 26

        def count(self, text: str) -> int:
            return 1

        def encode_query(self, text: str) -> Any:
            return self.encode_passages([text])[0]

        def encode_passages(self, texts: Any) -> Any:
            return np.eye(26, dtype=np.float32)[[ord(text) - ord("a") for text in texts]]

    # c(G) = 2, c(P) = 2, c(G ∪ P) = 3: one of two is found, the doubled one counts once.
    assert soft_recall(["a", "b"], ["b", "b", "c"], Axes()) == pytest.approx(0.5)
    assert soft_recall(["a", "b"], ["a", "b", "c"], Axes()) == pytest.approx(1.0)
    assert soft_recall(["a"], [], Axes()) == 0.0


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (None, "cannot be read"),
        ("{not json", "is not JSON"),
        ('{"chapters": [1, 2]}', "has none of title, objectives"),
    ],
)
def test_a_gold_file_that_is_none_is_one_sentence(tmp_path: Path, text: str | None, sentence: str) -> None:
    folder = course(tmp_path / "c", {"bread": FRONT + BODY})
    if text is not None:
        (tmp_path / "gold.json").write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=sentence):
        review_course(folder, gold=tmp_path / "gold.json")


def test_a_review_comes_out_the_same_twice_and_in_the_order_of_the_course(tmp_path: Path) -> None:
    folder = course(tmp_path / "c", {"bread": FRONT + BODY, "loaf": "Nobody knows this.\n\nNor this one here.\n"})
    found = review_course(folder)
    assert found == review_course(folder)
    lessons = [(one.file, one.line) for one in found.findings if one.file.startswith("lessons/")]
    assert lessons == sorted(lessons) and lessons


def test_a_course_of_nothing_is_reviewed_too(tmp_path: Path) -> None:
    found = review_course(course(tmp_path / "c", {"bread": "\n"}))
    assert "citation_recall" not in found.measures and found.measures["items"] == 0


def test_the_front_of_a_flashcard_is_a_question_and_needs_no_citation(tmp_path: Path) -> None:
    folder = course(tmp_path / "course", {"bread": FRONT + BODY})
    cards = "# Flashcards\n\n- **Which figure is missing? “Salt is ＿ grams.”**\n\n  Dough is very heavy.\n"
    (folder / "flashcards.md").write_text(cards, encoding="utf-8")
    found = [one for one in review_course(folder).findings if one.file == "flashcards.md"]
    assert [one.line for one in found if one.measure == "citation_recall"] == [5]
