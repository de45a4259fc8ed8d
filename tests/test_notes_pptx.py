"""Slides: what stands on them, in the order in which it is read, and what a deck's design adds and nobody says."""

import base64
import sys
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest
from slide_deck import NAMESPACES, Slide, body, box, footer, graphic, group, picture, title, write

from kcreate.core.errors import InputError
from kcreate.core.notes.formats.converted import Part
from kcreate.core.notes.formats.pptx.reader import read

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
ENGLISH = """
% Version control

## Why it matters

- First **bold** point
    - nested, with `code`
- Second point, see [the book](https://example.org/a_b)

1. commit
2. push

::: notes
Say *hello* to everybody.

Then explain why.
:::

## A formula

Inline $a^2+b^2=c^2$ and $\\frac{\\alpha}{\\sqrt[3]{2}} \\le \\sum_{i=1}^n x_i$.

$$\\int_0^1 f(x)\\,dx = \\begin{pmatrix}1 & 2\\\\3 & 4\\end{pmatrix}$$

## Some code

```python
def twice(x):
    return x * 2
```

## A table

| Name | Price |
|------|-------|
| Tea  | 3     |
| a\\|b | 4     |
"""


def test_a_deck_from_pandoc_comes_back_as_its_markdown(tmp_path: Path) -> None:
    parts = list(read(by_pandoc(tmp_path, ENGLISH), "deck.pptx"))
    assert [(part.place.kind, part.place.value) for part in parts if part.place] == [
        ("slide", str(n)) for n in range(1, 6)
    ]
    why, formula, code, table = (part.text for part in parts[1:])
    assert parts[0].text == "# Version control"
    assert why.startswith(
        "## Why it matters\n\n- First **bold** point\n  - nested, with `code`\n- Second point, see [the book](https://example.org/a_b)\n\n1. commit\n2. push"
    )
    assert why.endswith("> **Notes:** Say hello to everybody.\n>\n> Then explain why.")
    assert r"Inline $a^{2}+b^{2}=c^{2}$ and $\frac{\alpha}{\sqrt[3]{2}}\le\sum_{i=1}^{n} x_{i}$." in formula
    assert r"$$\int_{0}^{1} f(x) dx=\left(\begin{matrix}1 & 2 \\ 3 & 4\end{matrix}\right)$$" in formula
    assert "```\ndef twice(x):\n    return x * 2\n```" in code
    assert table.endswith("| Name | Price |\n| --- | --- |\n| Tea | 3 |\n| a\\|b | 4 |")


def test_a_chinese_deck_keeps_its_words_and_its_notes(tmp_path: Path) -> None:
    parts = list(
        read(
            by_pandoc(
                tmp_path,
                "## 版本控制\n\n- 记录每一次修改。\n- 可以回到以前\n\n::: notes\n强调：备份不是版本控制。\n:::\n",
            ),
            "a",
        )
    )
    assert (
        parts[0].text
        == "## 版本控制\n\n- 记录每一次修改。\n- 可以回到以前\n\n> **讲者备注：** 强调：备份不是版本控制。"
    )


def test_slides_with_one_title_go_on_under_one_heading(tmp_path: Path) -> None:
    titles = ["Rules", "Rules (cont.)", "Rules (2/3)", "Rules", "规则（续）", "规则", "Part 2"]
    texts = markdown(tmp_path, [Slide([title(one), body(f"point {n}")]) for n, one in enumerate(titles)])
    headings = [text.split("\n")[0] for text in texts]
    assert headings == ["## Rules", "- point 1", "- point 2", "- point 3", "## 规则", "- point 5", "## Part 2"]


def test_sections_stand_above_their_slides(tmp_path: Path) -> None:
    slides = [Slide([title("Course", "ctrTitle")], layout=0), Slide([title("One")], layout=1), Slide([title("First")])]
    slides += [Slide([title("Two")], layout=1), Slide([title("Second")])]
    assert markdown(tmp_path, slides) == ["# Course", "## One", "### First", "## Two", "### Second"]


def test_slide_numbers_dates_footers_and_a_repeated_brand_are_dropped(tmp_path: Path) -> None:
    design = [
        footer("sldNum", "3"),
        footer("dt", "2024-03-12"),
        footer("ftr", "ACME"),
        box("© ACME GmbH", at=(70, 92, 25, 5)),
    ]
    slides = [Slide([title(f"Slide {n}"), body(f"text {n}"), *design]) for n in range(4)]
    assert markdown(tmp_path, slides) == [f"## Slide {n}\n\n- text {n}" for n in range(4)]


