"""PDF notes: what reportlab lays out on pages comes back as Markdown in reading order, and broken files are refused in a sentence."""

import io
import random
import re
import shutil
import subprocess
import sys
import zlib
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
from PIL import Image as Picture
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Table, TableStyle

from kcreate.core.errors import InputError
from kcreate.core.notes.formats.converted import Part
from kcreate.core.notes.formats.pdf import opening as pdf_opening
from kcreate.core.notes.formats.pdf import reader as pdf_reader
from kcreate.core.notes.formats.pdf.reader import read
from kcreate.core.notes.formats.pdf.words import plain

WIDTH, HEIGHT = A4
HAN = "STSong-Light"
pdfmetrics.registerFont(UnicodeCIDFont(HAN))
PROSE = (
    "A version control system records every change that is made to a file so that an earlier state may be looked at "
    "again whenever somebody needs it and nothing that was written is ever lost by accident. Many people can work on "
    "the same text at once because their changes are brought together later and only where two of them touched the "
    "same line does a person have to decide which of the two is meant to stay. "
)
TEA = "茶叶的制作工艺决定了茶的品质特征，鲜叶采摘之后经过萎凋、杀青、揉捻、发酵和干燥等工序，形成不同风味的成品茶。"


def wrap(text: str, width: float, font: str = "Times-Roman", size: float = 10) -> list[str]:
    """Lines no wider than `width`, broken at spaces, Chinese anywhere."""
    lines = [""]
    for token in re.findall(r"[\u3000-\uffef]|[^\s\u3000-\uffef]+\s*", text):
        if lines[-1] and pdfmetrics.stringWidth((lines[-1] + token).rstrip(), font, size) > width:
            lines[-1] = lines[-1].rstrip()
            lines.append("")
        lines[-1] += token
    return [line.rstrip() for line in lines]


def put(canvas: Canvas, lines: list[str], x: float, y: float, font: str = "Times-Roman", size: float = 10) -> float:
    """Draw lines from `y` downwards; the next line's height."""
    canvas.setFont(font, size)
    for line in lines:
        canvas.drawString(x, y, line)
        y -= 1.25 * size
    return y


def paragraph(canvas: Canvas, text: str, y: float, x: float = 72, width: float = 450, size: float = 10) -> float:
    """A paragraph and the gap below it."""
    return put(canvas, wrap(text, width, size=size), x, y, size=size) - 6


@pytest.fixture
def make(tmp_path: Path) -> Callable[..., Path]:
    """Writes a PDF from functions that draw a page each."""

    def written(*pages: Callable[[Canvas], object], name: str = "notes.pdf", **options: object) -> Path:
        file = tmp_path / name
        canvas = Canvas(str(file), pagesize=options.pop("pagesize", A4), **options)
        for draw in pages:
            draw(canvas)
            canvas.showPage()
        canvas.save()
        return file

    return written


def parts(file: Path) -> list[Part]:
    return list(read(file, file.name))


def text(file: Path) -> str:
    return "\n\n".join(part.text for part in parts(file))


def in_order(whole: str, *pieces: str) -> bool:
    places = [whole.find(piece) for piece in pieces]
    return -1 not in places and places == sorted(places)


def numbered(count: int, mark: str) -> str:
    """Prose whose sentences carry numbers, to see their order."""
    return " ".join(
        f"{mark} sentence {number} says that changes are recorded and kept for later." for number in range(1, count + 1)
    )


def test_two_columns_are_read_one_after_the_other_between_headings_that_span_them(make: Callable[..., Path]) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setFont("Times-Bold", 20)
        canvas.drawCentredString(WIDTH / 2, 780, "Changes and their history in shared texts")
        for x, mark in ((72, "Left"), (315, "Right")):
            put(canvas, wrap(numbered(9, mark), 215), x, 740)
        canvas.setFont("Times-Bold", 14)
        canvas.drawString(72, 420, "Second part of the page")
        for x, mark in ((72, "Third"), (315, "Fourth")):
            put(canvas, wrap(numbered(6, mark), 215), x, 395)

    found = text(make(draw))
    assert found.startswith("# Changes and their history in shared texts\n\nLeft sentence 1 ")
    assert in_order(
        found, "Left sentence 9 says", "Right sentence 1 says", "Right sentence 9", "## Second part", "Third sentence 1 ", "Third sentence 6", "Fourth sentence 1 "
    )  # fmt: skip


def test_three_columns_are_read_from_left_to_right(make: Callable[..., Path]) -> None:
    def draw(canvas: Canvas) -> None:
        for x, mark in ((60, "One"), (225, "Two"), (390, "Three")):
            put(canvas, wrap(numbered(8, mark), 150), x, 760)

    found = text(make(draw))
    assert in_order(
        found, "One sentence 1 ", "One sentence 8 ", "Two sentence 1 ", "Two sentence 8 ", "Three sentence 1 "
    )


def test_a_paragraph_that_runs_into_the_next_column_stays_one(make: Callable[..., Path]) -> None:
    lines = wrap(PROSE * 4, 215)

    def draw(canvas: Canvas) -> None:
        half = len(lines) // 2
        put(canvas, lines[:half], 72, 740)
        put(canvas, lines[half:], 315, 740)

    assert text(make(draw)) == " ".join((PROSE * 4).split())


