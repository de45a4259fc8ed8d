"""Web pages as Markdown: what of a page is content, and that what stands there is read back as it was."""

import base64
import html
import random
import re
import struct
import zlib
from pathlib import Path

import pytest

from kcreate.core.errors import InputError
from kcreate.core.markdown import parser

pytest.importorskip("lxml")
from kcreate.core.notes.formats.html.reader import read


def png(shade: int = 0) -> bytes:
    """A picture of four by four points."""
    rows = b"".join(b"\0" + bytes([shade, row * 40, 90]) * 4 for row in range(4))

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 4, 4, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def markdown(folder: Path, page: str | bytes, name: str = "page.html") -> str:
    file = folder / name
    file.write_bytes(page.encode() if isinstance(page, str) else page)
    return "\n\n".join(part.text for part in read(file, name))


BLOG = """<html><head><title>Pointers | Bob's Blog</title></head><body>
<header class="site-header"><a href="/">Bob's Blog</a><nav><ul><li><a href="/about">About me</a></li></ul></nav></header>
<div class="cookie-banner"><p>We use cookies.</p><button>Accept</button></div>
<div class="wrap"><div class="text"><h2>Pointers</h2>
<p>A pointer holds an address.<sup id="fnref:1"><a href="#fn:1">1</a></sup> It shares data
between functions without copying it, which matters for large structures.</p>
<h3 id="d">Declaring<a class="headerlink" href="#d">¶</a></h3>
<p>Write <code>int *p</code>; see <a href="javascript:alert(1)">this</a> or <a href="https://example.org/a_(b)">that</a>.</p>
<div class="share-buttons"><a href="https://x.example/share">Tweet</a></div>
<div class="footnotes"><hr><ol><li id="fn:1"><p>Mostly. <a href="#fnref:1">↩</a></p></li></ol></div></div>
<div class="related-posts"><h3>Related articles</h3><ul><li><a href="/1">Another post</a></li></ul></div>
<div id="comments"><p>Nice post!</p></div></div><div class="sidebar"><a href="/c">Category</a></div>
<footer>© 2020 Bob</footer></body></html>"""


def test_the_frame_of_a_page_goes_and_its_content_stays(tmp_path: Path) -> None:
    assert markdown(tmp_path, BLOG) == (
        "# Pointers\n\n"
        "A pointer holds an address.[^1] It shares data between functions without copying it, "
        "which matters for large structures.\n\n"
        "## Declaring\n\n"
        "Write `int *p`; see this or [that](https://example.org/a_%28b%29).\n\n"
        "[^1]: Mostly."
    )


def test_a_plain_page_is_kept_whole(tmp_path: Path) -> None:
    page = "<html><body>First words.<h1>Menu of the course</h1><div class='menu'><p>Soup is a liquid food, made of water.</p></div>"
    page += "<ul><li><a href='https://example.org/1'>One</a></li><li>two</li></ul><p>© is a sign.</p>last words"
    text = markdown(tmp_path, page)
    for words in (
        "First words.",
        "# Menu of the course",
        "Soup is a liquid food",
        "[One](https://example.org/1)",
        "© is a sign.",
        "last words",
    ):
        assert words in text


def test_links_to_further_reading_are_no_navigation(tmp_path: Path) -> None:
    links = "".join(f"<li><a href='https://example.org/{n}'>Paper {n}</a></li>" for n in range(6))
    text = markdown(tmp_path, f"<p>Text about something.</p><h2>Further reading</h2><ul>{links}</ul>")
    assert "- [Paper 5](https://example.org/5)" in text


@pytest.mark.parametrize(
    ("encoding", "declared"),
    [("gb18030", "gb2312"), ("gb18030", ""), ("big5", "big5"), ("utf-16", ""), ("utf-8", "gb2312"), ("utf-8-sig", ""), ("cp932", "shift_jis"), ("gb18030", "iso-8859-1")],
)  # fmt: skip
def test_chinese_in_every_encoding_whatever_the_page_declares(tmp_path: Path, encoding: str, declared: str) -> None:
    words = (
        "注意力的計算方法，是一個重要的問題。"
        if encoding in {"big5", "cp932"}
        else "注意力的计算方法，是一个重要的问题，我们在这里说明。"
    )
    meta = f"<meta http-equiv='Content-Type' content='text/html; charset={declared}'>" if declared else ""
    assert markdown(tmp_path, f"<html><head>{meta}</head><body><p>{words}</p></body></html>".encode(encoding)) == words


