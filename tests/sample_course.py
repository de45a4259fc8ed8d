"""Two course folders as an author would keep them by hand, one in English and one in Chinese, for the export tests."""

import struct
import zlib
from pathlib import Path


def png(width: int = 240, height: int = 120) -> bytes:
    """A small real picture: a grey gradient."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(b"\0" + bytes(90 + (x * 140) // width for x in range(width)) for _ in range(height))
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def write_files(folder: Path, files: dict[str, str]) -> Path:
    """Write texts by relative path."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def english_course(folder: Path) -> Path:
    """Weather forecasting in two modules and four lessons."""
    write_files(folder, ENGLISH)
    (folder / "assets").mkdir(exist_ok=True)
    (folder / "assets" / "fronts map.png").write_bytes(png())
    return folder


def chinese_course(folder: Path) -> Path:
    """Tea in one module and two lessons."""
    write_files(folder, CHINESE)
    (folder / "assets").mkdir(exist_ok=True)
    (folder / "assets" / "叶.png").write_bytes(png(160, 90))
    return folder


ENGLISH = {
    "course.yaml": """\
# edited by hand
title: Reading the Weather
language: en
audience: sailors and walkers who plan their own days
level: beginner
author: Ida Holm
licence: CC-BY-4.0
modules:
  - title: What air does
    lessons:
      - {id: pressure, title: Pressure and wind}
      - moving-air
  - title: From numbers to a forecast
    lessons:
      - {id: reading-data}
      - {id: verifying-forecasts}
""",
    "lessons/01-pressure.md": """\
---
id: pressure
title: Pressure and wind
objectives:
  - {id: o1, verb: explain, text: Explain why air moves from high pressure to low}
  - {id: o2, verb: compute, text: "Compute the pressure at a height with $p = p_0 e^{-h/H}$"}
requires: []
access: free
status: edited
reviewed-by: Per
---

# Pressure and wind

The air above you weighs about ten tonnes per square metre.[^1] At sea level that weight shows as a pressure of
1013 hPa, and it falls by half every 5.5 kilometres.[^2][^3] A barometer that falls quickly announces wind.[^1]
Old sailors called it *the glass*.[^glass] Its needle hardly moves in the tropics. [needs source]

## How pressure falls with height

With $H \\approx 8$ km the pressure at height $h$ is

$$
p(h) = p_0 \\, e^{-h/H}
$$

which comes from balancing one thin layer of air:

$$
\\begin{aligned}
\\mathrm{d}p &= -\\rho g \\, \\mathrm{d}h \\\\
\\rho &= \\frac{p M}{R T}
\\end{aligned}
$$

Whether it *feels* heavy is another question:

$$
f(x) = \\begin{cases} 1 & \\text{if $x > 0$} \\\\ 0 & \\text{otherwise} \\end{cases}
\\qquad
A = \\begin{bmatrix} 1 & 2 \\\\ 3 & 4 \\end{bmatrix}
$$

A formula nobody knows stays readable: $\\foo{x}$. It costs $5 to $10 to buy one.

| Height (m) | Pressure (hPa) | What is there | Remark that is long enough to make the table wide on a telephone |
|-----------:|---------------:|---------------|------------------------------------------------------------------|
| 0          | 1013           | the sea       | the standard value, agreed on so that instruments can be compared |
| 5500       | 505            | high huts     | half of the air lies below you                                    |
| 8849       | 337            | Everest       | a third is left, see [moving air](02-moving-air.md#the-sea-breeze) |

> [!TIP]
> Tap the glass before you read it.

![Isobars around a low, with the cold front in blue](<../assets/fronts map.png> "A low over the North Sea")

## Check your understanding

Try these without looking back.

1. What does a barometer measure? (o1)
   - [ ] the temperature of the air
   - [x] the weight of the air above it
   - [ ] how damp the air is

   > It balances the weight of the air above.[^1]

2. Which of these fall as you climb? (o1, o2)
   - [x] the pressure $p$
   - [x] the density $\\rho$
   - [ ] the share of oxygen

   > Pressure and density fall together.[^2]

3. What does this print?

   ```python
   def half(height: float) -> float:
       return 1013 * 0.5 ** (height / 5500)

   print(round(half(5500)))
   ```

   - [ ] `1013`
   - [x] `506`

[^1]: [01-air.md, lines 5–6](../notes/01-air.md#L5-L6)
[^2]: [01-air.md, line 8](../notes/01-air.md#L8)
[^3]: [01-air.md, line 8](../notes/01-air.md#L8)
[^glass]: Before aneroid instruments it really was one: a tube of *mercury*, see [the glossary](../glossary.md).
""",
    "lessons/02-moving-air.md": """\
---
id: moving-air
title: Moving air & `fronts`
objectives:
  - Describe the sea breeze
requires: [pressure]
---

Land warms faster than water, so by noon the air rises over land.[^a] The rest of this lesson stands on the same
passage.[^a] More in [my notes](../notes/02-wind.md#L3), at [the met office](https://example.org/weather?a=1&b=2), and
in [a file that was lost](../assets/lost.pdf).

## The sea breeze

```mermaid
flowchart LR
  Sun --> Land --> Rising[Rising air]
  Rising --> Breeze
```

1. The sun rises.
2. The land warms.
   - [x] observed
   - [ ] measured

![From another server](https://example.org/cloud.png)

```text
<script>alert("in code")</script>
```

```rust
fn main() { println!("{}", 1 + 1); } // a comment
```

```sh
curl -s "$URL" | grep -c 'low' && echo done
```

Term with a line break\\
and ~~struck~~ words, an inline note^[Written *inline*.], and raw <b onclick="alert(1)">HTML</b>.

[^a]: [02-wind.md, lines 5–9](../notes/02-wind.md#L5-L9)
""",
    "lessons/03-reading-data.md": """\
---
id: reading-data
title: Reading station data
objectives:
  - {id: o1, verb: read, text: Read a METAR}
requires: [pressure, moving-air]
---

A station report is one line of text.[^1]

```json
{"station": "ESSA", "qnh": 1013, "cloud": null}
```

Numbers in it come in a table of codes.[^2] The code example is in the notes too.[^3]

- one
- two
    - nested

  with a second paragraph

***

Setext heading
--------------

Term<!-- comment --> &copy; &amp; done.

[^1]: [03-data.md, line 3](../notes/03-data.md#L3)
[^2]: [03-data.md, lines 7–8](../notes/03-data.md#L7-L8)
[^3]: [03-data.md, lines 12–13](../notes/03-data.md#L12-L13)
""",
    "lessons/04-verifying.md": """\
---
id: verifying-forecasts
title: Verifying forecasts
objectives:
  - {id: o1, verb: judge, text: Judge a forecast by its score}
---

A forecast is judged afterwards.

## Check your understanding

1. When is a forecast judged?
  - [x] afterwards
  - [ ] before

  > Nobody can judge it before.
2. Tick every season.
   1. not an option, just a list
3. Which score is right for rain?
   - [ ] none
   - [x] Brier
     score

## Further reading

What you read next is up to you.
""",
    "glossary.md": """\
# Glossary

- **Isobar**: a line of equal pressure.[^1]
- **METAR**: a report from a station, see [Reading station data](lessons/03-reading-data.md).

[^1]: [01-air.md, line 8](notes/01-air.md#L8)
""",
    "notes/01-air.md": """\
---
source: field book
---
# Air and its weight
Air has weight: about ten tonnes stand on every square metre,
and a barometer weighs it.

At sea level the pressure is 1013 hPa; it halves every 5.5 km. <script>alert(1)</script>

See [the private diary](99-diary.md) and [the wind](02-wind.md).
""",
    "notes/02-wind.md": """\
# Wind

Wind is air on its way from high to low pressure.

- Land warms faster than water.
- Warm air rises over land,
  and cool air from the sea takes its place.
    - This is the sea breeze.
- At night it turns round.

![sketch](img/breeze.png)
""",
    "notes/03-data.md": """\
# Station data

A METAR is one line: `ESSA 221150Z 24008KT`.

| code | meaning |
|------|---------|
| SKC  | clear   |
| OVC  | covered |

```python
import re
wind = re.match(r"(\\d{3})(\\d{2})KT", "24008KT")
print(wind[1], wind[2])
```
""",
    "notes/99-diary.md": "# Private\n\nNobody cites this diary.\n",
    "notes/img/breeze.png": "not really a picture, but a file",
    ".kcreate/journal.json": '{"secret": true}',
}


