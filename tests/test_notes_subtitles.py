"""Subtitles: words and their times out of SRT and WebVTT as programs, platforms and people write them."""

from pathlib import Path

import pytest

from kcreate.core.errors import InputError
from kcreate.core.notes.formats.subtitles.reader import read

SRT = """1
00:00:01,000 --> 00:00:03,000
<i>Version control</i> records
every change.

2
00:00:03,100 --> 00:00:05,000
{\\an8}It keeps a &amp; b. [Applause]

3
00:12:05,000 --> 00:12:17,000
A new subject   begins.
"""


def test_lines_are_joined_and_a_long_pause_begins_a_paragraph(tmp_path: Path) -> None:
    expected = [
        ("00:00:01", "Version control records every change. It keeps a & b."),
        ("00:12:05", "A new subject begins."),
    ]
    assert said(tmp_path, SRT) == expected
    assert said(tmp_path, SRT.replace("\n", "\r\n").encode("utf-8-sig")) == expected
    vtt = (
        "WEBVTT - title\nKind: captions\n\nSTYLE\n::cue { color: red }\n\nNOTE a remark\nof two lines\n\n"
        + SRT.replace(",", ".")
    )
    assert said(tmp_path, vtt, "a.vtt") == expected


def test_a_paragraph_has_some_five_sentences(tmp_path: Path) -> None:
    text = "".join(cue(2 * n, 2 * n + 2, f"This is sentence number {n}.") for n in range(12))
    paragraphs = said(tmp_path, text)
    assert [words.count("sentence") for _, words in paragraphs] == [5, 5, 2]
    assert [time for time, _ in paragraphs] == ["00:00:00", "00:00:10", "00:00:20"]