def test_chinese_lines_are_joined_without_blanks_and_bold_stays_bold(tmp_path: Path) -> None:
    text = markdown(
        tmp_path, "<p>所有位置，\n  并决定<b>重要：</b>内容<strong>（非常）</strong>重要。English\nwords</p>"
    )
    assert text == "所有位置，并决定**重要**：内容（**非常**）重要。English words"
    assert parser().render(text).count("<strong>") == 2


def test_an_article_of_wechat(tmp_path: Path) -> None:
    page = """<html><head><meta charset="utf-8"><meta property="og:title" content="注意力机制"><title>x</title></head><body>
    <h1 id="activity-name"> 注意力机制 </h1><div id="meta_content">原创 张三</div>
    <div id="js_content" style="visibility: hidden;"><p><strong><span>一、什么是注意力</span></strong></p>
    <section><span>它查看</span><span>所有位置。</span><br><br>　　第二段也在这里，说明它为什么重要。</section>
    <p><strong>二、代码</strong></p><section class="code-snippet__fix"><ul class="code-snippet__line-index"><li></li></ul>
    <pre class="code-snippet__js" data-lang="python"><code><span>import</span> os</code><code>x = 1</code></pre></section>
    <p>完。</p></div><div class="qr_code_pc">扫码关注</div></body></html>"""
    assert markdown(tmp_path, page) == (
        "# 注意力机制\n\n## 一、什么是注意力\n\n它查看所有位置。\n\n第二段也在这里，说明它为什么重要。\n\n"
        "## 二、代码\n\n```python\nimport os\nx = 1\n```\n\n完。"
    )


def test_a_page_of_mediawiki(tmp_path: Path) -> None:
    page = """<html><head><title>Cat - Wikipedia</title><link rel="canonical" href="https://en.example.org/wiki/Cat"></head><body>
    <main id="content"><header><h1>Cat</h1></header><div id="siteSub">From Wikipedia</div><div id="mw-content-text">
    <p>The <b>cat</b> is a <a href="/wiki/Mammal">mammal</a>.<sup class="reference" id="cite_ref-1"><a href="#cite_note-1">[1]</a></sup></p>
    <h2>Biology<span class="mw-editsection">[<a href="/e">edit</a>]</span></h2><p>Cats purr, and have long been with us.</p>
    <h2>References</h2><ol class="references"><li id="cite_note-1"><b><a href="#cite_ref-1">^</a></b> Smith, <i>Cats</i>.</li></ol></div>
    <div id="catlinks" class="catlinks"><a href="/c">Categories</a></div></main></body></html>"""
    assert markdown(tmp_path, page) == (
        "# Cat\n\nThe **cat** is a [mammal](https://en.example.org/wiki/Mammal).[^1]\n\n## Biology\n\n"
        "Cats purr, and have long been with us.\n\n[^1]: Smith, *Cats*."
    )


def test_lists_that_word_and_notion_write(tmp_path: Path) -> None:
    page = """<meta charset=utf-8><p class=MsoListParagraph><span style='font-family:Wingdings'>l<span>&nbsp; </span></span>列表一</p>
    <p class=MsoListParagraph><span style='font-family:Symbol'>·<span>&nbsp; </span></span>列表二</p><p>.</p>
    <ol start=1><li>one</li></ol><ol start=2><li>two</li></ol>"""
    assert markdown(tmp_path, page) == "- 列表一\n- 列表二\n\n1. one\n2. two"


def test_chapters_known_by_their_numbers(tmp_path: Path) -> None:
    page = "<meta charset=utf-8><p>第一章 开始</p><p>一、缘由</p><p>正文。</p><p>第二章 结束</p><p>第二章讲的是另一个问题，它更长。</p>"
    assert (
        markdown(tmp_path, page)
        == "## 第一章 开始\n\n### 一、缘由\n\n正文。\n\n## 第二章 结束\n\n第二章讲的是另一个问题，它更长。"
    )


FORMULAS = [
    ('<script type="math/tex">a_1+b</script>', "$a_1+b$"),
    ('<span class="MathJax">ugly</span><script type="math/tex">a_1</script>', "$a_1$"),
    ('<span class="katex"><span class="katex-mathml"><math><semantics><mi>E</mi><annotation encoding="application/x-tex">E=mc^2</annotation>'
     '</semantics></math></span><span class="katex-html" aria-hidden="true">E=mc2</span></span>', "$E=mc^2$"),
    ('<span class="mwe-math-element"><span style="display: none;"><math alttext="{\\displaystyle x^{2}}"><mi>x</mi></math></span>'
     '<img src="https://wikimedia.example/x.svg" class="mwe-math-fallback-image-inline" alt="{\\displaystyle x^{2}}"></span>', "$x^{2}$"),
    ('<img class="tex" src="f.png" alt="\\alpha_1">', r"$\alpha_1$"),
    ('<span class="math notranslate">\\(y_2\\)</span>', "$y_2$"),
    ("\\(c_3\\)", "$c_3$"),
]  # fmt: skip


