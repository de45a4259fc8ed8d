"""Postal addresses in Latin letters: a house number on a named street, with flat, city and postcode where they follow,
and P.O. boxes. Suffixes are those of USPS Publication 28, appendix C1; one that is also a common word needs more."""

import re
from collections.abc import Iterator

from .finding import Span
from .surroundings import before, each, lines_with

_WORD = r"(?:[A-Z][A-Za-z'.-]{0,20}|\d{1,3}(?:st|nd|rd|th)|de|la|del|of|the|and)"
_STRONG = r"(?:Street|St|Avenue|Ave|Av|Road|Rd|Boulevard|Blvd|Lane|Ln|Parkway|Pkwy|Highway|Hwy|Crescent|Terrace|Turnpike|Mews|Broadway|Expressway|Cul-de-sac|Alley|Causeway|Esplanade|Throughway|Motorway)"
_WEAK = (
    r"(?:Drive|Dr|Court|Ct|Place|Pl|Square|Sq|Way|Circle|Cir|Trail|Trl|Close|Row|Walk|Path|Plaza|Loop|Grove|Gardens?|Park|Hill|Hills|Heights|Manor|Mall|Center|Centre|Quay|Wharf|Green|"
    r"Rise|View|Views|Views?|Vale|Valley|Bridge|Brook|Brooks|Burg|Burgs|Bypass|Camp|Canyon|Cape|Cliff|Cliffs|Club|Common|Commons|Corner|Corners|Course|Cove|Coves|Creek|Crest|Crossing|Crossroad|Curve|Dale|Dam|"
    r"Divide|Drives|Estate|Estates|Extension|Extensions|Fall|Falls|Ferry|Field|Fields|Flat|Flats|Ford|Fords|Forest|Forge|Forges|Fork|Forks|Fort|Freeway|Garden|Gateway|Glen|Glens|Greens|Groves|Harbor|Harbors|Haven|Hollow|"
    r"Inlet|Island|Islands|Isle|Junction|Junctions|Key|Keys|Knoll|Knolls|Lake|Lakes|Land|Landing|Light|Lights|Loaf|Lock|Locks|Lodge|Meadow|Meadows|Mill|Mills|Mission|Mount|Mountain|Mountains|Neck|Orchard|Oval|Overpass|"
    r"Parks|Parkways|Pass|Passage|Pike|Pine|Pines|Plain|Plains|Plazas|Point|Points|Port|Ports|Prairie|Radial|Ramp|Ranch|Rapid|Rapids|Rest|Ridge|Ridges|River|Roads|Route|Rue|Run|Shoal|Shoals|Shore|Shores|Skyway|Spring|"
    r"Springs|Spur|Spurs|Squares|Station|Stravenue|Stream|Streets|Summit|Trace|Track|Trafficway|Tunnel|Underpass|Union|Unions|Valleys|Via|Viaduct|Village|Villages|Ville|Vista|Walks|Wall|Ways|Well|Wells)"
)
_UNIT = r"(?:,?[ \n]{1,2}(?:(?:Apt|Apartment|Suite|Ste|Unit|Flat|Room|Rm|Floor|Fl|Building|Bldg|Studio|Lot|Level|Dept)\.? ?#?[A-Za-z]?\d{0,5}[A-Za-z]?(?![a-z])|#[ ]?\d{1,5}[A-Za-z]?))"
_STATE = (
    r"(?:A[AEKLPRSZ]|C[AOT]|D[CE]|F[LM]|G[AU]|HI|I[ADLN]|K[SY]|LA|M[ADEHINOPST]|VI|PW|FM|AS|GU|MP|MH|N[CDEHJMVY]|O[HKR]|P[ARW]|RI|S[CD]|T[NX]|UT|V[AIT]|W[AIVY]|"
    r"Alabama|Alaska|Arizona|Arkansas|California|Colorado|Connecticut|Delaware|Florida|Georgia|Hawaii|Idaho|Illinois|Indiana|Iowa|Kansas|Kentucky|Louisiana|Maine|Maryland|Massachusetts|Michigan|Minnesota|Mississippi|"
    r"Missouri|Montana|Nebraska|Nevada|New Hampshire|New Jersey|New Mexico|New York|North Carolina|North Dakota|Ohio|Oklahoma|Oregon|Pennsylvania|Rhode Island|South Carolina|South Dakota|Tennessee|Texas|Utah|Vermont|"
    r"Virginia|Washington|West Virginia|Wisconsin|Wyoming|NSW|VIC|QLD|TAS|ACT|ON|QC|BC|AB|MB|SK|NS|NB)"
)
_POSTCODE = r"(?:\d{5}(?:-\d{4})?|[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}|[A-Z]\d[A-Z] ?\d[A-Z]\d|\d{4}(?!\d)|\d{6}(?!\d))(?![A-Za-z0-9])"
_CITY_NAME = r"(?:(?:[A-Z][A-Za-z'.-]{1,20}|of|on|upon|de|la)[ ]?){1,4}"
_CITY = (
    rf"(?:(?:,[ ]?|[ ]|,?[ ]?\n[ ]{{0,4}}|[ ]?[|/·][ ]?){_CITY_NAME},?[ ]{{1,2}}{_STATE},?[ ]{{1,2}}{_POSTCODE}|"
    rf"(?:,[ ]?|,?[ ]?\n[ ]{{0,4}}){_CITY_NAME}(?:,[ ]?{_CITY_NAME}){{0,2}}(?:,[ ]?|[ ]|,?\n[ ]{{0,4}}){_POSTCODE}|"
    rf"(?:,[ ]?|,?[ ]?\n[ ]{{0,4}})(?:\d{{5}}|[A-Z]{{1,2}}-\d{{4,5}}) {_CITY_NAME}|"
    rf",[ ]?{_CITY_NAME},[ ]?{_STATE}(?![A-Za-z]))(?:,? (?:USA|U\.S\.A\.|US|United States|UK|United Kingdom|England|Scotland|Wales|Canada|Australia|Ireland|New Zealand|Singapore))?"
)
_PLACE = r"[A-Z][a-z']{1,20}(?: [A-Z][a-z']{1,20})?(?: (?:District|City|Province|County|Town|Township|Prefecture|New Area|Village))?(?![A-Za-z@]| [A-Z])"
_HEAD = r"(?<![A-Za-z0-9_$€£.,/#-])(?<!\d )(?:(?:(?:Flat|Apt\.?|Apartment|Unit|Suite|Room|Rm\.?|Building|Bldg\.?|Block|Tower|Floor|Villa|House|Lane|Entrance|Staircase|Door) (?:No\.? ?)?[A-Za-z]?-?\d{0,4}[A-Za-z]?(?<! )|\d{1,3}(?:st|nd|rd|th)? ?(?:/F|F|Floor)),[ ]?(?:\d{1,3}/)?){0,4}"
_NUMBER = r"(?:No\. ?)?\d{1,6}(?:[A-Za-z]|[-/]\d{1,4})?,? "
_DIRECTION = r"(?:(?:N|S|E|W|NE|NW|SE|SW|North|South|East|West)\.? )?"
_STREET = re.compile(
    rf"{_HEAD}(?P<number>{_NUMBER}){_DIRECTION}(?:{_WORD} ){{1,4}}?(?P<kind>{_STRONG}|{_WEAK}s?)(?![A-Za-z'])\.?(?: (?:N|S|E|W|NE|NW|SE|SW|North|South|East|West)(?![A-Za-z]))?"
    rf"(?P<unit>{_UNIT}){{0,2}}(?:(?P<city>{_CITY})|(?P<places>(?:, ?{_PLACE}){{1,4}}(?:,? \d{{6}}(?!\d))?))?"
)
_BROADWAY = re.compile(
    rf"{_HEAD}\d{{1,6}} (?:Broadway|Via [A-Z][a-z]+(?: [A-Z][a-z]+)?|Avenue [A-Z](?![a-z])|Highway \d{{1,4}}|Route \d{{1,4}}|County Road \d{{1,4}})(?![A-Za-z0-9])(?:{_UNIT})?(?:{_CITY})?"
)
_BOX = re.compile(
    rf"(?<![A-Za-z])(?:P\.? ?O\.? ?Box|Post Office Box|GPO Box|PO Box|POB) #?\d{{1,7}}(?![\d])(?:{_CITY})?",
    re.IGNORECASE,
)
_MILITARY = re.compile(
    r"(?<![A-Za-z])(?:(?:Unit|PSC|CMR) \d{1,5},? Box \d{1,5}|US(?:CGC|[NCS][VGS]?) [A-Z][a-z]+)[ ,]*\n?[ ]{0,2}(?:APO|FPO|DPO),? A[AEP] \d{5}(?:-\d{4})?"
)
_GERMAN = re.compile(
    r"(?<![A-Za-z])(?:[A-ZÄÖÜ][a-zäöüß]+(?:-[A-ZÄÖÜ][a-zäöüß]+)*(?:straße|strasse|str\.|weg|platz|gasse|allee|damm|ufer|ring)|[A-ZÄÖÜ][a-zäöüß]+(?:er|en) (?:Straße|Strasse|Str\.|Weg|Platz|Allee)) \d{1,4} ?[a-z]?(?![A-Za-z0-9])(?:, ?(?:D-)?\d{5} [A-ZÄÖÜ][a-zäöüß]+(?: [a-zA-Z]+)?)?"
)
_FRENCH = re.compile(
    r"(?<![A-Za-z0-9_.,])\d{1,4}(?: ?(?:bis|ter))?,? (?:rue|avenue|boulevard|place|Rue|Avenue(?= d)|Boulevard(?= d)|Place(?= d)|Quai|chemin|quai|impasse|allée|cours) (?:(?:de|du|des|de la|de l'|d'|l')[ ]?)?[A-ZÉÈÀ][\w'éèêàç-]+(?: [A-ZÉÈÀ][\w'éèêàç-]+){0,3}(?:, ?\d{5} [A-ZÉÈÀ][\w'éèêàç-]+(?: [A-ZÉÈÀ][\w'éèêàç-]+)?)?"
)
_NUMBERED = re.compile(r"\d")
_CUE = re.compile(
    r"(?:address|addr|live[sd]?|living|reside[sd]?|mail(?:ed|ing)?|ship(?:ped|ping)?|deliver(?:ed|y)?|visit|office|home|located|located at|moved|move|send|sent|at|to|from|billing|venue|location|residence)(?: (?:is|it|them|the package|to|at))?[ :]*\**[ \"']*$",
    re.IGNORECASE,
)
_YEAR_CUE = re.compile(r"(?:^|\b)(?:in|since|by|during|until|of|after|before|the|around|about|circa)\s$", re.IGNORECASE)


