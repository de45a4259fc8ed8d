"""Office documents as Markdown, written by python-docx, by hand, and by LibreOffice where it is installed."""

import io
import shutil
import struct
import subprocess
import zipfile
import zlib
from pathlib import Path
from typing import Any

import pytest

from kcreate.core.errors import InputError
from kcreate.core.markdown import parser

pytest.importorskip("lxml")
pytest.importorskip("docx")
pytest.importorskip("pypandoc")
from kcreate.core.notes.formats.docx.reader import read

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def png(shade: int) -> bytes:
    """A picture of four by four points."""
    rows = b"".join(b"\0" + bytes([shade, row * 40, 90]) * 4 for row in range(4))

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 4, 4, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def document() -> Any:
    import docx

    return docx.Document()


def append(paragraph: Any, xml: str) -> None:
    from docx.oxml import parse_xml

    paragraph._p.append(parse_xml(xml))


def markdown(folder: Path, made: Any) -> str:
    made.save(folder / "made.docx")
    return "\n\n".join(part.text for part in read(folder / "made.docx", "made.docx"))


def test_structure(tmp_path: Path) -> None:
    made = document()
    made.add_heading("课程 Title", 0)
    made.add_heading("一、开始", 1)
    paragraph = made.add_paragraph("重要的是")
    paragraph.add_run("重点：").bold = True
    paragraph.add_run("内容 and ")
    paragraph.add_run("italic").italic = True
    made.add_paragraph("first", style="List Bullet")
    made.add_paragraph("second", style="List Bullet")
    made.add_paragraph("one", style="List Number")
    made.add_heading("Details", 2)
    made.add_paragraph("End.")
    assert markdown(tmp_path, made) == (
        "# 课程 Title\n\n## 一、开始\n\n重要的是**重点**：内容 and *italic*\n\n- first\n- second\n\n1. one\n\n### Details\n\nEnd."
    )


def test_merged_cells_become_a_pipe_table(tmp_path: Path) -> None:
    made = document()
    table = made.add_table(3, 3)
    for row, cells in enumerate(table.rows):
        for column, cell in enumerate(cells.cells):
            cell.text = f"r{row}c{column}|"
    table.cell(0, 0).merge(table.cell(0, 1)).text = "wide"
    table.cell(1, 2).merge(table.cell(2, 2)).text = "deep"
    text = markdown(tmp_path, made)
    assert [line[2:-2].split(" | ") for line in text.split("\n")] == [
        ["wide", "wide", r"r0c2\|"], ["---", "---", "---"], [r"r1c0\|", r"r1c1\|", "deep"], [r"r2c0\|", r"r2c1\|", "deep"],
    ]  # fmt: skip
    assert parser().render(text).count("<td>") == 6


def test_pictures_are_named_once_and_what_browsers_do_not_show_is_warned_of(tmp_path: Path) -> None:
    made = document()
    made.add_paragraph("See:")
    for shade in (1, 1, 2):
        made.add_picture(io.BytesIO(png(shade)))
    made.save(tmp_path / "made.docx")
    (part,) = read(tmp_path / "made.docx", "made.docx")
    assert [image.data for image in part.images] == [png(1), png(2)]
    first, second = (image.name for image in part.images)
    assert part.text == f"See:\n\n![]({first})\n\n![]({first})\n\n![]({second})"
    metafile = b"\x01\0\0\0" + b"\0" * 200
    _replace(tmp_path / "made.docx", tmp_path / "emf.docx", {"word/media/image1.png": metafile})
    (part,) = read(tmp_path / "emf.docx", "emf.docx")
    assert len(part.images) == 1
    assert "EMF" in part.warning


def _replace(old: Path, new: Path, changed: dict[str, bytes]) -> None:
    with zipfile.ZipFile(old) as source, zipfile.ZipFile(new, "w", zipfile.ZIP_DEFLATED) as out:
        for name in source.namelist():
            out.writestr(name, changed.get(name, source.read(name)))