@pytest.mark.parametrize(("written", "tex"), FORMULAS)
def test_formulas(tmp_path: Path, written: str, tex: str) -> None:
    assert markdown(tmp_path, f"<p>Before {written} after, for $5 or so.</p>").startswith(
        f"Before {tex} after, for \\$5"
    )


def test_displayed_formulas_stand_alone_and_bars_in_tables_are_tex(tmp_path: Path) -> None:
    page = r"""<p>So <script type="math/tex; mode=display">\sum_i a_i</script> holds.</p>
    <table><tr><th>f</th><th>g</th></tr><tr><td><script type="math/tex">|x|</script></td><td>a|b</td></tr></table>"""
    text = markdown(tmp_path, page)
    assert "So\n\n$$\\sum_i a_i$$\n\nholds." in text
    assert "| $\\vert x\\vert $ | a\\|b |" in text
    assert parser().render(text).count("<td>") == 2


def test_mathml_without_tex_goes_through_pandoc(tmp_path: Path) -> None:
    pytest.importorskip("pypandoc")
    page = "<p>Half: <math><mfrac><mn>1</mn><mn>2</mn></mfrac></math>.</p>"
    assert markdown(tmp_path, page) == r"Half: $\frac{1}{2}$."


def test_merged_cells_are_written_out(tmp_path: Path) -> None:
    page = """<table><thead><tr><th rowspan=2>Type</th><th colspan=2>Size</th></tr><tr><th>32</th><th>64</th></tr></thead>
    <tbody><tr><td rowspan=2>long</td><td>4</td><td>8</td></tr><tr><td>5</td><td><p>a</p><ul><li>b</li></ul></td></tr></table>"""
    assert markdown(tmp_path, page).split("\n") == [
        "| Type | Size / 32 | Size / 64 |", "| --- | --- | --- |", "| long | 4 | 8 |", "| long | 5 | a; b |",
    ]  # fmt: skip


def test_tables_that_only_lay_out_are_unwrapped(tmp_path: Path) -> None:
    page = "<table><tr><td width=150><h2>Left</h2><p>One.</p></td><td><h2>Right</h2><p>Two.</p></td></tr></table>"
    text = markdown(tmp_path, page)
    assert "|" not in text
    assert text.index("One.") < text.index("Right") < text.index("Two.")


@pytest.mark.parametrize(
    ("page", "first"),
    [
        ('<pre><code class="language-python">x = 1</code></pre>', "```python"),
        ('<div class="highlight-python3"><div class="highlight"><pre>x = 1\n</pre></div></div>', "```python"),
        ('<div class="highlight highlight-source-shell"><pre>x = 1</pre></div>', "```bash"),
        ('<figure class="highlight c"><table><tr><td class="gutter"><pre>1</pre></td><td class="code"><pre>x = 1</pre></td></tr></table></figure>', "```c"),
        ('<table class="highlighttable"><tr><td class="linenos"><div class="linenodiv"><pre>1</pre></div></td><td class="code"><pre>x = 1</pre></td></tr></table>', "```"),
        ('<pre class="brush: java; gutter: true">x = 1</pre>', "```java"),
        ("<pre>x = 1</pre>", "```"),
    ],
)  # fmt: skip
def test_code_keeps_its_language_and_loses_its_gutter(tmp_path: Path, page: str, first: str) -> None:
    assert markdown(tmp_path, f"<p>Code:</p>{page}") == f"Code:\n\n{first}\nx = 1\n```"


def test_lists_nest_and_terms_are_items(tmp_path: Path) -> None:
    page = """<ol start=3><li>three<ul><li>a</li></ul><li><p>four</p><pre>x</pre></ol>
    <dl><dt>NULL<dd>points nowhere</dl><ul><li><input type=checkbox checked>done</ul>"""
    rendered = parser().render(markdown(tmp_path, page))
    assert '<ol start="3">' in rendered and "<ul>\n<li>a</li>" in rendered and "<code>x\n</code>" in rendered
    assert "<strong>NULL</strong>: points nowhere" in rendered and "checked" in rendered


def test_readings_stand_behind_their_characters(tmp_path: Path) -> None:
    page = "<p><ruby>北<rp>(</rp><rt>běi</rt><rp>)</rp>京<rp>(</rp><rt>jīng</rt><rp>)</rp></ruby>很大</p>"
    assert markdown(tmp_path, page) == "北京（běi jīng）很大"


