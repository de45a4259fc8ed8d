"""A checkpoint on disk to a model that can run: GGUF file or Hugging Face folder, whatever the family."""

import os
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.overrides import TorchFunctionMode

from ..errors import ModelUnavailableError
from .family import FAMILIES, Family
from .gguf_file import GGUFFile
from .safetensors_folder import SafetensorsFolder
from .spec import TransformerSpec
from .tokenizer import Tokenizer
from .transformer import Transformer

_PICKLED = {".bin", ".pt", ".pth", ".ckpt", ".pkl"}

_END_OF_TURN = (
    "<|im_end|>",
    "<|eot_id|>",
    "<|eom_id|>",
    "<end_of_turn>",
    "<|end|>",
    "<|endoftext|>",
    "<|end_of_text|>",
)
"""Control tokens that end an answer wherever they are in a vocabulary."""


@dataclass(frozen=True)
class Checkpoint:
    """All that a checkpoint holds.

    Attributes:
        spec: what the transformer is made of.
        transformer: the model with its weights, in evaluation mode.
        tokenizer: its tokenizer.
        chat_template: Jinja source, or None for a model that was not made to chat.
        special_tokens: `bos_token`, `eos_token`, ... as chat templates name them, where the checkpoint has them.
        prefix_ids: ids that belong before a raw text (a rendered template brings its own); often none.
        stop_ids: ids that end an answer.
        name: the file's or folder's name, for people.
    """

    spec: TransformerSpec
    transformer: Transformer
    tokenizer: Tokenizer
    chat_template: str | None
    special_tokens: dict[str, str]
    prefix_ids: tuple[int, ...]
    stop_ids: frozenset[int]
    name: str


def load_checkpoint(path: Path, dtype: torch.dtype = torch.float32, device: torch.device | str = "cpu") -> Checkpoint:
    """Read a `.gguf` file, or a folder with `config.json`, `*.safetensors` and `tokenizer.json`.

    Raises:
        ModelUnavailableError: nothing is there, it is damaged, cut short or pickled, of an unknown architecture, or
            lacks a tensor or the tokenizer.
    """
    path = Path(path)
    if path.suffix.lower() in _PICKLED:
        raise ModelUnavailableError(
            f"{path} is a pickled checkpoint, which can run code when it is opened; take its safetensors or GGUF form."
        )
    if path.is_dir():
        return _from_folder(path, dtype, device)
    if not path.exists():
        raise ModelUnavailableError(f"{path} is not there; give a .gguf file or a model's folder.")
    return _from_gguf(path, dtype, device)


def _from_gguf(path: Path, dtype: torch.dtype, device: torch.device | str) -> Checkpoint:
    file = GGUFFile(path)
    metadata = file.index.metadata
    if file.index.tokenizer is None:
        raise ModelUnavailableError(f"{path} carries no tokenizer; take a GGUF file with its vocabulary.")
    family = _family(metadata.get("general.architecture"), path)
    spec = _spec(lambda: family.spec_from_gguf(file), path)

    def fetch(name: str) -> Tensor:
        return family.from_gguf(name, file.tensor(family.gguf_name(name), dtype), spec)

    shapes = {name: stored.shape for name, stored in file.index.tensors.items() if name != "rope_freqs.weight"}
    transformer = _assemble(spec, path, family.gguf_name, shapes, fetch)
    tokenizer = Tokenizer.from_json(file.index.tokenizer, path)
    ids = {
        name: index
        for name in ("bos", "eos", "unknown", "padding", "eot")
        if isinstance(index := metadata.get(f"tokenizer.ggml.{name}_token_id"), int) and index < tokenizer.vocab_size
    }
    named = {"bos_token": "bos", "eos_token": "eos", "unk_token": "unknown", "pad_token": "padding"}
    tokens = {name: tokenizer.token(ids[key]) for name, key in named.items() if key in ids}
    template = metadata.get("tokenizer.chat_template")
    return Checkpoint(
        spec=spec,
        transformer=transformer.to(device),
        tokenizer=tokenizer,
        chat_template=template if isinstance(template, str) else None,
        special_tokens={name: token for name, token in tokens.items() if token is not None},
        prefix_ids=(ids["bos"],) if "bos" in ids and _opens_with_bos(metadata) else (),
        stop_ids=_stop_ids(tokenizer, (ids.get("eos"), ids.get("eot"))),
        name=path.stem,
    )


