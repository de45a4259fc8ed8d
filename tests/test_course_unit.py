"""Units of a course: their names, where they stand in a lesson, and one put in without touching the rest."""

import re

import pytest

from kcreate.core.course.lesson import Lesson
from kcreate.core.course.splicing import definitions, labels, parts_of, replace_unit
from kcreate.core.course.unit import Unit, anchor, find, parse_unit, spans
from kcreate.core.errors import UsageError

LESSON = """---
id: tea
title: Tea
objectives: []
status: draft
---

Tea is a drink.[^1] See `[^2]` for marks.

## Water and heat

Boil it.[^2]

### In the pot

Hot.[^1][^3]

```
## no heading
[^3]: no definition
```

## Leaves: green & black!

Leaves dry.[^4] Mine.[^own]

## Check your understanding

1. What is tea? (o1)
   - [x] a drink
   - [ ] a pot

   > Tea is a drink.[^1]

A word between.

2. Which water? (o1)
   - [ ] cold
   - [x] hot

   > Boil it.[^5]

[^1]: [a.md, line 1](../notes/a.md#L1)
[^2]: [a.md, line 2](../notes/a.md#L2)
[^3]: [a.md, line 3](../notes/a.md#L3)
[^4]: [a.md, line 4](../notes/a.md#L4)
[^5]: [a.md, line 5](../notes/a.md#L5)
[^own]: My grandmother said so.

A line of mine at the end.
"""


def piece(text: str, part: str) -> str:
    start, end = spans(text)[part]
    return text[start:end]


def test_a_lessons_parts_have_names_and_places() -> None:
    assert list(spans(LESSON)) == [
        "tea", "water-and-heat", "in-the-pot", "leaves-green--black", "quiz", "q1", "q2",
    ]  # fmt: skip
    assert piece(LESSON, "tea") == "Tea is a drink.[^1] See `[^2]` for marks."
    assert piece(LESSON, "water-and-heat").endswith("[^3]: no definition\n```")
    assert piece(LESSON, "in-the-pot").startswith("### In the pot")
    assert piece(LESSON, "q1").startswith("1. What") and piece(LESSON, "q1").endswith("> Tea is a drink.[^1]")
    assert piece(LESSON, "q2").endswith("[^5]") and piece(LESSON, "quiz").endswith("[^5]")


def test_headings_that_meet_are_told_apart_as_github_does() -> None:
    text = "---\nid: a\ntitle: 甲\n---\n\n开头。\n\n## 水与温度：一\n\n一\n\n## 水与温度：一\n\n二\n\n## Q1\n\n三\n\n## Quiz\n\n四\n"
    assert list(spans(text)) == ["甲", "水与温度一", "水与温度一-1", "q1-section", "quiz-section"]
    assert anchor(" Étude n° 3: *it's* ") == "étude-n-3-its"


def test_names_of_units_and_those_there_are_not() -> None:
    assert parse_unit("tea", ["tea"]) == Unit("tea")
    assert parse_unit("tea/q2", ["tea"]).is_item and str(parse_unit("tea/Quiz", ["tea"])) == "tea/quiz"
    assert parse_unit("glossary", ["tea"]) == Unit("", "glossary")
    assert parse_unit("glossary", ["glossary"]) == Unit("glossary")
    with pytest.raises(
        UsageError, match=r"--only coffee: there is no such lesson .* tea, glossary, flashcards, outline"
    ):
        parse_unit("coffee", ["tea"])
    with pytest.raises(UsageError, match=r"--only tea/q9: .* has tea, water-and-heat, .*q1, q2\."):
        find(LESSON, Unit("tea", "q9"))


def test_a_section_is_replaced_and_the_rest_stays_byte_for_byte() -> None:
    fresh = """---
id: tea
title: Tea
---

## Water and heat

Never boil it.[^1] Warm it,[^2] then wait.[^3]

[^1]: [a.md, line 9](../notes/a.md#L9)
[^2]: [a.md, line 4](../notes/a.md#L4)
[^3]: [a.md, line 3](../notes/a.md#L3)
"""
    done = replace_unit(LESSON, Unit("tea", "water-and-heat"), fresh)
    # line 4 is cited by the rest as 4, line 3 keeps its freed number, line 9 takes the lowest free one
    assert piece(done, "water-and-heat") == "## Water and heat\n\nNever boil it.[^2] Warm it,[^4] then wait.[^3]"
    assert definitions(done)["2"] == "[a.md, line 9](../notes/a.md#L9)"
    assert re.findall(r"^\[\^(\w+)\]:", done, re.M) == ["1", "2", "3", "4", "5", "own"]
    for part in ("tea", "leaves-green--black", "quiz", "q1", "q2"):
        assert piece(done, part) == piece(LESSON, part) and parts_of(done)[part] == parts_of(LESSON)[part]
    assert done.endswith("[^own]: My grandmother said so.\n\nA line of mine at the end.\n")


def test_what_only_the_old_version_cited_goes_and_new_definitions_come() -> None:
    fresh = LESSON.replace("Boil it.[^5]", "Plain.").replace("line 1]", "line 77]").replace("#L1)", "#L77)")
    done = replace_unit(LESSON, Unit("tea", "quiz"), fresh)
    assert definitions(done)["1"].startswith("[a.md, line 1]")  # the opening cites it
    assert definitions(done)["5"].startswith("[a.md, line 77]") and "line 5]" not in done
    assert labels(piece(done, "quiz")) == ["5"]
    none = "---\nid: a\ntitle: A\n---\n\nWords.\n\n## One\n\nOld.\n"
    done = replace_unit(none, Unit("a", "one"), none.replace("Old.", "New.[^7]") + "\n[^7]: [x](../notes/x.md#L1)\n")
    assert done == none.replace("Old.", "New.[^1]") + "\n[^1]: [x](../notes/x.md#L1)\n"


def test_windows_line_ends_and_a_bom_stay() -> None:
    text = "\ufeff" + LESSON.replace("\n", "\r\n")
    assert list(spans(text)) == list(spans(LESSON))
    done = replace_unit(text, Unit("tea", "in-the-pot"), LESSON.replace("Hot.", "Very hot."))
    assert done == text.replace("Hot.", "Very hot.")
    assert Lesson.from_markdown(done, "x").title == "Tea"


def test_a_section_that_stands_after_the_quiz_and_an_empty_lesson_have_their_places() -> None:
    text = LESSON.replace("[^1]: [a.md", "## Further\n\nRead on.[^5]\n\n[^1]: [a.md", 1)
    assert piece(text, "further") == "## Further\n\nRead on.[^5]" and piece(text, "q2").endswith("[^5]")
    assert spans("---\nid: a\n---\n") == {} and spans("") == {}