def test_headers_footers_and_page_numbers_go_though_odd_and_even_pages_differ(make: Callable[..., Path]) -> None:
    def page(number: int) -> Callable[[Canvas], None]:
        def draw(canvas: Canvas) -> None:
            left = number % 2 == 0
            canvas.setFont("Times-Roman", 9)
            canvas.drawString(72, 800, "Version control in ten steps" if left else f"Chapter {number // 3 + 1}")
            canvas.drawString(72 if left else 510, 40, str(number + 4))
            y = paragraph(canvas, f"Page {number} begins with its own words and says something. " + PROSE, 740)
            y = paragraph(canvas, "Always write a message.", y)
            paragraph(canvas, PROSE, y)

        return draw

    found = text(make(*map(page, range(1, 9))))
    assert "ten steps" not in found and "Chapter" not in found
    assert not re.search(r"^\d+$", found, re.MULTILINE)
    assert found.count("Always write a message.") == 8
    assert "Page 8 begins with its own words" in found


def test_chinese_headers_and_numbers_go(make: Callable[..., Path]) -> None:
    def page(number: int) -> Callable[[Canvas], None]:
        def draw(canvas: Canvas) -> None:
            canvas.setFont(HAN, 9)
            canvas.drawCentredString(WIDTH / 2, 800, "茶文化讲义")
            canvas.drawCentredString(WIDTH / 2, 40, f"第 {number} 页 共 3 页")
            put(canvas, wrap(f"本页讲第{number}类茶。" + TEA * 3, 440, HAN, 11), 72, 740, HAN, 11)

        return draw

    found = text(make(*map(page, (1, 2, 3))))
    assert "讲义" not in found and "页 共" not in found and "共3页" not in found
    assert "本页讲第2类茶。" in found


def test_a_hyphen_goes_where_it_cuts_a_word_and_stays_where_it_is_part_of_one(make: Callable[..., Path]) -> None:
    def draw(canvas: Canvas) -> None:
        put(canvas, ["The system keeps track of all infor-", "mation that a person needs, and of well-"], 72, 760)
        put(
            canvas,
            ["known names. It is a well-known fact that in-", "formation about long-term plans, or on long-"],
            72,
            735,
        )
        put(canvas, ["term goals, is information too."], 72, 710)

    found = text(make(draw))
    assert "all information that" in found and "that information about" in found
    assert "well-known names" in found and "long-term goals" in found


def test_chinese_lines_are_joined_without_spaces_in_columns_too(make: Callable[..., Path]) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setFont(HAN, 20)
        canvas.drawCentredString(WIDTH / 2, 780, "中国茶文化概论")
        for x, mark in ((72, "左栏"), (315, "右栏")):
            put(canvas, wrap(mark + TEA * 8, 215, HAN, 10.5), x, 740, HAN, 10.5)

    assert text(make(draw)) == "# 中国茶文化概论\n\n左栏" + TEA * 8 + "\n\n右栏" + TEA * 8


def test_headings_have_the_same_levels_all_over_the_document(make: Callable[..., Path]) -> None:
    def page(number: int) -> Callable[[Canvas], None]:
        def draw(canvas: Canvas) -> None:
            y = 760.0
            if number == 1:
                y = put(canvas, ["Working with history"], 72, y, "Helvetica-Bold", 22) - 10
            y = put(canvas, [f"{number} Chapter about a topic"], 72, y, "Helvetica-Bold", 16) - 6
            y = paragraph(canvas, PROSE, y)
            y = put(canvas, [f"{number}.1 A section of it"], 72, y, "Helvetica-Bold", 12) - 4
            y = paragraph(canvas, PROSE, y) - 4
            y = put(canvas, ["In bold letters"], 72, y, "Times-Bold", 10) - 4
            paragraph(canvas, PROSE, y)

        return draw

    found = re.findall(r"^#+ .*", text(make(page(1), page(2))), re.MULTILINE)
    assert found == [
        "# Working with history", "## 1 Chapter about a topic", "### 1.1 A section of it", "#### In bold letters",
        "## 2 Chapter about a topic", "### 2.1 A section of it", "#### In bold letters",
    ]  # fmt: skip


def test_lists_are_nested_by_their_indent(make: Callable[..., Path]) -> None:
    def draw(canvas: Canvas) -> None:
        y = paragraph(canvas, PROSE, 760)
        y = put(canvas, ["•  The first item is so long that it has to go on in a second line of", "   the page"], 80, y)
        y = put(canvas, ["–  an item below it", "–  one more"], 100, y)
        y = put(canvas, ["•  The second item"], 80, y) - 8
        put(canvas, ["1.  Add the file", "2.  Commit it"], 80, y)

    found = text(make(draw))
    expected = (
        "- The first item is so long that it has to go on in a second line of the page\n"
        "  - an item below it\n  - one more\n- The second item\n\n1. Add the file\n2. Commit it"
    )
    assert found.endswith(expected)


def test_bullets_that_are_drawn_count_as_bullets(make: Callable[..., Path]) -> None:
    def draw(canvas: Canvas) -> None:
        y = paragraph(canvas, PROSE, 760)
        for item in ("绿茶", "红茶"):
            canvas.circle(84, y + 3.5, 2, fill=1)
            y = put(canvas, [item], 94, y, HAN)

    assert text(make(draw)).endswith("- 绿茶\n- 红茶")


def test_ruled_tables_become_pipe_tables(make: Callable[..., Path]) -> None:
    rows = [["Command", "What it does"], ["git add", "takes up a change\nfor the next commit"], ["a | b", "茶叶"]]

    def draw(canvas: Canvas) -> None:
        y = paragraph(canvas, PROSE, 760)
        table = Table(rows, colWidths=[120, 200])
        table.setStyle(TableStyle([("GRID", (0, 0), (-1, -1), 0.5, colors.black), ("FONT", (1, 2), (1, 2), HAN)]))
        table.wrapOn(canvas, 400, 400)
        table.drawOn(canvas, 72, y - 90)
        paragraph(canvas, "After the table " + PROSE, y - 120)

    found = text(make(draw))
    assert (
        "\n\n| Command | What it does |\n| --- | --- |\n| git add | takes up a change for the next commit |\n"
        "| a \\| b | 茶叶 |\n\nAfter the table" in found
    )


