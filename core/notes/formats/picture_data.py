"""A picture's bytes in a form that browsers show, whatever the file around it called them."""

import io

_SIGNS = {b"\x89PNG\r\n": ".png", b"\xff\xd8\xff": ".jpg", b"GIF8": ".gif"}
_MAX_PIXELS = 50_000_000


def for_browsers(data: bytes) -> tuple[bytes, str] | None:
    """The bytes and the ending that belongs to them; None where browsers show no such thing (EMF, WMF, EPS) or it is broken.

    TIFF and BMP become PNG, where Pillow is there and the picture is of a size that a person would have made.
    """
    for sign, suffix in _SIGNS.items():
        if data.startswith(sign):
            return data, suffix
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return data, ".webp"
    if data[4:12] in (b"ftypavif", b"ftypavis"):
        return data, ".avif"
    start = data[:2000].lstrip(b"\xef\xbb\xbf \t\r\n")
    if start.startswith((b"<svg", b"<?xml", b"<!--")) and b"<svg" in data[:4000]:
        return data, ".svg"
    if data.startswith((b"II*\x00", b"MM\x00*", b"BM")):
        return _png(data)
    return None


def _png(data: bytes) -> tuple[bytes, str] | None:
    try:
        from PIL import Image
    except ImportError:
        return None
    try:
        with Image.open(io.BytesIO(data), formats=["TIFF", "BMP"]) as image:
            if image.width * image.height > _MAX_PIXELS:
                return None
            written = io.BytesIO()
            image.convert("RGBA" if "A" in image.getbands() else "RGB").save(written, "PNG")
    except Exception:  # Pillow raises what its decoders meet in a broken file
        return None
    return written.getvalue(), ".png"