def test_changes_are_accepted_and_formulas_and_text_boxes_kept(tmp_path: Path) -> None:
    made = document()
    paragraph = made.add_paragraph("Half ")
    append(paragraph, f'<w:ins {W} w:id="1" w:author="A"><w:r><w:t>inserted</w:t></w:r></w:ins>')
    append(paragraph, f'<w:del {W} w:id="2" w:author="A"><w:r><w:delText>deleted</w:delText></w:r></w:del>')
    math = "http://schemas.openxmlformats.org/officeDocument/2006/math"
    append(
        made.add_paragraph("is "),
        f'<m:oMath xmlns:m="{math}"><m:f><m:num><m:r><m:t>a</m:t></m:r></m:num><m:den><m:r><m:t>2</m:t></m:r></m:den></m:f></m:oMath>',
    )
    append(
        made.add_paragraph(),
        f'<w:r {W}><w:pict><v:shape xmlns:v="urn:schemas-microsoft-com:vml"><v:textbox><w:txbxContent><w:p><w:r><w:t>in the box</w:t>'
        "</w:r></w:p></w:txbxContent></v:textbox></v:shape></w:pict></w:r>",
    )
    assert markdown(tmp_path, made) == "Half inserted\n\nis $\\frac{a}{2}$\n\nin the box"


def test_a_table_of_contents_is_left_out(tmp_path: Path) -> None:
    from docx.oxml import parse_xml

    made = document()
    made.add_heading("One", 1)
    made.add_paragraph("Text.")
    contents = (
        f'<w:sdt {W}><w:sdtPr><w:docPartObj><w:docPartGallery w:val="Table of Contents"/></w:docPartObj></w:sdtPr>'
        "<w:sdtContent><w:p><w:r><w:t>One 7</w:t></w:r></w:p></w:sdtContent></w:sdt>"
    )
    made.element.body.insert(0, parse_xml(contents))
    made.element.body.insert(
        1, parse_xml(f'<w:p {W}><w:pPr><w:pStyle w:val="TOC1"/></w:pPr><w:r><w:t>One 8</w:t></w:r></w:p>')
    )
    assert markdown(tmp_path, made) == "# One\n\nText."


def test_headings_and_code_are_known_by_their_looks(tmp_path: Path) -> None:
    from docx.shared import Pt

    made = document()
    for title in ("第一章 开始", "第二章 继续"):
        made.add_paragraph().add_run(title).font.size = Pt(18)
        made.add_paragraph("正文在这里，它比标题长得多，所以它的字号就是正文的字号。" * 2)
        bold = made.add_paragraph().add_run("小标题")
        bold.bold = True
        made.add_paragraph("又一段正文。")
    for line in ("def f():", "    return '*'"):
        made.add_paragraph().add_run(line).font.name = "Consolas"
    text = markdown(tmp_path, made)
    assert "# 第一章 开始\n\n正文" in text and "# 第二章 继续\n\n正文" in text
    assert "\n## 小标题\n\n又一段正文。" in text
    assert text.endswith("```\ndef f():\n    return '*'\n```")


def test_a_long_document_is_read_in_pieces(tmp_path: Path) -> None:
    made = document()
    made.add_paragraph("WORD")
    made.save(tmp_path / "short.docx")
    with zipfile.ZipFile(tmp_path / "short.docx") as package:
        xml = package.read("word/document.xml").decode()
    start, end = xml.index("<w:p>") if "<w:p>" in xml else xml.index("<w:p "), xml.index("</w:p>") + 6
    many = "".join(xml[start:end].replace("WORD", f"word{number} and more of them") for number in range(9000))
    _replace(
        tmp_path / "short.docx",
        tmp_path / "long.docx",
        {"word/document.xml": (xml[:start] + many + xml[end:]).encode()},
    )
    text = "\n\n".join(part.text for part in read(tmp_path / "long.docx", "long.docx"))
    assert text.split("\n\n") == [f"word{number} and more of them" for number in range(9000)]


