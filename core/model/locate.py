"""From what a person writes behind `--model` to a file or folder on this machine."""

import os
import re
from pathlib import Path

from ..errors import InputError, ModelUnavailableError, UsageError
from ..progress import Event, Progress, silent
from .catalogue import CATALOGUE, fetch, named

_HUB_ID = re.compile(r"[\w.-]+/[\w.-]+")
_HUB_FILES = [
    "*.safetensors",
    "*.safetensors.index.json",
    "*.json",
    "tokenizer.model",
    "*.jinja",
    "vocab.txt",
    "merges.txt",
]


def locate(name: str, progress: Progress = silent) -> Path:
    """The checkpoint that `name` stands for: a folder, a `.gguf` file, a catalogue name or a Hugging Face id.

    A folder or file of that name comes first, then the catalogue. The network is used for a catalogue name that is not
    on this machine yet, and for a Hugging Face id that is not in its local cache; never with `KCREATE_OFFLINE` set.

    Raises:
        ModelUnavailableError: nothing of that name is known or can be fetched.
        InputError: the path ends in `.gguf` and is not there.
        UsageError: the name is of a kind this version does not serve.
    """
    if name.startswith("openai:"):
        raise UsageError(f"--model {name} is a model on a server, which this version cannot use yet; give a local one.")
    path = Path(name).expanduser()
    if name not in CATALOGUE and path.is_file() and path.suffix.lower() != ".gguf":
        raise InputError(f"{path} is not a model; give a .gguf file or a folder with config.json and safetensors.")
    if name not in CATALOGUE and path.exists():
        return path
    if path.suffix.lower() == ".gguf":
        raise InputError(f"{path} is not there; check the path of the .gguf file.")
    if name not in CATALOGUE and _HUB_ID.fullmatch(name):
        return _from_hub(name, progress)
    return fetch(named(name).name, progress)


def _from_hub(name: str, progress: Progress) -> Path:
    """The snapshot of a Hugging Face repository: the local one, else downloaded, as its id was given by the user."""
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")
    from huggingface_hub import constants, snapshot_download

    constants.HF_HUB_DISABLE_TELEMETRY = True
    try:
        return Path(snapshot_download(name, allow_patterns=_HUB_FILES, local_files_only=True))
    except Exception as missing:
        if os.environ.get("KCREATE_OFFLINE", "") not in ("", "0") or constants.HF_HUB_OFFLINE:
            raise ModelUnavailableError(
                f"{name} is not a file, a folder or in the Hugging Face cache of this machine, and it is offline; "
                f"run 'hf download {name}' where there is a network and give the folder."
            ) from missing
    progress(Event("", message=f"fetching {name} from Hugging Face"))
    try:
        return Path(snapshot_download(name, allow_patterns=_HUB_FILES))
    except Exception as error:
        raise ModelUnavailableError(
            f"{name} is neither a file or folder here nor could it be fetched from Hugging Face "
            f"({type(error).__name__}); check the name and the network, or give a folder. "
            f"Names kcreate knows: {', '.join(CATALOGUE)}."
        ) from error
