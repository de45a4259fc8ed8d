"""The store of prompts' KV caches: what it finds, what it forgets, and what it does when its folder misbehaves."""

import os
import stat
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors.torch import save_file

from kcreate.core.decoding import prefix_files
from kcreate.core.decoding.cache import KVCache
from kcreate.core.decoding.loop import TokenLoop
from kcreate.core.decoding.prefill import prefill
from kcreate.core.decoding.prefix_store import LEAST, WRITTEN, prefix_folder
from kcreate.core.decoding.prefix_store import PrefixStore as Store
from kcreate.core.decoding.request import Request
from kcreate.core.model.checkpoint import load_checkpoint
from kcreate.core.model.spec import TransformerSpec
from kcreate.core.model.transformer import Transformer

SMALL = TransformerSpec(
    family="llama", vocab_size=97, width=8, layers=1, heads=1, kv_heads=1, head_dim=4, mlp_width=8, max_length=512
)
POSITION = 2 * 4 * 4
"""Bytes of a position of SMALL in float32."""


class PrefixStore(Store):
    """Writes at once, as if every `put` were an answer's last."""

    def put(self, ids: Sequence[int], cache: KVCache) -> None:
        super().put(ids, cache)
        self.flush()


@pytest.fixture(scope="module")
def model(tiny_llama: Path) -> Transformer:
    return load_checkpoint(tiny_llama).transformer


def ids(length: int, seed: int = 0) -> list[int]:
    return torch.randint(0, 97, (length,), generator=torch.Generator().manual_seed(seed)).tolist()


def cache_of(tokens: Sequence[int], room: int = 0) -> KVCache:
    """A cache of SMALL in which the key and value at a position are made of its id."""
    cache = KVCache.empty(SMALL, room=max(1, len(tokens) + room))
    numbers = torch.tensor(list(tokens), dtype=torch.float32)[None, None, :, None].expand(1, 1, -1, 4)
    cache.update(0, numbers, numbers + 0.5)
    cache.advance(None, len(tokens))
    return cache


def held(cache: KVCache | None) -> list[int]:
    """The ids that a cache was made of, read off its keys and values."""
    if cache is None:
        return []
    keys, values = cache._keys[0][0, 0, : cache.longest], cache._values[0][0, 0, : cache.longest]
    assert torch.equal(keys + 0.5, values)
    return [int(number) for number in keys[:, 0]]


def small(folder: Path | None = None, identity: str = "a model", memory: int = 2**20, disk: int = 2**20) -> PrefixStore:
    return PrefixStore(identity, SMALL, torch.float32, "cpu", folder, memory, disk)


def overwrite(folder: Path, tokens: list[int], kv: torch.Tensor) -> None:
    """Write a prompt's file with any tensor for its keys and values."""
    writer = prefix_files.PrefixFiles(folder, "a model", SMALL, torch.float32, 2**20)
    writer.write(np.array(tokens, dtype=np.int32), kv)


