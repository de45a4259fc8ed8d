"""Labels: terms that notes explain without a verb: `**Node** – a machine in the cluster`, `diffusion: no energy`."""

import re

from ..notes.language import Language
from .definition import Definition
from .definitions_en import SUBJECT_STOP
from .definitions_zh import SUBJECT_STOP as ZH_SUBJECT_STOP
from .lexicon import Lexicon
from .statements import Statement

_SEPARATOR = r"(?:\s*[:：]\s*|\s+[-–—=]\s+|\s*(?:——|＝|–|—)\s*)"
_GLOSS = r"(?:\s*(?:\([^()]{1,40}\)|（[^（）]{1,40}）))?"
_BOLD = re.compile(
    rf"^(?P<mark>\*{{1,3}}|_{{1,2}})(?P<term>[^*_`]{{2,50}}?)(?:(?P<inner>[:：])(?P=mark)\s*|(?P=mark){_GLOSS}{_SEPARATOR})(?P<meaning>\S.{{3,}})$"
)
_PLAIN = re.compile(
    rf"^(?P<term>[^\s:：=–—*`$(（][^:：=–—→*`$\n.。]{{1,39}}?){_GLOSS}{_SEPARATOR}(?P<meaning>\S.{{5,}})$"
)
_CODE = re.compile(rf"^`(?P<term>[^`\n]{{2,40}})`{_SEPARATOR}(?P<meaning>[^`\s].{{5,}})$")
_NO_TERM = re.compile(
    r"^(?:note|example|ex|eg|e\.g|hint|tip|safety|caution|tools|materials|ingredients|exam|todo|nb|warning|remember|question|answer|proof|theorem|definition|"
    r"step|day|week|part|figure|table|case|day \S+|step \S+|例|例题|注|注意|证明|解|定义|定理|说明|提示|思考|实验|步骤|应用|作业|几何意义|好处|缺点|优点|特点|第.{1,3}步)\W*[\d.一二三四五]*$",
    re.IGNORECASE,
)


def label(one: Statement, language: Language, lexicon: Lexicon) -> Definition | None:
    """The term a statement is labelled with and what follows.

    Steps of a numbered list name what to do and no term. Labels that are not bold count in lists alone, where the notes
    use them elsewhere too and what follows is no figure.
    """
    match = None if one.item == "step" else _BOLD.match(one.text)
    if not match and one.item == "bullet":
        match = _PLAIN.match(one.text)
        if match and (lexicon.count(match["term"].strip()) < 3 or re.search(r"\d", match["meaning"][:12])):
            return None
    if not match:
        return None
    term = match["term"].strip().rstrip(":：")
    words = term.lower().split()
    if (
        _NO_TERM.match(term)
        or re.search(r"[?？!！;；,，、]", term)
        or len(words) > 5
        or not re.search(r"[^\W\d_]{2}", term)
    ):
        return None
    if words[0] in SUBJECT_STOP or (language == "zh" and (ZH_SUBJECT_STOP.search(term) or len(term) > 16)):
        return None
    return Definition(term, match["meaning"].strip())


def code_label(text: str) -> Definition | None:
    """The code an item is labelled with: `git add` – puts a change into the staging area."""
    match = _CODE.match(text)
    return Definition(match["term"], match["meaning"].strip()) if match else None
