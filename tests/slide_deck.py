"""PPTX files part by part, as PowerPoint writes them (ISO/IEC 29500), for tests of the reader."""

import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

NAMESPACES = (
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:a14="http://schemas.microsoft.com/office/drawing/2010/main" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" '
    'xmlns:dgm="http://schemas.openxmlformats.org/drawingml/2006/diagram" '
    'xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart"'
)
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPES = "application/vnd.openxmlformats-officedocument."
_EMPTY_TREE = '<p:nvGrpSpPr><p:cNvPr id="1" name=""/><p:cNvGrpSpPr/><p:nvPr/></p:nvGrpSpPr><p:grpSpPr/>'


@dataclass
class Slide:
    """A slide's shapes as XML; `parts` are what it relates to: relation id → (kind, path under ppt/, bytes)."""

    shapes: Sequence[str]
    layout: int = 2
    hidden: bool = False
    notes: str = ""
    parts: Mapping[str, tuple[str, str, bytes]] = field(default_factory=dict)
    links: Mapping[str, str] = field(default_factory=dict)


def title(text: str, kind: str = "title") -> str:
    return _shape(f'<p:ph type="{kind}"/>', "", f"<a:p><a:r><a:t>{text}</a:t></a:r></a:p>")


def body(*paragraphs: tuple[int, str] | str, index: int = 1) -> str:
    """A content placeholder, its place from the layout; a paragraph is text, text with its level, or XML."""
    return _shape(f'<p:ph idx="{index}"/>', "", _paragraphs(paragraphs))


def box(*paragraphs: tuple[int, str] | str, at: tuple[int, int, int, int] = (0, 0, 100, 100)) -> str:
    """A text box at left, top, width and height in hundredths of the slide."""
    return _shape("", _place(at), _paragraphs(paragraphs))


def footer(kind: str, text: str) -> str:
    return _shape(f'<p:ph type="{kind}" sz="quarter" idx="10"/>', "", f"<a:p><a:r><a:t>{text}</a:t></a:r></a:p>")


def picture(relation: str, alt: str = "", at: tuple[int, int, int, int] = (10, 30, 40, 40)) -> str:
    return (
        f'<p:pic><p:nvPicPr><p:cNvPr id="7" name="Picture 6" descr="{alt}"/><p:cNvPicPr/><p:nvPr/></p:nvPicPr>'
        f'<p:blipFill><a:blip r:embed="{relation}"/></p:blipFill><p:spPr>{_place(at)}</p:spPr></p:pic>'
    )


def graphic(kind: str, content: str, at: tuple[int, int, int, int] = (10, 30, 80, 60)) -> str:
    """A graphic frame of kind `table`, `chart` or `diagram`."""
    return (
        '<p:graphicFrame><p:nvGraphicFramePr><p:cNvPr id="8" name="Graphic 7"/><p:cNvGraphicFramePr/><p:nvPr/>'
        f"</p:nvGraphicFramePr>{_place(at).replace('a:xfrm', 'p:xfrm')}<a:graphic>"
        f'<a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/{kind}">{content}</a:graphicData>'
        "</a:graphic></p:graphicFrame>"
    )


def group(*shapes: str, at: tuple[int, int, int, int]) -> str:
    place = _place(at).replace("</a:xfrm>", '<a:chOff x="0" y="0"/><a:chExt cx="12192000" cy="6858000"/></a:xfrm>')
    return (
        '<p:grpSp><p:nvGrpSpPr><p:cNvPr id="9" name="Group"/><p:cNvGrpSpPr/><p:nvPr/></p:nvGrpSpPr>'
        f"<p:grpSpPr>{place}</p:grpSpPr>{''.join(shapes)}</p:grpSp>"
    )