def files(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.prefix"))


def test_a_stored_prompt_goes_on_as_if_computed_afresh(model: Transformer, tmp_path: Path) -> None:
    prompt, stops = ids(150), [2]

    def store() -> PrefixStore:
        return PrefixStore("tiny", model.spec, torch.float32, "cpu", tmp_path)

    first = store()
    cache, hidden = prefill(model, prompt)
    first.put(prompt, cache)
    for found in (first.longest(prompt), store().longest(prompt)):
        assert found is not None and found.lengths.tolist() == [150]
        found.trim(149)
        with torch.inference_mode():
            last = model(torch.tensor([prompt[-1:]]), found)
        assert torch.allclose(last[0, -1], hidden[0, -1], atol=1e-5)
    afresh = [step.token for step in TokenLoop(model, [Request(prompt, 20)], stops)]
    reused = [step.token for step in TokenLoop(model, [Request(prompt, 20)], stops, prefixes=store())]
    assert reused == afresh


def test_nothing_is_written_before_the_flush(model: Transformer, tmp_path: Path) -> None:
    store = Store("tiny", model.spec, torch.float32, "cpu", tmp_path)
    for seed in range(6):
        store.put(ids(150, seed=seed), prefill(model, ids(150, seed=seed))[0])
    assert files(tmp_path) == []
    store.flush()
    assert len(files(tmp_path)) == WRITTEN
    store.flush()
    assert len(files(tmp_path)) == WRITTEN


def test_a_prompt_that_shares_a_beginning_computes_the_rest(model: Transformer, tmp_path: Path) -> None:
    stored, other = ids(150), ids(140)[:130] + ids(10, seed=1)
    PrefixStore("tiny", model.spec, torch.float32, "cpu", tmp_path).put(stored, prefill(model, stored)[0])
    for folder in (tmp_path, None):
        store = PrefixStore("tiny", model.spec, torch.float32, "cpu", folder)
        if folder is None:
            store.put(stored, prefill(model, stored)[0])
        cache = store.longest(other)
        assert cache is not None and 130 <= cache.longest < 140
        with torch.inference_mode():
            rest = model(torch.tensor([other[cache.longest :]]), cache)
        assert torch.allclose(rest[0, -1], prefill(model, other)[1][0, -1], atol=1e-5)


def _shared(first: list[int], second: list[int]) -> int:
    """How many ids both begin with, one by one."""
    return next(
        (place for place, (a, b) in enumerate(zip(first, second, strict=False)) if a != b), min(len(first), len(second))
    )


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_the_longest_shared_beginning_is_found(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    folder = tmp_path_factory.mktemp("prompts") if data.draw(st.booleans(), "folder") else None
    base = ids(200)

    def prompt() -> list[int]:
        shared, own, seed = data.draw(st.tuples(st.integers(0, 200), st.integers(0, 60), st.integers(1, 3)), "prompt")
        return base[:shared] + ids(own, seed)

    store, stored = small(folder), []
    for _ in range(data.draw(st.integers(0, 6), "entries")):
        stored.append(prompt())
        store.put(stored[-1], cache_of(stored[-1]))
    usable = [entry for entry in stored if len(entry) >= LEAST]
    for _ in range(3):
        wanted = prompt()
        longest = max((_shared(entry, wanted) for entry in usable), default=0)
        assert held(store.longest(wanted)) == (wanted[:longest] if longest >= LEAST else [])


@pytest.mark.parametrize("on_disk", [False, True])
def test_what_the_caller_does_to_its_cache_changes_nothing(tmp_path: Path, on_disk: bool) -> None:
    prompt, store = ids(150), small(tmp_path if on_disk else None)
    given = cache_of(prompt)
    store.put(prompt, given)
    given._keys[0].zero_()
    for _ in range(2):
        found = (small(tmp_path) if on_disk else store).longest(prompt, more=9)
        assert found is not None and held(found) == prompt and found._keys[0].shape[2] == 159
        found._keys[0].zero_()
    found = store.longest(prompt)
    assert found is not None
    found._values[0].zero_()
    assert held(store.longest(prompt)) == prompt


def test_only_the_named_positions_of_a_longer_cache_are_kept() -> None:
    store, prompt = small(), ids(100)
    store.put(prompt[:40], cache_of(prompt, room=50))
    assert held(store.longest(prompt)) == prompt[:40] and store.memory_used == 40 * POSITION
    with pytest.raises(ValueError, match="2 rows"):
        store.put(prompt[:40], cache_of(prompt).expanded(2))
    with pytest.raises(ValueError, match="100 positions"):
        store.put([*prompt, 1], cache_of(prompt))


def test_a_short_beginning_is_not_worth_it(tmp_path: Path) -> None:
    store = small(tmp_path)
    store.put(ids(LEAST - 1), cache_of(ids(LEAST - 1)))
    store.put(ids(90), cache_of(ids(90)))
    assert store.longest(ids(LEAST - 1)) is None and store.longest(ids(LEAST)) is not None
    assert not files(tmp_path), "too short for a file"


def test_what_another_begins_with_is_dropped(tmp_path: Path) -> None:
    store, prompt = small(tmp_path), ids(200)
    for length in (150, 200, 180):
        store.put(prompt[:length], cache_of(prompt))
    assert store.memory_used == 200 * POSITION and len(files(tmp_path)) == 1
    assert held(small(tmp_path).longest(prompt)) == prompt


def test_memory_is_bounded_and_forgets_what_was_used_longest_ago() -> None:
    first, second, third = (ids(100, seed) for seed in range(3))
    store = small(memory=250 * POSITION)
    for prompt in (first, second):
        store.put(prompt, cache_of(prompt))
    store.longest(first)
    store.put(third, cache_of(third))
    assert [held(store.longest(prompt)) for prompt in (first, second, third)] == [first, [], third]
    store.put(ids(251, 9), cache_of(ids(251, 9)))
    assert store.memory_used == 200 * POSITION, "one that is larger than all of it drives nothing out"


def test_disk_is_bounded_over_all_models_and_forgets_what_was_used_longest_ago(tmp_path: Path) -> None:
    prompts = [ids(200, seed) for seed in range(4)]
    small(tmp_path).put(prompts[0], cache_of(prompts[0]))
    size = files(tmp_path)[0].stat().st_size
    bound = 2 * size + size // 2

    def store(identity: str = "a model") -> PrefixStore:
        return small(tmp_path, identity, memory=0, disk=bound)

    def age() -> None:
        for path in files(tmp_path):
            status = path.stat()
            os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns - 10**10))

    store("another").put(prompts[1], cache_of(prompts[1]))
    age()
    assert held(store().longest(prompts[0])) == prompts[0]
    age()
    store().put(prompts[2], cache_of(prompts[2]))
    assert store("another").longest(prompts[1]) is None
    assert held(store().longest(prompts[0])) == prompts[0] and held(store().longest(prompts[2])) == prompts[2]
    small(tmp_path, disk=size - 1).put(prompts[3], cache_of(prompts[3]))
    assert len(files(tmp_path)) == 2 and sum(path.stat().st_size for path in files(tmp_path)) <= bound