CHINESE = {
    "course.yaml": """\
title: 一杯茶的科学
language: zh
audience: 喜欢喝茶的人
level: 入门
author: 林晚
modules:
  - title: 从叶到杯
    lessons:
      - {id: liu-da-cha-lei, title: 六大茶类}
      - {id: chong-pao, title: 冲泡的温度与时间}
""",
    "lessons/01-六大茶类.md": """\
---
id: liu-da-cha-lei
title: 六大茶类
objectives:
  - {id: o1, verb: 说出, text: 说出六大茶类及其分类依据}
  - {id: o2, verb: 比较, text: 比较绿茶与红茶的氧化程度}
---

茶树只有一种，*做法*不同，便成了六类茶。[^1]绿茶几乎不氧化，红茶则**完全氧化**；
乌龙茶介于两者之间。[^2]这个说法流传很广。[needs source]

## 氧化程度

| 茶类 | 氧化程度 | 代表 |
|------|---------:|------|
| 绿茶 | 0–5%     | 龙井 |
| 乌龙 | 15–70%   | 铁观音 |
| 红茶 | 90–100%  | 祁门 |

氧化的速率随温度升高而加快：

$$
k = A\\,e^{-E_a/(RT)}
$$

其中 $E_a$ 是活化能。[^注]

![一片茶叶](../assets/叶.png "茶树的叶")

## 检查你的理解

1. 六大茶类主要按什么来分？（o1）
   - [ ] 茶树的品种
   - [x] 加工时的氧化程度
   - [ ] 产地

   > 分类的依据是做法，也就是氧化程度。[^1]

2. 下面哪些茶氧化程度高于绿茶？（o2）
   - [x] 乌龙茶
   - [x] 红茶
   - [ ] 以上都不是

   > 见上面的表格。[^2]

[^1]: [01-茶.md，第 3 行](../notes/01-%E8%8C%B6.md#L3)
[^2]: [01-茶.md，第 3–5 行](../notes/01-%E8%8C%B6.md#L3-L5)
[^注]: 活化能的单位是 J/mol。
""",
    "lessons/02-冲泡.md": """\
---
id: chong-pao
title: 冲泡的温度与时间
objectives:
  - {id: o1, verb: 选择, text: 为一种茶选择合适的水温}
requires: [liu-da-cha-lei]
---

绿茶宜用 80 ℃ 的水，见[氧化程度](01-六大茶类.md#氧化程度)。[^1]

```python
def 水温(茶: str) -> int:
    \"\"\"按茶类给出水温。\"\"\"
    return {"绿茶": 80, "红茶": 95}[茶]
```

[^1]: [01-茶.md，第 7 行](../notes/01-%E8%8C%B6.md#L7)
""",
    "glossary.md": """\
# 术语表

- **氧化**：茶叶中的多酚与氧气反应。[^1]

[^1]: [01-茶.md，第 3 行](notes/01-茶.md#L3)
""",
    "notes/01-茶.md": """\
# 茶

茶树只有一种，按照做法的不同，分成六类。
绿茶几乎不氧化，
红茶完全氧化，乌龙茶介于两者之间。

绿茶宜用 80 ℃ 的水冲泡两分钟。<script>alert(1)</script>
""",
}
