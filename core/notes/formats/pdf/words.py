"""The words of a PDF page with place, size and weight, from the letters that pdfium finds.

Spaces are taken from the gaps between letters, because many PDFs have none; letters that run in another direction than the
page's text (stamps, watermarks) are left out. Ligatures and compatibility forms become plain letters (Unicode NFKC), full-width
punctuation stays. pdfium gives characters beyond the basic plane as two surrogates (UTF-16): they are put together.
"""

import ctypes
import math
import re
import unicodedata
from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

from .lines import LOWERED, RAISED, write_shifted
from .page import Frame, Page, Word
from .prints import without_print_margins

if TYPE_CHECKING:
    from pypdfium2 import PdfPage

MAX_LETTERS = 200_000
"""Of a page; a poster has some 20,000."""
_BOLD = re.compile(r"bold|black|heavy|semibold|demi(?!s)|-bd\b|cmbx|sfbx|sfsx|-medi|simhei|heiti", re.IGNORECASE)
_MONO = re.compile(
    r"courier|mono|consol|menlo|monaco|typewriter|cmtt|cmsltt|sftt|lmtt|lmmono|fixed|terminal|inconsolata|nimbusmon|beramono|txtt|andale|letter ?gothic|lucida ?sans ?typ|fira ?code|source ?code|hack-",
    re.IGNORECASE,
)
_FIXED_PITCH = 1
_SYMBOLS = dict.fromkeys("\uf0b7\uf0a7\uf0d8\uf076\uf0fc\uf0a8\uf06e\uf071\uf075\uf09f\uf02d\uf0e0\uf0b2", "•")
"""What Word takes its bullets from: places of Symbol and Wingdings in the private use area."""
_SIZES = (0.5, 2000.0)
"""Points that a font measures; what is smaller is hidden, not written."""
_GAP = 0.15
"""Of the font's size: a wider gap parts two words."""
_MARKED_GAP = 0.05
"""The same between letters that tags keep apart, as those of two cells."""


_MAX_UNNAMED = 1_000
"""Letters without a character on a page whose places are kept."""
_Corners = tuple[float, float, float, float]


class _Style(NamedTuple):
    size: float
    angle: int
    bold: bool
    mono: bool
    mark: int


class _Letter(NamedTuple):
    text: str
    left: float
    bottom: float
    right: float
    top: float
    x: float
    y: float
    style: _Style
    owner: int


def read_page(page: "PdfPage", number: int) -> Page:
    """The page's words in the order in which the file draws them."""
    left, bottom, right, top = page.get_bbox()
    textpage = page.get_textpage()
    try:
        letters, count, unreadable, unnamed = _letters(textpage.raw)
    finally:
        textpage.close()
    turn = _turn(letters, page.get_rotation())
    frame = Frame(left, bottom, right, top, turn)
    words = _words([letter for letter in letters if letter.style.angle == turn], frame)
    seen = [
        word
        for word in words
        if -1 <= word.x0 <= frame.width + 1
        and word.x1 <= frame.width + 1000
        and -1 <= word.baseline <= frame.height + 1
    ]
    seen = without_print_margins(_once(seen), frame)
    write_shifted(seen)
    return Page(number, frame, seen, count, unreadable / max(1, count), [frame.box(*corners) for corners in unnamed])


def plain(character: str) -> str:
    """A character without its compatibility form: ﬁ as fi, ⼈ as 人, Ａ as A, 𝑣 as v; punctuation of full width stays."""
    code = ord(character)
    if character in _SYMBOLS:
        return _SYMBOLS[character]
    if character in "\u2010\u2011":
        return "-"
    if (
        0xFB00 <= code <= 0xFB06
        or 0x2E80 <= code <= 0x2FDF
        or 0xF900 <= code <= 0xFAFF
        or 0x1D400 <= code <= 0x1D7FF
        or character == "\u210e"
        or (0xFF10 <= code <= 0xFF5A and character.isalnum())
    ):
        return unicodedata.normalize("NFKC", character)
    return " " if character.isspace() else character


def _letters(raw: Any) -> tuple[list[_Letter], int, int, list[_Corners]]:
    """The letters, how many there are, how many of them the file gives no character for, and where some of those stand."""
    import pypdfium2.raw as pdfium

    box = pdfium.FS_RECTF()
    x, y = ctypes.c_double(), ctypes.c_double()
    styles: dict[Any, _Style] = {}
    letters: list[_Letter] = []
    unnamed: list[_Corners] = []
    count = unreadable = high = 0
    for index in range(min(pdfium.FPDFText_CountChars(raw), MAX_LETTERS)):
        code = pdfium.FPDFText_GetUnicode(raw, index)
        if code in (0x20, 0x0D, 0x0A) and pdfium.FPDFText_IsGenerated(raw, index) == 1:
            continue
        if code in (2, 0xFFFE) and pdfium.FPDFText_IsHyphen(raw, index) == 1:
            code = 0x2D
        if 0xD800 <= code < 0xDC00:
            high = code
            continue
        if 0xDC00 <= code < 0xE000 and high:
            code = 0x10000 + ((high - 0xD800) << 10) + code - 0xDC00
        high = 0
        character = plain(chr(code)) if 0 < code < 0x110000 else "\ufffd"
        if character != " ":
            count += 1
            kind = unicodedata.category(character[0])
            broken = kind in ("Co", "Cc", "Cn", "Cs") or character == "\ufffd"
            if broken or pdfium.FPDFText_HasUnicodeMapError(raw, index) == 1:
                unreadable += 1
                if kind != "Cc" and len(unnamed) < _MAX_UNNAMED:
                    unnamed.append(_corners(pdfium, raw, index))
                continue
        pdfium.FPDFText_GetLooseCharBox(raw, index, box)
        pdfium.FPDFText_GetCharOrigin(raw, index, x, y)
        owner = ctypes.cast(pdfium.FPDFText_GetTextObject(raw, index), ctypes.c_void_p).value
        style = styles.get(owner)
        if style is None:
            style = styles[owner] = _style(pdfium, raw, index)
        if not _SIZES[0] <= style.size <= _SIZES[1]:
            continue
        letters.append(
            _Letter(character, box.left, box.bottom, box.right, box.top, x.value, y.value, style, owner or 0)
        )
    return letters, count, unreadable, unnamed


