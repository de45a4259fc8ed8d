"""Chinese names: a surname and one or two characters that names are made of, told from words by what each costs.

A run of Chinese characters is cut into words and names along the cheapest path (Viterbi over unigram costs, as in Sproat
et al. 1996, "A stochastic finite-state word-segmentation algorithm for Chinese"). What stands beside a candidate
(老师, 我叫, 联系人：, a verb of speaking) makes it cheaper; alone it has to be cheaper by a margin.
"""

import re
from collections.abc import Iterator

from .beside_names_zh import (
    AFTER_SHORT_TITLE,
    BEFORE_ADDRESSED,
    ENUMERATION,
    FIELD,
    ITEM_BEFORE,
    LEFT,
    LISTED,
    NAMED,
    NOT_GIVEN,
    PUBLIC_SUFFIX,
    RIGHT,
    SPEECH,
    TITLE,
    TITLE_AFTER,
    WEAK_LEFT,
    WEAK_RIGHT,
)
from .finding import Span
from .gazetteers import chinese_names, chinese_words
from .transliterated_zh import DOTTED, transliterated

_RUN = re.compile(r"[一-鿿]+(?:[·•][一-鿿]+)*")
_OUTSIDE = re.compile(r"《[^《》\n]{1,40}》")
_ROSTER = re.compile(r"(?<![一-鿿])[一-鿿]{2,4}(?:[ \t]{1,4}[一-鿿]{2,4})+(?![一-鿿])")
_DOUBTFUL = frozenset("于时应经全和能从那向别才步都查来")
_STOCK = frozenset({
    "张三", "李四", "王五", "赵六", "孙七", "周八", "吴九", "郑十", "韩梅梅", "李雷"
})  # fmt: skip
_FOREIGN = frozenset("斯特克夫姆顿普勒茨瑟乃比塞厄霍格鲁巴尼蒂莱洛萨坎奥德尔科培伏纳弗西拉托罗桑达亚伦")
_PLACE_SIGNS = frozenset("区县镇乡省市")
_TITLE_ALONE = re.compile(TITLE + r"\Z")
MARGIN = 4.5
MARGIN_SHORT = 7.5
"""What a name of three characters, and one of two, must be cheaper by than the words it might be."""


def chinese_people(text: str) -> Iterator[Span]:
    """Names in runs of Chinese characters."""
    names = chinese_names()
    found: list[Span] = []
    for run in _RUN.finditer(text):
        place = run.start()
        if "·" in run[0] or "•" in run[0]:
            for dotted in DOTTED.finditer(run[0]):
                for span in transliterated(dotted[0], run.start() + dotted.start()):
                    found.append(span)
                    if place < span.start:
                        found += _in_run(text, place, span.start)
                    place = span.end
        if place > run.start():
            if place < run.end():
                found += _in_run(text, place, run.end())
            continue
        if not names.openings.isdisjoint(run[0]):
            found += _in_run(text, run.start(), run.end())
    for value in NAMED.finditer(text):
        if (
            value["name"] not in chinese_words()
            and NOT_GIVEN.isdisjoint(value["name"])
            and value["name"][-1] not in "处部室科组司校院会厂店局所系班"
        ):
            yield Span("person", *value.span("name"))
    named = _OUTSIDE.sub(lambda title: " " * len(title[0]), text) if "《" in text else text
    found = [span for span in found if named[span.start] != " "]
    yield from found
    yield from _beside(text, {span.start for span in found})
    yield from _in_roster(text, {span.start for span in found})


def _beside(text: str, known: set[int]) -> Iterator[Span]:
    """The other items of an enumeration (王芳、李强、赵敏) of which at least one is a name, where all of them can be."""
    for place in known:
        if beside := ITEM_BEFORE.search(text, max(0, place - 6), place):
            name = beside["name"]
            if _cost(name) < 26 and name not in chinese_words():
                yield Span("person", *beside.span("name"))
    for run in ENUMERATION.finditer(text):
        items = [
            (run.start() + item.start(), item[0])
            for item in re.finditer(r"\([^()]*\)|[一-鿿]+", run[0])
            if not item[0].startswith("(")
        ]
        if any(start in known for start, _ in items) and all(_cost(item) < 26 for _, item in items):
            yield from (Span("person", start, start + len(item)) for start, item in items)


