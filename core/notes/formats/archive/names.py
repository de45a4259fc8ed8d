"""What the members of a ZIP archive are called: in which encoding old programs wrote the names, and which are safe.

After PKWARE's APPNOTE 6.3.10, 4.4.4 (bit 11: UTF-8) and 4.6.9 (0x7075, Info-ZIP's Unicode path); a name with neither is
in the code page of the machine that wrote it, which the archive does not tell.
"""

import re
import unicodedata
import zipfile
import zlib
from collections.abc import Sequence
from pathlib import PurePosixPath

_UTF8_FLAG = 0x800
_UNICODE_PATH = 0x7075
_CONTROL = re.compile(r"[\x00-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_LOOKED_AT = 500
_LEFTOVERS = frozenset({"__macosx", "thumbs.db", "desktop.ini"})
# The characters that a two-byte code page's makers put first because they are common, as ranges of its two bytes.
_COMMON = {
    "gb18030": ((0xB0A1, 0xD7F9), (0xA1A1, 0xA3FE)),
    "big5": ((0xA440, 0xC67E), (0xA140, 0xA3BF)),
    "cp932": ((0x829F, 0x82F1), (0x8340, 0x8396), (0x889F, 0x9872), (0x8140, 0x824F)),
}


def member_names(infos: Sequence[zipfile.ZipInfo]) -> list[str]:
    """The names of an archive's members, NFC, with forward slashes and without control characters.

    Names without a sign of their encoding share one: it is chosen for all of them together, as UTF-8 where they are that,
    else as the Chinese or Japanese code page in which they read best, else as code page 437.
    """
    raw = {index: info.orig_filename.encode("cp437") for index, info in enumerate(infos) if not _is_told(info)}
    guessed = _encoding_of([name for name in raw.values() if not name.isascii()])
    names = []
    for index, info in enumerate(infos):
        name = raw[index].decode(guessed, "replace") if index in raw else _unicode_path(info) or info.orig_filename
        name = unicodedata.normalize("NFC", name.split("\x00")[0].replace("\\", "/"))
        names.append(_CONTROL.sub("", name))
    return names


def is_leftover(name: str) -> bool:
    """Whether a system or a program left the member there and no person would miss it: hidden files, `__MACOSX`, locks."""
    return any(
        part.lower() in _LEFTOVERS or (part.startswith(("~$", ".")) and part not in (".", ".."))
        for part in PurePosixPath(name).parts
    )


def is_outside(name: str) -> bool:
    """Whether the name leads out of the folder that it would be unpacked into, on any system."""
    return not name or name.startswith("/") or re.match(r"[A-Za-z]:", name) is not None or ".." in name.split("/")


def _is_told(info: zipfile.ZipInfo) -> bool:
    return bool(info.flag_bits & _UTF8_FLAG) or _unicode_path(info) is not None


def _unicode_path(info: zipfile.ZipInfo) -> str | None:
    """The name in the extra field 0x7075, where it was made for the name that the archive has now."""
    extra, start = info.extra, 0
    while start + 4 <= len(extra):
        kind = int.from_bytes(extra[start : start + 2], "little")
        length = int.from_bytes(extra[start + 2 : start + 4], "little")
        body = extra[start + 4 : start + 4 + length]
        start += 4 + length
        if kind != _UNICODE_PATH or len(body) < 6 or body[0] != 1 or info.flag_bits & _UTF8_FLAG:
            continue
        if int.from_bytes(body[1:5], "little") == zlib.crc32(info.orig_filename.encode("cp437")):
            return body[5:].decode("utf-8", "replace")
    return None


def _encoding_of(names: Sequence[bytes]) -> str:
    """The encoding in which all the names are read best."""
    joined = b"\n".join(names)
    try:
        joined.decode("utf-8")
    except UnicodeDecodeError:
        if 2 * sum(map(len, re.findall(rb"[\x80-\xff]{2,}", joined))) < len(re.findall(rb"[\x80-\xff]", joined)):
            return "cp437"  # bytes above 127 stand alone, as accented letters between plain ones
        joined = b"\n".join(names[:_LOOKED_AT])
        best = max(_COMMON, key=lambda encoding: _share_of_common(joined, encoding))
        return best if _share_of_common(joined, best) >= 0.75 else "cp437"
    return "utf-8"


def _share_of_common(data: bytes, encoding: str) -> float:
    """The share of the bytes above 127 that spell common characters in `encoding`; 0 where it cannot be that."""
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        return 0.0
    high = common = 0
    for character in text:
        code = character.encode(encoding)
        high += len(code) if code[0] > 0x7F else 0
        if len(code) == 2 and any(low <= int.from_bytes(code) <= top for low, top in _COMMON[encoding]):
            common += 2
    return common / high if high else 0.0
