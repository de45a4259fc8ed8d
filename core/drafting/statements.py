"""Statements: the author's own sentences, tidied so that they stand in a lesson, each with its lines and its worth."""

import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

from ..notes.language import Language, size
from ..notes.passages import Passage
from ..notes.sentences import Sentence, join_lines, sentences
from ..notes.teaching import is_aside, speakers, without_speaker
from ..notes.words import content_words

_LINK = re.compile(r"(?<!!)\[([^\[\]]+)\]\(([^()\s]*(?:\([^()]*\)[^()\s]*)*)(?:\s+\"[^\"]*\")?\)")
_REFERENCE_LINK = re.compile(r"(?<!!)\[([^\[\]]+)\]\[[^\]]*\]")
_IMAGE = re.compile(r"!\[[^\]]*\]\([^)]*\)(?:\{[^}]*\})?")
_FOOTNOTE = re.compile(r"\[\^[^\]\s]+\]")
_TAG = re.compile(r"</?(?:br|b|i|em|strong|span|a|p|div|font|sup|sub|kbd|mark|u|center)\b[^<>]*>", re.IGNORECASE)
_BRACKETED_BOLD = re.compile(r"[\[(]\*\*(.+?)\*\*[\])]")
CLAUSE_NUMBER = re.compile(r"^\d+(?:\.\d+)+[.、]?\s+(?=[^\d\s])")
"""What policies and laws put before a sentence: `4.1 `."""
_STRUCK = re.compile(r"[\[(]?~~(?=\S)[^~]+~~[\])]?")
_ATTRIBUTES = re.compile(r"(?<=[\])`*])\{[.#:][^}]*\}")

LIST_ITEM = re.compile(r"^(\s*)(?:[-*+]|\d+[.)])\s+\S")
MARKER = re.compile(r"^\s*(?:[-*+]|\d+[.)])\s+(?:\[[ xX]\]\s+)?")

_NEEDS_BEFORE = {
    "en": re.compile(
        r"^(?:(?:this|these|that|those|it|its|they|their|he|she|his|her|such|here|there it|both|either|neither|the (?:former|latter|same|other)|"
        r"one of (?:them|these)|another|however|therefore|thus|hence|so|then|but|and|or|also|instead|otherwise|similarly|likewise|conversely|"
        r"the (?:two|three|four|difference|differences|reason|result|effect|answer|trick|worst|best|second|third|others?|rest|opposite|reverse|remaining)|"
        r"if (?:this|that|so|not)|consequently|in (?:contrast|addition|other words|particular|that case|this case|turn|fact)|for (?:this|that|example|instance)|on the other hand|"
        r"by contrast|as a result|because of this|after that|nevertheless|nonetheless|still|yet|again|finally|once there|next|"
        r"the \w+(?=:)|(?:example|no|yes)(?=[.,:])|(?:above|below|before|behind|with|without) (?:it|that|this|them))\b)",
        re.IGNORECASE,
    ),
    "zh": re.compile(
        r"^(?:这|那|该|此|其(?!实)|它|他|她|后来|起初|次年|从此|后人|两者|二者|前者|后者|上述|以上|因此|所以|于是|从而|然而|但|不过|可是|而|并且|而且|此外|另外|同时|同样|相反|反之|否则|"
        r"换言之|换句话说|也就是|原因|理由|答案|结果(?!集)|例如|比如|譬如|具体来说|特别|尤其|接着|然后|随后|最后|其次|再者|总之|由此|如此|这样|以此|类似地|尽管如此|更重要的是|在这里|另一[头方个种]|要么|还有|再说|也(?:就|可|是|有|能|不)|这时|那么)"
    ),
}
_POINTS_BACK = re.compile(
    r"^\W*again\b|^(?:the|these|those) (?:two|three|four|five) |^(?:another|a (?:second|third)|the (?:second|third|last|next)) (?:\w+ )?(?:option|way|reason|method|kind|advantage|combination|problem|example)\b|^(?:\S+ ){1,6}(?:these|those|this|such)\b(?! (?:course|page|lesson|section))|^(?:[^\s,]+ ){1,3}(?:it|them)\b(?! (?:is|was|takes|'s))|"
    r"^(?!(?:\S+ ){1,4}(?:is|are|was|were) (?:an?|the) )(?:\S+ ){1,6}that (?:means|is|was|gives|makes|leaves|would)\b|^[^，。：；]*?(?:这(?:[件个些种场次点类套组两三段份项]|一(?!章|节|课|讲|样))|(?<![应因彼如从至])[此该](?=[\u4e00-\u9fff])(?!外|后|前|刻)|上述|前述|(?<![其让使])[他她它]们?(?!人))",
    re.IGNORECASE,
)
# A reference that an export dropped leaves a hole: "在 中，", "如 所示", "严格来说， 是".
_HOLE = re.compile(
    r"(?:[在见如由式图表节和与]|，|（)\s+(?:中|是|所|的|、|，|。|）|\))|[㐀-鿿]\s+(?:中的|所示|所述)|^\s*(?:中的|所示|所述)|\(\s*\)|（\s*）|\b(?:in|see|from)\s+[,.;)]"
)