def street_addresses(text: str) -> Iterator[Span]:
    """Addresses as they are written in English, with the commonest German and French forms."""
    stretches = lines_with(_NUMBERED, text, 2)
    for match in each(_STREET, text, stretches):
        if _is_street(match, text):
            far = match["places"] and (
                re.match(r"No\.|[A-Z]", match[0]) or re.search(r"District|Province|China|County", match["places"])
            )
            yield Span("address", match.start(), match.start("places") if match["places"] and not far else match.end())
    for pattern in (_BROADWAY, _BOX, _MILITARY, _GERMAN, _FRENCH):
        for match in pattern.finditer(text) if pattern is _MILITARY else each(pattern, text, stretches):
            if (
                pattern is not _BROADWAY
                or "\n" in match[0]
                or "," in match[0]
                or _CUE.search(before(text, match.start()))
            ):
                yield Span("address", match.start(), match.end())


def _is_street(match: re.Match[str], text: str) -> bool:
    head = before(text, match.start())
    number = match["number"].strip(" ,")
    if re.fullmatch(r"1[5-9]\d\d|20\d\d", number) and _YEAR_CUE.search(head) and not match["city"]:
        return False
    if match["city"] or match["unit"]:
        return True
    if re.fullmatch(_STRONG, match["kind"]):
        return not re.search(r"(?:top|chapter|section|lesson|step|figure|table|page|part)\s$", head, re.IGNORECASE)
    return bool(_CUE.search(head)) and len(match[0].split()) <= 6