def test_another_identity_finds_nothing(tmp_path: Path) -> None:
    small(tmp_path).put(ids(150), cache_of(ids(150)))
    assert small(tmp_path, identity="another").longest(ids(150)) is None
    assert held(small(tmp_path).longest(ids(150))) == ids(150)


def test_a_file_under_another_model_s_name_is_not_used(tmp_path: Path) -> None:
    for identity, seed in (("a model", 0), ("another", 1)):
        small(tmp_path, identity).put(ids(150, seed), cache_of(ids(150, seed)))
    own, other = files(tmp_path)
    names = own.name, other.name
    own.rename(tmp_path / (names[1][:17] + names[0][17:]))
    other.rename(tmp_path / (names[0][:17] + names[1][17:]))
    for identity in ("a model", "another"):
        assert small(tmp_path, identity).longest(ids(150)) is None
        assert small(tmp_path, identity).longest(ids(150, 1)) is None


def test_memory_is_asked_first_where_it_holds_more(tmp_path: Path) -> None:
    wanted, on_disk = ids(100), ids(60) + ids(100, 1)
    store = small(tmp_path)
    small(tmp_path).put(on_disk, cache_of(on_disk))
    store.put(wanted, cache_of(wanted))
    assert len(files(tmp_path)) == 1 and held(store.longest(wanted)) == wanted


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX's")
def test_the_folder_is_the_user_s_alone(tmp_path: Path) -> None:
    folder = tmp_path / "cache" / "prompts"
    folder.mkdir(parents=True, mode=0o755)
    small(folder).put(ids(150), cache_of(ids(150)))
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert [stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()] == [0o600]


@pytest.mark.parametrize("damage", ["cut", "cut early", "other shape", "other numbers"])
def test_a_damaged_file_is_ignored_and_removed(tmp_path: Path, damage: str) -> None:
    whole, shorter = ids(150), ids(150)[:140] + ids(30, 1)
    for prompt in (whole, shorter):
        small(tmp_path).put(prompt, cache_of(prompt))
    path = next(path for path in files(tmp_path) if b'"shape":[150]' in path.read_bytes())
    if damage == "other shape":
        overwrite(tmp_path, whole, torch.zeros(2, 1, 2, 150, 4))
    elif damage == "other numbers":
        overwrite(tmp_path, whole, torch.zeros(2, 1, 1, 150, 4, dtype=torch.float16))
    else:
        path.write_bytes(path.read_bytes()[: -100 if damage == "cut" else 400])
    store = small(tmp_path)
    assert held(store.longest(whole)) == whole[:140] and len(files(tmp_path)) == 1
    store.put(whole, cache_of(whole))
    assert held(small(tmp_path).longest(whole)) == whole


def test_foreign_files_are_left_alone(tmp_path: Path) -> None:
    prompt = ids(150)
    small(tmp_path).put(prompt, cache_of(prompt))
    (own,) = files(tmp_path)
    own.write_bytes(b"somebody's bytes")
    save_file({"ids": torch.zeros(150)}, tmp_path / (own.name[:17] + "0" * 16 + ".prefix"))
    (tmp_path / "notes.md").write_text("mine")
    assert small(tmp_path).longest(prompt) is None
    small(tmp_path, disk=POSITION * 240).put(ids(200, 1), cache_of(ids(200, 1)))
    assert own.read_bytes() == b"somebody's bytes" and len(list(tmp_path.iterdir())) == 4


