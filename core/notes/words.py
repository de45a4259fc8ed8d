"""Words to compare texts by: English words without their endings, Chinese pairs of characters, and numbers."""

import re

_TOKEN = re.compile(
    r"(?P<number>[-−]?\d+(?:[.,]\d+)*(?:\s?%)?)|(?P<latin>[A-Za-zÀ-ɏ]+(?:['’][a-z]+)?)|(?P<han>[㐀-䶿一-鿿豈-﫿]+)|(?P<greek>[Ͱ-Ͽ]+)"
)
_LINK_TARGET = re.compile(r"(?<=\])\([^()\s]*\)")
_EMPHASIS = re.compile(r"[\[(]?\*{1,3}[\])]?")

STOPWORDS = frozenset(
    [
        "a",
        "an",
        "and",
        "any",
        "are",
        "as",
        "at",
        "be",
        "been",
        "being",
        "but",
        "by",
        "can",
        "could",
        "did",
        "do",
        "does",
        "doing",
        "done",
        "for",
        "from",
        "had",
        "has",
        "have",
        "having",
        "he",
        "her",
        "here",
        "him",
        "his",
        "how",
        "i",
        "if",
        "in",
        "into",
        "is",
        "it",
        "its",
        "itself",
        "just",
        "let",
        "may",
        "me",
        "might",
        "more",
        "most",
        "much",
        "must",
        "my",
        "no",
        "nor",
        "not",
        "now",
        "of",
        "off",
        "on",
        "once",
        "only",
        "or",
        "other",
        "our",
        "out",
        "over",
        "own",
        "s",
        "same",
        "shall",
        "she",
        "should",
        "so",
        "some",
        "such",
        "t",
        "than",
        "that",
        "the",
        "their",
        "them",
        "then",
        "there",
        "these",
        "they",
        "this",
        "those",
        "through",
        "to",
        "too",
        "under",
        "until",
        "up",
        "upon",
        "us",
        "very",
        "was",
        "we",
        "were",
        "what",
        "when",
        "where",
        "which",
        "while",
        "who",
        "whom",
        "why",
        "will",
        "with",
        "would",
        "you",
        "your",
        "yours",
        "d",
        "ll",
        "m",
        "re",
        "ve",
        "also",
        "about",
        "after",
        "again",
        "all",
        "am",
        "because",
        "before",
        "between",
        "both",
        "during",
        "each",
        "few",
        "further",
        "against",
        "below",
        "above",
        "down",
    ]
)
HAN_STOP = frozenset(
    "的了是在和与也就都而及或这那其之于以为将把被从到对中上下有个们你我他她它会能可要让使并且但所则即因此如等着过地得"
)

_IRREGULAR = {
    "is": "be", "are": "be", "was": "be", "were": "be", "been": "be", "has": "have", "had": "have", "does": "do", "did": "do",
    "made": "make", "kept": "keep", "wrote": "write", "written": "write", "took": "take", "taken": "take", "gave": "give",
    "given": "give", "went": "go", "gone": "go", "saw": "see", "seen": "see", "knew": "know", "known": "know", "found": "find",
    "held": "hold", "lay": "lie", "left": "leave", "lost": "lose", "men": "man", "women": "woman", "children": "child",
    "better": "good", "best": "good", "worse": "bad", "worst": "bad", "data": "datum",
}  # fmt: skip


def words(text: str) -> list[str]:
    """Every word of `text` in order: stems, single Chinese characters joined into overlapping pairs, numbers as written."""
    found: list[str] = []
    for match in _TOKEN.finditer(_EMPHASIS.sub("", _LINK_TARGET.sub("", text))):
        if match["latin"]:
            found.append(stem(match["latin"].lower().replace("’", "'")))
        elif match["han"]:
            run = match["han"]
            found += [run[index : index + 2] for index in range(len(run) - 1)] or [run]
        elif match["number"]:
            found.append(match["number"].replace("−", "-").replace(",", "").replace(" ", ""))
        else:
            found.append(match["greek"].lower())
    return found


def content_words(text: str) -> list[str]:
    """`words` without those that carry grammar rather than meaning."""
    return [word for word in words(text) if not is_function_word(word)]


def is_function_word(word: str) -> bool:
    """Whether a word of `words` carries grammar only; a Chinese pair does where both its characters do."""
    return word in STOPWORDS or word == "be" or all(character in HAN_STOP for character in word)


def numbers(text: str) -> list[str]:
    """The numbers of a text in one spelling: no thousands separators, no trailing zeros after the point."""
    found = []
    for match in _TOKEN.finditer(text):
        if match["number"]:
            number = match["number"].replace(",", "").replace("−", "-").replace(" ", "").rstrip("%").lstrip("-")
            found.append(number.rstrip("0").rstrip(".") if "." in number else number.lstrip("0") or "0")
    return found


def stem(word: str) -> str:
    """A light English stemmer: plural, past and -ing endings go, so that `tracked files` meets `track a file`."""
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    word = re.sub(r"'(?:s|re|ll|ve|d|m|t)?$", "", word)
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 5 and word.endswith("ing") and re.search(r"[aeiouy]", word[:-3]):
        return _undouble(word[:-3])
    if len(word) > 4 and word.endswith("ed") and re.search(r"[aeiouy]", word[:-2]):
        return _undouble(word[:-2])
    if len(word) > 4 and word.endswith(("sses", "shes", "ches", "xes", "zes")):
        return word[:-2]
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1].rstrip("e") if len(word) > 4 else word[:-1]
    return word.rstrip("e") if len(word) > 4 else word


def _undouble(root: str) -> str:
    """`stopp` → `stop`, `recorde` → `record`."""
    if len(root) > 3 and root[-1] == root[-2] and root[-1] not in "lsz":
        return root[:-1]
    return root.rstrip("e") if len(root) > 4 else root
