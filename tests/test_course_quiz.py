"""The quiz section as people write it: under-indented, with code, with text between, and back to Markdown."""

from dataclasses import replace

from kcreate.core.course.answers import Number, read_number
from kcreate.core.course.citation import Citation, read_citations, read_target
from kcreate.core.course.course import CourseFile
from kcreate.core.course.folder import lesson_path
from kcreate.core.course.lesson import Lesson
from kcreate.core.course.quiz import read_items, split_quiz

BODY = """\
Prose.

```md
## Check your understanding
1. an example, not a question
   - [x] yes
```

## Check your understanding

Try without looking.

1. What does it store? (o1)
   - [ ] only the
     newest
   - [x] a base

   > Because.[^1]
   > More.
2. What is printed?

   ```python
   print(1)

   x = 2
   ```

   - [x] `1`
   - [X] two
3. Under-indented (o1, o2)
  - [ ] a
  - [x] b

  > because
4. What is HEAD (pointer)
   - [x] y (aside)
   - [ ] n
5. Open, without options?
10. Ten
   - [ ] a
   - [x] b

[^1]: [a](../notes/a.md#L1)

## Afterwards

1. A list.
   - [x] done
"""


def test_every_question_is_found_whatever_its_indentation() -> None:
    items = read_items(BODY)
    assert [item.stem.split("\n")[0] for item in items] == [
        "What does it store?",
        "What is printed?",
        "Under-indented",
        "What is HEAD (pointer)",
        "Ten",
    ]
    assert [[option.correct for option in item.options] for item in items] == [
        [False, True],
        [True, True],
        [False, True],
        [True, False],
        [False, True],
    ]
    assert items[0].options[0].text == "only the newest"
    assert items[0].explanation == "Because.[^1]\nMore."
    assert "print(1)\n\nx = 2" in items[1].stem
    assert items[2].explanation == "because"
    assert BODY.split("\n")[items[0].line - 1].startswith("1. What does it store?")


def test_objectives_are_ids_and_not_any_word_in_brackets() -> None:
    items = read_items(BODY)
    assert [item.objectives for item in items[:4]] == [("o1",), (), ("o1", "o2"), ()]
    assert read_items(BODY, {"pointer"})[3].objectives == ("pointer",)


def test_an_item_survives_the_way_to_markdown_and_back() -> None:
    items = read_items(BODY)
    again = "## Check your understanding\n\n" + "\n".join(item.to_markdown(n) for n, item in enumerate(items, 1))
    assert [(i.stem, i.options, i.objectives, i.explanation) for i in read_items(again)] == [
        (i.stem, i.options, i.objectives, i.explanation) for i in items
    ]


def test_the_prose_keeps_definitions_and_what_follows_the_quiz() -> None:
    prose, quiz, _ = split_quiz(BODY)
    assert "an example, not a question" in prose and "[^1]: [a]" in prose and "## Afterwards" in prose
    assert "Try without looking." in quiz and "A list." not in quiz


def test_a_citation_of_a_file_with_brackets_is_read_back() -> None:
    citation = Citation("a [1] (x)#.md", 3, 5)
    assert list(read_citations(citation.definition("n", "en"))) == [("n", citation)]
    assert read_target(citation.target()) == citation
    assert read_target("../notes/a.md") is None


def test_a_lesson_is_found_by_the_id_it_states_and_not_by_the_end_of_its_name(tmp_path) -> None:
    lessons = tmp_path / "lessons"
    lessons.mkdir()
    (lessons / "why-control.md").write_text("---\nid: why-control\n---\nA.\n", encoding="utf-8")
    (lessons / "renamed.md").write_text("---\nid: second\n---\nB.\n", encoding="utf-8")
    about = CourseFile(title="T", modules=[{"lessons": ["why-control", "control", "second"]}])
    assert lesson_path(tmp_path, about, "control").name == "02-control.md"
    assert lesson_path(tmp_path, about, "second").name == "renamed.md"
    assert Lesson.from_markdown("---\nid: a\n---\nA.\n", "lessons/x.md").file == "x.md"


KINDS = """\
## 检查你的理解

1. 茶叶分几类？（o1）
   **答案：**6
2. 铁观音属于＿＿＿，龙井属于____。 (o2)

   答案：乌龙茶 ｜ 青茶；绿茶

   > 因为做法不同。[^1]
3. 把步骤排好。
  - A. 采
  - B、 炒
  - C．揉

  **正确答案**：C→A、B

  > 先揉。
4. What is pi?

  **Answer:** 3.14 (± 0.01)

5. Choose one.
   - A. one
   - B. two

   Answer: B
6. What shows it? (o1)
   **Answer:** `git status` | `git st | x`
7. 地球是圆的。
   - [x] 正确
   - [ ] 错误
8. Which of these two lists is meant?
   - A. one
   - B. two

   **Answer:** the second one
9. Only a list of letters
   - A. one
   - B. two

[^1]: [a](../notes/a.md#L1)
"""


def test_every_kind_is_read_as_a_hand_writes_it() -> None:
    items = read_items(KINDS)
    assert [item.kind for item in items] == [
        *("numeric", "cloze", "ordering", "numeric", "single", "short", "true_false", "short"),
    ]
    six, gaps, order, pi, letters, code, _, listed = items
    assert (six.answers, six.objectives) == ((("6",),), ("o1",))
    assert gaps.answers == (("乌龙茶", "青茶"), ("绿茶",)) and gaps.explanation.startswith("因为做法不同")
    assert order.right == ("揉", "采", "炒") and order.explanation == "先揉。"
    assert (pi.answers, pi.tolerance) == ((("3.14",),), 0.01)
    assert letters.right == ("two",)
    assert code.answers == (("`git status`", "`git st | x`"),) and code.stem == "What shows it?"
    assert "- B. two" in listed.stem and listed.right == ("the second one",)


def test_every_kind_survives_the_way_to_markdown_and_back() -> None:
    items = read_items(KINDS)
    again = "## 检查你的理解\n\n" + "\n\n".join(item.to_markdown(n) for n, item in enumerate(items, 1))
    assert [replace(item, line=0) for item in read_items(again)] == [replace(item, line=0) for item in items]


def test_numbers_are_read_with_units_tolerance_and_full_width_marks() -> None:
    assert read_number("384,400 km (± 1000)") == Number(384400, 1000, "km")
    assert read_number("８０ ℃（±５）") == Number(80, 5, "°C")
    assert read_number("5 % (+/- 10 %)") == Number(5, 10, "%")
    assert read_number("1795年") == Number(1795, 0, "年")
    assert read_number("three") is None and read_number("2 of the 3 pods") is None
