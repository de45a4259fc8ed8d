"""Slugs: titles as the ids of lessons, fit for file names, links and packages."""

import re
import unicodedata

_LETTERS = str.maketrans(
    {"ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "ß": "ss", "æ": "ae", "Æ": "Ae", "œ": "oe", "ı": "i"}
)


def slug(text: str) -> str:
    """`text` as lower-case ASCII words joined by hyphens; empty where letters of another script would be lost."""
    if re.search(r"[^\W\d_]", re.sub(r"[ -ɏ]", "", text)):
        return ""
    folded = unicodedata.normalize("NFKD", text.translate(_LETTERS)).encode("ascii", "ignore").decode().lower()
    words = re.findall(r"[a-z0-9]+", re.sub(r"['’]", "", folded))
    short = "-".join(words[:8])
    return short if not short[:1].isdigit() else f"n{short}"


def id_for(title: str, stem: str = "") -> str:
    """An id: the title in ASCII, else the file's name `stem`, else the title in its own script."""
    plain_stem = re.sub(r"^[\d\-_. ]+", "", stem)
    return slug(title) or slug(plain_stem) or re.sub(r"[^\w]+", "-", title).strip("-").lower()[:40] or "lesson"
