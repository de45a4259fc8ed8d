"""A benchmark in figures: what each engine reached, one JSON object of it, and the cells of a table for people."""

from dataclasses import asdict, dataclass
from statistics import median
from typing import Any

from .benchmark import Benchmark, Measured
from .figures import Ratio, Sample, rate, ratio, seconds
from .workload import Kind

ONE_ROW = "decode-1"


@dataclass(frozen=True)
class Table:
    """`above` are lines over the table, `below` lines under it; each of `rows` has a cell per entry of `header`."""

    above: list[str]
    header: list[str]
    rows: list[list[str]]
    below: list[str]


def ratios(benchmark: Benchmark, peer: Measured) -> dict[str, Ratio]:
    """How many times as fast as `peer` kcreate is at each task.

    Beside the tasks: `together`, most rows together against the peer's sequences one by one, where both were measured.
    """
    own = benchmark.engines[0].samples
    found = {
        task.key: ratio(own[task.key], peer.samples[task.compared or task.key])
        for task in benchmark.tasks
        if task.key in own and (task.compared or task.key) in peer.samples
    }
    most = f"decode-{max(benchmark.settings.rows)}"
    if most != ONE_ROW and ONE_ROW in peer.samples:
        found["together"] = ratio(own[most], peer.samples[ONE_ROW])
    return found


def bytes_per_token(benchmark: Benchmark, engine: Measured) -> int | None:
    """Bytes that a token of one sequence reads: every weight, and keys and values of the positions before it.

    None where one row was not measured or the engine does not know its weights.
    """
    task = next((task for task in benchmark.tasks if task.key == ONE_ROW), None)
    weights: int | None = engine.loaded.get("weight_bytes")
    if task is None or weights is None:
        return None
    positions = len(task.ids) + benchmark.settings.new_tokens // 2
    return weights + int(engine.loaded.get("kv_bytes", 0)) * positions


def bandwidth_share(benchmark: Benchmark, engine: Measured) -> float | None:
    """The share of a large copy's bytes per second that one sequence reads; None as for `bytes_per_token`.

    Above 1 where weights stay in the processor's cache, or where reading alone is faster than reading and writing.
    """
    size = bytes_per_token(benchmark, engine)
    if size is None or ONE_ROW not in engine.samples:
        return None
    return size * rate(engine.samples[ONE_ROW]) / median(benchmark.copies)


def as_json(benchmark: Benchmark) -> dict[str, Any]:
    """Everything that was measured, every round's raw values included: plain values for one JSON object."""
    settings, loaded = asdict(benchmark.settings), benchmark.engines[0].loaded
    settings["threads"] = benchmark.settings.used_threads
    return {
        "machine": {**benchmark.machine, "gpu": loaded.get("gpu"), "torch": loaded.get("torch")},
        "model": {
            "name": benchmark.settings.model_name,
            **{key: loaded.get(key) for key in ("device", "vocab_size", "max_length")},
        },
        "settings": settings,
        "copy": {"bytes_per_second": median(benchmark.copies), "rounds": benchmark.copies},
        "engines": {engine.name: _engine_json(benchmark, engine) for engine in benchmark.engines},
        "ratios": {
            peer.name: {key: asdict(value) for key, value in ratios(benchmark, peer).items()}
            for peer in benchmark.engines[1:]
        },
    }


def _engine_json(benchmark: Benchmark, engine: Measured) -> dict[str, Any]:
    return {
        "version": engine.loaded.get("version"),
        "weights": engine.loaded.get("weights"),
        "load_seconds": engine.loaded["seconds"],
        "peak_bytes": engine.peak_bytes,
        "device_peak_bytes": engine.device_peak_bytes,
        "weight_bytes": engine.loaded.get("weight_bytes"),
        "bytes_per_token": bytes_per_token(benchmark, engine),
        "bandwidth_share": bandwidth_share(benchmark, engine),
        "tasks": {key: _task_json(samples) for key, samples in engine.samples.items()},
    }


def _task_json(samples: list[Sample]) -> dict[str, Any]:
    return {
        "tokens_per_second": rate(samples),
        "seconds": seconds(samples),
        "rounds": [asdict(sample) for sample in samples],
    }