def _in_roster(text: str, known: set[int]) -> Iterator[Span]:
    """The other items of a line of names with blanks between them (周一 丁刚 侯欣怡), of which at least one is a name."""
    words = chinese_words()
    for run in _ROSTER.finditer(text):
        items = [(run.start() + item.start(), item[0]) for item in re.finditer(r"[一-鿿]+", run[0])]
        if any(start in known for start, _ in items):
            for start, item in items:
                if item not in words and _cost(item) < 26:
                    yield Span("person", start, start + len(item))


def is_chinese_name(cell: str) -> bool:
    """Whether all of `cell` can be a Chinese name: a table's cell beside a phone number."""
    return bool(re.fullmatch(r"[一-鿿]{2,4}", cell)) and cell not in chinese_words() and _cost(cell) < 99


def _cost(name: str) -> float:
    """How dear a name is by itself: infinite where it does not open with a surname and go on with one or two characters."""
    names = chinese_names()
    size = 2 if name[:2] in names.surnames and len(name) > 2 else 1
    given = name[size:]
    if name in _STOCK:
        return 11.0
    if name[:size] not in names.surnames or not 1 <= len(given) <= 2 or not NOT_GIVEN.isdisjoint(given):
        return 99.0
    if len(given) == 2 and given[0] in _FOREIGN and given[1] in _FOREIGN:
        return 99.0  # a foreign name written by its sound: 康普顿
    if name in names.places or given[-1] in _PLACE_SIGNS or _TITLE_ALONE.match(given):
        return 99.0
    cost = names.surnames[name[:size]] + sum(names.given.get(character, 10.5) for character in given)
    if given in names.pairs:
        return names.surnames[name[:size]] + 10.5
    return cost + (4.4 if len(given) == 1 else 3.4)


def _in_run(text: str, start: int, end: int) -> Iterator[Span]:
    """The names on the cheapest path through one run of characters."""
    words = chinese_words()
    length = end - start
    openings = chinese_names().openings
    candidates = {
        place - start: offered
        for place in range(start, end)
        if text[place] in openings and (offered := [*_names_at(text, place, end)])
    }
    if not candidates:
        return
    best = [0.0] + [1e9] * length
    back: list[tuple[int, bool]] = [(0, False)] * (length + 1)
    for here in range(length):
        reached = best[here]
        at = start + here
        for size in range(1, min(6, length - here) + 1):
            cost = words.get(text[at : at + size])
            if cost is None:
                if size > 1:
                    continue
                cost = 13.0
            if reached + cost < best[here + size]:
                best[here + size], back[here + size] = reached + cost, (here, False)
        for size, cost in candidates.get(here, ()):
            if reached + cost < best[here + size]:
                best[here + size], back[here + size] = reached + cost, (here, True)
    here = length
    found = []
    while here:
        before, is_name = back[here]
        if is_name:
            found.append((before, here))
        here = before
    for first, last in reversed(found):
        yield Span("person", start + first, start + last)


def _names_at(text: str, at: int, end: int) -> Iterator[tuple[int, float]]:
    """Candidates that begin at `at`, with what they cost where they stand."""
    names = chinese_names()
    if text[at : at + 2] in names.pieces:
        yield from _pieced(text, at, end)
    size = 2 if text[at : at + 2] in names.surnames and at + 2 < end else 1
    if text[at : at + size] not in names.surnames:
        return
    if text[at] == "班" and re.search(r"[\d一二三四五六七八九十)级]\Z", text[max(0, at - 1) : at]):
        return
    field: bool | None = None
    for total in (size + 1, size + 2):
        name = text[at : at + total]
        if at + total > end:
            break
        cost = _cost(name)
        if cost >= 99 or (cost > 28 and total == size + 2):
            continue
        if cost + (MARGIN if total > size + 1 else MARGIN_SHORT) - _MOST >= (cover := _cover(name)):
            continue
        if total == size + 2 and _swallows(text, at + total, end):
            continue
        if field is None:
            head = text[max(0, at - 14) : at]
            field = bool(FIELD.search(head))
            field = field or bool(LISTED.search(text[max(0, at - 80) : at]))
            inside_word = (text[max(0, at - 1) : at + 1] in chinese_words() or text[at] in _DOUBTFUL) and not field
            left = -6.0 if LEFT.search(head) and not inside_word else -1.5 if WEAK_LEFT.search(head) else 0.0
        cost += (MARGIN if total > size + 1 else MARGIN_SHORT) + _bonus(text, at, at + total, field, left)
        if cost < cover:
            yield total, cost
    if (addressed := _addressed(text, at, at + size)) is not None:
        yield size, addressed


