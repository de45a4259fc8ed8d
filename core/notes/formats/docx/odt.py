"""What is put right in an OpenDocument text before it is converted: its title, which the converter takes for a paragraph.

OpenDocument 1.3, part 3: 5.1.2 `<text:h>`, 16.2 styles and their parents.
"""

from ..html.source import Element

_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"


def with_title(content: bytes) -> bytes:
    """The XML of a document, its first line in the style Title as its only heading of the first level."""
    from lxml import etree

    reading = etree.XMLParser(resolve_entities=False, load_dtd=False, no_network=True, huge_tree=True)
    try:
        root = etree.fromstring(content, reading)
    except (etree.XMLSyntaxError, ValueError):
        return content
    parents = {one.get(f"{_STYLE}name"): one.get(f"{_STYLE}parent-style-name") for one in root.iter(f"{_STYLE}style")}
    title: Element = None
    for paragraph in root.iter(f"{_TEXT}p"):
        style = paragraph.get(f"{_TEXT}style-name")
        if "Title" in {style, parents.get(style)} and "".join(paragraph.itertext()).strip():
            title = paragraph
            break
    if title is None:
        return content
    for heading in root.iter(f"{_TEXT}h"):
        level = heading.get(f"{_TEXT}outline-level") or "1"
        heading.set(f"{_TEXT}outline-level", str(int(level) + 1 if level.isdecimal() else 2))
    title.tag = f"{_TEXT}h"
    title.set(f"{_TEXT}outline-level", "1")
    return bytes(etree.tostring(root, encoding="UTF-8", xml_declaration=True))