def test_text_boxes_are_read_column_by_column(tmp_path: Path) -> None:
    left, right = (5, 30, 40, 20), (55, 28, 40, 20)
    below_left, below_right = (5, 60, 40, 20), (55, 60, 40, 20)
    shapes = [
        box("right", at=right),
        box("below right", at=below_right),
        box("below left", at=below_left),
        box("left", at=left),
    ]
    wide = box("all across", at=(5, 22, 90, 5))
    (text,) = markdown(tmp_path, [Slide([*shapes, title("Two columns"), wide])])
    assert text.split("\n\n") == ["## Two columns", "all across", "left", "below left", "right", "below right"]


def test_a_group_is_read_as_one_and_a_large_text_box_serves_as_title(tmp_path: Path) -> None:
    big = '<a:p><a:r><a:rPr sz="4000"/><a:t>学习目标</a:t></a:r></a:p>'
    grouped = group(box("B", at=(50, 0, 40, 40)), box("A", at=(0, 5, 40, 40)), at=(5, 30, 90, 30))
    (text,) = markdown(tmp_path, [Slide([box("afterwards", at=(5, 80, 90, 10)), grouped, box(big, at=(5, 5, 90, 15))])])
    assert text == "## 学习目标\n\nA\n\nB\n\nafterwards"


def test_lists_follow_the_bullets_that_a_reader_sees(tmp_path: Path) -> None:
    plain = "<a:p><a:pPr><a:buNone/></a:pPr><a:r><a:t>No bullet here.</a:t></a:r></a:p>"
    numbered = '<a:p><a:pPr><a:buAutoNum type="arabicPeriod"/></a:pPr><a:r><a:t>step</a:t></a:r></a:p>'
    (text,) = markdown(
        tmp_path,
        [
            Slide([body((0, "a"), (1, "b"), (3, "c"), (0, "d"), plain, numbered, numbered)]),
        ],
    )
    assert text == "- a\n  - b\n    - c\n- d\n\nNo bullet here.\n\n1. step\n2. step"
    typed = box("• one", "• two", "1、三", at=(5, 5, 90, 90))
    assert markdown(tmp_path, [Slide([typed])]) == ["- one\n- two\n\n1. 三"]


def test_characters_that_markdown_would_take_for_marks_are_kept(tmp_path: Path) -> None:
    raised = (
        '<a:p><a:r><a:t>10</a:t></a:r><a:r><a:rPr baseline="30000"/><a:t>-6</a:t></a:r><a:r><a:t> m</a:t></a:r></a:p>'
    )
    (text,) = markdown(tmp_path, [Slide([box("# not a heading", "2 * 3 *4* __init__ a_b &lt;tag&gt; [x](y)", raised)])])
    assert text == "\\# not a heading\n\n2 * 3 \\*4\\* \\_\\_init\\_\\_ a_b \\<tag> [x\\](y)\n\n10⁻⁶ m"


def test_pictures_come_with_their_alt_text_once_each(tmp_path: Path) -> None:
    shown = {"p1": ("image", "media/image1.png", PNG)}
    slides = [
        Slide([title("A"), picture("p1", "A commit graph")], parts=shown),
        Slide([title("B"), picture("p1", "image3.png")], parts=shown),
        Slide([title("C"), body("text"), picture("p1", at=(0, 0, 2, 2))], parts=shown),
        Slide([title("D"), picture("p2")], parts={"p2": ("image", "media/image2.emf", b"\x01\x00\x00\x00 EMF")}),
        *(Slide([title(letter)]) for letter in "EFGH"),
    ]
    parts = parts_of(tmp_path, slides)
    assert parts[0].text == "## A\n\n![A commit graph](slide1-1.png)"
    assert parts[0].images[0].name == "slide1-1.png" and parts[0].images[0].data == PNG
    assert parts[1].text == "## B\n\n![](slide1-1.png)" and not parts[1].images
    assert parts[2].text == "## C\n\n- text"
    assert "save it as PNG" in parts[3].warning


def test_a_logo_on_every_slide_is_no_content(tmp_path: Path) -> None:
    shown = {"p1": ("image", "media/image1.png", PNG)}
    slides = [Slide([title(letter), picture("p1")], parts=shown) for letter in "ABCD"]
    assert markdown(tmp_path, slides) == ["## A", "## B", "## C", "## D"]


