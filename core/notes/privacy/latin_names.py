"""What a name in Latin letters is made of: given names, surnames, initials, particles, and the syllables of pinyin."""

import re
import unicodedata

from .gazetteers import rows_of, words_of

LETTERS = "A-Za-zÀ-ÖØ-öø-ɏ"
CAPITALS = "A-ZÀ-ÖØ-Þ"
WORD = rf"(?:(?:Mc|Mac|O'|D'|De|Le|La|Van|Di)?[{CAPITALS}][a-zß-öø-ɏ]+(?:['-][{CAPITALS}]?[a-zß-öø-ɏ]+)*|[{CAPITALS}]{{2,16}}(?:-[{CAPITALS}]{{2,16}})?)"
PARTICLE = (
    r"(?:van der|van den|van de|van|von der|von|de la|de los|del|de|der|da|dos|di|du|la|le|bin|ibn|al|ter|ten|st\.)"
)
INITIAL = rf"[{CAPITALS}](?:\.(?: ?-?[{CAPITALS}]\.){{0,2}}|(?= [{CAPITALS}][a-z]))"
NAME = rf"{WORD}(?: (?:{INITIAL}|{PARTICLE} {WORD}|{WORD})){{0,3}}"
INSTITUTION = frozenset(rows_of("words_around_names.txt")["institution"].split())
NOT_NAMES = frozenset(rows_of("words_around_names.txt")["not_names"].split())
_PLACES = frozenset(
    {
        "hong kong",
        "morgan stanley",
        "las vegas",
        "new york",
        "san francisco",
        "san diego",
        "san jose",
        "los angeles",
        "santa clara",
        "johns hopkins",
        "carnegie mellon",
        "wells fargo",
        "goldman sachs",
        "sierra leone",
        "costa rica",
        "saint petersburg",
        "kuala lumpur",
        "abu dhabi",
        "tel aviv",
        "rio grande",
        "virginia woolf's",
        "silicon valley",
        "merry christmas",
        "god bless",
    }
)
_PINYIN = re.compile(
    r"(?:(?:zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw])?(?:iang|iong|uang|ang|eng|ing|ong|ian|iao|uai|uan|van|ai|an|ao|ei|en|er|ia|ie|in|iu|ou|ua|ui|un|uo|ue|ve|a|e|i|o|u|v)){1,2}"
)
PINYIN_SURNAMES = frozenset(rows_of("words_around_names.txt")["pinyin_surnames"].split())
_PINYIN_PLACES = frozenset(rows_of("words_around_names.txt")["pinyin_places"].split())
_PINYIN_GIVEN = frozenset(rows_of("words_around_names.txt")["pinyin_given"].split())
_GIVEN_DESPITE = frozenset(rows_of("words_around_names.txt")["given_despite"].split())


def name_length(words: list[str]) -> int:
    """How many of the words make a name: 0 where the first is no given name or what follows is no surname."""
    first = bare_word(words[0])
    if "-" in first and first.split("-")[0] in words_of("given_names.txt"):
        first = first.split("-")[0]
    plain = [
        index for index, word in enumerate(words) if index and not (is_initial(word) or re.fullmatch(PARTICLE, word))
    ]
    if not plain or f"{first} {bare_word(words[1])}" in _PLACES:
        return 0
    if pinyin := pinyin_length(words):
        return pinyin
    if words[0].endswith("'s"):
        return 0
    if first not in words_of("given_names.txt"):
        return 2 if _is_foreign_given(first) and _is_surname(words[1]) and len(words) == 2 else 0
    initial = is_initial(words[1])
    particle = any(re.fullmatch(PARTICLE, word) for word in words[1 : plain[0]])
    at = plain[0]
    last = bare_word(words[at])
    if last in NOT_NAMES or last in INSTITUTION or last.removesuffix("s") in INSTITUTION or not is_name_word(words[at]):
        return 0
    end = at + 1
    if end < len(words) and (following := bare_word(words[end])) in INSTITUTION:
        return 0
    # a middle name: Mary Ann Smith, Jean Claude Dupont
    if (
        end < len(words)
        and is_name_word(words[end])
        and last in words_of("given_names.txt")
        and not words[at].endswith("'s")
    ):
        following = bare_word(words[end])
        if (
            following in words_of("surnames.txt")
            and not is_ambiguous(following)
            and (end + 1 >= len(words) or bare_word(words[end + 1]) not in INSTITUTION)
        ):
            end += 1
    elif end + 1 < len(words) and re.fullmatch(PARTICLE, words[end]) and is_name_word(words[end + 1]):
        end += 2
    sure_first, sure_last = not is_ambiguous(first), last in words_of("surnames.txt") and not is_ambiguous(last)
    if initial or particle or (sure_first and (last in words_of("surnames.txt") or not is_ambiguous(last))):
        return end
    return end if sure_last and first in _GIVEN_DESPITE else 0