def test_odt(tmp_path: Path) -> None:
    spaces = "".join(
        f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "text", "style", "table")
    )
    content = f"""<office:document-content{spaces}><office:automatic-styles><style:style style:name="P1" style:parent-style-name="Title"/>
    <text:list-style style:name="L1"><text:list-level-style-bullet text:level="1" text:bullet-char="•"/></text:list-style></office:automatic-styles><office:body><office:text><text:p text:style-name="P1">书名</text:p><text:h text:outline-level="1">One</text:h>
    <text:p>正文。</text:p><text:list text:style-name="L1"><text:list-item><text:p>item</text:p></text:list-item></text:list></office:text></office:body></office:document-content>"""
    mime = "application/vnd.oasis.opendocument.text"
    manifest = (
        '<m:manifest xmlns:m="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        f'<m:file-entry m:full-path="/" m:media-type="{mime}"/><m:file-entry m:full-path="content.xml" m:media-type="text/xml"/></m:manifest>'
    )
    styles = f"<office:document-styles{spaces}><office:styles/></office:document-styles>"
    files = {"mimetype": mime, "content.xml": content, "styles.xml": styles, "META-INF/manifest.xml": manifest}
    (tmp_path / "a.odt").write_bytes(_zip({name: text.encode() for name, text in files.items()}))
    assert [part.text for part in read(tmp_path / "a.odt", "a.odt")] == ["# 书名\n\n## One\n\n正文。\n\n- item"]


@pytest.mark.skipif(shutil.which("soffice") is None, reason="needs LibreOffice as an independent writer")
@pytest.mark.parametrize("kind", ["docx", "odt"])
def test_what_libreoffice_writes(tmp_path: Path, kind: str) -> None:
    page = "<h1>Title</h1><p>Some <b>bold</b> words.</p><ul><li>item</li></ul><table><tr><td>a</td><td>b</td></tr><tr><td>c</td><td>d</td></tr></table>"
    (tmp_path / "a.html").write_text(page)
    command = ["soffice", "--headless", "--infilter=HTML (StarWriter)", "--convert-to", kind, "a.html"]
    subprocess.run(command, cwd=tmp_path, check=True, timeout=120)
    text = "\n\n".join(part.text for part in read(tmp_path / f"a.{kind}", f"a.{kind}"))
    assert "# Title" in text and "**bold**" in text and "- item" in text and "| c | d |" in text


def _zip(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in files.items():
            package.writestr(name, data)
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("a.docx", b"", "empty"),
        ("a.docx", b"just text", "no ZIP archive"),
        ("a.docx", b"%PDF-1.7", "is a PDF"),
        ("a.docx", OLE + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 600, "without a password"),
        ("a.doc", OLE + b"\0" * 3000, "save it as .docx"),
        ("a.docx", _zip({"[Content_Types].xml": b"<x/>", "xl/workbook.xml": b"<x/>"}), "Excel"),
        ("a.docx", _zip({"[Content_Types].xml": b"<x/>", "word/document.xml": b"<w:docu"}), "broken"),
        ("a.docx", _zip({"[Content_Types].xml": b"<x/>", "word/document.xml": b" " * 80_000_000}), "unpacks to"),
        ("a.docx", _zip({"[Content_Types].xml": b"<x/>", "word/document.xml": b"<x/>"})[:-30], "broken or cut off"),
        ("a.rtf", b"{\\rtf1 {{{", "save it as .docx"),
    ],
)
def test_what_cannot_be_read_is_refused_in_one_sentence(tmp_path: Path, name: str, data: bytes, says: str) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(InputError, match=says) as refused:
        list(read(tmp_path / name, f"notes/{name}"))
    assert str(refused.value).startswith(f"notes/{name}") and "\n" not in str(refused.value)


def test_a_document_without_text_is_refused(tmp_path: Path) -> None:
    made = document()
    made.add_picture(io.BytesIO(png(1)))
    with pytest.raises(InputError, match="no text"):
        markdown(tmp_path, made)