def test_tables_without_rules_are_seen_by_their_columns(make: Callable[..., Path]) -> None:
    rows = [
        ("Norm", "Year", "Place"),
        ("First", "1986", "Paris"),
        ("Second", "1991", "New York"),
        ("Third", "2004", "Rome"),
    ]

    def draw(canvas: Canvas) -> None:
        y = paragraph(canvas, PROSE, 760)
        for row in rows:
            for x, cell in zip((90, 190, 290), row, strict=True):
                put(canvas, [cell], x, y)
            y -= 13
        paragraph(canvas, PROSE, y - 10)

    assert (
        "| Norm | Year | Place |\n| --- | --- | --- |\n| First | 1986 | Paris |\n| Second | 1991 | New York |\n"
        in text(make(draw))
    )


def test_a_font_of_one_width_is_code_with_its_indentation(make: Callable[..., Path]) -> None:
    code = [
        "def brew(tea, minutes=3):",
        "    if tea == 'green':",
        "        return minutes - 1",
        "",
        "    return minutes",
    ]

    def draw(canvas: Canvas) -> None:
        y = paragraph(canvas, PROSE, 760)
        y = put(canvas, code, 90, y, "Courier", 9)
        paragraph(canvas, PROSE, y - 8)

    assert "\n\n```\n" + "\n".join(code) + "\n```\n\nA version" in text(make(draw))


def test_a_typewritten_document_is_not_all_code(make: Callable[..., Path]) -> None:
    def draw(canvas: Canvas) -> None:
        put(canvas, wrap(PROSE, 450, "Courier"), 72, 760, "Courier")

    assert text(make(draw)) == PROSE.strip()


def noise(width: int, height: int) -> ImageReader:
    """A picture in many colours."""
    stream = io.BytesIO()
    Picture.frombytes("RGB", (width, height), random.Random(0).randbytes(3 * width * height)).save(stream, "PNG")
    stream.seek(0)
    return ImageReader(stream)


def test_figures_are_cut_out_and_named_by_their_captions_and_small_pictures_are_not(make: Callable[..., Path]) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.drawImage(noise(8, 8), 500, 780, 20, 20)
        y = paragraph(canvas, PROSE, 760)
        canvas.drawImage(noise(60, 40), 150, y - 150, 240, 150)
        y = put(canvas, ["Figure 1: A branch and its commits."], 150, y - 170, size=9) - 10
        paragraph(canvas, "Behind the figure. " + PROSE, y)

    (part,) = parts(make(draw))
    (image,) = part.images
    assert (
        f"![Figure 1: A branch and its commits.]({image.name})\n\nFigure 1: A branch and its commits.\n\nBehind"
        in part.text
    )
    picture = Picture.open(io.BytesIO(image.data))
    assert picture.format == "PNG" and abs(picture.width / picture.height - 240 / 150) < 0.05
    assert len(picture.getcolors(10**6) or []) > 100


def test_drawings_are_cut_out_with_their_labels(make: Callable[..., Path]) -> None:
    def draw(canvas: Canvas) -> None:
        y = paragraph(canvas, PROSE, 760)
        for number in range(14):
            canvas.circle(150 + 15 * number, y - 60 - (number * 37) % 50, 9)
        put(canvas, ["commit"], 180, y - 85)
        paragraph(canvas, PROSE, y - 180)

    (part,) = parts(make(draw))
    assert len(part.images) == 1 and f"![commit]({part.images[0].name})" in part.text
    assert "\ncommit" not in part.text


def test_footnotes_stand_at_the_end_and_do_not_cut_the_sentence_at_the_page_break(make: Callable[..., Path]) -> None:
    def first(canvas: Canvas) -> None:
        lines = wrap(PROSE * 2, 450)
        put(canvas, lines[:5], 72, 760)
        canvas.setFont("Times-Roman", 6)
        canvas.drawString(72, 113, "1")
        put(canvas, ["A remark of the author about files."], 76, 110, size=8)

    def second(canvas: Canvas) -> None:
        lines = wrap(PROSE * 2, 450)
        y = put(canvas, lines[5:], 72, 760)
        paragraph(canvas, "The second page has a paragraph of its own.", y - 8)

    one, two = parts(make(first, second))
    assert [one.place and one.place.value, two.place and two.place.value] == ["1", "2"]
    body, note = one.text.split("\n\n")
    assert note == "¹ A remark of the author about files."
    assert body.endswith(("meant to stay.", "by accident.")) and " ".join((PROSE * 2).split()).startswith(body)
    assert two.text.endswith("\n\nThe second page has a paragraph of its own.")


def test_a_page_whose_only_sentence_began_before_gives_no_part(make: Callable[..., Path]) -> None:
    lines = wrap("One very long sentence goes on and on, " * 12 + "until it ends.", 450)

    def page(start: int, stop: int) -> Callable[[Canvas], None]:
        return lambda canvas: put(canvas, lines[start:stop], 72, 760)

    found = parts(make(page(0, 3), page(3, len(lines))))
    assert len(found) == 1 and found[0].text.endswith("until it ends.") and "\n" not in found[0].text