_MOST = 18.0
"""The most that `_bonus` takes off."""


def _cover(name: str) -> float:
    """What the characters of a candidate cost as words by themselves: a name that is dearer is on no cheapest path."""
    words = chinese_words()
    best = [0.0]
    for stop in range(1, len(name) + 1):
        best.append(
            min(best[start] + words.get(name[start:stop], 13.0 if stop == start + 1 else 99.0) for start in range(stop))
        )
    return best[-1]


_SCORE = re.compile(r"[ \t|]{1,4}\d{1,3}(?:\.\d)?分?(?![\d.]|[ ]?[一-鿿])")


def _swallows(text: str, stop: int, end: int) -> bool:
    """Whether the last character of a candidate of three belongs to what is said of the name: 吴霞先|生, 孟婷下|学期."""
    title = TITLE_AFTER.match(text, stop - 1)
    return bool(title and len(title[0]) > 1) or (
        stop < end
        and (
            text[stop - 1] in _GOES_ON
            or (
                chinese_names().given.get(text[stop - 1], 9.0) > 7
                and chinese_words().get(text[stop - 1 : stop + 1], 99.0) < 11
            )
        )
    )


_GOES_ON = frozenset("值获没未来去下上做当前后带得教被给到在从比")


def _pieced(text: str, at: int, end: int) -> Iterator[tuple[int, float]]:
    """Names of other peoples: two pieces (卓玛央金), or a Japanese surname and a given name (田中太郎)."""
    names = chinese_names()
    named = bool(FIELD.search(text[max(0, at - 14) : at]))
    for first in (2, 3):
        head, rest = text[at : at + first], at + first
        if head in names.units:
            for second in (2, 3):
                if text[rest : rest + second] in names.units and rest + second <= end:
                    yield first + second, 6.0 if named else 12.0
            if named and rest == end:
                yield first, 6.0
        if head in names.japanese and rest < end:
            for second in (2, 3, 1):
                stop = rest + second
                given = text[rest:stop]
                if stop <= end and ((named and stop == end) or (second > 1 and given[-1] in _JAPANESE_ENDINGS)):
                    yield first + second, 4.0 if named else 17.0 + _bonus(text, at, stop, False, 0.0)


_JAPANESE_ENDINGS = frozenset("郎子美介之輔辅菜香奈恵惠樹树夫男雄也斗翔太助乃代紀纪織織")


def _addressed(text: str, at: int, stop: int) -> float | None:
    """What a surname with a title (王老师) costs where it is all that is said of a name; None where it cannot be one."""
    title = TITLE_AFTER.match(text, stop)
    if not title or (title[0] in {"总", "工", "董"} and not AFTER_SHORT_TITLE.match(text, title.end())):
        return None
    if chinese_words().get(text[at : stop + 1], 99.0) <= 12:
        return None
    if BEFORE_ADDRESSED.search(text[max(0, at - 4) : at]):
        return 6.0
    return 7.0 if title[0] in _SURE_TITLES and text[at] not in _DOUBTFUL else None


_SURE_TITLES = frozenset({"先生", "女士", "小姐", "老师", "老師", "阿姨", "叔叔", "师傅", "医生", "校长", "主任"})


def _bonus(text: str, at: int, stop: int, field: bool, left: float) -> float:
    """What the surroundings take off a name's cost, or add to it."""
    if field:
        alone = (
            not re.match(r"[一-鿿]", text[stop : stop + 1])
            or bool(TITLE_AFTER.match(text, stop))
            or bool(RIGHT.match(text, stop))
        )
        return -14.0 if alone else -6.0
    if PUBLIC_SUFFIX.match(text, stop) and not TITLE_AFTER.match(text, stop):
        return 11.0
    bonus = 0.0
    if TITLE_AFTER.match(text, stop):
        bonus -= 9.0
    elif RIGHT.match(text, stop):
        bonus -= 7.5
    elif WEAK_RIGHT.match(text, stop):
        bonus -= 1.5
    bonus += left
    if re.match(r"[:：]", text[stop : stop + 1]) and SPEECH.search(text[max(0, at - 34) : at]):
        bonus -= 3.0
    if _SCORE.match(text, stop) and SPEECH.search(text[max(0, at - 34) : at]):
        bonus -= 4.0
    return bonus
