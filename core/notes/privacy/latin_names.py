"""What a name in Latin letters is made of: given names, surnames, initials, particles, and the syllables of pinyin."""

import re
import unicodedata

from .gazetteers import given_names, rows_of, surnames, words_of

LETTERS = "A-Za-zÀ-ÖØ-öø-ʯḀ-ỿ"
CAPITALS = "A-ZÀ-ÖØ-ÞĀĂĄĆĊČĎĐĒĖĘĚĞĠĢĦĪĮİĶĹĻĽŁŃŅŇŌŐŒŔŘŚŞŠŢŤŪŮŰŲŴŶŸŹŻŽƠƯȘȚ"
"""Of Latin-1 and of Latin Extended-A and -B; the Vietnamese block is left to the lower case."""
LOWER = "a-zß-öø-ʯḀ-ỿ"
_PART = rf"(?:Mc|Mac|Fitz|O'|D'|L'|De|Le|La|Van|Di|Du|Al-|El-)?[{CAPITALS}][{LOWER}]+(?:'[{CAPITALS}]?[{LOWER}]+)*"
WORD = rf"(?:{_PART}(?:-(?:{_PART}|[{LOWER}]+))*|[{CAPITALS}]{{2,16}}(?:-[{CAPITALS}]{{2,16}})?)"
PARTICLE = (
    r"(?:van der|van den|van de|van|von der|von|de la|de los|de las|del|della|de|der|da|dos|das|do|di|du|la|le|bin|binti|bint|ibn|abu|al|el|ter|ten|zu|af|av|st\.|"
    rf"(?:St\.|Saint|Van der|Van den|Van|Von|De la|De La|De|Del|Della|Di|Da|Dos|Du|Le|La|Bin|Ibn|Abu|Al|El|Ben|Mac|Ó|Ní)(?= [{CAPITALS}]))"
)
INITIAL = rf"[{CAPITALS}](?:\.(?: ?-?[{CAPITALS}]\.){{0,2}}|(?= [{CAPITALS}][a-z]))"
NAME = rf"{WORD}(?: (?:{INITIAL}|{PARTICLE} {WORD}|{WORD})){{0,3}}"
INSTITUTION = frozenset(rows_of("words_around_names.txt")["institution"].split())
THINGS = INSTITUTION | frozenset(rows_of("words_around_names.txt")["things"].split())
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
        "notre dame",
        "sierra nevada",
        "charlotte amalie",
        "maria theresa",
        "baton rouge",
        "virginia beach",
        "santa maria",
        "santa ana",
        "santa rosa",
        "el paso",
        "le havre",
        "san marino",
        "rosa canina",
        "viola tricolor",
        "gauss seidel",
        "merry christmas",
        "god bless",
    }
)
_PINYIN = re.compile(
    r"(?:(?:zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw])?(?:iang|iong|uang|ang|eng|ing|ong|ian|iao|uai|uan|van|ai|an|ao|ei|en|er|ia|ie|in|iu|ou|ua|ui|un|uo|ue|ve|a|e|i|o|u|v)){1,2}"
)
PINYIN_SURNAMES = frozenset(rows_of("words_around_names.txt")["pinyin_surnames"].split())
_WORDS = frozenset(rows_of("words_around_names.txt")["words"].split())
_WORDED = re.compile(
    r".{2,}(?:ic|ics|ium|ide|ides|ate|ates|ous|tion|tions|sion|ing|ings|ology|ism|ment|ments|ness|ity|ities|ical|ene|ane|yne|ase|ose|yl|ite|oid|ship|ance|ence|ary|ory|ble|ive|ful|less|tics|lysis|meter|graph|scope|gram|phobia|cyte|lar|ual|ional)\Z"
)
_PINYIN_PLACES = frozenset(rows_of("words_around_names.txt")["pinyin_places"].split())
_PINYIN_GIVEN = frozenset(rows_of("words_around_names.txt")["pinyin_given"].split())
_GIVEN_DESPITE = frozenset(rows_of("words_around_names.txt")["given_despite"].split())


def name_length(words: list[str]) -> int:
    """How many of the words make a name: 0 where the first is no given name or what follows is no surname."""
    first = bare_word(words[0])
    if "-" in first and first.split("-")[0] in given_names():
        first = first.split("-")[0]
    plain = [
        index
        for index, word in enumerate(words)
        if index and not (is_initial(word) or is_particle(word, index + 1 < len(words)))
    ]
    if not plain or f"{first} {bare_word(words[1])}" in _PLACES:
        return 0
    if pinyin := pinyin_length(words):
        return pinyin
    if words[0].endswith("'s") or (first in NOT_NAMES and first not in _GIVEN_DESPITE):
        return 0
    if first not in given_names():
        return 2 if _is_foreign_given(first) and _is_surname(words[1]) and len(words) == 2 else 0
    initial = is_initial(words[1])
    particle = any(is_particle(word, True) for word in words[1 : plain[0]])
    at = plain[0]
    last = bare_word(words[at])
    if last in NOT_NAMES or last in INSTITUTION or last.removesuffix("s") in INSTITUTION or not is_name_word(words[at]):
        return 0
    end = at + 1
    if end < len(words) and (following := bare_word(words[end])) in INSTITUTION:
        return 0
    # a middle name: Mary Ann Smith, Jean Claude Dupont
    if end < len(words) and is_name_word(words[end]) and last in given_names() and not words[at].endswith("'s"):
        following = bare_word(words[end])
        if (
            following in surnames()
            and not is_ambiguous(following)
            and (end + 1 >= len(words) or bare_word(words[end + 1]) not in INSTITUTION)
        ):
            end += 1
    elif end + 1 < len(words) and is_particle(words[end], True) and is_name_word(words[end + 1]):
        end += 2
    sure_first, sure_last = (
        not is_ambiguous(first),
        (is_family(last) or bool(_ACCENTED.search(words[at]))) and not is_ambiguous(last),
    )
    if initial or particle or (sure_first and (is_family(last) or not is_ambiguous(last))):
        return end
    return end if sure_last and first in _GIVEN_DESPITE else 0


