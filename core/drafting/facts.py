"""Facts: what the notes say of a term, a command or a number, found by the words in which authors define things."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from ..notes.language import Language
from ..notes.words import STOPWORDS
from .lexicon import Lexicon
from .statements import Statement, unmarked

FactKind = Literal["definition", "term", "code", "number", "section"]


@dataclass(frozen=True)
class Fact:
    """A statement and the piece of it that can be asked for.

    Attributes:
        kind: `definition` where the statement says what the term is, `term` where it introduces or uses it,
            `code` for a command or name in code, `number` for a quantity, `section` where the term is its heading.
        term: the piece as it is written in `statement.plain` (code without its backticks).
        meaning: what the statement says of the term ("a tool that keeps track …", for code what it does: "lists all
            commits …"), else empty.
        article: the article before the term in English, else empty.
        plural: the definition says "are".
    """

    kind: FactKind
    term: str
    statement: Statement
    meaning: str = ""
    article: str = ""
    plural: bool = False

    @property
    def key(self) -> str:
        """What makes two facts be about the same thing."""
        return re.sub(r"s$", "", self.term.lower()) if self.kind != "code" else self.term


_EN_TERM = r"(?P<term>[A-Za-z][\w’'.+#/-]*(?: [\w’'.+#/-]+){0,4})"
_EN_DEFINITION = re.compile(
    rf"^(?:(?P<article>An?|The)\s+)?{_EN_TERM}(?: \((?P<also>[^()]*)\))?,? (?P<verb>is|are|means|refers to|stands for|describes|measures) "
    r"(?P<meaning>(?:an?|the|any|one|two|how|what|when|where|whatever|simply an?|just an?|[a-z]+ (?:that|which|of|for|in|from|between|made|used|with))\b.{15,})$"
)
_EN_CALLED = re.compile(
    r"\b(?:called|known as|termed|named|nicknamed|call (?:this|it|them|these))\s+(?:an?\s+|the\s+)?(?:\*{1,2}|_|\[|[\"“])(?P<term>[^*`\[\]_\"”]{2,40})",
    re.IGNORECASE,
)
_EN_SUBJECT_STOP = frozenset(
    [
        "goal",
        "result",
        "problem",
        "idea",
        "point",
        "reason",
        "answer",
        "question",
        "way",
        "thing",
        "example",
        "difference",
        "step",
        "advantage",
        "disadvantage",
        "following",
        "trick",
        "key",
        "purpose",
        "rest",
        "same",
        "other",
        "one",
        "most",
        "some",
        "people",
        "first",
        "second",
        "third",
        "next",
        "last",
        "best",
        "worst",
        "main",
        "only",
        "it",
        "this",
        "that",
        "these",
        "those",
        "there",
        "here",
        "what",
        "which",
        "who",
        "he",
        "she",
        "they",
        "we",
        "you",
        "i",
        "all",
        "each",
        "both",
        "many",
        "any",
        "such",
        "nothing",
        "something",
        "everything",
        "anything",
        "part",
        "case",
        "fact",
        "rule",
        "aim",
        "effect",
        "lesson",
        "section",
        "file",
        "chapter",
        "exercise",
        "code",
        "output",
        "table",
        "figure",
        "formula",
        "default",
        "important",
        "part",
        "catch",
        "simplest",
        "easiest",
        "common",
        "time",
        "name",
        "number",
        "sum",
        "total",
        "word",
        "line",
        "page",
        "list",
        "set",
        "kind",
        "sort",
        "type",
        "good",
        "bad",
        "new",
        "old",
    ]
)
_EN_CLAUSE = frozenset({"of", "is", "are", "that", "which", "to", "when", "if"})
_ZH_TERM = r"(?P<term>[\u4e00-\u9fffA-Za-z][\u4e00-\u9fffA-Za-z0-9-]{1,14}?)"
_ZH_DEFINITION = re.compile(
    rf"^(?:所谓)?[“「]?(?P<open>\*{{1,2}})?{_ZH_TERM}(?(open)\*{{1,2}})[”」]?(?:（[^（）]{{1,40}}）|\([^()]{{1,40}}\))?，?"
    r"(?:就)?(?P<verb>是指|指的是|是一|是(?=[^否不])|指(?!数|标|定|令|针|出|导|示)|即|意味着|又称|也叫|用于|用来|表示)(?P<meaning>.{6,})$"
)
_ZH_SUBJECT_STOP = re.compile(
    r"^(?:这|那|它|他|她|其|该|此|我|你|本|以|如|因|当|若|虽|尽|但|而|且|并|或|与|在|从|对|为|由|最|更|很|非|不|有|没|可|能|会|要|将|应|只|就|都|也|还|又|再|才|"
    r"所有|每|某|各|一|两|二|三|上面|下面|前面|后面|另|其中|例如|通常|首先|其次|然后|接|问题|原因|结果|目标|目的|关键|重点|方法|区别|优点|缺点|答案|意思|做法|好处|什么|哪|为什么|怎|事实)"
    r"|(?:的|地|得|了|着|过|都|也|还|就|不|很|最|更|是|可以|需要|必须|应该|能够|通常|往往|一般|只|会|要|之所以|主要|常|多|仅|均)$|的"
)
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
        seen: set[str] = set()
        for fact in here:
            if fact.key not in seen:
                seen.add(fact.key)
                found.append(fact)
    return found


def _definition(one: Statement, language: Language, lexicon: Lexicon) -> Fact | None:
    """The fact of a statement that begins with a term and says what it is."""
    if one.leans:
        return None
    return _chinese_definition(one, lexicon) if language == "zh" else _english_definition(one, lexicon)


def _chinese_definition(one: Statement, lexicon: Lexicon) -> Fact | None:
    # The marks matter: 「*暂退法*（dropout）是……」 tells a term from an ordinary subject.
    match = _ZH_DEFINITION.match(one.text)
    if not match or _ZH_SUBJECT_STOP.search(match["term"]):
        return None
    firm = match["open"] or match["verb"] in {"是指", "指的是", "是一", "又称", "也叫"}
    if not firm or (not match["open"] and (len(match["term"]) > 8 or lexicon.count(match["term"]) < 3)):
        return None
    meaning = f"一{match['meaning']}" if match["verb"] == "是一" else match["meaning"]
    return Fact("definition", match["term"], one, unmarked(meaning).strip("，：。；; "))


def _english_definition(one: Statement, lexicon: Lexicon) -> Fact | None:
    match = _EN_DEFINITION.match(one.plain)
    if not match:
        return None
    term, verb, article = match["term"], match["verb"], (match["article"] or "").lower()
    head = term.lower().split()
    ends = {head[0], head[-1]}
    if len(head) > 4 or ends & (_EN_SUBJECT_STOP | STOPWORDS) or _EN_CLAUSE & set(head) or head[-1].endswith("ly"):
        return None
    marked = any(term.lower() == (found["term"] or found["under"]).lower() for found in _MARKED.finditer(one.text))
    if not marked:
        # "The result is a …" and "Sharing is the …" define nothing; a term of the subject comes again in the notes.
        ordinary = (article == "the" and verb != "means") or (not article and len(head) == 1 and term.endswith("ing"))
        if ordinary or lexicon.count(term) < 2:
            return None
    meaning = match["meaning"].rstrip(".") if verb in {"is", "are"} else ""
    return Fact("definition", term, one, meaning, article, plural=verb == "are")


def _marked_terms(one: Statement, language: Language, lexicon: Lexicon) -> list[Fact]:
    """Terms the author emphasised or linked to a glossary; those the sentence introduces count as defined by it."""
    found = []
    terms = [match["term"] or match["under"] for match in _MARKED.finditer(one.text)]
    terms += [match["term"] for match in _GLOSS_LINK.finditer(one.raw)]
    named = {match["term"].strip().lower() for match in _EN_CALLED.finditer(one.raw)}
    for term in terms:
        term = term.strip(" “”\"'「」()（）")
        if not _nameable(term, language) or term not in one.plain:
            continue
        introduced = term.lower() in named or bool(
            re.search(rf"(?:称为|称作|叫做|叫作|名为|称之为|称其为)\W{{0,3}}{re.escape(term)}", one.text)
            or re.search(rf"{re.escape(term)}\*{{1,2}}[”」]?[（(][A-Za-z][^）)]*[）)]", one.text)
        )
        # Chinese authors stress words of two characters in passing; a term they do not introduce has to be longer.
        stressed = language == "zh" and len(term) < 3
        if introduced or (lexicon.count(term) >= 3 and not stressed):
            found.append(Fact("definition" if introduced else "term", term, one))
    return found


def _code_facts(one: Statement, language: Language) -> list[Fact]:
    """Code names in a statement; where the sentence says what one does, that is its meaning."""
    does = (_ZH_CODE_DOES if language == "zh" else _EN_CODE_DOES).match(one.text)
    found = []
    for match in _CODE.finditer(one.text):
        if _nameable_code(match["term"]):
            says = does is not None and does["term"] == match["term"] and not one.leads
            meaning = does["meaning"].rstrip(".。；; ") if says and does else ""
            found.append(Fact("code", match["term"], one, meaning))
    return found


def _nameable(term: str, language: Language) -> bool:
    """Whether an emphasised piece names something and is not merely stressed."""
    if re.search(r"[。！？!?:：；;，,]|https?:", term) or _MEANS_ALMOST_NOTHING.match(term):
        return False
    if language == "zh" and re.search(r"[\u4e00-\u9fff]", term):
        return 2 <= len(term) <= 14 and not _ZH_SUBJECT_STOP.search(term)
    head = term.lower().split()
    if not 1 <= len(head) <= 4 or all(word in STOPWORDS or word in _EN_SUBJECT_STOP for word in head):
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
