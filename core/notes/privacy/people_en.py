"""Names in Latin letters in their surroundings: a given name before a surname anywhere, and whatever is capitalised behind a
title, a field such as `Name:`, a greeting, or before an address in angle brackets."""

import re
from collections.abc import Iterator

from .finding import Span
from .gazetteers import words_of
from .latin_names import (
    CAPITALS,
    INITIAL,
    INSTITUTION,
    LETTERS,
    NAME,
    NOT_NAMES,
    PARTICLE,
    PINYIN_SURNAMES,
    WORD,
    bare_word,
    is_ambiguous,
    is_initial,
    name_length,
    pinyin_length,
    syllables,
)

_CANDIDATES = re.compile(
    rf"(?<![{LETTERS}\d_@/\\.&-])(?<![{LETTERS}]'){WORD}(?:[ ](?:{INITIAL}|{PARTICLE}(?= [{CAPITALS}])|{WORD}))*(?![{LETTERS}\d_=]|\.[a-z(]|\()"
)
_TITLED = re.compile(
    rf"(?<![{LETTERS}])(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Professor|Doctor|Sir|Madam|Mme|Rev|Capt|Captain|Sgt|Lt|Col|Gen|Judge|Coach|Nurse|Officer|Principal|Dean|Herr|Frau|Señora?|TA|Uncle|Auntie)\.?[ ]"
    rf"(?P<name>(?:{INITIAL} ?)?{NAME})"
)
_SAID = re.compile(
    rf"(?:[Mm]y (?:full |first |last |real |legal )?name(?:'s| is)|(?<![{LETTERS}])(?:[Hh]is|[Hh]er|[Tt]heir|[Tt]he (?:student|teacher|customer|patient|client|author|owner)'s) (?:full )?name is|(?<![{LETTERS}])I'm called|(?<![{LETTERS}])[Cc]all me|(?<![{LETTERS}])(?:named|called)(?= [{CAPITALS}][a-z]+ [{CAPITALS}])|"
    rf"(?<![{LETTERS}])[Ss]igned(?: by)?[:,]?|(?<![{LETTERS}])[Tt]his is(?= [{CAPITALS}][a-z]+(?: [{CAPITALS}][a-z]+)? (?:speaking|from|calling|here))|(?<![{LETTERS}])I am(?= [{CAPITALS}][a-z]+ [{CAPITALS}][a-z]+[,. ])|(?<![{LETTERS}])I'm(?= [{CAPITALS}][a-z]+ [{CAPITALS}][a-z]+[,. ]))[ ]+\**\"?(?P<name>{NAME})"
)
_FIELD = re.compile(
    rf"(?:(?<![{LETTERS}])|(?<=_))(?:(?:(?:student|full|first|last|given|family|legal|contact|customer|patient|client|employee|author|teacher|instructor|user|parent|guardian|card ?holder|account|display|real|emergency|your|maiden|middle|billing|shipping|guest|candidate)['s]{{0,2}}[ _])?name|"
    r"authors?|written by|prepared by|taught by|reviewed by|edited by|translated by|submitted by|created by|presented by|recorded by|approved by|hosted by|posted by|reported by|assigned to|assignee|reporter|instructors?|lecturers?|teachers?|tutors?|professor|presenters?|speakers?|"
    r"students?|supervisors?|advis[oe]rs?|mentors?|contact(?: person)?|attendees?|participants?|from|to|cc|bcc|sender|recipients?|customer|client|patient|employee|candidate|applicant|cardholder|card ?holder|account holder|beneficiary|payee|payer|owner|signed(?:-off)?(?:-by)?|signature|emergency contact|next of kin|"
    r"ship to|bill to|sold to|deliver to|attn|attention|c/o|manager|maintainers?|committer|co-authored-by|reviewer|guardian|parent|tenant|landlord|witness|host|organi[sz]er|interviewer|interviewee|editor|translator|prepared for|referee|nickname|姓名|联系人|作者|老师|主讲|讲师|助教|学生|收件人|发件人|持卡人|户名)"
    rf"[ \t]*\**[\"']?[ \t]*(?:[:：=|]|(?<=by)|(?<=c/o))[ \t]*\**[ \t]*[\"']?[ \t]*(?P<name>{NAME}(?:(?:, | and | & |, and ){NAME}){{0,8}})(?![{LETTERS}\d_@(=]|\.[a-z])",
    re.IGNORECASE,
)
_MAILED = re.compile(
    rf"(?P<name>{WORD}(?:,? (?:{INITIAL}|{PARTICLE}|{WORD})){{0,3}})\"?'?[ ]{{0,2}}(?:<|\(|&lt;|\[)(?:mailto:)?[A-Za-z0-9._%+-]{{1,64}}@"
)
_GREETED = re.compile(
    rf"(?:^|(?<=[\n>.!?\"]))[ \t>]*(?:Dear|Hi|Hello|Hey|Dearest|Good (?:morning|afternoon|evening)|Thanks|Thank you|Cheers|Congratulations|Welcome|Sorry|(?:Best|Love|Yours|Regards|Kind regards|Best wishes)(?=,))(?: so much| again|,)?,? (?P<name>{WORD}(?: {WORD})?)(?=[ ]?[,!.:\n—-]|$)",
    re.MULTILINE,
)
_CLOSED = re.compile(
    rf"(?:[Rr]egards|[Ss]incerely|[Bb]est|[Cc]heers|[Tt]hanks|[Yy]ours(?: truly| faithfully)?|[Tt]hank you|[Ww]ishes|[Ll]ove|[Rr]espectfully|[Tt]ake care|[Cc]ordially|[Gg]reetings|Thx),?[ ]*\n(?:[ \t>]*\n)?[ \t>]*(?:--? ?)?(?P<name>{NAME})[ \t]*(?:[,|(].*)?$",
    re.MULTILINE,
)
_SPEAKER = re.compile(
    rf"^[ \t>*-]{{0,6}}(?:\[[\d :/.,APMapm-]{{4,24}}\]|\(?\d{{1,2}}:\d{{2}}(?::\d{{2}})?(?: ?[APap][Mm])?\)?|\d{{1,4}}[/-]\d{{1,2}}[/-]\d{{1,4}},? \d{{1,2}}:\d{{2}}(?::\d{{2}})?(?: ?[APap][Mm])?)?[ \t-]{{0,3}}\**(?P<name>{WORD}(?: {WORD}){{0,2}})\**(?:[ ]?[(\[][\d :/,APMapm-]{{4,22}}[)\]])?(?:[ ]{{1,2}}(?:\d{{4}}[-/]\d\d?[-/]\d\d? )?\d{{1,2}}:\d{{2}}(?::\d{{2}})?(?: ?[APap][Mm])?)?[ ]?\**(?:[:：]\**[ ]|$)",
    re.MULTILINE,
)
_ACTING = re.compile(
    rf"(?<![{LETTERS}\d_@/.'-])(?P<name>{WORD})(?:'s (?:phone|cell|mobile|number|email|e-mail|address|password|passport|card|homework|grade|account|birthday|SSN|home|wife|husband|mother|father|son|daughter|house|apartment|salary)| (?:said|asked|told|wrote|replied|called|emailed|texted|answered|lives|lived|works|teaches|graduated|married)(?![{LETTERS}]))"
)
_REACHED = re.compile(
    rf"(?<![{LETTERS}])(?:[Cc]ontact|[Cc]all|[Ee]mail|[Tt]ext|[Aa]sk|[Tt]ell|[Rr]each|[Mm]eet|[Nn]otify|[Pp]hone|[Mm]essage|[Pp]ing|[Ii]nvite|[Ff]orward (?:it|this) to|[Rr]each out to|[Ss]peak (?:to|with)|[Tt]alk to|[Cc]heck with)[ ](?P<name>{WORD}(?: {WORD})?)(?![{LETTERS}\d_@=(]|\.[a-z])"
)
_REVERSED = re.compile(
    rf"(?<![{LETTERS}\d_@/.'-])(?P<last>{WORD}), (?P<first>{WORD})(?: {INITIAL})?(?![{LETTERS}\d_@=(]|\.[a-z])"
)
_INITIALED = re.compile(
    rf"(?<![{LETTERS}\d_@/.'-])[{CAPITALS}]\. ?[{CAPITALS}]\. ?(?:[{CAPITALS}]\. ?)?(?P<last>[{CAPITALS}][a-zß-öø-ɏ]{{2,20}}(?:-[{CAPITALS}][a-z]+)?)(?![{LETTERS}\d_=(])"
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
            if size:
                start, end = match.start() + parts[index][1], match.start() + parts[index + size - 1][2]
                yield Span("person", start, end - len(text[start:end]) + len(re.sub(r"'s$", "", text[start:end])))
                index += size
            else:
                index += 1
    for match in _REVERSED.finditer(text):
        last, first = match["last"].lower(), match["first"].lower()
        known = (
            last in words_of("surnames.txt")
            and not is_ambiguous(last)
            and first in words_of("given_names.txt")
            and not is_ambiguous(first)
        )
        shouted = match["last"].isupper() and first in words_of("given_names.txt")
        pinyin = (
            last in PINYIN_SURNAMES and syllables(first) == 2 and not is_ambiguous(first) and not is_ambiguous(last)
        )
        if (known and last not in words_of("given_names.txt")) or shouted or pinyin:
            yield Span("person", *match.span())
    for match in _INITIALED.finditer(text):
        if not is_ambiguous(bare_word(match["last"])) and bare_word(match["last"]) not in INSTITUTION | NOT_NAMES:
            yield Span("person", *match.span())


def _by_words(text: str) -> Iterator[Span]:
    """Names that a title, a field, a greeting or a verb gives away."""
    for pattern in (_TITLED, _SAID, _MAILED, _CLOSED):
        for match in pattern.finditer(text):
            if span := _trimmed(text, *match.span("name"), strict=pattern is _CLOSED):
                yield span
    for match in _FIELD.finditer(text):
        for name in re.finditer(rf"{NAME}", match["name"]):
            if name[0][:1].isupper() and (
                span := _trimmed(
                    text, match.start("name") + name.start(), match.start("name") + name.end(), strict=True
                )
            ):
                yield span
    for match in _GREETED.finditer(text):
        if span := _trimmed(text, *match.span("name"), strict=True):
            yield span
    for match in _SPEAKER.finditer(text):
        timed = bool(re.search(r"\d:\d", match[0]))
        first = bare_word(match["name"].split()[0])
        known = first in words_of("given_names.txt") and not is_ambiguous(first)
        if (
            known
            and (timed or match[0].rstrip().endswith((":", "：", "*")))
            and (span := _trimmed(text, *match.span("name"), strict=True))
        ):
            yield span
    for pattern in (_ACTING, _REACHED):
        for match in pattern.finditer(text):
            first = bare_word(match["name"].split()[0])
            if first in words_of("given_names.txt") and not is_ambiguous(first):
                stop = (
                    match.end("name")
                    if len(match["name"].split()) == 1
                    or bare_word(match["name"].split()[1]) in words_of("surnames.txt")
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
    known = [
        word
        for word in bare
        if (word in words_of("given_names.txt") or word in words_of("surnames.txt")) and not is_ambiguous(word)
    ]
    foreign = [word for word in bare if not is_ambiguous(word) and len(word) > 2]
    both = len(kept) == 2 and bare[0] in words_of("given_names.txt") and bare[1] in words_of("surnames.txt")
    if (
        strict
        and not known
        and not both
        and not (len(kept) == 2 and len(foreign) == 2)
        and not pinyin_length([word[0] for word in kept] + ["x"])
    ):
        return None
    if not strict and all(is_ambiguous(word) and word not in words_of("surnames.txt") for word in bare):
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
            if (
                not re.match(rf" (?:{WORD})", text[match.end() : match.end() + 24])
                or bare_word(text[match.end() + 1 : match.end() + 24].split()[0]) not in INSTITUTION
            ):
                yield Span("person", *match.span())