def _is_foreign_given(word: str) -> bool:
    """Whether a word that no list knows may be a given name: before a sure surname it is."""
    return len(word) > 2 and word.isalpha() and not is_ambiguous(word) and word not in NOT_NAMES | INSTITUTION


def _is_surname(word: str) -> bool:
    bare = bare_word(word)
    return (
        (is_family(bare) or bool(_ACCENTED.search(word)))
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


_ACCENTED = re.compile(r"(?:i[ćč]|ová|ský|ská|cký|cká|ńsk[ia]|ğlu)\Z")
_ENDING = re.compile(
    r"(?:o'|mc(?!mc)|fitz)[a-z]{3,}\Z|(?!supernova|kilonova|hypernova|casanova).{2,}(?:ovic|evic|avic|kova|lova|rova|nova|tova|dova|mova|ekova|ikova|cova|owski|ewski|inski|ynski|owska|ewska|inska|czyk|czak|wicz|escu|oglu|idze|shvili|enko|chuk|"
    r"sson|sdottir|ainen|oinen|aitis|auskas|iunas|evicius|avicius|opoulos|oulos|akis|idis|ndez|guez|nquist|dqvist|lqvist|gqvist|strom|mann|meister|burger|swamy|murthy|nathan|rajan|appa|adegbe|olu|owale|adimeji|ovsky|evsky|mukh)\Z"
)


def is_particle(word: str, followed: bool) -> bool:
    """Whether a word is a particle (`van`, `St.`, and `Le` where a surname may follow)."""
    return bool(re.match(PARTICLE + r"\Z", word + " X"[: 2 * followed])) or bool(
        followed and re.match(rf"(?:{PARTICLE}) X\Z", word + " X")
    )


def is_given(word: str) -> bool:
    """Whether a list has a bare word, or the first half of one with a hyphen, as a given name."""
    return word in given_names() or ("-" in word and word.split("-")[0] in given_names())


def is_family(word: str) -> bool:
    """Whether a list has a bare word, or a half of one with a hyphen, as a surname, or it ends as only surnames do."""
    return (
        word in surnames()
        or bool(_ENDING.match(word))
        or ("-" in word and any(part in surnames() or _ENDING.match(part) for part in word.split("-")))
    )


def is_name_word(word: str) -> bool:
    return bool(re.fullmatch(WORD, word)) and word not in {"I"}


def is_ambiguous(word: str) -> bool:
    """Whether a bare word is also a common one; of a word with hyphens, whether all of its parts are."""
    if "-" in word:
        return all(part in words_of("words_en.txt") for part in word.split("-"))
    return word in words_of("words_en.txt") or word in _WORDS


def is_worded(word: str) -> bool:
    """Whether a bare word that no list has as a name ends as words of science and offices do: `sulfuric`, `admissions`."""
    return not is_given(word) and not is_family(word) and bool(_WORDED.match(word.removesuffix("s")))


def is_plausible(words: list[str]) -> bool:
    """Whether two to four capitalised words can be somebody's name where a name is awaited (a list of who was there, a
    chat's speaker): none that is in no name, and one that no other text has, or a known given name and surname."""
    bare = [
        bare_word(word)
        for place, word in enumerate(words)
        if not is_initial(word) and not is_particle(word, place + 1 < len(words))
    ]
    if (
        not 1 <= len(bare) <= 3
        or len(words) < 2
        or any(
            word in NOT_NAMES | INSTITUTION and not (place == 0 and word in _GIVEN_DESPITE)
            for place, word in enumerate(bare)
        )
    ):
        return False
    if len(bare) == 1:
        return bare[0] in surnames() and not is_ambiguous(bare[0])
    if any(is_worded(word) for word in bare):
        return False
    if not all(is_name_word(word) or is_initial(word) or is_particle(word, True) for word in words):
        return False
    sure = [word for word in bare if not is_ambiguous(word) and len(word) > 2]
    known = is_given(bare[0]) and is_family(bare[-1])
    listed = any(is_given(word) or is_family(word) for word in sure)
    return known or listed or len(sure) == len(bare)
