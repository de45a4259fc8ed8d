"""Chats exported as text: told from other text, and read as who said what and when."""

import pytest

from kcreate.core.notes.formats import chat

IPHONE = """[12/03/2024, 10:23:11] Ada: \u200eMessages and calls are end-to-end encrypted. No one can read them.
[12/03/2024, 10:23:11] Ada: What is a *commit*?
[12/03/2024, 10:23:41] Ada: And a branch?
with two lines
[13/03/2024, 10:24:11] Bob: \u200eimage omitted
[13/03/2024, 10:25:11] Bob: A snapshot.
"""
ANDROID = """3/12/24, 10:23\u202fPM - Ada created group "Git"
3/12/24, 10:23\u202fPM - Ada: Hello
3/13/24, 1:23\u202fAM - 李雷: 你好，什么是提交？
3/13/24, 1:24\u202fAM - 李雷: <Media omitted>
"""
WECHAT = """张老师 2024-03-12 10:23:11
今天讲版本控制。
[图片]

李同学 2024-03-12 10:25:00
老师，提交和保存有什么区别？

"李同学" 撤回了一条消息
张老师 2024-03-12 下午2:26:11
提交会留下记录。
"""
QQ = """2024-03-12 10:23:11 张老师(12345678)
今天讲版本控制。

2024-03-12 10:25:00 李同学<li@qq.com>
好的
"""
TELEGRAM = """Ada, [12.03.2024 10:23]
Hello there

Bob, [12.03.2024 10:25]
Fine: all done
"""


@pytest.mark.parametrize(
    ("text", "turns"),
    [
        (IPHONE, [("2024-03-12 10:23", "**Ada:** What is a \\*commit\\*?\n\nAnd a branch?\n\nwith two lines"), ("2024-03-13 10:25", "**Bob:** A snapshot.")]),
        (ANDROID, [("2024-03-12 22:23", "**Ada：** Hello"), ("2024-03-13 01:23", "**李雷：** 你好，什么是提交？")]),
        (WECHAT, [("2024-03-12 10:23", "**张老师：** 今天讲版本控制。"), ("2024-03-12 10:25", "**李同学：** 老师，提交和保存有什么区别？"), ("2024-03-12 14:26", "**张老师：** 提交会留下记录。")]),
        (QQ, [("2024-03-12 10:23", "**张老师：** 今天讲版本控制。"), ("2024-03-12 10:25", "**李同学：** 好的")]),
        (TELEGRAM, [("2024-03-12 10:23", "**Ada:** Hello there"), ("2024-03-12 10:25", "**Bob:** Fine: all done")]),
    ],
    ids=["iphone", "android", "wechat", "qq", "telegram"],
)  # fmt: skip
def test_chats_are_read_by_turns(text: str, turns: list[tuple[str, str]]) -> None:
    for written in (text, text.replace("\n", "\r\n")):
        assert chat.recognise(written)
        parts = list(chat.read(written))
        assert [(part.place.value, part.text) for part in parts if part.place] == turns


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2024-03-12 10:23:11 INFO started\n2024-03-12 10:23:12 INFO stopped\n2024-03-12 10:23:13 INFO again\n",
        "[12/03/2024 10:23:11] server ready\n[12/03/2024 10:23:12] request done\n[12/03/2024 10:23:13] bye\n",
        "".join(
            f"[2024-03-12 10:23:{n}] app.{kind}: message\n" for n, kind in enumerate(("INFO", "ERROR", "INFO"), 10)
        ),
        "# Notes\n\nMet Ada on 12/03/2024, 10:23: good.\n\nNothing else.\n\nMore: text.\n",
        "张老师：今天讲版本控制。\n李同学：好的。\n张老师：提交会留下记录。\n",
        "Minutes 2024-03-12 10:23\nWe met.\n\nPeople came and people went, and much was said about it.\n" * 2
        + "Text.\n" * 20,
    ],
)
def test_other_text_is_no_chat(text: str) -> None:
    assert not chat.recognise(text)


def test_the_order_of_day_and_month_is_told_by_the_dates_themselves() -> None:
    days = "".join(f"[{day:02}/04/2024, 10:00:00] Ada: on day {day}\n" for day in (3, 5, 9))
    months = "".join(f"[04/{day:02}/2024, 10:00:00] Ada: on day {day}\n" for day in (3, 5, 19))
    for text, expected in ((days, "2024-04-03 10:00"), (months, "2024-04-03 10:00")):
        first = next(iter(chat.read(text)))
        assert first.place is not None and first.place.value == expected


def test_numbers_that_are_no_date_are_text() -> None:
    text = "[12/03/2024, 10:23:11] Ada: one\n[99/99/2024, 10:23:12] Ada: two\n[12/03/2024, 10:23:13] Ada: three\n"
    (turn,) = chat.read(text)
    assert turn.text == "**Ada:** one\n\n[99/99/2024, 10:23:12] Ada: two\n\nthree"
