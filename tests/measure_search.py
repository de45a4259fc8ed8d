"""How well and how fast search finds: `python tests/measure_search.py [--scale 100000]`, on the questions in tests/data.

Quality: recall@k of the answers' lines by words alone, by meaning alone, and fused, on the half of the questions that the
weights were fitted on and on the other half. `KCREATE_CORPORA` names the folder of the two larger corpora; without it the
two examples are measured. Scale: that many passages of shuffled sentences, indexed, opened and searched.
"""

import argparse
import os
import random
import resource
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from questions import ALL, Question, documents, questions

from kcreate.core.notes.chunks import approximate_tokens, chunks
from kcreate.core.notes.document import Document
from kcreate.core.notes.passages import passages
from kcreate.core.notes.search.index import NotesIndex, open_index
from kcreate.core.notes.search.making import MOST
from kcreate.core.notes.search.ranking import best
from kcreate.core.notes.sentences import sentences


def recall(asked: list[Question], find: Callable[[str], list[int]], index: NotesIndex) -> float:
    """The share of questions of which one of the passages found stands on lines that answer it."""
    return statistics.mean(any(one.answered_by(index.chunk(number)) for number in find(one.question)) for one in asked)


def by_words(index: NotesIndex, k: int) -> Callable[[str], list[int]]:
    return lambda query: best(index.lexical(query), k)


def by_meaning(index: NotesIndex, k: int) -> Callable[[str], list[int]]:
    def find(query: str) -> list[int]:
        numbers, scores = index.dense(query)
        return [numbers[one] for one in (-scores).argsort(kind="stable")[:k]]

    return find


def fused(index: NotesIndex, k: int) -> Callable[[str], list[int]]:
    return lambda query: [hit.number for hit in index.search(query, k)]


def quality(encoder: str | None) -> None:
    print("| notes | questions | half | k | words | meaning | fused |\n|---|---|---|---|---|---|---|")
    pooled: dict[tuple[str, str], list[tuple[int, float, float, float]]] = {}
    for name in ALL:
        notes = documents(name)
        if notes is None:
            continue
        with tempfile.TemporaryDirectory() as folder:
            index = open_index(Path(folder), notes, encoder=encoder)
            for half, asked in halves(questions(name)):
                for k in (1, 5, 10):
                    row = [recall(asked, way(index, k), index) for way in (by_words, by_meaning, fused)]
                    print(f"| {name} | {len(asked)} | {half} | {k} | " + " | ".join(f"{one:.3f}" for one in row) + " |")
                    if k == 5:
                        language = "zh" if name in {"d2l-zh", "gongfu-tea"} else "en"
                        pooled.setdefault((language, half), []).append((len(asked), row[0], row[1], row[2]))
            cross = questions("cross-language", notes=name)
            row = [recall(cross, way(index, 5), index) for way in (by_words, by_meaning, fused)]
            print(
                f"| {name}, other language | {len(cross)} | all | 5 | " + " | ".join(f"{one:.3f}" for one in row) + " |"
            )
    for (language, half), rows in sorted(pooled.items()):
        total = sum(row[0] for row in rows)
        means = [sum(row[0] * row[column] for row in rows) / total for column in (1, 2, 3)]
        print(f"| all {language} | {total} | {half} | 5 | " + " | ".join(f"{one:.3f}" for one in means) + " |")


def halves(asked: list[Question]) -> list[tuple[str, list[Question]]]:
    return [("fitted on", asked[0::2]), ("held out", asked[1::2])]


def synthetic(passages_wanted: int, seed: int = 0) -> Iterator[Document]:
    """Documents of shuffled sentences under headings, half of them English and half Chinese."""
    chance = random.Random(seed)
    pools: list[list[str]] = []
    for names in (("git-novice", "night-sky"), ("d2l-zh", "gongfu-tea")):
        notes = [one for name in names for one in documents(name) or []]
        pools.append(
            [
                sentence.text
                for document in notes
                for passage in passages(document)
                if passage.kind == "paragraph"
                for sentence in sentences(passage)
            ]
        )
    made = number = 0
    while made < passages_wanted:
        pool = pools[number % 2]
        blocks = [f"# {chance.choice(pool)[:60]}"]
        for _ in range(100):
            blocks.append(f"## {chance.choice(pool)[:40]}")
            for _ in range(chance.randint(1, 3)):
                blocks.append((" " if number % 2 == 0 else "").join(chance.choices(pool, k=chance.randint(1, 4))))
        document = Document(f"{number:05}.md", "\n\n".join(blocks) + "\n")
        made += len(chunks(document, most=MOST))
        number += 1
        yield document


def scale(passages_wanted: int) -> None:
    notes = list(synthetic(passages_wanted))
    with tempfile.TemporaryDirectory() as folder:
        tokens = statistics.mean(approximate_tokens(cut.text) for one in notes[:50] for cut in chunks(one, most=MOST))
        started = time.perf_counter()
        index = open_index(Path(folder), notes, processes=os.cpu_count() or 1)
        took_in_all = time.perf_counter() - started
        busy = sum(resource.getrusage(who).ru_utime for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
        print(
            f"{len(index)} passages ({tokens:.0f} tokens on average) of {len(notes)} documents indexed in "
            f"{took_in_all:.0f} s ({busy:.0f} s of processor time since the start), {memory():.0f} MB at most",
            flush=True,
        )
        disk = sum(file.stat().st_size for file in Path(folder).rglob("*") if file.is_file())
        print(f"{disk / 1e6:.0f} MB on disk, {disk / len(index) / 1e3:.1f} kB a passage")
        started = time.perf_counter()
        index = open_index(Path(folder), notes)
        print(f"opened again in {time.perf_counter() - started:.1f} s", flush=True)
        asked = [one.question for name in ALL if documents(name) is not None for one in questions(name)]
        index.search(asked[0])
        took = []
        for query in asked:
            started = time.perf_counter()
            index.search(query)
            took.append(1000 * (time.perf_counter() - started))
        took.sort()
        print(
            f"answered in {statistics.median(took):.1f} ms (median), {took[int(0.95 * len(took))]:.1f} ms (95 of 100)"
        )
        notes[0] = Document(notes[0].name, notes[0].text + "\nOne sentence more.\n")
        started = time.perf_counter()
        open_index(Path(folder), notes)
        print(f"one document changed: {time.perf_counter() - started:.0f} s; {memory():.0f} MB at most")


def memory() -> float:
    """The most memory the process has had, in MB; mapped files that were read count."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--scale", type=int, default=0, help="passages to index and search instead of measuring quality"
    )
    parser.add_argument("--encoder", help="folder of a BERT-family encoder")
    chosen = parser.parse_args()
    print(f"{os.cpu_count()} cores")
    if chosen.scale:
        scale(chosen.scale)
    else:
        quality(chosen.encoder)