def _from_folder(path: Path, dtype: torch.dtype, device: torch.device | str) -> Checkpoint:
    folder = SafetensorsFolder(path)
    config = folder.config
    family = _family(config.get("model_type"), path)
    spec = _spec(lambda: family.spec_from_config(config), path)
    stored_names = {own: name for name in folder.shapes if (own := family.own_name(name)) is not None}
    if spec.tied:
        stored_names.pop("lm_head.weight", None)

    def stored_name(name: str) -> str:
        return stored_names.get(name, family.hugging_face_name(name))

    shapes = {name: folder.shapes[name] for name in stored_names.values()}
    transformer = _assemble(spec, path, stored_name, shapes, lambda name: folder.tensor(stored_name(name), dtype))
    tokenizer = folder.tokenizer()
    return Checkpoint(
        spec=spec,
        transformer=transformer.to(device),
        tokenizer=tokenizer,
        chat_template=folder.chat_template(),
        special_tokens=folder.special_tokens(),
        prefix_ids=tokenizer.prefix,
        stop_ids=_stop_ids(tokenizer, folder.end_ids()),
        name=path.resolve().name,
    )


def _opens_with_bos(metadata: dict[str, Any]) -> bool:
    """As the file says; older files do not, and their SentencePiece and Llama 3 vocabularies do."""
    says_nothing = metadata.get("tokenizer.ggml.model") == "llama" or metadata.get("tokenizer.ggml.pre") == "llama-bpe"
    return bool(metadata.get("tokenizer.ggml.add_bos_token", says_nothing))


def _family(architecture: object, path: Path) -> Family:
    if not isinstance(architecture, str):
        raise ModelUnavailableError(f"{path} does not say which architecture it is.")
    if architecture not in FAMILIES:
        known = ", ".join(FAMILIES)
        raise ModelUnavailableError(f"{path} is of the architecture {architecture}; kcreate runs {known}.")
    return FAMILIES[architecture]


def _spec(build: Callable[[], TransformerSpec], path: Path) -> TransformerSpec:
    try:
        return build()
    except KeyError as error:
        raise ModelUnavailableError(f"{path} does not say its {error.args[0]}; download it again.") from error
    except (ValueError, TypeError, ZeroDivisionError) as error:
        raise ModelUnavailableError(f"{path} cannot be loaded: {error}.") from error


def _assemble(
    spec: TransformerSpec,
    path: Path,
    stored_name: Callable[[str], str],
    shapes: dict[str, tuple[int, ...]],
    fetch: Callable[[str], Tensor],
) -> Transformer:
    """The transformer of `spec` with the tensors of a file: each there, each of its shape, none left over."""
    if spec.layers > len(shapes):
        raise ModelUnavailableError(
            f"{path} should have {spec.layers} layers and lacks most of them; download it again."
        )
    with torch.device("meta"), _Uninitialised():
        transformer = Transformer(spec)
    wanted = {name: tuple(parameter.shape) for name, parameter in transformer.named_parameters()}
    for name, shape in wanted.items():
        stored = stored_name(name)
        if stored not in shapes:
            raise ModelUnavailableError(f"{path} lacks the tensor {stored}; download it again.")
        if shapes[stored] != shape:
            raise ModelUnavailableError(
                f"{path} has the tensor {stored} in the shape {_times(shapes[stored])} where {_times(shape)} is due."
            )
    if extra := sorted(shapes.keys() - {stored_name(name) for name in wanted}):
        raise ModelUnavailableError(
            f"{path} has the tensor {extra[0]}, for which a {spec.family} model has no place, so it would run wrongly."
        )
    with ThreadPoolExecutor(max_workers=min(4, os.cpu_count() or 1)) as pool:
        weights = dict(zip(wanted, pool.map(fetch, wanted), strict=True))
    transformer.load_state_dict(weights, strict=True, assign=True)
    return transformer.eval()


def _times(shape: Iterable[int]) -> str:
    return "×".join(map(str, shape))


def _stop_ids(tokenizer: Tokenizer, said: Iterable[object]) -> frozenset[int]:
    control = tokenizer.control_tokens
    known = {control[token] for token in _END_OF_TURN if token in control}
    return frozenset(known | {index for index in said if isinstance(index, int)})


class _Uninitialised(TorchFunctionMode):
    """Leaves out the random initialisation of modules, whose weights come from a file a moment later."""

    def __torch_function__(
        self, func: Callable[..., Any], types: Any, args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        if getattr(func, "__module__", None) == nn.init.__name__:
            return args[0] if args else None
        return func(*args, **(kwargs or {}))