def test_marks_of_markdown_are_escaped_only_where_they_would_mean_something(make: Callable[..., Path]) -> None:
    shown = [
        "# is how a remark begins.",
        "1986. That was the year.",
        "Stars as in *this* and __init__ but snake_case and 2 * 3.",
        "A tag <b> but 3 < 4, $5 or $6, and [a](b).",
    ]

    def draw(canvas: Canvas) -> None:
        y = 760.0
        for line in shown:
            y = paragraph(canvas, line, y) - 10

    assert text(make(draw)).split("\n\n") == [
        "\\# is how a remark begins.", "1986\\. That was the year.",
        "Stars as in \\*this\\* and \\_\\_init\\_\\_ but snake_case and 2 * 3.", "A tag \\<b> but 3 < 4, \\$5 or \\$6, and \\[a](b).",
    ]  # fmt: skip


def test_raised_and_lowered_numbers_stay_as_such(make: Callable[..., Path]) -> None:
    def draw(canvas: Canvas) -> None:
        line = canvas.beginText(72, 760)
        line.setFont("Times-Roman", 10)
        for piece, size, rise in (("E = mc", 10, 0), ("2", 7, 4), (" and H", 10, 0), ("2", 7, -2), ("O.", 10, 0)):
            line.setFont("Times-Roman", size)
            line.setRise(rise)
            line.textOut(piece)
        canvas.drawText(line)

    assert text(make(draw)) == "E = mc² and H₂O."


def test_ligatures_and_compatibility_forms_become_plain_letters_but_not_punctuation() -> None:
    assert [plain(one) for one in "ﬁﬄ⼈豈Ａ３，（\xa0"] == ["fi", "ffl", "人", "豈", "A", "3", "，", "（", " "]


def test_text_across_the_page_is_dropped_and_pages_on_their_side_are_read(make: Callable[..., Path]) -> None:
    def stamped(canvas: Canvas) -> None:
        paragraph(canvas, PROSE, 760)
        canvas.saveState()
        canvas.translate(200, 300)
        canvas.rotate(50)
        put(canvas, ["CONFIDENTIAL"], 0, 0, "Helvetica", 60)
        canvas.restoreState()

    def turned(canvas: Canvas) -> None:
        canvas.rotate(90)
        put(canvas, wrap("Sideways: " + PROSE, 450), 100, -200)

    one, two = parts(make(stamped, turned))
    assert one.text == PROSE.strip() and two.text == "Sideways: " + PROSE.strip()
    assert text(make(lambda canvas: put(canvas, ["Broad page."], 72, 400), pagesize=landscape(A4))) == "Broad page."


def scan(canvas: Canvas) -> None:
    canvas.drawImage(noise(50, 70), 0, 0, WIDTH, HEIGHT)


def test_a_document_of_scans_is_refused_with_ocr_named(make: Callable[..., Path]) -> None:
    with pytest.raises(InputError, match=r"notes\.pdf .*OCR"):
        parts(make(scan, scan))


def test_a_scanned_page_among_others_is_a_warning(make: Callable[..., Path]) -> None:
    one, two, three = parts(
        make(lambda canvas: paragraph(canvas, PROSE, 760), scan, lambda canvas: put(canvas, ["End."], 72, 700))
    )
    assert (two.text, two.images) == ("", ()) and "page 2 has no text layer" in two.warning and "OCR" in two.warning
    assert one.text == PROSE.strip() and three.text == "End." and not one.warning + three.warning


def test_letters_without_a_character_are_no_text(make: Callable[..., Path], tmp_path: Path) -> None:
    from reportlab.pdfbase.ttfonts import TTFError, TTFont

    try:
        pdfmetrics.registerFont(TTFont("Embedded", "DejaVuSans.ttf"))
    except TTFError:
        pytest.skip("no TrueType font to embed")
    words = "Все изменения записываются и сохраняются на потом."
    good = make(lambda canvas: put(canvas, [words], 72, 760, "Embedded"), pageCompression=0)
    assert text(good) == words
    bad = tmp_path / "bad.pdf"
    bad.write_bytes(good.read_bytes().replace(b"/ToUnicode", b"/NoUnicode"))
    with pytest.raises(InputError, match="OCR"):
        parts(bad)


def test_a_password_is_named_and_an_empty_one_is_none(make: Callable[..., Path]) -> None:
    from reportlab.lib.pdfencrypt import StandardEncryption

    def draw(canvas: Canvas) -> object:
        return put(canvas, ["Secret words."], 72, 700)

    with pytest.raises(InputError, match="locked with a password; save a copy without"):
        parts(make(draw, encrypt=StandardEncryption("secret", "owner")))
    assert text(make(draw, encrypt=StandardEncryption("", "owner"))) == "Secret words."


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "is empty"),
        (b"<!DOCTYPE html><html><body>notes</body></html>", "looks like a web page"),
        (b"PK\x03\x04 word/document.xml", "looks like a ZIP or Office file"),
        (b"just some words", "is no PDF"),
        (b"%PDF-1.7\nnothing behind it", "broken or cut-off"),
        (b"%PDF-1.4\n" + bytes(range(256)) * 40, "broken or cut-off"),
    ],
)
def test_what_is_no_pdf_is_refused(tmp_path: Path, data: bytes, said: str) -> None:
    file = tmp_path / "notes.pdf"
    file.write_bytes(data)
    with pytest.raises(InputError, match=said):
        parts(file)


