"""Files that LibreOffice wrote, read back; where it is not installed, other writers' files in the other tests must do."""

import shutil
import subprocess
from pathlib import Path

import pytest

from kcreate.core.notes.reading import read_notes

OFFICE = shutil.which("soffice") or shutil.which("libreoffice")
pytestmark = pytest.mark.skipif(OFFICE is None, reason="LibreOffice is not installed")

ODF = (
    '<?xml version="1.0" encoding="UTF-8"?><office:document office:version="1.3" office:mimetype="application/vnd.oasis.opendocument.text" '
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0">'
    '<office:automatic-styles><text:list-style style:name="L"><text:list-level-style-bullet text:level="1" text:bullet-char="•">'
    '<style:list-level-properties text:space-before="5mm" text:min-label-width="5mm"/></text:list-level-style-bullet></text:list-style>'
    '<style:style style:name="C" style:family="table-cell"><style:table-cell-properties fo:border="0.5pt solid #000000"/></style:style>'
    "</office:automatic-styles><office:body>{body}</office:body></office:document>"
)
TEXT = """<office:text>
<text:h text:outline-level="1">潮汐 Tides</text:h>
<text:p>The Moon raises the tides. 月球的引力使海水涨落，每天两次。</text:p>
<text:h text:outline-level="2">Spring tides</text:h>
<text:list text:style-name="L"><text:list-item><text:p>Sun and Moon pull together</text:p></text:list-item>
<text:list-item><text:p>大潮出现在新月和满月</text:p></text:list-item></text:list>
<table:table><table:table-column table:number-columns-repeated="2"/>
<table:table-row><table:table-cell table:style-name="C"><text:p>Moon</text:p></table:table-cell><table:table-cell table:style-name="C"><text:p>Tide</text:p></table:table-cell></table:table-row>
<table:table-row><table:table-cell table:style-name="C"><text:p>满月</text:p></table:table-cell><table:table-cell table:style-name="C"><text:p>spring</text:p></table:table-cell></table:table-row>
</table:table></office:text>"""
SLIDES = """% Tides

## Neap tides

- Sun and Moon pull across

::: notes
Draw the right angle.
:::

## 小潮

- 出现在上弦月和下弦月

::: notes
这里要画图。
:::
"""


def written(folder: Path, source: Path, ending: str, *options: str) -> str:
    """What is read of `source` once LibreOffice has written it in another format."""
    profile = f"-env:UserInstallation=file://{folder / 'profile'}"
    out = folder / ending
    command = [str(OFFICE), profile, "--headless", *options, "--convert-to", ending, "--outdir", str(out), str(source)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    [document] = read_notes(out).documents
    return document.text


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("office")


@pytest.mark.parametrize("ending", ["docx", "odt", "pdf"])
def test_a_text_document(folder: Path, ending: str) -> None:
    source = folder / "tides.fodt"
    source.write_text(ODF.format(body=TEXT), encoding="utf-8")
    text = written(folder, source, ending)
    assert "# 潮汐 Tides\n" in text and "## Spring tides\n" in text
    assert "The Moon raises the tides. 月球的引力使海水涨落，每天两次。\n" in text
    assert "- Sun and Moon pull together\n" in text and "- 大潮出现在新月和满月\n" in text
    assert "| Moon | Tide |" in text and "| 满月 | spring |" in text


def test_slides(folder: Path) -> None:
    import pypandoc

    source = folder / "neap.pptx"  # pandoc's slides, which LibreOffice writes anew
    pypandoc.convert_text(SLIDES, "pptx", "markdown", outputfile=str(source))
    text = written(folder, source, "pptx")
    assert text.index("## Neap tides\n") < text.index("<!-- slide: 3 -->") < text.index("## 小潮\n")
    for said in ("Sun and Moon pull across", "Draw the right angle.", "出现在上弦月和下弦月", "这里要画图。"):
        assert said in text


def test_a_workbook(folder: Path) -> None:
    source = folder / "moons.csv"
    source.write_text("行星,moons,found\n木星,95,1610-01-07\nSaturn,146,1655-03-25\n", encoding="utf-8")
    text = written(folder, source, "xlsx", "--infilter=CSV:44,34,76")
    assert "| 行星 | moons | found |" in text and "| 木星 | 95 | 1610-01-07 |" in text