def as_table(benchmark: Benchmark) -> Table:
    """The medians of all engines, and beside each peer's how many times as fast kcreate is."""
    peers = benchmark.engines[1:]
    found = {peer.name: ratios(benchmark, peer) for peer in peers}
    header = ["", *_beside([engine.name for engine in benchmark.engines], ["×"] * len(peers))]
    rows = []
    for task in benchmark.tasks:
        compared = [_ratio(found[peer.name].get(task.key)) for peer in peers]
        for label, kind in task.lines:
            values = [_value(kind, engine.samples.get(task.compared or task.key)) for engine in peers]
            values.insert(0, _value(kind, benchmark.engines[0].samples.get(task.key)))
            rows.append([label, *_beside(values, compared)])
    if any("together" in each for each in found.values()):
        label = f"{max(benchmark.settings.rows)} rows together against one by one"
        rows.append([label, *_beside([""] * (1 + len(peers)), [_ratio(found[p.name].get("together")) for p in peers])])
    blank = [""] * len(peers)
    rows += [[label, *_beside(cells, blank)] for label, cells in _properties(benchmark)]
    return Table(_above(benchmark), header, rows, _below(benchmark))


def _beside(values: list[str], comparisons: list[str]) -> list[str]:
    """kcreate's value, then each peer's value with its comparison behind it."""
    cells = values[:1]
    for value, comparison in zip(values[1:], comparisons, strict=True):
        cells += [value, comparison]
    return cells


def _properties(benchmark: Benchmark) -> list[tuple[str, list[str]]]:
    """What each engine has rather than does: a label and a cell per engine; lines nobody can fill are left out."""
    engines = benchmark.engines
    shares = [bandwidth_share(benchmark, engine) for engine in engines]
    lines = [
        ("version", [str(engine.loaded.get("version") or "") for engine in engines]),
        ("weights", [str(engine.loaded.get("weights") or "") for engine in engines]),
        ("loading, s", [f"{engine.loaded['seconds']:.1f}" for engine in engines]),
        ("peak memory, MB", [_megabytes(engine.peak_bytes) for engine in engines]),
        ("peak GPU memory, MB", [_megabytes(engine.device_peak_bytes) for engine in engines]),
        ("read per token, 1 row, MB", [_megabytes(bytes_per_token(benchmark, engine)) for engine in engines]),
        ("share of the copy's bandwidth", ["" if share is None else f"{share:.0%}" for share in shares]),
    ]
    return [(label, cells) for label, cells in lines if any(cells)]


def _above(benchmark: Benchmark) -> list[str]:
    machine, loaded, settings = benchmark.machine, benchmark.engines[0].loaded, benchmark.settings
    ram = machine["ram_bytes"]
    hardware = [
        str(loaded["gpu"]) if loaded.get("gpu") else "",
        f"{machine['processor']}, {machine['usable_cores']} of {machine['cores']} cores",
        f"{ram / 2**30:.0f} GiB RAM" if isinstance(ram, int) else "",
        str(machine["system"]),
        f"Python {machine['python']}",
        f"torch {loaded.get('torch')}",
    ]
    asked = [
        f"{settings.model_name} on {loaded['device']}",
        _count(settings.used_threads, "thread"),
        _count(settings.rounds, "round") + (", in turn" if settings.against else ""),
        f"prompts of {len(benchmark.tasks[0].ids)} tokens",
        f"{settings.new_tokens} new ones",
    ]
    return [" · ".join(asked), " · ".join(part for part in hardware if part)]


def _below(benchmark: Benchmark) -> list[str]:
    lines = [f"A large copy reads and writes {median(benchmark.copies) / 1e9:.1f} GB/s."]
    if len(benchmark.engines) > 1:
        lines.append("×: how many times as fast kcreate is, the median of the rounds' ratios (least–most).")
    return lines


def _count(number: int, what: str) -> str:
    return f"{number} {what}" + "s" * (number != 1)


def _value(kind: Kind, samples: list[Sample] | None) -> str:
    if not samples:
        return ""
    return _number(rate(samples) if kind == "rate" else 1000 * seconds(samples))


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}"


def _ratio(value: Ratio | None) -> str:
    return "" if value is None else f"{value.median:.2f} ({value.least:.2f}–{value.most:.2f})"


def _megabytes(size: int | None) -> str:
    return "" if size is None else f"{size / 1e6:,.0f}"