def test_cut_off_and_damaged_files_give_pages_or_a_refusal_and_nothing_else(
    make: Callable[..., Path], tmp_path: Path
) -> None:
    whole = make(lambda canvas: paragraph(canvas, PROSE, 760), lambda canvas: scan(canvas)).read_bytes()
    dice = random.Random(1)
    outcomes = set()
    for number in range(40):
        data = bytearray(whole if number % 2 else whole[: dice.randrange(20, len(whole))])
        for _ in range(30 if number % 2 else 0):
            data[dice.randrange(20, len(data))] = dice.randrange(256)
        file = tmp_path / "damaged.pdf"
        file.write_bytes(data)
        try:
            outcomes.add(bool(parts(file)))
        except InputError as error:
            assert str(error).startswith("damaged.pdf ")
            outcomes.add(False)
    assert outcomes == {True, False}


def test_a_file_that_unpacks_to_hundreds_of_megabytes_is_refused(make: Callable[..., Path], tmp_path: Path) -> None:
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(b" " * 10_000_000) for _ in range(30)) + packer.flush()
    file = tmp_path / "bomb.pdf"
    whole = make(lambda canvas: put(canvas, ["Words."], 72, 700)).read_bytes()
    extra = b"9 0 obj\n<</Length %d/Filter/FlateDecode>>stream\n%s\nendstream endobj\n" % (len(packed), packed)
    file.write_bytes(whole.replace(b"1 0 obj", extra + b"1 0 obj", 1))
    with pytest.raises(InputError, match="unpacks to far more"):
        parts(file)


def test_too_many_pages_are_refused(make: Callable[..., Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf_opening, "MAX_PAGES", 2)
    with pytest.raises(InputError, match="3 pages and 2 are read at most"):
        parts(make(*[lambda canvas: put(canvas, ["Words."], 72, 700)] * 3))


def test_a_missing_library_is_named(make: Callable[..., Path], monkeypatch: pytest.MonkeyPatch) -> None:
    file = make(lambda canvas: put(canvas, ["Words."], 72, 700))
    monkeypatch.setitem(sys.modules, "pypdfium2", None)
    with pytest.raises(InputError, match=r"notes\.pdf .*kcreate\[docs\]"):
        parts(file)


def test_a_table_of_contents_is_left_out(make: Callable[..., Path]) -> None:
    def draw(canvas: Canvas) -> None:
        y = put(canvas, ["Contents"], 72, 760, "Times-Bold", 16) - 10
        y = put(canvas, [f"{number} A chapter {'. ' * 40}{number * 7}" for number in range(1, 6)], 72, y)
        y = put(canvas, ["1 A chapter"], 72, y - 20, "Times-Bold", 16) - 10
        paragraph(canvas, PROSE, y)

    assert text(make(draw)) == "# 1 A chapter\n\n" + PROSE.strip()


def test_what_a_bookmark_names_is_a_heading(make: Callable[..., Path]) -> None:
    def draw(canvas: Canvas) -> None:
        y = paragraph(canvas, PROSE, 760)
        for level, title in enumerate(("Looking back", "回到以前")):
            canvas.bookmarkPage(title)
            canvas.addOutlineEntry(title, title, level)
            y = put(canvas, [title], 72, y - 4, HAN if level else "Times-Roman") - 4
            y = paragraph(canvas, PROSE, y)

    assert re.findall("^#.*", text(make(draw)), re.MULTILINE) == ["# Looking back", "## 回到以前"]


def test_a_box_around_text_is_neither_table_nor_figure(make: Callable[..., Path]) -> None:
    def draw(canvas: Canvas) -> None:
        y = paragraph(canvas, PROSE, 760)
        canvas.rect(70, y - 40, 400, 45)
        y = paragraph(canvas, "Mind that what is not committed can be lost.", y - 14, x=80) - 30
        paragraph(canvas, PROSE, y)

    (part,) = parts(make(draw))
    assert part.images == () and "\n\nMind that what is not committed can be lost.\n\n" in part.text


def test_many_small_cells_do_not_make_headings_of_the_paragraphs(make: Callable[..., Path]) -> None:
    def draw(canvas: Canvas) -> None:
        table = Table([[str(row * column) for column in range(1, 12)] for row in range(100, 125)])
        table.setStyle(TableStyle([("GRID", (0, 0), (-1, -1), 0.5, colors.black), ("FONTSIZE", (0, 0), (-1, -1), 8)]))
        table.wrapOn(canvas, 500, 500)
        table.drawOn(canvas, 40, 60)
        paragraph(canvas, "下表列出各样品的数据。" + PROSE, 760, size=11)

    assert "#" not in text(make(draw))


@pytest.fixture(scope="session")
def mathematics(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, str], bytes]:
    """Renames letters in the table of characters of an embedded font, which is where a PDF says what its glyphs mean."""
    from reportlab.pdfbase.ttfonts import TTFError, TTFont

    try:
        pdfmetrics.registerFont(TTFont("Renamed", "DejaVuSans.ttf"))
    except TTFError:
        pytest.skip("no TrueType font to embed")

    def renamed(letter: str, code: str) -> bytes:
        file = tmp_path_factory.mktemp("renamed") / "letters.pdf"
        canvas = Canvas(str(file), pageCompression=0)
        put(canvas, ["The speed is " + letter + " at any time."], 72, 760, "Renamed")
        canvas.save()
        data = file.read_bytes()
        old = b"<%04X>" % ord(letter)
        assert data.count(old) == 1
        return _relocated(data.replace(old, b"<" + code.encode() + b">"))

    return renamed


def _relocated(data: bytes) -> bytes:
    """A PDF whose parts have moved, with its table of places left for the reader to mend."""
    return re.sub(rb"startxref\s+\d+", b"startxref\n0", data)


