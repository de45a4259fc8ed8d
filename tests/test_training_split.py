"""Held out before anything is cut: no held-out text is ever in a training row."""

import pytest

from kcreate.core.errors import InputError
from kcreate.core.training.data import Marks, TrainingRows, encode_documents, micro_batches
from kcreate.core.training.measure import held_out_windows
from kcreate.core.training.split import split_documents


class Bytes:
    """A tokenizer of bytes, shifted past two marks; remembers how it was asked."""

    def encode(self, text: str, special: bool = True) -> list[int]:
        assert not special, "notes are untrusted: nothing in them may become a control token"
        return [2 + byte for byte in text.encode("utf-8")]

    def decode(self, ids: list[int]) -> str:
        return bytes(index - 2 for index in ids if index >= 2).decode("utf-8", "replace")


MARKS = Marks(0, 1)


def notes(count: int, paragraphs: int = 12) -> list[tuple[str, str]]:
    return [
        (f"{n:02}.md", f"# Page {n}\n\n" + "\n\n".join(f"Sentence {n}.{p} is said once." for p in range(paragraphs)))
        for n in range(count)
    ]


def size(documents: list[tuple[str, str]]) -> int:
    return sum(len(text.encode()) for _, text in documents)


def test_whole_documents_are_held_out_about_a_tenth_of_the_bytes() -> None:
    documents = notes(20)
    split = split_documents(documents, seed=3)
    assert sorted(split.train + split.held_out) == documents
    assert 0.08 <= size(split.held_out) / size(documents) <= 0.15


def test_the_same_seed_holds_out_the_same_and_another_seed_something_else() -> None:
    documents = notes(30)
    assert split_documents(documents, 1) == split_documents(documents, 1)
    assert split_documents(documents, 1) != split_documents(documents, 2)


def test_of_three_documents_the_smallest_is_held_out() -> None:
    documents = [("a", "a word " * 100), ("b", "b word " * 60), ("c", "c word " * 100)]
    assert [name for name, _ in split_documents(documents).held_out] == ["b"]


@pytest.mark.parametrize("count", [1, 2])
def test_of_one_or_two_documents_the_last_part_is_held_out_at_a_paragraph(count: int) -> None:
    split = split_documents(notes(count))
    assert [name for name, _ in split.train] == [name for name, _ in split.held_out]
    for (_, learned), (_, kept) in zip(split.train, split.held_out, strict=True):
        assert learned.endswith("\n\n") and kept.startswith("Sentence")
        assert 0.03 <= len(kept) / len(learned + kept) <= 0.25


def test_a_heading_is_preferred_to_a_paragraph() -> None:
    text = "word one. \n\n" * 40 + "## The last part\n\n" + "word two. \n\n" * 6
    (_, kept), *_ = split_documents([("a.md", text)]).held_out
    assert kept.startswith("## The last part")


def test_one_line_of_chinese_is_cut_after_a_sentence() -> None:
    (_, kept), *_ = split_documents([("一.md", "版本控制记录每一次修改。" * 40)]).held_out
    assert kept.startswith("版本控制")


def test_copies_do_not_end_up_on_both_sides() -> None:
    documents = notes(10) + [(f"copy of {name}", text.replace("\n\n", "\n\n\n")) for name, text in notes(10)]
    split = split_documents(documents)
    learned = {" ".join(text.split()) for _, text in split.train}
    assert not learned & {" ".join(text.split()) for _, text in split.held_out}


@pytest.mark.parametrize("documents", [[], [("empty.md", " \n")], [("word.md", "word")]])
def test_nothing_to_hold_out_is_said(documents: list[tuple[str, str]]) -> None:
    with pytest.raises(InputError, match="too short"):
        split_documents(documents)


@pytest.mark.parametrize("count", [1, 2, 12])
def test_no_held_out_sentence_is_in_any_row_of_any_epoch(count: int) -> None:
    split = split_documents(notes(count), seed=5)
    rows = TrainingRows(encode_documents(split.train, Bytes(), MARKS), length=60, tokens_per_step=200, seed=0)
    learned = " ".join(Bytes().decode(row.tolist()) for n in range(3 * rows.steps_per_epoch) for row in rows.step(n))
    kept = [line for _, text in split.held_out for line in text.split("\n\n") if line.strip()]
    assert kept
    assert not [line for line in kept if line in learned]


def test_every_token_is_predicted_once_an_epoch_and_no_row_crosses_a_document() -> None:
    documents = encode_documents(notes(5), Bytes(), MARKS)
    rows = TrainingRows(documents, length=50, tokens_per_step=170, seed=0)
    for epoch in range(2):
        steps = range(epoch * rows.steps_per_epoch, (epoch + 1) * rows.steps_per_epoch)
        mine = [row for step in steps for row in rows.step(step)]
        assert sum(len(row) - 1 for row in mine) == rows.tokens == sum(len(one) - 1 for one in documents)
        assert all(1 < len(row) <= 51 for row in mine)
        assert all(MARKS.end not in row[:-1] and MARKS.start not in row[1:] for row in mine)


def test_a_step_follows_from_its_number_and_epochs_are_cut_differently() -> None:
    rows = TrainingRows(encode_documents(notes(5), Bytes(), MARKS), length=50, tokens_per_step=170, seed=0)
    again = TrainingRows(rows.documents, length=50, tokens_per_step=170, seed=0)
    assert [row.tolist() for row in rows.step(7)] == [row.tolist() for row in again.step(7)]
    assert [row.tolist() for row in rows.step(0)] != [row.tolist() for row in rows.step(rows.steps_per_epoch)]


def test_micro_batches_hold_every_row_within_the_padded_size() -> None:
    rows = TrainingRows(encode_documents(notes(5), Bytes(), MARKS), length=50, tokens_per_step=700, seed=0).step(0)
    groups = micro_batches(rows, 120)
    assert [row.tolist() for group in groups for row in group] == [row.tolist() for row in rows]
    assert all(len(group) * len(group[0]) <= 120 for group in groups)


def test_held_out_windows_predict_each_token_once_and_count_the_bytes_of_the_text() -> None:
    documents = [("a.md", "Ein Wört. " * 30), ("b.md", "短い")]
    held_out = held_out_windows(documents, Bytes(), MARKS.start, 64)
    assert held_out.bytes == sum(len(text.encode()) for _, text in documents)
    assert sum(len(window) - 1 for window in held_out.windows) == held_out.bytes
    assert all(len(window) <= 65 for window in held_out.windows)


def test_of_a_long_held_out_text_passages_from_all_over_it_are_measured() -> None:
    text = "\n\n".join(f"Paragraph {n} of a long text, {'x' * 80}." for n in range(2000))
    held_out = held_out_windows([("a.md", text)], Bytes(), MARKS.start, 1 << 20, most_bytes=16_384)
    assert 8_000 < held_out.bytes <= 16_384
    numbers = [int(Bytes().decode(window[1:]).split("Paragraph ")[1].split()[0]) for window in held_out.windows]
    assert numbers[0] < 500 and numbers[-1] > 1500
