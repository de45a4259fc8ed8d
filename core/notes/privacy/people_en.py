"""Names in Latin letters in their surroundings: a given name before a surname anywhere, and whatever is capitalised behind a
title, a field such as `Name:`, a greeting, or before an address in angle brackets."""

import re
from collections.abc import Iterator

from .beside_names_en import (
    ACTING,
    AT,
    CLOSED,
    FIELD,
    FIELD_SIGN,
    GREETED,
    MAILED,
    REACHED,
    SAID,
    SCORED,
    SPEAKER,
    TITLED,
)
from .finding import Span
from .gazetteers import given_names, surnames
from .latin_names import (
    CAPITALS,
    INITIAL,
    INSTITUTION,
    LETTERS,
    LOWER,
    NAME,
    NOT_NAMES,
    PARTICLE,
    PINYIN_SURNAMES,
    THINGS,
    WORD,
    bare_word,
    is_ambiguous,
    is_family,
    is_given,
    is_initial,
    is_plausible,
    is_worded,
    name_length,
    pinyin_length,
    syllables,
)
from .surroundings import each, lines_with

_CANDIDATES = re.compile(
    rf"(?<![{LETTERS}\d_@/\\.&-])(?<![{LETTERS}]'){WORD}(?:[ ](?:{INITIAL}|{PARTICLE}(?= [{CAPITALS}])|{WORD}))*(?![{LETTERS}\d_=]|\.[a-z(]|\()"
)
_REVERSED = re.compile(
    rf"(?<![{LETTERS}\d_@/.'-])(?P<last>{WORD}), (?P<first>{WORD})(?: {INITIAL})?(?![{LETTERS}\d_@=(]|\.[a-z])"
)
_ONE_INITIAL = re.compile(
    rf"(?:(?<=[a-z,(&;:>/] )(?<![.!?] )[{CAPITALS}]|(?<![^\n])[F-Z](?=\. ?{WORD}(?: and| [a-z]{{2,}}ed) ))\. ?(?P<last>{WORD})(?![{LETTERS}\d_=(]|\.[a-z])"
)
_INITIALED = re.compile(
    rf"(?<![{LETTERS}\d_@/.'-])[{CAPITALS}]\. ?[{CAPITALS}]\. ?(?:[{CAPITALS}]\. ?)?(?P<last>[{CAPITALS}][{LOWER}]{{2,20}}(?:-[{CAPITALS}][a-z]+)?)(?![{LETTERS}\d_=(])"
)


def latin_people(text: str) -> Iterator[Span]:
    """Names by their parts, and by the words around them; then single parts of the names found, wherever they stand again."""
    found = {*_by_parts(text), *_by_words(text)}
    yield from found
    yield from _again(text, found)


def _by_parts(text: str) -> Iterator[Span]:
    """Given name and surname, in any stretch of capitalised words."""
    for match in _CANDIDATES.finditer(text):
        parts = [(part[0], part.start(), part.end()) for part in re.finditer(r"\S+", match[0])]
        if len(parts) < 2:
            continue
        index = 0
        while index < len(parts) - 1:
            size = name_length([part[0] for part in parts[index : index + 6]])
            begin = match.start() + parts[index][1]
            if size and not (
                _named_after(text, match.start() + parts[index + size - 1][2])
                or (is_initial(parts[index + 1][0]) and _OPTIONS.search(text[max(0, begin - 60) : begin]))
            ):
                start, end = match.start() + parts[index][1], match.start() + parts[index + size - 1][2]
                yield Span("person", start, end - len(text[start:end]) + len(re.sub(r"'s$", "", text[start:end])))
                index += size
            else:
                index += 1
    for match in _REVERSED.finditer(text):
        if _is_reversed(text, match):
            yield Span("person", *match.span())
    for match in _ONE_INITIAL.finditer(text):
        last = bare_word(match["last"])
        if (
            is_family(last)
            and not is_ambiguous(last)
            and last not in INSTITUTION | NOT_NAMES
            and not _named_after(text, match.end())
            and not re.search(
                r"(?:^|\n|[(（]|\t| {2})[A-Z]\. \S[^\n]*\Z", text[max(0, match.start() - 60) : match.start()]
            )
        ):
            yield Span("person", *match.span())
    for match in _INITIALED.finditer(text):
        if not is_ambiguous(bare_word(match["last"])) and bare_word(match["last"]) not in INSTITUTION | NOT_NAMES:
            yield Span("person", *match.span())