def test_pictures_come_from_the_page_and_its_folder_only(tmp_path: Path) -> None:
    (tmp_path / "secret.png").write_bytes(png(1))
    (tmp_path / "saved" / "page_files").mkdir(parents=True)
    (tmp_path / "saved" / "page_files" / "图 1.png").write_bytes(png(2))
    data = base64.b64encode(png(3)).decode()
    page = f"""<meta charset=utf-8><p>Look: <img src="page_files/%E5%9B%BE%201.png" alt="near"> <img src="data:image/png;base64,{data}" alt="in">
    <img src="../secret.png" alt="outside"> <img src="https://example.org/far.png" alt="far"> <img src="page_files/图 1.png"></p>"""
    (tmp_path / "saved" / "page.html").write_text(page, encoding="utf-8")
    (part,) = read(tmp_path / "saved" / "page.html", "page.html")
    assert [image.data for image in part.images] == [png(2), png(3)]
    assert [image.name for image in part.images] == ["图-1.png", "image1.png"]
    assert "outside" in part.text and "secret" not in part.text
    assert "[far](https://example.org/far.png)" in part.text and "![in](image1.png)" in part.text


def test_a_page_saved_in_one_file(tmp_path: Path) -> None:
    picture = base64.b64encode(png()).decode()
    page = f"""From: <Saved by Blink>\r\nSubject: x\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related; type="text/html"; boundary="b"\r\n\r\n
--b\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\nContent-Location: https://example.org/a/p.html\r\n\r
<html><body><h1>T=C3=A9st</h1><p>Words <img src=3D"i.png" alt=3D"pic"> and <a href=3D"q.html">more</a>.</p></body></html>\r
--b\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\nContent-Location: https://example.org/a/i.png\r\n\r\n{picture}\r\n--b--\r\n"""
    (tmp_path / "p.mhtml").write_text(page, encoding="utf-8")
    (part,) = read(tmp_path / "p.mhtml", "p.mhtml")
    assert part.text == "# Tést\n\nWords ![pic](i.png) and [more](https://example.org/a/q.html)."
    assert part.images[0].data == png()


def test_every_text_is_read_back_as_it_was(tmp_path: Path) -> None:
    """Random text in random marks comes out of the Markdown parser as the same words."""
    random_ = random.Random(4)
    signs = "aab b中文。（），*_`~$[]()!<>&#-+=|\\1.2: \"'^/h"
    wanted = []
    page = ["<meta charset=utf-8>"]
    for _ in range(400):
        text = "".join(random_.choice(signs) for _ in range(random_.randint(1, 14)))
        before, after = random_.choice(["", "中", "x "]), random_.choice(["", "后", "y", " z"])
        tag, *rest = random_.choice(["b", "i", "span", "a href='https://example.org/'"]).split()
        wanted.append(" ".join(f"v{before}{text}{after}v".split()))
        page.append(f"<p>v{before}<{tag} {' '.join(rest)}>{html.escape(text)}</{tag}>{after}v</p>")
    found = [
        _visible(token.children or [])
        for token in parser().parse(markdown(tmp_path, "".join(page)))
        if token.type == "inline"
    ]
    assert found == wanted


def _visible(children: list[object]) -> str:
    shown = "".join(getattr(child, "content", "") for child in children)
    return re.sub(r"\s+", " ", shown)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "is empty"),
        (b" \n", "is empty"),
        (b"%PDF-1.7 x", "is a PDF"),
        (bytes(range(256)) * 4, "is not text"),
        (
            b"<html><head><title>App</title></head><body><div id=root></div><script>start()</script></body></html>",
            "has no text",
        ),
    ],
)
def test_what_is_no_page_is_refused_in_one_sentence(tmp_path: Path, data: bytes, says: str) -> None:
    with pytest.raises(InputError, match=says) as refused:
        markdown(tmp_path, data, "x.html")
    assert str(refused.value).startswith("x.html") and str(refused.value).endswith(".")


@pytest.mark.parametrize("tag", ["div", "b", "ul><li", "table><tr><td", "blockquote", "span"])
def test_deep_nesting_is_no_trap(tmp_path: Path, tag: str) -> None:
    assert "deep words" in markdown(tmp_path, f"<{tag}>" * 600 + "deep words")


def test_nothing_of_a_page_is_run_or_resolved(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("SECRET")
    page = f"""<!DOCTYPE html [<!ENTITY e SYSTEM "file://{tmp_path}/secret.txt">]><html><body onload="x()"><p>Words &e; here.</p>
    <script>document.write('EVIL')</script><iframe src="secret.txt">EVIL</iframe><p>Say &lt;script&gt; aloud.</p></body></html>"""
    text = markdown(tmp_path, page)
    assert "SECRET" not in text and "EVIL" not in text
    assert "\\<script>" in text