@dataclass(frozen=True)
class Statement:
    """A sentence of the notes that may stand in a lesson.

    Attributes:
        text: inline Markdown without links that lead nowhere from a course, images, or notes' own footnotes.
        raw: the sentence as the author wrote it, where marks tell terms.
        passage: index of its passage among those of the lesson.
        leans: it begins with a word that points at the sentence before it.
        aside: it speaks of the notes or the class and not of the subject.
        leads: it ends in a colon, or in the middle of a sentence, and leads into the block that follows.
        item: it is an item of a list, which a lesson takes over whole; `step` where the list is numbered.
    """

    text: str
    raw: str
    file: str
    first: int
    last: int
    passage: int
    leans: bool = False
    aside: bool = False
    leads: bool = False
    item: Literal["", "bullet", "step"] = ""

    @property
    def asks(self) -> bool:
        """Whether it is a question."""
        return self.text.rstrip("*_ ").endswith(("?", "？"))

    @cached_property
    def plain(self) -> str:
        """The text without emphasis marks, code kept between backticks."""
        return unmarked(self.text)


def statements(passages: list[Passage], language: Language, talking: Collection[str] | None = None) -> list[Statement]:
    """Every sentence of the paragraphs and every item of the lists among `passages` that can be taught, in order.

    Args:
        talking: who speaks in a chat, whose names go; None takes those that the passages themselves show.
    """
    found: list[Statement] = []
    who = speakers(passages) if talking is None else talking
    for index, passage in enumerate(passages):
        if passage.kind == "paragraph":
            said = [replace(each, text=without_speaker(each.text, who)) for each in _whole_sentences(passage)]
            found += [one for each in said if (one := statement(each, index, language))]
        elif passage.kind == "list":
            for each in list_items(passage):
                if one := statement(each, index, language):
                    leans = one.leans and not one.plain[:1].islower()
                    numbered = re.match(r"\s*\d", passage.text.split("\n")[each.first - passage.first])
                    found.append(replace(one, item="step" if numbered else "bullet", leans=leans))
    return found


def _whole_sentences(passage: Passage) -> list[Sentence]:
    """The sentences of a paragraph, fragments joined to what follows: "**Day 1.** Mix …", "Bubbles! They are …"."""
    whole: list[Sentence] = []
    waiting: Sentence | None = None
    for one in sentences(passage):
        goes_on = _is_fragment(one.text)
        if waiting:
            gap = "" if re.search(r"[。！？…]\W*$", waiting.text) else " "
            one = Sentence(f"{waiting.text}{gap}{one.text}", one.file, waiting.first, one.last)
            waiting = None
        if goes_on or (_is_open_quote(one.text) and size(one.text) < 60):
            waiting = one
        else:
            whole.append(one)
    return [*whole, waiting] if waiting else whole


def _is_fragment(text: str) -> bool:
    """Whether a "sentence" is too little to stand alone: a word or two, or a label in bold."""
    bare = tidy(text)
    label = re.fullmatch(r"(\*{1,3}|_{1,3})[^*_]{1,40}[.:。：]?\1[.:。：]?", bare)
    return bool(bare) and not is_reminder(bare) and (bool(label) or size(bare) < 3) and not bare.endswith((":", "："))