_OPTIONS = re.compile(r"(?:^|[\s(])A\. ?(?:[^\n]{0,50} )?\Z")  # A. Newton B. Einstein


def _is_reversed(text: str, match: re.Match[str]) -> bool:
    """Whether `Surname, Given` is one name and not the end of a name and the beginning of the next."""
    last, first = bare_word(match["last"]), bare_word(match["first"])
    head, tail = text[max(0, match.start() - 24) : match.start()], text[match.end() : match.end() + 20]
    if {last, first} & (NOT_NAMES | INSTITUTION):
        return False
    quoted = head.endswith('"') and tail.startswith('"')
    if (quoted or _CITED.search(head)) and re.match(r'"|\. ["“(*_A-Z]|\. (?:19|20)\d\d|,? (?:and|&) ', tail):
        return is_plausible([match["first"], match["last"]])
    if re.search(rf"(?:{WORD}|{INITIAL}) \Z", head) or re.match(rf" (?:{INITIAL} )?{WORD}", tail):
        return False
    known = is_family(last) and not is_ambiguous(last) and is_given(first) and not is_ambiguous(first)
    shouted = (
        match["last"].isupper()
        and not match["first"].isupper()
        and (is_given(first) or (len(last) > 3 and is_family(last) and not is_ambiguous(first)))
    )
    pinyin = last in PINYIN_SURNAMES and syllables(first) == 2 and not is_ambiguous(first) and not is_ambiguous(last)
    return (known and last not in given_names()) or shouted or pinyin


_CITED = re.compile(
    r"(?:cited|references|bibliography|sources?|literature)[: \n]*\Z|(?:^|\n)[ \t]*(?:[-*•]|\[?\d{1,3}[\].]?)?[ \t]*\Z",
    re.IGNORECASE,
)
_NAMED_AFTER = re.compile(r"(?:'s?)?[ -](?P<noun>[a-z]{3,20})(?![a-z])")


_VERBS = frozenset({
    "sets", "tests", "processes", "functions", "models", "codes", "points", "plots", "sorts", "limits", "crosses", "maps",
    "ranks", "books", "films", "works", "projects", "experiments", "balances", "forms", "groups", "filters", "places",
    "reports", "plans", "stresses", "presses", "records", "cycles", "scales", "parks", "banks", "faces", "funds", "acts",
    "forces", "fields", "bases", "states", "rules", "charts", "prints", "values", "charges", "answers"
})  # fmt: skip


def _named_after(text: str, end: int) -> bool:
    """Whether what follows says that a thing bears the name: `Henderson Hasselbalch equation`."""
    following = _NAMED_AFTER.match(text, end)
    if not following or following["noun"] in _VERBS:
        return False
    return following["noun"].removesuffix("s") in THINGS


