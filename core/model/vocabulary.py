"""The tokenizer of a model whose files are at hand, without its weights being opened or anything fetched."""

from pathlib import Path

from ..errors import KcreateError
from .catalogue import CATALOGUE
from .tokenizer import Tokenizer


def tokenizer_at_hand(name: str) -> Tokenizer | None:
    """The tokenizer of a catalogue name, a folder or a `.gguf` file; None where it is not on this machine."""
    path = CATALOGUE[name].path if name in CATALOGUE else Path(name).expanduser()
    try:
        if path.is_dir():
            file = path / "tokenizer.json"
            return Tokenizer.from_json(file.read_text(encoding="utf-8"), file) if file.is_file() else None
        if not path.is_file():
            return None
        from .gguf_index import read_index

        index = read_index(path)
        return Tokenizer.from_json(index.tokenizer, path) if index.tokenizer else None
    except (KcreateError, OSError, ValueError):
        return None