def _is_foreign_given(word: str) -> bool:
    """Whether a word that no list knows may be a given name: before a sure surname it is."""
    return len(word) > 2 and word.isalpha() and not is_ambiguous(word) and word not in NOT_NAMES | INSTITUTION


def _is_surname(word: str) -> bool:
    bare = bare_word(word)
    return (
        bare in words_of("surnames.txt")
        and not is_ambiguous(bare)
        and bare not in NOT_NAMES | INSTITUTION
        and bare.removesuffix("s") not in INSTITUTION
        and is_name_word(word)
        and len(bare) > 3
    )


def pinyin_length(words: list[str]) -> int:
    """Two words that are a Chinese name in pinyin, in either order."""
    first, second = bare_word(words[0]).replace("-", ""), bare_word(words[1]).replace("-", "")
    if (
        not words[1][:1].isupper()
        or first + second in _PINYIN_PLACES
        or first in _PINYIN_PLACES
        or second in _PINYIN_PLACES
    ):
        return 0
    if len(words) > 2 and bare_word(words[2]) in INSTITUTION:
        return 0
    for surname, given in ((first, second), (second, first)):
        if surname not in PINYIN_SURNAMES or not _PINYIN.fullmatch(given) or given in INSTITUTION | NOT_NAMES:
            continue
        two = syllables(given) == 2
        if (
            not is_ambiguous(surname)
            and (two or not is_ambiguous(given) or (surname is first and given in _PINYIN_GIVEN))
            and (two or surname is first or given in _PINYIN_GIVEN)
        ) or (two and not is_ambiguous(given) and len(given) > 4):
            if (
                len(words) > 2
                and is_name_word(words[2])
                and syllables(given) == 1
                and _PINYIN.fullmatch(bare_word(words[2]))
                and syllables(bare_word(words[2])) == 1
                and surname is first
                and not is_ambiguous(bare_word(words[2]))
            ):
                return 3
            return 2
    return 0


def syllables(word: str) -> int:
    if not re.fullmatch(r"[a-z']+", word):
        return 0
    one = _PINYIN.pattern.removesuffix("{1,2}")
    return 1 if re.fullmatch(one, word) else 2 if re.fullmatch(one + "{2}", word) else 0


def is_initial(word: str) -> bool:
    """Whether a word is initials, the last one's full stop left out or not: `J.`, `J.-P.`, `M`."""
    return bool(re.fullmatch(rf"(?:[{CAPITALS}]\.-?){{0,3}}[{CAPITALS}]\.?", word))


def bare_word(word: str) -> str:
    """A word as the lists spell it: lower case, no accents, no ending of the genitive."""
    plain = re.sub(r"'s?$", "", word).strip(".,").lower()
    if plain.isascii():
        return plain
    return "".join(
        character for character in unicodedata.normalize("NFD", plain) if not unicodedata.combining(character)
    )


def is_name_word(word: str) -> bool:
    return bool(re.fullmatch(WORD, word)) and word not in {"I"}


def is_ambiguous(word: str) -> bool:
    return word in words_of("words_en.txt")
