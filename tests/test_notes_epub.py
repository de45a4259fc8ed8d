"""E-books as Markdown chapter by chapter, written by pandoc and by hand."""

import zipfile
from pathlib import Path

import pytest

from kcreate.core.errors import InputError
from kcreate.core.notes.formats.converted import Part, Place
from kcreate.core.notes.formats.epub.reader import read

PICTURE = b"GIF89a" + b"\1" * 200
CONTAINER = '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles><rootfile full-path="OEBPS/a.opf"/></rootfiles></container>'


def by_hand(file: Path, pages: dict[str, str], **more: str) -> list[Part]:
    """Write an e-book of these pages, in this order, and read it."""
    items = "".join(
        f'<item id="i{n}" href="{name}" media-type="application/xhtml+xml"/>' for n, name in enumerate(pages)
    )
    spine = "".join(f'<itemref idref="i{n}"/>' for n in range(len(pages)))
    package = (
        '<package xmlns="http://www.idpf.org/2007/opf"><metadata><dc:title xmlns:dc="http://purl.org/dc/elements/1.1/">The Book</dc:title>'
        f"</metadata><manifest>{items}</manifest><spine>{spine}</spine></package>"
    )
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("mimetype", "application/epub+zip")
        book.writestr("META-INF/container.xml", CONTAINER)
        book.writestr("OEBPS/a.opf", package)
        for name, page in pages.items():
            if ".." not in name:
                body = f'<?xml version="1.0" encoding="utf-8"?><html xmlns="http://www.w3.org/1999/xhtml"><body>{page}</body></html>'
                book.writestr(f"OEBPS/{name}", body)
        for name, text in more.items():
            book.writestr(f"META-INF/{name}.xml", text)
    return list(read(file, file.name))


