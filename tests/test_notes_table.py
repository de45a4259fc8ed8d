"""Tables: delimited text in what encoding and dialect it comes, and workbooks written by XlsxWriter."""

import datetime
import io
import re
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kcreate.core.errors import InputError
from kcreate.core.notes.formats.converted import Part
from kcreate.core.notes.formats.table import reader as table
from kcreate.core.notes.formats.table.rows import Row, stretches


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16"])
def test_delimiters_and_encodings_are_told(tmp_path: Path, delimiter: str, encoding: str) -> None:
    rows = [
        ["名称", "价格", "说明"],
        ["龙井", "12.5", "产于杭州的绿茶，味道清香。"],
        ["普洱", "8", "产于云南的黑茶，可以存放。"],
    ]
    text = "\r\n".join(delimiter.join(row) for row in rows)
    (part,) = csv_parts(tmp_path, text.encode(encoding))
    assert part.text == "\n".join(
        ["| 名称 | 价格 | 说明 |", "| --- | --- | --- |", *(f"| {' | '.join(row)} |" for row in rows[1:])]
    )
    assert part.place is not None and (part.place.kind, part.place.value) == ("sheet", "第 1–3 行")


def test_quoted_cells_hold_delimiters_line_breaks_and_pipes(tmp_path: Path) -> None:
    text = 'name,note\n"Tea, green","first\nsecond"\n"a ""b""",x | *y*\n茶,"第一行\n第二行"\n'
    (part,) = csv_parts(tmp_path, text.encode())
    assert part.text.split("\n")[2:] == [
        "| Tea, green | first second |", '| a "b" | x \\| \\*y\\* |', "| 茶 | 第一行第二行 |",
    ]  # fmt: skip
    assert part.place is not None and part.place.value == "rows 1–4"


def test_a_quote_without_a_partner_costs_nothing(tmp_path: Path) -> None:
    text = 'size,name\n5" wide,pipe\n"broken,rod\n' + "".join(f'"{n}",row\n' for n in range(5))
    (part,) = csv_parts(tmp_path, text.encode())
    rows = part.text.split("\n")[2:]
    assert rows == ['| 5" wide | pipe |', '| "broken | rod |', *(f"| {n} | row |" for n in range(5))]


def test_excel_s_own_line_about_the_delimiter_is_heeded(tmp_path: Path) -> None:
    (part,) = csv_parts(tmp_path, b"sep=;\na;b,c\n1;2,5\n")
    assert part.text == "| a | b,c |\n| --- | --- |\n| 1 | 2,5 |"
    assert part.place is not None and part.place.value == "rows 2–3"


def test_titles_empty_rows_and_empty_columns_are_no_part_of_the_table(tmp_path: Path) -> None:
    (part,) = csv_parts(tmp_path, b"Sales 2024,,,\n,,,\nitem,,price,\ntea,,3,\n,,,\nrice,,4,\n")
    assert part.text == "Sales 2024\n\n| item | price |\n| --- | --- |\n| tea | 3 |\n| rice | 4 |"


def test_rows_without_a_header_get_an_empty_one_and_one_column_is_a_list(tmp_path: Path) -> None:
    assert csv_parts(tmp_path, b"1,2\n3,4\n")[0].text == "|  |  |\n| --- | --- |\n| 1 | 2 |\n| 3 | 4 |"
    assert csv_parts(tmp_path, b"alpha\nbeta\n# gamma\n")[0].text == "- alpha\n- beta\n- \\# gamma"