def test_a_deck_of_pictures_only_says_so(tmp_path: Path) -> None:
    parts = parts_of(tmp_path, [Slide([picture("p1")], parts={"p1": ("image", "media/image1.png", PNG)})])
    assert parts[0].text == "![](slide1-1.png)"
    assert parts[0].warning.startswith("no slide has text, only pictures") and "OCR" in parts[0].warning


def test_hidden_slides_are_kept_and_empty_ones_passed_over(tmp_path: Path) -> None:
    parts = parts_of(tmp_path, [Slide([]), Slide([title("Hidden")], hidden=True, notes="Ask first.\n# two")])
    assert [(part.text, part.place and part.place.value) for part in parts] == [
        ("## Hidden\n\n> **Notes:** Ask first.\n>\n> \\# two", "2")
    ]


def test_charts_and_smart_art_give_their_words_and_numbers(tmp_path: Path) -> None:
    def points(name: str, values: Sequence[object], code: str = "General") -> str:
        inner = "".join(f'<c:pt idx="{n}"><c:v>{value}</c:v></c:pt>' for n, value in enumerate(values))
        return f"<c:{name}><c:numRef><c:numCache><c:formatCode>{code}</c:formatCode>{inner}</c:numCache></c:numRef></c:{name}>"

    chart = (
        f"<c:chartSpace {NAMESPACES}><c:chart><c:title><c:tx><c:rich><a:p><a:r><a:t>茶的销量</a:t></a:r></a:p></c:rich></c:tx></c:title>"
        "<c:plotArea><c:barChart><c:ser><c:tx><c:strRef><c:strCache><c:pt idx='0'><c:v>2024</c:v></c:pt></c:strCache></c:strRef></c:tx>"
        f"{points('cat', ['绿茶', '红茶'])}{points('val', [12.5, 0.1 + 0.2])}</c:ser></c:barChart></c:plotArea></c:chart></c:chartSpace>"
    )
    days = chart.replace(points("cat", ["绿茶", "红茶"]), points("cat", [45363, 45364], "d mmm")).replace(
        "茶的销量", ""
    )
    nodes = "".join(
        f'<dgm:pt modelId="{n}"{kind}><dgm:t><a:p><a:r><a:t>{text}</a:t></a:r></a:p></dgm:t></dgm:pt>'
        for n, kind, text in [
            (0, ' type="doc"', ""),
            (1, "", "Plan"),
            (2, "", "Do"),
            (3, "", "Write it"),
            (9, ' type="pres"', "no"),
        ]
    )
    lines = '<dgm:cxn srcId="0" destId="2" srcOrd="1"/><dgm:cxn srcId="0" destId="1" srcOrd="0"/><dgm:cxn srcId="2" destId="3" srcOrd="0"/>'
    diagram = (
        f"<dgm:dataModel {NAMESPACES}><dgm:ptLst>{nodes}</dgm:ptLst><dgm:cxnLst>{lines}</dgm:cxnLst></dgm:dataModel>"
    )
    slides = [
        Slide(
            [title("Chart"), graphic("chart", '<c:chart r:id="c1"/>')],
            parts={"c1": ("chart", "charts/c1.xml", chart.encode())},
        ),
        Slide(
            [title("Art"), graphic("diagram", '<dgm:relIds r:dm="d1" r:lo="d1" r:qs="d1" r:cs="d1"/>')],
            parts={"d1": ("diagramData", "diagrams/d1.xml", diagram.encode())},
        ),
    ]
    slides.append(
        Slide(
            [title("Days"), graphic("chart", '<c:chart r:id="c2"/>')],
            parts={"c2": ("chart", "charts/c2.xml", days.encode())},
        )
    )
    first, second, third = markdown(tmp_path, slides)
    assert first == "## Chart\n\n茶的销量\n\n|  | 2024 |\n| --- | --- |\n| 绿茶 | 12.5 |\n| 红茶 | 0.3 |"
    assert second == "## Art\n\n- Plan\n- Do\n  - Write it"
    assert third.endswith("| 2024-03-12 | 12.5 |\n| 2024-03-13 | 0.3 |")


