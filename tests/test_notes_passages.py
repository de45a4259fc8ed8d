"""Passages and sentences: every line number stays true, in both languages."""

from hypothesis import given, settings
from hypothesis import strategies as st

from kcreate.core.notes.document import Document
from kcreate.core.notes.passages import passages
from kcreate.core.notes.sentences import sentences

TEXT = """# Title

First paragraph has e.g. two sentences. The second
runs over lines 3 to 4.

## Part

- one
- two

```python
x = 1

y = 2
```

| a | b |
|---|---|
| 1 | 2 |

$$
E = mc^2
$$
"""


def test_blocks_have_their_kind_lines_and_headings() -> None:
    found = passages(Document("a.md", TEXT))
    assert [(one.kind, one.first, one.last) for one in found] == [
        ("heading", 1, 1),
        ("paragraph", 3, 4),
        ("heading", 6, 6),
        ("list", 8, 9),
        ("code", 11, 15),
        ("table", 17, 19),
        ("math", 21, 23),
    ]
    assert found[3].headings == ("Title", "Part")


def test_english_sentences_keep_abbreviations_decimals_and_code_whole() -> None:
    text = "Use v2.5, e.g. with `a. b`. See Dr. Smith (p. 4). Really? Yes! It costs $3.50.\n"
    split = [one.text for one in sentences(passages(Document("a.md", text))[0])]
    assert split == ["Use v2.5, e.g. with `a. b`.", "See Dr. Smith (p. 4).", "Really?", "Yes!", "It costs $3.50."]


def test_chinese_sentences_are_split_and_wrapped_lines_join_without_spaces() -> None:
    text = "他说：“水开了。”然后泡\n茶。温度是 95℃！好吗？\n"
    found = sentences(passages(Document("a.md", text))[0])
    assert [(one.text, one.first, one.last) for one in found] == [
        ("他说：“水开了。”", 1, 1),
        ("然后泡茶。", 1, 2),
        ("温度是 95℃！", 2, 2),
        ("好吗？", 2, 2),
    ]


def test_html_and_template_lines_are_no_passages() -> None:
    text = "<script>alert(1)</script>\n\n:::: callout\n\nA sentence stands here.\n\n<div>\n"
    assert [one.text for one in passages(Document("a.md", text))] == ["A sentence stands here."]


WORDS = st.sampled_from(
    ["Tea", "water", "boils.", "茶叶", "泡茶。", "at", "95", "`x.y`", "e.g.", "Why?", "$a.b$", "好！"]
)
LINES = st.lists(st.lists(WORDS, min_size=1, max_size=6).map(" ".join) | st.just(""), min_size=1, max_size=12)


@settings(max_examples=150, deadline=None)
@given(LINES)
def test_a_sentence_is_made_of_the_lines_it_names(lines: list[str]) -> None:
    document = Document("a.md", "\n".join(lines) + "\n")
    said = [one for passage in passages(document) for one in sentences(passage)]
    for one in said:
        source = "".join("".join(lines[one.first - 1 : one.last]).split())
        assert "".join(one.text.split()) in source
        assert one.first <= one.last
    assert "".join("".join(one.text for one in said).split()) == "".join("".join(lines).split())