def test_a_chinese_book_with_notes_and_pictures(tmp_path: Path) -> None:
    pages = {
        "cover.xhtml": ("封面", "<img src='images/a.gif' alt='封面'/>"),
        "rights.xhtml": ("版权", "<p>Copyright © 2020. ISBN 123. All rights reserved.</p>"),
        "ch1.xhtml": ("第一章 开始", "<h2>第一章 开始</h2><p>正文<sup><a href='notes.xhtml#n1'>1</a></sup>，<img src='images/a.gif' alt='图一'/></p>"
                                    "<h3>小节</h3><p><a id='x'/>锚点之后的文字。</p>"),
        "ch2.xhtml": ("第二章", "<p>第二章</p><p>没有标题。<a epub:type='noteref' href='#f1'>*</a></p><aside epub:type='footnote' id='f1'>脚注</aside>"),
        "notes.xhtml": ("注释", "<h2>注释</h2><ol><li id='n1'><p>外部的注。<a href='ch1.xhtml'>↩</a></p></li></ol>"),
    }  # fmt: skip
    points = "".join(
        f'<navPoint id="{name}"><navLabel><text>{pages[name][0]}</text></navLabel><content src="{name}"/></navPoint>'
        for name in ("ch1.xhtml", "ch2.xhtml")
    )
    items = "".join(f'<item id="{name}" href="{name}" media-type="application/xhtml+xml"/>' for name in pages)
    spine = "".join(f'<itemref idref="{name}"/>' for name in pages)
    with zipfile.ZipFile(tmp_path / "zh.epub", "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("mimetype", "application/epub+zip")
        book.writestr("META-INF/container.xml", CONTAINER)
        book.writestr(
            "OEBPS/a.opf",
            '<package xmlns="http://www.idpf.org/2007/opf"><metadata><dc:title xmlns:dc="http://purl.org/dc/elements/1.1/">学习之书'
            f'</dc:title></metadata><manifest>{items}<item id="ncx" href="toc.ncx" media-type="application/x-dtbncx+xml"/>'
            f'<item id="p" href="images/a.gif" media-type="image/gif"/></manifest><spine toc="ncx">{spine}</spine></package>',
        )
        book.writestr(
            "OEBPS/toc.ncx", f'<ncx xmlns="http://www.daisy.org/z3986/2005/ncx/"><navMap>{points}</navMap></ncx>'
        )
        book.writestr("OEBPS/images/a.gif", PICTURE)
        for name, (title, body) in pages.items():
            book.writestr(
                f"OEBPS/{name}",
                '<?xml version="1.0" encoding="utf-8"?><html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops">'
                f"<head><title>{title}</title></head><body>{body}</body></html>",
            )
    first, second, *rest = read(tmp_path / "zh.epub", "zh.epub")
    assert first.place == Place("chapter", "第一章 开始")
    assert first.text == (
        "# 学习之书\n\n## 第一章 开始\n\n正文[^3-1]，![图一](a.gif)\n\n### 小节\n\n锚点之后的文字。\n\n[^3-1]: 外部的注。"
    ).replace("[^3-1]", first.text[first.text.index("[^") : first.text.index("]，") + 1])
    assert [image.data for image in first.images] == [PICTURE]
    assert second.place == Place("chapter", "第二章")
    assert second.text.startswith("## 第二章\n\n没有标题。[^") and second.text.endswith("]: 脚注")
    assert not [part for part in rest if "外部的注" in part.text]


def test_what_pandoc_writes(tmp_path: Path) -> None:
    import pypandoc

    source = "---\ntitle: A Book\n---\n\n# One\n\nHello[^1] $x^2$.\n\n[^1]: a note\n\n## Sub\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n# Two\n\n```python\nx = 1\n```\n"
    pypandoc.convert_text(
        source, "epub", format="markdown", outputfile=str(tmp_path / "b.epub"), extra_args=["--mathml"]
    )
    one, two = read(tmp_path / "b.epub", "b.epub")
    assert one.place == Place("chapter", "One") and two.place == Place("chapter", "Two")
    label = one.text[one.text.index("[^") : one.text.index("] $") + 1]
    assert one.text == (
        f"# A Book\n\n## One\n\nHello{label} $x^2$.\n\n### Sub\n\n| a | b |\n| --- | --- |\n| 1 | 2 |\n\n{label}: a note"
    )
    assert two.text == "## Two\n\n```python\nx = 1\n```"


def test_lists_of_contents_are_left_out_and_chapters_of_one_file_told_apart(tmp_path: Path) -> None:
    contents = "<h1>Inside</h1>" + "".join(f"<p><a href='b.xhtml#{n}'>Chapter number {n}</a></p>" for n in range(6))
    parts = by_hand(
        tmp_path / "b.epub",
        {"a.xhtml": contents, "b.xhtml": "<h1>One</h1><p>First text.</p><h1>Two</h1><h2>In it</h2><p>Second.</p>"},
    )
    assert [(part.place, part.text) for part in parts] == [
        (Place("chapter", "One"), "# The Book\n\n## One\n\nFirst text."),
        (Place("chapter", "Two"), "## Two\n\n### In it\n\nSecond."),
    ]


def test_nothing_outside_the_book_is_read(tmp_path: Path) -> None:
    (tmp_path / "secret.xhtml").write_text("<p>SECRET</p>")
    entity = f'<!DOCTYPE x [<!ENTITY e SYSTEM "file://{tmp_path}/secret.xhtml">]>'
    pages = {
        "../../secret.xhtml": "",
        "a.xhtml": "<p>Words &e; here, <img src='../../secret.png' alt='gone'/> <img src='/etc/hostname' alt='too'/></p>",
    }
    text = "".join(part.text for part in by_hand(tmp_path / "x.epub", pages, other=entity))
    assert "SECRET" not in text and "Words" in text and "![" not in text


LOCK = (
    '<encryption xmlns:e="http://www.w3.org/2001/04/xmlenc#"><e:EncryptedData><e:EncryptionMethod Algorithm="{}"/>'
    '<e:CipherData><e:CipherReference URI="{}"/></e:CipherData></e:EncryptedData></encryption>'
)


def test_a_protected_book_is_refused_but_not_for_its_fonts(tmp_path: Path) -> None:
    pages = {"a.xhtml": "<p>Some words.</p>"}
    with pytest.raises(InputError, match=r"locked\.epub is protected"):
        by_hand(
            tmp_path / "locked.epub",
            pages,
            encryption=LOCK.format("http://www.w3.org/2001/04/xmlenc#aes128-cbc", "OEBPS/a.xhtml"),
        )
    fonts = LOCK.format("http://www.idpf.org/2008/embedding", "OEBPS/font.otf")
    assert "Some words." in by_hand(tmp_path / "fonts.epub", pages, encryption=fonts)[0].text


def test_a_broken_chapter_costs_only_itself(tmp_path: Path) -> None:
    file = tmp_path / "b.epub"
    by_hand(file, {"a.xhtml": "<p>Kept words.</p>"})
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(tmp_path / "c.epub", "w") as new:
        for name in old.namelist():
            text = old.read(name).decode()
            text = text.replace(
                "<manifest>", '<manifest><item id="z" href="z.xhtml" media-type="application/xhtml+xml"/>'
            )
            new.writestr(name, text.replace("<spine>", '<spine><itemref idref="z"/>'))
    lost, kept = read(tmp_path / "c.epub", "c.epub")
    assert "z.xhtml is missing" in lost.warning and not lost.text
    assert kept.text == "# The Book\n\nKept words."


@pytest.mark.parametrize(
    ("data", "says"),
    [(b"", "empty"), (b"PK\x03\x04 cut", "broken or cut off"), (b"plain text", "no ZIP archive")],
)
def test_what_is_no_book_is_refused_in_one_sentence(tmp_path: Path, data: bytes, says: str) -> None:
    (tmp_path / "b.epub").write_bytes(data)
    with pytest.raises(InputError, match=says):
        list(read(tmp_path / "b.epub", "b.epub"))


def test_a_book_of_pictures_or_of_nothing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no text"):
        by_hand(tmp_path / "b.epub", {"cover.xhtml": "<img src='a.png' alt=''/>"})
    with zipfile.ZipFile(tmp_path / "c.epub", "w") as archive:
        archive.writestr("a.txt", "x")
    with pytest.raises(InputError, match="no e-book"):
        list(read(tmp_path / "c.epub", "c.epub"))
