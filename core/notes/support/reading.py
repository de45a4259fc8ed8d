"""Reading a sentence or a passage for comparison: its tokens, its clauses, and the pieces that can carry a claim."""

import itertools
import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Literal

from ..privacy.gazetteers import chinese_words
from ..sentences import join_lines, sentence_spans
from ..words import HAN_STOP, STOPWORDS, stem
from .lexicon import LIGHT
from .numerals import NUMBER, unit, value

Kind = Literal["word", "number", "unit", "name", "code", "han"]

_FUNCTION_HAN = frozenset(
    [
        "没有",
        "不是",
        "不会",
        "不能",
        "不要",
        "不必",
        "不用",
        "不得",
        "不可",
        "可以",
        "必须",
        "应该",
        "应当",
        "需要",
        "可能",
        "能够",
        "因为",
        "由于",
        "所以",
        "因此",
        "因而",
        "从而",
        "于是",
        "以免",
        "以便",
        "但是",
        "不过",
        "可是",
        "然而",
        "而且",
        "并且",
        "以及",
        "或者",
        "或是",
        "还是",
        "如果",
        "要是",
        "假如",
        "只要",
        "只有",
        "除非",
        "无论",
        "不管",
        "虽然",
        "尽管",
        "即使",
        "就是",
        "才能",
        "所有",
        "一切",
        "全部",
        "全都",
        "每个",
        "任何",
        "有些",
        "一些",
        "部分",
        "多数",
        "大多",
        "往往",
        "通常",
        "一般",
        "总是",
        "永远",
        "从不",
        "从来",
        "一定",
        "仅仅",
        "只是",
        "唯一",
        "最多",
        "至少",
        "不少",
        "不超过",
        "左右",
        "大约",
        "约",
        "这个",
        "那个",
        "这些",
        "那些",
        "它们",
        "他们",
        "我们",
        "自己",
        "其",
        "其中",
        "之后",
        "之前",
        "以后",
        "以前",
        "时候",
        "的话",
        "主要",
        "多数",
        "大都",
        "几乎",
        "大概",
        "宜",
        "怎样",
        "如何",
        "什么",
        "哪些",
        "构成",
        "组成",
        "这样",
        "之间",
        "里面",
        "起来",
        "出来",
        "下来",
        "进去",
        "出现",
        "使得",
        "便",
        "就",
        "各自",
        "仍",
        "仍然",
        "一个",
        "一种",
        "一样",
        "一些",
        "一次",
        "一下",
        "一起",
        "进行",
        "作为",
        "成为",
        "属于",
        "叫作",
        "叫做",
        "称为",
        "称作",
        "也就是",
        "例如",
        "比如",
        "等等",
        "之类",
        "不",
        "没",
        "未",
        "无",
        "非",
        "别",
        "勿",
        "莫",
        "很",
        "更",
        "最",
        "较",
        "比",
        "都",
        "只",
        "仅",
        "各",
        "每",
        "由",
        "使",
        "让",
        "令",
        "给",
        "向",
        "往",
        "于",
        "自",
        "用",
        "以",
        "并",
        "又",
        "再",
        "还",
        "才",
        "已",
        "曾",
        "正",
        "会",
        "能",
        "可",
        "应",
        "须",
        "需",
        "得",
        "着",
        "了",
        "过",
        "的",
        "地",
        "得",
        "吗",
        "呢",
        "吧",
        "啊",
    ]
)
_DIRECTIONS = frozenset(["above", "after", "before", "below", "under", "over"])
_TOKEN = re.compile(
    rf"(?P<mention>[“「][^“”「」，。]{1, 4}[”」])|(?P<code>`[^`]+`|\$\$[^$]+\$\$|\$(?=\S)[^$\n]*[^$\s]\$(?!\d))|(?P<number>{NUMBER.pattern})|(?P<mark>[%％°$€£¥℃Ω](?:[CF]\b)?)|"
    r"(?P<latin>[A-Za-zÀ-ɏ]+(?:['’][a-z]+)?)|(?P<han>[㐀-䶿一-鿿豈-﫿])|(?P<greek>[Ͱ-Ͽ]+)",
    re.IGNORECASE,
)
_HAN_RUN = re.compile(r"[㐀-䶿一-鿿豈-﫿]+")
_MARKDOWN = re.compile(
    r"!?\[([^\[\]]*)\]\([^()\s]*(?:\s\"[^\"]*\")?\)|\[([^\[\]]+)\]\[[^\]]*\]|\[\^[^\]]+\]|</?[a-z][^<>]*>"
)
_BLOCK_START = re.compile(r"\s*(?:[-*+]\s|\d+[.)]\s|\||#|>|```|~~~)")
_CLAUSE = re.compile(
    r"[;:；：。]|[,，、](?=\s?\S)|\s[-–—]+\s|——|\b(?:and|but|while|whereas|so|because|since|although|though|which|who|unless|if|or)\b|而(?!且)|但是?|所以|因此|因为|由于|却|则(?=[^]])",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Token:
    """A word of a text for comparison.

    Attributes:
        text: as written, in lower case.
        key: what makes two tokens the same: the stem, the number, the unit's name, the code.
        content: it says something of its own, rather than holding the others together.
    """

    text: str
    key: str
    kind: Kind
    content: bool


@lru_cache(20_000)
def tokens(text: str) -> tuple[Token, ...]:
    """The tokens of a text in order; Chinese is cut into words, code and formulas are single words as written."""
    text = plain(text)
    found: list[Token] = []
    index, first = 0, True
    while match := _TOKEN.search(text, index):
        index = match.end()
        if match["mention"]:
            word = match["mention"][1:-1].lower()
            found.append(Token(word, word, "name", True))
        elif match["code"]:
            found += [Token(part, part, "code", True) for part in match["code"].strip("`$").lower().split()]
        elif match["number"]:
            amount = value(match)
            if amount is None:
                found.append(Token(match["number"], match["number"], "word", False))
            else:
                found.append(Token(match["number"].lower(), f"{amount:.6g}", "number", True))
            if match["zh"] and match["zh"].startswith("百分之"):
                found.append(Token("%", "%", "unit", True))
        elif match["mark"]:
            found.append(Token(match["mark"], unit(match["mark"]) or match["mark"], "unit", True))
        elif match["latin"]:
            found.append(_latin(match["latin"], found, first))
        elif match["han"]:
            run = _HAN_RUN.match(text, match.start())
            assert run is not None
            end = min((one.start() for one in NUMBER.finditer(run.group())), default=len(run.group()))
            end = max(1, end)
            found += _han(run.group()[:end], found)
            index = match.start() + end
        else:
            found.append(Token(match.group().lower(), match.group().lower(), "word", True))
        if len(found) > 1 and found[-1].kind == "number" and found[-2].text in ("$", "€", "£", "¥"):
            found[-2:] = [found[-1], found[-2]]  # $5 is 5 dollars
        first = False
    return tuple(found)


def plain(text: str) -> str:
    """The text without Markdown's marks: links and footnotes, emphasis, list markers; code keeps its backticks."""
    text = _MARKDOWN.sub(lambda match: match[1] or match[2] or "", text)
    return re.sub(r"\*+|__+|~~|^\s*(?:[-*+]|\d+[.)]|#+|>)\s+", "", text, flags=re.MULTILINE)


def _latin(word: str, before: Sequence[Token], first: bool) -> Token:
    lowered = word.lower().replace("’", "'")
    if before and before[-1].kind == "number" and (measure := unit(lowered)):
        return Token(lowered, measure, "unit", True)
    key = stem(lowered)
    light = key in STOPWORDS or lowered in STOPWORDS or lowered in LIGHT or key == "be"
    content = not light or lowered in _DIRECTIONS
    name = content and not first and word[0].isupper()
    return Token(
        lowered, key, "name" if name else "word", content or (word[0].isupper() and len(word) == 1 and not first)
    )


def _han(run: str, before: Sequence[Token]) -> list[Token]:
    found: list[Token] = []
    for word in _cut(run):
        after_number = (found or before) and (found or before)[-1].kind == "number"
        if after_number and (measure := unit(word)):
            found.append(Token(word, measure, "unit", True))
            continue
        function = word in _FUNCTION_HAN or all(character in HAN_STOP for character in word)
        found.append(Token(word, word, "han", not function))
    return found


def _cut(run: str) -> list[str]:
    """The likeliest words of a run of Chinese: the cheapest path through jieba's dictionary."""
    costs = _costs()
    best = [(0.0, 0)] * (len(run) + 1)
    for end in range(1, len(run) + 1):
        best[end] = min(
            (best[start][0] + costs.get(run[start:end], 13.0 if end - start == 1 else math.inf), start)
            for start in range(max(0, end - 5), end)
        )
    cut: list[str] = []
    end = len(run)
    while end:
        start = best[end][1]
        cut.append(run[start:end])
        end = start
    return cut[::-1]


@cache
def _costs() -> dict[str, float]:
    words = chinese_words()
    # 降低利率 would hide from 提高 | 利率 that only its first half is another: what is two words is always cut into two.
    single = {word: cost for word, cost in words.items() if len(word) != 4 or not {word[:2], word[2:]} <= words.keys()}
    return single | {word: 6.0 for word in _FUNCTION_HAN if len(word) > 1}


def content(found: Sequence[Token]) -> list[Token]:
    """The tokens that say something of their own."""
    return [token for token in found if token.content]


def clauses(text: str) -> list[str]:
    """The parts of a sentence at its commas and joining words, each with at least two content words; else the sentence."""
    cuts = [0]
    for match in _CLAUSE.finditer(text):
        left, right = text[cuts[-1] : match.start()], text[match.start() :]
        if len(content(tokens(left))) >= 2 and len(content(tokens(right))) >= 2:
            cuts.append(match.start())
    cuts.append(len(text))
    return [text[left:right] for left, right in itertools.pairwise(cuts)]


@lru_cache(4_000)
def pieces(passage: str) -> tuple[tuple[str, ...], ...]:
    """The sentences of each block of a passage; each item of a list, row of a table and line of code is a block of its own.

    A table's rows have the column's title before each cell.
    """
    return tuple(tuple(block) for block in _blocks(passage) if block)


@lru_cache(4_000)
def rows(passage: str) -> tuple[str, ...]:
    """The rows of the passage's tables, each cell after its column's title."""
    found: list[str] = []
    header: list[str] = []
    for line in passage.split("\n"):
        if not line.lstrip().startswith("|"):
            header = []
            continue
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if not header:
            header = cells
        elif not all(re.fullmatch(r":?-*:?", cell) for cell in cells):
            found.append(", ".join(f"{title} {cell}" for title, cell in zip(header, cells, strict=False)))
    return tuple(found)


def _blocks(passage: str) -> Iterator[list[str]]:
    paragraph: list[str] = []
    header: list[str] = []
    fenced = False
    for line in [*passage.split("\n"), ""]:
        fence = line.lstrip().startswith(("```", "~~~"))
        if paragraph and (fenced or fence or not line.strip() or _BLOCK_START.match(line)):
            yield _sentences(paragraph)
            paragraph = []
        if fence:
            fenced = not fenced
        elif fenced:
            yield [line.strip()] if line.strip() else []
        elif line.lstrip().startswith("|"):
            cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
            if not header:
                header = cells
            elif not all(re.fullmatch(r":?-*:?", cell) for cell in cells):
                yield [", ".join(f"{title} {cell}" for title, cell in zip(header, cells, strict=False))]
            continue
        elif line.strip():
            paragraph.append(line)
        header = []
    yield _sentences(paragraph)


def _sentences(paragraph: list[str]) -> list[str]:
    joined, _ = join_lines(paragraph, 1)
    joined = re.sub(r"^(?:[-*+]|\d+[.)]|#+|>)\s+", "", joined)
    return [joined[start:end] for start, end in sentence_spans(joined)]
