"""Text as it comes: characters split over tokens, bytes that are none, stop strings with partial matches."""

import random

import pytest

from kcreate.core.decoding.text import BROKEN, IncrementalText, StopStrings, TextStream
from kcreate.core.errors import UsageError


def decode_bytes(ids: list[int]) -> str:
    """A tokenizer whose tokens are bytes."""
    return bytes(ids).decode("utf-8", errors="replace")


def streamed(data: bytes) -> list[str]:
    text = IncrementalText(decode_bytes)
    return [*(text.push(byte) for byte in data), text.finish()]


def stopped(pieces: list[str], *stops: str) -> tuple[str, bool]:
    matcher = StopStrings(stops)
    text = "".join(matcher.push(piece) for piece in pieces)
    return text + matcher.finish(), matcher.stopped


@pytest.mark.parametrize("text", ["plain", "版本控制记录变化。", "a 👩‍🏫 b 🇨🇳é\u0301", "混合 mixed 😀文"])
def test_the_pieces_are_the_whole_and_none_is_broken(text: str) -> None:
    pieces = streamed(text.encode())
    assert "".join(pieces) == text
    assert all(BROKEN not in piece for piece in pieces)


def test_a_character_comes_with_its_last_byte() -> None:
    assert streamed("中".encode()) == ["", "", "中", ""]


def test_an_unfinished_character_at_the_end_is_left_out() -> None:
    assert "".join(streamed("好".encode() + "😀".encode()[:3])) == "好"


def test_bytes_that_are_no_character_do_not_swallow_what_follows() -> None:
    data = b"a\xff\xfeb\xe4\xb8c" + "文".encode()
    assert "".join(streamed(data)) == data.decode("utf-8", errors="replace")


def test_endless_broken_bytes_cost_a_bounded_window() -> None:
    longest = 0

    def decode(ids: list[int]) -> str:
        nonlocal longest
        longest = max(longest, len(ids))
        return decode_bytes(ids)

    text = IncrementalText(decode)
    data = b"\xff" * 500 + "完".encode()
    pieces = [*(text.push(byte) for byte in data), text.finish()]
    assert "".join(pieces) == data.decode("utf-8", errors="replace")
    assert longest < 100


def test_special_tokens_without_text_pass_silently() -> None:
    text = IncrementalText(lambda ids: "".join(chr(token) for token in ids if token))
    assert [text.push(token) for token in (0, 65, 0, 0, 66)] == ["", "A", "", "", "B"]


@pytest.mark.parametrize(
    ("text", "stops", "expected", "found"),
    [
        ("aaab tail", ["aab"], "a", True),
        ("aabaabaac", ["aabaac"], "aab", True),
        ("one\n\ntwo", ["\n\n"], "one", True),
        ("nothing here##", ["###"], "nothing here##", False),
        ("xabcdy", ["bcd", "abcde", "cd"], "xa", True),
        ("结束了。再见", ["。"], "结束了", True),
        ("", ["x"], "", False),
    ],
)
def test_a_stop_string_is_found_however_the_text_is_cut(
    text: str, stops: list[str], expected: str, found: bool
) -> None:
    assert stopped([text], *stops) == (expected, found)
    assert stopped(list(text), *stops) == (expected, found)
    for seed in range(10):
        cuts = sorted(random.Random(seed).choices(range(len(text) + 1), k=3))
        pieces = [text[a:b] for a, b in zip([0, *cuts], [*cuts, len(text)], strict=True)]
        assert stopped(pieces, *stops) == (expected, found)


def test_only_what_may_become_a_stop_string_is_held_back() -> None:
    matcher = StopStrings(["END"])
    assert [matcher.push(piece) for piece in ("so E", "N", "x", "EEN")] == ["so ", "", "ENx", "E"]
    assert matcher.finish() == "EN"
    assert not matcher.stopped


def test_an_empty_stop_string_is_refused() -> None:
    with pytest.raises(UsageError, match="stop string is empty"):
        StopStrings(["ok", ""])


def test_a_stop_string_of_characters_split_over_tokens() -> None:
    stream = TextStream(decode_bytes, ["完。"])
    shown = "".join(stream.push(byte) for byte in "讲完了完。后".encode())
    assert shown + stream.finish() == "讲完了"
    assert stream.stopped
