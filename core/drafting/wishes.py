"""Wishes: what the author asks of a course for good, and where its model runs."""

from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

from ..decoding.remote_address import check_server_decides
from ..errors import InputError
from ..progress import Progress

DEFAULT_MODEL = "smollm2-135m"
EDITION = 3
"""Raised when drafting changes so that what an earlier version drafted counts as out of date."""


class Asked(TypedDict, total=False):
    """What the author asks for; what is not there, or None, is left to `course.yaml`, and then to the default."""

    title: str | None
    language: str | None
    audience: str | None
    level: str | None
    author: str | None
    licence: str | None
    adapter: str | Path | None
    lessons: int | None
    hours: float | None


class Wishes(Asked, total=False):
    """The same with the name of a model."""

    model: str | None


@dataclass(frozen=True)
class Place:
    """Where the model runs, as `open_model` takes it. It belongs to this machine and is not kept in `course.yaml`."""

    base_url: str | None = None
    device: str = "auto"
    quantize: str = "auto"
    processes: int = 1

    def setting(self, model: str | None) -> str:
        """The model and where it runs in one word, for what is measured of it."""
        return f"{model or DEFAULT_MODEL} {self.device} {self.quantize} {self.processes}"


def check_model(wishes: Wishes, place: Place, progress: Progress) -> None:
    """Refuse a model or adapter that is not to be had before its name gets into `course.yaml`.

    Raises:
        ModelUnavailableError: no such model is here, can be fetched, or is on the server.
        InputError: the adapter's folder holds none.
        UsageError: a model on a server lacks an address, or is given what its server decides.
    """
    if (model := wishes.get("model")) and model.startswith("openai:"):
        check_server_decides(model, place.device, place.quantize, place.processes)
        from ..decoding.remote import open_remote

        open_remote(model, place.base_url)
    elif model:
        from ..model.locate import locate

        locate(model, progress)
    adapter = wishes.get("adapter")
    if adapter is not None and not (Path(adapter) / "adapter_model.safetensors").is_file():
        raise InputError(f"--adapter {adapter} has no adapter_model.safetensors; make one with 'kcreate finetune'.")