def test_a_sentence_is_not_parted_where_the_paragraph_is_full(tmp_path: Path) -> None:
    text = (
        "".join(cue(n, n + 1, "One. Two. Three. And so") for n in range(0, 4, 2))
        + cue(4, 5, "it ends.")
        + cue(5, 6, "New.")
    )
    assert [words for _, words in said(tmp_path, text)] == [
        "One. Two. Three. And so One. Two. Three. And so it ends.",
        "New.",
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16"])
def test_chinese_is_joined_without_spaces_where_it_has_marks(tmp_path: Path, encoding: str) -> None:
    text = (
        cue(0, 2, "版本控制记录\n每一次修改，")
        + cue(2, 4, "可以回到以前的版本。")
        + cue(4, 5, "（音乐）")
        + cue(5, 7, "我们开始。")
    )
    assert said(tmp_path, text.encode(encoding)) == [
        ("00:00:00", "版本控制记录每一次修改，可以回到以前的版本。我们开始。")
    ]


def test_chinese_without_marks_keeps_its_phrases_apart_and_adds_no_mark(tmp_path: Path) -> None:
    phrases = ["今天我们讲版本控制", "它记录每一次修改", "我们先看一个例子"]
    text = "".join(cue(3 * n, 3 * n + 3, phrase) for n, phrase in enumerate(phrases)) + cue(60, 62, "下面休息一下")
    assert said(tmp_path, text) == [("00:00:00", " ".join(phrases)), ("00:01:00", "下面休息一下")]


def test_two_languages_are_kept_apart(tmp_path: Path) -> None:
    pairs = [("版本控制记录修改。", "Version control records changes."), ("我们开始。", "Let us begin.")]
    text = "".join(cue(2 * n, 2 * n + 2, f"{chinese}\n{english}") for n, (chinese, english) in enumerate(pairs))
    assert said(tmp_path, text) == [
        ("00:00:00", "版本控制记录修改。我们开始。\n\nVersion control records changes. Let us begin.")
    ]


def test_captions_without_marks_are_broken_at_pauses(tmp_path: Path) -> None:
    times = [(n * 4, n * 4 + (2 if n % 10 == 9 else 4)) for n in range(40)]
    text = "".join(
        cue(start, end, f"and then we go on with step number {n} of this") for n, (start, end) in enumerate(times)
    )
    paragraphs = said(tmp_path, text)
    assert [time for time, _ in paragraphs] == ["00:00:00", "00:00:40", "00:01:20", "00:02:00"]


def test_rolling_captions_are_told_once(tmp_path: Path) -> None:
    lines = ["hello everybody welcome", "to the course", "no no", "today we talk about git", "and why it matters"]
    text, before = "WEBVTT\nKind: captions\nLanguage: en\n\n", ""
    for number, line in enumerate(lines):
        words = "".join(f"<00:00:{2 * number:02}.480><c> {word}</c>" for word in line.split()[1:])
        text += f"{stamp(2 * number, '.')} --> {stamp(2 * number + 1.99, '.')} align:start position:0%\n{before or ' '}\n{line.split()[0]}{words}\n\n"
        text += (
            f"{stamp(2 * number + 1.99, '.')} --> {stamp(2 * number + 2, '.')} align:start position:0%\n{line}\n \n\n"
        )
        before = line
    assert said(tmp_path, text, "a.vtt") == [("00:00:00", " ".join(lines))]


def test_captions_that_grow_word_by_word_are_told_once(tmp_path: Path) -> None:
    grown = ["we", "we begin", "we begin today.", "Then", "Then we", "Then we stop."]
    assert said(tmp_path, "".join(cue(n, n + 1, text) for n, text in enumerate(grown))) == [
        ("00:00:00", "we begin today. Then we stop.")
    ]


def test_what_is_really_said_twice_stays(tmp_path: Path) -> None:
    lines = ["Is it safe?", "No.", "No.", "It never was, and nobody said so.", "So what do we do?", "We write it down."]
    (paragraph, rest) = said(tmp_path, "".join(cue(n, n + 1, text) for n, text in enumerate(lines)))
    assert (
        paragraph[1] == "Is it safe? No. No. It never was, and nobody said so. So what do we do?"
        and rest[1] == "We write it down."
    )


def test_speakers_are_named_where_they_begin(tmp_path: Path) -> None:
    vtt = "WEBVTT\n\n" + "".join(
        f"{n}\n{stamp(n, '.')} --> {stamp(n + 1, '.')}\n<v {name}>{text}</v>\n\n"
        for n, (name, text) in enumerate(
            [("张老师", "提交会留下记录。"), ("张老师", "可以回去。"), ("李雷", "明白了！")]
        )
    )
    assert said(tmp_path, vtt, "a.vtt") == [
        ("00:00:00", "**张老师：** 提交会留下记录。可以回去。"),
        ("00:00:02", "**李雷：** 明白了！"),
    ]
    meeting = ["Ada: Hello.", "Ada: Remember this: it is late.", "Bob: Why?", "Ada: Look."]
    assert [words for _, words in said(tmp_path, "".join(cue(n, n + 1, text) for n, text in enumerate(meeting)))] == [
        "**Ada:** Hello. Remember this: it is late.", "**Bob:** Why?", "**Ada:** Look.",
    ]  # fmt: skip
    dialogue = cue(0, 2, "- Why?\n- Because.") + cue(2, 4, "Note: words before a colon are no name.")
    assert [words for _, words in said(tmp_path, dialogue)] == [
        "Why?",
        "Because. Note: words before a colon are no name.",
    ]


def test_times_that_are_written_wrong_are_understood(tmp_path: Path) -> None:
    text = (
        "1\n00:00:01.5 -> 00:00:02.0\nOne.\n2\n0:01:03,50 --> 0:01:04\nTwo.\n\n3\n00：02：00，000 --> 00：02：01，000\nThree.\n\n"
        "title\n03:00.000 --> 03:01.000 line:0\nFour,\n\nafter a blank line.\n"
    )
    assert said(tmp_path, text) == [
        ("00:00:01", "One."), ("00:01:03", "Two."), ("00:02:00", "Three."), ("00:03:00", "Four, after a blank line."),
    ]  # fmt: skip


def test_cues_out_of_order_and_overlapping_are_read_in_order(tmp_path: Path) -> None:
    text = cue(4, 9, "Third.") + cue(0, 5, "First.") + cue(2, 6, "Second.") + cue(2, 6, "Second.")
    assert said(tmp_path, text) == [("00:00:00", "First. Second. Third.")]


def test_words_that_markdown_would_take_for_marks_are_kept(tmp_path: Path) -> None:
    assert said(tmp_path, cue(0, 2, "# 1 *is* not a heading.")) == [("00:00:00", "\\# 1 \\*is\\* not a heading.")]


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"", "no words with times"),
        (b"just some words\n", "no words with times"),
        (b"1\n00:00:01,000 --> 00:00:02,000\n[Music]\n", "no words with times"),
        (b"\x00\x01\x02" * 50, "not text"),
    ],
)
def test_what_has_no_words_is_refused_in_a_sentence(tmp_path: Path, data: bytes, what: str) -> None:
    with pytest.raises(InputError, match=rf"^a\.srt.* {what}"):
        said(tmp_path, data)


def said(folder: Path, text: str | bytes, name: str = "a.srt") -> list[tuple[str, str]]:
    """(time, words) of each paragraph."""
    file = folder / name
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    parts = list(read(file, name))
    assert all(part.place is not None and part.place.kind == "time" for part in parts)
    return [(part.place.value, part.text) for part in parts if part.place]


def cue(start: float, end: float, text: str) -> str:
    return f"1\n{stamp(start)} --> {stamp(end)}\n{text}\n\n"


def stamp(seconds: float, mark: str = ",") -> str:
    whole = int(seconds)
    return f"{whole // 3600:02}:{whole // 60 % 60:02}:{whole % 60:02}{mark}{round((seconds - whole) * 1000):03}"