@pytest.mark.parametrize(
    ("code", "shown"), [("D835DC63", "v"), ("D840DC0B", "𠀋"), ("D835", ""), ("DC63", "")]
)  # 𝑣 and 𠀋 as pairs of surrogates, and two halves of pairs
def test_letters_beyond_the_basic_plane_are_whole_and_no_half_of_one_is_let_through(
    mathematics: Callable[[str, str], bytes], tmp_path: Path, code: str, shown: str
) -> None:
    file = tmp_path / "letters.pdf"
    file.write_bytes(mathematics("Ж", code))
    found = text(file)
    found.encode("utf-8")
    assert re.sub(r"!\[formula\]\(\S+\)", "", found).split() == f"The speed is {shown} at any time.".split()


def test_forms_of_letters_become_plain_letters_where_they_mean_the_same() -> None:
    assert plain("ﬁ") == "fi" and plain("𝑣") == "v" and plain("ℎ") == "h" and plain("ℝ") == "ℝ"


BROWSER = {
    "Chromium": (["11/22/26, 8:45 AM", "常见的盐"], ["file:///home/wang/notes.html", "1/1"]),
    "Chromium, Chinese": (["2026/11/22 08:45", "常见的盐"], ["https://example.org/salt?page=2", "1/1"]),
    "Firefox": (["常见的盐", "https://example.org/salt"], ["1 of 1", "22/11/2026, 08:45"]),
}


@pytest.mark.parametrize("browser", BROWSER)
def test_what_a_browser_prints_around_a_single_page_goes(make: Callable[..., Path], browser: str) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setFont(HAN, 8)
        for pieces, y in zip(BROWSER[browser], (818, 16), strict=True):
            canvas.drawString(24, y, pieces[0])
            canvas.drawString(400, y, pieces[1])
        put(canvas, ["常见的盐"], 72, 740, HAN, 24)
        put(canvas, wrap(TEA * 2, 440, HAN, 11), 72, 700, HAN, 11)

    assert text(make(draw)) == "# 常见的盐\n\n" + TEA * 2


def test_the_first_and_last_line_stay_where_no_browser_printed_them(make: Callable[..., Path]) -> None:
    def draw(canvas: Canvas) -> None:
        put(canvas, ["Meeting of 22/11/2026"], 72, 815)
        paragraph(canvas, PROSE, 740)
        put(canvas, ["See also the second part."], 72, 30)

    found = text(make(draw))
    assert found.startswith("Meeting of 22/11/2026") and found.endswith("See also the second part.")


SALTS = [
    ["盐", "酸碱性", "水解离子"],
    ["碳酸钠", "碱性", "碳酸根"],
    ["氯化铵", "酸性", "铵根"],
    ["硫酸铝", "酸性", "铝离子"],
]
SALT_TABLE = "\n".join(
    ["| 盐 | 酸碱性 | 水解离子 |", "| --- | --- | --- |"] + ["| " + " | ".join(row) + " |" for row in SALTS[1:]]
)


def salts(canvas: Canvas, x: float, y: float, rules: list[int], pieces: bool = False) -> float:
    """The table, with a rule above each of the rows named, drawn as browsers do in a piece for each cell; where it ends."""
    edges = [x, x + 44, x + 92, x + 150]
    for row in rules:
        at = y - 20 * row
        for a, b in list(pairwise(edges)) if pieces else [(x, x + 150)]:
            canvas.rect(a, at, b - a, 0.75, stroke=0, fill=1)
    for number, cells in enumerate(SALTS):
        for left, cell in zip(edges, cells, strict=False):
            put(canvas, [cell], left + 4, y - 14 - 20 * number, HAN, 12)
    return y - 20 * len(SALTS)


@pytest.mark.parametrize("rules", [[0, 1, 4], [0, 1, 2, 3, 4], [1, 4], [1, 2, 3, 4]])
@pytest.mark.parametrize("pieces", [True, False])
def test_tables_with_level_rules_only_are_whole(make: Callable[..., Path], rules: list[int], pieces: bool) -> None:
    def draw(canvas: Canvas) -> None:
        y = put(canvas, wrap(TEA, 440, HAN, 12), 72, 760, HAN, 12) - 10
        y = salts(canvas, 72, y, rules, pieces) - 30
        put(canvas, wrap("表后。" + TEA, 440, HAN, 12), 72, y, HAN, 12)

    assert text(make(draw)) == f"{TEA}\n\n{SALT_TABLE}\n\n表后。{TEA}"


def test_a_table_with_level_rules_stays_whole_in_a_column(make: Callable[..., Path]) -> None:
    def draw(canvas: Canvas) -> None:
        put(canvas, wrap("左栏" + TEA * 6, 215, HAN, 12), 72, 740, HAN, 12)
        y = put(canvas, wrap("右栏" + TEA * 2, 215, HAN, 12), 315, 740, HAN, 12) - 10
        y = salts(canvas, 315, y, [0, 1, 4], True) - 30
        put(canvas, wrap("表后。" + TEA, 215, HAN, 12), 315, y, HAN, 12)

    assert in_order(text(make(draw)), "左栏" + TEA * 6, "右栏" + TEA * 2 + "\n\n", SALT_TABLE + "\n\n表后。")


def test_cells_of_two_lines_between_level_rules_are_one(make: Callable[..., Path]) -> None:
    def draw(canvas: Canvas) -> None:
        y = paragraph(canvas, PROSE, 760)
        for at in (y, y - 16, y - 80):
            canvas.line(72, at, 400, at)
        put(canvas, ["Command"], 76, y - 12)
        put(canvas, ["What it does"], 200, y - 12)
        put(canvas, ["git add"], 76, y - 30)
        put(canvas, ["takes up a change", "for the next commit"], 200, y - 30)
        put(canvas, ["git log"], 76, y - 65)
        put(canvas, ["shows what was done"], 200, y - 65)

    assert text(make(draw)).endswith(
        "| Command | What it does |\n| --- | --- |\n| git add | takes up a change for the next commit |\n"
        "| git log | shows what was done |"
    )


