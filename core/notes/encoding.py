"""Bytes to text: which encoding a file of notes is in, or that it is no text at all."""

import codecs

from ..errors import InputError

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SAMPLE = 200_000


def decode(data: bytes, name: str) -> tuple[str, str]:
    """The text of `data` and the encoding it was in; `encoding_of` tells which.

    Raises:
        InputError: the bytes are no text, or no encoding fits; `name` is the file the sentence speaks of.
    """
    encoding = encoding_of(data, name)
    text = _strict(data, encoding, name)
    if "\x00" in text:
        raise InputError(f"{name} is not text; convert it to Markdown or plain text first.")
    return text, encoding.removesuffix("-sig")


def encoding_of(data: bytes, name: str) -> str:
    """The encoding of text, or of the beginning of one.

    A byte order mark decides; then UTF-8; then zeros at every other byte, which tell UTF-16; then charset-normalizer over
    the first 200,000 bytes, which knows GB18030, Big5, Shift-JIS and the Windows code pages.

    Raises:
        InputError: it is no text, or no encoding fits.
    """
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return encoding
    sample = data[:_SAMPLE]
    try:
        codecs.getincrementaldecoder("utf-8")().decode(data)
        broken_at = None
    except UnicodeDecodeError as error:
        broken_at = error.start
    if broken_at is None and b"\x00" not in sample:
        return "utf-8"
    if b"\x00" in sample:
        if wide := _utf_16(sample):
            return wide
        raise InputError(f"{name} is not text; convert it to Markdown or plain text first.")
    guessed = _guess(sample)
    if guessed is None:
        raise InputError(f"{name} is in an encoding that cannot be told; save it as UTF-8.")
    return guessed


def _utf_16(sample: bytes) -> str | None:
    """UTF-16 without a byte order mark: ASCII spaces, digits and line ends have their zeros on one side."""
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    encoding = "utf-16-le" if odd > even else "utf-16-be"
    try:
        text = sample[: len(sample) // 2 * 2].decode(encoding, "strict")
    except UnicodeDecodeError:
        return None
    shown = sum(character.isprintable() or character in "\r\n\t" for character in text)
    common = sum(
        ord(character) < 0x250 or 0x3000 <= ord(character) < 0xA000 or ord(character) > 0xFF00 for character in text
    )
    return encoding if text and "\x00" not in text and min(shown, common) > 0.97 * len(text) else None


def _guess(sample: bytes) -> str | None:
    """The likeliest legacy encoding; the GB family is widened to GB18030, which contains it."""
    # Text in a Chinese encoding decodes without a single error and mostly to common characters; charset-normalizer
    # alone mistakes short files, so a clean decoding to frequent Han characters is looked for first.
    best = max(("gb18030", "big5", "shift_jis", "euc_kr"), key=lambda name: _cjk_fit(sample, name))
    if _cjk_fit(sample, best) > 0.5:
        return best
    from charset_normalizer import from_bytes

    match = from_bytes(sample).best()
    return match.encoding if match else None


_FREQUENT = frozenset(
    "的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里用道行所然家种事成方多经么去法学如都同现当没动面起看定天分还进好小部其些主样理心她本前开但因只从想实"
    "這個們來為國說時會對於著後裡種經過發學現當沒動麼還進樣開實"
    "のにはをたがでてとしれさあいるかなっすもうこんくきりらよまだ"
    "이다는의을가에하고지한"
)


def _cjk_fit(sample: bytes, encoding: str) -> float:
    """How much the sample looks like running text in a two-byte encoding: 0 for a decoding error, up to about 1."""
    for cut in range(4):  # the sample may end inside a character
        try:
            text = sample[: len(sample) - cut].decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        return 0.0
    wide = [character for character in text if ord(character) > 0x2E7F]
    if len(wide) < 4:
        return 0.0
    frequent = sum(character in _FREQUENT or character in "，。、：；？！（）「」" for character in wide) / len(wide)
    return min(1.0, frequent * 3)


def _strict(data: bytes, encoding: str, name: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise InputError(
            f"{name} looks like {encoding} but is broken at byte {error.start}; save it as UTF-8."
        ) from error