def test_formulas_that_powerpoint_hides_in_alternatives_are_found(tmp_path: Path) -> None:
    formula = (
        "<a:p><a:r><a:t>So </a:t></a:r><a14:m><m:oMath><m:sSup><m:e><m:r><m:t>𝑒</m:t></m:r></m:e><m:sup><m:r><m:t>𝑖𝜋</m:t></m:r></m:sup></m:sSup>"
        "<m:r><m:t>=−1</m:t></m:r></m:oMath></a14:m></a:p>"
    )
    old = picture("p9")
    shape = f'<mc:AlternateContent><mc:Choice Requires="a14">{box(formula)}</mc:Choice><mc:Fallback>{old}</mc:Fallback></mc:AlternateContent>'
    assert markdown(tmp_path, [Slide([title("Euler"), shape])]) == [r"## Euler" + "\n\n" + r"So $e^{i\pi}=-1$"]


def test_links_lead_to_the_web_only(tmp_path: Path) -> None:
    linked = '<a:p><a:r><a:rPr><a:hlinkClick r:id="{}"/></a:rPr><a:t>here</a:t></a:r></a:p>'
    slide = Slide(
        [box(linked.format("h1"), linked.format("h2"))],
        links={"h1": "https://example.org/a", "h2": "file:///etc/passwd"},
    )
    assert markdown(tmp_path, [slide]) == ["[here](https://example.org/a)\n\nhere"]


def test_merged_cells_of_a_table_stand_once(tmp_path: Path) -> None:
    def cell(text: str, merged: str = "") -> str:
        return f"<a:tc {merged}><a:txBody><a:bodyPr/><a:p><a:r><a:t>{text}</a:t></a:r></a:p></a:txBody></a:tc>"

    rows = [cell("Year", 'gridSpan="2"') + cell("", 'hMerge="1"'), cell("2023") + cell("a | b"), cell("") + cell("")]
    table = "<a:tbl><a:tblGrid/>" + "".join(f'<a:tr h="1">{row}</a:tr>' for row in rows) + "</a:tbl>"
    assert markdown(tmp_path, [Slide([graphic("table", table)])]) == ["| Year |  |\n| --- | --- |\n| 2023 | a \\| b |"]


def test_one_broken_shape_costs_a_warning_and_not_the_deck(tmp_path: Path) -> None:
    parts = parts_of(
        tmp_path, [Slide([title("A"), graphic("chart", '<c:chart r:id="nowhere"/>')]), Slide([title("B")])]
    )
    assert [part.text for part in parts] == ["## A", "## B"]
    assert parts[0].warning.startswith("slide 1 has something on it that cannot be read")


def test_slide_shows_are_read_as_slides_are(tmp_path: Path) -> None:
    deck, show = write(tmp_path / "a.pptx", [Slide([title("A show")])]), tmp_path / "a.ppsx"
    with zipfile.ZipFile(deck) as old, zipfile.ZipFile(show, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b"presentation.main+xml", b"slideshow.main+xml"))
    assert [part.text for part in read(show, "a.ppsx")] == ["## A show"]


def test_files_that_are_no_slides_are_refused_in_a_sentence(tmp_path: Path) -> None:
    empty = write(tmp_path / "empty.pptx", [Slide([])])
    with pytest.raises(InputError, match="nothing on them"):
        list(read(empty, "empty.pptx"))
    old = tmp_path / "old.ppt"
    old.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
    with pytest.raises(InputError, match=r"old\.ppt .* save it as \.pptx"):
        list(read(old, "old.ppt"))
    broken = tmp_path / "broken.pptx"
    broken.write_bytes(empty.read_bytes().replace(b"ppt/presentation.xml", b"ppt/presentatiOn.xml"))
    with pytest.raises(InputError, match=r"not a readable \.pptx"):
        list(read(broken, "broken.pptx"))


def test_a_missing_library_is_named_with_its_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = write(tmp_path / "a.pptx", [Slide([title("A")])])
    monkeypatch.setitem(sys.modules, "pptx.package", None)
    with pytest.raises(InputError, match=r"a\.pptx needs python-pptx.*kcreate\[docs\]"):
        list(read(file, "a.pptx"))


def by_pandoc(folder: Path, text: str) -> Path:
    pypandoc = pytest.importorskip("pypandoc")
    file = folder / "deck.pptx"
    pypandoc.convert_text(text.lstrip(), "pptx", format="markdown", outputfile=str(file))
    return file


def parts_of(folder: Path, slides: Sequence[Slide]) -> list[Part]:
    return list(read(write(folder / "deck.pptx", slides), "deck.pptx"))


def markdown(folder: Path, slides: Sequence[Slide]) -> list[str]:
    return [part.text for part in parts_of(folder, slides)]