def test_sections_between_rules_are_no_table(make: Callable[..., Path]) -> None:
    def draw(canvas: Canvas) -> None:
        y = 760.0
        for title in ("Education", "Languages", "Interests"):
            canvas.line(72, y + 16, 522, y + 16)
            y = put(canvas, [title], 72, y, "Times-Bold", 14) - 4
            y = paragraph(canvas, PROSE, y) - 20

    found = text(make(draw))
    assert "|" not in found and in_order(found, "# Education", "# Languages", "# Interests")


def test_a_table_without_outer_edge_is_whole(make: Callable[..., Path]) -> None:
    def draw(canvas: Canvas) -> None:
        y = paragraph(canvas, PROSE, 760)
        canvas.line(170, y, 170, y - 60)
        for row, cells in enumerate((("Wish", "Answer"), ("more paths", "next year"), ("a map", "it is printed"))):
            if row:
                canvas.line(72, y - 20 * row, 400, y - 20 * row)
            put(canvas, [cells[0]], 76, y - 14 - 20 * row)
            put(canvas, [cells[1]], 180, y - 14 - 20 * row)
        paragraph(canvas, PROSE, y - 90)

    assert "| Wish | Answer |\n| --- | --- |\n| more paths | next year |\n| a map | it is printed |\n" in text(
        make(draw)
    )


def glyphs(canvas: Canvas, x: float, y: float, count: int) -> float:
    """Letters drawn as filled curves; where they end."""
    for _ in range(count):
        path = canvas.beginPath()
        path.moveTo(x, y)
        for dx, dy in ((1, 7), (3, 2), (5, 7), (6, 1), (3, 0)):
            path.curveTo(x + dx - 1, y + dy, x + dx, y + dy - 1, x + dx, y + dy)
        path.close()
        canvas.drawPath(path, stroke=0, fill=1)
        x += 7
    return x


def test_formulas_that_are_drawn_stay_as_pictures_in_their_place(make: Callable[..., Path]) -> None:
    def draw(canvas: Canvas) -> None:
        y = put(canvas, wrap(TEA, 440, HAN, 10), 72, 760, HAN, 10) - 8
        put(canvas, ["结合生成水："], 72, y, HAN, 10)
        put(canvas, ["。终点时有"], glyphs(canvas, 133, y, 4), y, HAN, 10)
        glyphs(canvas, 250, y - 40, 6)
        put(canvas, ["后面的话。"], 72, y - 80, HAN, 10)

    (part,) = parts(make(draw))
    assert part.text.split("\n\n")[1:] == [
        "结合生成水：![formula](page1-formula1.png)。终点时有", "![formula](page1-formula2.png)", "后面的话。"
    ]  # fmt: skip
    assert [image.name for image in part.images] == ["page1-formula1.png", "page1-formula2.png"]
    inline = Picture.open(io.BytesIO(part.images[0].data))
    assert 80 <= inline.width <= 105 and 20 <= inline.height <= 35


def test_a_drawn_formula_comes_along_when_its_sentence_began_on_the_page_before(make: Callable[..., Path]) -> None:
    def first(canvas: Canvas) -> None:
        put(canvas, wrap(PROSE + "It is known that the speed", 450), 72, 760)

    def second(canvas: Canvas) -> None:
        canvas.setFont("Times-Roman", 10)
        canvas.drawString(72, 760, "of it is")
        canvas.drawString(glyphs(canvas, 103, 760, 2) + 2, 760, "at all times. The rest follows here.")

    one, two = parts(make(first, second))
    assert one.text.endswith("that the speed of it is ![formula](page2-formula1.png) at all times.")
    assert [image.name for image in one.images] == ["page2-formula1.png"] and two.images == ()


def test_a_fraction_stands_on_one_line(make: Callable[..., Path]) -> None:
    def draw(canvas: Canvas) -> None:
        y = paragraph(canvas, PROSE, 760) - 10
        put(canvas, ["Speed v ="], 72, y, size=12)
        put(canvas, ["k[A]"], 138, y + 6, size=8)
        put(canvas, ["1 + K[B]"], 131, y - 4, size=8)
        canvas.rect(130, y + 3.4, 30, 0.6, stroke=0, fill=1)
        put(canvas, ["and so on."], 164, y, size=12)

    assert text(make(draw)).endswith("Speed v = (k[A])/(1 + K[B]) and so on.")


def test_the_axes_of_a_plot_make_no_table(make: Callable[..., Path]) -> None:
    def draw(canvas: Canvas) -> None:
        y = paragraph(canvas, PROSE, 760) - 160
        for step in range(6):
            canvas.line(100, y + 25 * step, 300, y + 25 * step)
            put(canvas, [str(step)], 90, y + 25 * step - 3)
            canvas.bezier(100 + 30 * step, y + 9 * step, 120, y + 40, 125, y + 50, 130 + 30 * step, y + 9 * step + 20)
        for step in range(1, 4):
            canvas.line(50 + 50 * step, y, 50 + 50 * step, y + 140)
        put(canvas, ["fast", "middle"], 230, y + 115)
        put(canvas, ["slow", "last"], 110, y + 60)
        paragraph(canvas, PROSE, y - 40)

    found = text(make(draw))
    assert "|" not in found and "![" in found


