"""The cues of a subtitle file (SRT; WebVTT, https://www.w3.org/TR/webvtt1/) as words with their times, each said once."""

import html
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from heapq import heappop, heappush
from itertools import chain, islice, pairwise

from ...language import han_share
from ..markdown_writing import one_line

_STAMP = r"(?:(\d{1,3})\s*[:;：]\s*)?(\d{1,2})\s*[:;：]\s*(\d{1,2})(?:\s*[.,:;，。]\s*(\d{1,3}))?"
_TIMES = re.compile(rf"^\s*{_STAMP}\s*[-–—]+\s?-?\s?>\s*{_STAMP}(?:\s.*)?$")
_BLOCK = re.compile(r"^(?:WEBVTT|NOTE|STYLE|REGION)(?:\s|$)")
_VOICE = re.compile(r"<v(?:\.[^\s>]*)?\s+([^>]+)>")
_TAG = re.compile(r"</?[A-Za-z][^<>]*>|<[\d:.]+>|\{\\[^{}]*\}|\{[YyCcfFsSPp]:[^{}]*\}")
_SOUND_WORDS = (
    "music(?: playing)?|upbeat music|applause|laughter|laugh(?:s|ing)?|chuckl(?:es|ing)|cheer(?:s|ing)|silence|noise|background noise|sigh(?:s|ing)?|"
    "cough(?:s|ing)?|clears throat|crosstalk|音乐|背景音乐|片头音乐|片尾音乐|音樂|掌声|鼓掌|掌聲|笑|笑声|笑聲|大笑|静音|沉默|咳嗽|歌声|噪音"
)
_SOUND = re.compile(rf"[\[(（【〔]\s*(?:♪\s*)?(?:{_SOUND_WORDS})\s*(?:♪\s*)?[\])）】〕]|[♪♫♬]+", re.IGNORECASE)
_NAMED = re.compile(r"^(?P<name>[^\W\d_][\w .'’()（）·-]{0,39}?)\s?[:：]\s*(?=\S)")
_TURN = re.compile(r"^(?:>>+|[-–—](?=\s?[^\s\d-]))\s*")
_SAMPLE = 3000
_WAITING = 50
_LONGEST = 100
"""Lines of a cue; more are no caption."""
_ROLLING = 0.3
"""Of the cues: so many repeat the last one where captions roll; in others a few words are said twice."""


_Timed = tuple[float, float, list[tuple[str, str]]]
"""Start, end, and (speaker, words) of each line."""


@dataclass(frozen=True)
class Cue:
    """Words and when they are said, in seconds.

    Attributes:
        speaker: empty where the file does not say.
        opens: another person begins to speak, whoever it is.
        beside: the same words in another language, in files that show two.
    """

    start: float
    end: float
    text: str
    speaker: str = ""
    opens: bool = False
    beside: str = ""


def cues_of(lines: Iterable[str]) -> Iterator[Cue]:
    """The cues that have words, in the order of their times, from the lines of a file as they are read.

    How the file was made (captions that roll or grow, two languages, names before the words) is told by its beginning.
    """
    timed = ((start, end, [line for line in map(_cleaned, said) if line[1]]) for start, end, said in _blocks(lines))
    ordered = _in_order(timed)
    sample = list(islice(ordered, _SAMPLE))
    once = _told_once(chain(sample, ordered), *_repeats(sample))
    bilingual = 2 * sum(_is_bilingual(said) for _, _, said in sample) > len(sample)
    return _with_names(cue for one in once for cue in _turns(*one, bilingual) if cue.text)


def _blocks(lines: Iterable[str]) -> Iterator[tuple[float, float, list[str]]]:
    """Start, end and lines of each cue; a blank line inside a cue does not end it, a line of times does."""
    at: tuple[float, float] | None = None
    said: list[str] = []
    before, skipping = "", False
    for line in lines:
        line = line.rstrip("\r\n")
        if times := _TIMES.match(line):
            if at:
                yield (*at, _without_label(said))
            groups = times.groups()
            at, said, skipping = (_seconds(groups[:4]), _seconds(groups[4:])), [], False
        elif not line.strip():
            skipping = False
            said.append("")
        elif skipping or (_BLOCK.match(line) and not before.strip()):
            skipping = True
        elif len(said) < _LONGEST:
            said.append(line)
        before = line
    if at:
        yield (*at, [line for line in said if line])


def _without_label(lines: list[str]) -> list[str]:
    """The lines of a cue less the number or name of the next, which stands right before its times."""
    if lines and lines[-1] and (lines[-1].strip().isdecimal() or (len(lines) > 1 and not lines[-2])):
        lines = lines[:-1]
    return [line for line in lines if line]


