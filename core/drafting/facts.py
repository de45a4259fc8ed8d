"""Facts: what the notes say of a term, a command or a number, found by the words in which authors define things."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from ..notes.language import Language
from ..notes.sentences import sentence_spans
from ..notes.words import STOPWORDS
from .definitions_en import CALLED, CALLED_PLAINLY, SUBJECT_STOP, apposed, english_definition
from .definitions_zh import SUBJECT_STOP as ZH_SUBJECT_STOP
from .definitions_zh import chinese_definition, chinese_subject
from .labels import code_label, label
from .lexicon import Lexicon
from .statements import Statement, unmarked

FactKind = Literal["definition", "term", "code", "number", "section", "name", "step", "reason", "members", "contrast"]


@dataclass(frozen=True)
class Fact:
    """A statement and the piece of it that can be asked for.

    Attributes:
        kind: `definition` where the statement says what the term is, `term` where it introduces or uses it,
            `code` for a command or name in code, `number` for a quantity, `section` where the term is its heading,
            `name` for a subject that is told of and not defined; it serves as a wrong answer. Four kinds relate pieces and
            stand in aims alone, behind a fact of another kind: `step` (the term names a procedure, `parts` are its steps in
            order), `reason` (the term is what happens, the meaning why), `members` (the term says what there are so many of,
            `parts` are the items listed below, if any) and `contrast` (`parts` are the two terms told apart).
        term: the piece as it is written in `statement.plain` (code without its backticks).
        meaning: what the statement says of the term ("a tool that keeps track …", for code what it does: "lists all
            commits …"), else empty.
        article: the article before the term in English, else empty.
        plural: the definition says "are".
        parts: the pieces of a relation, in the notes' order.
        labelled: the term stands before its meaning as a label (`**Node** – a machine`), without a verb.
    """

    kind: FactKind
    term: str
    statement: Statement
    meaning: str = ""
    article: str = ""
    plural: bool = False
    labelled: bool = False
    parts: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """What makes two facts be about the same thing."""
        return re.sub(r"s$", "", self.term.lower()) if self.kind != "code" else self.term


_MARKED = re.compile(
    r"(?<!\*)\*{1,2}(?P<term>[^*`$\n]{2,40}?)\*{1,2}(?!\*)|(?<![\w_])_(?P<under>[^_`$\n]{2,40}?)_(?![\w_])"
)
_GLOSS_LINK = re.compile(r"\[(?P<term>[^\[\]`]{2,40})\]\([^)]*(?:glossary|reference|terms)[^)]*\)", re.IGNORECASE)
_CODE = re.compile(r"`(?P<term>[^`\n]{2,40})`")
_EN_CODE_DOES = re.compile(
    r"^(?:The )?`(?P<term>[^`\n]{2,40})`(?: (?:command|file|option|flag|function|method|keyword|folder|directory|branch|argument|operator))? "
    r"(?P<meaning>(?:is|are|means|refers|copies|[a-z]+(?:s|es))\b.{12,})$"
)
_ZH_CODE_DOES = re.compile(
    r"^`(?P<term>[^`\n]{2,40})`(?:函数|命令|方法|类|参数|文件|变量|选项|模块|层)?(?P<meaning>(?:用于|用来|表示|返回|定义|实现|是|可以|将|会|包含|指定|计算|生成|接受|创建|存储).{6,})$"
)
_NUMBER = re.compile(
    r"(?<![\w.,:/#^_–-])(?P<term>\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?)(?=(?:\s?(?:%|°|℃|°C|km|m|cm|mm|kg|g|mg|mL|ml|L|s|ms|h|GB|MB|KB|Hz|V|W|AU|ly)\b)|\s?[%℃°]|"
    r"\s(?:[a-z]{3,})|\s?[\u4e00-\u9fff])"
)
_MEANS_ALMOST_NOTHING = re.compile(
    r"^(?:not|no|very|really|only|must|never|always|all|any|why|how|what|is|are|and|or|but|do|don't|now|before|after|note|warning|important|todo)\b",
    re.I,
)


def askable(fact: Fact) -> bool:
    """Whether a question can stand on the fact alone: its sentence needs no other and has a readable length."""
    one = fact.statement
    plain = one.plain
    return (
        not one.leans
        and not one.aside
        and 20 <= len(plain) * width(plain) <= 420
        and plain.count(fact.term) >= 1
        and plain.count("http") == 0
    )


def runs(code: str) -> bool:
    """Whether the code is a command, an option or a call, something one does, and not the name of a file or a value."""
    return bool(re.match(r"-{1,2}\w|[a-z][\w-]* [\w-]|[\w.]+\(", code))


def width(plain: str) -> float:
    """How many letters a character counts: a Chinese one says as much as 2.5."""
    return 2.5 if re.search(r"[一-鿿]", plain) else 1.0


def facts(statements: Iterable[Statement], language: Language, lexicon: Lexicon) -> list[Fact]:
    """Every fact the statements hold, definitions first for each, in the statements' order.

    Args:
        lexicon: of all the notes; what they name once only is no term of the subject.
    """
    found: list[Fact] = []
    for one in statements:
        if one.aside:
            continue
        here = _code_facts(one, language)
        if not one.leads:
            if definition := _definition(one, language, lexicon):
                here.append(definition)
            here += _marked_terms(one, language, lexicon)
            plain = one.plain
            if not re.search(r"[$`]", plain):
                here += [Fact("number", match["term"], one) for match in _NUMBER.finditer(plain)]
            if language == "zh" and not definition and (name := chinese_subject(one.plain, lexicon)):
                here.append(Fact("name", name, one))
        seen: set[str] = set()
        for fact in here:
            if fact.key not in seen:
                seen.add(fact.key)
                found.append(fact)
    return found


def _definition(one: Statement, language: Language, lexicon: Lexicon) -> Fact | None:
    """The fact of a statement that begins with a term and says what it is, or is labelled with it."""
    if one.leans:
        return None
    if named := label(one, language, lexicon):
        return Fact("definition", named.term, one, unmarked(named.meaning).rstrip(".。；; "), labelled=True)
    if language == "zh":
        # The marks matter: 「*暂退法*（dropout）是……」 tells a term from an ordinary subject.
        found = chinese_definition(one.text, lexicon)
    else:
        marks = {(match["term"] or match["under"]).lower() for match in _MARKED.finditer(one.text)}
        # A label in bold, or what to do, may stand before the sentence that defines.
        parts = [one.plain[start:end] for start, end in sentence_spans(one.plain)]
        told = (english_definition(part.strip(), lambda term: term.lower() in marks, lexicon) for part in parts)
        found = next((each for each in told if each), None) or apposed(one.text)
    if found is None or found.term not in one.plain:
        return None
    meaning = re.sub(r"[，,](?:即|为|有|得)?$", "", unmarked(found.meaning).strip("，：。；; "))
    return Fact("definition", found.term, one, meaning, found.article, found.plural)


def _marked_terms(one: Statement, language: Language, lexicon: Lexicon) -> list[Fact]:
    """Terms the author emphasised or linked to a glossary; those the sentence introduces count as defined by it."""
    found = []
    terms = [match["term"] or match["under"] for match in _MARKED.finditer(one.text)]
    plainly = [match["term"] or match["ours"] or match["kind"] for match in CALLED_PLAINLY.finditer(one.plain)]
    terms += plainly
    linked = [match["term"] for match in _GLOSS_LINK.finditer(one.raw)]
    named = {match["term"].strip().lower() for match in CALLED.finditer(one.raw)} | set(plainly)
    for term in [*terms, *linked]:
        in_glossary = term in linked
        term = term.strip(" “”\"'「」()（）")
        if not _nameable(term, language) or term not in one.plain:
            continue
        introduced = term.lower() in named or bool(
            re.search(rf"(?:称为|称作|叫做|叫作|名为|称之为|称其为)\W{{0,3}}{re.escape(term)}", one.text)
            or re.search(rf"{re.escape(term)}\*{{1,2}}[”」]?[（(][A-Za-z][^）)]*[）)]", one.text)
        )
        # Chinese authors stress words of two characters in passing; a term they do not introduce has to be longer.
        stressed = language == "zh" and len(term) < 3
        if introduced or in_glossary or (lexicon.count(term) >= 3 and not stressed):
            found.append(Fact("definition" if introduced else "term", term, one))
    return found


def _code_facts(one: Statement, language: Language) -> list[Fact]:
    """Code names in a statement; where the sentence says what one does, that is its meaning."""
    does = (_ZH_CODE_DOES if language == "zh" else _EN_CODE_DOES).match(one.text)
    named = None if one.leads else code_label(one.text)
    found = []
    for match in _CODE.finditer(one.text):
        if _nameable_code(match["term"]):
            says = does is not None and does["term"] == match["term"] and not one.leads
            meaning = unmarked(does["meaning"].rstrip(".。；; ")) if says and does else ""
            if named and named.term == match["term"] and not meaning:
                found.append(Fact("code", match["term"], one, unmarked(named.meaning).rstrip(".。；; "), labelled=True))
            else:
                found.append(Fact("code", match["term"], one, meaning))
    return found


def _nameable(term: str, language: Language) -> bool:
    """Whether an emphasised piece names something and is not merely stressed."""
    if re.search(r"[。！？!?:：；;，,]|https?:", term) or _MEANS_ALMOST_NOTHING.match(term):
        return False
    if language == "zh" and re.search(r"[\u4e00-\u9fff]", term):
        return 2 <= len(term) <= 14 and not ZH_SUBJECT_STOP.search(term)
    head = term.lower().split()
    if not 1 <= len(head) <= 4 or all(word in STOPWORDS or word in SUBJECT_STOP for word in head):
        return False
    return len(term) >= 4 or term.isupper()


def _nameable_code(code: str) -> bool:
    """Whether a code span is a name or a command that can be asked for: letters in it, no line of output."""
    return (
        code == code.strip()
        and bool(re.search(r"[A-Za-z]{2}", code))
        and len(code.split()) <= 4
        and not re.search(r"[<>|{}]|^\$ ", code)
    )
