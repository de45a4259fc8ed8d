"""The search for private data: every recogniser over the folded text, the overlaps settled, the offsets the original's."""

import re
from collections.abc import Iterator

from .accounts import accounts, is_account_cell
from .addresses import street_addresses
from .addresses_zh import chinese_addresses
from .cards import cards, ibans
from .columns import cells
from .emails import emails
from .finding import Finding, Span, without_overlaps
from .folding import fold
from .identity import identity_numbers, is_identity_cell
from .latin_names import is_plausible
from .people_en import latin_people
from .people_zh import chinese_people, is_chinese_name
from .phones import is_phone_cell, phones
from .secrets import is_secret_cell, secrets
from .surroundings import formulas, links

_NAME_HEADER = re.compile(
    r"(?:学生|学员|家长|老师|教师|收件人|联系人|员工|客户|作者)?(?:姓名|名字|name|联系人|收件人|负责人|教师|老师|家长|学生|学员|主讲|讲师|作者|student|teacher|contact|author|customer|full name|student name|pupil|guardian|parent|parents?/guardians?|employee|tutor|coach|member|patient|customer name|holder|payee|recipient|beneficiary|host|speaker|candidate|surname|last_?name|first_?name|surname_first|name_?\w{0,6}|监护人|成员|组员|签名|签到|申请人|被试|attendee|participant|instructor|first name|last name)",
    re.IGNORECASE,
)
_SENTENCE_MARK = re.compile("[，；]")
_LATIN_NAME = re.compile(r"[A-Z][A-Za-zÀ-ɏ'-]+(?: [A-Z]\.?)?(?: [A-Z][A-Za-zÀ-ɏ'-]+){0,2}")


def find(text: str, *, names: bool = True) -> list[Finding]:
    """Private data in `text`, in order and without overlaps.

    Args:
        text: any notes: prose, code, tables, chats; English, Chinese or both in one line.
        names: look for names of people too. Public and historic people look like anyone else; they are found as well. Of a
            name with a title only the name is found: 王 of 王老师, Okafor of Mr. Okafor.

    Dates of birth are left: history and biology are full of dates that look the same.

    Returns:
        Findings whose offsets are into `text`, so that `text[finding.start:finding.end] == finding.text`.
    """
    folded = fold(text)
    found = []
    for span in without_overlaps(_spans(folded.text, names)):
        start, end = folded.original(span.start, span.end)
        if span.kind == "secret" and (mark := _SENTENCE_MARK.search(text, start + 1, end)):
            end = mark.start()  # folded it looked like a comma, which a password may have
        found.append(Finding(span.kind, start, end, text[start:end]))
    return found


def _spans(text: str, names: bool) -> Iterator[Span]:
    inside_links, inside_formulas = links(text), formulas(text)
    banked = [
        span
        for span in (*cards(text), *ibans(text))
        if not inside_links.holds(span.start) and not inside_formulas.holds(span.start)
    ]
    contacts = [*emails(text), *phones(text, inside_links, inside_formulas), *identity_numbers(text), *banked]
    yield from contacts
    yield from secrets(text)
    yield from accounts(text)
    for span in (*street_addresses(text), *chinese_addresses(text)):
        if not inside_formulas.holds(span.start):
            yield span
    yield from _in_tables(text, contacts, names)
    if names:
        for span in (*latin_people(text), *chinese_people(text)):
            if not inside_links.holds(span.start) and not inside_formulas.holds(span.start):
                yield span


def _in_tables(text: str, contacts: list[Span], names: bool) -> Iterator[Span]:
    """What a column's header, or a phone number in the same row, says about a cell."""
    rows: set[int] = set()
    if contacts and ("," in text or "|" in text or "\t" in text):
        newlines = [match.start() for match in re.finditer("\n", text)]
        from bisect import bisect_left

        rows = {bisect_left(newlines, span.start) for span in contacts}
    for cell in cells(text):
        content = text[cell.start : cell.end]
        if is_phone_cell(cell.header, content):
            yield Span("phone", cell.start, cell.end)
        elif is_identity_cell(cell.header, content):
            yield Span("id_number", cell.start, cell.end)
        elif is_secret_cell(cell.header, content):
            yield Span("secret", cell.start, cell.end)
        elif is_account_cell(cell.header, content):
            yield Span("account", cell.start, cell.end)
        elif names and (
            (
                _NAME_HEADER.fullmatch(cell.header)
                and cell.row in rows
                and (is_chinese_name(content) or _LATIN_NAME.fullmatch(content))
            )
            or (_NAME_HEADER.fullmatch(cell.header) and is_chinese_name(content))
            or (cell.row in rows and (is_chinese_name(content) or _is_latin_name(content)))
        ):
            yield Span("person", cell.start, cell.end)


def _is_latin_name(content: str) -> bool:
    """Whether a cell beside a phone number or an address is a name: `Hill, Desmond` or `Grace O'Shaughnessy`."""
    words = content.split()
    if len(words) == 2 and words[0].endswith(","):
        words = [words[1], words[0].rstrip(",")]
    return 2 <= len(words) <= 4 and len(content) <= 40 and is_plausible(words)