def test_a_folder_deleted_during_a_run_is_made_again(tmp_path: Path) -> None:
    import shutil

    folder, first, second = tmp_path / "prompts", ids(150), ids(150, 1)
    store = small(folder, memory=0)
    store.put(first, cache_of(first))
    shutil.rmtree(folder)
    assert store.longest(first) is None
    store.put(second, cache_of(second))
    assert held(small(folder).longest(second)) == second


def test_what_was_read_outlives_its_file(tmp_path: Path) -> None:
    small(tmp_path).put(ids(150), cache_of(ids(150)))
    store = small(tmp_path)
    assert held(store.longest(ids(150))) == ids(150)
    files(tmp_path)[0].unlink()
    assert held(store.longest(ids(150))) == ids(150)


def test_a_file_that_vanishes_while_it_is_looked_for_is_as_good_as_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    small(tmp_path).put(ids(150), cache_of(ids(150)))
    store, read = small(tmp_path), prefix_files.PrefixFiles._read

    def too_late(self: prefix_files.PrefixFiles, name: str, length: int, device: torch.device) -> object:
        files(tmp_path)[0].unlink()
        return read(self, name, length, device)

    monkeypatch.setattr(prefix_files.PrefixFiles, "_read", too_late)
    assert store.longest(ids(150)) is None


@pytest.mark.parametrize("obstacle", ["a file in its place", "a full disk"])
def test_without_a_folder_to_write_memory_serves(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, obstacle: str
) -> None:
    folder = tmp_path / "prompts"
    if obstacle == "a file in its place":
        folder.write_text("in the way")
    else:

        def full(*_: object) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(os, "fsync", full)
    store = small(folder)
    for seed in range(2):
        store.put(ids(150, seed), cache_of(ids(150, seed)))
    assert held(store.longest(ids(150))) == ids(150)
    assert not folder.is_dir() or not list(folder.iterdir())


def test_what_a_killed_process_left_unfinished_is_cleared_away(tmp_path: Path) -> None:
    left, fresh = (tmp_path / f".{digit * 16}-{digit * 16}.prefix.x1y2" for digit in "ab")
    for path in (left, fresh):
        path.write_bytes(b"half")
    os.utime(left, (0, 0))
    small(tmp_path).put(ids(150), cache_of(ids(150)))
    assert not left.exists() and fresh.exists()


def test_processes_share_a_folder(tmp_path: Path) -> None:
    """Two write, read and drive out each other's files at the same time: none fails, and what they find is right."""
    code = (
        "import sys; from pathlib import Path; sys.path.insert(0, sys.argv[1])\n"
        "from test_decoding_prefix_store import cache_of, held, ids, small\n"
        "own, folder = int(sys.argv[3]), Path(sys.argv[2])\n"
        "for turn in range(40):\n"
        "    prompt = ids(150 + turn, seed=own if turn % 2 else turn)\n"
        "    store = small(folder, memory=0, disk=200_000)\n"
        "    store.put(prompt, cache_of(prompt))\n"
        "    found = held(store.longest(prompt))\n"
        "    assert found == prompt[: len(found)]\n"
        "    assert store._files._writable\n"
    )
    arguments = [sys.executable, "-c", code, str(Path(__file__).parent), str(tmp_path)]
    running = [subprocess.Popen([*arguments, str(seed)], stderr=subprocess.PIPE, text=True) for seed in (1001, 1002)]
    assert [process.communicate()[1] for process in running] == ["", ""]
    assert all(process.returncode == 0 for process in running)
    assert files(tmp_path) and not [path for path in tmp_path.iterdir() if path.name.startswith(".")]
    assert sum(path.stat().st_size for path in files(tmp_path)) < 200_000 + 2 * 189 * POSITION
    newest = [ids(189, seed) for seed in (1001, 1002)]
    assert any(held(small(tmp_path).longest(prompt)) == prompt for prompt in newest)


def test_the_folder_lies_in_the_user_s_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KCREATE_CACHE", str(tmp_path))
    assert prefix_folder() is None
    monkeypatch.delenv("KCREATE_PROMPT_CACHE")
    assert prefix_folder() == tmp_path / "prompts"
