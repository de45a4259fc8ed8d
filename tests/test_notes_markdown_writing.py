"""Text, tables and code written as Markdown: what a reader then sees is what was given, character by character."""

from hypothesis import example, given
from hypothesis import strategies as st

from kcreate.core.markdown import parser
from kcreate.core.notes.formats.markdown_writing import fence, one_line, paragraph, plain, table

MARKS = st.lists(
    st.sampled_from([*"ab茶  1.*_`~[]()<>&#-+=:|!\\^;/{}\n", "amp", "http", "<!--", "-->", "```"]), max_size=14
).map("".join)


@given(MARKS)
@example("*a* **b** __c__ _d_ a_b_c `e` ~~f~~ [g](h) [i][j] [^k] <l> <!-- m --> &amp; \\* n")
@example("a ^[note]")
@example(" > a")
@example("# a")
@example("1. a")
@example("- a")
@example("+")
@example("-- -")
@example("_ _ _")
@example("> a")
@example("===")
@example("    a")
@example("[a]: b")
@example("| a | b |")
def test_a_paragraph_shows_its_text(text: str) -> None:
    tokens = parser().parse(paragraph(text))
    if not one_line(text):
        assert not tokens
        return
    assert [token.type for token in tokens] == ["paragraph_open", "inline", "paragraph_close"]
    assert shown(tokens[1].children) == one_line(text)


@given(st.lists(st.lists(MARKS, min_size=2, max_size=2), min_size=1, max_size=3))
def test_a_table_shows_its_cells(rows: list[list[str]]) -> None:
    tokens = parser().parse(table([[plain(cell) for cell in row] for row in rows]))
    cells = [shown(token.children) for token in tokens if token.type == "inline"]
    assert tokens[0].type == "table_open"
    assert cells == [one_line(cell) for row in rows for cell in row]


@given(st.text(st.sampled_from("a`~\n 茶"), max_size=20))
def test_a_fence_holds_any_code(code: str) -> None:
    (token,) = parser().parse(fence(code, "text"))
    assert token.type == "fence" and token.info == "text"
    assert token.content.strip("\n") == code.strip("\n").rstrip()


def test_lines_are_joined_as_a_language_joins_them() -> None:
    assert one_line("one\ntwo  three\v four") == "one two three four"
    assert one_line("第一行，\n第二行\nend") == "第一行，第二行 end"


def shown(children: object) -> str:
    assert isinstance(children, list)
    assert {token.type for token in children} <= {"text", "text_special"}, children
    return "".join(token.content for token in children)
