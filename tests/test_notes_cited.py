"""Sentences with their marks: what carries what, in English and Chinese, in courses that people edit by hand."""

from kcreate.core.course.quiz import quiz_lines
from kcreate.core.notes.cited import CitedSentence, read_cited

LESSON = """\
# Title

One is first. Two follows.[^1] Three stands
alone in two lines.[^2][^3] Four has nothing.

## A part

- An item.[^4]
- **Bold label**
  1. Deeper `x[^9]` here.[^5]

> Quoted first.
>
> Quoted second.[^6]

| a | b |
|---|---|
| c.[^1] | d |

```python
print("no sentence.[^1]")
```

$$
x = 1
$$

What is next? It needs proof. [needs source]

## A part

Again.[^lost]

## Check your understanding

1. Which? (o1)
   - [x] this one.
   - [ ] that one.

   > Because.[^1]

[^1]: [a.md, line 1](../notes/a.md#L1)
[^2]: [a.md, line 2](../notes/a.md#L2)
[^3]: [a.md, line 3](../notes/a.md#L3)
[^4]: [a.md, line 4](../notes/a.md#L4)
[^5]: [a.md, line 5](../notes/a.md#L5)
[^6]: [a.md, line 6](../notes/a.md#L6)
"""


def by_text(markdown: str, first_line: int = 1) -> dict[str, CitedSentence]:
    return {one.text: one for one in read_cited(markdown, first_line, quiz_lines(markdown)).sentences}


def test_a_mark_carries_every_sentence_since_the_last_one() -> None:
    said = by_text(LESSON)
    assert said["One is first."].labels == said["Two follows."].labels == ("1",)
    assert said["Three stands alone in two lines."].labels == ("2", "3")
    assert said["Four has nothing."].labels == ()
    assert said["Quoted first."].labels == said["Quoted second."].labels == ("6",)


def test_every_sentence_knows_its_lines_section_and_kind() -> None:
    said = by_text(LESSON, first_line=11)
    assert (said["One is first."].first, said["One is first."].last) == (13, 13)
    assert (said["Three stands alone in two lines."].first, said["Three stands alone in two lines."].last) == (13, 14)
    assert said["Three stands alone in two lines."].section == "Title" and said["An item."].section == "A part"
    assert said["Again."].section == "A part" and said["Again."].first == 42
    assert said["An item."].kind == "item" and said["Quoted first."].kind == "quote"
    assert said["Deeper `x[^9]` here."].first == 20 and said["Deeper `x[^9]` here."].labels == ("5",)
    assert said["Because."].quiz and not said["Again."].quiz


def test_headings_code_tables_formulas_and_definitions_are_no_sentences() -> None:
    text = read_cited(LESSON)
    assert [(one.kind, one.first, one.last) for one in text.blocks] == [
        ("table", 16, 18),
        ("code", 20, 22),
        ("math", 24, 26),
    ]
    assert text.blocks[1].text == '```python\nprint("no sentence.[^1]")\n```'
    assert not any("no sentence" in one.text or "c." in one.text or "a.md" in one.text for one in text.sentences)
    assert [one.text for one in text.headings] == ["Title", "A part", "A part", "Check your understanding"]


def test_questions_labels_and_bold_lines_state_nothing() -> None:
    said = by_text(LESSON)
    assert not said["What is next?"].claims and not said["**Bold label**"].claims
    assert said["It needs proof."].claims and said["It needs proof."].needs_source
    assert not by_text("From the notes:[^1]\n")["From the notes:"].claims
    assert not by_text("笔记原文：[^1]\n")["笔记原文："].claims
    assert by_text("First we make a new directory for our work:[^1]\n")[
        "First we make a new directory for our work:"
    ].claims


def test_a_mark_that_lost_its_definition_is_still_a_mark() -> None:
    assert by_text(LESSON)["Again."].labels == ("lost",)
    assert by_text("It is so.[^7] And so on.[^7]")["And so on."].labels == ("7",)


def test_chinese_sentences_are_cut_at_their_marks_without_spaces() -> None:
    text = "茶树只有一种。*做法*不同，便成了\n六类茶。[^1]绿茶几乎不氧化！[^2]这个说法流传很广。[需要出处]\n\n[^1]: x\n[^2]: y\n"
    said = list(read_cited(text).sentences)
    assert [one.text for one in said] == [
        "茶树只有一种。",
        "*做法*不同，便成了六类茶。",
        "绿茶几乎不氧化！",
        "这个说法流传很广。",
    ]
    assert [one.labels for one in said] == [("1",), ("1",), ("2",), ()]
    assert (said[1].first, said[1].last) == (1, 2) and said[3].needs_source


def test_marks_before_the_full_stop_in_the_middle_and_without_space() -> None:
    said = by_text("Before the stop[^1]. In the[^2] middle.[^3]Close by.[^4]")
    assert said["Before the stop."].labels == ("1",)
    assert said["In the middle."].labels == ("2", "3")
    assert said["Close by."].labels == ("4",)


def test_an_empty_body_and_one_of_marks_alone_hold_nothing() -> None:
    assert read_cited("").sentences == () and read_cited("[^1]\n").sentences == ()
    assert read_cited("![a figure.](a.png)\n").sentences == ()