def test_a_long_table_comes_in_parts_with_its_header_and_little_memory(tmp_path: Path) -> None:
    parts = csv_parts(tmp_path, b"n,square\n" + b"".join(b"%d,%d\n" % (n, n * n) for n in range(1, 1000)))
    assert len(parts) == 10
    assert all(part.text.startswith("| n | square |\n| --- | --- |\n| ") for part in parts)
    assert [part.place.value for part in parts if part.place][:2] == ["rows 1–101", "rows 102–201"]
    assert sum(part.text.count("\n") - 1 for part in parts) == 999

    def endless() -> Iterator[Row]:
        number = 0
        while True:
            number += 1
            yield Row(number, [f"cell {number}", "x"])

    rows = stretches(endless())
    assert [next(rows).first for _ in range(3)] == [1, 102, 202]


def test_a_workbook_reads_as_a_person_sees_it(tmp_path: Path) -> None:
    def fill(book: Any) -> None:
        sheet = book.add_worksheet("Prices")
        money, share = book.add_format({"num_format": '"¥"#,##0.00'}), book.add_format({"num_format": "0.0%"})
        day, code = book.add_format({"num_format": "d mmm yyyy"}), book.add_format({"num_format": "00000"})
        sheet.write_row("B2", ["Item", "Day", "Price", "Share", "Code", "Sum"])
        sheet.write("B3", "Tea | green\nfresh")
        sheet.write_datetime("C3", datetime.datetime(2024, 3, 12), day)
        sheet.write("D3", 1234.5, money)
        sheet.write("E3", 0.125, share)
        sheet.write("F3", 42, code)
        sheet.write_formula("G3", "=D3*2", None, 2469)
        sheet.write_row("B4", ["Rice", 0.1 + 0.2, 13800138000, True, 1e-7, -4.50])

    (part,) = workbook(tmp_path, fill)
    assert part.text == (
        "## Prices\n\n| Item | Day | Price | Share | Code | Sum |\n| --- | --- | --- | --- | --- | --- |\n"
        "| Tea \\| green fresh | 2024-03-12 | ¥1,234.50 | 12.5% | 00042 | 2469 |\n"
        "| Rice | 0.3 | 13800138000 | TRUE | 1e-07 | -4.5 |"
    )
    assert part.place is not None and part.place.value == "Prices, rows 2–4"


def test_sheets_tables_and_merged_headings_are_told_apart(tmp_path: Path) -> None:
    def fill(book: Any) -> None:
        sheet = book.add_worksheet("价格表")
        sheet.merge_range("A1:E1", "两年价格一览表")
        sheet.merge_range("B2:C2", "2023年")
        sheet.merge_range("D2:E2", "2024年")
        sheet.write("A3", "产品")
        sheet.write_row("B3", ["上半年", "下半年"] * 2)
        sheet.merge_range("A4:A5", "普洱")
        sheet.write_row("B4", [1, 2, 3, 4])
        sheet.write_row("B5", [5, 6, 7, 8])
        sheet.write_row("A8", ["词", "意思"])
        sheet.write_row("A9", ["生茶", "没有发酵的茶"])
        notes = book.add_worksheet("Notes")
        notes.write("A1", "A long remark about how these prices were found, and by whom.")
        book.add_worksheet("Nothing here")

    first, second, notes = workbook(tmp_path, fill)
    assert first.text == (
        "## 价格表\n\n两年价格一览表\n\n| 产品 | 2023年 上半年 | 2023年 下半年 | 2024年 上半年 | 2024年 下半年 |\n"
        "| --- | --- | --- | --- | --- |\n| 普洱 | 1 | 2 | 3 | 4 |\n| 普洱 | 5 | 6 | 7 | 8 |"
    )
    assert second.text == "| 词 | 意思 |\n| --- | --- |\n| 生茶 | 没有发酵的茶 |"
    assert second.place is not None and second.place.value == "价格表，第 8–9 行"
    assert notes.text == "## Notes\n\nA long remark about how these prices were found, and by whom."


def test_a_workbook_under_another_name_is_read(tmp_path: Path) -> None:
    file = made(tmp_path, lambda book: book.add_worksheet().write_row("A1", ["a", "b"]))
    for name in ("a.xls", "a.csv", "a"):
        (part,) = table.read(file.rename(tmp_path / name), name)
        assert part.text == "| a | b |\n| --- | --- |"
        file = tmp_path / name