def _is_open_quote(text: str) -> bool:
    """Whether a quotation begins in `text` and goes on behind it."""
    return text.count('"') % 2 == 1 or text.count("“") > text.count("”") or text.count("「") > text.count("」")


def list_items(passage: Passage) -> list[Sentence]:
    """The items of a list at any depth, each with the lines of its first paragraph and without its marker."""
    lines = passage.text.split("\n")
    starts = [number for number, line in enumerate(lines) if LIST_ITEM.match(line)]
    found = []
    for start, stop in zip(starts, [*starts[1:], len(lines)], strict=True):
        end = start + 1
        while end < stop and lines[end].strip() and not re.match(r"^\s*(?:`{3}|~{3}|\$\$)", lines[end]):
            end += 1
        bare = [MARKER.sub("", lines[start]), *lines[start + 1 : end]]
        text, _ = join_lines(bare, passage.first + start)
        text = re.sub(r"(?:[,;]\s*(?:and|or)?|[；，])$", "", text)
        found.append(Sentence(text, passage.file, passage.first + start, passage.first + end - 1))
    return found


def statement(sentence: Sentence, passage: int, language: Language) -> Statement | None:
    """The sentence as a statement, or None where it is a fragment, a hole, or nothing but marks."""
    text = tidy(sentence.text)
    bare = text.rstrip("*_ ")
    leads = bare.endswith((":", "：")) or bool(re.search(r"[，,](?:即|有|得|则|为)?$|(?:即|等于|[是为有得])$", bare))
    if not text or _HOLE.search(text) or is_reminder(text) or not (_says_something(text) or bare.endswith((":", "："))):
        return None
    return Statement(
        text=text,
        raw=sentence.text,
        file=sentence.file,
        first=sentence.first,
        last=sentence.last,
        passage=passage,
        leans=leans(unmarked(text), language),
        aside=is_aside(text, language),
        leads=leads,
    )


def leans(plain: str, language: Language) -> bool:
    """Whether a sentence begins with, or soon comes to, a word that points at the sentence before it."""
    return bool(_NEEDS_BEFORE[language].match(plain) or _POINTS_BACK.match(plain) or re.match(r"[a-z](?![A-Z])", plain))


def is_reminder(text: str) -> bool:
    """Whether a line is the author's note to self ("TODO …", 「待补：……」), which no learner should see."""
    return bool(re.match(r"\W*(?:\[[ x]\]\s*)?(?:TODO|FIXME|XXX|TBD|待补|待拍|待查|待写|待办)", text, re.IGNORECASE))


def tidy(text: str) -> str:
    """Inline Markdown that means the same away from its file: only web links stay links, images and footnotes go."""
    text = _BRACKETED_BOLD.sub(r"\1", _IMAGE.sub("", _STRUCK.sub("", text)))
    text = _LINK.sub(lambda match: match[0] if match[2].startswith(("https://", "http://")) else match[1], text)
    text = _REFERENCE_LINK.sub(r"\1", text)
    text = _ATTRIBUTES.sub("", _TAG.sub("", _FOOTNOTE.sub("", text)))
    text = re.sub(r" +(?=[，。！？；：、）])", "", text)
    return re.sub(r"[ \t]{2,}", " ", text).strip()


def unmarked(text: str) -> str:
    """`text` without emphasis marks and link targets; code keeps its backticks, formulas their dollars."""
    kept = re.split(r"(`[^`]*`|\$[^$]*\$)", _LINK.sub(r"\1", text))
    kept[::2] = [re.sub(r"\*{1,3}|(?<![\w])_{1,2}(?=\S)|(?<=\S)_{1,2}(?![\w])", "", part) for part in kept[::2]]
    return "".join(kept)


def _says_something(text: str) -> bool:
    """Whether there is a sentence here: some words, most of it letters, quotes and brackets closed."""
    bare = re.sub(r"`[^`]*`|\$[^$]*\$|https?://\S+", " x ", unmarked(text))
    letters = sum(character.isalpha() for character in bare)
    if size(text) < 3 or letters < 0.5 * len(bare.replace(" ", "")) or not content_words(text):
        return False
    return text.count("`") % 2 == 0 and text.count("**") % 2 == 0