def _by_words(text: str) -> Iterator[Span]:
    """Names that a title, a field, a greeting or a verb gives away."""
    mailed = lines_with(AT, text)
    for pattern in (TITLED, SAID, MAILED, CLOSED):
        for match in each(pattern, text, mailed) if pattern is MAILED else pattern.finditer(text):
            if span := _trimmed(text, *match.span("name"), strict=pattern is CLOSED):
                yield span
    for match in each(FIELD, text, lines_with(FIELD_SIGN, text)):
        for name in re.finditer(rf"{NAME}(?![^()]*\))", match["name"]):
            if name[0][:1].isupper() and (
                span := _trimmed(
                    text, match.start("name") + name.start(), match.start("name") + name.end(), strict=True
                )
            ):
                yield span
    for match in GREETED.finditer(text):
        if span := _trimmed(text, *match.span("name"), strict=True):
            yield span
    for match in SPEAKER.finditer(text):
        timed = bool(re.search(r"\d:\d", match[0]))
        first = bare_word(match["name"].split()[0])
        known = first in given_names() and not is_ambiguous(first)
        known = known or (
            timed and match[0].rstrip().endswith((":", "：", "*")) and is_plausible(match["name"].split())
        )
        if (
            known
            and (timed or match[0].rstrip().endswith((":", "：", "*")))
            and (span := _trimmed(text, *match.span("name"), strict=True))
        ):
            yield span
    for match in SCORED.finditer(text):
        if is_plausible(match["name"].split()):
            yield Span("person", *match.span("name"))
    for pattern in (ACTING, REACHED):
        for match in pattern.finditer(text):
            if pattern is REACHED and is_plausible(match["name"].split()) and not _named_after(text, match.end("name")):
                yield Span("person", *match.span("name"))
                continue
            first = bare_word(match["name"].split()[0])
            if first in given_names() and not is_ambiguous(first):
                stop = (
                    match.end("name")
                    if len(match["name"].split()) == 1 or bare_word(match["name"].split()[1]) in surnames()
                    else match.start("name") + len(match["name"].split()[0])
                )
                yield Span(
                    "person", match.start("name"), stop - (2 if text[match.start("name") : stop].endswith("'s") else 0)
                )


def _trimmed(text: str, start: int, end: int, *, strict: bool) -> Span | None:
    """The stretch without words that are in no name; None where nothing of a name is left.

    `strict` wants at least one word that no other text has: behind `Author:` may stand a company.
    """
    words = [(word[0], start + word.start(), start + word.end()) for word in re.finditer(r"\S+", text[start:end])]
    while words and (bare_word(words[-1][0]) in NOT_NAMES or not words[-1][0][0].isupper()):
        words.pop()
    kept = []
    for word in words:
        if bare_word(word[0]) in NOT_NAMES and not is_initial(word[0]):
            break
        kept.append(word)
    if not kept or any(bare_word(word[0]) in INSTITUTION for word in kept):
        return None
    bare = [bare_word(word[0]) for word in kept]
    known = [word for word in bare if (word in given_names() or word in surnames()) and not is_ambiguous(word)]
    foreign = [word for word in bare if not is_ambiguous(word) and len(word) > 2]
    if any(is_worded(word) for word in bare):
        return None
    both = len(kept) == 2 and bare[0] in given_names() and bare[1] in surnames()
    if (
        strict
        and not known
        and not both
        and not (len(kept) == 2 and len(foreign) == 2)
        and not pinyin_length([word[0] for word in kept] + ["x"])
    ):
        return None
    if not strict and all(is_ambiguous(word) and word not in surnames() for word in bare):
        return None
    last = kept[-1][2]
    ending = re.search(r"'s?$", text[kept[0][1] : last])
    return Span("person", kept[0][1], last - (len(ending[0]) if ending else 0))


def _again(text: str, found: set[Span]) -> Iterator[Span]:
    """`Alfredo` alone, where `Alfredo Linguini` stands elsewhere in the text."""
    parts = {
        word
        for span in found
        for word in (part.removesuffix("'s") for part in re.findall(WORD, text[span.start : span.end]))
        if len(word) > 2
        and not is_ambiguous(word.lower())
        and word.lower() not in NOT_NAMES | INSTITUTION
        and word[1:].islower()
        and " " in text[span.start : span.end]
    }
    if parts and len(parts) < 400:
        for match in re.finditer(
            rf"(?<![{LETTERS}\d_@/.'-])(?:{'|'.join(map(re.escape, sorted(parts, key=len, reverse=True)))})(?![{LETTERS}\d_=(@-]|\.[a-z])",
            text,
        ):
            if not _named_after(text, match.end()) and (
                not re.match(rf" (?:{WORD})", text[match.end() : match.end() + 24])
                or bare_word(text[match.end() + 1 : match.end() + 24].split()[0]) not in INSTITUTION
            ):
                yield Span("person", *match.span())