def _in_order(cues: Iterable[_Timed]) -> Iterator[_Timed]:
    """The cues by their beginning, those out of order put where they belong if they come soon enough."""
    waiting: list[tuple[float, int, _Timed]] = []
    for number, cue in enumerate(cues):
        heappush(waiting, (cue[0], number, cue))
        if len(waiting) > _WAITING:
            yield heappop(waiting)[2]
    while waiting:
        yield heappop(waiting)[2]


def _seconds(groups: Sequence[str | None]) -> float:
    hours, minutes, seconds, fraction = groups
    return int(hours or 0) * 3600 + int(minutes or 0) * 60 + int(seconds or 0) + float(f"0.{fraction or 0}")


def _cleaned(line: str) -> tuple[str, str]:
    """(speaker, words) of a line without tags, positions and sounds."""
    voice = _VOICE.search(line)
    line = html.unescape(_TAG.sub("", line)).replace("\\N", " ").replace("\\n", " ").replace("\\h", " ")
    return (one_line(html.unescape(voice[1])) if voice else ""), one_line(_SOUND.sub(" ", line).replace("\u200b", ""))


def _repeats(cues: Sequence[_Timed]) -> tuple[bool, bool]:
    """Whether captions roll up line by line, and whether they grow word by word."""
    pairs = [(one, other) for one, other in pairwise(cues) if one[2] and other[2]]
    rolls = sum(other[2][0][1] == one[2][-1][1] for one, other in pairs) > _ROLLING * len(pairs)
    return rolls, not rolls and sum(_is_grown(one, other) for one, other in pairs) > _ROLLING * len(pairs)


def _told_once(cues: Iterable[_Timed], rolls: bool, grows: bool) -> Iterator[_Timed]:
    """The cues without lines that are only shown again."""
    last: _Timed | None = None
    shown: list[str] = []
    until = -1.0
    for start, end, lines in cues:
        if last and (start, lines) == (last[0], last[2]):
            continue
        if grows and last and _is_grown(last, (start, end, lines)):
            last = (last[0], end, lines)
            continue
        fresh = [line for line in lines if not (rolls and start <= until + 0.5 and line[1] in shown)]
        if rolls and lines:
            shown, until = [line[1] for line in lines], end
        if fresh:
            if last:
                yield last
            last = (start, end, fresh)
        elif last and lines:
            last = (last[0], max(last[1], end), last[2])
    if last:
        yield last


def _is_grown(one: _Timed, other: _Timed) -> bool:
    """Whether a cue says what the last one did and goes on."""
    before, after = (" ".join(text for _, text in cue[2]) for cue in (one, other))
    return bool(before) and len(after) > len(before) and after.startswith(before) and other[0] <= one[1] + 0.5


def _is_bilingual(lines: list[tuple[str, str]]) -> bool:
    """Whether a cue says it in Chinese and, on a second line, in Latin letters, or the other way round."""
    return len(lines) == 2 and {han_share(text) > 0.5 for _, text in lines} == {True, False}


def _turns(start: float, end: float, lines: list[tuple[str, str]], bilingual: bool) -> Iterator[Cue]:
    """A cue's lines as one, or as several where different people speak."""
    if bilingual and _is_bilingual(lines):
        yield Cue(start, end, lines[0][1], lines[0][0], beside=lines[1][1])
        return
    current: Cue | None = None
    dashes = sum(bool(_TURN.match(text)) for _, text in lines)
    for speaker, text in lines:
        turn = _TURN.match(text)
        marks = turn is not None and (turn[0].startswith(">") or dashes > 1)
        text = text[turn.end() :] if turn and marks else text
        if current is None:
            current = Cue(start, end, text, speaker, marks)
        elif marks or (speaker and speaker != current.speaker):
            yield current
            current = Cue(start, end, text, speaker, marks)
        else:
            current = replace(current, text=one_line(f"{current.text}\n{text}"))
    if current:
        yield current


def _with_names(cues: Iterator[Cue]) -> Iterator[Cue]:
    """The cues with `Name: words`, as meetings are transcribed, told apart: names come again, other words before colons
    do not; who has begun to speak goes on until another name comes."""
    sample = list(islice(cues, _SAMPLE))
    named = [match["name"] for cue in sample if (match := _NAMED.match(cue.text))]
    count = Counter(named)
    most = sum(times for times in count.values() if times > 1)
    everywhere = 10 * len(named) >= 9 * len(sample) and 2 * most > len(sample)
    names = {name for name, times in count.items() if times > 2 or (times > 1 and 2 * most > len(sample))}
    speaking = ""
    for cue in chain(sample, cues):
        match = _NAMED.match(cue.text) if names and not cue.speaker else None
        if match and (everywhere or match["name"] in names):
            speaking = match["name"]
            yield replace(cue, speaker=speaking, text=cue.text[match.end() :])
        else:
            yield replace(cue, speaker=cue.speaker or ("" if cue.opens else speaking))