def test_an_unnamed_single_sheet_has_no_heading_and_hidden_ones_are_named(tmp_path: Path) -> None:
    def fill(book: Any) -> None:
        book.add_worksheet().write_row("A1", ["a", "b"])
        hidden = book.add_worksheet("lookup")
        hidden.write("A1", "x")
        hidden.hide()

    part, said = workbook(tmp_path, fill)
    assert part.text == "| a | b |\n| --- | --- |" and part.place is not None and part.place.value == "row 1"
    assert said.text == "" and said.warning.startswith("hidden sheets were left out (lookup)")


def test_a_formula_that_was_never_computed_is_shown(tmp_path: Path) -> None:
    def fill(book: Any) -> None:
        sheet = book.add_worksheet()
        sheet.write_row("A1", ["a", "b", "sum"])
        sheet.write_row("A2", [1, 2])
        sheet.write_formula("C2", "=A2+B2", None, 3)

    file = made(tmp_path, fill)
    rezipped(file, lambda name, data: data.replace(b"<v>3</v>", b"") if "sheet1" in name else data)
    (part,) = table.read(file, "a.xlsx")
    assert part.text.split("\n")[2] == "| 1 | 2 | `=A2+B2` |"


def test_one_broken_sheet_costs_only_itself(tmp_path: Path) -> None:
    def fill(book: Any) -> None:
        for name in ("one", "two"):
            book.add_worksheet(name).write_row("A1", ["a", name])

    file = made(tmp_path, fill)
    rezipped(file, lambda name, data: data[: len(data) // 2] if "sheet1" in name else data)
    parts = list(table.read(file, "a.xlsx"))
    assert [part.text for part in parts if part.text] == ["## two\n\n| a | two |\n| --- | --- |"]
    assert ["sheet one cannot be read" in part.warning for part in parts if part.warning] == [True]


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), r"save it as \.xlsx"),
        ("a.xlsx", b"PK\x03\x04" + bytes(200), "broken or cut off"),
        ("a.csv", b"", "no cell"),
        ("a.csv", b",,\n\n,,\n", "no cell"),
        ("a.csv", b"\x00\x01\x02\x03" * 100, "not text"),
    ],
)
def test_what_is_no_table_is_refused_in_a_sentence(tmp_path: Path, name: str, data: bytes, said: str) -> None:
    file = tmp_path / name
    file.write_bytes(data)
    with pytest.raises(InputError, match=re.escape(name) + ".*" + said):
        list(table.read(file, name))


def test_a_zip_that_is_no_workbook_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "a.xlsx"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("a.txt", "x")
    with pytest.raises(InputError, match=r"not a readable \.xlsx"):
        list(table.read(file, "a.xlsx"))


def test_a_missing_library_is_named_with_its_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = made(tmp_path, lambda book: book.add_worksheet().write("A1", "x"))
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    with pytest.raises(InputError, match=r"a\.xlsx needs openpyxl.*kcreate\[docs\]"):
        list(table.read(file, "a.xlsx"))
    assert csv_parts(tmp_path, b"a,b\n1,2\n")


def csv_parts(folder: Path, data: bytes) -> list[Part]:
    file = folder / "a.csv"
    file.write_bytes(data)
    return list(table.read(file, "a.csv"))


def made(folder: Path, fill: Any) -> Path:
    xlsxwriter = pytest.importorskip("xlsxwriter")
    file = folder / "a.xlsx"
    book = xlsxwriter.Workbook(str(file))
    fill(book)
    book.close()
    return file


def workbook(folder: Path, fill: Any) -> list[Part]:
    return list(table.read(made(folder, fill), "a.xlsx"))


def rezipped(file: Path, change: Any) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(stream, "w") as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
    file.write_bytes(stream.getvalue())