def write(file: Path, slides: Sequence[Slide]) -> Path:
    """Write a deck with three layouts: 0 a title slide, 1 a section's header, 2 title and content."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        overrides = {
            "presentation.xml": "presentationml.presentation.main+xml",
            "slideMasters/m.xml": "presentationml.slideMaster+xml",
            **{f"slideLayouts/l{number}.xml": "presentationml.slideLayout+xml" for number in range(3)},
        }
        numbers = range(1, len(slides) + 1)
        ids = "".join(f'<p:sldId id="{255 + number}" r:id="s{number}"/>' for number in numbers)
        archive.writestr(
            "ppt/presentation.xml",
            f'{_HEAD}<p:presentation {NAMESPACES}><p:sldMasterIdLst><p:sldMasterId id="2147483648" r:id="m"/></p:sldMasterIdLst>'
            f'<p:sldIdLst>{ids}</p:sldIdLst><p:sldSz cx="12192000" cy="6858000"/><p:notesSz cx="1" cy="1"/></p:presentation>',
        )
        archive.writestr("_rels/.rels", _relations({"d": ("officeDocument", "ppt/presentation.xml")}))
        related = {f"s{number}": ("slide", f"slides/slide{number}.xml") for number in numbers}
        archive.writestr(
            "ppt/_rels/presentation.xml.rels", _relations({"m": ("slideMaster", "slideMasters/m.xml"), **related})
        )
        _write_master(archive)
        for number, slide in zip(numbers, slides, strict=True):
            overrides[f"slides/slide{number}.xml"] = "presentationml.slide+xml"
            _write_slide(archive, number, slide, overrides)
        entries = "".join(
            f'<Override PartName="/ppt/{part}" ContentType="{_TYPES}{kind}"/>' for part, kind in overrides.items()
        )
        archive.writestr(
            "[Content_Types].xml",
            f'{_HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            '<Default Extension="xml" ContentType="application/xml"/><Default Extension="png" ContentType="image/png"/>'
            f'<Default Extension="emf" ContentType="image/x-emf"/>{entries}</Types>',
        )
    return file


def _write_slide(archive: zipfile.ZipFile, number: int, slide: Slide, overrides: dict[str, str]) -> None:
    show = ' show="0"' if slide.hidden else ""
    archive.writestr(
        f"ppt/slides/slide{number}.xml",
        f"{_HEAD}<p:sld {NAMESPACES}{show}><p:cSld><p:spTree>{_EMPTY_TREE}{''.join(slide.shapes)}</p:spTree></p:cSld></p:sld>",
    )
    related = {"layout": ("slideLayout", f"../slideLayouts/l{slide.layout}.xml")}
    for relation, (kind, path, data) in slide.parts.items():
        related[relation] = (kind, f"../{path}")
        if f"ppt/{path}" not in archive.namelist():
            archive.writestr(f"ppt/{path}", data)
        if kind == "chart":
            overrides[path] = "drawingml.chart+xml"
    if slide.notes:
        related["notes"] = ("notesSlide", f"../notesSlides/n{number}.xml")
        overrides[f"notesSlides/n{number}.xml"] = "presentationml.notesSlide+xml"
        said = _shape('<p:ph type="body" idx="1"/>', "", _paragraphs(slide.notes.split("\n")))
        archive.writestr(
            f"ppt/notesSlides/n{number}.xml",
            f"{_HEAD}<p:notes {NAMESPACES}><p:cSld><p:spTree>{_EMPTY_TREE}{said}{footer('sldNum', '7')}</p:spTree></p:cSld></p:notes>",
        )
        archive.writestr(
            f"ppt/notesSlides/_rels/n{number}.xml.rels", _relations({"s": ("slide", f"../slides/slide{number}.xml")})
        )
    archive.writestr(f"ppt/slides/_rels/slide{number}.xml.rels", _relations(related, slide.links))


def _write_master(archive: zipfile.ZipFile) -> None:
    levels = "".join(f'<a:lvl{level}pPr><a:buChar char="•"/></a:lvl{level}pPr>' for level in range(1, 6))
    layouts = "".join(f'<p:sldLayoutId id="{2147483649 + number}" r:id="l{number}"/>' for number in range(3))
    placeholders = _shape('<p:ph type="title"/>', _place((5, 5, 90, 15)), "<a:p/>") + _shape(
        '<p:ph type="body" idx="1"/>', _place((5, 25, 90, 65)), "<a:p/>"
    )
    archive.writestr(
        "ppt/slideMasters/m.xml",
        f"{_HEAD}<p:sldMaster {NAMESPACES}><p:cSld><p:spTree>{_EMPTY_TREE}{placeholders}</p:spTree></p:cSld>"
        f"<p:sldLayoutIdLst>{layouts}</p:sldLayoutIdLst><p:txStyles><p:titleStyle/><p:bodyStyle>{levels}</p:bodyStyle>"
        "<p:otherStyle/></p:txStyles></p:sldMaster>",
    )
    related = {f"l{number}": ("slideLayout", f"../slideLayouts/l{number}.xml") for number in range(3)}
    archive.writestr("ppt/slideMasters/_rels/m.xml.rels", _relations(related))
    for number, kind in enumerate(("title", "secHead", "obj")):
        content = _shape('<p:ph idx="1"/>', "", "<a:p/>") + _shape('<p:ph type="title"/>', "", "<a:p/>")
        archive.writestr(
            f"ppt/slideLayouts/l{number}.xml",
            f'{_HEAD}<p:sldLayout {NAMESPACES} type="{kind}"><p:cSld><p:spTree>{_EMPTY_TREE}{content}</p:spTree></p:cSld></p:sldLayout>',
        )
        archive.writestr(
            f"ppt/slideLayouts/_rels/l{number}.xml.rels", _relations({"m": ("slideMaster", "../slideMasters/m.xml")})
        )


def _shape(placeholder: str, place: str, paragraphs: str) -> str:
    return (
        f'<p:sp><p:nvSpPr><p:cNvPr id="5" name="Shape"/><p:cNvSpPr/><p:nvPr>{placeholder}</p:nvPr></p:nvSpPr>'
        f"<p:spPr>{place}</p:spPr><p:txBody><a:bodyPr/><a:lstStyle/>{paragraphs}</p:txBody></p:sp>"
    )


def _paragraphs(paragraphs: Sequence[tuple[int, str] | str]) -> str:
    written = ""
    for one in paragraphs:
        level, text = one if isinstance(one, tuple) else (0, one)
        content = text if text.startswith("<") else f"<a:r><a:t>{text}</a:t></a:r>"
        written += content if text.startswith("<a:p>") else f'<a:p><a:pPr lvl="{level}"/>{content}</a:p>'
    return written


def _place(at: tuple[int, int, int, int]) -> str:
    left, top, width, height = (
        round(part * whole / 100) for part, whole in zip(at, (12192000, 6858000) * 2, strict=True)
    )
    return f'<a:xfrm><a:off x="{left}" y="{top}"/><a:ext cx="{width}" cy="{height}"/></a:xfrm>'


def _relations(related: Mapping[str, tuple[str, str]], links: Mapping[str, str] = {}) -> str:
    entries = [
        f'<Relationship Id="{name}" Type="{_RELATIONS}/{kind}" Target="{to}"/>' for name, (kind, to) in related.items()
    ]
    entries += [
        f'<Relationship Id="{name}" Type="{_RELATIONS}/hyperlink" Target="{to}" TargetMode="External"/>'
        for name, to in links.items()
    ]
    return f'{_HEAD}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{"".join(entries)}</Relationships>'
