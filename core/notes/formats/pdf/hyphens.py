"""Lines of a paragraph put together, hyphens at their ends judged by the rest of the document."""

import re

from .lines import CJK, joined
from .survey import Survey


def rejoined(before: str, after: str, survey: Survey) -> str:
    """Two lines as one; a hyphen at the line's end goes where it only cuts a word.

    Whether it does is seen from the rest of the document: the whole word, the hyphenated one or its halves occur there.
    """
    if before.endswith("\u00ad"):
        return before[:-1] + after
    match = re.search(r"([^\W\d_]+)[-‐]$", before)
    if not match:
        if re.search(r"\w[-‐–—/]$", before) and not re.search(r"\s\S$", before):
            return before + after if re.match(r"\w", after) else f"{before} {after}"
        return joined(before, after)
    rest = re.match(r"[^\W\d_]+", after)
    if not rest or rest[0][0].isupper() or CJK.search(match[1] + rest[0]):
        return before + after if re.match(r"\w", after) else f"{before} {after}"
    head, tail = match[1].lower(), rest[0].lower()
    words = survey.words
    whole, hyphened = words[head + tail], words[f"{head}-{tail}"]
    if whole or hyphened:
        keep = hyphened > whole
    else:
        keep = len(head) >= 3 and len(tail) >= 3 and words[head] > 0 and words[tail] > 0
    return before + after if keep else before[:-1] + after
