"""Chunks: nothing is lost, lines stay true, sizes are kept, whatever the Markdown."""

from hypothesis import given, settings
from hypothesis import strategies as st

from kcreate.core.notes.chunks import MARKER, Chunk, approximate_tokens, chunks
from kcreate.core.notes.document import Document
from kcreate.core.notes.passages import passages

MOST = 40
WORDS = [
    "water",
    "boils",
    "e.g.",
    "at",
    "`git add`",
    "3.5",
    "degrees",
    "https://a.org/x",
    "水温",
    "很高",
    "茶叶",
    "$x^2$",
]
ENDS = [".", "?", "!", "。", "！", "；", ","]


def sentence() -> st.SearchStrategy[str]:
    return st.builds(
        lambda words, end: " ".join(words) + end,
        st.lists(st.sampled_from(WORDS), min_size=1, max_size=14),
        st.sampled_from(ENDS),
    )


def paragraph() -> st.SearchStrategy[str]:
    return st.builds(
        lambda sentences, gap: gap.join(sentences),
        st.lists(sentence(), min_size=1, max_size=8),
        st.sampled_from([" ", "\n", ""]),
    )


def block() -> st.SearchStrategy[str]:
    return st.one_of(
        paragraph(),
        st.builds(lambda level, title: f"{'#' * level} {title}", st.integers(1, 3), sentence()),
        st.builds(
            lambda items, mark: "\n".join(f"{mark} {item}" for item in items),
            st.lists(sentence(), min_size=1, max_size=9),
            st.sampled_from(["-", "1.", "  *"]),
        ),
        st.builds(
            lambda lines: "```python\n" + "\n".join(lines) + "\n```",
            st.lists(
                st.sampled_from(["x = 1", "", "    print('<!-- page: 3 -->')", "# 说明", "y = x + 2 * x"]), max_size=30
            ),
        ),
        st.builds(
            lambda rows: "| a | b |\n|---|---|\n" + "\n".join(f"| {row} | 值 |" for row in rows),
            st.lists(st.sampled_from([*WORDS[:3], "茶叶", "a longer cell of the table"]), min_size=1, max_size=15),
        ),
        st.builds(lambda text: "> " + text.replace("\n", "\n> "), paragraph()),
        st.just("$$\nE = mc^2\n$$"),
        st.just("<!-- page: 3 -->"),
        st.just("word" * 60),
        st.just("茶" * 90),
    )


def markdown() -> st.SearchStrategy[str]:
    return st.lists(block(), min_size=1, max_size=12).map(lambda blocks: "\n\n".join(blocks) + "\n")


def is_content(line: str) -> bool:
    return bool(line.strip()) and not MARKER.match(line)


@settings(max_examples=150, deadline=None)
@given(markdown())
def test_every_line_of_a_passage_is_in_a_chunk_and_every_chunk_stands_on_its_lines(text: str) -> None:
    document = Document("a.md", text)
    lines = text.split("\n")
    cut = chunks(document, most=MOST)
    covered = set()
    for chunk in cut:
        whole = "\n".join(lines[chunk.first - 1 : chunk.last])
        assert chunk.text in whole
        assert chunk.text.split("\n")[0] in lines[chunk.first - 1]
        assert chunk.text.split("\n")[-1] in lines[chunk.last - 1]
        assert chunk.text.strip() and chunk.text.count("\n") == chunk.last - chunk.first
        covered |= set(range(chunk.first, chunk.last + 1))
    for passage in passages(document):
        if passage.kind == "heading":
            continue
        for number in range(passage.first, passage.last + 1):
            if is_content(lines[number - 1]):
                assert number in covered


@settings(max_examples=150, deadline=None)
@given(markdown())
def test_no_chunk_is_too_large_and_they_come_in_order(text: str) -> None:
    cut = chunks(Document("a.md", text), most=MOST)
    assert all(approximate_tokens(chunk.text) <= MOST for chunk in cut)
    places = [(chunk.first, chunk.last) for chunk in cut]
    assert places == sorted(places)


@settings(max_examples=100, deadline=None)
@given(markdown())
def test_every_character_of_a_passage_is_in_its_chunks_once(text: str) -> None:
    document = Document("a.md", text)
    cut = chunks(document, most=MOST)
    blocks = passages(document)
    wanted = ""
    for number, one in enumerate(blocks):
        following = blocks[number + 1] if number + 1 < len(blocks) else None
        if one.kind == "heading" and following and (following.kind != "heading" or following.level > one.level):
            continue
        kept = [line for line in one.text.split("\n") if one.kind == "code" or not MARKER.match(line)]
        wanted += "".join("".join(kept).split())
    assert "".join("".join(chunk.text for chunk in cut).split()) == wanted


def test_neighbours_go_together_under_one_heading_only() -> None:
    cut = chunks(Document("a.md", "# A\n\none\n\ntwo\n\n## B\n\nthree\n\n## C\n"))
    assert cut == [
        Chunk("one\n\ntwo", "a.md", 3, 5, ("A",)),
        Chunk("three", "a.md", 9, 9, ("A", "B")),
        Chunk("## C", "a.md", 11, 11, ("A",)),
    ]


def test_a_long_paragraph_is_cut_between_sentences_in_both_languages() -> None:
    english = "The kettle boils at once. " * 6
    chinese = "水烧开以后等半分钟再倒进杯子里。" * 6
    cut = chunks(Document("a.md", f"{english.strip()}\n\n{chinese}\n"), most=34)
    assert all(chunk.text.endswith((".", "。")) for chunk in cut)
    assert {chunk.first for chunk in cut} == {1, 3} and len(cut) >= 4


def test_the_later_rows_of_a_table_know_its_head() -> None:
    rows = "\n".join(f"| tea {number} | {number} ℃ |" for number in range(12))
    cut = chunks(Document("a.md", f"| tea | water |\n|---|---|\n{rows}\n"), most=40)
    assert cut[0].text.startswith("| tea | water |") and cut[0].head == ""
    assert len(cut) > 1 and all(chunk.head == "| tea | water |\n|---|---|" for chunk in cut[1:])


def test_a_place_in_the_original_parts_chunks_and_is_no_content() -> None:
    cut = chunks(
        Document("a.md", "<!-- source: a.pdf -->\n\none\n<!-- page: 2 -->\ntwo\n\n<!-- page: 3 -->\n\nthree\n")
    )
    assert [(chunk.text, chunk.first) for chunk in cut] == [("one", 3), ("two", 5), ("three", 9)]


def test_sizes_are_those_of_the_model_in_use() -> None:
    document = Document("a.md", "one two three. four five six. seven eight nine.\n")
    by_letters = chunks(document, count=len, most=30)
    assert [chunk.text for chunk in by_letters] == ["one two three. four five six.", "seven eight nine."]
    assert len(chunks(document, count=lambda text: len(text.split()), most=9)) == 1


def test_an_empty_document_has_no_chunks() -> None:
    assert chunks(Document("a.md", "\n")) == []
