"""Code as HTML with Pygments' classes; the colours are in the site's stylesheet, for light and dark."""

import html
import re
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pygments.formatters.html import HtmlFormatter

_LANGUAGE = re.compile(r"[\w.+#-]+")


def language_of(info: str) -> str:
    """The language a fence's info string names: `python` of `python title="x"` and of `{.python}`."""
    match = _LANGUAGE.search(info.lstrip("{. "))
    return match[0].lower() if match else ""


def code_block(code: str, language: str) -> str:
    """Code as `<pre>`, plain where the language is not known."""
    attributes = f' data-language="{html.escape(language)}"' if language else ""
    inner = _highlighted(code, language) if language else html.escape(code)
    return f'<pre class="code scrolls"{attributes}><code>{inner}</code></pre>\n'


def _highlighted(code: str, language: str) -> str:
    from pygments import highlight
    from pygments.lexers import get_lexer_by_name
    from pygments.util import ClassNotFound

    try:
        lexer = get_lexer_by_name(language, stripnl=False, ensurenl=False)
    except ClassNotFound:
        return html.escape(code)
    return highlight(code, lexer, _formatter())


@lru_cache(maxsize=1)
def _formatter() -> "HtmlFormatter[str]":
    from pygments.formatters.html import HtmlFormatter

    return HtmlFormatter(nowrap=True)
