"""Steps to put in order, where the notes number them or say what comes first, then and last."""

import random
import re
from collections.abc import Iterator

from ...course.quiz import Item, Option
from ..aims import section_of
from ..facts import Fact
from ..statements import Statement
from ..titles import bare_title
from .source import Draft, Source, sentence_case

MOST_STEPS = 6
FEWEST_STEPS = 3
_STEPS = re.compile(
    r"\b(?:steps?|how to|procedure|process|stages?|phases?|recipe|workflow|sequence|order|routine|walk-?through|instructions?|setting up|install\w*|"
    r"getting started|making|timeline|history|cycle|first)\b|步骤|流程|过程|如何|怎样|阶段|顺序|程序|工序|做法|次序|历程|冲泡|操作|安装|首先",
    re.IGNORECASE,
)
_PLACE = re.compile(
    r"^(?:first(?:ly)?|second(?:ly)?|third(?:ly)?|then|next|after that|finally|last(?:ly)?|首先|其次|再次|然后|接着|随后|之后|最后|再|先|第[一二三四五六七八九十]步?)[,，、:：]?\s*",
    re.IGNORECASE,
)
_CHAIN = re.compile(
    r"(?:首先|先|第一步)(?P<a>[^，。；]{4,30})[，；](?:然后|接着|再|其次)(?P<b>[^，。；]{4,30})[，；](?:最后|再|然后|随后)(?P<c>[^，。；]{4,30})[。；]"
)
_CHAIN_EN = re.compile(
    r"^first,? (?P<a>[^,;.]{8,70})[,;] (?:and )?then,? (?P<b>[^,;.]{8,70})[,;] (?:and )?(?:finally|last|then),? (?P<c>[^,;.]{8,70})\.",
    re.IGNORECASE,
)


def ordering(fact: Fact, source: Source) -> Iterator[Draft]:
    """The numbered steps of the fact's section, or of a sentence that tells them, in a shuffled order."""
    title = section_of(fact.statement, source.material)
    runs: dict[int, list[Statement]] = {}
    for one in source.material.statements:
        if one.item == "step" and section_of(one, source.material) == title:
            runs.setdefault(one.passage, []).append(one)
    for passage, steps in runs.items():
        lead = next((one.plain for one in source.material.statements if one.passage == passage - 1 and one.leads), "")
        about = f"{title} {lead}"
        texts = [_step(one, source) for one in steps]
        labelled = sum(bool(re.match(r"[^:：]{1,12}[:：]", text)) for text in texts) > 1
        if not labelled and (_STEPS.search(about) or all(_is_imperative(text, source) for text in texts)):
            name = (
                re.sub(r"[:：]$", "", lead)
                if lead and title == source.material.title and len(lead) < 80
                else bare_title(title)
            )
            yield from _shuffled(texts, name, steps[0], source)
    for one in source.material.statements:
        chain = (_CHAIN if source.chinese else _CHAIN_EN).search(one.plain)
        if chain and section_of(one, source.material) == title and not one.leans:
            yield from _shuffled([sentence_case(chain[name].strip()) for name in "abc"], bare_title(title), one, source)


def _shuffled(steps: list[str], name: str, said: Statement, source: Source) -> Iterator[Draft]:
    steps = steps[:MOST_STEPS]
    if len(steps) < FEWEST_STEPS or not all(4 <= len(step) <= 130 for step in steps) or len(set(steps)) < len(steps):
        return
    if source.chinese and len({step[:1] for step in steps}) == 1:
        return  # 讲…、讲…: the plan of a class
    # Shuffled by the steps themselves: the same steps come in the same order whenever the question is made.
    places = list(range(len(steps)))
    while places == sorted(places):
        random.Random(f"{name}:{len(places)}:{steps[0]}").shuffle(places)
        if places == sorted(places):
            places.reverse()
    shown = tuple(Option(steps[place], False) for place in places)
    answers = tuple((chr(ord("A") + places.index(place)),) for place in range(len(steps)))
    yield Draft(Item(source.words.order.format(title=name), shown, kind="ordering", answers=answers), said)


def _step(one: Statement, source: Source) -> str:
    """A step without its own word for its place, its first sentence only."""
    text = _PLACE.sub("", re.sub(r"\s*[(（][^()（）]*\.\w{2,5}[)）]|[;；] see [\w./-]+\.\w{2,5}.*$", "", one.plain))
    first = re.split(r"(?<=[.!?]) (?=[A-Z])|(?<=[。！？])", text)[0]
    return sentence_case(first.rstrip(".。;； "))


def _is_imperative(text: str, source: Source) -> bool:
    """Whether a step tells what to do: English ones begin with a verb the notes also use after `to`."""
    if source.chinese:
        return bool(
            re.match(
                r"^(?:将|把|用|加入?|放入?|取|打开|运行|点击|选择|检查|设置|倒|洗|切|输入|创建|准备|填写|提交|拧|装|拿|关|按)",
                text,
            )
        )
    verb = re.match(r"[A-Za-z]+", text)
    return bool(verb) and source.course.lexicon.count(f"to {verb[0].lower()} " if verb else "") >= 1