def test_a_letter_that_the_file_does_not_name_stays_as_a_picture(
    mathematics: Callable[[str, str], bytes], tmp_path: Path
) -> None:
    file = tmp_path / "letters.pdf"
    file.write_bytes(mathematics("Ж", "E123"))
    (part,) = parts(file)
    assert part.text == "The speed is ![formula](page1-formula1.png) at any time." and len(part.images) == 1
    assert "letters that the file names no characters for" in part.warning


def test_a_column_that_only_holds_headings_is_read_first_when_it_was_drawn_first(make: Callable[..., Path]) -> None:
    def draw(canvas: Canvas) -> None:
        put(canvas, ["常见的盐", "", "复习"], 72, 720, HAN, 22)
        put(canvas, wrap(TEA * 4, 215, HAN, 12), 315, 750, HAN, 12)

    assert text(make(draw)) == "# 常见的盐\n\n# 复习\n\n" + TEA * 4


def tagged(cells: list[list[str]], step: float = 46.0) -> bytes:
    """A PDF whose tags name a table without rules, its cells hardly apart, as browsers print tables without a style."""
    content, rows, number = "", "", 0
    cell_objects: list[str] = []
    for row, texts in enumerate(cells):
        kids = []
        for column, shown in enumerate(texts):
            x, y = 72 + step * column, 700 - 15 * row
            content += f"/TD <</MCID {number}>> BDC BT /F1 10 Tf {x} {y} Td ({shown}) Tj ET EMC\n"
            cell_objects.append(f"<</Type/StructElem/S/TD/P {10 + row} 0 R/Pg 3 0 R/K {number}>>")
            kids.append(f"{100 + number} 0 R")
            number += 1
        rows += f"{10 + row} 0 R "
        cells[row] = kids
    objects = {
        1: "<</Type/Catalog/Pages 2 0 R/StructTreeRoot 6 0 R/MarkInfo<</Marked true>>>>",
        2: "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        3: "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/StructParents 0"
        "/Resources<</Font<</F1 5 0 R>>>>>>",
        4: f"<</Length {len(content)}>>stream\n{content}endstream",
        5: "<</Type/Font/Subtype/Type1/BaseFont/Courier>>",
        6: "<</Type/StructTreeRoot/K 7 0 R/ParentTree 8 0 R>>",
        7: f"<</Type/StructElem/S/Table/P 6 0 R/K[{rows}]>>",
        8: f"<</Nums[0[{' '.join(f'{100 + one} 0 R' for one in range(number))}]]>>",
    }
    for row, kids in enumerate(cells):
        objects[10 + row] = f"<</Type/StructElem/S/TR/P 7 0 R/K[{' '.join(kids)}]>>"
    objects |= {100 + one: cell for one, cell in enumerate(cell_objects)}
    body = "".join(f"{key} 0 obj\n{value}\nendobj\n" for key, value in objects.items())
    return f"%PDF-1.7\n{body}trailer<</Root 1 0 R/Size 300>>\nstartxref\n0\n%%EOF".encode()


def test_a_table_without_rules_is_found_by_its_tags(tmp_path: Path) -> None:
    file = tmp_path / "tagged.pdf"
    file.write_bytes(tagged([["Salt", "Colour"], ["Sulfate", "blue"], ["Nitrate", "white"]]))
    assert text(file) == "| Salt | Colour |\n| --- | --- |\n| Sulfate | blue |\n| Nitrate | white |"


def test_tags_that_the_page_does_not_bear_out_are_not_believed(tmp_path: Path) -> None:
    file = tmp_path / "tagged.pdf"
    file.write_bytes(tagged([["Sulfates", "blue"], ["Nitrates", "white"]], step=-60))
    assert "|" not in text(file)


CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


@pytest.mark.skipif(not CHROMIUM, reason="no Chromium to print with")
def test_a_web_page_printed_by_chromium_keeps_formulas_and_tables(tmp_path: Path) -> None:
    rows = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in SALTS[1:])
    page = tmp_path / "page.html"
    page.write_text(
        f"<meta charset=utf-8><title>盐</title><style>td,th{{padding:4px 8px}}table{{border-collapse:collapse;"
        "border-top:1px solid;border-bottom:1px solid}thead{border-bottom:1px solid}</style>"
        f"<p>{TEA}<p>Speed <math><mi>v</mi><mo>=</mo><mi>k</mi></math> here.<table><thead><tr><th>盐<th>酸碱性<th>水解离子"
        f"</thead><tbody>{rows}</tbody></table>",
        encoding="utf-8",
    )
    file = tmp_path / "page.pdf"
    command = [str(CHROMIUM), "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={tmp_path / 'profile'}"]
    done = subprocess.run(
        [*command, f"--print-to-pdf={file}", page.as_uri()], capture_output=True, timeout=60, check=False
    )
    if done.returncode or not file.exists():
        pytest.skip("Chromium does not print here")
    found = text(file)
    assert "Speed v = k here." in found and SALT_TABLE in found and "file:" not in found and "1/1" not in found


def test_formulas_beyond_what_is_kept_are_told_of(make: Callable[..., Path], monkeypatch: pytest.MonkeyPatch) -> None:
    def draw(canvas: Canvas) -> None:
        put(canvas, ["Here the speed is"], 72, 760)
        put(canvas, ["and no more."], glyphs(canvas, 146, 760, 3), 760)

    monkeypatch.setattr(pdf_reader, "MAX_FORMULAS", 0)
    (part,) = parts(make(draw))
    assert part.text == "Here the speed is and no more." and part.images == ()
    assert part.warning == "page 1 has drawn formulas that are left out; write them in by hand"
