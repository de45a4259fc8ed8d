"""The way back: which stand-in took the place of which original, kept in the course's private folder only."""

import json
import re
from dataclasses import dataclass, field
from pathlib import Path

from ...errors import InputError
from ...storage import write_private
from .finding import Kind
from .folding import fold

_LABELS: dict[Kind, tuple[str, str]] = {
    "person": ("name", "人名"),
    "email": ("email", "邮箱"),
    "phone": ("phone", "电话"),
    "id_number": ("ID number", "证件号"),
    "bank_card": ("bank card", "银行卡"),
    "iban": ("IBAN", "银行账户"),
    "address": ("address", "地址"),
    "secret": ("secret", "密钥"),
    "account": ("account", "账号"),
}
_STEMS = "甲乙丙丁戊己庚辛壬癸"


@dataclass
class Ledger:
    """Originals and their stand-ins over a whole course.

    Attributes:
        entries: kind, then the original in its plainest spelling, then the stand-in.
        spellings: for every stand-in, the original as it stood when it was first met.
    """

    entries: dict[str, dict[str, str]] = field(default_factory=dict)
    spellings: dict[str, str] = field(default_factory=dict)

    def stand_in(self, kind: Kind, original: str, *, chinese: bool) -> str:
        """The stand-in of `original`, a new one where it has none: `‹phone 1›`, `‹电话 1›`, `‹Person A›`, `‹某甲›`."""
        known = self.entries.setdefault(kind, {})
        key = plainest(kind, original)
        if key not in known:
            number = len(known) + 1
            if kind == "person":
                known[key] = f"‹某{_heavenly(number)}›" if chinese else f"‹Person {_letters(number)}›"
            else:
                known[key] = f"‹{label(kind, chinese=chinese)} {number}›"
            self.spellings[known[key]] = original
        return known[key]

    def original(self, stand_in: str) -> str | None:
        """What a stand-in stands for; None where the ledger does not know it."""
        return self.spellings.get(stand_in)

    def save(self, path: Path) -> None:
        """Write the ledger as JSON that only its owner may read.

        Raises:
            KcreateError: the file cannot be written.
        """
        data = {"version": 1, "entries": self.entries, "spellings": self.spellings}
        write_private(path, (json.dumps(data, ensure_ascii=False, indent=2) + "\n").encode("utf-8"))

    @classmethod
    def load(cls, path: Path) -> "Ledger":
        """The ledger that `save` wrote, to go on with its numbering; an empty one where there is no file.

        Raises:
            InputError: the file is no ledger.
        """
        if not path.exists():
            return cls()
        try:
            data = json.loads(path.read_text(encoding="utf-8"))
            entries, spellings = data["entries"], data["spellings"]
            sound = all(
                kind in _LABELS and all(isinstance(text, str) for pair in known.items() for text in pair)
                for kind, known in entries.items()
            ) and all(isinstance(text, str) for pair in spellings.items() for text in pair)
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            sound = False
        if not sound:
            raise InputError(
                f"{path} is not a list of redactions that can be read; move it away to start a new one, or bring back a copy."
            )
        return cls(entries, spellings)


def label(kind: Kind, *, chinese: bool) -> str:
    """What a kind is called in a stand-in."""
    return _LABELS[kind][chinese]


def plainest(kind: str, original: str) -> str:
    """One spelling for the originals that are the same: a number's digits, an address in lower case, a name without gaps."""
    text = fold(original).text.strip()
    if kind in {"phone", "id_number", "bank_card", "iban"}:
        plain = re.sub(r"[^0-9A-Za-z]", "", text).upper()
        if kind == "phone":
            plain = re.sub(r"(?:EXT|X).*$", "", plain)
            plain = re.sub(r"^(?:00)?86(?=1[3-9]\d{9}$)", "", plain)
            plain = (
                re.sub(r"^(?:001|1)(?=[2-9]\d{9}$)", "", plain) if not re.fullmatch(r"1[3-9]\d{9}", plain) else plain
            )
        return plain or text
    if kind in {"email", "account"}:
        return text.lower()
    if kind == "secret":
        return text
    return " ".join(text.split()).lower()


def _letters(number: int) -> str:
    """1 → A, 26 → Z, 27 → AA, as columns of a sheet are counted."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _heavenly(number: int) -> str:
    """1 → 甲, 10 → 癸, then 甲2 and on."""
    rounds, place = divmod(number - 1, 10)
    return _STEMS[place] + (str(rounds + 1) if rounds else "")