def _corners(pdfium: Any, raw: Any, index: int) -> _Corners:
    """Where a letter's ink is, in the coordinates of the PDF."""
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    pdfium.FPDFText_GetCharBox(raw, index, left, right, bottom, top)
    return left.value, bottom.value, right.value, top.value


def _style(pdfium: Any, raw: Any, index: int) -> _Style:
    """Size and direction as shown, and what the font's name and flags tell."""
    matrix = pdfium.FS_MATRIX()
    pdfium.FPDFText_GetMatrix(raw, index, matrix)
    size = pdfium.FPDFText_GetFontSize(raw, index) * math.hypot(matrix.c, matrix.d)
    size = size if math.isfinite(size) else 0.0
    angle = round(math.degrees(math.atan2(matrix.b, matrix.a))) % 360 if size else 0
    flags = ctypes.c_int()
    length = pdfium.FPDFText_GetFontInfo(raw, index, None, 0, flags)
    buffer = ctypes.create_string_buffer(max(1, length))
    pdfium.FPDFText_GetFontInfo(raw, index, buffer, length, flags)
    name = buffer.value.decode("utf-8", "replace").split("+")[-1]
    bold = bool(_BOLD.search(name)) or pdfium.FPDFText_GetFontWeight(raw, index) >= 600
    mono = bool(_MONO.search(name)) or bool(flags.value & _FIXED_PITCH and name.isascii() and "cjk" not in name.lower())
    mark = pdfium.FPDFPageObj_GetMarkedContentID(pdfium.FPDFText_GetTextObject(raw, index))
    return _Style(abs(size), angle, bold, mono, mark)


def _turn(letters: list[_Letter], shown: int) -> int:
    """The direction to read in: as the page is shown, unless far more letters run along one of its other sides."""
    counts = Counter(letter.style.angle for letter in letters if letter.style.angle % 90 == 0)
    if not counts:
        return shown
    most, number = counts.most_common(1)[0]
    return shown if 3 * counts[shown] >= number else most


def _words(letters: list[_Letter], frame: Frame) -> list[Word]:
    """Letters that follow one another on a line without a gap, as words."""
    words: list[Word] = []
    upright = frame.turn == 0
    spaced = False
    previous: _Letter | None = None
    for letter in letters:
        if letter.text == " ":
            spaced = True
            continue
        if upright:
            x0, x1, baseline = letter.left - frame.left, letter.right - frame.left, frame.top - letter.y
        else:
            box = frame.box(letter.left, letter.bottom, letter.right, letter.top)
            x0, x1, baseline = box.x0, box.x1, frame.point(letter.x, letter.y)[1]
        size = letter.style.size
        if words and previous and (letter.x, letter.y, letter.owner) == (previous.x, previous.y, previous.owner):
            words[-1].text += letter.text  # a ligature, taken apart
            words[-1].x1 = max(words[-1].x1, x1)
            continue
        previous = letter
        last = words[-1] if words else None
        gap = _GAP if last is None or letter.style.mark in (-1, last.mark) else _MARKED_GAP
        if last is not None and not spaced and -0.4 * size < x0 - last.x1 < gap * max(size, last.size):
            text = _shifted(letter.text, last, baseline, size)
            if text and letter.style.mono == last.mono:
                last.text += text
                last.x1 = max(last.x1, x1)
                continue
        words.append(
            Word(letter.text, x0, x1, baseline, size, letter.style.bold, letter.style.mono, spaced, letter.style.mark)
        )
        spaced = False
    return words


def _once(words: list[Word]) -> list[Word]:
    """The words without those drawn a second time on the same spot, which makes them look bold or shadowed."""
    places: dict[tuple[str, int, int], Word] = {}
    kept = []
    for word in words:
        near = max(0.5, 0.15 * word.size)
        x, y = round(word.x0 / near), round(word.baseline / near)
        around = ((word.text, x + dx, y + dy) for dx in (0, -1, 1) for dy in (0, -1, 1))
        twin = next((places[place] for place in around if place in places), None)
        if twin is not None:
            twin.bold = True
            continue
        places[word.text, x, y] = word
        kept.append(word)
    return kept


def _shifted(text: str, word: Word, baseline: float, size: float) -> str:
    """`text` as it follows the word: raised or lowered numbers as such; empty where it stands on another line."""
    lift = (word.baseline - baseline) / word.size
    if abs(lift) <= 0.12:
        return text
    if size > 0.85 * word.size or abs(lift) > 0.6:
        return ""
    return text.translate(RAISED if lift > 0 else LOWERED)
